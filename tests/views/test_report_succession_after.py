"""An import with lines once it is done, and by whom: undone, pressed twice, sent by somebody else."""

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.models import Event, Recommendation, Report, User
from recommendations.services import people
from recommendations.services.reports import import_report
from recommendations.succession.handing_over import Succession
from tests.support import factories
from tests.support.factories import NOW
from tests.support.import_steps import send, stood, third_step, year_with_owners
from tests.support.importing import (
    DOCUMENT,
    last_step,
    press_import,
)
from tests.support.pages import browser_of, text_of, told

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture
def mina(team):
    """The browser of a manager who imports 2024, of whose report before somebody took care."""
    year_with_owners(team)
    return browser_of(team["manager"])


def test_undoing_the_import_takes_all_of_it_back(mina, team):
    before = stood()
    page = send(mina, third_step(mina), "same")
    press_import(mina, send(mina, page, "next", {7: {"chosen": True}}))
    address = reverse("report-undo-import", args=["TIP-2024-KP"])
    assert "Lines that were confirmed with the import go too" in text_of(mina.get(address))
    assert "The import of North Korea 2024 is undone." in text_of(mina.post(address, follow=True))
    after = stood()
    assert after[:3] == before[:3]
    dropped = Recommendation.objects.get(reference="TIP-2023-KP-08")
    told = Event.objects.filter(recommendation=dropped).order_by("seq").values_list("kind", flat=True)
    assert list(told) == [EventKind.LINE_CONFIRMED, EventKind.LINE_UNDONE]
    assert "7 of 11" not in text_of(third_step(mina))
    assert Event.objects.filter(kind=EventKind.IMPORT_UNDONE).count() == 1


def test_a_line_confirmed_after_the_import_is_work(mina, team, time_machine):
    press_import(mina, send(mina, send(mina, third_step(mina), "same"), "next"))
    time_machine.move_to(NOW + factories.DAY, tick=False)
    mina = browser_of(team["manager"])
    lines = reverse("report-lines", args=["TIP-2024-KP"])
    mina.post(lines, {"act": "confirm", "old": "4", "new": "4", "kind": "reworded"})
    answer = mina.post(reverse("report-undo-import", args=["TIP-2024-KP"]), follow=True)
    assert "Somebody has worked on it" in text_of(answer)
    assert Report.objects.count() == 2


def test_who_brought_nothing_finds_no_step(mina, team):
    page = third_step(mina)
    other = browser_of(factories.person("Mark", "Manager"))
    for name in ("report-meets", "report-confirm"):
        address = reverse(name, args=[page.context["staged"].key])
        assert other.get(address).status_code == 404
        assert other.post(address, {"act": "same"}).status_code == 404
        assert browser_of(team["reviewer"]).get(address).status_code == 403


def test_the_service_asks_for_a_reviewer_itself(mina, team):
    """Each role may do what those before it may, so a manager is one; without a person nobody confirms."""
    succession = Succession(Report.objects.get(), [])
    for actor in (None, team["reviewer"], team["author"]):
        with pytest.raises(Refused):
            import_report(document=DOCUMENT, now=NOW, actor=actor, succession=succession)
    people.change_role(actor=team["manager"], person=team["reviewer"], role=Role.MANAGER, now=NOW)
    rita = User.objects.get(pk=team["reviewer"].pk)
    assert import_report(document=DOCUMENT, now=NOW, actor=rita, succession=succession)[1]


def test_a_second_press_leads_to_the_report(mina):
    last = last_step(mina, third_step(mina))
    first = press_import(mina, last)
    again = press_import(mina, last)
    assert again.url == first.url
    assert "North Korea 2024 is imported already." in text_of(mina.get(again.url))
    assert Report.objects.count() == 2


def test_whose_session_has_ended_gets_back_what_was_chosen(mina):
    page = third_step(mina)
    mina.logout()
    sent = {"line-0-kind": "widened", "line-0-old": "1", "line-0-new": "1", "line-0-chosen": "on"}
    answer = mina.post(reverse("report-meets", args=[page.context["staged"].key]), sent)
    assert ("Line 1: Kind", "Widened") in told(answer)
