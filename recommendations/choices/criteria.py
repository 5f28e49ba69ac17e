"""The criteria by which a status is chosen: their versions, each with its texts by nature.

Raters err one step too strict when criteria are vague, so the text here is the very text beside each choice.
A version never changes once assessments were made under it: whoever rewords a text adds a version.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from recommendations.choices.reports import Nature
from recommendations.choices.status import Status

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_ALIKE = {
    Status.NOT_ASSESSED: _("Nobody has assessed it under this report."),
    Status.NO_INFORMATION: _(
        "We looked on a stated date in stated places and found nothing that can be relied on."
    ),
}

_FIRST = {
    Status.NOT_ASSESSED: _("Nobody has assessed it in this report’s period."),
    Status.NO_INFORMATION: _(
        "We looked on a stated date in stated places and found no information that is reliable."
    ),
    Status.CONTRARY: _("Measures against the recommendation, or a rejection of it."),
    Status.NO_ACTION: _(
        "Nothing new in the period. Announcements and measures that existed before do not count."
    ),
    Status.INITIAL: _("A concrete step towards what is recommended, taken in the period."),
    Status.PARTLY: _("A substantial part is in effect and a part is missing. Say which."),
    Status.IMPLEMENTED: _("In effect, largely or fully."),
}

CRITERIA: "Mapping[int, Mapping[Nature, Mapping[Status, StrOrPromise]]]" = {
    1: {Nature.DO: _FIRST, Nature.END: _FIRST},
    2: {
        Nature.DO: {
            **_ALIKE,
            Status.CONTRARY: _("Measures against it are in force or pursued, or it is rejected."),
            Status.NO_ACTION: _(
                "Nothing is in effect or under way that answers it. Announcements alone count as nothing."
            ),
            Status.INITIAL: _("A concrete step has been taken and is pursued; nothing is in effect yet."),
            Status.PARTLY: _("A part is in effect and a part is missing. Say which."),
            Status.IMPLEMENTED: _("In effect, largely or fully."),
        },
        Nature.END: {
            **_ALIKE,
            Status.CONTRARY: _("The practice is being extended, is ordered anew, or is defended as right."),
            Status.NO_ACTION: _("The practice continues, and nothing against it is under way."),
            Status.INITIAL: _("A concrete step against it is pursued; the practice continues."),
            Status.PARTLY: _(
                "There is measurably less of it, or it has ended for some of those affected. Say for whom."
            ),
            Status.IMPLEMENTED: _("It has ended, and somebody independent could see that."),
        },
    },
}
CURRENT_CRITERIA = max(CRITERIA)


def criterion(status: str, nature: str, version: int | None = None) -> str:
    """Return the sentence by which a status is chosen; of this day's version unless another one is named.

    The first version knew no natures: what was assessed under it has none.
    """
    by_nature = CRITERIA[version or CURRENT_CRITERIA]
    return str(by_nature[Nature(nature or Nature.DO)][Status(status)])
