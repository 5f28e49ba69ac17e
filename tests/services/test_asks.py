"""Asks: a recommendation that bundles several is split, and follows the least advanced of them."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from recommendations.choices import EventKind, Status
from recommendations.errors import Refused
from recommendations.management.demo.play import remove_examples
from recommendations.models import Ask, Event, Recommendation, StatusUpdate
from recommendations.selectors import comparison
from recommendations.selectors.news import Chronicle
from recommendations.services import asks, reviews, updates
from recommendations.services.integrity import statuses
from recommendations.text.spans import cut, places_of
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import text_of, words

TEXT = "Close the camps, end the mass mobilizations, and end forced labor abroad; close the camps for good."


@pytest.fixture
def bundle(recommendation):
    """A recommendation that asks for three things."""
    Recommendation.objects.filter(pk=recommendation.pk).update(text=TEXT)
    recommendation.refresh_from_db()
    return recommendation


@pytest.fixture
def split(team, bundle):
    """Split it: (mobilizations, abroad)."""
    return [
        asks.add(recommendation=bundle, actor=team["reviewer"], title=title, words=said, now=NOW)
        for title, said in (
            ("Mobilizations", "end the mass mobilizations"),
            ("Abroad", "forced labor abroad"),
        )
    ]


def approve(team, bundle, status, ask=None, **fields):
    """Have an assessment approved; everything is cited, so that any status may be said."""
    item = factories.link(team["author"])
    return factories.approve(
        team["author"],
        bundle,
        reviewer=team["reviewer"],
        status=status,
        ask=ask,
        cites=[item],
        **fields,
    )


def standing(bundle):
    bundle.refresh_from_db()
    return bundle.status


def test_the_page_and_the_lists_show_the_split(client, team, bundle, split):
    approve(team, bundle, Status.NO_ACTION)
    approve(team, bundle, Status.CONTRARY, split[1])
    client.force_login(team["viewer"])
    page = text_of(client.get(bundle.get_absolute_url()))
    assert "2 asks: 1 not yet assessed, 1 contrary action" in page
    assert "The ask “Abroad” decides:" in page
    assert "Ask: Abroad Not yet assessed" in page, "the history says what the update is about"
    for address in (reverse("home"), reverse("recommendation-list")):
        assert "2 asks: 1 not yet assessed, 1 contrary action" in text_of(client.get(address))
    client.force_login(team["reviewer"])
    assert "2 asks: 1 not yet assessed, 1 contrary action" in text_of(client.get("/desk/"))


def test_splitting_after_assessments_keeps_the_status_and_says_what_they_mean(client, team, bundle):
    approve(team, bundle, Status.PARTLY)
    ask = asks.add(
        recommendation=bundle, actor=team["reviewer"], title="A", words="forced labor abroad", now=NOW
    )
    assert standing(bundle) == Status.PARTLY
    client.force_login(team["viewer"])
    page = text_of(client.get(bundle.get_absolute_url()))
    assert "the last finding of the whole recommendation stands beside them" in page
    approve(team, bundle, Status.IMPLEMENTED, ask)
    assert standing(bundle) == Status.IMPLEMENTED
    asks.retire(ask=ask, actor=team["reviewer"], reason="A mistake.", now=NOW)
    asks.confirm_retiring(ask=ask, actor=team["second"], now=NOW)
    assert standing(bundle) == Status.PARTLY
    assert bundle.split == {}
    assert list(statuses()) == []


def test_one_ask_looked_at_does_not_verify_the_others(team, bundle, split):
    early, late = factories.AS_OF - timedelta(days=50), factories.AS_OF
    approve(team, bundle, Status.NO_ACTION, as_of=early)
    approve(team, bundle, Status.NO_ACTION, split[0], as_of=late)
    bundle.refresh_from_db()
    assert bundle.last_verified_on == early
    factories.check(team["author"], bundle, reviewer=team["reviewer"], as_of=late)
    assert bundle.last_verified_on == late


def test_what_approval_would_do_is_what_it_does(team, bundle, split):
    approve(team, bundle, Status.NO_ACTION)
    approve(team, bundle, Status.INITIAL, split[0])
    item = factories.link(team["author"])
    update = factories.submit(team["author"], bundle, status=Status.PARTLY, ask=split[1], cites=[item])
    told = comparison.outcome(StatusUpdate.objects.get(pk=update.pk))
    reviews.decide(update=update, reviewer=team["reviewer"], decision="approve", now=NOW)
    bundle.refresh_from_db()
    assert (
        (told.status, told.split) == (bundle.status, bundle.split) == ("initial", {"initial": 1, "partly": 1})
    )
    assert told.review_on == bundle.next_review_on


def test_an_ask_that_moves_is_news_even_where_the_whole_stays(team, bundle, split):
    approve(team, bundle, Status.NO_ACTION)
    head = Event.objects.order_by("-seq").first().seq
    approve(team, bundle, Status.PARTLY, split[0])
    [move] = Chronicle(team["viewer"], 10**6).since(head).moved
    assert (move.ask, move.before, move.after) == (split[0], Status.NOT_ASSESSED, Status.PARTLY)


# What an update about an ask must hold ---------------------------------------------------------------------


def test_a_correction_is_about_the_same_and_a_retired_ask_takes_no_more(team, bundle, split):
    wrong = approve(team, bundle, Status.NO_ACTION, split[0])
    update = factories.write(team["author"], bundle, ask=split[1], corrects=wrong)
    with pytest.raises(ValidationError) as refused:
        updates.submit(update=update, actor=team["author"], now=NOW)
    assert "choose the same" in str(refused.value.message_dict["ask"])
    asks.retire(ask=split[1], actor=team["reviewer"], reason="Twice.", now=NOW)
    late = factories.write(team["author"], bundle, ask=split[1])
    late.ask.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        updates.submit(update=late, actor=team["author"], now=NOW)
    assert "was retired" in str(refused.value.message_dict["ask"])


def test_the_forms_ask_what_it_is_about_only_where_there_are_asks(client, team, bundle):
    factories.approve(team["author"], bundle, reviewer=team["reviewer"])
    client.force_login(team["author"])
    address = reverse("update-add", args=[bundle.reference])
    check_form = reverse("check-add", args=[bundle.reference])
    for form in (address, check_form):
        assert "What it is about" not in text_of(client.get(form))
    ask = asks.add(
        recommendation=bundle, actor=team["reviewer"], title="Abroad", words="forced labor abroad", now=NOW
    )
    for form in (address, check_form):
        page = client.get(f"{form}?ask=1")
        chosen = rf'<option value="{ask.pk}"\s+selected\s*>Abroad[^<]*</option>'
        assert re.search(chosen, page.content.decode())
    client.post(check_form, {**CHECK, "ask": ask.pk})
    assert StatusUpdate.objects.get(kind="check").ask == ask
    other = Ask.objects.create(
        recommendation=Recommendation.objects.last(), position=1, title="X", start=0, end=2, created_at=NOW
    )
    answer = client.post(check_form, {**CHECK, "ask": other.pk})
    assert "Choose one of the asks, or the whole." in text_of(answer)
    assert StatusUpdate.objects.filter(kind="check").count() == 1


def test_a_form_that_was_open_while_its_ask_was_retired_says_so_and_keeps_what_was_typed(
    client, team, bundle, split
):
    factories.approve(team["author"], bundle, reviewer=team["reviewer"])
    asks.retire(ask=split[1], actor=team["reviewer"], reason="Twice.", now=NOW)
    client.force_login(team["author"])
    typed = {**CHECK, "ask": split[1].pk, "note": "Looked for an hour."}
    page = client.post(reverse("check-add", args=[bundle.reference]), typed, follow=True)
    text = text_of(page)
    assert "This ask was retired. Choose another one, or the whole recommendation." in text
    chosen = rf'<option value="{split[1].pk}"\s+selected'
    assert re.search(chosen, page.content.decode()), "a second press is not about the whole by itself"
    assert "Looked for an hour." in page.content.decode()
    assert not StatusUpdate.objects.filter(state="submitted").exists()


CHECK = {
    "as_of": factories.AS_OF.isoformat(),
    "places-TOTAL_FORMS": 1,
    "places-INITIAL_FORMS": 0,
    "places-0-place": "KCNA",
    "places-0-looked_on": factories.AS_OF.isoformat(),
}


# Splitting --------------------------------------------------------------------------------------------


def test_words_are_found_whole_whatever_their_case_and_spaces():
    assert places_of("  END the\nmass  mobilizations", TEXT) == [(17, 43)]
    assert len(places_of("close the camps", TEXT)) == 2
    assert places_of("amp", TEXT) == places_of(" ", TEXT) == []
    assert places_of("the state’s", "end the state's labor") == [(4, 15)]
    assert "".join(piece for piece, _ask in cut(TEXT, [Ask(start=17, end=43)])) == TEXT


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "Choose the words of the recommendation"),
        ("free the people", "These words are not in the recommendation"),
        ("close the camps", "2 times"),
        ("mass mobilizations, and end", "already belong to the ask “Mobilizations”"),
    ],
)
def test_words_that_are_not_clear_are_told_and_kept(client, team, bundle, split, said, told):
    client.force_login(team["reviewer"])
    address = reverse("recommendation-asks", args=[bundle.reference])
    answer = client.post(address, {"act": "add", "add-words": said, "add-title": "Camps"})
    assert told in text_of(answer)
    assert 'value="Camps"' in answer.content.decode()
    assert bundle.asks.count() == 2


def test_chosen_words_say_which_place_is_meant(client, team, bundle):
    client.force_login(team["reviewer"])
    address = reverse("recommendation-asks", args=[bundle.reference])
    at = TEXT.rindex("close the camps")
    data = {"act": "add", "add-words": "close the camps", "add-start": at, "add-title": "For good"}
    assert client.post(address, data).status_code == 302
    ask = bundle.asks.get()
    assert (ask.start, ask.words, ask.created_by) == (at, "close the camps", team["reviewer"])
    renamed = {"act": "rename", "ask": "1", "rename-1-title": "Close them", "rename-1-nature": "do"}
    assert "title and nature of the ask are saved" in text_of(client.post(address, renamed, follow=True))
    empty = client.post(address, {"act": "retire", "ask": "1", "retire-1-reason": " "})
    assert "Say why it should no longer apply" in text_of(empty)
    client.post(address, {"act": "retire", "ask": "1", "retire-1-reason": "One is enough."})
    ask.refresh_from_db()
    assert ask.retired_at
    assert client.post(address, {"act": "rename", "ask": "7", "rename-7-title": "X"}).status_code == 404
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == [EventKind.SPLIT, EventKind.ASK_RENAMED, EventKind.ASK_RETIRED]


def test_only_reviewers_split(team, bundle, split):
    for role in ("viewer", "author"):
        for act in (
            lambda who: asks.add(recommendation=bundle, actor=who, title="X", words="abroad", now=NOW),
            lambda who: asks.rename(ask=split[0], actor=who, title="X", now=NOW),
            lambda who: asks.retire(ask=split[0], actor=who, reason="X", now=NOW),
        ):
            with pytest.raises(Refused):
                act(team[role])
    assert {ask.title for ask in bundle.asks.all()} == {"Mobilizations", "Abroad"}


def test_a_reviewer_reads_what_one_ask_would_do_to_the_whole(team, bundle, split):
    approve(team, bundle, Status.NO_ACTION)
    item = factories.link(team["author"])
    update = factories.submit(team["author"], bundle, status=Status.CONTRARY, ask=split[0], cites=[item])
    client = Client()
    client.force_login(team["reviewer"])
    page = words(client.get(reverse("review", args=[update.key])))
    assert "It is about one ask only (“Mobilizations”)." in page
    assert "It moves the whole recommendation: No action → to Contrary action" in page


def test_check_data_finds_an_ask_that_does_not_follow(team, bundle, split):
    approve(team, bundle, Status.NO_ACTION, split[0])
    assert list(statuses()) == []
    Ask.objects.filter(pk=split[0].pk).update(status=Status.IMPLEMENTED)
    Ask.objects.filter(pk=split[1].pk).update(end=10**4)
    said = " ".join(statuses())
    assert f"{bundle.reference}, ask 1: status is implemented" in said
    assert f"{bundle.reference}, ask 2: its words are not" in said


def test_made_up_asks_go_with_the_made_up_people(team, bundle, split):
    team["reviewer"].is_example = True
    team["reviewer"].save()
    with transaction.atomic():
        remove_examples(now=NOW)
    assert not bundle.asks.exists()
    assert standing(bundle) == Status.NOT_ASSESSED
    assert Recommendation.objects.get(pk=bundle.pk).split == {}
