"""A row for each form that changes one, made anew, with the address of the form's page."""

import uuid
from datetime import date

from django.urls import reverse

from recommendations.choices import Decision, UpdateKind
from recommendations.models import Ask, DatedReason, Moment, SavedFilter, User
from recommendations.services import review_dates as dates_service
from recommendations.services import reviews
from recommendations.services import updates as updates_service
from tests.support import factories
from tests.support.factories import NOW


def an_item(team):
    item = factories.link(team["author"])
    return reverse("evidence-change", args=[item.key])


def an_ask(team):
    one = factories.report().recommendations.first()
    Ask.objects.create(recommendation=one, position=1, title="An ask", start=0, end=5, created_at=NOW)
    return reverse("recommendation-asks", args=[one.reference])


def an_entry(team):
    return reverse("advocacy-change", args=[factories.advocacy(team["author"]).key])


def a_moment(team):
    moment = Moment.objects.create(
        kind="upr", title="UPR", on=NOW.date(), kept_by=team["manager"], changed_at=NOW
    )
    factories.person("Mark", "Manager")
    return reverse("moment", args=[moment.pk])


def an_organisation(_team):
    factories.person("Mark", "Manager")
    return reverse("organisation")


def a_report(_team):
    factories.person("Mark", "Manager")
    return reverse("report-facts", args=[factories.report().slug])


def a_review_date(team):
    one = factories.report().recommendations.first()
    dates_service.add_date(recommendation=one, actor=team["manager"], on=date(2025, 2, 1), now=NOW)
    return reverse("review-date", args=[one.reference, DatedReason.objects.get().pk])


def a_date_before_a_moment(team):
    one = factories.report().recommendations.first()
    moment = factories.moment(team["manager"], on=date(2025, 2, 1))
    about = {"recommendation": one, "actor": team["manager"], "now": NOW}
    dates_service.add_before_moment(moment=moment, weeks=3, **about)
    return reverse("review-date", args=[one.reference, DatedReason.objects.get().pk])


def a_saved_filter(team):
    saved = SavedFilter.objects.create(
        owner=team["author"], listed="updates", name="Mine", query="x=1", created_at=NOW
    )
    return reverse("saved-filter", args=["updates", saved.pk])


def tied(team):
    one = factories.report().recommendations.first()
    item = factories.link(team["author"], "The item", source="Paper", origin="Paper")
    update = factories.approve(team["author"], one, reviewer=team["reviewer"], cites=[item])
    return reverse("update-origin", args=[update.key])


def a_draft(team):
    update = factories.write(team["author"], factories.report().recommendations.first())
    return reverse("update-edit", args=[update.key])


def a_returned_check(team):
    one = factories.report().recommendations.first()
    factories.approve(team["author"], one, reviewer=team["reviewer"], as_of=factories.AS_OF)
    update = updates_service.record_check(
        author=team["author"],
        recommendation=one,
        key=uuid.uuid4(),
        as_of=factories.AS_OF,
        places=[("KCNA", factories.AS_OF)],
        internal_note="Before.",
        now=factories.at_noon(factories.AS_OF),
    )
    reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.RETURN, comment="?", now=NOW)
    assert update.kind == UpdateKind.CHECK
    return reverse("update-edit", args=[update.key])


def on_the_desk(model, pk):
    return reverse(f"admin:recommendations_{model}_change", args=[pk])


def a_partner(team):
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True)
    return reverse("settings")
