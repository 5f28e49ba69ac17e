"""Checks of what the database promises: each yields a sentence for each breach, and changes nothing."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from recommendations import vault
from recommendations.audit import anchors, log, triggers
from recommendations.backups import workplace
from recommendations.choices import OFFICER_NAMED, Decision, EventKind, Extent, Sensitivity, UpdateState
from recommendations.models import (
    Capture,
    Derived,
    Event,
    Evidence,
    Examination,
    Passage,
    Publication,
    Recommendation,
    StatusUpdate,
    User,
)
from recommendations.rules import allowed_names
from recommendations.rules.following import answers_of, approved_of, asks_of, fields_of
from recommendations.rules.status import derive_status
from recommendations.selectors import editions, source_breaches
from recommendations.selectors.holdings import held_names, holdings

# An object is written before its row is committed; one as young as this may still belong to an upload.
ARRIVAL_SECONDS = 60
# What is left over is swept a day after it came, by a job that runs each hour on a computer that is on.
LEFT_FOR = timedelta(days=2)


def statuses() -> Iterator[str]:
    """Yield where a status, a date, or what answered a date does not follow from approved updates."""
    everything = Recommendation.objects.select_related("current_update")
    everything = everything.prefetch_related("asks__current_update", "dated_reasons")
    for recommendation in everything.iterator(chunk_size=500):
        found = derive_status(approved_of(recommendation), *asks_of(recommendation))
        answers = answers_of(recommendation, found)
        yield from _unlike(
            recommendation, recommendation.reference, fields_of(recommendation, found, answers)
        )
        for reason, update in answers:
            name = f"{recommendation.reference}, review date {reason.on}"
            yield from _unlike(reason, name, {"answered_by_id": update.pk if update else None})
        for ask in recommendation.asks.all():
            name = f"{recommendation.reference}, ask {ask.position}"
            yield from _unlike(ask, name, found.by_ask[ask.pk].fields())
            if not ask.lost_words and not ask.start < ask.end <= len(recommendation.text):
                yield f"{name}: its words are not in the recommendation at {ask.start}–{ask.end}."


def _unlike(row: object, name: str, follows: Mapping[str, object]) -> Iterator[str]:
    for field, expected in follows.items():
        stored = getattr(row, field)
        if stored != expected:
            yield (
                f"{name}: {field} is {stored or 'empty'}, "
                f"but {expected or 'empty'} follows from its approved updates."
            )


def reviews() -> Iterator[str]:
    """Yield approved or returned updates without the review that decided so, and own approvals."""
    decided = {UpdateState.APPROVED: Decision.APPROVE, UpdateState.RETURNED: Decision.RETURN}
    for decided_state, decision in decided.items():
        unreviewed = StatusUpdate.objects.filter(state=decided_state).exclude(
            pk__in=StatusUpdate.objects.filter(reviews__decision=decision).values("pk")
        )
        for update in unreviewed.iterator():
            state = update.get_state_display().lower()
            yield f"Update {update.key} is {state} without a review that says so."
    own = StatusUpdate.objects.filter(Q(approved_by=F("author")) | Q(reviews__reviewer=F("author")))
    for update in own.distinct().iterator():
        yield f"Update {update.key} was decided on by its own author."


def publications() -> Iterator[str]:
    """Yield updates that are published without an approval or by their own author, and statuses of what does
    not count.

    The database itself holds that who proposed is not who decided.
    """
    published = Publication.objects.published().select_related("update")
    for act in published.exclude(update__state=UpdateState.APPROVED).iterator():
        yield f"Update {act.update.key} is published without an approval."
    for act in published.filter(decided_by=F("update__author")).iterator():
        yield f"Update {act.update.key} was published by its own author."
    with_status = published.filter(extent=Extent.WORDS_AND_STATUS)
    for act in with_status.filter(update__state=UpdateState.APPROVED, update__counts_at=None).iterator():
        yield f"The status of update {act.update.key} is published, but the update does not count."


def counting() -> Iterator[str]:
    """Yield restricted updates that count without an event by which a reviewer let them count then."""
    restricted = StatusUpdate.objects.counting().filter(sensitivity=Sensitivity.RESTRICTED)
    said = Event.objects.filter(
        update=OuterRef("pk"), at=OuterRef("counts_at"), actor=OuterRef("counts_by"), payload__counts=True
    )
    for update in restricted.exclude(Exists(said)).iterator():
        yield f"Update {update.key} counts without a decision that says so."


def objects() -> Iterator[str]:
    """Yield evidence whose bytes are missing or changed.

    Items are named by key: a title can be restricted, and this is read in terminals and logs.
    """
    for holding in holdings():
        try:
            vault.verify(holding.object_name, size=holding.size, sha256=holding.sha256)
        except vault.Locked as locked:
            yield f"No evidence can be verified: {locked}"
            return
        except vault.Damaged as damage:
            # One that was removed while this was running is no loss.
            if type(holding.row)._default_manager.filter(pk=holding.row.pk).exists():
                yield f"Evidence {holding.name}: {damage}."


class Aside(str):
    """A sentence about something that breaks no promise, printed after its ``label``."""

    label = ""


class Leftover(Aside):
    """About something that a crash or an unfinished form has left, and that a sweep will remove."""

    label = "LEFTOVER"


class Older(Aside):
    """About something that was right when it was entered, but that a later rule refuses."""

    label = "OLDER"


def leftovers() -> Iterator[str]:
    """Yield files that no row names: as a ``Leftover`` until a sweep is overdue, then as a breach.

    Nothing of removed items may stay, and nothing of unfinished work for longer than a sweep takes.
    """
    # A file that came in meanwhile has its row by now, or is not a minute old.
    known = held_names()
    try:
        for name, age in vault.leftovers(known, older_than=ARRIVAL_SECONDS):
            if age < LEFT_FOR.total_seconds():
                yield Leftover(
                    f"{name}: this file belongs to no item; a sweep removes it a day after it arrived."
                )
            else:
                yield (
                    f"{name}: this file belongs to no item, and no sweep has removed it for two days. "
                    "Run manage.py sweep_evidence, and check whether the jobs run."
                )
    except vault.Locked as locked:
        yield f"Files that belong to no item cannot be looked for: {locked}"
    for folder in workplace.left():
        yield Leftover(
            f"{folder}: left by a backup or restore that was killed; a sweep removes it within the hour."
        )


def origins() -> Iterator[str]:
    """Yield evidence whose recorded hash or size is not the one in the event of its arrival.

    The event is tied into the sequence, so that a change of both file and row is found too.
    """
    added = Event.objects.filter(kind=EventKind.EVIDENCE_ADDED, redacted_at=None).exclude(evidence=None)
    for event in added.select_related("evidence").order_by("seq").iterator(chunk_size=500):
        item = event.evidence
        assert item is not None  # none without an item is asked for
        said = {name: event.payload[name] for name in ("sha256", "size") if name in event.payload}
        if any(getattr(item, name) != value for name, value in said.items()):
            yield f"Evidence {item.key}: its hash or size differs from what event {event.seq} recorded."


def copies() -> Iterator[str]:
    """Yield copies of pages that are not what their event says, or that are gone without a removal."""
    told = Event.objects.filter(kind=EventKind.CAPTURED, redacted_at=None).select_related("evidence")
    for event in told.order_by("seq").iterator(chunk_size=500):
        item = event.evidence
        assert item is not None  # a copy is of one
        kept = Capture.objects.filter(evidence=item, number=event.payload["number"]).first()
        if kept is None or (kept.sha256, kept.size) != (event.payload["sha256"], event.payload["size"]):
            yield f"Evidence {item.key}: a copy differs from what event {event.seq} recorded."


def sealed() -> Iterator[str]:
    """Yield sealed items that nobody can open, that are not encrypted, or from which something was made."""
    items = Evidence.objects.filter(is_sealed=True)
    for item in items.exclude(object_name="").iterator(chunk_size=500):
        if not item.sealed_to:
            yield f"Evidence {item.key}: it is sealed, but no officer is recorded who can open it."
        if not _is_encrypted(item):
            yield f"Evidence {item.key}: it is marked as sealed, but this server can open it."
    for model, name in ((Derived, "derived_from"), (Examination, "evidence"), (Passage, "evidence")):
        for key in items.filter(pk__in=model.objects.values(name)).values_list("key", flat=True):
            yield f"Evidence {key}: it is sealed, but something was made from its content."


def _is_encrypted(item: Evidence) -> bool:
    """Say whether the bytes begin like an age file; damaged objects are reported by another check."""
    try:
        with vault.open_object(item.object_name) as stream:
            return stream.read(len(vault.AGE_HEAD)) == vault.AGE_HEAD
    except vault.Damaged:
        return True


def named_officers() -> Iterator[str]:
    """Yield officers who are in the list but were never named, and who were named but are not in it.

    Somebody who can write the list could have testimony sealed to a key of their own.
    """
    told: dict[str, str] = {}
    changes = Event.objects.filter(kind=EventKind.KEYS_CHANGED, payload__has_key="officer")
    for payload in changes.order_by("seq").values_list("payload", flat=True):
        told.pop(payload["key"], None)
        if payload["did"] == OFFICER_NAMED:
            told[payload["key"]] = payload["officer"]
    listed = {one.key: one.name for one in vault.officers.officers()}
    for key in sorted(listed.keys() - told.keys()):
        yield (f"Officer {listed[key]} ({key}): in the list but never named; new files are sealed to them.")
    for key in sorted(told.keys() - listed.keys()):
        yield (f"Officer {told[key]} ({key}): named but not in the list; new files are not sealed to them.")


def rights() -> Iterator[str]:
    """Yield people who have a Django right beside their role; no door checks it, and nothing here gave it."""
    beside = User.objects.filter(Q(is_superuser=True) | Q(user_permissions__isnull=False)).distinct()
    for person in beside.order_by("pk"):
        yield f"Person {person.pk} has rights set in the database beside their role; these have no effect."


def named() -> Iterator[str]:
    """Yield people whose names break newer rules: names with invisible characters, names that look alike.

    No new name can be like this, and an upgrade cannot correct old names.
    """
    where = "The person can change it in their settings, or a manager on the desk, under People."
    alike: dict[str, list[int]] = {}
    for pk, name in User.objects.filter(is_example=False).order_by("pk").values_list("pk", "name"):
        if problem := allowed_names.problem_of(name):
            yield Older(f"Person {pk}: {problem} The name is older than this rule. {where}")
        alike.setdefault(allowed_names.skeleton(name), []).append(pk)
    for group in alike.values():
        if len(group) > 1:
            who = ", ".join(map(str, group))
            yield Older(f"People {who} have names that look alike and are older than this rule. {where}")


CHECKS = {
    "Statuses follow from approved updates": statuses,
    "Every decision has its review": reviews,
    "What is published was decided by a second person": publications,
    "Restricted updates count by a reviewer's word": counting,
    "Recommendations match their source": source_breaches.sources,
    "Reports repeat their newest source version": source_breaches.newest_versions,
    "Evidence files are whole": objects,
    "Leftovers are swept": leftovers,
    "The event sequence is unbroken": log.breaches,
    "The event sequence holds every published hash": anchors.contradicted,
    "Every redaction has its event": log.unexplained_redactions,
    "The database refuses to change what happened": triggers.missing,
    "Evidence matches its first event": origins,
    "Copies of pages match what was recorded": copies,
    "Nothing was made from sealed evidence": sealed,
    "Officers are those who were named": named_officers,
    "Editions match what was frozen": editions.breaches,
    "Nobody has rights beside their role": rights,
    "Names are valid and do not look alike": named,
}
