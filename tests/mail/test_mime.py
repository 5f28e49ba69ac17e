"""Each mail as the bytes that leave: what every mail server and mail program will see."""

import email
import re
from datetime import UTC, date, datetime
from email.policy import SMTP, default

import pytest

from recommendations.choices import Decision, DigestFrequency, MailKind
from recommendations.mail.outbox.delivery import build
from recommendations.models import Mail, MailWords, Recommendation, User
from recommendations.services import reviews
from recommendations.services.mail.digests import queue_digests
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.factories import DAY, NOW

FRIDAY = datetime(2024, 9, 20, 8, 0, tzinfo=UTC)
KINDS = [MailKind.REMINDER, MailKind.DIGEST, MailKind.DECISION]


@pytest.fixture
def written(team, report, settings):
    """One mail of each kind, about titles that try to break out."""
    settings.SITE_URL = "https://tracker.a-rather-long-name.example.org"
    User.objects.update(date_joined=NOW - 60 * DAY)
    User.objects.exclude(pk=team["author"].pk).update(digest_frequency=DigestFrequency.NEVER)
    first, second = report.recommendations.all()[:2]
    Recommendation.objects.filter(pk=first.pk).update(
        next_review_on=date(2024, 9, 20),
        owner=team["author"],
        short_title="Ünïcode 북한 <script>alert(1)</script>\r\nBcc: everybody@example.org & “more”",
    )
    Recommendation.objects.filter(pk=second.pk).update(short_title="<b>bold</b>\u202egnp.exe")
    second.refresh_from_db()
    factories.approve(
        team["author"],
        second,
        FRIDAY - DAY,
        reviewer=team["reviewer"],
        reason="<img src=x onerror=alert(1)> " + "long " * 200,
    )
    returned = factories.submit(team["author"], report.recommendations.get(position=1), FRIDAY - DAY)
    reviews.decide(
        update=returned, reviewer=team["reviewer"], decision=Decision.RETURN, comment="No.", now=FRIDAY
    )
    queue_digests(now=FRIDAY)
    queue_reminders(now=FRIDAY)
    return team["author"]


def raw(kind):
    """Return the bytes of the newest mail of a kind, as they leave."""
    mail = Mail.objects.filter(kind=kind).with_words().order_by("pk").last()
    mail.to_address = mail.recipient.email
    return build(mail).message().as_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_of_every_mail(written, kind):
    head, _empty, _body = raw(kind).partition(b"\n\n")
    message = email.message_from_bytes(raw(kind), policy=default)
    assert message["To"] == written.email and message["Cc"] is None and message["Bcc"] is None
    assert message["From"].addresses[0].addr_spec
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"].startswith(f"<{kind}.")
    assert re.fullmatch(r"<[0-9a-f]{32}@[\w.-]+>", message["Message-ID"])
    assert message["Precedence"] is None
    for name in ("Subject", "To", "From", "Date", "Message-ID", "List-Id"):
        assert (
            head.lower().count(f"\n{name}:".lower().encode())
            + head.lower().startswith(f"{name}:".lower().encode())
            == 1
        )
    assert "\n" not in message["Subject"] and len(message["Subject"]) <= 200


@pytest.mark.parametrize("kind", KINDS)
def test_the_body_of_every_mail(written, kind):
    message = email.message_from_bytes(raw(kind), policy=default)
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    words = text.get_content()
    assert "Ünïcode 북한" in words or "bold" in words
    assert "&lt;" not in words and "&amp;" not in words, "nothing is escaped in the text part"
    markup = html.get_content()
    assert "<script" not in markup and "<img" not in markup and "onerror=alert(1)>" not in markup
    assert 'style="' in markup and 'lang="en"' in markup
    assert max(map(len, raw(kind).splitlines())) <= 998
    assert not re.findall(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", raw(kind))
    assert raw(kind).isascii(), "eight-bit bytes would have to be announced to the server"


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_to_the_tracker(written, kind, settings):
    message = email.message_from_bytes(raw(kind), policy=default)
    for part in message.iter_parts():
        links = re.findall(r"https?://[^\s\"<>]+", part.get_content())
        assert links and all(link.startswith(settings.SITE_URL + "/") for link in links)


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_name_the_same_things(written, kind):
    message = email.message_from_bytes(raw(kind), policy=default)
    text, html = (part.get_content() for part in message.iter_parts())
    assert set(re.findall(r"TIP-\d{4}-KP-\d\d", text)) == set(re.findall(r"TIP-\d{4}-KP-\d\d", html))


def test_one_click_unsubscribing_survives_the_folding_of_headers(written):
    unfolded = raw(MailKind.DIGEST).replace(b"\n ", b" ")
    line = next(line for line in unfolded.split(b"\n") if line.startswith(b"List-Unsubscribe:"))
    match = re.fullmatch(rb"List-Unsubscribe: +(<https://[^\s=?]+/u/[\w-]{22}>)", line)
    assert match, line
    assert len(match[1]) <= 75
    assert b"\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in raw(MailKind.DIGEST)


def test_digests_alone_are_lists_to_leave(written):
    for kind in (MailKind.REMINDER, MailKind.DECISION):
        assert b"List-Unsubscribe" not in raw(kind)


def test_the_bytes_are_the_same_each_time(written):
    for kind in KINDS:
        assert raw(kind) == raw(kind)


def read(raw):
    """Return what a mail program reads from the bytes of a mail: heads and words of all its parts."""
    message = email.message_from_bytes(raw, policy=default)
    parts = [message] if not message.is_multipart() else [message, *message.iter_parts()]
    encoding = "Content-Transfer-Encoding"
    heads = [
        sorted((name, str(value)) for name, value in part.items() if name not in (encoding, "MIME-Version"))
        for part in parts
    ]
    assert not any(part.defects for part in parts)
    return heads, [part.get_content() for part in parts if not part.is_multipart()]


def check(mail):
    """Hold the bytes of a mail against what the email package writes, and against the rules of SMTP."""
    raw = build(mail).raw
    assert read(raw) == read(build(mail).message(policy=SMTP).as_bytes())
    assert raw.isascii() and raw.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), "a line end of another kind"
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return raw


@pytest.mark.parametrize("kind", KINDS)
def test_what_leaves_reads_as_what_the_email_package_writes(written, kind):
    for mail in Mail.objects.filter(kind=kind).with_words():
        mail.to_address = mail.recipient.email
        check(mail)


def unsaved(*, words=None, **fields):
    """Return a mail with its words, not saved."""
    mail = Mail(date_header=NOW, **fields)
    MailWords(mail=mail, **(words or {"text": "x"}))
    return mail


HARD = [
    "",
    "one line",
    "\n\nblank lines\n\n\n",
    "long " * 300,
    "Ünïcode 북한 " * 30,
    "a" * 2000,
    ".\n..\nFrom here\n",
    "tab\tand space \n \n",
    "=?utf-8?q?encoded?= = é",
    "\r\nold\rlines\u2028and\x0cothers\x85",
]


@pytest.mark.parametrize("html", ["", *HARD])
@pytest.mark.parametrize("text", HARD)
def test_whatever_the_words_they_arrive(text, html):
    subject = "".join(sign for sign in text if sign.isprintable())[:200]
    mail = unsaved(
        subject=subject,
        to_address="someone.with-a-long-name-that-goes-on-and-on@a-rather-long-name.example.org",
        message_id="<0123456789abcdef0123456789abcdef@example.org>",
        words={
            "text": text,
            "html": html,
            "headers": {"List-Unsubscribe": "<https://tracker.example.org/u/0123456789012345678901>"},
        },
    )
    raw = check(mail)
    assert check(mail) == raw, "nor by what was kept from another"


def test_words_that_look_encoded_keep_their_bytes_whatever_was_sent_before():
    def of(subject):
        return unsaved(subject=subject, to_address="a@example.org", message_id="<1@a>")

    subjects = ["=?utf-8?q?caf=C3=A9?=", "café", "=?utf-8?b?Y2Fmw6k=?="]
    for subject in [*subjects, *reversed(subjects)]:
        check(of(subject))


@pytest.mark.parametrize("field", ["subject", "message_id", "to_address"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_second_line_in_a_header_is_refused_each_time(field, end):
    fields = {"subject": "x", "message_id": "<1@a>", "to_address": "a@example.org"}
    mail = unsaved(**{**fields, field: f"a@example.org{end}Bcc: b@example.org"})
    for _time in range(2):
        with pytest.raises(ValueError, match=r"linefeed|newline|[Ii]nvalid"):
            build(mail).raw  # noqa: B018
