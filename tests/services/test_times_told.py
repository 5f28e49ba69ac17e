"""A time that names its zone is the time in that zone: on pages, in files, in mails, for people in Seoul."""

import io
import zipfile
from datetime import timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from recommendations.audit import anchors
from recommendations.mail import outbox
from recommendations.services import editions, people
from tests.support import factories
from tests.support.bundles import bundle_of
from tests.support.exports import content, take_out, unpacked
from tests.support.factories import NOW, item_of
from tests.support.pages import browser_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]
UTC_TIME, SEOUL_TIME = "2 Sep 2024, 09:00 UTC", "2 Sep 2024, 18:00 KST"


@pytest.fixture
def team(team):
    """The cast, all of whom live in Seoul."""
    for person in team.values():
        person.time_zone = "Asia/Seoul"
        person.save()
    return team


@pytest.fixture
def cited(team, recommendation):
    """An item that an approved update cites."""
    item = item_of(team["author"], title="Statute")
    factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], cites=[item], as_of=NOW.date()
    )
    return item


def test_a_bundle_says_when_it_was_made_in_the_zone_that_it_names(team, recommendation, cited):
    with zipfile.ZipFile(io.BytesIO(bundle_of(team["viewer"], recommendation).data)) as packed:
        readme = packed.read(next(name for name in packed.namelist() if name.endswith("README.txt"))).decode()
        about = packed.read(
            next(name for name in packed.namelist() if name.endswith("evidence.jsonl"))
        ).decode()
    assert f"Evidence as it stood on {UTC_TIME}." in readme and "Times are in UTC." in readme
    assert f'"added_at": "{NOW.isoformat()}"' in about


def test_pages_tell_a_time_in_the_zone_of_their_reader(team, recommendation, cited):
    report = recommendation.report
    edition = editions.freeze(
        report=report, actor=team["manager"], name="Now", as_of=NOW.date(), now=NOW + timedelta(seconds=1)
    )
    reader = browser_of(team["viewer"])
    for address in (
        edition.get_absolute_url(),
        reverse("evidence-custody", args=[cited.key]),
        reverse("recommendation-history", args=[recommendation.reference]),
        reverse("report-as-of", args=[report.slug]),
        reverse("report-list"),
    ):
        page = words(reader.get(address))
        assert SEOUL_TIME in page and "UTC" not in page, address


@pytest.mark.parametrize("made_as", ["zip", "xlsx"])
def test_a_list_that_is_taken_out_names_the_zone_of_its_times(team, cited, made_as):
    data = content(take_out(team["viewer"], "updates", made_as=made_as))
    if made_as == "zip":
        about, table = unpacked(data)
        assert f"As of: {SEOUL_TIME}" in about.decode() and "+09:00" in table.decode()
        return
    book = openpyxl.load_workbook(io.BytesIO(data))
    told = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert f"As of: {SEOUL_TIME}" in told and NOW.replace(hour=21, tzinfo=None) in told


def test_a_mail_about_an_account_names_the_zone(team, mailoutbox):
    type(team["author"]).objects.filter(pk=team["author"].pk).update(last_login=NOW - timedelta(days=9))
    team["author"].refresh_from_db()
    people.give_password(actor=team["manager"], person=team["author"], now=NOW)
    outbox.send(NOW + timedelta(minutes=1))
    told = [sent for sent in mailoutbox if "one-time password" in sent.body]
    assert told and all(SEOUL_TIME in sent.body for sent in told)
    assert all(SEOUL_TIME in sent.alternatives[0].content for sent in told)


def test_the_published_head_is_dated_in_utc_whatever_the_clock_says(cited):
    """By the clock in Seoul it is the third already."""
    late = (NOW + timedelta(hours=7)).astimezone(ZoneInfo("Asia/Seoul"))
    assert anchors.publish(late) == 1
    assert settings.CHAIN_HEADS.read_text().startswith("2024-09-02T16:00:00Z ")
