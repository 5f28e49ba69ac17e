"""The look without a browser: marks, dates, navigation, error summary, colours, weight, strict policy."""

import gzip
import itertools
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.http import QueryDict
from django.template import engines
from django.template.loader import render_to_string
from django.utils import timezone

from recommendations.choices import Confidence, Movement, Nature, Sensitivity, Status, criterion
from recommendations.templatetags.page import error_summary
from recommendations.templatetags.status import age_class, ago, distance, verified_words
from tests.support import colours
from tests.support.look_urls import SampleForm

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def stand_in(settings):
    """Serve the sample page."""
    settings.ROOT_URLCONF = "tests.support.look_urls"


def rendered(source, **context):
    """Render a line of template with the tags of the look."""
    return engines["django"].from_string("{% load status page %}" + source).render(context)


@pytest.mark.parametrize("value", list(Status))
def test_every_status_has_a_shape_of_its_own_and_its_word_beside_it(value):
    html = rendered("{% status value %}", value=value.value)
    assert f'class="status status-{value.value}"' in html
    assert f"<span>{value.label}</span>" in html
    assert 'aria-hidden="true"' in html
    shapes = {rendered("{% status_shape value %}", value=one.value) for one in Status}
    assert len(shapes) == len(Status)


def test_a_status_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="invented"):
        rendered("{% status 'invented' %}")


def test_a_change_is_read_with_a_word_between():
    words = re.sub(r"<[^>]+>|\s+", " ", rendered("{% status_change 'no_action' 'initial' %}")).split()
    assert words == ["No", "action", "→", "to", "Initial", "steps"]


def test_confidence_movement_and_sensitivity_say_their_words():
    for value in Confidence:
        html = rendered("{% confidence value %}", value=value.value)
        assert f"{value.label} confidence" in html
        assert html.count('class="off"') == {"high": 0, "medium": 1, "low": 2}[value.value]
    for value in Movement:
        assert f"<span>{value.label}</span>" in rendered("{% movement value %}", value=value.value)
    for value in Sensitivity:
        assert f"<span>{value.label}</span>" in rendered("{% sensitivity value %}", value=value.value)
    assert rendered("{% confidence '' %}{% movement '' %}") == ""


@pytest.mark.parametrize(
    "day, words",
    [
        (date(2026, 11, 3), "21 days ago"),
        (date(2026, 11, 23), "yesterday"),
        (TODAY, "today"),
        (date(2026, 11, 25), "tomorrow"),
        (date(2026, 12, 24), "in 30 days"),
    ],
)
def test_a_distance_in_words(day, words):
    assert distance(day, TODAY) == words


def test_a_moment_counts_on_the_readers_calendar():
    late = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    with timezone.override("Asia/Seoul"):
        assert distance(late, TODAY) == "today"
        assert "24 Nov 2026, 01:00 KST" in rendered("{% moment at %}", at=late)
    with timezone.override("UTC"):
        assert distance(late, TODAY) == "yesterday"


def test_the_age_of_a_verification_grows_heavier_against_the_interval():
    assert [age_class(days, 90) for days in (0, 29, 30, 60, 89, 90, 400)] == [
        "fresh", "fresh", "ageing", "old", "old", "stale", "stale",
    ]  # fmt: skip
    assert age_class(20, 30) == "old"
    assert age_class(None) == "never"
    assert verified_words(None) == "never verified"
    assert verified_words(date(2026, 10, 12), TODAY) == "last verified 43 days ago"


def test_a_date_due_says_how_far_and_when_it_is_over():
    assert "(21 days overdue)" in rendered("{% due day today %}", day=date(2026, 11, 3), today=TODAY)
    assert 'class="today">(today)' in rendered("{% due day today %}", day=TODAY, today=TODAY)
    assert "overdue" not in rendered("{% due day today %}", day=date(2026, 11, 25), today=TODAY)
    assert "no date" in rendered("{% due day %}", day=None)
    assert '<time datetime="2026-11-03"' in rendered(
        "{% day day today %}", day=date(2026, 11, 3), today=TODAY
    )


def current(html):
    """Return the words of the navigation's links, the current one in brackets."""
    nav = html[html.index('class="sections"') : html.index("</nav>")]
    links = re.findall(r"<a href=\"[^\"]+\"( aria-current=\"page\")?>([^<]+)</a>", nav)
    return [f"[{word}]" if mark else word for mark, word in links]


def test_the_desk_is_offered_to_reviewers_alone(client, db):
    reviewer = client.get("/recommendations/TIP-2024-KP-06/").content.decode()
    assert current(reviewer) == [
        "My work",
        "[Recommendations]",
        "Updates",
        "Evidence",
        "Advocacy",
        "Reports",
        "Digests",
        "Desk",
    ]
    assert "Desk" not in current(client.get("/recommendations/as-viewer/").content.decode())


def test_a_stranger_sees_no_navigation(client, db):
    html = client.get("/").content.decode()
    assert 'class="sections"' not in html
    assert "Sign out" not in html


def test_the_error_summary_names_and_links_each_field():
    problems = error_summary(SampleForm(QueryDict("level=public&sure=on&owner=1")))["problems"]
    assert [(one["target"], one["label"]) for one in problems] == [
        ("id_as_of", "As of:"),
        ("id_status_0", "Status:"),
        ("id_text", "What was found:"),
    ]
    assert error_summary(SampleForm())["problems"] == []


def test_each_status_is_offered_with_its_criterion():
    html = str(SampleForm()["status"])
    for value in Status.proposable():
        assert str(value.label) in html
        assert criterion(value, Nature.DO) in html


def test_what_people_type_is_shown_as_text(client, db):
    form = SampleForm({"text": "</textarea><script>alert(1)</script>", "claim": '"><b>'})
    html = (
        form["text"].as_field_group()
        + form["claim"].as_field_group()
        + rendered("{% error_summary f %}", f=form)
    )
    assert "<script>" not in html
    assert "<b>" not in html


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_hues_of_status_can_be_read_and_told_apart(scheme):
    palette = {name: pair[scheme] for name, pair in colours.tokens(ROOT / "static/css/marks.css").items()}
    text = [*colours.HUES, "ink", "ink-soft", "click"]
    for name, ground in itertools.product(text, ["paper", "wash", "click-wash"]):
        assert colours.contrast(palette[name], palette[ground]) >= 4.5, (name, ground)
    assert colours.contrast(palette["on-click"], palette["click"]) >= 4.5
    assert colours.contrast(palette["ink"], palette["mark"]) >= 4.5
    assert colours.contrast(palette["edge"], palette["paper"]) >= 3
    for sight, (one, other) in itertools.product(colours.SIGHTS, itertools.combinations(colours.HUES, 2)):
        assert colours.difference(palette[one], palette[other], sight) >= 7, (sight, one, other)


def test_a_first_page_is_light(client, db):
    page = client.get("/recommendations/TIP-2024-KP-06/").content
    used = [ROOT / "static" / name for name in re.findall(r'/static/([^"]+)', page.decode())]
    weight = sum(len(gzip.compress(one)) for one in [page, *(path.read_bytes() for path in used)])
    assert len(used) == 9
    assert weight < 60_000


TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "letters" not in path.parts)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_needs_what_a_strict_policy_forbids(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    # A page may lead elsewhere, but load nothing from there, and not say where it was read.
    elsewhere = re.findall(r"<[^>]*(?:src|href)=\"(?:https?:)?//[^>]*>", source)
    assert [tag for tag in elsewhere if not (tag.startswith("<a ") and "noreferrer" in tag)] == []


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "404.html", "registration/password_change_done.html"]
)
def test_error_pages_need_nothing_but_themselves(name):
    html = render_to_string(name)
    assert html.count("<h1>") == 1
    assert "Go to my work" in html


def test_the_page_for_our_own_faults_stands_alone():
    source = (ROOT / "templates/500.html").read_text(encoding="utf-8")
    assert "{%" not in source.replace("{% comment %}", "").replace("{% endcomment %}", "")
    assert "Something went wrong on our side" in render_to_string("500.html")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (59, "just now"), (60, "1\xa0minute ago")],
)
def test_how_long_ago_is_said_in_words(seconds, said):
    assert ago(timezone.now() - timedelta(seconds=seconds)) == said
