"""What is said about a report beside its text: when it was released, what it covers, its tier and its source.

These facts are data on the report, which a manager corrects (docs/domain.md, "Reports and their period").
"""

from datetime import date
from typing import TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from recommendations.rules.submission import Problems

is_web_address = URLValidator(schemes=["http", "https"])


class ReportFacts(TypedDict):
    """The facts of a report that can be corrected."""

    tier: str
    released_on: date
    period_start: date
    period_end: date
    source_url: str


def broken_report_facts(facts: ReportFacts, *, year: int, today: date) -> Problems:
    """Return {field: [sentence]} of what is wrong with the facts of a report; empty when nothing is.

    Args:
        year: of the report; some are released late, but none before its year or after the next.
        today: the day of who says them.
    """
    problems: Problems = {}
    if facts["released_on"] > today:
        problems["released_on"] = [_("This day is in the future. Enter the day on which it was released.")]
    elif facts["released_on"].year not in (year, year + 1):
        words = _("The report of %(year)s was released in %(year)s or %(next)s. Enter a day of these years.")
        problems["released_on"] = [words % {"year": year, "next": year + 1}]
    elif facts["released_on"] <= facts["period_end"]:
        words = _("A report is released after the days that it covers. Correct one of the days.")
        problems["released_on"] = [words]
    if facts["period_end"] < facts["period_start"]:
        problems["period_end"] = [_("The last day is before the first. Correct one of them.")]
    try:
        if facts["source_url"]:
            is_web_address(facts["source_url"])
    except ValidationError:
        problems["source_url"] = [_("Enter the whole address, such as https://www.state.gov/….")]
    return problems
