"""What somebody cannot decide on until an account is confirmed is not counted as theirs, and says so."""

from datetime import timedelta

import pytest

from recommendations.choices import AccountAct, MailKind, Role
from recommendations.models import AccountChange, Mail, MailItem, User
from recommendations.selectors.reminder_validity import StillDue
from recommendations.services import confirming
from recommendations.services.mail.reminders import queue_reminders
from recommendations.services.people import give_password
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]
LATER = NOW + timedelta(days=4)
TITLE = "Thing 1"
UNTIL = "not yours to decide until Kay has confirmed the account of Nora"


@pytest.fixture
def nora(team, kay):
    """A reviewer whom Mina, the manager, added, with a password of her own."""
    nora = factories.person("Nora", Role.REVIEWER)
    AccountChange.objects.create(person=nora, by=team["manager"], act=AccountAct.ADDED, at=NOW)
    return nora


def reminded():
    """Queue what is due four days later. Returns: who is told that an update waits for them."""
    queue_reminders(now=LATER)
    told = MailItem.objects.filter(update__isnull=False, superseded=False)
    return set(told.values_list("recipient__name", flat=True))


def pages_of(person):
    """Return how what waits for them begins on the page of a reviewer, and the words of queue and desk."""
    browser = browser_of(person)
    home, queue, desk = (words(browser.get(address)) for address in ("/", "/reviews/", "/desk/"))
    return home.partition("Waiting for your review")[2][:60], queue, desk


@pytest.mark.parametrize("writer", ["manager", "nora"])
def test_it_is_neither_counted_nor_reminded_of_until_the_account_is_confirmed(
    team, kay, nora, recommendation, writer
):
    """In both directions: neither of the two decides on what the other wrote."""
    author, apart = (team["manager"], nora) if writer == "manager" else (nora, team["manager"])
    factories.submit(author, recommendation, as_of=NOW.date())
    home, queue, desk = pages_of(apart)
    assert TITLE not in home
    assert UNTIL in queue and UNTIL in desk and "One of them waits for another reviewer" in desk
    assert TITLE in pages_of(team["reviewer"])[0]
    assert UNTIL not in " ".join(pages_of(team["reviewer"]))
    told = reminded()
    assert apart.name not in told and {"Rita", "Sam", "Kay"} <= told
    confirming.confirm_account(person=nora, actor=kay, now=NOW)
    home, queue, desk = pages_of(apart)
    assert TITLE in home and UNTIL not in queue + desk
    Mail.objects.all().delete()
    assert apart.name in reminded()


def test_its_author_reads_with_whom_it_waits(team, kay, nora, recommendation):
    factories.submit(team["manager"], recommendation, as_of=NOW.date())
    home = words(browser_of(team["manager"]).get("/"))
    assert "waits with Kay, Rita or Sam" in home
    User.objects.filter(name__in=["Rita", "Sam"]).update(is_active=False)
    AccountChange.objects.create(person=kay, by=team["manager"], act=AccountAct.RAISED, at=NOW)
    factories.person("Kim", Role.MANAGER, is_active=False)
    assert "waits with Kay" in words(browser_of(team["manager"]).get("/")), "nobody could confirm Kay"
    User.objects.filter(name="Kim").update(is_active=True)
    AccountChange.objects.create(person=User.objects.get(name="Kim"), by=kay, act=AccountAct.ADDED, at=NOW)
    home = words(browser_of(team["manager"]).get("/"))
    assert "waits with Kim" in home


def test_a_reminder_is_not_sent_once_the_account_is_in_doubt(team, kay, recommendation):
    factories.submit(team["manager"], recommendation, as_of=NOW.date())
    queue_reminders(now=LATER)
    mails = Mail.objects.filter(kind=MailKind.REMINDER, recipient=team["reviewer"])
    assert StillDue(mails).is_any_open(mails.get(), User.objects.with_rank().get(name="Rita"), LATER)
    give_password(actor=team["manager"], person=team["reviewer"], now=NOW)
    rita = User.objects.with_rank().get(name="Rita")
    assert not StillDue(mails).is_any_open(mails.get(), rita, LATER)
