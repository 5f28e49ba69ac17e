"""The demonstration: marked as made up, and removed without a trace in what is real."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import Decision, Role, Sensitivity, Status, UpdateState
from recommendations.management.demo.play import play, remove_examples
from recommendations.models import (
    Capture,
    Edition,
    Evidence,
    Grant,
    Recommendation,
    Report,
    StagedUpload,
    StatusUpdate,
    User,
)
from recommendations.services import reviews, updates
from recommendations.services.editions import freeze
from tests.support import factories, forms
from tests.support.checking import check
from tests.support.importing import SEED

pytestmark = pytest.mark.django_db


@pytest.fixture
def played():
    """The imported report with the demonstration on it."""
    call_command("import_report", str(SEED), stdout=io.StringIO(), stderr=io.StringIO())
    report = Report.objects.get()
    people, password = play(report=report, now=timezone.now())
    assert password
    return report, people


def test_everything_made_up_says_so(played):
    assert all("example" in user.name and user.email.endswith("@example.org") for user in User.objects.all())
    assert not Evidence.objects.exclude(title__startswith="Example").exists()
    assert not Evidence.objects.filter(sensitivity=Sensitivity.RESTRICTED).exists()
    for update in StatusUpdate.objects.all():
        assert update.is_example
        said = [update.reason, update.public_text, update.government_claim, update.internal_note]
        assert all(words.startswith("Example") for words in said if words), update
    assert "All promises are kept." in check()


def test_every_page_has_something_to_show(played):
    states = set(StatusUpdate.objects.values_list("state", flat=True))
    assert states == {UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.APPROVED}
    today = timezone.now().date()
    assert Recommendation.objects.overdue_on(today).exists()
    assert Recommendation.objects.values("status").distinct().count() >= 5


def test_playing_twice_adds_nothing(played):
    report, people = played
    before = (User.objects.count(), StatusUpdate.objects.count(), Evidence.objects.count(), log.head())
    again, password = play(report=report, now=timezone.now())
    assert password is None
    assert set(again) == set(people)
    assert before == (
        User.objects.count(),
        StatusUpdate.objects.count(),
        Evidence.objects.count(),
        log.head(),
    )


def test_taking_it_back_leaves_what_is_real(played):
    report, people = played
    real, reviewer = factories.person("Nora", Role.CONTRIBUTOR), factories.person("Paul", Role.REVIEWER)
    now = timezone.now()
    recommendation = report.recommendations.get(position=7)
    update = factories.write(real, recommendation, as_of=now.date() - timedelta(days=1), now=now)
    updates.submit(update=update, actor=real, now=now)
    reviews.decide(update=update, reviewer=reviewer, decision=Decision.APPROVE, now=now)
    gone, kept = remove_examples(now=now)
    assert (gone, kept) == (len(people), [])
    assert set(User.objects.all()) == {real, reviewer}
    assert list(StatusUpdate.objects.all()) == [update]
    assert not Evidence.objects.exists()
    statuses = dict(report.recommendations.values_list("position", "status"))
    assert statuses.pop(7) == Status.NO_ACTION
    assert set(statuses.values()) == {Status.NOT_ASSESSED}
    assert "All promises are kept." in check()


def test_somebody_made_up_who_decided_on_real_work_is_kept_without_sign_in(played):
    report, people = played
    real = factories.person("Nora", Role.CONTRIBUTOR)
    now = timezone.now()
    update = factories.write(real, report.recommendations.get(position=7), as_of=now.date(), now=now)
    updates.submit(update=update, actor=real, now=now)
    reviews.decide(update=update, reviewer=people["Rosa"], decision=Decision.APPROVE, now=now)
    _gone, kept = remove_examples(now=now)
    assert kept == [people["Rosa"]]
    assert User.objects.get(pk=people["Rosa"].pk).is_active is False
    assert "All promises are kept." in check()


def test_files_that_still_wait_for_a_form_go_too(played, client):
    _report, people = played
    client.force_login(next(one for one in people.values() if one.has_role(Role.CONTRIBUTOR)))
    form = forms.update_form(intent="draft", evidence=[forms.file_row(forms.upload(), sensitivity="")])
    client.post(reverse("update-add", args=[Recommendation.objects.first().reference]), form)
    assert StagedUpload.objects.get().object_name in set(vault.object_names())
    remove_examples(now=timezone.now())
    assert not StagedUpload.objects.exists() and not list(vault.object_names())


def test_a_made_up_manager_who_let_somebody_in_is_kept(played):
    _report, people = played
    boss = next(one for one in people.values() if one.has_role(Role.REVIEWER))
    nora, paul = factories.person("Nora", Role.CONTRIBUTOR), factories.person("Paul", Role.REVIEWER)
    item = factories.link(nora, "A testimony", Sensitivity.RESTRICTED)
    Grant.objects.create(evidence=item, person=paul, granted_by=boss, granted_at=timezone.now(), reason="x")
    _gone, kept = remove_examples(now=timezone.now())
    assert kept == [boss] and Grant.objects.count() == 1


def test_copies_of_pages_go_with_made_up_links_and_real_ones_stay(played):
    _report, people = played
    ana = next(one for one in people.values() if one.has_role(Role.CONTRIBUTOR))
    factories.captured(Evidence.objects.filter(form="link").first())
    assert list(vault.object_names())
    real = factories.captured(
        factories.link(factories.person("Nora", Role.CONTRIBUTOR), "A real decree"), asked_by=ana
    )
    _gone, kept = remove_examples(now=timezone.now())
    assert kept == [ana] and Capture.objects.get() == real
    assert list(vault.object_names()) == [real.object_name]


def test_an_edition_that_holds_made_up_words_stays_and_is_named():
    call_command("import_report", str(SEED), stdout=io.StringIO(), stderr=io.StringIO())
    report, real = Report.objects.get(), factories.person("Nora", Role.MANAGER)

    def keep(name):
        now = timezone.now()
        return freeze(report=report, actor=real, name=name, as_of=now.date(), now=now)

    keep("Before it began")
    play(report=report, now=timezone.now())
    keep("With it")
    said = io.StringIO()
    call_command("demo", "--remove", stdout=said)
    assert said.getvalue().count("Kept the edition") == 1
    assert "Kept the edition “With it”" in said.getvalue()
    viewer = Client()
    viewer.force_login(real)
    page = viewer.get(Edition.objects.get(name="With it").get_absolute_url()).content.decode()
    assert "Example" in page
    assert "/updates/" not in page.split("<main")[1], "what is gone is not linked"
    assert "All promises are kept." in check()


def test_the_command_says_what_it_did():
    call_command("import_report", str(SEED), stdout=io.StringIO(), stderr=io.StringIO())
    said = io.StringIO()
    call_command("demo", stdout=said)
    call_command("demo", stdout=said)
    call_command("demo", "--remove", stdout=said)
    call_command("demo", "--remove", stdout=said)
    for sentence in ("password, shown once", "is already here", "Removed 7", "no made-up team"):
        assert sentence in said.getvalue()
