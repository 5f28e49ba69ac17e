"""What the two forms that write an update share: their initial values, what was sent, and their page."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.choices import EDITABLE_STATES, Nature, Stance, UpdateKind, UpdateState
from recommendations.forms.citations import HELD
from recommendations.forms.updates import initial_of
from recommendations.models import Citation, Evidence, Recommendation, StatusUpdate
from recommendations.rules.movement import baseline, is_assessed
from recommendations.rules.status import is_finding
from recommendations.selectors.baselines import shown_to, since_words
from recommendations.text.keys import uuid_or_none
from recommendations.views.lookup import ask_named, asks_offered, to_correct_or_404

# The template and the address of an empty form.
PAGES = {
    UpdateKind.ASSESSMENT: ("recommendations/update_form.html", "update-add"),
    UpdateKind.CHECK: ("recommendations/check_form.html", "check-add"),
}


@dataclass
class Writing:
    """One update that is written: ``update`` is the draft it goes on with, ``corrects`` what it puts right.

    ``initial`` is what the form begins with, ``data`` a copy of what was posted.
    """

    request: Any
    kind: UpdateKind
    recommendation: Recommendation
    key: uuid.UUID
    update: StatusUpdate | None = None
    corrects: StatusUpdate | None = None
    initial: dict = field(default_factory=dict)
    data: Any = None
    now: datetime = field(default_factory=timezone.now)

    @property
    def person(self):
        """Who writes."""
        return self.request.user

    @property
    def asks(self):
        """The asks to choose from, or None."""
        chosen = self.data.get("ask", "") if self.data else ""
        return asks_offered(self.recommendation, self.corrects, self.update, chosen)

    @property
    def about(self):
        """What the form of an assessment is told: what it may be about, its nature, and what was assessed."""
        asks, whole = self.asks, self.recommendation
        subjects: list[Any] = [None, *asks] if asks else [self.corrects.ask if self.corrects else None]
        assessed = [
            ask or _("The whole recommendation")
            for ask in subjects
            if is_assessed(whole, ask, besides=self.corrects)
        ]
        earlier = None
        if None in subjects and not is_assessed(whole, besides=self.corrects):
            earlier = baseline(whole)
        since = since_words(whole, earlier, is_split=bool(asks)) if earlier else ""
        was_found = any(map(is_finding, [whole, *(asks or ())]))
        natures = {ask and ask.pk: Nature((ask or whole).nature) for ask in subjects}
        known = {"assessed": assessed, "since": since, "was_found": was_found, "natures": natures}
        return {"asks": asks, "update": self.update, **known}

    def page(self, forms, **context):
        """Return the page with the forms. Args: further ``context``, or another ``update`` than its own."""
        template, empty = PAGES[self.kind]
        shown = {"update": self.update, "corrects": self.corrects, **context}
        update = shown["update"]
        is_returned = update and update.state == UpdateState.RETURNED
        return render(
            self.request,
            template,
            {
                "recommendation": self.recommendation,
                "baseline": shown_to(self.recommendation, self.person),
                "forms": forms,
                "returned": update.reviews.last() if is_returned else None,
                "current_report": self.recommendation.report,
                "action": reverse("update-edit", args=[update.key])
                if update
                else reverse(empty, args=[self.recommendation.reference]),
                **shown,
            },
        )


def begun(request, kind, recommendation):
    """Return the writing of a new update, which may correct one that the address names."""
    query, now = request.GET, timezone.now()
    key = uuid_or_none(query.get("form")) or uuid.uuid4()
    corrects = to_correct_or_404(request.user, recommendation, query.get("corrects"), kind)
    today = request.user.today(now)
    fields, places, citations = initial_of(corrects, request.user) if corrects else ({"as_of": today}, [], [])
    about = corrects.ask if corrects else ask_named(recommendation, query.get("ask"))
    fields |= {"key": key, "corrects": corrects and corrects.key, "ask": about}
    citations = [*citations, *_passage_to_cite(request)]
    rows = {"places": places or [{"looked_on": today}], "citations": citations}
    initial = {"initial": fields, **rows}
    return Writing(request, kind, recommendation, key, corrects=corrects, initial=initial, now=now)


def _passage_to_cite(request):
    """Return the row of a passage that was chosen in a narrative, as the address names it, or none."""
    item = Evidence.objects.visible_to(request.user).filter(key=uuid_or_none(request.GET.get("cite"))).first()
    if item is None:
        return []
    longest = Citation._meta.get_field("locator").max_length
    where = request.GET.get("where", "")[:longest]
    return [{"shape": HELD, "evidence": item.key, "stance": Stance.SUPPORTS, "locator": where}]


def gone_on(request, update):
    """Return the writing of a draft, or of what was returned, with a row for one more place."""
    now = timezone.now()
    fields, places, citations = initial_of(update, request.user)
    today = request.user.today(now)
    if update.is_undated:
        # Nobody has looked yet: the day is theirs to say.
        fields["as_of"] = today = None
    places = [*places, {"looked_on": today}]
    initial = {"initial": {**fields, "key": update.key}, "places": places, "citations": citations}
    about = (request, update.kind, update.recommendation, update.key)
    return Writing(*about, update=update, corrects=update.corrects, initial=initial, now=now)


def sent(request, kind, recommendation, update):
    """Return the writing that was posted."""
    data = request.POST.copy()
    key = update.key if update else uuid_or_none(data.get("key")) or uuid.uuid4()
    data["key"] = str(key)
    if update:
        corrects = update.corrects
    else:
        corrects = to_correct_or_404(request.user, recommendation, data.get("corrects"), kind)
    return Writing(request, kind, recommendation, key, update=update, corrects=corrects, data=data)


def instead_of_a_new_one(request):
    """Return where the back button leads after sending: one form makes one update. None for a fresh form."""
    key = uuid_or_none(request.GET.get("form"))
    was_sent = key and StatusUpdate.objects.filter(key=key, author=request.user).exists()
    return redirect("update-edit", key=key) if was_sent else None


def instead_of_a_draft(request, update):
    """Return where to send somebody who wants to change what is no longer a draft; None for a draft."""
    if update.state in EDITABLE_STATES:
        return None
    messages.info(request, _("This update is no longer a draft, so it cannot be changed here."))
    return redirect(update)
