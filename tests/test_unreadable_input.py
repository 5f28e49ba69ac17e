"""What no page ever sends: answered in words, never with an error, on each database."""

import pytest

from recommendations.choices import UpdateState
from recommendations.models import StagedUpload
from recommendations.services import staging
from tests import forms
from tests.pages import browser_of
from tests.test_desk_acts import UPDATES

NUL_ADDRESSES = [
    "/?report=TIP-2024-%00",
    "/recommendations/?report=TIP-2024-%00",
    "/recommendations/?q=a%00b",
    "/recommendations/%00/",
    "/desk/recommendations/statusupdate/?status__exact=%00",
    "/desk/recommendations/heartbeat/?pk=%00",
    "/accounts/login/?next=%00",
]


@pytest.mark.parametrize("address", NUL_ADDRESSES)
def test_an_address_with_the_sign_nul_is_refused(world, mina, address):
    answer = mina.get(address)
    assert answer.status_code == 400
    assert "could not read that request" in answer.content.decode()


@pytest.mark.parametrize("lookup", ["status__regex", "state__iregex", "sensitivity__regex"])
def test_the_desk_filters_by_no_pattern(world, mina, lookup):
    assert mina.get(f"{UPDATES}?{lookup}=(").status_code == 400


@pytest.mark.parametrize("chosen", ["abc", "\0", "-1", "9" * 40, "²"])
def test_a_decision_on_what_is_no_row_decides_nothing(world, rita, chosen):
    data = {"action": "approve", "confirmed": "yes", "_selected_action": [chosen]}
    assert rita.post(UPDATES, data).status_code == 400
    world.submitted.refresh_from_db()
    assert world.submitted.state == UpdateState.SUBMITTED


def test_the_words_beside_a_waiting_file_are_kept_without_the_sign_nul(world):
    client = browser_of(world.author)
    row = forms.file_row(forms.upload(), title="The\0 report", kind="no such kind")
    address = f"/recommendations/{world.second.reference}/updates/new/"
    assert client.post(address, forms.update_form(evidence=[row], intent="draft")).status_code == 200
    staged = StagedUpload.objects.exclude(pk=world.staged.pk).get()
    assert staged.details["title"] == "The report"
    staging.restage(key=staged.key, uploader=world.author, details={"title": "a\0"}, now=staged.received_at)
    staged.refresh_from_db()
    assert staged.details == {"title": "a"}
