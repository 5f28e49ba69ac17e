"""Ten thousand people in a few statements, each of whom has a mail queued on one morning."""

from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import Group

from recommendations.audit import log
from recommendations.choices import (
    Confidence,
    DigestFrequency,
    EventKind,
    EvidenceForm,
    Movement,
    Role,
    Sensitivity,
    Status,
    UpdateState,
)
from recommendations.models import Evidence, Grant, Recommendation, StatusUpdate, User
from tests.support import factories

MORNING = datetime(2024, 9, 9, 8, 0, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)


def people(roles, prefix, **fields):
    """Make people, each with a role. Returns: the list, with keys."""
    made = User.objects.bulk_create(
        [
            User(
                email=f"{prefix}{index}@example.org",
                name=f"{prefix.title()} {index}",
                password="!",
                date_joined=MORNING - 400 * DAY,
                **{"digest_frequency": DigestFrequency.NEVER, **fields},
            )
            for index in range(len(roles))
        ],
        batch_size=1000,
    )
    groups = {role: Group.objects.get_or_create(name=role)[0] for role in set(roles)}
    through = User.groups.through
    through.objects.bulk_create(
        [
            through(user_id=person.pk, group_id=groups[role].pk)
            for person, role in zip(made, roles, strict=True)
        ],
        batch_size=5000,
    )
    return made


def owners(number):
    """Make people who are all to be reminded: of each ten, eight own something that is due or overdue, one
    left a draft, and one reviews and is told of ten that are overdue for long.

    Returns: how many have a reminder queued at ``MORNING``.
    """
    roles = [Role.REVIEWER if index % 10 == 9 else Role.CONTRIBUTOR for index in range(number)]
    made = people(roles, "member")
    owning = [person for index, person in enumerate(made) if index % 10 < 8]
    writing = [person for index, person in enumerate(made) if index % 10 == 8]
    report = factories.report(count=len(owning) + 11)
    *due, far_away = report.recommendations.order_by("position")
    for recommendation, owner in zip(due, [*owning, *[owning[0]] * 10], strict=True):
        recommendation.owner = owner
        recommendation.next_review_on = MORNING.date() + timedelta(days=recommendation.position % 20 - 10)
    for recommendation in due[len(owning) :]:
        recommendation.next_review_on = MORNING.date() - timedelta(days=30)
    far_away.next_review_on = date(2030, 1, 1)
    Recommendation.objects.bulk_update([*due, far_away], ["owner", "next_review_on"], batch_size=1000)
    StatusUpdate.objects.bulk_create(
        [draft(writer, far_away, MORNING - 9 * DAY) for writer in writing], batch_size=1000
    )
    return number


def draft(author, recommendation, at, **fields):
    """Return an unsaved update."""
    return StatusUpdate(
        author=author,
        recommendation=recommendation,
        **{
            "kind": "assessment",
            "as_of": at.date(),
            "status": Status.NO_ACTION,
            "confidence": Confidence.MEDIUM,
            "movement": Movement.SAME,
            "reason": "Nothing was published.",
            "state": UpdateState.DRAFT,
            "created_at": at,
            "changed_at": at,
            **fields,
        },
    )


def readers(number):
    """Make weekly readers of the eleven, one in fifty a reviewer, twenty let in on a restricted item.

    Returns: how many have a digest queued at ``MORNING``.
    """
    roles = [Role.REVIEWER if index % 50 == 49 else Role.VIEWER for index in range(number)]
    reading = people(roles, "reader", digest_frequency=DigestFrequency.WEEKLY)
    [author] = people([Role.CONTRIBUTOR], "author")
    report = factories.report(count=11)
    report.recommendations.update(next_review_on=MORNING.date() - 2 * DAY, owner=author)
    for index, recommendation in enumerate(report.recommendations.all()):
        level = Sensitivity.RESTRICTED if index == 10 else Sensitivity.INTERNAL
        item = Evidence.objects.create(
            form=EvidenceForm.LINK,
            title=f"Statement {index}",
            url="https://example.org/",
            sensitivity=level,
            uploaded_by=author,
            uploaded_at=MORNING - 2 * DAY,
        )
        log.record(
            EventKind.EVIDENCE_ADDED,
            now=MORNING - 2 * DAY,
            actor=author,
            recommendation=recommendation,
            evidence=item,
        )
    Grant.objects.bulk_create(
        Grant(
            person=person, evidence=item, granted_by=author, granted_at=MORNING - DAY, reason="Works on it."
        )
        for person in reading[:20]
    )
    return number
