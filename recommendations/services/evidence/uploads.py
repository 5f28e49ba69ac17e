"""Files that were sent with a form and wait until it is complete; then they become evidence, or are swept.

If the form says so, a file is sealed to the officers' keys before it is stored.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations import vault
from recommendations.errors import Refused
from recommendations.files import types
from recommendations.models import CONTENT_FIELDS, Evidence, StagedUpload, User, item_key
from recommendations.rules.submission import require_contributor
from recommendations.selectors.holdings import held_names
from recommendations.vault.streams import Readable

STAGED_FOR = timedelta(days=1)
# What a waiting file hands on when it is sealed while it waits.
STAGED_FIELDS = ("uploaded_by", "form_key", *CONTENT_FIELDS, "received_at", "details")


def stage(
    *,
    incoming: vault.Incoming,
    name: str,
    uploader: User,
    form_key: UUID,
    now: datetime,
    details: Mapping[str, str] | None = None,
    sealed: bool = False,
) -> UUID:
    """Keep a received file until its form is complete.

    Args:
        incoming: a finished ``vault.Incoming``; published or discarded here.
        name: the original file name.
        details: what was typed beside it, shown again when the draft is opened.
        sealed: whether it is sealed to the officers' keys before it is stored.

    Returns: the key by which ``add_file`` finds it. The same bytes with the same form are kept once.

    Raises: Refused because of the role, the type, an empty file, a full disk, or because sealing is not
    possible here.
    """
    try:
        require_contributor(uploader)
        name, sha256 = types.clean_name(name), incoming.sha256
        key = item_key(uploader=uploader, form_key=form_key, content=f"{sha256} {name}")
        about = {"uploaded_by": uploader, "form_key": form_key, "received_at": now}
        fields = about | {"details": _as_typed(details or {})} | _about_bytes(incoming, name)
        if sealed:
            _refuse_if_open(key, name, uploader)
            with incoming.open() as content:
                key, sealed_up, fields = _enclosed(key, fields, content, now)
            incoming.discard()
            incoming = sealed_up
        _keep_once(key, incoming, fields)
        if sealed:
            _drop_open_copies(sha256, uploader)
    finally:
        incoming.discard()
    return key


def _about_bytes(incoming: vault.Incoming, name: str) -> dict[str, Any]:
    """Return the columns about the bytes of a file. Raises: Refused for a type that is not kept."""
    content_type = types.check(incoming.path, name)
    said = {"original_name": name, "content_type": content_type}
    return {**said, "size": incoming.size, "sha256": incoming.sha256}


def _refuse_if_open(key: UUID, name: str, uploader: User) -> None:
    """Refuse to seal what the same form added unsealed: people who went back must not take it for sealed."""
    if Evidence.objects.filter(key=key, uploaded_by=uploader).exclude(object_name="").exists():
        raise Refused(
            _(
                "“%(name)s” was already added from this form, and not sealed: it is on this "
                "server, under Evidence. Propose its removal there (“Keep or remove”). To add it "
                "sealed, start with a new form."
            )
            % {"name": name}
        )


def _keep_once(key: UUID, incoming: vault.Incoming, fields: dict[str, Any]) -> None:
    """Publish the bytes and make their row, unless this form sent them already. No row, no bytes."""
    if _is_kept(key):
        incoming.discard()
        return
    object_name = vault.publish(incoming)
    made = False
    try:
        with transaction.atomic():
            _row, made = StagedUpload.objects.get_or_create(
                key=key, defaults={**fields, "object_name": object_name}
            )
    finally:
        if not made:
            vault.remove(object_name)


def seal_staged(*, key: UUID, uploader: User, now: datetime) -> UUID:
    """Seal a file that was received before its level was chosen, and remove the unsealed file.

    Returns: the key of the sealed file; for one that is already sealed, or is not there, the same key again.

    Raises: Refused when nothing can be sealed here, or the file cannot be opened or stored.
    """
    sealed_key = vault.officers.sealed_key(key)
    staged = StagedUpload.objects.filter(key=key, uploaded_by=uploader, is_sealed=False).first()
    if staged is None:
        return sealed_key if _is_kept(sealed_key) else key
    fields = {name: getattr(staged, name) for name in STAGED_FIELDS}
    try:
        with vault.open_verified(staged.object_name, size=staged.size, sha256=staged.sha256) as content:
            _key, incoming, fields = _enclosed(key, fields, content, now)
    except vault.Locked as locked:
        raise Refused(vault.no_key()) from locked
    except vault.Damaged as damage:
        if _is_kept(sealed_key):
            # Two clicks at once: the other one sealed it, and took away what waited.
            return sealed_key
        raise Refused(_("This file is damaged on the server. Remove it and send it again.")) from damage
    _keep_once(sealed_key, incoming, fields)
    _drop_open_copies(staged.sha256, uploader)
    return sealed_key


def _drop_open_copies(sha256: str, uploader: User) -> None:
    """Remove unsealed waiting files of the same person whose content is now sealed, whatever their form.

    Somebody who forgot the level goes back, or starts with a new form, and sends the file again.
    """
    open_copies = StagedUpload.objects.filter(uploaded_by=uploader, sha256=sha256, is_sealed=False)
    for key in list(open_copies.values_list("key", flat=True)):
        drop_staged(key=key, uploader=uploader)


def _enclosed(
    key: UUID, fields: dict[str, Any], content: Readable, now: datetime
) -> tuple[UUID, vault.Incoming, dict[str, Any]]:
    """Seal content to the officers. Returns: (key, incoming, fields) of the sealed file."""
    about = {"title": fields["details"].get("title", ""), "received_at": fields["received_at"].isoformat()}
    about |= {name: fields[name] for name in CONTENT_FIELDS}
    key, incoming, known = vault.enclose(content, key=key, about=about, now=now)
    return key, incoming, fields | known


def _is_kept(key: UUID) -> bool:
    return Evidence.objects.filter(key=key).exists() or StagedUpload.objects.filter(key=key).exists()


def _as_typed(details: Mapping[str, str]) -> dict[str, str]:
    """Return words that no form has checked, without the character NUL, which PostgreSQL cannot store."""
    return {name: value.replace("\0", "") for name, value in details.items()}


def staged_for(*, uploader: User, form_key: UUID) -> QuerySet[StagedUpload]:
    """Return the files that wait for one form of one person."""
    return StagedUpload.objects.filter(uploaded_by=uploader, form_key=form_key)


@transaction.atomic
def restage(*, key: UUID, uploader: User, details: Mapping[str, str], now: datetime) -> None:
    """Note what is typed beside a waiting file, and that its form is still in use."""
    StagedUpload.objects.filter(key=key, uploaded_by=uploader).update(
        details=_as_typed(details), received_at=now
    )


def remove_staged(*, key: UUID, uploader: User) -> None:
    """Remove a waiting file that is not wanted, also if it was sealed since its form was read."""
    drop_staged(key=key, uploader=uploader)
    if vault.officers.marks_file().exists():
        drop_staged(key=vault.officers.sealed_key(key), uploader=uploader)


def drop_staged(*, key: UUID, uploader: User) -> None:
    """Remove only the waiting file of this key."""
    with transaction.atomic():
        rows = StagedUpload.objects.select_for_update(no_key=True)
        staged = rows.filter(key=key, uploaded_by=uploader).first()
        if staged:
            staged.delete()
    if staged:
        vault.remove(staged.object_name)


def waiting_too_long(*, now: datetime) -> QuerySet[StagedUpload]:
    """Return the staged files that nobody has used for a day."""
    return StagedUpload.objects.filter(received_at__lt=now - STAGED_FOR)


def sweep(*, now: datetime) -> list[str]:
    """Remove staged files a day after their last use, and what a crash left in the vault.

    Returns: the names of the removed objects and spooled files.
    """
    with transaction.atomic():
        rows = waiting_too_long(now=now).select_for_update(no_key=True).order_by("pk")
        staged = list(rows.values_list("object_name", flat=True))
        StagedUpload.objects.filter(object_name__in=staged).delete()
    for object_name in staged:
        vault.remove(object_name)
    return staged + vault.sweep(held_names(), older_than=STAGED_FOR.total_seconds())
