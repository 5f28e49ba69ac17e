"""The custody of one item: everything that happened to it, verified while the page is made."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from recommendations.audit import log
from recommendations.choices import CaptureFinding
from recommendations.models import Event, Evidence, User
from recommendations.services.evidence.custody import note_view
from recommendations.services.evidence.details import GRADES
from recommendations.views.lookup import evidence_or_404

PAGE_SIZE = 100


@dataclass(slots=True)
class Line:
    """One entry of the record, in words: what was done, by whom, to whom, and what is wrong with it."""

    event: Event
    person: User | None
    grades: list
    faults: list
    finding: str


@require_safe
def custody(request, key):
    """Show who received, opened, took out, let in and changed an item, with the state of the record."""
    person, now = request.user, timezone.now()
    item = evidence_or_404(person, key)
    if request.method == "GET":
        note_view(item=item, person=person, now=now)
    events = Event.objects.visible_to(person).filter(evidence=item)
    faults = log.faults_in(events)
    page = Paginator(events.select_related("actor"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "item": item,
        "page": page,
        "lines": _lines(page.object_list, dict(_gathered(faults))),
        "faults": faults,
        "redacted": events.exclude(redacted_at=None).count(),
        "head": Event.objects.order_by("-seq").values("seq", "hash").first(),
        "now": now,
    }
    return render(request, "evidence/custody.html", context)


def _gathered(faults):
    """Yield (number, sentences) of each entry with which something is wrong."""
    for number in {number for number, _sentence in faults}:
        yield number, [sentence for other, sentence in faults if other == number]


def _lines(events, faults):
    people = User.objects.in_bulk({event.payload.get("person") for event in events} - {None})
    findings = dict(CaptureFinding.choices)
    return [
        Line(
            event,
            people.get(event.payload.get("person")),
            _grades(event),
            faults.get(event.seq, []),
            str(findings.get(event.payload.get("finding"), "")),
        )
        for event in events
    ]


def _grades(event):
    """Return (what, from, to) in words for each grade that an event changed."""
    changed = event.payload.get("grades", {})
    words = []
    for name in GRADES:
        if name in changed:
            field: Any = Evidence._meta.get_field(name)
            labels = dict(field.flatchoices)
            before, after = (labels.get(value, value) for value in changed[name])
            words.append((capfirst(field.verbose_name), before, after))
    return words
