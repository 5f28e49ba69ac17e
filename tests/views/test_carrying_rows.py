"""Asks and open review dates are carried over, on the page of lines and with an import."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.choices import DateSource, EventKind, LineageKind, Status
from recommendations.documents import read
from recommendations.models import Ask, DatedReason, Event, Recommendation, Report
from recommendations.selectors.carrying_over import offer_between
from recommendations.selectors.news import Chronicle
from recommendations.services import asks, carrying_over, following, integrity, lineage, review_dates
from recommendations.services.reports import import_report
from tests.support import factories
from tests.support.factories import NOW
from tests.support.importing import NARRATIVE, press_import, upload, year_before
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")
LINES = reverse("report-lines", args=["TIP-2024-KP"])
TODAY = NOW.date()
OLD = "Close the camps, free all prisoners, and let observers in."
NEW = "Close the camps at once, free all prisoners, and stop garnishing wages."


@pytest.fixture
def reports(team):
    """2023, whose first recommendation has three asks and three open dates, and 2024, which rewords it."""
    made = {"earlier": factories.report(year=2023, count=2), "later": factories.report(year=2024, count=2)}
    for report, text in ((made["earlier"], OLD), (made["later"], NEW)):
        report.recommendations.filter(position=1).update(text=text, start=0, end=len(text))
    old = Recommendation.objects.get(reference="TIP-2023-KP-01")
    about = {"recommendation": old, "actor": team["reviewer"], "now": NOW}
    for title, words in (
        ("Camps", "Close the camps"),
        ("Prisoners", "free all prisoners"),
        ("Observers", "let observers in"),
    ):
        asks.add(title=title, words=words, **about)
    asks.rename(ask=old.asks.get(title="Camps"), title="Camps", nature="end", actor=team["reviewer"], now=NOW)
    review_dates.add_date(on=TODAY + timedelta(days=20), what_for="the anniversary", **about)
    review_dates.add_date(
        on=TODAY + timedelta(days=40), source=DateSource.PROMISE, what_for="a visit of inspectors", **about
    )
    moment = factories.moment(team["manager"], on=TODAY + timedelta(days=90), title="Session of the Council")
    review_dates.add_before_moment(moment=moment, weeks=3, **about)
    lineage.confirm(old=[1], new=[1], kind=LineageKind.REWORDED, actor=team["reviewer"], now=NOW, **made)
    return made | {"moment": moment}


def carry(reports, team):
    ends = {"earlier": reports["earlier"], "later": reports["later"]}
    return carrying_over.carry_over(seen=offer_between(**ends).mark, actor=team["reviewer"], now=NOW, **ends)


def new():
    return Recommendation.objects.get(reference="TIP-2024-KP-01")


def test_the_page_shows_asks_and_dates_and_what_of_them_is_not_carried_over(reports, team):
    page = browser_of(team["reviewer"]).get(LINES)
    said = text_of(page)
    assert "Ask: “Camps”" in said and "Ask: “Prisoners”" in said
    assert (
        "“Observers”. Its words are not in the new text. Add an ask by hand, or the other asks decide alone."
        in said
    )
    assert reverse("recommendation-asks", args=["TIP-2024-KP-01"]) in page.content.decode()
    assert "22 Sep 2024, set for once: “the anniversary”" in said
    assert "12 Oct 2024, promised by the government: “a visit of inspectors”" in said
    assert "3 weeks before “Session of the Council”" in said


def test_the_same_words_are_the_same_ask_and_dates_keep_their_source(reports, team):
    carry(reports, team)
    found = {ask.title: ask for ask in new().asks.all()}
    assert {title: ask.words for title, ask in found.items()} == {
        "Camps": "Close the camps",
        "Prisoners": "free all prisoners",
    }
    assert found["Camps"].nature == "end", "as a person corrected it"
    assert {ask.status for ask in found.values()} == {Status.NOT_ASSESSED}
    assert new().split == {"not_assessed": 2}
    dates = list(new().dated_reasons.order_by("on"))
    assert [one.source for one in dates] == ["one_off", "promise", "moment"]
    assert dates[2].moment == reports["moment"] and dates[2].weeks_before == 3
    assert new().next_review_on == TODAY + timedelta(days=20)
    kinds = Event.objects.filter(recommendation=new(), payload__has_key="carried_from")
    assert sorted(kinds.values_list("kind", flat=True)) == ["rescheduled"] * 3 + ["split"] * 2
    history = browser_of(team["reviewer"]).get(reverse("recommendation-history", args=["TIP-2024-KP-01"]))
    assert "carried over from TIP-2023-KP-01" in text_of(history)
    assert [problem for problem in integrity.statuses() if "TIP-2024" in str(problem)] == []
    assert carry(reports, team) == [], "once is enough"


def test_a_status_is_never_carried_over_with_an_ask(reports, team):
    old = Recommendation.objects.get(reference="TIP-2023-KP-01")
    ask = old.asks.get(title="Camps")
    factories.approve(
        team["author"], old, reviewer=team["second"], ask=ask, as_of=reports["earlier"].period_end
    )
    ask.refresh_from_db()
    assert ask.status != Status.NOT_ASSESSED
    carry(reports, team)
    assert new().asks.get(title="Camps").status == Status.NOT_ASSESSED
    assert not new().updates.exists()


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("twice", "Its words are in the new text 2 times."),
        ("assessed", "The recommendation was assessed in the meantime."),
        ("another", "Some of its words belong to the ask “Everything” there."),
        ("retiring", "It is proposed to retire it."),
    ],
)
def test_an_ask_that_is_not_clear_is_listed_and_not_carried_over(reports, team, case, said):
    about = {"actor": team["reviewer"], "now": NOW}
    camps = Ask.objects.get(title="Camps")
    if case == "twice":
        Recommendation.objects.filter(pk=new().pk).update(text=f"{NEW} Close the camps again.")
    elif case == "assessed":
        factories.approve(team["author"], new(), reviewer=team["second"])
    elif case == "another":
        asks.add(recommendation=new(), title="Everything", words="Close the camps at once", **about)
    else:
        Ask.objects.filter(pk=camps.pk).update(
            retire_reason="No.", retire_proposed_at=NOW, retire_proposed_by=team["second"]
        )
    assert said in text_of(browser_of(team["reviewer"]).get(LINES))
    carry(reports, team)
    assert not new().asks.filter(title="Camps").exists()


def test_a_retired_ask_and_an_answered_date_stay_where_they_are(reports, team):
    Ask.objects.filter(title="Camps").update(retired_at=NOW)
    old = Recommendation.objects.get(reference="TIP-2023-KP-01")
    update = factories.approve(team["author"], old, reviewer=team["second"])
    DatedReason.objects.filter(source=DateSource.PROMISE).update(answered_by=update)
    carry(reports, team)
    assert not new().asks.filter(title="Camps").exists()
    assert set(new().dated_reasons.values_list("source", flat=True)) == {"one_off", "moment"}


def test_what_a_person_took_away_from_the_new_one_is_not_offered_again(reports, team):
    carry(reports, team)
    about = {"actor": team["reviewer"], "now": NOW}
    review_dates.remove_date(reason=new().dated_reasons.get(source=DateSource.ONE_OFF), **about)
    asks.retire(ask=new().asks.get(title="Camps"), reason="It is one with the next.", **about)
    assert carry(reports, team) == []


def test_a_date_that_is_added_meanwhile_is_shown_first(reports, team):
    ends = {"earlier": reports["earlier"], "later": reports["later"]}
    seen = offer_between(**ends).mark
    old = Recommendation.objects.get(reference="TIP-2023-KP-01")
    review_dates.add_date(recommendation=old, on=TODAY + timedelta(days=5), actor=team["reviewer"], now=NOW)
    with pytest.raises(carrying_over.Refused, match="Something was changed"):
        carrying_over.carry_over(seen=seen, actor=team["reviewer"], now=NOW, **ends)


def test_with_the_import_they_are_carried_over_and_undone_with_it(team):
    earlier, _made = import_report(document=read(year_before()), now=NOW, actor=team["manager"])
    old = earlier.recommendations.get(position=1)
    about = {"recommendation": old, "actor": team["reviewer"], "now": NOW}
    asks.add(title="Prison camps", words="performed in prison camps", **about)
    fourth = earlier.recommendations.get(position=4)
    asks.add(title="Stop it", words="Stop the garnishing of wages", **about | {"recommendation": fourth})
    review_dates.add_date(on=TODAY + timedelta(days=20), what_for="the anniversary", **about)
    mina = browser_of(team["manager"])
    key = upload(mina, NARRATIVE).context["staged"].key
    page = mina.get(reverse("report-meets", args=[key]))
    said = text_of(page)
    assert "ask: “Prison camps” · review date: 22 Sep 2024, set for once: “the anniversary”" in said
    assert "Not carried over ask: “Stop it”. Its words are not in the new text." in said
    sent = {"act": "same", "seen": page.context["seen"]}
    for _met, form in page.context["rows"]:
        sent |= {form[name].html_name: form[name].value() for name in form.fields if form[name].value()}
    sent[page.context["forms"][3]["chosen"].html_name] = "on"
    page = mina.post(reverse("report-meets", args=[key]), sent, follow=True)
    last = mina.get(reverse("report-confirm", args=[key]))
    said = text_of(mina.get(press_import(mina, last).url))
    assert "The page of its lines to the earlier report lists what could not be carried over." in said
    assert new().asks.get().title == "Prison camps"
    assert new().dated_reasons.get().what_for == "the anniversary"
    following.undo_import(report=Report.objects.get(year=2024), actor=team["manager"], now=NOW)
    assert set(Ask.objects.values_list("recommendation__report__year", flat=True)) == {2023}
    assert DatedReason.objects.get().recommendation == old
    assert Event.objects.filter(kind=EventKind.IMPORT_UNDONE).exists()


def test_a_digest_does_not_call_an_ask_of_last_year_new(reports, team):
    carry(reports, team)
    news = Chronicle(team["viewer"], 10**6).since(0)
    assert {one.recommendation.report.year for one in news.asks} == {2023}
