"""A manager lets somebody in on a restricted item, themselves perhaps: all who see it are told."""

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import MailKind, Sensitivity
from recommendations.mail import outbox
from recommendations.models import Event, Grant, Mail, User
from recommendations.selectors import access_history
from recommendations.services import grants
from tests.support import factories
from tests.support.pages import browser_of, words

pytestmark = pytest.mark.django_db

SECRET = "Testimony of Ms. K."


@pytest.fixture(params=["evidence", "update"])
def noun(request):
    return request.param


@pytest.fixture
def item(team, recommendation, noun):
    """A restricted item of Ana's, on which she let Sam in."""
    if noun == "evidence":
        made = factories.link(team["author"], SECRET, sensitivity=Sensitivity.RESTRICTED)
    else:
        fields = {"sensitivity": Sensitivity.RESTRICTED, "reason": SECRET}
        made = factories.submit(team["author"], recommendation, **fields)
    factories.grant(team["second"], **{noun: made})
    return made


def let(team, noun, item, who, *, by="manager"):
    page = reverse(f"{noun}-access", args=[item.key])
    answer = browser_of(team[by]).post(page, {"person": team[who].pk, "reason": "To look."}, follow=True)
    assert "can now see it" in words(answer)


def remove_access(team, noun, item, who):
    browser_of(team["manager"]).post(reverse(f"{noun}-revoke", args=[item.key, team[who].pk]))


def told():
    return sorted(Mail.objects.filter(kind=MailKind.ACCESS).values_list("recipient__name", flat=True))


def test_who_lets_themselves_in_reads_and_leaves_is_told_of_at_once(team, noun, item, mailoutbox):
    let(team, noun, item, "manager")
    assert browser_of(team["manager"]).get(item.get_absolute_url()).status_code == 200
    remove_access(team, noun, item, "manager")
    assert told() == ["Ana", "Sam"]
    outbox.send(timezone.now())
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ana@example.org", "sam@example.org"]
    for mail in mailoutbox:
        assert mail.subject == "A manager took access to a restricted item"
        assert "Mina (mina@example.org) took access to something restricted" in mail.body
        # What it is stays behind the sign-in, and so does where it is.
        whole = str(mail.message())
        assert SECRET not in whole and str(item.key) not in whole and "To look" not in whole


@pytest.mark.parametrize("who", ["author", "second"])
def test_the_item_says_who_let_themselves_in_until_when_also_afterwards(team, noun, item, who):
    let(team, noun, item, "manager")
    page = words(browser_of(team[who]).get(item.get_absolute_url()))
    assert "Mina took access" in page and "still has access" in page
    remove_access(team, noun, item, "manager")
    assert not Grant.objects.filter(person=team["manager"]).exists()
    for page in (item.get_absolute_url(), reverse("settings")):
        read = words(browser_of(team[who]).get(page))
        assert "Mina took access" in read and " until " in read and "still has access" not in read
    assert "took access" not in words(browser_of(team["other"]).get(reverse("settings")))


def test_a_friend_let_in_by_a_manager_is_told_of_too(team, noun, item):
    let(team, noun, item, "reviewer")
    assert told() == ["Ana", "Sam"]
    page = words(browser_of(team["author"]).get(reverse(f"{noun}-access", args=[item.key])))
    assert "Mina gave Rita access" in page


def test_whoever_added_it_lets_in_without_a_mail(team, noun, item):
    let(team, noun, item, "other", by="author")
    assert told() == [] and access_history.on_item(item) == []


def test_no_other_act_of_the_manager_silences_it(team, noun, item, mailoutbox):
    User.objects.filter(pk=team["second"].pk).update(reminders="none", digest_frequency="never")
    let(team, noun, item, "manager")
    User.objects.filter(pk=team["author"].pk).update(is_active=False, email="elsewhere@example.org")
    User.objects.filter(pk=team["second"].pk).update(is_partner=True)
    outbox.send(timezone.now())
    assert sorted(mail.to[0] for mail in mailoutbox) == ["ana@example.org", "sam@example.org"]


def test_who_added_it_is_told_even_after_they_left(team, noun, item):
    User.objects.filter(pk__in=[team["author"].pk, team["second"].pk]).update(is_active=False)
    let(team, noun, item, "manager")
    assert told() == ["Ana"]


def test_another_manager_reads_in_the_mail_log_no_word_of_it(team, noun, item):
    let(team, noun, item, "manager")
    for mail in Mail.objects.filter(kind=MailKind.ACCESS):
        assert mail.text_for(team["other"]).count("Mina") == 0
        assert "only for its recipient" in mail.text_for(team["other"])


def test_letting_in_twice_is_told_once_and_each_time_by_itself_is_told_each_time(team, noun, item):
    about = {"item": item, "person": team["manager"], "actor": team["manager"]}
    now = timezone.now()
    grants.grant(reason="One.", now=now, **about)
    grants.grant(reason="Two.", now=now, **about)
    assert Mail.objects.filter(kind=MailKind.ACCESS).count() == 2
    grants.revoke(now=now, **about)
    grants.grant(reason="Three.", now=now, **about)
    assert Mail.objects.filter(kind=MailKind.ACCESS).count() == 4
    first, second = reversed(access_history.on_item(item))
    assert first.until and not second.until


def test_a_notice_of_an_older_version_keeps_no_new_one_from_being_queued(team, noun, item):
    """Its key had the number of an event where that of a grant stands now, and no instant."""
    about = {"item": item, "person": team["manager"], "actor": team["manager"], "now": timezone.now()}
    grants.grant(reason="One.", **about)
    number = Grant.objects.get(person=team["manager"]).pk
    for mail in Mail.objects.filter(kind=MailKind.ACCESS):
        Mail.objects.filter(pk=mail.pk).update(key=f"let_in:{number + 1}:{mail.recipient_id}")
    grants.revoke(**about)
    grants.grant(reason="Two.", **about)
    assert Mail.objects.filter(kind=MailKind.ACCESS).count() == 4


def test_a_mail_that_cannot_be_queued_leaves_nobody_let_in(team, noun, item, monkeypatch):
    monkeypatch.setattr(outbox, "enqueue", lambda **_about: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        grants.grant(item=item, person=team["manager"], actor=team["manager"], reason="x", now=timezone.now())
    assert not Grant.objects.filter(person=team["manager"]).exists()
    assert not Event.objects.filter(kind="granted").exists()
