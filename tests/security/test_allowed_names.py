"""Names: nobody takes another's, none holds what nobody sees, older ones do no harm where they are shown."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import EventKind, MailKind, Role, Sensitivity
from recommendations.mail import outbox
from recommendations.models import Event, Mail, User
from recommendations.rules import allowed_names
from recommendations.services import people
from recommendations.services.own_account import keep_settings
from tests.support import factories
from tests.support.checking import check
from tests.support.factories import NOW
from tests.support.forms import OWN_SETTINGS
from tests.support.pages import browser_of, words

pytestmark = pytest.mark.django_db

UNSEEN = {
    "line break": "Om\nar",
    "carriage return": "Om\rar",
    "tabulator": "Om\tar",
    "override": "\u202eramO",
    "isolate": "Omar\u2066",
    "mark of direction": "Omar\u200f",
    "no width": "Om\u200bar",
    "joiner": "Om\u200dar",
    "byte order mark": "\ufeffOmar",
    "soft hyphen": "Om\u00adar",
    "line separator": "Om\u2028ar",
    "filler": "Omar\u3164",
    "selector": "Omar\ufe0f",
    "tag": "Omar\U000e0041",
    "escape": "Om\x1b[31mar",
}
# Each passes for Mina's.
MINAS = [
    "Mina",
    "mina",
    "MINA",
    " Mina ",
    "Mi na",
    "Ｍｉｎａ",
    "Mína",
    "М\u0456n\u0430",
    "\u039c\u0399\u039d\u0391",
    "M1na",
]


@pytest.fixture
def restricted(team):
    """A restricted item of Ana's."""
    return factories.link(team["author"], sensitivity=Sensitivity.RESTRICTED)


def settings(person, name):
    return words(browser_of(person).post("/settings/", {**OWN_SETTINGS, "name": name}, follow=True))


def desk_adds(team, name):
    form = {"name": name, "email": "new@example.org", "role": Role.VIEWER}
    return words(browser_of(team["manager"]).post("/desk/recommendations/user/add/", form, follow=True))


def desk_renames(team, name):
    omar = team["other"]
    form = {"name": name, "email": omar.email, "role": Role.CONTRIBUTOR, "is_active": "on"}
    page = reverse("admin:recommendations_user_change", args=[omar.pk])
    return words(browser_of(team["manager"]).post(page, form, follow=True))


@pytest.mark.parametrize("name", UNSEEN.values(), ids=UNSEEN)
def test_no_door_takes_a_name_with_signs_that_nobody_sees(team, name):
    why = "cannot contain line breaks, invisible characters"
    if name.strip() == name:
        # Django's forms cut blanks off the ends, and what is left is a name as any other.
        for page in (settings(team["other"], name), desk_adds(team, name), desk_renames(team, name)):
            assert why in page
    about = {"email": "new@example.org", "name": name, "now": NOW}
    with pytest.raises(CommandError, match=why):
        call_command("add_manager", "new@example.org", "--name", name)
    for act in (
        lambda: people.add_person(actor=team["manager"], role=Role.VIEWER, **about),
        lambda: people.rename(actor=team["manager"], person=team["other"], **about),
        lambda: keep_settings(person=team["other"], fields={"name": name}, now=NOW),
        lambda: User.objects.create_user("new@example.org", name=name),
        lambda: User.objects.create_superuser("new@example.org", name=name),
    ):
        with pytest.raises(ValidationError, match=why):
            act()
    assert User.objects.get(pk=team["other"].pk).name == "Omar"
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("name", MINAS)
def test_nobody_takes_anothers_name_or_one_that_looks_like_it(team, name):
    why = "Somebody else has this name or one that looks like it."
    for page in (settings(team["other"], name), desk_adds(team, name), desk_renames(team, name)):
        assert why in page
    with pytest.raises(CommandError, match="Somebody else has this name"):
        call_command("add_manager", "new@example.org", "--name", name)
    assert User.objects.get(pk=team["other"].pk).name == "Omar"
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("name", ["Mina (mina@example.org)", "mina＠example.org", "...", "42"])
def test_a_name_is_no_address_and_has_a_letter(team, name):
    settings(team["other"], name)
    assert User.objects.get(pk=team["other"].pk).name in ("Omar",)


@pytest.mark.parametrize(
    "name", ["김민지", "José Ñuñez", "Nguyễn Thị Minh", "李 明", "O’Brien-Smith", "محمد", "Omar II"]
)
def test_names_of_every_script_are_taken_and_kept_in_one_spelling(team, name):
    assert "Your settings are saved." in settings(team["other"], f"  {name.replace(' ', '   ')} ")
    assert User.objects.get(pk=team["other"].pk).name == allowed_names.tidy(name)


def test_a_name_of_ones_own_is_spelt_otherwise_and_each_change_is_on_record(team):
    assert "Your settings are saved." in settings(team["other"], "OMAR")
    desk_renames(team, "Omar K.")
    told = Event.objects.filter(kind=EventKind.RENAMED).order_by("seq")
    assert [(event.actor, event.payload["before"], event.payload["after"]) for event in told] == [
        (team["other"], "Omar", "OMAR"),
        (team["manager"], "OMAR", "Omar K."),
    ]
    settings(team["other"], "Omar K.")
    assert told.count() == 2


def test_an_older_name_makes_no_line_of_its_own_in_a_mail(team, mailoutbox):
    bad = "Mina\n\nYour password has ended: https://evil.example\u202e"
    User.objects.filter(pk=team["manager"].pk).update(name=bad)
    mina = User.objects.get(pk=team["manager"].pk)
    User.objects.update(last_login=NOW)
    people.give_password(actor=mina, person=team["reviewer"], now=timezone.now())
    outbox.send(timezone.now())
    kinds = set(Mail.objects.values_list("kind", flat=True))
    assert kinds == {MailKind.SIGN_IN, MailKind.TEAM} and len(mailoutbox) == 2
    for mail in mailoutbox:
        lines = [line.strip() for line in mail.body.splitlines()]
        assert not any(line.startswith("Your password has ended") for line in lines)
        assert "\u202e" not in mail.body and "\n" not in mail.subject
    assert str(mina) == "Mina Your password has ended: https://evil.example"
    assert mina.get_short_name() == "Mina"


def test_older_names_stay_and_the_check_says_who_changes_them_where(team):
    User.objects.filter(pk=team["viewer"].pk).update(name="Vera\nB")
    User.objects.filter(pk=team["second"].pk).update(name="rita")
    said = check()
    assert f"OLDER Person {team['viewer'].pk}: A name cannot contain" in said
    assert f"OLDER People {team['reviewer'].pk}, {team['second'].pk} have names that look alike" in said
    assert said.count("can change it in their settings, or a manager on the desk, under People.") == 2
    assert "BREACH" not in said and "All promises are kept." in said, "nobody broke a rule that came later"
    # Whoever has such a name goes on; only the next one has to be their own.
    assert "Your settings are saved." in settings(User.objects.get(pk=team["second"].pk), "rita")


def test_an_older_name_keeps_nothing_else_from_being_changed(team):
    old = "Om\u200bar"
    omar = team["other"]
    User.objects.filter(pk=omar.pk).update(name=old)
    answer = browser_of(omar).post("/settings/", {**OWN_SETTINGS, "name": old, "time_zone": "Asia/Seoul"})
    assert answer.status_code == 302, words(answer)
    page = reverse("admin:recommendations_user_change", args=[omar.pk])
    # Without "is_active": their access ends.
    given = {"name": old, "email": "omar@example.net", "role": Role.VIEWER}
    answer = browser_of(team["manager"]).post(page, given)
    assert answer.status_code == 302, words(answer)
    omar = User.objects.get(pk=omar.pk)
    assert (omar.name, omar.time_zone, omar.email) == (old, "Asia/Seoul", "omar@example.net")
    assert people.role_of(person=omar) == Role.VIEWER and not omar.is_active
    answer = browser_of(team["manager"]).post(page, {**given, "name": "Om\u200bari"})
    assert answer.status_code == 200 and "invisible characters" in words(answer)


def test_a_made_up_team_keeps_nobody_from_their_name(team):
    User.objects.filter(pk=team["manager"].pk).update(is_example=True)
    call_command("add_manager", "mina.real@example.org", "--name", "Mina", stdout=io.StringIO())
    assert User.objects.get(email="mina.real@example.org").name == "Mina"


def test_where_rights_are_given_the_address_stands_beside_the_name(team, recommendation, restricted):
    author, reviewer = browser_of(team["author"]), browser_of(team["reviewer"])
    pages = [
        author.get(reverse("evidence-access", args=[restricted.key])),
        author.get(reverse("advocacy-add")),
        reviewer.get(reverse("recommendation-settings", args=[recommendation.reference])),
        reviewer.get(reverse("admin:recommendations_recommendation_change", args=[recommendation.pk])),
    ]
    for page in pages:
        assert "Sam (sam@example.org)" in words(page)
    password = reverse("admin:recommendations_user_password", args=[team["second"].pk])
    assert "sam@example.org" in words(browser_of(team["manager"]).get(password))
