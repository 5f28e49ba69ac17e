"""Plays the demonstration's story through the same services as everybody's work, and takes it back."""

import io
import uuid
from datetime import datetime, time, timedelta

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import ProtectedError, Q
from django.db.models.deletion import Collector

from recommendations import vault
from recommendations.accounts.giving_names import wait_for_others
from recommendations.audit import log
from recommendations.choices import Decision, EventKind, EvidenceKind, GovernmentAnswer, Role, UpdateKind
from recommendations.management.demo.cast import OWNERS, PEOPLE
from recommendations.management.demo.story import ASKS, DATES, ENTRIES, SPLITTER
from recommendations.models import (
    Ask,
    Capture,
    Citation,
    DatedReason,
    Derived,
    Edition,
    Event,
    Evidence,
    Mail,
    MailItem,
    Publication,
    Recommendation,
    Review,
    StagedUpload,
    StatusUpdate,
    UpdateVersion,
    User,
)
from recommendations.rules.following import follow
from recommendations.services import asks, recommendations, review_dates, reviews, updates
from recommendations.services.evidence import items as evidence_items
from recommendations.services.evidence import uploads
from recommendations.services.people import new_password
from recommendations.text.spans import places_of

# Keys are made from names in this space, so that playing twice makes nothing twice.
SPACE = uuid.UUID("5f2f0f5e-0d6b-4c2a-9d1e-7a0e5c1b0c11")
REVIEWED_AFTER = timedelta(days=2)
STORY = timedelta(days=180)


def play(*, report, now):
    """Add the made-up team and its six months of work to ``report``.

    Args:
        report: the report that the story is about.
        now: the clock; the story's days count back from it.

    Returns: (people by name, the password that all of them sign in with). Played before, the people
    and None.
    """
    password = new_password()
    with transaction.atomic():
        wait_for_others()
        there = User.objects.filter(is_example=True)
        if there.exists():
            return {person.get_short_name(): person for person in there}, None
        people = {said.name: _person(said, password, now) for said in PEOPLE}
        # All of them before the first event, as a service locks one.
        numbered = {item.position: item for item in _locked(report.recommendations.all())}
        _assign(people, numbered, now)
    for number, entry in enumerate(ENTRIES):
        if entry.position in numbered:
            _play_entry(f"entry {number}", entry, people, numbered[entry.position], now)
    _set_dates(people, numbered, now)
    Evidence.objects.filter(uploaded_by__is_example=True).update(is_example=True)
    StatusUpdate.objects.filter(author__is_example=True).update(is_example=True)
    return people, password


def _person(said, password, now):
    """Make a person who was there from the story's first day, so that the digests of now are theirs."""
    return User.objects.create_user(
        f"{said.name.lower()}@example.org",
        password,
        role=said.role,
        name=f"{said.name} (example)",
        time_zone=said.time_zone,
        reminders=said.reminders,
        date_joined=now - STORY,
        is_example=True,
    )


def _assign(people, numbered, now):
    manager = next(person for person in people.values() if person.has_role(Role.MANAGER))
    for position, owner, deputy in OWNERS:
        # Who was there before the demonstration keeps what they own.
        if position not in numbered or numbered[position].owner_id:
            continue
        recommendations.assign(
            recommendation=numbered[position],
            actor=manager,
            owner=people[owner],
            deputy=people.get(deputy),
            now=now,
        )


def _set_dates(people, numbered, now):
    """Set the review dates of the story."""
    for days, position, reviewer, source, what_for in DATES:
        if position in numbered:
            about = {"recommendation": numbered[position], "actor": people[reviewer], "now": now}
            on = (now + timedelta(days=days)).date()
            review_dates.add_date(on=on, source=source, what_for=what_for, **about)


def _play_entry(name, entry, people, recommendation, now):
    """Write one update on its day, and let it end as the story says."""
    author = people[entry.author]
    day = (now - timedelta(days=entry.days)).date()
    then = datetime.combine(day, time(9), tzinfo=now.tzinfo)
    cited = [
        (_item(item, author, recommendation, then), item.stance, item.locator) for item in entry.evidence
    ]
    fields = _fields(entry, day)
    if entry.ask:
        fields["ask"] = _ask(entry.ask, people[SPLITTER], recommendation, then)
    update = updates.save_draft(
        author=author,
        recommendation=recommendation,
        key=uuid.uuid5(SPACE, name),
        now=then,
        fields=fields,
        places=[(place, day) for place in entry.places],
        citations=cited,
    )
    if entry.draft:
        return
    updates.submit(update=update, actor=author, now=then)
    if entry.reviewer:
        reviews.decide(
            update=update,
            reviewer=people[entry.reviewer],
            decision=Decision.RETURN if entry.comment else Decision.APPROVE,
            comment=entry.comment,
            now=then + REVIEWED_AFTER,
        )


def _ask(number, reviewer, recommendation, then):
    """Return an ask of the story; split the recommendation where nobody did. None where its words differ."""
    if not recommendation.asks.exists():
        for title, words in ASKS:
            if places_of(words, recommendation.text):
                asks.add(recommendation=recommendation, actor=reviewer, title=title, words=words, now=then)
    return recommendation.asks.filter(position=number).first()


def _fields(entry, day):
    fields = {
        "as_of": day,
        "reason": entry.reason,
        "public_text": entry.public_text,
        "government_claim": entry.claim,
        "claimed_status": entry.claimed,
        "internal_note": entry.note,
    }
    if entry.status is None:
        return {**fields, "kind": UpdateKind.CHECK}
    if entry.claim:
        fields["government_answer"] = GovernmentAnswer.CLAIMS
    return {**fields, "status": entry.status, "confidence": entry.confidence, "movement": entry.movement}


def _item(said, uploader, recommendation, then):
    """Add an evidence item, or find it where the story told of it before."""
    known = Evidence.objects.filter(uploaded_by__is_example=True, title=said.title).first()
    if known:
        return known
    details = {"title": said.title, "kind": said.kind, "source": said.source, "sensitivity": said.sensitivity}
    if said.kind == EvidenceKind.TESTIMONY:
        details["consent"] = "Example: use in reports, without names; the signed note is in the office."
    about = {"uploader": uploader, "details": details, "now": then, "recommendation": recommendation}
    key = uuid.uuid5(SPACE, said.title)
    if said.path:
        return evidence_items.add_link(key=key, url=f"https://example.org/{said.path}", **about)
    incoming = vault.receive(io.BytesIO(said.text.encode()))
    staged = uploads.stage(incoming=incoming, name="example.txt", uploader=uploader, form_key=key, now=then)
    return evidence_items.add_file(key=staged, **about)


def remove_examples(*, now):
    """Remove the made-up team and all its work.

    The events that told of it are redacted: their places in the sequence stay, and it still verifies.
    A made-up person on whom something real rests, such as a decision, is kept, without sign-in.

    Returns: (how many people were taken away, those that were kept).
    """
    with transaction.atomic():
        made_up = StatusUpdate.objects.filter(author__is_example=True)
        items = Evidence.objects.filter(uploaded_by__is_example=True)
        # All rows before the events, in the order of every service, so that nobody waits in a circle.
        numbered = _locked(Recommendation.objects.all())
        for rows in (made_up, User.objects.filter(is_example=True), items):
            _locked(rows)
        told = Q(actor__is_example=True) | Q(update__in=made_up) | Q(evidence__in=items)
        redacted = log.redact(Event.objects.filter(told), now=now)
        Recommendation.objects.filter(owner__is_example=True).update(owner=None)
        Recommendation.objects.filter(deputy__is_example=True).update(deputy=None)
        DatedReason.objects.filter(set_by__is_example=True).delete()
        _clear_updates(made_up)
        _clear_asks()
        objects = list(items.exclude(object_name="").values_list("object_name", flat=True))
        waiting = StagedUpload.objects.filter(uploaded_by__is_example=True)
        objects += waiting.values_list("object_name", flat=True)
        objects += Derived.objects.filter(derived_from__in=items).values_list("object_name", flat=True)
        objects += Capture.objects.kept().filter(evidence__in=items).values_list("object_name", flat=True)
        waiting.delete()
        Citation.objects.filter(evidence__in=items).delete()
        items.delete()
        for recommendation in numbered:
            recommendation.refresh_from_db()
            follow(recommendation)
        gone, kept = _clear_people()
        why = "The demonstration was removed."
        log.record(EventKind.REDACTED, now=now, events=log.spans(redacted), why=why)
    for object_name in objects:
        vault.remove(object_name)
    return gone, kept


def _locked(rows):
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _clear_updates(made_up):
    """Delete updates with their reviews and versions; what corrects them stands for itself then."""
    for model in (Recommendation, Ask):
        model.objects.filter(current_update__in=made_up).update(current_update=None)
    DatedReason.objects.filter(answered_by__in=made_up).update(answered_by=None)
    StatusUpdate.objects.filter(corrects__in=made_up).update(corrects=None)
    Publication.objects.filter(update__in=made_up).delete()
    Review.objects.filter(update__in=made_up).delete()
    UpdateVersion.objects.filter(update__in=made_up).delete()
    made_up.delete()


def _clear_asks():
    """Delete asks that made-up people split off, unless somebody else wrote about them."""
    asks = Ask.objects.filter(created_by__is_example=True)
    asks.filter(updates=None).delete()
    asks.update(created_by=None)


def _clear_people():
    people = User.objects.filter(is_example=True)
    kept = [person for person in people if _is_needed(person)]
    StatusUpdate.objects.filter(taken_by__in=people).update(taken_by=None, taken_at=None)
    people.filter(pk__in=[person.pk for person in kept]).update(is_active=False)
    leaving = people.exclude(pk__in=[person.pk for person in kept])
    Mail.objects.filter(recipient__in=leaving).delete()
    gone = leaving.count()
    leaving.delete()
    return gone, kept


def _is_needed(person):
    """Say whether something real rests on a made-up person: a decision, a grant, a copy of a page."""
    try:
        Collector(using=DEFAULT_DB_ALIAS).collect([person])
    except ProtectedError as error:
        return any(not isinstance(row, (Mail, MailItem)) for row in error.protected_objects)
    return person.reviews.exists()


def editions_with_examples():
    """Return the editions that hold words of the made-up team: they are never changed, so they stay."""
    return [one for one in Edition.objects.select_related("report") if any(_examples(one.content))]


def _examples(content):
    for one in content["recommendations"]:
        for part in (one, *one["asks"]):
            yield bool(part["update"] and part["update"]["is_example"])
