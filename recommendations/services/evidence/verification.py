"""Reading evidence again: each object is opened and compared with what was recorded. Nothing is repaired.

Damage stays on record until the object is found whole again, as it is after a restore from a backup. Items
are named by key: a title can be restricted, and this is read in terminals and logs.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import EventKind
from recommendations.models import Damage, Evidence, Heartbeat, User
from recommendations.selectors.holdings import Holding, held_names, holdings
from recommendations.vault import keys, reencryption

logger = logging.getLogger(__name__)

VERIFIED, DRILL = "evidence_verify", "recovery_drill"
# Everything is read again in a month; what came in since yesterday, the same night.
SHARES = 30
NIGHTLY = timedelta(hours=20)
NEW = timedelta(hours=26)
# Three nights missed are no accident.
OVERDUE = timedelta(days=3)
# A quarter and a week (docs/evidence.md, "Keys").
DRILL_EVERY = timedelta(days=98)


# Which part of all objects, and of how many parts.
type Share = tuple[int, int]


@dataclass
class Result:
    """What a run found; ``problems`` are sentences. ``locked`` says why nothing could be read."""

    checked: int = 0
    problems: list[str] = field(default_factory=list)
    unencrypted: int = 0
    locked: str = ""


def share_of(*, now: datetime) -> Share:
    """Return the share of tonight."""
    return now.toordinal() % SHARES + 1, SHARES


def is_due(*, now: datetime) -> bool:
    """Say whether a nightly run is due."""
    last = Heartbeat.objects.filter(name=VERIFIED).first()
    return last is None or now - last.at >= NIGHTLY


def in_share(*, object_name: str, share: Share) -> bool:
    """Say whether an object belongs to a share; its random name puts it into exactly one."""
    number, of = share
    return int(object_name[-8:], 16) % of == number - 1


def verify(
    *,
    now: datetime,
    share: Share | None = None,
    progress: Callable[[Sequence[Holding]], Iterable[Holding]] = iter,
) -> Result:
    """Open objects and compare them with what was recorded; record damage, and the run itself.

    Args:
        share: which share to read, besides everything new since yesterday; None for all objects.
        progress: wraps the list of holdings and yields them.

    Returns: a ``Result``. If the key is missing or wrong, only the log records it.
    """
    result = Result()
    try:
        result.unencrypted = len(reencryption.unencrypted())
        keys.check()
        for holding in progress(_chosen(share, now)):
            _verify_one(holding, now, result)
    except vault.Locked as locked:
        logger.error("Evidence cannot be verified: %s", locked)
        result.locked = str(locked)
        return result
    _forget_what_is_gone()
    Heartbeat.objects.beat(
        VERIFIED, now, share="/".join(map(str, share or (1, 1))), whole=not result.problems
    )
    return result


def _chosen(share: Share | None, now: datetime) -> list[Holding]:
    if share is None:
        return list(holdings())
    return [
        held
        for held in holdings()
        if in_share(object_name=held.object_name, share=share) or _is_new(held.row, now)
    ]


def _is_new(row: object, now: datetime) -> bool:
    came_at = getattr(row, "uploaded_at", None) or getattr(row, "received_at", None)
    return came_at is not None and now - came_at <= NEW


def _verify_one(holding: Holding, now: datetime, result: Result) -> None:
    result.checked += 1
    try:
        vault.verify(holding.object_name, size=holding.size, sha256=holding.sha256)
    except vault.Locked:
        raise
    except vault.Damaged as damage:
        if type(holding.row)._default_manager.filter(pk=holding.row.pk).exists():
            logger.error("Evidence %s is damaged: %s", holding.name, damage)
            result.problems.append(f"Evidence {holding.name}: {damage}.")
            _record(holding, damage, now)
        return
    Damage.objects.filter(object_name=holding.object_name).delete()


def _forget_what_is_gone() -> None:
    """Remove from the record what no row names any more, as after a removal."""
    held = held_names()
    gone = [damage.pk for damage in Damage.objects.all() if damage.object_name not in held]
    Damage.objects.filter(pk__in=gone).delete()


@transaction.atomic
def _record(holding: Holding, damage: vault.Damaged, now: datetime) -> None:
    """Record damage, and add it to the event sequence when it is first seen."""
    _damage, is_first = Damage.objects.update_or_create(
        object_name=holding.object_name,
        defaults={"seen_at": now, "problem": str(damage)[:300]},
        create_defaults={
            "found_at": now,
            "seen_at": now,
            "problem": str(damage)[:300],
            "evidence": holding.item,
        },
    )
    if is_first:
        log.record(EventKind.DAMAGE_FOUND, now=now, evidence=holding.item)


# --- What the desk says ---------------------------------------------------------------------------


@dataclass
class State:
    """Whether evidence is safe: the keys, the nightly reading, the damage found.

    ``damaged`` are the items that the reader can see; ``more`` says that there are others.
    """

    key_trouble: str = ""
    is_loose: bool = False
    no_recovery: bool = False
    no_officers: bool = False
    unfinished: bool = False
    drilled_at: datetime | None = None
    drill_due: bool = False
    verified_at: datetime | None = None
    verify_overdue: bool = False
    damaged: list[Evidence] = field(default_factory=list)
    more: bool = False

    @property
    def has_notes(self) -> bool:
        """Whether somebody has to do something."""
        return any((self.no_recovery, self.no_officers, self.drill_due, self.unfinished, self.is_loose))


def state(*, user: User, now: datetime) -> State:
    """Return what a reviewer or manager is told about the safety of evidence; two statements."""
    beats = {beat.name: beat for beat in Heartbeat.objects.filter(name__in=[VERIFIED, DRILL])}
    verified, drill = beats.get(VERIFIED), beats.get(DRILL)
    seen = Exists(Evidence.objects.visible_to(user).filter(pk=OuterRef("evidence")))
    damages = list(Damage.objects.annotate(seen=seen).select_related("evidence"))
    found = State(
        is_loose=keys.is_loose(),
        no_recovery=not keys.recovery_recipients(),
        no_officers=vault.officers.too_few(),
        unfinished=reencryption.is_unfinished(),
        drilled_at=drill.at if drill else None,
        verified_at=verified.at if verified else None,
        verify_overdue=verified is not None and now - verified.at > OVERDUE,
        damaged=[damage.evidence for damage in damages if damage.seen and damage.evidence],
        more=any(not damage.seen for damage in damages),
    )
    passed = drill is not None and drill.detail.get("passed") and now - drill.at <= DRILL_EVERY
    found.drill_due = not found.no_recovery and not passed
    try:
        keys.check()
    except vault.Locked as locked:
        found.key_trouble = str(locked)
    return found
