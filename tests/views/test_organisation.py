"""What is said of the organisation: a manager writes it, and of its logo nothing is kept but the dots."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from recommendations.choices import EventKind
from recommendations.models import Event, Organisation
from tests.support.edits import sent
from tests.support.pages import browser_of, text_of
from tests.support.pictures import SECRET_WORDS, beside_the_picture, drawing, jpeg, png

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")
ADDRESS = "/settings/organisation/"
DRAWN = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def save(person, **changed):
    """Open the form, change some fields and save. Returns: the answer."""
    browser = browser_of(person)
    form = browser.get(ADDRESS).context["form"]
    return browser.post(ADDRESS, sent(form) | changed, follow=True)


def chosen(data, name="logo.png"):
    return SimpleUploadedFile(name, data, "image/png")


@pytest.mark.parametrize("made", [jpeg, png])
def test_the_logo_is_drawn_again_and_shown_and_nothing_else_of_its_file_is_kept(team, made):
    assert "is saved" in text_of(save(team["manager"], name="Watch", logo=chosen(made())))
    ours = Organisation.objects.get()
    assert SECRET_WORDS in made() and SECRET_WORDS not in bytes(ours.logo)
    assert not beside_the_picture(bytes(ours.logo))
    answer = browser_of(team["manager"]).get(reverse("organisation-logo"))
    assert answer["Content-Type"] == ours.logo_type and "sandbox" in answer["Content-Security-Policy"]
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as shown:
        assert max(shown.size) == 60


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (DRAWN, "neither a PNG nor a JPEG"),
        (png()[:60], "cannot be read"),
        (b"\xff\xd8\xff" + b"0" * (1024 * 1024), "larger than 1 MB"),
        (b"", "This file is empty"),
    ],
)
def test_what_is_no_safe_picture_is_refused_and_what_was_typed_is_there(team, data, said):
    text = text_of(answer := save(team["manager"], name="Watch", contact="12 Canal", logo=chosen(data)))
    assert said in text and "12 Canal" in text
    assert answer.context["form"]["name"].value() == "Watch"
    assert not Organisation.objects.exists() and not Event.objects.filter(actor=team["manager"]).exists()


def test_a_picture_of_too_many_dots_is_refused(team):
    made = io.BytesIO()
    drawing((2001, 10)).save(made, "PNG")
    assert "2000 by 2000" in text_of(save(team["manager"], logo=chosen(made.getvalue())))


def test_each_change_is_recorded_with_what_was_said_before(team):
    save(team["manager"], name="Watch", contact="12 Canal Street", logo=chosen(png()))
    save(team["manager"], name="Watch the Watchers")
    save(team["manager"], without_logo="on")
    save(team["manager"])
    said = [one.payload for one in Event.objects.filter(kind=EventKind.ORGANISATION_CHANGED).order_by("seq")]
    assert said[0]["after"]["contact"] == "12 Canal Street" and said[0]["before"]["name"] == ""
    assert said[1] == {"before": {"name": "Watch"}, "after": {"name": "Watch the Watchers"}}
    assert said[2]["before"]["logo"] == said[0]["after"]["logo"] and said[2]["after"]["logo"] == ""
    assert len(said) == 3
    assert browser_of(team["manager"]).get(reverse("organisation-logo")).status_code == 404


def test_another_logo_takes_the_place_of_the_one_that_is_removed(team):
    save(team["manager"], logo=chosen(png()))
    first = bytes(Organisation.objects.get().logo)
    save(team["manager"], without_logo="on", logo=chosen(jpeg()))
    assert bytes(Organisation.objects.get().logo) not in (b"", first)
