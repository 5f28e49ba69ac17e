"""All versions ever submitted for a recommendation, who decided what on them and why, and other events."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.choices import Decision, EventKind, LineageKind, Nature, Pillar, Status
from recommendations.choices.fields import Shape, UpdateField
from recommendations.choices.update_fields import BY_NAME, FIELDS, named_today
from recommendations.models import Ask, Event, Evidence, Recommendation, StatusUpdate, UpdateVersion, User
from recommendations.models.narrative import tag_label
from recommendations.selectors.comparison import Row, row_of

# What happened beside updates: those are told by their versions.
BESIDE = (
    EventKind.COUNTED,
    EventKind.STATUS_CHANGED,
    EventKind.ASSIGNED,
    EventKind.RESCHEDULED,
    EventKind.RETITLED,
    EventKind.NATURE_CHANGED,
    EventKind.SPLIT,
    EventKind.ASK_RENAMED,
    EventKind.ASK_RETIRING,
    EventKind.ASK_KEPT,
    EventKind.ASK_RETIRED,
    EventKind.ASK_MOVED,
    EventKind.LINE_CONFIRMED,
    EventKind.LINE_UNDONE,
    EventKind.MOVED,
    EventKind.WITHDRAWN,
    EventKind.STILL_SO,
    EventKind.CLAIM_KEPT,
    EventKind.CLAIM_TAKEN_OFF,
    EventKind.TAGGED,
    EventKind.WORDS_CORRECTED,
    EventKind.LEFT_OUT,
    EventKind.LISTED_AGAIN,
)
# Whom an event that names people can name.
PEOPLE = ("owner", "deputy", "reviewer")


# The words of a version, as ``services.updates`` kept them.
type Content = Mapping[str, Any]


def versions_of(recommendation: Recommendation, person: User) -> QuerySet[UpdateVersion]:
    """Return the submitted versions that ``person`` can read, newest first.

    Reviewers and authors can read every round. Others can read only what was approved, as on the page of
    an update: what was returned never counted.
    """
    seen = UpdateVersion.objects.visible_to(person).filter(update__recommendation=recommendation)
    if not person.is_reviewer:
        seen = seen.filter(Q(review__decision=Decision.APPROVE) | Q(update__author=person))
    return seen.select_related(
        "update__author", "update__ask", "update__corrects", "review__reviewer"
    ).order_by("-submitted_at", "-pk")


def corrected_by(versions: Iterable[UpdateVersion], person: User) -> dict[int, StatusUpdate]:
    """Return {pk of an update: its approved correction}, as far as ``person`` can see it."""
    corrections = StatusUpdate.objects.visible_to(person).approved()
    # One that does not count takes the place of none that does.
    corrections = corrections.exclude(counts_at=None, corrects__counts_at__isnull=False)
    found = corrections.filter(corrects__in=[version.update_id for version in versions])
    return {one.corrects_id: one for one in found if one.corrects_id}


def readable_corrected(versions: Iterable[UpdateVersion], person: User) -> dict[int, StatusUpdate]:
    """Return {pk: update} of what the versions correct, as far as ``person`` can see it."""
    named = [version.update.corrects_id for version in versions if version.update.corrects_id]
    return StatusUpdate.objects.visible_to(person).in_bulk(named)


def compared(before: UpdateVersion, after: UpdateVersion, person: User) -> list[Row]:
    """Return the lines of the comparison of two versions that are not empty.

    Args:
        before, after: versions; citations of items that ``person`` cannot see are left out.
    """
    then, now = named_today(before.content), named_today(after.content)
    rows = [_subject(then, now)]
    columns = [field for field in FIELDS if field.shape not in (Shape.ASK, Shape.ROWS)]
    rows += [_row(field, then, now) for field in columns if field.shape is not Shape.TEXT]
    rows += [_row(field, then, now) for field in columns if field.shape is Shape.TEXT]
    rows.append(row_of(BY_NAME["places"], _places(then), _places(now)))
    titles = _titles([then, now], person)
    rows.append(row_of(BY_NAME["evidence"], _cited(then, titles), _cited(now, titles)))
    return [row for row in rows if row.before or row.after]


def _subject(then: Content, now: Content) -> Row:
    asks = Ask.objects.in_bulk([said["ask"] for said in (then, now) if said.get("ask")])
    whole = _("The whole recommendation")
    before, after = (asks.get(said.get("ask"), whole) for said in (then, now))
    return row_of(BY_NAME["ask"], before, after)


def _row(field: UpdateField, then: Content, now: Content) -> Row:
    return row_of(field, field.from_json(then.get(field.name)), field.from_json(now.get(field.name)))


def _places(said: Content) -> list[tuple[str, date]]:
    return [(place, date.fromisoformat(day)) for place, day in said.get("places", [])]


def _cited(said: Content, titles: Mapping[int, str]) -> list[str]:
    return [titles[pk] for pk, *_rest in said.get("citations", []) if pk in titles]


def _titles(contents: Sequence[Content], person: User) -> dict[int, str]:
    named = [row[0] for said in contents for row in said.get("citations", [])]
    return dict(Evidence.objects.visible_to(person).filter(pk__in=named).values_list("pk", "title"))


def happenings(recommendation: Recommendation, person: User) -> list[tuple[Event, str]]:
    """Return what else happened to a recommendation, newest first, as (event, sentence)."""
    # Whoever moved an update knows of it, also while it is a draft of its author again.
    seen = Event.objects.visible_to(person) | Event.objects.filter(kind=EventKind.MOVED, actor=person)
    events = list(
        seen.filter(recommendation=recommendation, kind__in=BESIDE).select_related("actor", "update")
    )
    for event in events:
        event.recommendation = recommendation
    events += _moved_on(seen, recommendation)
    events.sort(key=lambda event: -event.seq)
    asks = {ask.pk: ask.title for ask in recommendation.asks.all()}
    named = {event.payload.get(end) for event in events for end in PEOPLE} - {None}
    people = User.objects.in_bulk(named)
    return [(event, _with_origin(event, _told(event, asks, people))) for event in events]


def _moved_on(seen: QuerySet[Event], recommendation: Recommendation) -> QuerySet[Event]:
    """Return of ``seen`` what tells of updates that were moved from here to the reports of later years."""
    report = recommendation.report
    later = Recommendation.objects.filter(
        report__country_code=report.country_code, report__year__gt=report.year
    )
    moves = seen.filter(kind=EventKind.MOVED, payload__from_reference=recommendation.reference)
    return moves.filter(recommendation__in=later).select_related("actor", "update", "recommendation")


def _with_origin(event: Event, words: str) -> str:
    """Return the words of an event with the reference that it was carried over from, if it was."""
    if reference := event.payload.get("carried_from"):
        return _("%(words)s; carried over from %(reference)s") % {"words": words, "reference": reference}
    return words


def _told(event: Event, asks: Mapping[int, str], people: Mapping[int, User]) -> str:
    """Return in words what an event changed; empty if its kind says everything."""
    said = event.payload
    ask = asks.get(said.get("ask"), "")
    if event.kind in (EventKind.STATUS_CHANGED, EventKind.ASK_MOVED):
        moved = f"{Status(said['before']).label} → {Status(said['after']).label}"
        if said.get("because") == EventKind.ASK_RETIRED:
            return _("%(moved)s, since the ask “%(ask)s” was retired") % {"moved": moved, "ask": ask}
        moved = f"{ask}: {moved}" if event.kind == EventKind.ASK_MOVED else moved
        return (
            _("%(moved)s; the reason is restricted") % {"moved": moved} if said.get("restricted") else moved
        )
    if event.kind in (EventKind.LEFT_OUT, EventKind.LISTED_AGAIN):
        return _("source version %(number)s") % {"number": said["version"]}
    if event.kind in (EventKind.LINE_CONFIRMED, EventKind.LINE_UNDONE):
        ends = f"{said['from_reference'] or '–'} → {said['to_reference'] or '–'}"
        return f"{LineageKind(said['line']).label}: {ends}"
    if event.kind == EventKind.TAGGED:
        return _retagged(said)
    if event.kind == EventKind.STILL_SO:
        named = {"name": people.get(said.get("owner")) or _("nobody"), "reference": said["from_reference"]}
        return _("%(name)s, about the finding on %(reference)s") % named
    if event.kind in (EventKind.COUNTED, EventKind.WITHDRAWN) and event.update:
        day = event.update.as_of
        return _("%(kind)s as of %(day)s") % {
            "kind": event.update.get_kind_display(),
            "day": f"{day.day} {day:%b %Y}",
        }
    if event.kind == EventKind.NATURE_CHANGED:
        moved = f"“{Nature(said['before']).label}” → “{Nature(said['after']).label}”"
        return f"{ask}: {moved}" if ask else moved
    if event.kind == EventKind.RETITLED and said["before"] == said["after"]:
        return _("Pillar: %(pillar)s") % {
            "pillar": Pillar(said["pillar"]).label if said["pillar"] else _("none")
        }
    if event.kind in (EventKind.RETITLED, EventKind.ASK_RENAMED, EventKind.WORDS_CORRECTED):
        return f"“{said['before']}” → “{said['after']}”"
    if event.kind in (EventKind.ASK_RETIRING, EventKind.ASK_RETIRED):
        return f"{ask}: {said['reason']}"
    if event.kind == EventKind.ASSIGNED:
        named = {end: people.get(said.get(end)) or _("nobody") for end in PEOPLE}
        if "reviewer" not in said:
            return _("Owner %(owner)s, deputy %(deputy)s") % named
        return _("Owner %(owner)s, deputy %(deputy)s, reviewer %(reviewer)s") % named
    if event.kind == EventKind.RESCHEDULED:
        return _rescheduled(said)
    return ask


def _retagged(said: Mapping[str, Any]) -> str:
    """Return which tags were confirmed, and which were taken off."""
    added, gone = (", ".join(tag_label(*one) for one in said[name]) for name in ("added", "taken_off"))
    parts = [_("confirmed: %(tags)s") % {"tags": added} if added else ""]
    parts.append(_("taken off: %(tags)s") % {"tags": gone} if gone else "")
    return "; ".join(filter(None, parts))


def _rescheduled(said: Mapping[str, Any]) -> str:
    """Return which review date was set, and what follows; events from before sources were kept name none."""
    acts = {
        "added": _("Review on %(day)s added."),
        "changed": _("Review on %(day)s changed."),
        "removed": _("Review on %(day)s removed."),
    }
    told = [words % {"day": _day(said[act])} for act, words in acts.items() if act in said]
    if "moment" in said:
        told.append(_("Its moment was moved or deleted."))
    follows = _("Next review %(day)s, every %(n)s days")
    told.append(follows % {"day": _day(said["next_review_on"]), "n": said["interval_days"]})
    return " ".join(told)


def _day(said: str) -> str:
    return date_format(date.fromisoformat(said), "j M Y")
