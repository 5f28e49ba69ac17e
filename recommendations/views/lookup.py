"""Find what an address names among what the person may see; anything else is not found."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from recommendations.models import Evidence, Recommendation, StatusUpdate
from recommendations.views.intake import uuid_or_none


def recommendation_or_404(person, reference):
    """Return the recommendation of this reference, with its report."""
    visible = Recommendation.objects.visible_to(person).select_related("report")
    return get_object_or_404(visible, reference=reference)


def own_update_or_404(person, key):
    """Return an update of one's own; another's is not found, whoever may read it."""
    own = StatusUpdate.objects.visible_to(person).filter(author=person)
    return get_object_or_404(own.select_related("recommendation__report", "corrects"), key=key)


def to_correct_or_404(person, recommendation, key, kind):
    """Return the approved update that a new one is to correct; None when none is named."""
    if not key:
        return None
    approved = StatusUpdate.objects.visible_to(person).approved()
    found = approved.filter(recommendation=recommendation, kind=kind, key=uuid_or_none(key)).first()
    if found is None:
        raise Http404
    return found


def evidence_or_404(person, key):
    """Return an evidence item that ``person`` may see."""
    visible = Evidence.objects.visible_to(person).select_related("uploaded_by")
    return get_object_or_404(visible, key=key)
