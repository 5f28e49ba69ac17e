"""Every page keeps the browser strict: the policy is sent, and nothing on the page needs it looser.

The doors of ``doors`` are held to it in ``test_access``, role by role; here are the answers beside them.
"""

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.doors import DOORS
from tests.support.factories import PASSWORD
from tests.support.knocking import cookies_of, knock
from tests.support.strictness import POLICY, Loose, wrong_with


def test_what_only_its_author_opens_is_strict_too(world):
    """No role of the table may: drafts, and what is restricted."""
    cookies, loose, opened = cookies_of(world, "author"), {}, 0
    for name, arguments, method in DOORS:
        answer = knock(world, cookies, name, arguments, method)
        opened += answer.status_code == 200
        if found := wrong_with(answer):
            loose[f"{method} {name} {arguments}"] = found
    assert loose == {}
    assert opened > 70


def test_pages_of_an_act_are_strict_too(world):
    manager, author = Client(), Client()
    manager.force_login(world.people["manager"])
    author.force_login(world.author)
    chosen = {"action": "approve", "_selected_action": [world.submitted.pk]}
    answers = [
        manager.post("/desk/recommendations/statusupdate/", chosen),
        manager.post(
            "/desk/recommendations/user/add/", {"name": "New", "email": "n@example.org", "role": "Viewer"}
        ),
        manager.post(reverse("admin:recommendations_user_password", args=[world.author.pk])),
        manager.get("/desk/recommendations/recommendation/?q=x&followed=yes&_facets=True"),
        author.get(reverse("update-edit", args=[world.draft.key])),
        Client().get("/no/such/page/"),
        Client(enforce_csrf_checks=True).post("/accounts/login/", {}),
    ]
    for _ in range(5):
        answers.append(Client().post("/accounts/login/", {"username": "ana@example.org", "password": "no"}))
    assert [answer.status_code for answer in answers[-3:]] == [200, 200, 429]
    assert [wrong_with(answer) for answer in answers] == [[] for _ in answers]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(world):
    client = Client()
    client.post("/accounts/login/", {"username": "ana@example.org", "password": PASSWORD})
    cookie = client.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_finder_finds_what_is_loose():
    loose = Loose()
    loose.feed(
        "<p style='x'><a onclick='y' href='javascript:z'><script>1</script><style></style>"
        "<img src='https://elsewhere.example/x.png'><script src='/static/js/tracker.js'></script>"
    )
    assert len(loose.found) == 6


@pytest.mark.parametrize(
    "door", ["home", "recommendation-list", "evidence-list", "review-list", "digest-list", "settings"]
)
def test_nothing_that_was_read_stays_on_the_disk(world, door):
    client = Client()
    client.force_login(world.reviewer)
    assert "no-store" in client.get(reverse(door))["Cache-Control"]


def test_a_page_about_something_restricted_stays_nowhere_either(world):
    client = Client()
    client.force_login(world.author)
    for page in (world.restricted.get_absolute_url(), world.restricted_evidence.get_absolute_url()):
        assert "no-store" in client.get(page)["Cache-Control"]


def test_static_files_are_strict_too(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "marks.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = Client().get("/static/marks.svg")
    assert answer.status_code == 200
    assert {part.strip() for part in answer["Content-Security-Policy"].split(";")} == POLICY
    assert "Access-Control-Allow-Origin" not in answer
