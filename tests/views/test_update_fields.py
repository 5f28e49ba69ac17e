"""Each field of an update, typed once: seen at each place that the list of fields names, and at no other."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from recommendations.choices import (
    Decision,
    DigestFrequency,
    EarlierFinding,
    MailKind,
    Sensitivity,
    UpdateKind,
)
from recommendations.choices.fields import Place, Shape
from recommendations.choices.update_fields import BY_NAME, FIELDS
from recommendations.models import Mail, StatusUpdate, User
from recommendations.services import people
from recommendations.services.mail.digests import queue_digests
from tests.support import factories
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import DAY, NOW
from tests.support.forms import link_row, update_address, update_form
from tests.support.pages import browser_of
from tests.support.past import freeze

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

# What is typed into the form of an assessment beside its rows and the choice of an ask.
ASKED = [one for one in FIELDS if UpdateKind.ASSESSMENT in one.asked_in and one.shape is not Shape.ROWS]
TYPED = [one for one in ASKED if one.shape is not Shape.ASK]
WORDS = [one for one in TYPED if one.shape in (Shape.TEXT, Shape.LINE)]
DAY_TYPED = "2024-08-30"
MONDAY = NOW + 7 * DAY - timedelta(hours=1)


def canary(one):
    """Return what is typed into a field: a word that stands nowhere else, or its last choice."""
    if one.name == "sensitivity":
        return Sensitivity.PUBLIC
    if one.name == "earlier_finding":
        return EarlierFinding.STANDS  # The other one goes with one status alone.
    if one.shape is Shape.CHOICE:
        return (one.offered or tuple(one.vocabulary))[-1].value
    return DAY_TYPED if one.shape is Shape.DAY else f"zq{one.name.replace('_', '')}qz"


def test_each_text_has_a_canary_of_its_own():
    typed = [canary(one) for one in WORDS]
    assert typed and not any(one in other for one in typed for other in typed if one is not other)


@pytest.fixture
def told(team, tracked, recommendation):
    """An update with all its fields: typed, returned, submitted again and approved on the pages for it.

    It is a second assessment: a first one has no movement.
    """
    factories.approve(team["author"], recommendation, NOW - 50 * DAY, reviewer=team["reviewer"])
    User.objects.update(date_joined=NOW - 60 * DAY, digest_frequency=DigestFrequency.NEVER)
    team["reviewer"].digest_frequency = DigestFrequency.WEEKLY
    team["reviewer"].save()
    partner, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    User.objects.filter(pk=partner.pk).update(date_joined=NOW - 60 * DAY)
    typed = update_form(evidence=[link_row()], **{one.name: canary(one) for one in TYPED})
    ana, rita = browser_of(team["author"]), browser_of(team["reviewer"])
    ana.post(update_address(recommendation), typed)
    update = StatusUpdate.objects.get(approved_at=None)
    review = reverse("review", args=[update.key])
    compared = rita.get(review)
    rita.post(review, {"decision": Decision.RETURN, "comment": "Again.", "seen_version": 1})
    form = ana.get(reverse("update-edit", args=[update.key]))
    ana.post(reverse("update-edit", args=[update.key]), typed)
    rita.post(review, {"decision": Decision.APPROVE, "seen_version": 2, "extent": "words_and_status"})
    update.refresh_from_db()
    edition = freeze(team, tracked, as_of=NOW.date(), now=NOW + timedelta(hours=1))
    queue_digests(now=MONDAY)
    return SimpleNamespace(
        team=team, partner=partner, update=update, compared=compared, form=form, edition=edition, rita=rita
    )


def search(told, name, **query):
    return told.rita.get(reverse(name), query)


def mail_to(person):
    mail = Mail.objects.get(recipient=person, kind=MailKind.DIGEST)
    return mail.text, mail.html


def seen_at(told, place, word):
    """Return whether a word is seen at a place: at each of its doors, or at none."""
    pages = {
        Place.PAGE: lambda: [
            told.rita.get(told.update.get_absolute_url()).content.decode(),
            told.rita.get(told.update.recommendation.get_absolute_url()).content.decode(),
        ],
        Place.EDITION: lambda: [told.rita.get(told.edition.get_absolute_url()).content.decode()],
        Place.DIGEST: lambda: mail_to(told.team["reviewer"]),
        Place.PARTNERS: lambda: mail_to(told.partner),
    }
    if place is Place.SEARCH:
        found = [bool(search(told, "update-list", q=word).context["page"].paginator.count)]
    elif place is Place.DESK_SEARCH:
        found = [
            bool(search(told, "admin:recommendations_statusupdate_changelist", q=word).context["cl"].queryset)
        ]
    else:
        found = [word in page for page in pages[place]()]
    assert len(set(found)) == 1, (place, word, found)
    return found[0]


def test_words_are_seen_where_their_field_says_and_nowhere_else(told):
    seen = {place: {one.name for one in WORDS if seen_at(told, place, canary(one))} for place in Place}
    assert seen == {place: {one.name for one in WORDS if place in one.places} for place in Place}


def test_each_field_is_asked_for_with_its_words_and_shows_what_was_typed(told):
    form = told.form.context["forms"].form
    for one in TYPED:
        asked = form[one.name]
        assert str(asked.value()) == canary(one), one.name
        assert str(asked.label) == str(one.question or one.label)
        assert f'name="{one.name}"' in told.form.content.decode()
    assert all(canary(one) in told.form.content.decode() for one in WORDS)


def test_each_version_holds_each_field(told):
    versions = told.update.versions.order_by("number")
    assert versions.count() == 2
    for version in versions:
        assert {one.name: version.content[one.name] for one in TYPED} == {
            one.name: canary(one) for one in TYPED
        }


def test_the_reviewer_compares_each_field(told):
    rows = {row.name: row for row, _remark in told.compared.context["rows"]}
    for one in TYPED:
        shown = rows[one.name]
        assert str(one.label) == shown.label
        assert one.in_words(shown.after) == one.in_words(getattr(told.update, one.name))
    assert all(canary(one) in told.compared.content.decode() for one in WORDS)


def test_two_versions_are_compared_field_by_field(told):
    first, second = told.update.versions.order_by("number")
    address = reverse("recommendation-history", args=[told.update.recommendation.reference])
    page = told.rita.get(address, {"from": first.pk, "to": second.pk})
    names = [row.name for row in page.context["rows"]]
    assert set(names) >= {one.name for one in TYPED} and len(names) == len(set(names))
    assert all(canary(one) in page.content.decode() for one in WORDS)


def test_an_edition_holds_the_fields_of_editions(told):
    (part,) = [one["update"] for one in told.edition.content["recommendations"] if one["update"]]
    held = {one.name: part[one.name] for one in TYPED if one.name in part and one.name != "as_of"}
    assert held == {one.name: canary(one) for one in TYPED if Place.EDITION in one.places}


def test_a_table_has_a_column_for_each_field_that_is_taken_out(told):
    data = content(take_out(told.team["reviewer"], "updates"))
    _face, heads, rows = rows_of(data)
    for one in TYPED:
        if one.column:
            cell = rows[0][heads.index(str(one.label))]
            assert cell == (DAY_TYPED if one.shape is Shape.DAY else str(one.in_words(canary(one)))), one.name
        elif one in WORDS:
            assert canary(one) not in data.decode()


def test_what_is_inside_is_never_told_outside(told):
    outside = [
        told.rita.get(told.edition.get_absolute_url(), {"level": "public"}).content.decode(),
        content(take_out(told.team["reviewer"], "updates", level="public")).decode(),
        *mail_to(told.partner),
    ]
    assert canary(BY_NAME["public_text"]) in outside[0], "the update itself is told"
    hidden = [canary(one) for one in WORDS if one.inside]
    assert hidden and not any(word in page for word in hidden for page in outside)


def test_the_desk_shows_each_field(told):
    address = reverse("admin:recommendations_statusupdate_change", args=[told.update.pk])
    page = told.rita.get(address).content.decode()
    assert all(canary(one) in page for one in WORDS)


def test_no_field_for_the_team_alone_claims_a_place_outside():
    assert not [one.name for one in FIELDS if one.inside and Place.PARTNERS in one.places]


def test_names_that_versions_and_editions_store_stay():
    stored = "ask status confidence movement as_of sensitivity places reason government_claim claimed_status"
    assert set(BY_NAME) >= {*stored.split(), "public_text", "internal_note", "evidence"}
    editions = {one.name for one in FIELDS if Place.EDITION in one.places}
    assert editions >= {"reason", "government_claim", "claimed_status", "public_text", "internal_note"}
