"""One lease for mails, examinations and copies of pages: who has it works, and nobody else writes."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from recommendations.choices import CaptureState, ExaminationState, MailState, Purpose
from recommendations.models import Capture, Examination, Mail
from recommendations.models.leases import NO_LEASE, new_lease
from tests.support import factories
from tests.support.factories import NOW

LONG = timedelta(minutes=20)
BUSY = {
    Mail: {"state": MailState.SENDING},
    Examination: {"state": ExaminationState.RUNNING},
    Capture: {"state": CaptureState.RUNNING},
}
IDLE = {
    Mail: {"state": MailState.PENDING},
    Examination: {"state": ExaminationState.DONE},
    Capture: {"state": CaptureState.ASKED},
}


@pytest.fixture(params=BUSY, ids=lambda model: model.__name__)
def waiting(request, team):
    """A row of each kind that nobody has yet."""
    if request.param is Mail:
        return factories.mail(team["author"], "a")
    item = factories.link(team["author"])
    if request.param is Capture:
        asked = {"number": 1, "asked_by": team["author"], "asked_at": NOW, "was_restricted": False}
        return Capture.objects.create(evidence=item, **asked)
    return Examination.objects.create(evidence=item, purpose=Purpose.VIRUS, **IDLE[Examination])


def take(row, until):
    model = type(row)
    token = model.objects.filter(pk=row.pk, **IDLE[model]).take(until, **BUSY[model])
    return model.objects.get(pk=row.pk) if token else None


def test_of_two_who_reach_for_a_row_one_has_it(waiting):
    assert take(waiting, NOW + LONG) and take(waiting, NOW + LONG) is None


def test_it_is_held_until_its_end_and_lost_from_then_on(waiting):
    take(waiting, NOW + LONG)
    rows = type(waiting).objects
    assert rows.held(NOW + LONG - timedelta(seconds=1)).exists() and not rows.held(NOW + LONG).exists()
    assert rows.lost(NOW + LONG).exists() and not rows.lost(NOW).exists()


def test_whose_row_somebody_took_meanwhile_writes_nothing(waiting):
    model = type(waiting)
    first = take(waiting, NOW)
    assert model.objects.lost(NOW).take(NOW + LONG, **BUSY[model])
    assert not model.objects.settle(first, **IDLE[model])
    second = model.objects.get(pk=waiting.pk)
    assert second.lease_until == NOW + LONG and second.state == BUSY[model]["state"]
    assert model.objects.settle(second, **IDLE[model])
    assert not model.objects.settle(second, **IDLE[model]), "given back is given back"


def test_the_database_lets_nobody_work_without_a_lease_nor_keep_one(waiting):
    model = type(waiting)
    row = model.objects.filter(pk=waiting.pk)
    halves = ({"lease_token": uuid.uuid4()}, {"lease_until": NOW}, new_lease(NOW))
    for fields in (BUSY[model], *({**IDLE[model], **half} for half in halves)):
        with pytest.raises(IntegrityError, match="leased_while"), transaction.atomic():
            row.update(**{**NO_LEASE, **fields})
