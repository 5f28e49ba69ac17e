"""From when on an update counts: from its approval, a restricted one never unless somebody else says so."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from recommendations.choices import Sensitivity, Status
from recommendations.models import StatusUpdate
from tests.support import factories
from tests.support.factories import NOW

RESTRICTED = {"sensitivity": Sensitivity.RESTRICTED}


def refused(update, **fields):
    """Say whether the database refuses to write these into an update."""
    try:
        with transaction.atomic():
            StatusUpdate.objects.filter(pk=update.pk).update(**fields)
    except IntegrityError:
        return True
    return False


def test_an_open_update_counts_from_its_approval(team, recommendation):
    update = factories.submit(team["author"], recommendation)
    assert update.counts_at is None
    factories.decide(update, team["reviewer"])
    assert (update.counts_at, update.counts_by) == (update.approved_at, update.approved_by)
    assert StatusUpdate.objects.counting().get() == update
    assert not StatusUpdate.objects.counting(update.approved_at).exists(), (
        "what comes at that instant is later"
    )


def test_the_database_holds_when_an_update_counts(team, recommendation):
    update = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    at, by = update.approved_at, team["second"]
    assert refused(update, counts_at=None, counts_by=None), "an open one counts"
    assert refused(update, counts_at=at + timedelta(days=1)), "and from its approval on"
    assert refused(update, counts_at=None) and refused(update, counts_by=None)
    factories.hide(update)
    assert refused(update, counts_at=at - timedelta(seconds=1), counts_by=by), "never backwards"
    assert refused(update, counts_at=at, counts_by=team["author"]), "not by its author's word"
    assert refused(update, counts_at=at) and refused(update, counts_by=by), "somebody at some time"
    assert not refused(update, counts_at=at + timedelta(days=9), counts_by=by)
    waiting = factories.submit(team["author"], recommendation, **RESTRICTED)
    assert refused(waiting, counts_at=NOW, counts_by=by), "nothing counts before its approval"


def test_one_correction_counts_and_of_those_that_do_not_there_can_be_several(team, recommendation):
    wrong = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    about = {"reviewer": team["reviewer"], "corrects": wrong, "status": Status.NO_INFORMATION}
    hidden = []
    for _time in range(2):
        hidden.append(factories.approve(team["author"], recommendation, **about))
        factories.hide(hidden[-1])
    right = factories.approve(team["author"], recommendation, **about)
    assert StatusUpdate.objects.correcting(wrong).get() == right
    for one in hidden:
        assert refused(one, counts_at=NOW + timedelta(days=1), counts_by=team["second"])
