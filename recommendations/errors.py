"""What the rules refuse."""


class Refused(Exception):
    """An act that the rules do not allow, or not any more. ``str()`` is a sentence for the person."""
