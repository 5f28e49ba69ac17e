"""The columns of the lists that can be exported, by list."""

from typing import Any

from django.db.models import (
    Case,
    Choices,
    DateField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from recommendations.choices import (
    HRC_GRADES,
    HRC_NO_ANSWER,
    SEALED,
    SEALED_LABEL,
    UPR_LEVELS,
    Confidence,
    Credibility,
    EvidenceForm,
    EvidenceKind,
    GovernmentAnswer,
    Movement,
    Nature,
    Pillar,
    Reliability,
    Sensitivity,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.choices.update_fields import FIELDS, PUBLISHED_STATUS, PUBLISHED_WORDS, arranged
from recommendations.exports.tables import Column
from recommendations.models import Citation, Evidence, Recommendation, StatusUpdate, User, Wording
from recommendations.selectors.published import extents, published_citations, telling_status
from recommendations.selectors.told_words import ToldWords

_SILENT = Q(government_answer=GovernmentAnswer.NONE)


def _words(choices: type[Choices]) -> dict[Any, str]:
    return {value: str(label) for value, label in choices.choices}


def recommendation_columns() -> list[Column]:
    return [
        Column("reference", _("Reference"), "reference"),
        Column("country", _("Country"), "report__country_name", usual=False),
        Column("year", _("Year"), "report__year", usual=False),
        Column("position", _("No."), "position"),
        Column("title", _("Short title"), "short_title"),
        Column("words", _("Text of the report"), "text", usual=False),
        Column("pillar", _("Pillar"), "pillar", _words(Pillar), usual=False),
        Column("nature", _("Nature"), "nature", _words(Nature), usual=False),
        Column("status", _("Status"), "status", _words(Status)),
        Column("confidence", _("Confidence"), "confidence", _words(Confidence)),
        Column("movement", _("Movement"), "movement", _words(Movement)),
        Column("verified", _("Last verified"), "last_verified_on"),
        Column("looked", _("Last looked, nothing reliable found"), "looked_on", usual=False),
        Column("review", _("Next review"), "review_on"),
        Column("interval", _("Review interval in days"), "interval_days", usual=False),
        Column("owner", _("Owner"), "owner__name"),
        Column("deputy", _("Deputy"), "deputy__name", usual=False),
        Column("reviewer", _("Reviewer"), "reviewer__name", usual=False),
        Column("evidence", _("Evidence you can see"), "cited"),
        Column("found", _("What was found"), "said_found", usual=False),
        Column("why", _("Reason for this status"), "said_why", usual=False),
        Column("page", _("Page in the tracker"), "reference", usual=False, page="recommendation-detail"),
        *_others_columns(),
    ]


def _others_columns() -> list[Column]:
    """Return what UN bodies would call a status; ``with_grades`` gives it to the rows."""
    levels = {value: str(UPR_LEVELS.get(value, "")) for value in Status}
    return [
        Column("hrc", _("Grade as of the Human Rights Committee"), "hrc_grade", usual=False, internal=True),
        Column("upr", _("Level as of UPR Info"), "status", levels, usual=False, internal=True),
    ]


def with_grades(rows: QuerySet[Any], silent: Q = _SILENT) -> QuerySet[Any]:
    """Say of each the grade (``hrc_grade``) that the Human Rights Committee would give its status.

    Args: ``silent`` says of which the reader can see that the government did not answer.
    """
    unanswered = When(silent, status=Status.NO_INFORMATION, then=Value(HRC_NO_ANSWER))
    graded = [When(status=status, then=Value(grade)) for status, grade in HRC_GRADES.items()]
    found: QuerySet[Any] = rows.annotate(hrc_grade=Case(unanswered, *graded, default=Value("")))
    return found


def with_cited(rows: QuerySet[Recommendation], reader: User) -> QuerySet[Recommendation]:
    """Say of each what its row tells beside its own fields.

    That is how much evidence the reader may count (``cited``), its next review (``review_on``), and the words
    of the update that decides (``said_found``, ``said_why``), unless that is restricted.
    """
    seen = StatusUpdate.objects.visible_to(reader)
    silent = seen.filter(_SILENT).values("pk")
    words = Value("", output_field=TextField())
    open_ones = Q(current_update__in=seen.exclude(sensitivity=Sensitivity.RESTRICTED).values("pk"))
    told: QuerySet[Recommendation] = with_grades(rows, Q(current_update__in=silent)).annotate(
        cited=Citation.objects.counted_for(reader).for_each(),
        # Of a closed report no review will come.
        review_on=Case(When(report__closed_at=None, then="next_review_on")),
        said_found=Case(When(open_ones, then="current_update__public_text"), default=words),
        said_why=Case(When(open_ones, then="current_update__reason"), default=words),
    )
    return told


def update_columns() -> list[Column]:
    return [
        Column("reference", _("Reference"), "recommendation__reference"),
        Column("title", _("Recommendation"), "recommendation__short_title", outside="told_words"),
        Column("kind", _("Kind"), "kind", _words(UpdateKind)),
        *_written_columns(),
        Column("state", _("State"), "state", _words(UpdateState), internal=True),
        Column("author", _("Written by"), "author__name", internal=True),
        Column("submitted", _("Submitted"), "submitted_at", usual=False, instant=True, internal=True),
        Column("approved", _("Approved"), "approved_at", instant=True, internal=True),
        Column("counts", _("Counts from"), "counts_at", usual=False, instant=True, internal=True),
        Column("approved_by", _("Approved by"), "approved_by__name", usual=False, internal=True),
        Column("criteria", _("Version of the criteria"), "criteria", usual=False, internal=True),
        Column("page", _("Page in the tracker"), "key", usual=False, internal=True, page="update-detail"),
        *_others_columns(),
    ]


def _written_columns() -> list[Column]:
    """Return a column for each field of an update that is taken out, in the order that files always had."""
    taken = [field for field in FIELDS if field.column]
    first = ("as_of", "status", "confidence", "movement", "public_text", "reason")
    return [
        Column(
            field.column,
            field.label,
            "dated_on" if field.name == "as_of" else field.name,
            _words(field.vocabulary) if field.vocabulary else None,
            usual=field.is_usual,
            internal=field.name not in (*PUBLISHED_WORDS, *PUBLISHED_STATUS),
            outside=f"told_{field.name}" if field.name in PUBLISHED_STATUS else "",
        )
        for field in arranged(taken, first=first, last=("sensitivity",))
    ]


def with_days(rows: QuerySet[StatusUpdate]) -> QuerySet[StatusUpdate]:
    """Say of each up to which day somebody looked (``dated_on``); nobody did of what is undated."""
    is_undated = When(repeats__as_of__gte=F("as_of"), then=Value(None))
    return rows.annotate(dated_on=Case(is_undated, default="as_of", output_field=DateField()))


def published_updates(rows: QuerySet[StatusUpdate]) -> QuerySet[StatusUpdate]:
    """Narrow updates to those that are outside, with what is told of each (``Column.outside``)."""
    outside = extents()
    earlier = Wording.objects.filter(pk__in=[one.wording.pk for one in ToldWords().told.values()])
    earlier = earlier.filter(recommendation=OuterRef("recommendation"))
    told = Q(pk__in=telling_status(outside))
    said = {f"told_{name}": Case(When(told, then=name), default=Value("")) for name in PUBLISHED_STATUS}
    words = Coalesce(Subquery(earlier.values("text")[:1]), "recommendation__text")
    return rows.filter(pk__in=outside).annotate(**said, told_words=words)


def published_items(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Narrow items to the public ones that an update which is outside cites."""
    return rows.filter(pk__in=published_citations(extents()).order_by().values("evidence"))


def evidence_columns() -> list[Column]:
    return [
        Column("title", _("Title"), "title"),
        Column("kind", _("Kind"), "kind", _words(EvidenceKind)),
        Column("form", _("Form"), "form", _words(EvidenceForm), usual=False),
        Column("source", _("Source"), "source"),
        Column("origin", _("Published first by"), "origin", usual=False),
        Column("published", _("Published"), "published_on"),
        Column("event", _("Date of what it shows"), "event_on"),
        Column("language", _("Language"), "language", usual=False),
        Column(
            "sensitivity", _("Who can see this"), "marked", _words(Sensitivity) | {SEALED: str(SEALED_LABEL)}
        ),
        Column("reliability", _("Source reliability"), "reliability", _words(Reliability)),
        Column("credibility", _("Information credibility"), "credibility", _words(Credibility)),
        Column("address", _("Address"), "url"),
        Column("file", _("File name"), "original_name", usual=False),
        Column("size", _("Size in bytes"), "size", usual=False),
        Column("sha256", _("SHA-256"), "sha256", usual=False),
        Column("note", _("Note"), "note", usual=False, internal=True),
        Column("collected_by", _("Collected by"), "collected_by", usual=False, internal=True),
        Column("added", _("Added"), "uploaded_at", usual=False, instant=True),
        Column("added_by", _("Added by"), "uploaded_by__name", usual=False, internal=True),
        Column("cited_by", _("Updates that cite it"), "cited_by", internal=True),
        Column("page", _("Page in the tracker"), "key", usual=False, internal=True, page="evidence-detail"),
    ]
