"""The errors that stop an act."""


class Refused(Exception):
    """An act that the rules do not allow, or no longer allow. ``str()`` is a sentence for the person."""


class Gone(Exception):
    """The row that an act is about went after its page was opened. ``str()`` is what kind of row it was."""
