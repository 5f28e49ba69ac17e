"""What people typed, as it stands in mails: no signs that steer, no lines of their own, no flood."""

from datetime import timedelta

import pytest

from recommendations.choices import MailKind
from recommendations.models import Mail, Recommendation, User
from recommendations.services.mail.digests import queue_digests
from recommendations.services.mail.reminders import queue_reminders
from recommendations.text.plaintext import filled
from tests.support import factories
from tests.support.factories import NOW

STEERING = "\x1b[31mred\u202eevil\x07"
FORGED = "No law.\n\nSIGN IN HERE\nhttps://evil.example/login"


def mail_to(person, kind):
    return Mail.objects.get(recipient=person, kind=kind)


@pytest.fixture
def many(team):
    """A report of 200 recommendations, all overdue and all one person's."""
    report = factories.report(count=200)
    Recommendation.objects.update(next_review_on=NOW.date() - timedelta(days=8), owner=team["author"])
    return report


def test_of_two_hundred_duties_a_reminder_names_fifteen_and_counts_the_rest(team, many):
    queue_reminders(now=NOW)
    mail = mail_to(team["author"], MailKind.REMINDER)
    assert mail.subject == "200 overdue"
    for words in (mail.text, mail.html):
        assert "(200)" in words and "… and 185 more, on the site." in words
        assert words.count("TIP-2024-KP-") == 15 * 2, "its number, and its page"
    # Gmail cuts a mail off at 102 KB, and the foot with it.
    assert len(mail.html.encode()) < 50_000


def test_signs_that_steer_a_terminal_or_turn_words_are_in_no_body(team, report):
    first = report.recommendations.first()
    Recommendation.objects.filter(pk=first.pk).update(
        short_title=f"Close {STEERING} camps", owner=team["author"], next_review_on=NOW.date()
    )
    queue_reminders(now=NOW)
    mail = mail_to(team["author"], MailKind.REMINDER)
    for words in (mail.text, mail.html):
        assert "Close [31mred evil camps" in " ".join(words.split())
        assert not [sign for sign in words if sign in STEERING and not sign.isprintable()]


def test_a_reason_of_several_lines_makes_no_lines_of_its_own(team, report):
    User.objects.update(date_joined=NOW - timedelta(days=60))
    factories.approve(
        team["author"], report.recommendations.first(), NOW, reviewer=team["reviewer"], reason=FORGED
    )
    queue_digests(now=NOW + timedelta(days=7))
    text = mail_to(team["viewer"], MailKind.DIGEST).text
    assert "  Why: No law. SIGN IN HERE https://evil.example/login\n" in text


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("* " + "word " * 16, ["* " + " ".join(["word"] * 15), "  word"]),
        ("12. " + "a" * 80 + " b", ["12. " + "a" * 80, "    b"]),
        # Each sign takes two columns: 15 words of four columns, with their spaces, are 76.
        ("  " + "가나 " * 16, ["  " + " ".join(["가나"] * 15), "  가나"]),
        ("\t", []),
        ("https://example.org/" + "x" * 100, ["https://example.org/" + "x" * 100]),
    ],
)
def test_lines_fit_eighty_columns_and_stand_below_their_words(line, wanted):
    assert filled("Begin\n" + line + "\nend").splitlines() == ["Begin", *(wanted or [""]), "end"]
