"""Filters under a name: one's own, those of the team, and what becomes of a value that is gone."""

import pytest
from django.urls import reverse

from recommendations.models import SavedFilter
from tests.support.pages import browser_of, text_of

LIST = reverse("recommendation-list")
KEEP = reverse("saved-filters", args=["recommendations"])


@pytest.fixture
def keep(team, report):
    """Keep filters as somebody does on the page; returns the answer."""

    def kept(role, name, query="status=no_action&page=3&csrf=x", **given):
        return browser_of(team[role]).post(f"{KEEP}?{query}", {"name": name, **given})

    return kept


def page_of(saved):
    """Return the address where a saved filter is changed."""
    return reverse("saved-filter", args=[saved.listed, saved.pk])


def test_filters_are_kept_without_the_page_and_used_from_the_menu(team, keep):
    answer = keep("author", "No action")
    assert answer.url == f"{LIST}?status=no_action"
    page = browser_of(team["author"]).get(LIST)
    assert f'<a href="{LIST}?status=no_action">No action' in page.content.decode()


def test_a_personal_one_is_nobody_elses(team, keep):
    keep("author", "No action")
    saved = SavedFilter.objects.get()
    for role in ("viewer", "reviewer", "manager"):
        browser = browser_of(team[role])
        assert "No action</a>" not in browser.get(LIST).content.decode()
        assert browser.get(page_of(saved)).status_code == 404
        assert browser.post(page_of(saved), {"act": "delete"}).status_code == 404
    assert SavedFilter.objects.exists()


def test_a_shared_one_can_be_used_and_not_changed(team, keep):
    keep("author", "No action", is_shared="on")
    saved = SavedFilter.objects.get()
    browser = browser_of(team["manager"])
    assert "No action" in browser.get(LIST).content.decode()
    assert "you can use it, but not change it" in text_of(browser.get(page_of(saved)))
    for sent in ({"name": "Mine now"}, {"act": "delete"}):
        answer = browser.post(page_of(saved), sent, follow=True)
        assert "you can use it, but not change it" in text_of(answer)
    saved.refresh_from_db()
    assert saved.name == "No action"


def test_its_owner_renames_shares_and_deletes_it(team, keep):
    keep("author", "No action")
    saved = SavedFilter.objects.get()
    browser = browser_of(team["author"])
    browser.post(page_of(saved), {"name": "Nothing done", "is_shared": "on"})
    saved.refresh_from_db()
    assert (saved.name, saved.is_shared) == ("Nothing done", True)
    asked = text_of(browser.post(page_of(saved), {"act": "delete"}))
    assert "Delete “Nothing done”?" in asked and "from everybody’s menu" in asked
    assert SavedFilter.objects.exists()
    assert "“Nothing done” is deleted." in text_of(
        browser.post(page_of(saved), {"act": "delete", "confirmed": "yes"}, follow=True)
    )
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", "status=no_action", "Enter a name."),
        ("  ", "status=no_action", "Enter a name."),
        ("No action", "status=no_action", "You already have a filter with this name."),
        ("x" * 81, "status=no_action", "Use at most 80 letters."),
        ("Everything", "page=2", "Choose filters on the list first"),
        ("Too long", f"q={'x' * 1100}", "too long to save"),
    ],
)
def test_what_cannot_be_kept_is_told_and_typed_words_stay(team, keep, name, query, words):
    keep("author", "No action")
    answer = keep("author", name, query)
    assert words in answer.content.decode()
    assert SavedFilter.objects.count() == 1


def test_two_people_may_use_the_same_name(keep):
    keep("author", "No action", is_shared="on")
    keep("other", "No action")
    assert SavedFilter.objects.count() == 2


def test_a_value_that_is_gone_gives_a_message_and_shows_nothing(team, keep, report):
    keep("author", "Omar's", f"owner={team['other'].pk}&report={report.slug}")
    saved = SavedFilter.objects.get()
    browser = browser_of(team["author"])
    assert browser.get(saved.get_absolute_url()).status_code == 200
    SavedFilter.objects.update(query="owner=99999&report=TIP-1999-XX")
    saved.refresh_from_db()
    text = text_of(browser.get(saved.get_absolute_url()))
    assert "“99999” is not one of the choices." in text
    assert "“TIP-1999-XX” is not one of the choices." in text
    assert "Nothing is shown, because the address contains an unknown filter value." in text


def test_a_shared_filter_shows_each_reader_what_they_may_see(team, report, recommendation):
    """It is an address and no rows."""
    browser = browser_of(team["author"])
    browser.post(
        reverse("saved-filters", args=["updates"]) + "?sensitivity=restricted",
        {"name": "Restricted", "is_shared": "on"},
    )
    saved = SavedFilter.objects.get()
    page = browser_of(team["manager"]).get(saved.get_absolute_url())
    assert page.context["page"].paginator.count == 0
