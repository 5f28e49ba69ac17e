"""What the tests of mails share: a real mail server on loopback, and small steps of the story."""

import asyncio
import email
import email.policy
import json
import uuid
from contextlib import contextmanager
from datetime import timedelta

from aiosmtpd.controller import Controller

from recommendations.choices import Confidence, Decision, Direction, MailKind, Sensitivity, Status
from recommendations.mail.messages import Letter
from recommendations.mail.outbox import enqueue
from recommendations.services import reviews, updates
from tests.support.cast import NOW
from tests.support.loopback import web_server
from tests.support.processes import WAIT, free_port

DAY = timedelta(days=1)
EVERY_DAY = "1234567"
# How Postmark refuses a recipient.
INVALID = "Invalid 'To' address: 'ana@example.org'."
INACTIVE = "Found inactive addresses: ana@example.org. Inactive recipients have generated a hard bounce."


class Sink:
    """A mail server that keeps what it accepted, and answers as it is told."""

    def __init__(self):
        self.accepted = []
        self.answer = None
        self.to_recipient = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take the recipient, unless told otherwise."""
        refusal = self.to_recipient(address) if self.to_recipient else None
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Keep the message, unless told otherwise."""
        answer = self.answer(server, envelope) if self.answer else None
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer:
            return answer
        self.accepted.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    @property
    def messages(self):
        """The accepted messages, parsed."""
        return [email.message_from_bytes(raw, policy=email.policy.default) for _to, raw in self.accepted]


@contextmanager
def mail_server(settings):
    """Run a sink on a free port of loopback, and point the tracker at it. Yields the sink."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        settings.MAILERS = smtp_mailer(controller.port)
        yield sink
    finally:
        controller.stop()


def smtp_mailer(port):
    """Return MAILERS that lead to a port of loopback."""
    return {
        "default": {
            "BACKEND": "recommendations.mail.outbox.transport.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": WAIT},
        }
    }


def provider(status, body):
    """Run a provider's interface on loopback. Yields its address, and (path, body) of what it was asked."""
    return web_server(status, json.dumps(body).encode())


def enqueue_one(person, key, now=NOW, **fields):
    """Queue a plain decision mail."""
    letter = Letter(
        to=person.email,
        subject=fields.pop("subject", f"Mail {key}"),
        text="Hello.\n",
        html="<p>Hello.</p>",
        headers={"Auto-Submitted": "auto-generated"},
    )
    fields.setdefault("useful_for", timedelta(days=6))
    return enqueue(key=key, kind=MailKind.DECISION, recipient=person, letter=letter, now=now, **fields)


def draft(author, recommendation, now=NOW, **fields):
    """Write a whole draft of an assessment as of the day before ``now``."""
    as_of = (now - DAY).date()
    citations = fields.pop("citations", ())
    return updates.save_draft(
        author=author,
        recommendation=recommendation,
        key=uuid.uuid4(),
        now=now,
        fields={
            "as_of": as_of,
            "status": Status.NO_ACTION,
            "confidence": Confidence.MEDIUM,
            "direction": Direction.SAME,
            "reason": "Nothing was published.",
            "sensitivity": Sensitivity.INTERNAL,
            **fields,
        },
        places=[("KCNA", as_of)],
        citations=citations,
    )


def submitted(author, recommendation, now=NOW, **fields):
    """Write and submit an assessment."""
    return updates.submit(update=draft(author, recommendation, now, **fields), actor=author, now=now)


def approved(team, recommendation, now=NOW, **fields):
    """Write, submit and approve an assessment."""
    update = submitted(team["author"], recommendation, now, **fields)
    reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.APPROVE, now=now)
    update.refresh_from_db()
    return update
