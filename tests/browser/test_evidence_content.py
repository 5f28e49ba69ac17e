"""The content of evidence in a real browser: looked at as pictures made here, and never run."""

from pathlib import Path

import pytest
from django.urls import reverse

from recommendations import jobs
from tests.browser.looking import SHOTS, WIDTHS, look, signed_in
from tests.support import corpus, factories, pictures
from tests.support.factories import NOW, item_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crew(transactional_db):
    """One person of each role."""
    return factories.team()


def photograph():
    """Return a photograph of a sensible size, with metadata."""
    return pictures.jpeg_of(pictures.landscape())


@pytest.mark.looks
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_a_picture_and_of_a_document(crew, live_server, browser, width):
    SHOTS.mkdir(parents=True, exist_ok=True)
    photo = item_of(crew["author"], name="photo.jpg", content=photograph(), title="A camp from the east")
    pages = corpus.pdf("On detention", *["words"] * 3)
    law = item_of(crew["author"], name="law.pdf", content=pages, title="A law")
    odd = item_of(crew["author"], name="odd.pdf", content=corpus.png(8, 8), title="An odd one")
    huge = item_of(crew["author"], name="huge.png", content=corpus.png(30_000, 30_000), title="A huge one")
    jobs.examine_evidence(NOW, seconds=None)
    for_reviewer, for_viewer = (
        signed_in(browser, live_server, crew[who], WIDTHS[width]) for who in ("reviewer", "viewer")
    )
    faults = [
        *look(for_reviewer, live_server, "evidence-photo", photo.get_absolute_url(), width),
        *look(for_viewer, live_server, "evidence-photo-viewer", photo.get_absolute_url(), width),
        *look(for_viewer, live_server, "evidence-document", law.get_absolute_url(), width),
        *look(for_viewer, live_server, "evidence-odd", odd.get_absolute_url(), width),
        *look(for_viewer, live_server, "evidence-no-preview", huge.get_absolute_url(), width),
    ]
    faults += look(for_viewer, live_server, "evidence-search", "/evidence/?q=detention", width)
    assert faults == []
    for_viewer.goto(live_server.url + photo.get_absolute_url())
    for_viewer.wait_for_load_state("networkidle")
    drawn = for_viewer.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert drawn == [1200]


RAN = "document.title.includes('ran') || window.ran"
# Ways in which a page of the site could take a file in; each file tries to change the title and to fetch.
EMBEDDINGS = ("iframe", "embed", "img", "script")


@pytest.mark.parametrize(("name", "content"), [("page.html", corpus.HTML), ("drawing.svg", corpus.SVG)])
def test_a_served_page_or_drawing_runs_no_script(crew, live_server, browser, name, content):
    item = item_of(crew["author"], name=name, content=content, title="Active")
    page = signed_in(browser, live_server, crew["viewer"], WIDTHS["1280"])
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    door = live_server.url + reverse("evidence-download", args=[item.key])
    page.goto(live_server.url + item.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == content
    for element in EMBEDDINGS:
        page.evaluate(
            """([name, address]) => new Promise((done) => {
                const made = document.createElement(name);
                made.onload = made.onerror = done;
                setTimeout(done, 500);
                made.src = address;
                document.body.append(made);
            })""",
            [element, door],
        )
        assert not page.evaluate(RAN)
        assert not any(frame.title() == "ran" for frame in page.frames)
    assert not [address for address in asked if address.endswith("/ran")]


@pytest.mark.parametrize(("name", "content"), [("page.html", corpus.HTML), ("drawing.svg", corpus.SVG)])
def test_even_shown_in_place_under_its_own_type_nothing_runs(crew, live_server, browser, name, content):
    """The policy alone stops it: somebody's proxy that drops the other headers opens nothing."""
    item = item_of(crew["author"], name=name, content=content, title="Active")
    page = signed_in(browser, live_server, crew["viewer"], WIDTHS["1280"])
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    kind = "text/html" if name.endswith("html") else "image/svg+xml"

    def in_place(route):
        answer = route.fetch()
        headers = {**answer.headers, "content-type": kind}
        headers.pop("content-disposition")
        if not policed:
            headers.pop("content-security-policy")
        route.fulfill(response=answer, headers=headers)

    page.route("**/download/", in_place)
    door = live_server.url + reverse("evidence-download", args=[item.key])
    policed = True
    page.goto(door)
    assert page.title() != "ran" and not [address for address in asked if address.endswith("/ran")]
    # Without the policy it does run, or this test would see nothing.
    policed = False
    page.goto(door)
    page.wait_for_function("document.title === 'ran'")
