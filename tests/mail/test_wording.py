"""Every word of every mail can be translated: under a made-up language no English is left."""

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from django.utils.translation import trans_real

from recommendations.choices import Decision, LineageKind, MailKind, Role, Sensitivity, Status
from recommendations.mail import messages
from recommendations.models import Lineage, Mail, Recommendation, Report, StatusUpdate, User
from recommendations.services import advocacy, grants, open_work, people, review_dates, reviews
from recommendations.services.mail import digests, reminders
from tests.support import factories
from tests.support.factories import DAY

FRIDAY = datetime(2024, 9, 20, 8, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"
PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\})")
# What is the same in every language: addresses, references of recommendations, hashes, the name of a zone.
NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|(?:TIP-\d{4}-)?[A-Z]{2}-\d\d|\b[0-9a-f]{64}\b|\bUTC\b")
WORD = re.compile(r"[A-Za-z]{2,}")
# What stands on a line of its own in an HTML part; any other element is a part of its sentence.
LINE = re.compile(r"</?(?:p|h1|h2|table|tr|td|th|div|br|section|header|title)\b[^>]*>")
# A space before a sign of punctuation, or none after it.
UNTIDY = re.compile(r"\S* [,.;:](?:\s|$)|\w+[,;]\w+|[a-z]{2}\.[A-Z]\w*")


def foreign(message):
    """Return a message in the made-up language: the letters are full-width, the placeholders stay."""
    parts = PLACEHOLDER.split(message)
    parts[::2] = [re.sub("[!-~]", lambda sign: chr(ord(sign[0]) + 0xFEE0), part) for part in parts[::2]]
    return "".join(parts)


@pytest.fixture
def made_up_language(monkeypatch):
    """Let every translatable word come out in the made-up language."""
    plural = lambda self, one, many, number: foreign(one if number == 1 else many)  # noqa: E731
    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", lambda self, message: foreign(message))
    monkeypatch.setattr(trans_real.DjangoTranslation, "ngettext", plural)


@pytest.fixture
def team(team, report):
    """The team and its report under names without Latin letters, and much that happened."""
    for person, name in zip(team.values(), ("베라", "아나", "오마르", "리타", "샘", "미나"), strict=True):
        person.name, person.date_joined = name, FRIDAY - 60 * DAY
        person.digest_weekday, person.working_days = 5, "1234567"
        person.save()
    Report.objects.update(country_name="조선")
    factories.report(count=16, year=2023, code="JP", name="일본")
    for number, recommendation in enumerate(Recommendation.objects.order_by("pk")):
        recommendation.short_title = recommendation.text = f"과제 {number}"
        recommendation.next_review_on = (FRIDAY - (20 - number) * DAY).date()
        recommendation.owner = team["author"] if number % 2 else None
        recommendation.save()
    return team


def much_happens(team, report):
    """Move, confirm and check statuses, add evidence, and leave things waiting, some of them restricted."""
    first, second, third = report.recommendations.order_by("position")
    item = factories.link(team["author"], "증거")
    factories.approve(
        team["author"],
        first,
        FRIDAY - 2 * DAY,
        reviewer=team["reviewer"],
        reason="이유",
        citations=[(item, "supports", "")],
    )
    factories.approve(team["author"], first, FRIDAY - DAY, reviewer=team["reviewer"], reason="이유")
    factories.approve(
        team["author"],
        second,
        FRIDAY - DAY,
        reviewer=team["reviewer"],
        reason="이유",
        status=Status.NO_INFORMATION,
    )
    factories.check(team["author"], second, reviewer=team["reviewer"], as_of=(FRIDAY - DAY).date())
    factories.submit(team["other"], third, FRIDAY - 5 * DAY)
    factories.write(team["reviewer"], third, FRIDAY - 9 * DAY)
    factories.submit(team["reviewer"], third, FRIDAY - 5 * DAY, sensitivity=Sensitivity.RESTRICTED)
    returned = factories.submit(team["author"], third, FRIDAY - 4 * DAY)
    step = {"next_step": "회의", "next_on": FRIDAY.date(), "next_owner": team["author"], "now": FRIDAY - DAY}
    factories.advocacy(team["author"], subject="수용소", recommendations=[first], **step)
    done = factories.advocacy(team["author"], subject="편지", **step)
    advocacy.finish(entry=done, actor=team["author"], now=FRIDAY)
    coming = factories.moment(team["manager"], title="회기", on=FRIDAY.date() + 20 * DAY, note="")
    review_dates.add_before_moment(
        recommendation=first, actor=team["reviewer"], moment=coming, weeks=1, now=FRIDAY - DAY
    )
    about = {"reviewer": team["reviewer"], "decision": Decision.RETURN, "comment": "의견"}
    reviews.decide(update=returned, now=FRIDAY - 4 * DAY, **about)


def a_year_ends(team, report):
    """Move and withdraw updates of last year's report, and ask an owner whether a finding is still so."""
    earlier = factories.report(
        year=report.year - 1, count=4, name=Report.objects.get(pk=report.pk).country_name
    )
    earlier.recommendations.update(short_title="과제")
    pairs = list(zip(earlier.recommendations.all(), report.recommendations.all(), strict=False))
    for old, new in pairs:
        ends = {"earlier": old, "later": new, "kind": LineageKind.SAME, "confirmed_at": FRIDAY - DAY}
        Lineage.objects.create(confirmed_by=team["second"], **ends)
    first, second, third = (old for old, _new in pairs)
    then = {"now": FRIDAY - 6 * DAY, "reason": "이유"}
    waiting = [factories.submit(team["author"], old, **then) for old in (first, second)]
    hidden = factories.submit(team["author"], third, sensitivity=Sensitivity.RESTRICTED, **then)
    factories.grant(team["manager"], update=hidden)
    gone = factories.submit(team["other"], earlier.recommendations.last(), **then)
    by = {"actor": team["manager"], "now": FRIDAY - DAY}
    open_work.move(updates=[*waiting, hidden], **by)
    open_work.withdraw(updates=[gone], **by)
    finding = factories.approve(
        team["other"], third, FRIDAY - 8 * DAY, reviewer=team["second"], reason="이유"
    )
    about = {"author": team["author"], "recommendation": pairs[2][1], "as_of": finding.as_of}
    asked = {"repeats": finding, "created_at": FRIDAY - 2 * DAY, "changed_at": FRIDAY - 2 * DAY}
    StatusUpdate.objects.create(**about, **asked)


def words_left(words):
    """Return what is still English."""
    return WORD.findall(NO_WORDS.sub(" ", words))


def seen_of(html):
    """Return the words of an HTML part that somebody sees or hears, its title and labels among them."""
    labels = " ".join(re.findall(r'\b(?:alt|title|aria-label|summary)="([^"]*)"', html))
    shown = re.sub(r"<style.*?</style>|<!--.*?-->|<!doctype html>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", shown)) + labels


def untidy_in(mail):
    """Return where words of a mail are glued, or stand apart from their punctuation."""
    shown = re.sub(r"<style.*?</style>|<!--.*?-->|<!doctype html>", "", mail.html, flags=re.DOTALL | re.I)
    shown = re.sub(r"<[^>]+>", "", LINE.sub("\n", re.sub(r"\s+", " ", shown)))
    return UNTIDY.findall(unescape(shown)) + UNTIDY.findall(mail.text) + re.findall(r"\n{3,}", mail.text)


def english_in(mail):
    return words_left(mail.subject) + words_left(mail.text) + words_left(seen_of(mail.html))


def test_no_mail_holds_a_word_that_cannot_be_translated(team, report, made_up_language):
    much_happens(team, report)
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True)
    digests.queue_digests(now=FRIDAY)
    reminders.queue_reminders(now=FRIDAY)
    User.objects.update(last_login=FRIDAY - DAY)
    about = {"actor": team["manager"], "person": team["other"], "now": FRIDAY}
    people.give_password(**about)
    people.rename(email="new@example.org", name="오마르", **about)
    secret = factories.link(team["author"], "증거", sensitivity=Sensitivity.RESTRICTED)
    factories.grant(team["other"], evidence=secret)
    for whom in ("manager", "second"):
        grants.grant(item=secret, person=team[whom], actor=team["manager"], reason="이유", now=FRIDAY)
    about["person"] = team["second"]
    people.rename(email="newer@example.org", name="샘", **about)
    people.give_password(**about)
    for role in (Role.VIEWER, Role.REVIEWER):
        people.change_role(role=role, **about)
    for active in (False, True):
        people.set_active(active=active, **about)
    people.give_password_from_server(person=team["second"], now=FRIDAY + DAY)
    people.add_manager(email="newest@example.org", name="김", now=FRIDAY)
    del about["person"]
    people.add_person(email="last@example.org", name="이", role=Role.REVIEWER, **about)
    mails = Mail.objects.with_words()
    told = {mail.kind for mail in mails}
    assert told == set(MailKind)
    assert {mail.pk: left for mail in mails if (left := english_in(mail))} == {}
    for person in team.values():
        letter, why_not = digests.preview_own(reader=person, now=FRIDAY + DAY)
        assert english_in(letter) == [] and words_left(why_not) == []
    restricted = StatusUpdate.objects.get(sensitivity=Sensitivity.RESTRICTED)
    for decision in Decision:
        review = reviews.Review(decision=decision, reviewer=team["second"])
        assert english_in(messages.decision(restricted, review)) == []


def test_nor_does_one_about_the_end_of_a_year(team, report, made_up_language):
    a_year_ends(team, report)
    reminders.queue_reminders(now=FRIDAY)
    mails = Mail.objects.with_words()
    assert (
        mails.filter(key__startswith="moved:").exists()
        and mails.filter(key__startswith="withdrawn:").exists()
    )
    assert {mail.subject: left for mail in mails if (left := english_in(mail) + untidy_in(mail))} == {}


def test_the_test_would_see_english(team, report):
    much_happens(team, report)
    reminders.queue_reminders(now=FRIDAY)
    assert all(english_in(mail) for mail in Mail.objects.with_words())


def test_no_mail_glues_words_or_parts_them_from_their_punctuation(team, report):
    much_happens(team, report)
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True)
    digests.queue_digests(now=FRIDAY)
    reminders.queue_reminders(now=FRIDAY)
    mails = Mail.objects.with_words()
    assert any("is unfinished. You are a reviewer" in " ".join(mail.html.split()) for mail in mails)
    assert {mail.subject: found for mail in mails if (found := untidy_in(mail))} == {}


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_no_template_holds_a_word_outside_of_a_translation(path):
    """The branches that no story reaches are read here."""
    source = path.read_text()
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
    assert words_left(seen_of(re.sub(r"<title>\s*</title>", " ", source))) == []


def test_a_mail_says_its_language_where_screen_readers_look(team, report):
    much_happens(team, report)
    for mail in Mail.objects.with_words():
        # Web mail drops the outer element, so the inner one says it too.
        assert '<html lang="en" dir="ltr"' in mail.html
        assert re.search(r'<div role="main" lang="en" dir="ltr"', mail.html)


def test_a_mail_stands_in_outlook_and_gmail(team, report):
    """What their engines are known to need; no picture, so that nothing is missing with pictures off."""
    much_happens(team, report)
    digests.queue_digests(now=FRIDAY)
    reminders.queue_reminders(now=FRIDAY)
    for mail in Mail.objects.with_words():
        body = mail.html[mail.html.index("<body") :]
        # Outlook knows no largest width: a table of 600 in a comment that only it reads holds the mail.
        assert body.count("<!--[if mso]>") == body.count("<![endif]-->") == 2
        assert "<img" not in body and "background-image" not in body
        # A button is a cell: Outlook gives no room around a link.
        assert re.search(
            r'<td[^>]*bgcolor="#5a3a86"[^>]*mso-padding-alt: 12px 20px[^>]*><a class="button"', body
        )
        # Without its head, as some show it, a mail still has its looks.
        for tag in ("h1", "a", "td", "p"):
            assert all(
                "style=" in found for found in re.findall(rf"<{tag}\b[^>]*>", body) if "class" in found
            )
        tables = re.findall(r"<table\b[^>]*>", body)
        data = [table for table in tables if 'role="presentation"' not in table]
        assert len(data) == (body.count("Status:") if mail.kind == MailKind.DIGEST else 0)
        # Gmail cuts longer ones off.
        assert len(mail.html.encode()) < 102_400
