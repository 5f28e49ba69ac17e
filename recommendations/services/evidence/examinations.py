"""What is done with evidence in the background: scanning, drawing previews and copies, reading its text.

Every step is a row (``Examination``): the worker that takes it first does it, and if it is killed, another
one takes over. The item itself is never changed.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from recommendations import vault
from recommendations.choices import EvidenceForm, ExaminationState, Finding, Purpose, Sensitivity
from recommendations.files import scanning
from recommendations.files.sandbox import Part, Unreadable, inspect
from recommendations.models import Derived, Evidence, Examination, Passage
from recommendations.models.leases import new_lease
from recommendations.selectors import derived
from recommendations.text import tokens

logger = logging.getLogger(__name__)

# Longer than the longest examination: a worker that is silent for so long is dead.
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 3
BATCH = 500
RETRY = timedelta(hours=1)
# Scanners learn: what was clean is asked about again.
RESCAN = timedelta(days=90)


def waiting(*, purpose: Purpose, now: datetime) -> QuerySet[Evidence]:
    """Return the items that wait to be examined for ``purpose``."""
    known = Examination.objects.filter(evidence=OuterRef("pk"), purpose=purpose)
    later = known.filter(due_at__gt=now) | known.held(now) | known.filter(due_at=None, lease_until=None)
    return _wanted(purpose).filter(~Exists(later)).order_by("pk")


def _wanted(purpose: Purpose) -> QuerySet[Evidence]:
    # Nobody here can look into what is sealed; a scanner would find the envelope clean.
    files = Evidence.objects.filter(form=EvidenceForm.FILE, is_sealed=False).exclude(object_name="")
    if purpose == Purpose.VIRUS:
        return files if scanning.is_set_up() else files.none()
    infected = Examination.objects.filter(
        evidence=OuterRef("pk"), purpose=Purpose.VIRUS, finding=Finding.INFECTED
    )
    wanted = files.filter(content_type__in=TYPES[purpose]).filter(~Exists(infected))
    # What a restricted item says is written nowhere but in its file (docs/domain.md, "Sensitivity").
    return wanted.exclude(sensitivity=Sensitivity.RESTRICTED) if purpose == Purpose.WORDS else wanted


def examine_waiting(*, now: datetime, seconds: float | None = None) -> int:
    """Do the examinations that wait.

    Args:
        seconds: after how long no further item is begun; None to go on to the end.

    Returns: how many examinations were finished.
    """
    # The net under the doors: whatever way an item was restricted, its words do not stay.
    derived.forget_words(Evidence.objects.filter(sensitivity=Sensitivity.RESTRICTED, passages__isnull=False))
    began, done = time.monotonic(), 0
    for purpose in Purpose:
        # Read whole before anything is written: SQLite lets no reader become a writer late.
        for item in list(waiting(purpose=purpose, now=now)[:BATCH]):
            if seconds is not None and time.monotonic() - began > seconds:
                return done
            done += _examine(item, purpose, now)
    return done


def _examine(item: Evidence, purpose: Purpose, now: datetime) -> bool:
    """Take one item, examine it, and record how it ended. Returns whether it was finished."""
    taken = _take(item, purpose, now)
    if taken is None:
        return False
    if taken.attempts > MOST_ATTEMPTS:
        return _end(taken, now, Finding.CRASHED)
    try:
        WORK[purpose](item, taken, now)
    except Unreadable as error:
        return _end(taken, now, Finding(error.reason))
    except vault.Locked as locked:
        logger.error("Evidence %s cannot be opened now: %s", item.key, locked)
        return _end(taken, now, Finding.DAMAGED, due_at=now + RETRY)
    except vault.Damaged as damage:
        logger.error("Evidence %s cannot be examined: %s", item.key, damage)
        return _end(taken, now, Finding.DAMAGED)
    except Exception:
        # Kept for the next worker; three of them are enough. The others must not wait behind this one.
        logger.exception("Evidence %s could not be examined for %s.", item.key, purpose)
        return False
    return True


def _take(item: Evidence, purpose: Purpose, now: datetime) -> Examination | None:
    """Take an item for this worker. Returns the row, or None when another was first."""
    until, known = now + LEASE, Examination.objects.filter(evidence=item, purpose=purpose)
    token = known.lost(now).take(until, attempts=F("attempts") + 1) or known.filter(due_at__lte=now).take(
        until, state=ExaminationState.RUNNING, due_at=None, attempts=1
    )
    if token:
        return known.filter(lease_token=token).first()
    try:
        with transaction.atomic():
            return Examination.objects.create(evidence=item, purpose=purpose, attempts=1, **new_lease(until))
    except IntegrityError:
        return None


def _end(
    taken: Examination,
    now: datetime,
    finding: Finding = Finding.NONE,
    *,
    detail: str = "",
    due_at: datetime | None = None,
) -> bool:
    """Record how an examination ended, unless its worker was given up meanwhile. Returns whether it did."""
    failed = finding not in (Finding.NONE, Finding.INFECTED)
    return Examination.objects.settle(
        taken,
        state=ExaminationState.FAILED if failed else ExaminationState.DONE,
        finding=finding,
        detail=detail,
        due_at=due_at,
        ended_at=now,
    )


def _opened(item: Evidence) -> BinaryIO:
    assert item.size is not None  # of a link alone there is none, and only files are looked into
    return vault.open_verified(item.object_name, size=item.size, sha256=item.sha256)


def _scan(item: Evidence, taken: Examination, now: datetime) -> None:
    """Ask the virus scanner. Previews and copies are newly drawn, and stay even if a virus is found later."""
    with _opened(item) as stream:
        finding, detail = scanning.scan(stream)
    due_at = now + (RETRY if finding == Finding.UNREACHABLE else RESCAN)
    _end(taken, now, finding, detail=detail, due_at=due_at)


def _draw(item: Evidence, taken: Examination, now: datetime) -> None:
    """Make the copy without metadata, the previews, and the record of the metadata."""
    rows = []
    try:
        with _opened(item) as stream:
            for part in inspect("pictures", stream, content_type=item.content_type):
                rows.append(_keep(part, item, now))
        with transaction.atomic():
            # Nothing is made of an item that was removed meanwhile, or by a worker that was given up.
            Evidence.objects.select_for_update(no_key=True).get(pk=item.pk, object_name=item.object_name)
            if not _end(taken, now):
                raise Evidence.DoesNotExist
            Derived.objects.bulk_create(rows)
    except BaseException as error:
        for row in rows:
            vault.remove(row.object_name)
        if not isinstance(error, Evidence.DoesNotExist):
            raise


def _keep(part: Part, item: Evidence, now: datetime) -> Derived:
    """Put one part into the vault. Returns its row, which is not saved yet."""
    incoming = vault.Incoming(part.size)
    try:
        for chunk in part.chunks:
            incoming.write(chunk)
        incoming.finish()
        return Derived(
            derived_from=item,
            kind=part.kind,
            number=part.number,
            content_type=part.content_type,
            width=part.width,
            height=part.height,
            size=incoming.size,
            sha256=incoming.sha256,
            object_name=vault.publish(incoming),
            made_at=now,
        )
    finally:
        incoming.discard()


def _read(item: Evidence, taken: Examination, now: datetime) -> None:
    """Put the words of a document into the search, unless it was restricted meanwhile."""
    with _opened(item) as stream:
        parts = inspect("words", stream, content_type=item.content_type)
        pages = [(part.number, b"".join(part.chunks).decode("utf-8", "replace")) for part in parts]
    rows = [
        Passage(evidence=item, page=page, part=number, text=text, tokens=tokens.tokens_of(text))
        for page, words in pages
        for number, text in enumerate(tokens.passages_of(words), start=1)
    ]
    with transaction.atomic():
        locked = Evidence.objects.select_for_update(no_key=True)
        still = locked.filter(pk=item.pk, object_name=item.object_name)
        if still.exclude(sensitivity=Sensitivity.RESTRICTED).exists() and _end(taken, now):
            Passage.objects.filter(evidence=item).delete()
            Passage.objects.bulk_create(rows, batch_size=200)


def forget_failures() -> int:
    """Let every failed examination be done again. Returns: how many there were."""
    gone, _rows = Examination.objects.filter(state=ExaminationState.FAILED).delete()
    return gone


WORK = {Purpose.VIRUS: _scan, Purpose.PICTURES: _draw, Purpose.WORDS: _read}
TYPES = {
    Purpose.PICTURES: (*derived.PICTURES, "application/pdf"),
    Purpose.WORDS: (
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/csv",
        "application/csv",
    ),
}
