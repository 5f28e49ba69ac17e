"""The headings and short words of a brief, the same in each kind of file."""

from django.utils.translation import gettext as _

type Labels = dict[str, str | list[str]]


def labels(*, for_team: bool) -> Labels:
    """Return {name: words}; ``heads`` are those of the table of all recommendations."""
    return {
        "all": _("Where they stand"),
        "heads": [_("No."), _("Recommendation"), _("Status"), _("Since")],
        "words": _("In the words of the report"),
        "standing": _("Where it stands"),
        "findings": _("What was found"),
        "nothing_found": _("No update is approved that the team can read.")
        if for_team
        else _("Nothing about it is published."),
        "ask": _("Ask:"),
        "work": _("What we did ourselves"),
        "sources": _("Sources"),
        "sources_of_finding": _("Sources:"),
        "method": _("How we rate"),
        "contact": _("Contact:"),
        # Of a logo where no name is given.
        "logo": _("Logo"),
    }
