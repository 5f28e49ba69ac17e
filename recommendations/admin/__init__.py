"""The desk: Django's admin over every noun, through ``visible_to`` and the services.

Nothing here may show what a page would not: rows come from ``visible_to``, acts go through services, and
history is read-only for everybody. ``apps.DeskConfig`` loads the modules, once the
site of ``site.py`` stands.
"""
