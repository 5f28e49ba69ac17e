"""``manage.py check_data``: silent on whole data, and naming each breach."""

import io

import pytest
from django.core.management import CommandError, call_command

from recommendations.choices import Status
from recommendations.models import Recommendation, Report
from tests.test_import_report import SEED
from tests.test_story_review import approved


def check():
    """Run the command; return what it printed."""
    out = io.StringIO()
    call_command("check_data", stdout=out)
    return out.getvalue()


def breach():
    """Run the command where it must fail; return what it printed."""
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_data", stdout=out)
    return out.getvalue()


@pytest.fixture
def imported(db):
    call_command("import_report", str(SEED), stdout=io.StringIO(), stderr=io.StringIO())
    return Report.objects.get()


def test_whole_data_keeps_every_promise(team, imported):
    approved(team, imported.recommendations.first())
    assert "All promises are kept." in check()


def test_a_status_that_does_not_follow_is_named(team, imported):
    approved(team, imported.recommendations.first())
    Recommendation.objects.filter(position=1).update(status=Status.IMPLEMENTED)
    Recommendation.objects.filter(position=2).update(next_review_on="2030-01-01")
    said = breach()
    assert "TIP-2024-KP-01: status is implemented" in said
    assert "TIP-2024-KP-02: next_review_on" in said


def test_an_approval_without_a_review_is_named(team, imported):
    update = approved(team, imported.recommendations.first())
    update.reviews.all().delete()
    assert f"Update {update.key} is approved without a review" in breach()


def test_changed_words_of_a_source_are_named(imported):
    Report.objects.update(text=imported.text.replace("Accede", "Resign"))
    said = breach()
    assert "the kept text is not that of the stored document" in said
    assert "TIP-2024-KP-11" in said
