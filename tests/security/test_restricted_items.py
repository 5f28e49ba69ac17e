"""A restricted item is there for its uploader and the people let in, and for nobody else."""

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Event, Grant
from recommendations.services import grants
from tests.support.factories import NOW, item_of
from tests.support.items import details

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture
def secret(team):
    """A restricted item of the author's."""
    return item_of(team["author"], sensitivity=Sensitivity.RESTRICTED, title="Testimony of a survivor")


def pages_of(item):
    names = ("evidence-detail", "evidence-custody", "evidence-change", "evidence-download")
    return [reverse(name, args=[item.key]) for name in names]


@pytest.mark.parametrize("who", ["viewer", "other", "reviewer", "second", "manager", "superuser"])
def test_a_restricted_item_is_not_found_whatever_the_role(client, team, secret, who):
    if who == "superuser":
        team[who] = team["viewer"]
        team[who].is_superuser = True
        team[who].save()
    client.force_login(team[who])
    for url in pages_of(secret):
        expected = {403, 404} if who in ("viewer", "superuser") and url.endswith("change/") else {404}
        assert client.get(url).status_code in expected
        assert client.head(url).status_code in expected
    page = client.get("/evidence/").content.decode()
    assert secret.title not in page and str(secret.key) not in page
    assert secret.title not in client.get("/evidence/?q=Testimony").content.decode()


def test_its_uploader_and_who_was_let_in_see_a_restricted_item(client, team, secret):
    grants.grant(item=secret, person=team["other"], actor=team["author"], reason="To translate it", now=NOW)
    for who in ("author", "other"):
        client.force_login(team[who])
        assert client.get(secret.get_absolute_url()).status_code == 200
        assert client.get(reverse("evidence-download", args=[secret.key])).status_code == 200
    downloads = Event.objects.filter(kind=EventKind.DOWNLOADED).values_list("actor__name", flat=True)
    assert sorted(downloads) == ["Ana", "Omar"]


def test_a_download_by_head_or_of_an_open_item_is_not_recorded(client, team, secret):
    client.force_login(team["author"])
    client.head(reverse("evidence-download", args=[secret.key]))
    client.get(reverse("evidence-download", args=[item_of(team["author"], name="b.pdf").key]))
    assert not Event.objects.filter(kind=EventKind.DOWNLOADED).exists()


def test_a_manager_who_lets_themself_in_is_recorded_for_the_uploader(client, team, secret):
    client.force_login(team["manager"])
    url = reverse("evidence-access", args=[secret.key])
    page = client.get(url).content.decode()
    assert secret.title not in page and "You cannot see the item itself" in page
    client.post(url, {"person": team["manager"].pk, "reason": "Complaint 12"})
    assert client.get(secret.get_absolute_url()).status_code == 200
    event = Event.objects.get(kind=EventKind.GRANTED)
    assert event.payload == {"person": team["manager"].pk, "to_self": True}
    assert event in Event.objects.visible_to(team["author"])
    assert event not in Event.objects.visible_to(team["reviewer"])
    client.force_login(team["author"])
    custody = reverse("evidence-custody", args=[secret.key])
    assert "(to themself)" in client.get(custody).content.decode()
    client.post(reverse("evidence-revoke", args=[secret.key, team["manager"].pk]))
    assert not Grant.objects.exists() and Event.objects.filter(kind=EventKind.REVOKED).exists()


@pytest.mark.parametrize("who", ["other", "reviewer"])
def test_nobody_else_decides_who_sees_it(client, team, secret, who):
    grants.grant(item=secret, person=team[who], actor=team["author"], reason="To read it", now=NOW)
    client.force_login(team[who])
    url = reverse("evidence-access", args=[secret.key])
    assert client.get(url).status_code == 404
    assert client.post(url, {"person": team["second"].pk, "reason": "x"}).status_code == 404
    with pytest.raises(Refused):
        grants.grant(item=secret, person=team["second"], actor=team[who], reason="x", now=NOW)
    assert client.post(reverse("evidence-revoke", args=[secret.key, team[who].pk])).status_code == 404


def test_a_grant_needs_a_reason_and_is_given_once(client, team, secret):
    client.force_login(team["author"])
    url = reverse("evidence-access", args=[secret.key])
    assert "id_reason" in client.post(url, {"person": team["other"].pk, "reason": " "}).content.decode()
    for _ in range(2):
        grants.grant(item=secret, person=team["other"], actor=team["author"], reason="Why", now=NOW)
    assert Grant.objects.count() == 1 and Event.objects.filter(kind=EventKind.GRANTED).count() == 1


def test_only_its_uploader_opens_a_restricted_item(client, team, secret):
    grants.grant(item=secret, person=team["reviewer"], actor=team["author"], reason="To review", now=NOW)
    client.force_login(team["reviewer"])
    page = client.post(reverse("evidence-change", args=[secret.key]), details(sensitivity="internal"))
    assert "Only the person who added a restricted item" in page.content.decode()
    secret.refresh_from_db()
    assert secret.sensitivity == Sensitivity.RESTRICTED
