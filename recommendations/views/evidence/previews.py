"""What the page of an item shows of its content: pictures made here, and the metadata of the file."""

import logging

from django.conf import settings

from recommendations import vault
from recommendations.choices import Purpose
from recommendations.files import scanning
from recommendations.selectors import derived, examination_results
from recommendations.services.evidence import captures, examinations, links

logger = logging.getLogger(__name__)


def context_of(item, person):
    """Return what the templates ``_looked_into.html`` and, of a link, ``_captures.html`` need."""
    if item.url:
        return _of_link(item, person)
    if not item.object_name:
        return {}
    if item.is_sealed:
        return {"may_open": derived.may_open_original(item, person)}
    rows = examination_results.outcomes(item)
    infected = derived.is_infected(item)
    wanted = item.content_type in examinations.TYPES[Purpose.PICTURES] and not infected
    may_open = derived.may_open_original(item, person)
    return {
        "may_open": may_open,
        "is_picture": derived.is_picture(item),
        "infected": infected,
        "copy": derived.clean_copy_of(item),
        "previews": derived.previews_of(item),
        "preview_outcome": examination_results.preview_outcome(rows.get(Purpose.PICTURES), is_wanted=wanted),
        "words_outcome": examination_results.words_outcome(rows.get(Purpose.WORDS)),
        "virus": examination_results.virus_outcome(rows.get(Purpose.VIRUS), is_set_up=scanning.is_set_up()),
        "metadata": _metadata(item) if may_open else [],
    }


def _of_link(item, person):
    latest, seen, dead = links.state_of(item=item)
    copies = list(item.captures.select_related("asked_by"))
    return {
        "link_latest": latest,
        "link_seen": seen,
        "link_dead": dead,
        "link_checks": settings.LINK_CHECKS,
        "captures": copies,
        "kept": [one for one in copies if one.object_name],
        "may_capture": captures.may_ask(item=item, person=person),
        "capture_on": settings.LINK_CAPTURE,
    }


def _metadata(item):
    try:
        return derived.metadata_of(item)
    except vault.Damaged as damage:
        logger.error("The metadata of evidence %s cannot be read: %s", item.key, damage)
        return []
