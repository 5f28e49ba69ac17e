"""What a reviewer has to know and decide about what may be said outside, before an approval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.choices import EXTENTS, Earlier, Extent, Sensitivity
from recommendations.models import Citation, Evidence, Publication, PublicationProposal, StatusUpdate, User
from recommendations.models.accounts import in_one_hand_with
from recommendations.rules.following import approved_of, asks_of
from recommendations.rules.publication import cannot_publish, told_status
from recommendations.rules.status import DerivedStatus, PartStatus, derive_status
from recommendations.selectors.told_words import words_wait
from recommendations.selectors.withdrawing import standing_again


@dataclass(frozen=True)
class ToDecide:
    """What an approval asks about publication.

    Args:
        offered: how much of the update can be said outside: no more than its author proposes, and *nothing*
            alone where it has no public text.
        why_not: why it is not everything, as a sentence; empty when it is.
        replaced: what is outside of the update that it corrects, if anything.
        again: the older statuses that would stand outside again without the status of that one; they go with
            it unless the status of the correction is published.
        overtaken: the days as of which a status is outside that the approval would move inside.
        to_withdraw: what is outside with its status about the same, and goes where the answer is *withdraw*.
        counts: whether the update counts from the approval on.
    """

    offered: tuple[Extent, ...]
    why_not: str = ""
    replaced: Publication | None = None
    overtaken: tuple[date, ...] = ()
    to_withdraw: Sequence[Publication] = field(default_factory=tuple)
    again: Sequence[Publication] = field(default_factory=tuple)
    counts: bool = True

    @property
    def asks_of_earlier(self) -> tuple[Earlier, ...]:
        """The answers to what becomes of what is outside already; none where nothing asks for one."""
        can_replace = (Earlier.REPLACE,) if self._replacing else ()
        if self.replaced:
            return (*can_replace, Earlier.WITHDRAW)
        return (*can_replace, Earlier.LEAVE, Earlier.WITHDRAW) if self.overtaken else ()

    @property
    def _replacing(self) -> tuple[Extent, ...]:
        """How much of it takes the place of what is outside."""
        least = Extent.WORDS if self.replaced else Extent.WORDS_AND_STATUS
        return self.offered[self.offered.index(least) :] if least in self.offered else ()

    def problems(self, extent: str, earlier: str) -> Mapping[str, list[str]]:
        """Return {field: [sentence]} of what is wrong with a decision; empty when it is whole."""
        if extent not in self.offered:
            return {"extent": [self.why_not or _("Choose what to publish.")]}
        if earlier in (Earlier.REPLACE, Earlier.WITHDRAW) and not (self.counts or self.asks_of_earlier):
            return {"overtaken": [_("It does not count, so it changes nothing that is published. Leave it.")]}
        if not self.asks_of_earlier or (self.overtaken and not self.replaced and extent in self._replacing):
            return {}
        if earlier not in self.asks_of_earlier:
            return {"overtaken": [_("Choose what becomes of what is outside now.")]}
        if earlier == Earlier.REPLACE and extent not in self._replacing:
            return {"extent": [_("To publish this instead, choose what to publish of it.")]}
        if earlier == Earlier.WITHDRAW and self.replaced and extent != Extent.NOTHING:
            return {"extent": [_("To withdraw what is outside, publish nothing of this correction.")]}
        return {}

    def check(self, extent: str, earlier: str) -> None:
        """Raise a ValidationError per field for a decision that is not whole."""
        if problems := self.problems(extent, earlier):
            raise ValidationError({**problems})

    def withdrawn(self, extent: str, earlier: str) -> list[Publication]:
        """Return what an approval withdraws of what is outside."""
        if self.replaced:
            return [self.replaced, *(self.again if extent != Extent.WORDS_AND_STATUS else [])]
        return [*self.to_withdraw] if earlier == Earlier.WITHDRAW else []

    @property
    def days(self) -> str:
        """The days as of which the overtaken statuses are outside, in words."""
        return ", ".join(date_format(day, "j M Y") for day in self.overtaken)


def to_decide(update: StatusUpdate, *, counts: bool = True) -> ToDecide:
    """Return what an approval of ``update`` asks about publication.

    Args:
        counts: whether it counts from then on; one that does not overtakes nothing, and replaces only what
            does not count either.
    """
    problems = {extent: cannot_publish(update, extent, counts=counts) for extent in Extent}
    possible = tuple(extent for extent, problem in problems.items() if not problem)
    why_not = next(filter(None, problems.values()), "")
    # What the author keeps inside may harm somebody: more takes a proposal of its own, by two people.
    most = Extent(update.proposed_extent or Extent.NOTHING)
    offered = tuple(extent for extent in possible if EXTENTS.index(extent) <= EXTENTS.index(most))
    if offered != possible:
        words = _("%(name)s proposes no more than “%(what)s”. More can be published later, by two people.")
        why_not = words % {"name": update.author, "what": most.label}
    if corrected := _replaced(update, counts):
        again = standing_again(corrected.update)
        return ToDecide(offered, why_not, replaced=corrected, again=again, counts=counts)
    if not counts:
        return ToDecide(offered, why_not, counts=False)
    told = with_status_about(update)
    overtaken = _overtaken(update, {one.update_id for one in told}) if told else ()
    about = [one for one in told if one.update.ask_id == update.ask_id]
    return ToDecide(offered, why_not, overtaken=overtaken, to_withdraw=about)


def _replaced(update: StatusUpdate, counts: bool) -> Publication | None:
    """Return what is outside of the update whose place ``update`` takes, if anything."""
    if update.corrects is None or not (counts or update.corrects.counts_at is None):
        return None
    outside = Publication.objects.published().select_related("update__recommendation")
    return outside.filter(update=update.corrects).first()


def with_status_about(update: StatusUpdate) -> list[Publication]:
    """Return what is outside with its status about the recommendation of ``update``."""
    told = Publication.objects.published().filter(extent=Extent.WORDS_AND_STATUS)
    return list(told.filter(update__recommendation=update.recommendation_id).select_related("update"))


def _overtaken(update: StatusUpdate, published: set[int]) -> tuple[date, ...]:
    """Return the days of the statuses that stay outside while the update moves them inside."""
    recommendation = update.recommendation
    approved = [one for one in approved_of(recommendation) if one.pk != update.pk]
    asks, _retired = asks_of(recommendation)
    before = derive_status(approved, asks)
    after = derive_status([*approved, update], asks)
    said = told_status([*approved, update], published, asks)
    pairs = zip(_parts(before), _parts(after), _parts(said), strict=True)
    days = {out.current.as_of for old, new, out in pairs if out.current and old.status != new.status}
    return tuple(sorted(days))


def _parts(found: DerivedStatus) -> list[PartStatus]:
    return [found.whole, *(found.by_ask[pk] for pk in sorted(found.by_ask))]


def outside_of(update: StatusUpdate) -> Publication | None:
    """Return the act by which something of ``update`` is outside, or None."""
    return Publication.objects.published().filter(update=update.pk).first()


def further_than_now(update: StatusUpdate) -> tuple[Extent, ...]:
    """Return what is more than is outside of ``update`` now.

    As much again is more, while the words of its recommendation were corrected and are not told yet.
    """
    now = outside_of(update)
    if now is None:
        return EXTENTS[1:]
    at = EXTENTS.index(Extent(now.extent))
    return EXTENTS[at:] if words_wait(update.recommendation) else EXTENTS[at + 1 :]


def published_now() -> QuerySet[Publication]:
    """Return what is outside, by recommendation; everybody can read it there."""
    now = Publication.objects.published().select_related("update__recommendation", "update__ask")
    return now.order_by("update__recommendation__reference", "-update__as_of", "-pk")


def confirmable(person: User) -> QuerySet[PublicationProposal]:
    """Return what waits for a second person to be published and ``person`` can confirm, as a reviewer."""
    unseen = Citation.objects.filter(update=OuterRef("update"))
    unseen = unseen.exclude(evidence__in=Evidence.objects.visible_to(person).values("pk"))
    not_theirs = Q(proposed_by=person) | Q(update__author=person)
    apart = in_one_hand_with(person.pk).order_by().values("pk")
    kept_apart = Q(proposed_by__in=apart) | Q(update__author__in=apart)
    return proposed(person).exclude(not_theirs).exclude(kept_apart).exclude(Exists(unseen))


def undecided(person: User) -> QuerySet[StatusUpdate]:
    """Return the public updates from before publication was decided, of which nobody has decided since."""
    waiting = StatusUpdate.objects.visible_to(person).in_force().filter(sensitivity=Sensitivity.PUBLIC)
    waiting = waiting.filter(publications=None).select_related("recommendation", "author", "ask")
    return waiting.order_by("recommendation__reference", "as_of", "pk")


def proposed(person: User) -> QuerySet[PublicationProposal]:
    """Return what waits for a second person to be published, the longest wait first."""
    waiting = PublicationProposal.objects.visible_to(person).order_by("proposed_at", "pk")
    return waiting.select_related("update__recommendation", "update__ask", "proposed_by")
