"""Exporting evidence for a partner as a bundle: complete, encrypted if it must be, recorded on each item."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple

import pyrage
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pyrage import x25519

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import EventKind, Sensitivity
from recommendations.errors import Refused
from recommendations.exports import bundles
from recommendations.models import Citation, Evidence, Recommendation, User


class Contents(NamedTuple):
    """Items of a bundle, the oldest first, and their citations by approved updates."""

    items: QuerySet[Evidence]
    citations: QuerySet[Citation]


def contents(*, person: User, recommendations: QuerySet[Recommendation]) -> Contents:
    """Return the items cited by approved updates that ``person`` can see.

    Args:
        recommendations: visible ones.
    """
    cited = Citation.objects.counted_for(person).filter(update__recommendation__in=recommendations)
    cited = cited.select_related("update__recommendation").order_by("pk")
    items = Evidence.objects.visible_to(person).filter(pk__in=cited.order_by().values("evidence"))
    return Contents(items.order_by("uploaded_at", "pk"), cited)


def without_restricted(*, items: QuerySet[Evidence], citations: QuerySet[Citation]) -> Contents:
    """Return contents without restricted items and without what restricted updates say.

    An item that only restricted updates cite is left out too: it would reveal such an update.
    """
    citations = citations.exclude(update__sensitivity=Sensitivity.RESTRICTED)
    items = items.exclude(sensitivity=Sensitivity.RESTRICTED)
    return Contents(items.filter(pk__in=citations.order_by().values("evidence")), citations)


def without_sealed(*, items: Iterable[Evidence]) -> tuple[list[Evidence], int]:
    """Return (items, how many were left out): sealed items are never exported, nor is anything about them."""
    held = list(items)
    kept = [item for item in held if not item.is_sealed]
    return kept, len(held) - len(kept)


def read_recipient(*, text: str) -> x25519.Recipient | None:
    """Return the age recipient that a text names, or None for none. Raises: ValidationError."""
    if not text.strip():
        return None
    try:
        return vault.keys.parse_recipient(text)
    except vault.Locked:
        raise ValidationError(
            {
                "recipient": _(
                    "This is not an age key. An age key begins with age1; the program age-keygen makes one."
                )
            }
        ) from None


def export(
    *,
    person: User,
    items: Iterable[Evidence],
    citations: Iterable[Citation],
    about: str,
    originals: bool,
    recipient: str,
    reason: str,
    now: datetime,
) -> BinaryIO:
    """Build a bundle, and record on each of its items that it was exported, as what, to whom and why.

    Sealed items are left out; the bundle says how many there were.

    Args:
        items, citations: what ``contents`` returned, or a part of it.
        about: what it is about, in words.
        originals: as for ``bundles.pieces``.
        recipient: the partner's age key as text; needed if anything in the bundle is restricted.
        reason: who it is for and how it will be used.

    Returns: a file at its beginning, which is deleted when it is closed.

    Raises: ValidationError per field; Refused when a file is damaged, nothing is there, or the disk is full.
    """
    items, citations = list(items), list(citations)
    key = read_recipient(text=recipient)
    _check(items, citations, key, reason)
    items, sealed = without_sealed(items=items)
    if not items:
        raise Refused(
            _("There is nothing to export: everything here is sealed, and sealed items are never exported.")
        )
    parts = bundles.pieces(items, person, originals=originals)
    size = sum(held.size or 0 for part in parts for _path, held in part.members)
    # Twice, while it is encrypted.
    if not vault.has_room_for(size * (2 if key else 1)):
        raise Refused(vault.no_room())
    stream = _built(parts, _cited(citations), about, sealed, key, now)
    try:
        _record(parts, person, recipient.strip(), reason.strip(), now)
    except BaseException:
        stream.close()
        raise
    return stream


def _check(
    items: Sequence[Evidence], citations: Sequence[Citation], key: x25519.Recipient | None, reason: str
) -> None:
    if not items:
        raise Refused(_("There is nothing to export: no approved update cites evidence that you can see."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say who it is for and how it will be used.")})
    restricted = any(item.sensitivity == Sensitivity.RESTRICTED for item in items) or any(
        one.update.sensitivity == Sensitivity.RESTRICTED for one in citations
    )
    if restricted and key is None:
        raise ValidationError(
            {
                "recipient": _(
                    "It holds restricted items, so it can only be exported encrypted. Enter "
                    "your partner’s key."
                )
            }
        )


def _cited(citations: Iterable[Citation]) -> dict[int, list[dict[str, str]]]:
    """Return {item's id: [which update cites it, and how]}."""
    cited: dict[int, list[dict[str, str]]] = {}
    for one in citations:
        told = {
            "recommendation": one.update.recommendation.reference,
            "update": str(one.update.key),
            "as_of": one.update.as_of.isoformat(),
            "stance": one.stance,
            "where": one.locator,
        }
        cited.setdefault(one.evidence_id, []).append(told)
    return cited


def _built(
    parts: Sequence[bundles.Piece],
    cited: dict[int, list[dict[str, str]]],
    about: str,
    sealed: int,
    key: x25519.Recipient | None,
    now: datetime,
) -> BinaryIO:
    """Return the file. Raises: Refused."""
    plain = vault.scratch()
    try:
        bundles.write(plain, parts, cited=cited, about=about, sealed=sealed, now=now)
        return _encrypted(plain, key) if key else _rewound(plain)
    except vault.Damaged as damage:
        plain.close()
        raise Refused(
            _("A file is damaged or cannot be opened (%(what)s). Nothing was exported. Tell your manager.")
            % {"what": damage}
        ) from damage
    except OSError as error:
        plain.close()
        raise Refused(vault.no_room()) from error


def _encrypted(plain: BinaryIO, key: x25519.Recipient) -> BinaryIO:
    encrypted = vault.scratch()
    try:
        with _rewound(plain):
            pyrage.encrypt_io(plain, encrypted, [key])
    except pyrage.EncryptError as error:
        encrypted.close()
        raise OSError(str(error)) from error
    return _rewound(encrypted)


def _rewound(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


@transaction.atomic
def _record(parts: Sequence[bundles.Piece], person: User, recipient: str, reason: str, now: datetime) -> None:
    """Record the export on each item; the recipient's key is public.

    Raises: Refused when an item was restricted, closed to the person or removed while the bundle was built.
    """
    rows = Evidence.objects.visible_to(person).filter(pk__in=[part.item.pk for part in parts])
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("pk")
    stands = {row.pk: (row.sensitivity, row.removed_at) for row in locked}
    if any(stands.get(part.item.pk) != (part.item.sensitivity, part.item.removed_at) for part in parts):
        raise Refused(
            _("Access to an item changed while the bundle was made. Nothing was exported. Try again.")
        )
    bundle = str(uuid.uuid4())
    for part in sorted(parts, key=lambda part: part.item.pk):
        log.record(
            EventKind.EXPORTED,
            now=now,
            actor=person,
            evidence=part.item,
            bundle=bundle,
            file_is=part.file_is,
            copies=[page.held.number for page in part.pages],
            sealed_to=recipient,
            reason=reason,
        )
