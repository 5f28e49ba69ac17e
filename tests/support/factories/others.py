"""An entry of the advocacy log, a moment of the calendar, and a mail."""

import uuid

from recommendations.choices import MailKind, Sensitivity
from recommendations.mail.messages import Letter
from recommendations.mail.outbox import enqueue
from recommendations.services import advocacy as service
from recommendations.services import moments, review_dates
from tests.support.factories.moments import DAY, NOW


def advocacy(author, **given):
    """Log a meeting through its service."""
    fields = {
        "kind": "meeting",
        "held_on": NOW.date(),
        "counterpart": "The desk officer",
        "subject": "The camps",
        "result": "They will ask.",
        "next_step": "",
        "next_on": None,
        "next_owner": None,
        "sensitivity": Sensitivity.INTERNAL,
    }
    readers, recommendations = given.pop("readers", []), given.pop("recommendations", [])
    now = given.pop("now", NOW)
    return service.log(
        author=author,
        key=given.pop("key", None) or uuid.uuid4(),
        fields={**fields, **given},
        recommendations=recommendations,
        readers=readers,
        now=now,
    )


def moment(keeper, **given):
    """Keep a moment in the calendar through its service: in ten weeks unless told."""
    fields = {"kind": "upr", "title": "UPR", "on": NOW.date() + 70 * DAY, "note": ""}
    return moments.keep_moment(actor=keeper, moment=None, fields={**fields, **given}, now=NOW)


def before(recommendation, actor, moment, weeks=1):
    """Set a review date before a moment."""
    about = {"recommendation": recommendation, "actor": actor, "moment": moment}
    return review_dates.add_before_moment(weeks=weeks, now=NOW, **about)


def mail(person, key, now=NOW, **fields):
    """Queue a plain decision mail."""
    letter = Letter(
        to=person.email,
        subject=fields.pop("subject", f"Mail {key}"),
        text="Hello.\n",
        html="<p>Hello.</p>",
        headers={"Auto-Submitted": "auto-generated"},
    )
    fields.setdefault("useful_for", 6 * DAY)
    return enqueue(key=key, kind=MailKind.DECISION, recipient=person, letter=letter, now=now, **fields)
