"""Whatever is posted to the writing pages is answered: never by an error of ours, never by half a row."""

import uuid

from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations.models import Evidence, StatusUpdate
from tests.support import forms

ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "99999999999",
            "\0",
            "\ud7ff",
            "null",
            "[]",
            "x" * 30_000,
            "2024-02-30",
            "9999-12-31",
            "0001-01-01",
        ]
    ),
    st.uuids().map(str),
)
HELD = {"shape": "held", "evidence": "", "staged": "", "remove": ""}
NAMES = [
    *forms.update_form(evidence=[forms.file_row(), forms.link_row(), HELD]),
    *("add", "evidence-0-staged", "corrects"),
]
QUIET = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUIET
@given(changes=st.dictionaries(st.sampled_from(NAMES), ODD, max_size=6), with_file=st.booleans())
def test_the_update_form(ana, recommendation, changes, with_file):
    row = forms.file_row(forms.upload() if with_file else None)
    data = forms.update_form(evidence=[row, forms.link_row()]) | changes
    response = ana.post(reverse("update-add", args=[recommendation.reference]), data)
    assert response.status_code in (200, 302, 404)
    for update in StatusUpdate.objects.order_by("-pk")[:1]:
        assert ana.get(update.get_absolute_url()).status_code == 200
        assert ana.get(reverse("update-edit", args=[update.key])).status_code in (200, 302)


@QUIET
@given(
    changes=st.dictionaries(
        st.sampled_from(
            [
                "key",
                "as_of",
                "note",
                "corrects",
                "places-0-place",
                "places-0-looked_on",
                "places-TOTAL_FORMS",
                "places-INITIAL_FORMS",
                "add",
            ]
        ),
        ODD,
        max_size=5,
    )
)
def test_the_check_form(ana, recommendation, changes):
    data = {
        "key": uuid.uuid4(),
        "as_of": "2024-08-30",
        "note": "",
        **forms.rows("places", {"place": "KCNA", "looked_on": ""}),
    }
    response = ana.post(reverse("check-add", args=[recommendation.reference]), data | changes)
    assert response.status_code in (200, 302, 404)


@QUIET
@given(
    changes=st.dictionaries(
        st.sampled_from(
            [
                "form_key",
                "staged",
                "title",
                "kind",
                "sensitivity",
                "reliability",
                "credibility",
                "published_on",
                "url",
            ]
        ),
        ODD,
        max_size=5,
    ),
    shape=st.sampled_from(["file", "link"]),
    name=st.text(max_size=300),
    content=st.binary(max_size=200),
)
def test_the_form_of_evidence(ana, changes, shape, name, content):
    data = {
        "form_key": uuid.uuid4(),
        "title": "x",
        "kind": "press",
        "sensitivity": "internal",
        "reliability": "F",
        "credibility": 6,
    }
    if shape == "link":
        data["url"] = "https://example.org/"
    else:
        data["file"] = forms.upload(name or "x", content)
    response = ana.post(f"/evidence/add/?shape={shape}", data | changes)
    assert response.status_code in (200, 302)
    for item in Evidence.objects.order_by("-pk")[:1]:
        assert item.original_name == "" or "/" not in item.original_name
        assert ana.get(item.get_absolute_url()).status_code == 200


@QUIET
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "kind", "form", "sensitivity", "cited", "sort", "page"]), ODD, max_size=5
    )
)
def test_the_list_of_evidence(ana, query):
    unreadable = any("\0" in value for value in query.values())
    assert ana.get("/evidence/", query).status_code == (400 if unreadable else 200)
