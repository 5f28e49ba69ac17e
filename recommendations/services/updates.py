"""What an author does with an update: write it, submit it, withdraw it; and the check in two clicks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.choices import CURRENT_CRITERIA, EDITABLE_STATES, Role, UpdateKind, UpdateState
from recommendations.choices.fields import Shape
from recommendations.choices.update_fields import FIELDS, WRITTEN
from recommendations.errors import Refused
from recommendations.models import (
    Citation,
    Evidence,
    PlaceLooked,
    Recommendation,
    StatusUpdate,
    UpdateVersion,
    User,
)
from recommendations.models.locking import locked
from recommendations.rules.conflicts import merged
from recommendations.rules.movement import has_movement
from recommendations.rules.submission import broken_rules
from recommendations.selectors.written import as_submitted, drafted
from recommendations.services.evidence import items

# A place where somebody looked, and when.
type LookedAt = tuple[str, date]
# An item, its stance, and where in it.
type Cited = tuple[Evidence, str, str]


@dataclass
class NewCitation:
    """A citation of an item that is added with the draft: a waiting file or a web address.

    ``key`` is that of the item, ``url`` is empty for a file, ``details`` are what ``evidence.items`` takes.
    Once the draft is saved, either ``item`` is set or ``problem`` says why there is none.
    """

    key: UUID
    url: str
    details: Mapping[str, Any]
    stance: str
    locator: str
    item: Evidence | None = None
    problem: Exception | None = None


@transaction.atomic
def save_draft(
    *,
    author: User,
    recommendation: Recommendation,
    key: UUID,
    fields: Mapping[str, Any],
    now: datetime,
    places: Iterable[LookedAt] = (),
    citations: Iterable[Cited | NewCitation] = (),
    seen: Mapping[str, str] | None = None,
) -> StatusUpdate:
    """Save a new draft completely, or save one again that its author can still change.

    Args:
        author: a contributor.
        key: made by the form. The same key again is the same update: a form posted twice
            makes one.
        fields: values of ``WRITTEN``; a field that is left out keeps its value. A new draft without an
            as-of date takes today.
        places: these replace the previous ones.
        citations: these replace the previous ones; if a ``NewCitation`` among them cannot be
            made, everything else is saved all the same.
        seen: what the form showed of a draft, for ``conflicts.merged``; None for a new one.

    Returns: the update. One that was submitted in the meantime is returned unchanged; files and links of the
    form become evidence all the same.

    Raises: Refused when the author cannot write, or the key belongs to another person; EditConflict.
    """
    if not author.has_role(Role.CONTRIBUTOR):
        raise Refused(
            _("With your role, you can read updates but not write them. Ask a manager to change your role.")
        )
    # Before the update, as whoever decides on it does; and an import that is undone waits, or went first.
    locked(recommendation)
    update = _find_or_create(author, recommendation, key, fields, now)
    cited, made = _with_items(citations, author, now)
    if update.state in EDITABLE_STATES:
        _write(update, fields, places, [*cited, *_hidden_from(author, update)], seen, now)
    for item in made:
        items.record_added(item=item, recommendation=recommendation, now=now)
    return update


def _write(
    update: StatusUpdate,
    fields: Mapping[str, Any],
    places: Iterable[LookedAt],
    citations: list[Cited],
    seen: Mapping[str, str] | None,
    now: datetime,
) -> None:
    """Write over a draft. Raises: EditConflict."""
    given = {name: fields[name] for name in WRITTEN if name in fields}
    given |= {"places": list(places), "citations": citations}
    author, current = update.author, drafted(update=update, names=given)
    given = merged(given, current=current, seen=seen, by=lambda: author, actor=author)
    places, citations = given.pop("places"), given.pop("citations")
    for name, value in given.items():
        setattr(update, name, value)
    if update.kind == UpdateKind.CHECK:
        _drop_assessed(update)
    update.changed_at = now
    update.save()
    _replace_places(update, places)
    _replace_citations(update, citations)


def _hidden_from(author: User, update: StatusUpdate) -> list[Cited]:
    """Return the citations of items that the author can no longer see: they stay as they are."""
    seen = Citation.objects.visible_to(author).filter(update=update).values("pk")
    hidden = update.citations.exclude(pk__in=seen).select_related("evidence")
    return [(row.evidence, row.stance, row.locator) for row in hidden]


def _with_items(
    citations: Iterable[Cited | NewCitation], author: User, now: datetime
) -> tuple[list[Cited], list[Evidence]]:
    """Make the items of new citations. Returns: the triples of all citations, and the items to record."""
    citations = list(citations)
    files = [one.key for one in citations if isinstance(one, NewCitation) and not one.url]
    if files:
        items.hold_staged(keys=files, uploader=author)
    cited: list[Cited] = []
    made: list[Evidence] = []
    for one in citations:
        if not isinstance(one, NewCitation):
            cited.append(one)
            continue
        try:
            item, is_new = _made(one, author, now)
        except (Refused, ValidationError) as problem:
            one.problem = problem
        else:
            one.item = item
            cited.append((item, one.stance, one.locator))
            made += [item] if is_new else []
    return cited, made


def _made(new: NewCitation, author: User, now: datetime) -> tuple[Evidence, bool]:
    """Make the item of a citation. Returns: it, and whether it is new. Raises: Refused; ValidationError."""
    if new.url:
        return items.make_link(key=new.key, url=new.url, uploader=author, details=new.details, now=now)
    return items.make_file(key=new.key, uploader=author, details=new.details, now=now)


def _drop_assessed(update: StatusUpdate) -> None:
    """Clear the fields of an assessment: a check proposes nothing."""
    for field in FIELDS:
        if field.shape is Shape.CHOICE and UpdateKind.CHECK not in field.kinds:
            setattr(update, field.name, "")


def _find_or_create(
    author: User, recommendation: Recommendation, key: UUID, fields: Mapping[str, Any], now: datetime
) -> StatusUpdate:
    """Return the update of this key, locked; make it if there is none."""
    update, _made = StatusUpdate.objects.select_for_update(no_key=True).get_or_create(
        key=key,
        defaults={
            "author": author,
            "recommendation": recommendation,
            "as_of": fields.get("as_of") or author.today(now),
            "kind": fields.get("kind", UpdateKind.ASSESSMENT),
            "created_at": now,
            "changed_at": now,
        },
    )
    if update.author_id == author.pk and update.brought_from_id == recommendation.pk:
        raise Refused(_("This draft was moved to another report just now. Save it again, and it goes there."))
    if update.author_id != author.pk or update.recommendation_id != recommendation.pk:
        raise Refused(_("This form belongs to another update. Open a new one."))
    update.author = author
    return update


def _replace_places(update: StatusUpdate, places: Iterable[LookedAt]) -> None:
    update.places.all().delete()
    PlaceLooked.objects.bulk_create(
        PlaceLooked(update=update, position=number, place=place, looked_on=looked_on)
        for number, (place, looked_on) in enumerate(places, start=1)
    )


def _replace_citations(update: StatusUpdate, citations: Iterable[Cited]) -> None:
    update.citations.all().delete()
    Citation.objects.bulk_create(
        [
            Citation(update=update, evidence=evidence, stance=stance, locator=locator)
            for evidence, stance, locator in citations
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def submit(*, update: StatusUpdate, actor: User, now: datetime) -> StatusUpdate:
    """Submit an update for review.

    Returns: the update, unchanged if it already waits (a double click).

    Raises: Refused when the actor cannot submit it; ValidationError, with a message per field,
    when a rule of the domain is not met. Nothing is changed then.
    """
    update = StatusUpdate.objects.locked(update)
    if update.author_id != actor.pk or not actor.has_role(Role.CONTRIBUTOR):
        raise Refused(_("Only its author can submit an update."))
    if update.state == UpdateState.SUBMITTED:
        return update
    if update.state not in EDITABLE_STATES:
        raise Refused(_("This update was closed and cannot be submitted. Write a new one."))
    if not has_movement(update):
        # A form that may be about several asks offers it for all of them.
        update.movement = ""
    problems = broken_rules(update, now=now)
    if problems:
        raise ValidationError(problems)
    if update.is_assessment:
        update.criteria, update.nature = CURRENT_CRITERIA, update.subject.nature
    update.state = UpdateState.SUBMITTED
    update.submitted_at = update.changed_at = now
    update.save()
    UpdateVersion.objects.create(
        update=update,
        number=update.versions.count() + 1,
        content=as_submitted(update=update),
        submitted_at=now,
    )
    return update


@transaction.atomic
def record_check(
    *,
    author: User,
    recommendation: Recommendation,
    key: UUID,
    places: Iterable[LookedAt],
    now: datetime,
    seen: Mapping[str, str] | None = None,
    **fields: Any,
) -> StatusUpdate:
    """Write and submit a check: looked, nothing new. Args: as ``save_draft``.

    Raises: as ``submit``; nothing is saved then.
    """
    update = save_draft(
        author=author,
        recommendation=recommendation,
        key=key,
        fields={**fields, "kind": UpdateKind.CHECK},
        places=places,
        now=now,
        seen=seen,
    )
    return submit(update=update, actor=author, now=now)


@transaction.atomic
def withdraw(*, update: StatusUpdate, actor: User, now: datetime) -> StatusUpdate:
    """Withdraw an update: its author can, until it is approved.

    Raises: Refused when it is not the actor's, or was decided in the meantime.
    """
    update = StatusUpdate.objects.locked(update)
    if update.author_id != actor.pk:
        raise Refused(_("Only its author can withdraw an update."))
    if update.state == UpdateState.WITHDRAWN:
        return update
    if update.state == UpdateState.APPROVED:
        raise Refused(_("This update has been approved in the meantime. Write a correction instead."))
    update.state = UpdateState.WITHDRAWN
    update.taken_by = update.taken_at = None
    update.changed_at = now
    update.save()
    return update
