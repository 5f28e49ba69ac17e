"""What two files about the later steps of an import share: a report before it, and the steps themselves."""

from django.urls import reverse

from recommendations.documents import read
from recommendations.models import Event, Lineage, Mail, Recommendation, Report
from recommendations.services import recommendations as service
from recommendations.services import review_dates
from recommendations.services.reports import import_report
from tests.support.factories import NOW
from tests.support.importing import NARRATIVE, upload, year_before


def year_with_owners(team):
    """Import 2023, of whose recommendations somebody took care of three."""
    earlier, _made = import_report(document=read(year_before()), now=NOW, actor=team["manager"])
    for row in earlier.recommendations.filter(position__in=(1, 4, 6)):
        about = {"recommendation": row, "actor": team["reviewer"], "now": NOW}
        service.assign(owner=team["author"], deputy=team["other"], reviewer=team["second"], **about)
        service.retitle(short_title=f"Title {row.position}", pillar="prevention", nature="end", **about)
        review_dates.reschedule(interval_days=30, **about)


def third_step(mina, data=NARRATIVE):
    """Bring 2024, and go on to its third step."""
    key = upload(mina, data).context["staged"].key
    return mina.get(reverse("report-meets", args=[key]), follow=True)


def send(mina, page, act, changes=(), **given):
    """Press a button of the third step as a browser would, with what was changed in its rows.

    Args:
        changes: {number of the row: {field: value}}; None unticks a box.
    """
    changes = dict(changes)
    sent = {"act": act, "seen": page.context["seen"], **given}
    for number, (_met, form) in enumerate(page.context["rows"]):
        values = {name: form[name].value() for name in form.fields} | changes.get(number, {})
        for name, value in values.items():
            if value not in (False, None):
                sent[form[name].html_name] = "on" if value is True else value
    address = reverse("report-meets", args=[page.context["staged"].key])
    return mina.post(address, sent, follow=True)


def new(number):
    return Recommendation.objects.get(reference=f"TIP-2024-KP-{number:02}")


def stood():
    """Return what of the domain is stored."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Report, Recommendation, Lineage, Event, Mail)
    ]
