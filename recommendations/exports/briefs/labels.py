"""The headings and short words of a brief, the same in each kind of file."""

from django.utils.translation import gettext as _


def labels() -> dict[str, str | list[str]]:
    """Return {name: words}; ``heads`` are those of the table of all recommendations."""
    return {
        "all": _("Where they stand"),
        "heads": [_("No."), _("In the words of the report"), _("Status"), _("Since")],
        "words": _("In the words of the report"),
        "standing": _("Where it stands"),
        "findings": _("What was found"),
        "nothing_found": _("Nothing about it is published."),
        "ask": _("Ask:"),
        "sources": _("Sources"),
        "sources_of_finding": _("Sources:"),
        "method": _("How we rate"),
        "contact": _("Contact:"),
        # Of a logo where no name is given.
        "logo": _("Logo"),
    }
