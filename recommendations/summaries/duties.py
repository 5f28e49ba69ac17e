"""What each person is to be reminded of: reviews that are due, and updates that lie.

The ladder is in ``dates``; here is whose it is. Reads only, and for all people at once, so that the
number of queries does not grow with them.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F

from recommendations import dates
from recommendations.choices import MailState, ReminderChoice, Role, Sensitivity, UpdateState
from recommendations.models import MailItem, Recommendation, StatusUpdate, User

# Clocks around the earth differ by less than this many days from the clock of the server.
MARGIN_DAYS = 1


@dataclass
class Duty:
    """One thing that a person is to be reminded of today.

    ``since`` is the review date, or the day from which an update lies; ``days`` is how many days ago
    that was (negative: ahead). ``state`` is the update's, empty for a review.
    """

    recommendation: Recommendation
    since: date
    days: int
    stages: list[dates.Stage]
    update: StatusUpdate | None = None
    state: str = ""
    fresh: bool = True
    overtaken: list[str] = field(default_factory=list)

    @property
    def is_restricted(self):
        """Whether a mail may say no more of it than that it is there."""
        return bool(self.update and self.update.sensitivity == Sensitivity.RESTRICTED)

    def key(self, stage):
        """Return the key under which a stage of this is told once to a person."""
        if self.update:
            return f"review:{self.update.pk}:{self.state}:{self.since.isoformat()}:{stage.name}"
        return f"remind:{self.recommendation.pk}:{self.since.isoformat()}:{stage.name}"

    def items(self):
        """Return unsaved rows for what a mail about this tells, and for what it overtakes."""
        told = [(self.key(self.stages[-1]), False)] + [(key, True) for key in self.overtaken]
        return [
            MailItem(
                item_key=key,
                recommendation=self.recommendation,
                update=self.update,
                since=self.since,
                superseded=superseded,
            )
            for key, superseded in told
        ]


def people_with_a_role():
    """Return {pk: person} of the active members, their roles read in the same statement."""
    return {person.pk: person for person in User.objects.with_rank().filter(is_active=True, rank__gt=0)}


def duties_of(people, now):
    """Return {person pk: [Duty, …]} of all that these people have to be reminded of, told or not.

    Args:
        people: {pk: person}, everybody with a role.
        now: the clock.
    """
    duties = defaultdict(list)
    for pk, duty in [*_reviews(people, now), *_waiting(people, now), *_lying(people, now)]:
        duties[pk].append(duty)
    _mark_told(duties)
    return duties


def _reviews(people, now):
    horizon = now.date() + timedelta(days=dates.FIRST_STAGE_DAYS + MARGIN_DAYS)
    due = Recommendation.objects.tracked().due_by(horizon).select_related("owner")
    reviewers = _reviewers(people)
    for recommendation in due:
        answering = in_charge(recommendation, people, reviewers, now)
        known = {person.pk for person in answering}
        for person in answering:
            duty = _review(recommendation, person, now)
            if duty:
                yield person.pk, duty
        for person in reviewers:
            duty = person.pk not in known and _review(recommendation, person, now, is_backstop=True)
            if duty:
                yield person.pk, duty


def _review(recommendation, person, now, *, is_backstop=False):
    """Return what one review is to one person, or None while it is nothing to them yet."""
    due_on, today = recommendation.next_review_on, person.today(now)
    stages = dates.review_stages(due_on, today)
    if person.reminders == ReminderChoice.ONLY_OVERDUE:
        stages = [stage for stage in stages if stage.on > due_on]
    if is_backstop:
        stages = [stage for stage in stages if dates.is_escalated(due_on, stage.on)]
    if not stages:
        return None
    return Duty(recommendation, due_on, (today - due_on).days, stages)


def _reviewers(people):
    return [person for person in people.values() if person.has_role(Role.REVIEWER)]


def in_charge(recommendation, people, reviewers, now):
    """Return who answers for a recommendation today: the owner; the deputy while the owner is away or
    gone; the reviewers when there is neither.
    """
    for pk in (recommendation.owner_id, recommendation.deputy_id):
        person = people.get(pk)
        if person and person.has_role(Role.CONTRIBUTOR) and not person.is_away(person.today(now)):
            return [person]
    return reviewers


def _tracked_updates(state):
    return StatusUpdate.objects.filter(state=state, recommendation__report__archived_at=None).select_related(
        "recommendation", "author"
    )


def _waiting(people, now):
    """Yield the updates that wait for review, for each reviewer who may decide on them."""
    first, _every = dates.WAITING_FOR_REVIEW
    latest = now - timedelta(days=first - MARGIN_DAYS)
    waiting = _tracked_updates(UpdateState.SUBMITTED).filter(submitted_at__lte=latest)
    if not waiting.exists():
        return
    for person in _reviewers(people):
        for update in waiting.decidable_by(person):
            yield from _update_duty(person, update, update.submitted_at, dates.WAITING_FOR_REVIEW, now)


def _lying(people, now):
    """Yield the updates that were returned, and the drafts that were left, for their authors."""
    for state, moment, rhythm in (
        (UpdateState.RETURNED, "returned_at", dates.RETURNED_TO_AUTHOR),
        (UpdateState.DRAFT, "changed_at", dates.LEFT_AS_DRAFT),
    ):
        latest = now - timedelta(days=rhythm[0] - MARGIN_DAYS)
        for update in _tracked_updates(state).filter(**{f"{moment}__lte": latest}):
            author = people.get(update.author_id)
            if author and author.has_role(Role.CONTRIBUTOR):
                yield from _update_duty(author, update, getattr(update, moment), rhythm, now)


def _update_duty(person, update, moment, rhythm, now):
    since, today = moment.astimezone(person.zone).date(), person.today(now)
    stages = dates.waiting_stages(since, today, rhythm)
    if stages:
        days = (today - since).days
        yield (
            person.pk,
            Duty(update.recommendation, since, days, stages, update=update, state=str(update.state)),
        )


def _mark_told(duties):
    """Set ``fresh`` and ``overtaken`` of each duty from what was told before."""
    every = [duty for row in duties.values() for duty in row]
    told = _told_keys(
        {duty.recommendation.pk for duty in every if not duty.update},
        {duty.update.pk for duty in every if duty.update},
    )
    for pk, row in duties.items():
        for duty in row:
            keys = [duty.key(stage) for stage in duty.stages]
            duty.fresh = (pk, keys[-1]) not in told
            duty.overtaken = [key for key in keys[:-1] if (pk, key) not in told]


def _told_keys(recommendations, updates):
    """Return {(person pk, key)} of what was told; what expired unsent was not."""
    items = MailItem.objects.exclude(mail__state=MailState.EXPIRED)
    reviews = items.filter(
        update=None, recommendation__in=recommendations, since=F("recommendation__next_review_on")
    )
    lying = items.filter(update__in=updates)
    return set(reviews.values_list("recipient_id", "item_key")) | set(
        lying.values_list("recipient_id", "item_key")
    )


def is_open(item, person):
    """Say whether what a mail item is about is still so, and still this person's to be told of."""
    if not Recommendation.objects.tracked().filter(pk=item.recommendation_id).exists():
        return False
    if item.update is None:
        is_theirs = person.pk in (item.recommendation.owner_id, item.recommendation.deputy_id)
        return item.recommendation.next_review_on == item.since and (
            is_theirs or person.has_role(Role.REVIEWER)
        )
    if item.update.author_id == person.pk:
        return item.update.state in (UpdateState.RETURNED, UpdateState.DRAFT)
    return StatusUpdate.objects.decidable_by(person).filter(pk=item.update_id).exists()
