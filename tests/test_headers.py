"""Every page keeps the browser strict: the policy is sent, and nothing on the page needs it looser."""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD
from tests.doors import DOORS
from tests.test_access import cookies_of, desk_doors, knock

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
# Elements that fetch what they name; a page loads nothing from elsewhere.
FETCHING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Loose(HTMLParser):
    """Collects what a strict policy would refuse, or should."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        for name, content in given.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag} {name}={content!r}>")
            if name in ("href", "src", "action", "formaction") and (content or "").strip().lower().startswith(
                ("javascript:", "data:")
            ):
                self.found.append(f"<{tag} {name}={content!r}>")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"inline <{tag}>")
        if tag in FETCHING and not (given.get(FETCHING[tag]) or "/").startswith("/"):
            self.found.append(f"<{tag} {FETCHING[tag]}={given[FETCHING[tag]]!r}>")
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh":
            self.found.append("<meta refresh>")


def wrong_with(answer):
    """Return what is wrong with an answer's headers and page."""
    wrong = []
    # The desk's pages are HTML too; a download has a policy of its own, stricter still.
    if answer["Content-Type"].startswith("text/html"):
        sent = {part.strip() for part in answer.get("Content-Security-Policy", "").split(";")}
        if sent != POLICY:
            wrong.append(f"policy {sent ^ POLICY}")
        page = Loose()
        page.feed(answer.content.decode())
        wrong += page.found
    for name, expected in {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }.items():
        if answer.get(name) != expected:
            wrong.append(f"{name}: {answer.get(name)}")
    if answer.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        wrong.append(f"Referrer-Policy: {answer.get('Referrer-Policy')}")
    return wrong


@pytest.mark.parametrize("role", ["anonymous", "contributor", "author", "superuser"])
def test_every_answer_is_strict_and_no_page_needs_it_looser(world, role):
    cookies, wrong, seen = cookies_of(world, role), {}, 0
    doors = list(DOORS) + [door[:3] for door in desk_doors() if door[3] == "superuser"]
    for name, arguments, method in doors:
        answer = knock(world, cookies, name, arguments, method)
        seen += answer.status_code == 200
        found = wrong_with(answer)
        if found:
            wrong[f"{method} {name} {arguments}"] = found
    assert wrong == {}
    assert seen > (3 if role == "anonymous" else 15)


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
