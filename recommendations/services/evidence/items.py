"""Making an evidence item of a file that waits (``uploads``), or of a link.

Locks are taken in one order, rows first and the event sequence last. No event holds the title of an
item, so that an item made restricted later has not been revealed already.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import EventKind, EvidenceForm, Sensitivity
from recommendations.errors import Refused
from recommendations.models import (
    CONTENT_FIELDS,
    DETAIL_FIELDS,
    SEALING_FIELDS,
    Evidence,
    Recommendation,
    StagedUpload,
    User,
)
from recommendations.rules.submission import (
    broken_item_dates,
    broken_item_rules,
    broken_sealing,
    require_contributor,
    validate_address,
)


@transaction.atomic
def add_file(
    *,
    key: UUID,
    uploader: User,
    details: Mapping[str, Any],
    now: datetime,
    recommendation: Recommendation | None = None,
) -> Evidence:
    """Make an evidence item of a staged file, and record it. As ``make_file``."""
    item, is_new = make_file(key=key, uploader=uploader, details=details, now=now)
    if is_new:
        record_added(item=item, recommendation=recommendation, now=now)
    return item


@transaction.atomic
def add_link(
    *,
    key: UUID,
    url: str,
    uploader: User,
    details: Mapping[str, Any],
    now: datetime,
    recommendation: Recommendation | None = None,
) -> Evidence:
    """Make an evidence item of a web address, and record it. As ``make_link``."""
    item, is_new = make_link(key=key, url=url, uploader=uploader, details=details, now=now)
    if is_new:
        record_added(item=item, recommendation=recommendation, now=now)
    return item


def hold_staged(*, keys: Collection[UUID], uploader: User) -> None:
    """Lock several staged files in the order of their primary keys, whatever their order in the form.

    Two forms of one person with the same files then wait for each other without a deadlock.
    """
    rows = StagedUpload.objects.select_for_update(no_key=True)
    list(rows.filter(key__in=keys, uploaded_by=uploader).order_by("pk").values_list("pk"))


@transaction.atomic
def make_file(
    *, key: UUID, uploader: User, details: Mapping[str, Any], now: datetime
) -> tuple[Evidence, bool]:
    """Make an evidence item of a staged file; the caller calls ``record_added`` last.

    Args:
        key: what ``staging.stage`` returned.
        details: values of ``DETAIL_FIELDS``; the sensitivity must be among them, ``SEALED`` for a sealed file
            and for no other. Without a title, the file name is the title, except for a sealed file.

    Returns: (the item, whether it is new); the same again for the same key (a double click).

    Raises: Refused when the file waited too long and was swept; ValidationError per field.
    """
    require_contributor(uploader)
    staged = StagedUpload.objects.select_for_update(no_key=True).filter(key=key, uploaded_by=uploader).first()
    known = Evidence.objects.filter(key=key, uploaded_by=uploader).first()
    if known:
        if staged:
            # Two clicks at once: the other's file came in between; this one is the same bytes again.
            staged.delete()
            transaction.on_commit(partial(vault.remove, staged.object_name))
        return known, False
    if staged is None:
        raise Refused(_("This file is no longer here. Choose it again."))
    kept = {name: getattr(staged, name) for name in (*CONTENT_FIELDS, *SEALING_FIELDS, "object_name")}
    item = Evidence(key=key, form=EvidenceForm.FILE, **kept)
    if problems := broken_sealing(item, details):
        raise ValidationError(problems)
    staged.delete()
    if item.is_sealed:
        details = {**details, "sensitivity": Sensitivity.RESTRICTED}
    else:
        details = {**details, "title": details.get("title") or item.original_name}
    return _make(item, uploader, details, now)


@transaction.atomic
def make_link(
    *, key: UUID, url: str, uploader: User, details: Mapping[str, Any], now: datetime
) -> tuple[Evidence, bool]:
    """Make an evidence item of a web address; nothing is fetched.

    Args: as ``make_file``; ``key`` is from ``item_key``. A title must be among the details.

    Returns: as ``make_file``. Raises: ValidationError per field.
    """
    require_contributor(uploader)
    known = Evidence.objects.filter(key=key, uploaded_by=uploader).first()
    if known:
        return known, False
    try:
        validate_address(url)
    except ValidationError as error:
        raise ValidationError({"url": error.messages}) from error
    return _make(Evidence(key=key, form=EvidenceForm.LINK, url=url), uploader, details, now)


def _make(item: Evidence, uploader: User, details: Mapping[str, Any], now: datetime) -> tuple[Evidence, bool]:
    if details.get("sensitivity") not in Sensitivity.values:
        raise ValidationError({"sensitivity": _("Choose who can see this.")})
    item.uploaded_by, item.uploaded_at = uploader, now
    for name in DETAIL_FIELDS:
        if details.get(name) not in (None, ""):
            setattr(item, name, details[name])
    item.clean_fields()
    if problems := broken_item_rules(item) | broken_item_dates(item, today=uploader.today(now)):
        raise ValidationError(problems)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        # Two clicks at once: the other one was first, and its item is this one.
        known = Evidence.objects.filter(key=item.key, uploaded_by=uploader).first()
        if known is None:
            raise
        return known, False
    return item, True


def record_added(*, item: Evidence, recommendation: Recommendation | None, now: datetime) -> None:
    """Record that an item was added; ``recommendation`` is what it is evidence about."""
    log.record(
        EventKind.EVIDENCE_ADDED,
        now=now,
        actor=item.uploaded_by,
        recommendation=recommendation,
        evidence=item,
        form=item.form,
        sensitivity=item.sensitivity,
        **_told_of_bytes(item),
    )


def _told_of_bytes(item: Evidence) -> dict[str, Any]:  # JSON
    """Return what the event says about a file's bytes, and to whom they are sealed."""
    bytes_of_file = {"sha256": item.sha256, "size": item.size} if item.is_file else {}
    officers = {"officers": [one["key"] for one in item.sealed_to]} if item.is_sealed else {}
    return {**bytes_of_file, **officers}
