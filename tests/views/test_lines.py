"""The page of lines between two reports, at the door where people use it."""

import pytest
from django.urls import reverse

from recommendations.choices import LineageKind
from recommendations.models import Lineage, Report
from recommendations.services import lineage
from tests.support import factories
from tests.support.factories import NOW

pytestmark = pytest.mark.django_db
LINES = reverse("report-lines", args=["TIP-2024-KP"])


@pytest.fixture
def reports(team):
    """2023 and 2024, the third of each changed."""
    made = {"earlier": factories.report(year=2023), "later": factories.report(year=2024)}
    for report, text in zip(made.values(), ("Close the camps.", "Close the camps at once."), strict=True):
        report.recommendations.filter(position=3).update(text=text)
    return made


def send(client, person, act, address=LINES, **typed):
    client.force_login(person)
    return client.post(address, {"act": act, **typed})


def test_everybody_reads_the_lines_and_only_reviewers_see_the_forms(client, team, reports):
    for name, forms in (("viewer", 0), ("author", 0), ("reviewer", 2), ("manager", 2)):
        client.force_login(team[name])
        said = client.get(LINES).content.decode()
        assert "0 confirmed, 3 proposed" in " ".join(said.split())
        assert "<ins>at once</ins>" in said.replace("at once</ins\n", "at once</ins")
        assert said.count('value="confirm"') == (3 if forms else 0)
        assert ("whose words are the same" in said) is bool(forms)
    assert not Lineage.objects.exists()


def test_a_reviewer_confirms_what_is_the_same_then_one_more_and_undoes_it(client, team, reports):
    answer = send(client, team["reviewer"], "same")
    assert answer.url == LINES
    assert Lineage.objects.count() == 2
    answer = send(client, team["reviewer"], "confirm", old="3", new="3", kind="reworded")
    assert answer.url == f"{LINES}#line-TIP-2023-KP-03"
    row = Lineage.objects.get(kind=LineageKind.REWORDED)
    page = " ".join(client.get(LINES).content.decode().split())
    assert "3 confirmed, 0 proposed" in page
    assert f'name="row" value="{row.pk}"' in page
    answer = send(client, team["reviewer"], "undo", row=row.pk)
    assert answer.url == f"{LINES}#main", "the top of the page, where it is said"
    said = " ".join(client.get(answer.url).content.decode().split())
    assert "Done. </strong> The line TIP-2023-KP-03 → TIP-2024-KP-03 is not confirmed any more" in said
    assert "Only this tie is gone: owners, asks and dates that were carried over stay." in said
    assert not Lineage.objects.filter(pk=row.pk).exists()
    answer = send(client, team["reviewer"], "undo", row=row.pk)
    assert "somebody undid it" in client.get(answer.url).content.decode()


def test_the_page_of_a_report_leads_to_its_lines_in_both_directions_or_to_none(client, team, reports):
    client.force_login(team["viewer"])
    address, words = f"{LINES}?from=TIP-2023-KP", "Lines to North Korea 2024"
    first = client.get(reports["earlier"].get_absolute_url()).content.decode()
    assert f'href="{address}"' in first and words in " ".join(first.split())
    assert "Lines to an earlier report" not in first
    last = client.get(reports["later"].get_absolute_url()).content.decode()
    assert f'href="{LINES}"' in last and "Lines to an earlier report" in last
    page = client.get(reverse("report-lines", args=["TIP-2023-KP"])).content.decode()
    assert f'href="{address}"' in page and words in " ".join(page.split())
    Report.objects.filter(year=2023).update(country_code="LA")
    assert "Lines to" not in client.get(reports["later"].get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "three", "new": "3", "kind": "reworded"}, "“three” is no number"),
        ({"old": "٣", "new": "3", "kind": "reworded"}, "is no number"),
        ({"old": "99999999999999999999", "new": "3", "kind": "reworded"}, "is no number"),
        ({"old": "8", "new": "3", "kind": "reworded"}, "has no recommendation 8"),
        ({"old": "3", "new": "3", "kind": "bogus"}, "bogus"),
        ({"old": "3", "new": "", "kind": "split"}, "to several"),
        ({"old": "3", "new": "3", "kind": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, team, reports, typed, said):
    answer = send(client, team["reviewer"], "confirm", **typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert f'value="{typed["old"]}"' in page
    assert not Lineage.objects.exists()


def test_who_is_no_reviewer_changes_nothing(client, team, reports):
    for name in ("viewer", "author"):
        for act, typed in (("same", {}), ("confirm", {"old": "3", "new": "3", "kind": "reworded"})):
            assert send(client, team[name], act, **typed).status_code == 403
    assert not Lineage.objects.exists()


def test_another_earlier_report_is_chosen_by_the_address(client, team, reports):
    factories.report(year=2020, count=1)
    client.force_login(team["reviewer"])
    assert "From North Korea 2023" in client.get(LINES).content.decode()
    page = client.get(f"{LINES}?from=TIP-2020-KP").content.decode()
    assert "From North Korea 2020" in page
    assert "The years 2021 to 2023 lie between the two reports" in page
    answer = send(client, team["reviewer"], "same", f"{LINES}?from=TIP-2020-KP")
    assert answer.url == f"{LINES}?from=TIP-2020-KP"
    assert Lineage.objects.get().earlier.reference == "TIP-2020-KP-01"
    for wrong in ("TIP-2024-KP", "TIP-2031-KP", "bogus"):
        assert client.get(f"{LINES}?from={wrong}").status_code == 404


def test_the_first_report_of_a_country_says_that_there_is_no_earlier_one(client, team, reports):
    client.force_login(team["reviewer"])
    address = reverse("report-lines", args=["TIP-2023-KP"])
    page = client.get(address).content.decode()
    assert "There is no earlier report of North Korea here" in page
    assert f'href="{LINES}?from=TIP-2023-KP"' in page, "it leads to the lines from it to a later one"
    assert send(client, team["reviewer"], "same", address).status_code == 200


def test_a_list_longer_than_any_report_has_is_not_compared_and_the_page_says_so(client, team, reports):
    factories.report(year=2025, count=201)
    client.force_login(team["reviewer"])
    address = reverse("report-lines", args=["TIP-2025-KP"])
    assert "has 201 recommendations" in client.get(address).content.decode()
    answer = send(client, team["reviewer"], "same", address)
    assert "has 201 recommendations" in client.get(answer.url).content.decode()


def test_acts_and_rows_that_do_not_exist_change_nothing(client, team, reports):
    assert send(client, team["reviewer"], "bogus").status_code == 200
    for row in ("", "x", "9" * 30):
        assert send(client, team["reviewer"], "undo", row=row).status_code == 404


def test_the_history_of_a_recommendation_tells_its_lines(client, team, reports):
    lineage.confirm(old=[3], new=[3], kind=LineageKind.REWORDED, actor=team["reviewer"], now=NOW, **reports)
    client.force_login(team["viewer"])
    page = client.get(reverse("recommendation-history", args=["TIP-2024-KP-03"])).content.decode()
    assert "Reworded: TIP-2023-KP-03 → TIP-2024-KP-03" in page


def test_a_recommendation_names_what_confirmed_lines_tie_it_to(client, team, reports):
    lineage.confirm(old=[3], new=[3], kind=LineageKind.REWORDED, actor=team["reviewer"], now=NOW, **reports)
    client.force_login(team["viewer"])
    for one, other in (("TIP-2024-KP-03", "TIP-2023-KP-03"), ("TIP-2023-KP-03", "TIP-2024-KP-03")):
        page = client.get(reverse("recommendation-detail", args=[one])).content.decode()
        assert reverse("recommendation-detail", args=[other]) in page
        assert f'href="{LINES}?from=TIP-2023-KP#line-TIP-2023-KP-03"' in page
    proposed = client.get(reverse("recommendation-detail", args=["TIP-2024-KP-02"])).content.decode()
    assert "TIP-2023-KP-02" not in proposed, "a proposal ties nothing"
    assert "Nobody has confirmed yet how it relates to the reports of other years" in proposed
