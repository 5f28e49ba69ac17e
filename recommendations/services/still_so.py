"""Asking the owners of this year's recommendations whether last year's findings still hold."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Retention, Role, Sensitivity, UpdateState
from recommendations.errors import Refused
from recommendations.models import Citation, Recommendation, Report, StatusUpdate, User
from recommendations.models.locking import locked
from recommendations.selectors.still_so import Question, Questions, questions_between


@transaction.atomic
def ask(*, earlier: Report, later: Report, actor: User, now: datetime) -> Questions:
    """Begin a draft for each owner, with the reason and the evidence of last year's finding.

    Each is a draft like any other: its owner looks, dates it, chooses a status and submits it, and another
    person reviews it. Nothing is approved, and no status is carried over. The owner of a recommendation who
    works on an update of it already is asked too, but gets no second draft: nobody else learns of theirs.

    Args:
        earlier, later: two reports of one country.
        actor: a reviewer, as for confirming lines: these are what says that both demand the same.

    Returns: who was asked, and what was left out; asked twice, it asks nobody again.

    Raises: Refused when the actor is no reviewer, or the later report is closed; Gone.
    """
    if not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only reviewers can ask owners whether it is still so."))
    reports = {report.pk: locked(report) for report in sorted((earlier, later), key=lambda one: one.pk)}
    earlier, later = reports[earlier.pk], reports[later.pk]
    if not later.is_followed:
        raise Refused(_("%(report)s is closed. Follow it again first.") % {"report": later})
    # Who writes on one of them waits here, or went first.
    list(later.recommendations.select_for_update(no_key=True).order_by("pk"))
    questions = questions_between(earlier, later, actor)
    for one in questions.ready:
        if not _works_on_it(one.owner, one.later):
            _begin(one, now)
    for one in questions.ready:
        log.record(
            EventKind.STILL_SO,
            now=now,
            actor=actor,
            recommendation=one.later,
            owner=one.owner.pk if one.owner else None,
            from_reference=one.earlier.reference,
        )
    return questions


def _works_on_it(owner: User | None, recommendation: Recommendation) -> bool:
    rows = StatusUpdate.objects.filter(author=owner, recommendation=recommendation)
    return rows.exclude(state=UpdateState.WITHDRAWN).exists()


def _begin(question: Question, now: datetime) -> None:
    """Begin a draft with what its owner can see of the finding, and with its day until they look.

    No word of a restricted finding is copied: a draft is its author's, also once their access has ended.
    """
    owner, finding = question.owner, question.finding
    assert owner and finding
    seen = StatusUpdate.objects.visible_to(owner).filter(pk=finding.pk).first()
    copied = seen if seen and seen.sensitivity != Sensitivity.RESTRICTED else None
    draft = StatusUpdate.objects.create(
        author=owner,
        recommendation=question.later,
        as_of=finding.as_of,
        repeats_id=finding.pk,
        reason=copied.reason if copied else "",
        sensitivity=seen.sensitivity if seen else Sensitivity.INTERNAL,
        created_at=now,
        changed_at=now,
    )
    if copied:
        cited = Citation.objects.visible_to(owner).filter(update=copied)
        _cite(draft, cited.exclude(evidence__retention=Retention.TOMBSTONED).order_by("pk"))


def _cite(draft: StatusUpdate, cited: Iterable[Citation]) -> None:
    Citation.objects.bulk_create(
        Citation(update=draft, evidence_id=one.evidence_id, stance=one.stance, locator=one.locator)
        for one in cited
    )
