"""What is done on the desk: decisions, owners and dates, people; each through its service, and recorded."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from recommendations.choices import EventKind, Sensitivity, UpdateState
from recommendations.models import Event, Review, User
from recommendations.services import people
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tests.support.world import SECRET

UPDATES = "/desk/recommendations/statusupdate/"


def choose(client, action, *updates, query="", **more):
    data = {"action": action, "_selected_action": [update.pk for update in updates], **more}
    return client.post(UPDATES + query, data, follow=True)


class TestDecisions:
    """Several updates at once, each by itself."""

    def test_approval_shows_first_what_it_would_do(self, world, rita):
        other = factories.submit(world.people["other"], world.third)
        answer = choose(rita, "approve", world.submitted, other)
        assert "Approve 2 updates" in words(answer)
        assert "Not yet assessed → to No action" in words(answer)
        assert not Review.objects.filter(update=world.submitted).exists()

    def test_each_row_has_its_own_result(self, world, rita):
        mine = factories.submit(world.reviewer, world.second)
        hidden = factories.link(world.author, "Testimony", Sensitivity.RESTRICTED)
        blocked = factories.submit(world.author, world.second, citations=[(hidden, "supports", "")])
        versions = {f"{update.pk}-shown": 1 for update in (world.submitted, mine, blocked)}
        answer = choose(rita, "approve", world.submitted, mine, blocked, step="confirmed", **versions)
        text = words(answer)
        assert f"Thing 2, {world.submitted}: approved." in text
        assert "not done. You wrote this update" in text
        assert "not done. This update cites a restricted item that you cannot see" in text
        assert Review.objects.filter(update__in=[world.submitted, mine, blocked]).count() == 1

    def test_what_cannot_be_decided_is_left_out_and_says_why(self, world, rita):
        mine = factories.submit(world.reviewer, world.second)
        answer = choose(rita, "approve", mine, world.approved)
        assert "You cannot decide on any of the updates that you chose." in words(answer)
        assert "You wrote this update" in words(answer)
        assert "Rita has already approved this update." in words(answer)

    def test_a_return_asks_for_its_comment(self, world, rita):
        assert "What should the author change?" in words(choose(rita, "send_back", world.submitted))
        seen = {f"{world.submitted.pk}-shown": 1, "step": "confirmed"}
        answer = choose(rita, "send_back", world.submitted, comment=" ", **seen)
        assert "This field is required." in words(answer)
        answer = choose(rita, "send_back", world.submitted, comment="Which day?", **seen)
        assert "returned." in words(answer)
        assert Review.objects.get(update=world.submitted).comment == "Which day?"

    def test_a_version_that_was_not_listed_is_not_approved(self, world, rita):
        for seen in ({}, {f"{world.submitted.pk}-shown": "7"}, {f"{world.submitted.pk}-shown": "x"}):
            answer = choose(rita, "approve", world.submitted, step="confirmed", **seen)
            assert "Read it again, then decide." in words(answer)
        world.submitted.refresh_from_db()
        assert world.submitted.state == UpdateState.SUBMITTED

    def test_somebody_faster_is_named_although_the_list_is_filtered(self, world, rita):
        seen = {f"{world.submitted.pk}-shown": 1, "step": "confirmed"}
        query = "?state__exact=submitted"
        choose(browser_of(world.people["second"]), "approve", world.submitted, query=query, **seen)
        answer = choose(rita, "approve", world.submitted, query=query, **seen)
        assert "not done. Sam has already approved this update." in words(answer)

    def test_a_restricted_update_cannot_be_reached_by_its_number(self, world, rita):
        seen = {f"{world.restricted.pk}-shown": 1, "step": "confirmed"}
        choose(rita, "approve", world.restricted, **seen)
        world.restricted.refresh_from_db()
        assert world.restricted.state == UpdateState.SUBMITTED

    def test_more_than_can_be_read_is_too_many(self, world, rita):
        updates = [factories.submit(world.author, world.second) for _ in range(51)]
        assert "Choose at most 50 at once" in words(choose(rita, "approve", *updates))


class TestRecommendations:
    """Owner, interval and title; the text and what follows from updates are not written."""

    def save(self, client, world, **changes):
        fields = {
            "short_title": "Thing 1",
            "pillar": "",
            "nature": "do",
            "owner": world.author.pk,
            "deputy": "",
            "interval_days": 90,
            "asks-TOTAL_FORMS": 1,
            "asks-INITIAL_FORMS": 1,
            "dated_reasons-TOTAL_FORMS": 0,
            "dated_reasons-INITIAL_FORMS": 0,
            "asks-0-id": world.ask.pk,
            "asks-0-recommendation": world.recommendation.pk,
            "asks-0-title": "Written over",
            "text": "Written over",
            "status": "implemented",
            **changes,
        }
        address = reverse("admin:recommendations_recommendation_change", args=[world.recommendation.pk])
        answer = client.post(address, fields, follow=True)
        world.recommendation.refresh_from_db()
        return answer

    def test_each_part_is_recorded_by_its_service(self, world, rita):
        self.save(
            rita,
            world,
            short_title="A better title",
            owner=world.people["other"].pk,
            deputy=world.author.pk,
            interval_days=30,
        )
        found = world.recommendation
        assert (found.short_title, found.owner, found.interval_days) == (
            "A better title",
            world.people["other"],
            30,
        )
        kinds = set(Event.objects.filter(actor=world.reviewer).values_list("kind", flat=True))
        assert {EventKind.RETITLED, EventKind.ASSIGNED, EventKind.RESCHEDULED} <= kinds

    def test_the_reports_words_and_the_status_stay(self, world, rita):
        self.save(rita, world)
        assert world.recommendation.text == "Do the thing that is number 1."
        assert world.recommendation.status == "no_action"
        world.ask.refresh_from_db()
        assert world.ask.title == "An ask"
        assert not Event.objects.filter(kind=EventKind.ASSIGNED, actor=world.reviewer).exists()

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"short_title": " "}, "This field is required."),
            ({"interval_days": 0}, "greater than or equal to 1"),
            ({"interval_days": 9999}, "less than or equal to 730"),
            ({"owner": 999999}, "Select a valid choice."),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, world, rita, changes, message):
        assert message in words(self.save(rita, world, **changes))

    def test_nobody_is_their_own_deputy_and_a_viewer_owns_nothing(self, world, rita):
        assert "somebody other than the owner" in words(self.save(rita, world, deputy=world.author.pk))
        answer = self.save(rita, world, owner=world.people["viewer"].pk)
        assert "Select a valid choice." in words(answer)


class TestNothingLeaks:
    """A stranger to a restricted item learns nothing of it on the desk, however the address is bent."""

    NOUNS = ("statusupdate", "evidence", "citation", "event", "grant", "stagedupload", "updateversion")

    @pytest.mark.parametrize("role", ["reviewer", "manager", "superuser"])
    @pytest.mark.parametrize("noun", NOUNS)
    def test_no_list_search_or_order_shows_it(self, world, role, noun):
        client = browser_of(world.people[role])
        for query in (
            "",
            "?q=Ms.",
            "?q=K.",
            "?o=1",
            "?o=-2.3",
            "?all=",
            "?_facets=True",
            "?_popup=1",
            "?p=1",
        ):
            page = client.get(f"/desk/recommendations/{noun}/{query}").content.decode()
            # What was searched for is repeated in the field; the words themselves are not.
            assert SECRET not in page, query

    @pytest.mark.parametrize(
        "query",
        [
            "recommendation/?updates__id__exact={restricted}",
            "recommendation/?updates__isnull=False",
            "recommendation/?updates__reason__startswith=Ms",
            "recommendation/?events__isnull=True",
            "recommendation/?current_update__reason__startswith=N",
            "evidence/?grants__person=1",
            "evidence/?citations__id__exact=1",
            "statusupdate/?author__password__startswith=a",
            "user/?updates__isnull=False",
            "user/?password__startswith=a",
        ],
    )
    def test_no_filter_over_hidden_rows_is_answered(self, world, query):
        client = browser_of(world.people["superuser"])
        address = f"/desk/recommendations/{query.format(restricted=world.restricted.pk)}"
        answer = client.get(address)
        assert answer.status_code == 400

    def test_somebody_elses_mail_is_shown_without_what_tells_of_restricted_items(self, world, mina):
        page = mina.get(reverse("admin:recommendations_mail_change", args=[world.digest.pk]))
        assert "Nothing to see." in words(page)
        assert SECRET not in page.content.decode()

    def test_the_log_names_rows_by_number(self, world, mina, rita):
        TestRecommendations().save(rita, world, interval_days=30)
        entry = LogEntry.objects.order_by("-pk").first()
        assert entry.object_repr == f"recommendation {world.recommendation.pk}"
        assert "interval" in entry.get_change_message().lower()

    def test_the_shortcut_by_content_type_is_closed(self, world, rita):
        for noun in ("evidence", "statusupdate"):
            row = {"evidence": world.restricted_evidence, "statusupdate": world.restricted}[noun]
            for content_type in range(1, 40):
                assert rita.get(f"/desk/r/{content_type}/{row.pk}/").status_code == 404


def test_nothing_on_the_desk_deletes(world, mina):
    for address in (UPDATES, "/desk/recommendations/evidence/", "/desk/recommendations/user/"):
        assert 'value="delete_selected"' not in mina.get(address).content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [world.author.pk], "post": "yes"}
    mina.post("/desk/recommendations/user/", chosen)
    assert User.objects.filter(pk=world.author.pk).exists()


def test_the_services_ask_for_the_role_themselves(world):
    for act in (
        lambda: people.add_person(
            actor=world.reviewer, email="x@example.org", name="X", role="Viewer", now=NOW
        ),
        lambda: people.change_role(actor=world.reviewer, person=world.author, role="Manager", now=NOW),
        lambda: people.set_active(actor=world.reviewer, person=world.author, active=False, now=NOW),
        lambda: people.give_password(actor=world.reviewer, person=world.author, now=NOW),
        lambda: people.rename(
            actor=world.reviewer, person=world.author, email="y@example.org", name="Y", now=NOW
        ),
    ):
        with pytest.raises(people.Refused, match="Only managers"):
            act()


def test_a_manager_who_could_take_over_an_account_leaves_a_trace(world):
    people.rename(
        actor=world.people["manager"], person=world.author, email="other@example.org", name="Ana", now=NOW
    )
    people.give_password(actor=world.people["manager"], person=world.author, now=NOW)
    told = Event.objects.filter(kind=EventKind.SIGN_IN_CHANGED).order_by("seq")
    assert [(event.actor, event.payload) for event in told] == [
        (world.people["manager"], {"person": world.author.pk, "what": "address"}),
        (world.people["manager"], {"person": world.author.pk, "what": "password"}),
    ]
