"""The mails and the pages about them in a real browser: accessible, at both widths, in light and dark."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import Decision, MailKind, MailState, Role, Sensitivity, Status
from recommendations.mail.outbox import breaker, unsubscribe_address
from recommendations.models import Mail, Recommendation, User
from recommendations.models.leases import new_lease
from recommendations.services import grants, people, reviews
from recommendations.services.mail import digests, reminders
from tests.browser.axe import violations
from tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path("test-results/mails")
MARK = re.compile(r"^(\* |\d+\. )")
DAY = timedelta(days=1)


@pytest.fixture
def mails(team, report):
    """One mail of each kind, each with most that it can hold."""
    now = timezone.now()
    # It is always past eight somewhere.
    place = "Etc/GMT-8" if now.hour < 8 else "UTC"
    User.objects.update(working_days="1234567", time_zone=place, date_joined=now - 60 * DAY)
    User.objects.update(digest_weekday=now.astimezone(User.objects.first().zone).isoweekday())
    first, second, third = report.recommendations.all()
    said = {"reviewer": team["reviewer"], "public_text": "A law was published."}
    factories.publish(team["author"], first, now - DAY, **said)
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True)
    factories.submit(team["other"], second, now - 5 * DAY, status=Status.NO_INFORMATION)
    factories.submit(team["reviewer"], second, now - 5 * DAY, sensitivity=Sensitivity.RESTRICTED)
    factories.write(team["reviewer"], third, now - 9 * DAY)
    Recommendation.objects.update(next_review_on=(now - 20 * DAY).date(), owner=team["author"])
    Recommendation.objects.filter(pk=third.pk).update(
        next_review_on=(now + 2 * DAY).date(), owner=None, short_title="Averylongwordwithoutanyspace" * 4
    )
    digests.queue_digests(now=now)
    reminders.queue_reminders(now=now)
    # Only what went out can be read again on the site.
    Mail.objects.filter(kind=MailKind.DIGEST).update(state=MailState.SENT, sent_at=now)
    of_reviewer = Mail.objects.filter(recipient=team["reviewer"])
    made = {
        "reminder": of_reviewer.get(kind=MailKind.REMINDER),
        "digest": of_reviewer.get(kind=MailKind.DIGEST),
        "decision": Mail.objects.filter(kind=MailKind.DECISION).first(),
        "partner": Mail.objects.get(recipient=team["viewer"], kind=MailKind.DIGEST),
    }
    return made | short_mails(team, second, now)


def short_mails(team, recommendation, now):
    """Mails that hold little: a return, one restricted, a changed sign-in, a week without news."""
    returned = factories.submit(team["other"], recommendation, now)
    closed = factories.submit(team["other"], recommendation, now, sensitivity=Sensitivity.RESTRICTED)
    factories.grant(team["second"], update=closed)
    for update in (returned, closed):
        reviews.decide(
            update=update, reviewer=team["second"], decision=Decision.RETURN, comment="Which law?", now=now
        )
    User.objects.filter(pk=team["other"].pk).update(last_login=now, name="Omar " + "Longestfamilyname" * 6)
    people.give_password(actor=team["manager"], person=team["other"], now=now)
    people.change_role(actor=team["manager"], person=team["other"], role=Role.REVIEWER, now=now)
    secret = factories.link(team["other"], sensitivity=Sensitivity.RESTRICTED)
    grants.grant(item=secret, person=team["manager"], actor=team["manager"], reason="To look.", now=now)
    User.objects.filter(pk=team["second"].pk).update(digest_when_empty=True)
    digests.queue_digests(now=now + 7 * DAY)
    to_other = Mail.objects.filter(recipient=team["other"])
    decisions = to_other.filter(kind=MailKind.DECISION).order_by("pk")
    return {
        "returned": decisions.first(),
        "restricted": decisions.last(),
        "sign-in": to_other.get(kind=MailKind.SIGN_IN),
        "account": Mail.objects.get(kind=MailKind.TEAM),
        "let-in": to_other.get(kind=MailKind.ACCESS),
        "digest-empty": Mail.objects.filter(recipient=team["second"], kind=MailKind.DIGEST).latest("pk"),
    }


def every_outcome(person):
    """Queue ``person`` a mail for each thing that can become of one, with the longest words it can have."""
    now = timezone.now()
    more = {
        MailState.SENT: {"sent_at": now, "kind": MailKind.DIGEST},
        MailState.WRITTEN: {"sent_at": now},
        MailState.SENDING: new_lease(now),
        MailState.FAILED: {
            "last_code": "550",
            "last_error": f"5.1.1 <{'long' * 20}@example.org>: No such",
        },
        MailState.SUPPRESSED: {"reason": "Away until 3 May 2026.", "kind": MailKind.REMINDER},
        MailState.EXPIRED: {"reason": "It could not be sent in time."},
        MailState.PENDING: {"next_attempt_at": now + DAY},
    }
    for state in MailState:
        mail = factories.mail(
            person, state, now, subject="2 overdue, 1 due Friday, 1 update waits for your review"
        )
        Mail.objects.filter(pk=mail.pk).update(state=state, **more.get(state, {}))


def problems_of(page):
    """Return what axe finds on the page, and whether it must be scrolled sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return violations(page) + (["must be scrolled sideways"] if wide else [])


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 390])
def test_every_mail_reads_well(page, mails, width, scheme):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    found = {}
    for name, mail in mails.items():
        page.set_content(mail.html)
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
        found[name] = problems_of(page)
    assert {name: problems for name, problems in found.items() if problems} == {}


TERMINAL = """<!doctype html><title>Terminal</title><style>
body { margin: 8px; background: #111; color: #ddd; }
pre { margin: 0; width: 80ch; font: 14px/1.35 monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
</style><pre></pre>"""


def test_the_text_of_every_mail_reads_well_in_a_terminal_of_80_columns(page, mails):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": 720, "height": 800})
    page.set_content(TERMINAL)
    for name, mail in mails.items():
        head = f"To: {mail.recipient.email}\nSubject: {mail.subject}\n\n"
        page.eval_on_selector("pre", "(screen, words) => { screen.textContent = words }", head + mail.text)
        page.screenshot(path=SHOTS / f"{name}-terminal.png", full_page=True)
        long = [line for line in mail.text.splitlines() if len(line) > 80]
        # What cannot be broken: an address, a word of a title beside its mark, the hash of the record.
        assert [line for line in long if " " in MARK.sub("", line.strip())] == [], name


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_about_mails_is_accessible(
    page, live_server, client, context, settings, team, mails, width, scheme
):
    every_outcome(team["manager"])
    User.objects.filter(pk__in=[team["manager"].pk, team["viewer"].pk]).update(bouncing_since=timezone.now())
    breaker.trip(timezone.now(), "535 5.7.8 Username and Password not accepted")
    client.force_login(team["manager"])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    link = unsubscribe_address(team["viewer"], MailKind.DIGEST, timezone.now())
    pages = {
        "list": reverse("digest-list"),
        "mine": reverse("my-mails"),
        "detail": reverse("digest-detail", args=[mails["digest"].pk]),
        "now": reverse("digest-now"),
        "preview": reverse("digest-preview", args=[team["reviewer"].pk]),
        "log": reverse("admin:recommendations_mail_changelist"),
        "person": reverse("admin:recommendations_user_change", args=[team["viewer"].pk]),
        "unsubscribe": "/u/" + link.rpartition("/")[2],
    }
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    refused, found = [], {}
    page.on("console", lambda message: refused.append(message.text))
    for name, address in pages.items():
        assert page.goto(live_server.url + address).status == 200
        page.screenshot(path=SHOTS / f"page-{name}-{width}-{scheme}.png", full_page=True)
        found[name] = problems_of(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert refused == []
