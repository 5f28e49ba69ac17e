"""The page "How we rate": what a status means, by which criteria it is chosen, and who decides."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from recommendations.choices import (
    CRITERIA,
    CURRENT_CRITERIA,
    HRC_GRADES,
    HRC_NO_ANSWER,
    UPR_LEVELS,
    Nature,
    Status,
)


@require_safe
def how_we_rate(request):
    """Show the method, with the texts that stand beside the choices of the form."""
    versions = sorted(CRITERIA, reverse=True)
    context = {
        "current": CURRENT_CRITERIA,
        "criteria": _criteria(CURRENT_CRITERIA),
        "earlier": [(number, _criteria(number)) for number in versions if number != CURRENT_CRITERIA],
        "others": [
            (value, HRC_GRADES.get(value, ""), UPR_LEVELS.get(value, "")) for value in Status.proposable()
        ],
        "no_answer": HRC_NO_ANSWER,
    }
    return render(request, "how_we_rate.html", context)


def _criteria(version):
    """Return [(status, criterion for something to do, criterion for a practice to end), …]."""
    to_do, to_end = CRITERIA[version][Nature.DO], CRITERIA[version][Nature.END]
    return [(value, to_do[value], to_end[value]) for value in Status]
