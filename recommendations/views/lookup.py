"""Find what an address names among what the person can see; anything else is not found."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from recommendations.models import Evidence, Recommendation, Report, StatusUpdate
from recommendations.text.keys import uuid_or_none


def recommendation_or_404(person, reference):
    """Return the recommendation of this reference, with its report."""
    visible = Recommendation.objects.visible_to(person).select_related("report")
    return get_object_or_404(visible, reference=reference)


def report_or_404(person, slug):
    """Return the report that ``slug`` names; one that ``person`` cannot see is not found."""
    report = Report.objects.visible_to(person).with_slug(slug).defer("source_bytes").first()
    if report is None:
        raise Http404
    return report


def own_update_or_404(person, key):
    """Return an update of one's own; somebody else's is not found, even if they can read it."""
    own = StatusUpdate.objects.visible_to(person).filter(author=person)
    return get_object_or_404(own.select_related("recommendation__report", "corrects", "repeats"), key=key)


def to_correct_or_404(person, recommendation, key, kind):
    """Return the approved update that a new one is to correct; None when none is named."""
    if not key:
        return None
    approved = StatusUpdate.objects.visible_to(person).approved()
    found = approved.filter(recommendation=recommendation, kind=kind, key=uuid_or_none(key)).first()
    if found is None:
        raise Http404
    return found


def asks_offered(recommendation, corrects=None, update=None, chosen=""):
    """Return the asks that an update can be about, or None where nothing is to be chosen.

    A correction is about what the corrected update was about. An ask that was retired meanwhile stays among
    the choices of a draft, and of a form in which it was ``chosen``: its author sees what has to be changed,
    and the form does not turn to the whole by itself.
    """
    kept = {update.ask_id if update else None, int(chosen) if is_number(chosen) else None} - {None}
    asks = recommendation.asks.filter(Q(retired_at=None) | Q(pk__in=kept))
    return asks if not corrects and asks.exists() else None


def is_number(typed):
    """Say whether something typed is a whole number that a database can hold."""
    return bool(typed and typed.isascii() and typed.isdecimal() and len(typed) < 10)


def ask_named(recommendation, number):
    """Return the ask of this number that an address names, or None."""
    if not is_number(number):
        return None
    return recommendation.asks.filter(position=number, retired_at=None).first()


def evidence_or_404(person, key):
    """Return an evidence item that ``person`` can see."""
    visible = Evidence.objects.visible_to(person).select_related("uploaded_by")
    return get_object_or_404(visible, key=key)
