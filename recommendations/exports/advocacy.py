"""The columns of the advocacy log, for files that stay with the team."""

from typing import Any

from django.db.models import QuerySet, StringAgg, Value
from django.utils.translation import gettext_lazy as _

from recommendations.choices import AdvocacyKind, Sensitivity
from recommendations.exports.tables import Column
from recommendations.models import Advocacy


def advocacy_columns() -> list[Column]:
    return [
        Column("on", _("Date"), "held_on"),
        Column("kind", _("What it was"), "kind", {one.value: str(one.label) for one in AdvocacyKind}),
        Column("with", _("With whom"), "counterpart"),
        Column("about", _("About what"), "subject"),
        Column("result", _("Result"), "result"),
        Column("recommendations", _("Recommendations"), "about_which"),
        Column("step", _("Next step"), "next_step"),
        Column("step_on", _("Next step by"), "next_on"),
        Column("step_owner", _("Who takes the next step"), "next_owner__name"),
        Column("step_done", _("Next step done"), "done_at", instant=True),
        Column("author", _("Logged by"), "author__name"),
        Column("logged", _("Logged"), "created_at", usual=False, instant=True),
        Column(
            "sensitivity",
            _("Who can see this"),
            "sensitivity",
            {one.value: str(one.label) for one in Sensitivity},
        ),
        Column("page", _("Page in the tracker"), "key", usual=False, page="advocacy-detail"),
    ]


def with_references(rows: QuerySet[Advocacy]) -> QuerySet[Any]:
    """Say of each entry which recommendations it is about (``about_which``)."""
    named = StringAgg(
        "recommendations__reference", delimiter=Value(", "), order_by="recommendations__reference"
    )
    return rows.annotate(about_which=named)
