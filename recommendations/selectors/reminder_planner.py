"""What each person is reminded of: reviews that are due, updates that nobody acts on, and next steps.

The stages are in ``rules.dates``; this module says whom they concern. It only reads, and for many people at
once, so that the number of queries does not grow with the number of people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from recommendations.choices import ReminderChoice, Role, Sensitivity, UpdateState
from recommendations.choices.update_fields import TEXTS
from recommendations.models import Advocacy, Grant, Recommendation, StatusUpdate, User
from recommendations.models.updates import StatusUpdateQuerySet
from recommendations.rules import dates
from recommendations.selectors.audience import NOBODY, anybody
from recommendations.selectors.due_items import DueItem, Why
from recommendations.selectors.reminder_validity import reviewers_among, told_first
from recommendations.selectors.unconfirmed import kept_apart

# Clocks around the earth differ by less than this many days from the clock of the server.
MARGIN = timedelta(days=1)


# What a reminder says of a review.
REVIEW_PARTS = (
    "report",
    "reference",
    "short_title",
    "next_review_on",
    "deputy",
    "reviewer",
    "owner__name",
    "owner__email",
)


class ReminderPlanner:
    """Everything that people are reminded of at one moment; what concerns many people is read once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        horizon = now.date() + timedelta(days=dates.FIRST_STAGE_DAYS) + MARGIN
        self.due = (
            Recommendation.objects.tracked()
            .due_by(horizon)
            .with_years()
            .select_related("owner")
            .only(*REVIEW_PARTS)
            .order_by("pk")
        )
        self._find_stand_ins()
        late = now.date() + MARGIN - timedelta(days=dates.ESCALATION_DAYS)
        self.late = list(self.due.due_by(late))
        self.reviewers = reviewers_among({one.reviewer_id for one in self.late})
        self._find_waiting()

    def _find_stand_ins(self) -> None:
        """Assign the reviews whose owner may be away: to the deputy, or else to the reviewers."""
        self.of_deputy, self.of_nobody = defaultdict(list), []
        today = self.now.date()
        there = User.objects.writers().filter(pk=OuterRef("owner"))
        may_be_away = Q(away_from__lte=today + MARGIN, away_until__gte=today - MARGIN)
        doubtful = self.due.exclude(Exists(there.exclude(may_be_away)))
        named = Q(pk__in=doubtful.values("owner")) | Q(pk__in=doubtful.values("deputy"))
        people = {person.pk: person for person in User.objects.with_rank().filter(named, is_active=True)}
        for recommendation in doubtful:
            person = in_charge(recommendation, people, self.now)
            if person is None:
                self.of_nobody.append(recommendation)
            elif person.pk != recommendation.owner_id:
                self.of_deputy[person.pk].append(recommendation)

    def _find_waiting(self) -> None:
        """Find the updates that wait for review: those for all reviewers, and whom to ask about others."""
        first, _every = dates.WAITING_FOR_REVIEW
        latest = self.now - timedelta(days=first) + MARGIN
        waiting = _tracked_updates(UpdateState.SUBMITTED).filter(submitted_at__lte=latest)
        self.restricted = waiting.filter(sensitivity=Sensitivity.RESTRICTED)
        self.waiting = list(waiting.decidable_by(anybody(Role.REVIEWER)))
        # Until it is decided, who handed something in is not told to log it.
        self.handed_in = set(StatusUpdate.objects.silencing().values_list("author", "recommendation"))
        self.apart = kept_apart()
        self.let_in = set(Grant.objects.filter(update__in=self.restricted).values_list("person", flat=True))

    def due_items_of(self, people: Mapping[int, User]) -> dict[int, list[DueItem]]:
        """Return {person pk: [DueItem, …]} of everything that these people are reminded of, told or not.

        People who are away get their own reviews too, so that it can be recorded that they were not told.

        Args:
            people: {pk: person} with ranks, their keys in order.
        """
        due_items: defaultdict[int, list[DueItem]] = defaultdict(list)
        if not people:
            return due_items
        first, last = min(people), max(people)
        for recommendation in self.due.filter(owner__gte=first, owner__lte=last):
            owner = people.get(recommendation.owner_id or NOBODY)
            if owner and owner.has_role(Role.CONTRIBUTOR):
                due_items[owner.pk] += self._review(recommendation, owner, Why.OWNER)
        for person in people.values():
            due_items[person.pk] += self._stood_in_for(person)
            if person.has_role(Role.REVIEWER):
                due_items[person.pk] += self._reviewers(person) + self._to_decide(person)
        for author, due_item in self._lying(people, first, last):
            due_items[author.pk].append(due_item)
        for person, due_item in self._next_steps(people, first, last):
            due_items[person.pk].append(due_item)
        return {pk: found for pk, found in due_items.items() if found}

    def _review(self, recommendation: Recommendation, person: User, why: Why) -> list[DueItem]:
        """Return the due items of one review for one person; none if it does not concern them."""
        if (person.pk, recommendation.pk) in self.handed_in:
            return []
        due_on, today = recommendation.next_review_on, person.today(self.now)
        stages = self._stages(due_on, person)
        if why == Why.LATE:
            is_first = told_first(person.pk, recommendation.reviewer_id, self.reviewers)
            stages = [stage for stage in stages if dates.is_escalated(due_on, stage.on, is_first=is_first)]
        return [DueItem(recommendation, due_on, (today - due_on).days, stages, why)] if stages else []

    def _stages(self, due_on: date, person: User) -> list[dates.Stage]:
        """Return the stages of a date that are reached and that the person wants to be reminded of."""
        stages = dates.review_stages(due_on, person.today(self.now), person.working_days)
        if person.reminders == ReminderChoice.ONLY_OVERDUE:
            return [stage for stage in stages if stage.on > due_on]
        return stages

    def _next_steps(
        self, people: Mapping[int, User], first: int, last: int
    ) -> Iterator[tuple[User, DueItem]]:
        """Yield (person, due item) for the next steps of the advocacy log, which are due as reviews are."""
        horizon = self.now.date() + timedelta(days=dates.FIRST_STAGE_DAYS) + MARGIN
        steps = Advocacy.objects.with_open_step().with_who_answers().filter(next_on__lte=horizon)
        steps = steps.select_related("next_owner").order_by("pk")
        for step in steps.filter(answers__gte=first, answers__lte=last):
            person = people.get(step.answers)
            if person is None or not person.has_role(Role.CONTRIBUTOR):
                continue
            if stages := self._stages(step.next_on, person):
                days = (person.today(self.now) - step.next_on).days
                yield person, DueItem(None, step.next_on, days, stages, Why.STEP, step=step)

    def _stood_in_for(self, person: User) -> list[DueItem]:
        found = []
        for recommendation in self.of_deputy.get(person.pk, ()):
            found += self._review(recommendation, person, Why.DEPUTY)
        return found

    def _reviewers(self, person: User) -> list[DueItem]:
        """Reviews that nobody is responsible for, or that are long overdue; not the person's own ones."""
        own = {recommendation.pk for recommendation in self.of_deputy.get(person.pk, ())}
        found = []
        for recommendation in self.of_nobody:
            if recommendation.owner_id != person.pk:
                found += self._review(recommendation, person, Why.NOBODY)
                own.add(recommendation.pk)
        for recommendation in self.late:
            if recommendation.owner_id != person.pk and recommendation.pk not in own:
                found += self._review(recommendation, person, Why.LATE)
        return found

    def _to_decide(self, person: User) -> list[DueItem]:
        """What waits for review by them; only those restricted updates that they can see."""
        not_theirs = {person.pk, *self.apart.get(person.pk, ())}
        waiting = [update for update in self.waiting if update.author_id not in not_theirs]
        if person.pk in self.let_in:
            waiting += self.restricted.decidable_by(person)
        found = []
        for update in waiting:
            if update.submitted_at:
                found += self._lain(person, update, update.submitted_at, dates.WAITING_FOR_REVIEW)
        return found

    def _lying(self, people: Mapping[int, User], first: int, last: int) -> Iterator[tuple[User, DueItem]]:
        """Yield (author, due item) for the updates that were returned, and the drafts that were left."""
        rhythms = {
            UpdateState.RETURNED: ("returned_at", dates.RETURNED_TO_AUTHOR),
            UpdateState.DRAFT: ("changed_at", dates.LEFT_AS_DRAFT),
        }
        lying = Q()
        for state, (moment, rhythm) in rhythms.items():
            lying |= Q(state=state, **{f"{moment}__lte": self.now - timedelta(days=rhythm[0]) + MARGIN})
        asked = self.now - timedelta(days=dates.ASKED_STILL_SO[0]) + MARGIN
        undated = Q(state=UpdateState.DRAFT, as_of__lte=F("repeats__as_of"))
        lying |= undated & Q(changed_at__lte=asked)
        for update in _tracked_updates(*rhythms).filter(lying, author__gte=first, author__lte=last):
            author = people.get(update.author_id)
            if author and author.has_role(Role.CONTRIBUTOR):
                moment, rhythm = rhythms[UpdateState(update.state)]
                if update.state == UpdateState.DRAFT and update.is_undated:
                    rhythm = dates.ASKED_STILL_SO
                for due_item in self._lain(author, update, getattr(update, moment), rhythm):
                    yield author, due_item

    def _lain(
        self, person: User, update: StatusUpdate, moment: datetime, rhythm: tuple[int, int | None]
    ) -> list[DueItem]:
        """Return the due items of one untouched update for one person; none if it does not concern them."""
        since, today = moment.astimezone(person.zone).date(), person.today(self.now)
        stages = dates.waiting_stages(since, today, rhythm)
        if not stages:
            return []
        days, state = (today - since).days, str(update.state)
        why = Why.AUTHOR if update.author_id == person.pk else Why.REVIEWER
        update.recommendation.is_among_years = update.is_among_years
        return [DueItem(update.recommendation, since, days, stages, why, update, state)]


def stand_ins(recommendations: Collection[Recommendation], now: datetime) -> dict[int, set[int]]:
    """Return {deputy pk: the recommendations that they answer for today}. One statement."""
    deputised = [one for one in recommendations if one.deputy_id]
    named = {pk for one in deputised for pk in (one.owner_id, one.deputy_id) if pk}
    people = {one.pk: one for one in User.objects.with_rank().filter(pk__in=named, is_active=True)}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one in deputised:
        person = in_charge(one, people, now)
        if person and person.pk != one.owner_id:
            found[person.pk].add(one.pk)
    return dict(found)


def in_charge(recommendation: Recommendation, people: Mapping[int, User], now: datetime) -> User | None:
    """Return who is responsible for a recommendation today: the owner, or the deputy while the owner is away
    or gone. None if there is neither: then the reviewers are.

    Args:
        people: {pk: person} with ranks, active ones.
    """
    for pk in (recommendation.owner_id, recommendation.deputy_id):
        person = people.get(pk or NOBODY)
        if person and person.has_role(Role.CONTRIBUTOR) and not person.is_away(person.today(now)):
            return person
    return None


def _tracked_updates(*states: UpdateState) -> StatusUpdateQuerySet[StatusUpdate]:
    return (
        StatusUpdate.objects.filter(state__in=states, recommendation__report__closed_at=None)
        .select_related("recommendation", "author", "repeats")
        .with_years()
        .defer("recommendation__text", *TEXTS, *(f"repeats__{name}" for name in TEXTS))
    )
