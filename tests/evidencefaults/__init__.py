"""What evidence is worth under fault, in figures: ``make evidence-faults``.

A module here that declares figures (``registry.figure``) is found by its being here.
"""
