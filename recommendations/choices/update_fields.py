"""Each field of an update, declared once: what it is called, who asks for it, and where it is shown.

Whatever lists fields of updates reads ``FIELDS``: forms, versions, comparisons, editions, exports, mails,
searches, pages and the desk. A field that a page lays out in its own way is named there.
"""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from recommendations.choices.evidence import Sensitivity
from recommendations.choices.fields import ASSESSMENT, BOTH, Group, Place, Shape, UpdateField
from recommendations.choices.publication import Extent
from recommendations.choices.status import Confidence, EarlierFinding, GovernmentAnswer, Movement, Status

WORDS_EVERYWHERE = (Place.PAGE, Place.EDITION, Place.SEARCH)

# In the order of a comparison.
FIELDS = (
    UpdateField("ask", _("What it is about"), Shape.ASK, BOTH, asked_in=BOTH),
    UpdateField(
        "status",
        _("Status"),
        Shape.CHOICE,
        group=Group.MEANING,
        help=_("Judge what was done, not what was intended."),
        vocabulary=Status,
        offered=tuple(Status.proposable()),
        mark="status",
        column="status",
    ),
    UpdateField(
        "earlier_finding",
        _("Earlier finding"),
        Shape.CHOICE,
        group=Group.MEANING,
        help=_(
            "Only if you choose “No reliable information”: while the earlier finding stands, the status "
            "stays, and this update is kept as the last look. If it can no longer be relied on, the reason "
            "says why."
        ),
        vocabulary=EarlierFinding,
        places=(Place.PAGE, Place.EDITION),
        lead_in=_("The earlier finding:"),
    ),
    UpdateField(
        "confidence",
        _("Confidence"),
        Shape.CHOICE,
        group=Group.MEANING,
        vocabulary=Confidence,
        mark="confidence",
        column="confidence",
    ),
    UpdateField(
        "movement",
        _("Movement"),
        Shape.CHOICE,
        group=Group.MEANING,
        question=_("Movement since the last approved assessment"),
        vocabulary=Movement,
        mark="movement",
        column="movement",
    ),
    UpdateField(
        "as_of",
        _("As of"),
        Shape.DAY,
        BOTH,
        asked_in=BOTH,
        help=_("The day up to which you looked."),
        column="as_of",
    ),
    UpdateField(
        "sensitivity",
        _("Who can see this"),
        Shape.CHOICE,
        BOTH,
        vocabulary=Sensitivity,
        mark="sensitivity",
        places=(Place.EDITION,),
        column="sensitivity",
    ),
    UpdateField("places", _("Where we looked"), Shape.ROWS, BOTH, asked_in=BOTH),
    UpdateField(
        "reason",
        _("Reason for this status"),
        Shape.TEXT,
        group=Group.MEANING,
        help=_("Why this status fits better than the others. Required when the status changes."),
        places=(*WORDS_EVERYWHERE, Place.DIGEST, Place.DESK_SEARCH),
        column="reason",
    ),
    UpdateField(
        "government_answer",
        _("The government’s answer"),
        Shape.CHOICE,
        group=Group.FOUND,
        help=_("How the government answers this recommendation, whether or not it is true."),
        vocabulary=GovernmentAnswer,
        lead_in=_("The government’s answer:"),
        places=(Place.PAGE, Place.EDITION),
        column="answer",
        is_usual=False,
        default=GovernmentAnswer.NONE,
    ),
    UpdateField(
        "government_claim",
        _("What the government claims"),
        Shape.TEXT,
        group=Group.FOUND,
        question=_("What the government claims (optional)"),
        help=_("A claim is not an action, so it is recorded separately."),
        lead_in=_("The government claims:"),
        places=WORDS_EVERYWHERE,
        column="claim",
        is_usual=False,
    ),
    UpdateField(
        "claimed_status",
        _("Status if the claim were true"),
        Shape.CHOICE,
        group=Group.FOUND,
        question=_("Status if the claim were true (optional)"),
        help=_("The tracker uses this to list where the claim and our assessment differ."),
        vocabulary=Status,
        offered=tuple(Status.claimable()),
        mark="status",
        below="government_claim",
        lead_in=_("If true, the status would be"),
        places=(Place.PAGE, Place.EDITION),
    ),
    UpdateField(
        "public_text",
        _("What was found"),
        Shape.TEXT,
        BOTH,
        asked_in=BOTH,
        group=Group.FOUND,
        question=_("What was found (optional)"),
        help=_(
            "Write text that can be quoted outside. If it is published, this is what partners read. "
            "Do not name anybody who could be harmed."
        ),
        places=(*WORDS_EVERYWHERE, Place.PARTNERS, Place.DESK_SEARCH),
        column="public_text",
    ),
    UpdateField(
        "proposed_extent",
        _("Proposed for publication"),
        Shape.CHOICE,
        BOTH,
        asked_in=BOTH,
        group=Group.FOUND,
        help=_(
            "The reviewer decides. Only the text under “What was found” and, where you propose it, "
            "the status can go outside, whoever can see this update."
        ),
        vocabulary=Extent,
        default=Extent.NOTHING,
    ),
    UpdateField(
        "internal_note",
        _("Internal note"),
        Shape.TEXT,
        BOTH,
        inside=True,
        group=Group.FOUND,
        question=_("Internal note (optional)"),
        help=_("Only for the team. It is never quoted outside."),
        lead_in=_("Internal note:"),
        places=(Place.PAGE, Place.EDITION),
        column="note",
        is_usual=False,
    ),
    UpdateField("evidence", _("Evidence"), Shape.ROWS, asked_in=ASSESSMENT),
)
BY_NAME = {field.name: field for field in FIELDS}
# The columns that an author writes; the rest of an update follows from what is done with it.
COLUMNS = tuple(field.name for field in FIELDS if field.shape is not Shape.ROWS)
WRITTEN = ("kind", "corrects", *COLUMNS)
# What is said outside of an update whose words are published, and what beside them where its status is.
PUBLISHED_WORDS = ("as_of", "public_text")
PUBLISHED_STATUS = ("status", "confidence", "movement")
# Versions, comments and editions keep the names of their day: {what a field was called: what it is called}.
RENAMED = {"direction": "movement"}
# What lists of updates need not read from the database.
TEXTS = tuple(field.name for field in FIELDS if field.shape is Shape.TEXT)


def named_today[V](stored: Mapping[str, V]) -> dict[str, V]:
    """Return {name of a field: value} of what was stored, with the names that the fields have today."""
    return {RENAMED.get(name, name): value for name, value in stored.items()}


def listed_at(place: Place) -> tuple[UpdateField, ...]:
    return tuple(field for field in FIELDS if place in field.places)


def asked_for(kind: str, group: Group) -> list[UpdateField]:
    """Return the fields that the form of a kind of update asks for under one question, in its order."""
    asked = [field for field in FIELDS if kind in field.asked_in and field.group == group]
    return arranged(asked, first=("public_text", "status", "reason"))


def arranged(
    fields: Iterable[UpdateField], first: Collection[str] = (), last: Collection[str] = ()
) -> list[UpdateField]:
    """Return fields in another order: some before, some after the rest, which stays as it is."""
    order = {name: number for number, name in enumerate((*first, None, *last))}
    return sorted(fields, key=lambda field: order.get(field.name, len(first)))
