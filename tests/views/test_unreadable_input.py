"""What no page ever sends: answered in words, never with an error, on each database."""

import io
import logging
from wsgiref.util import setup_testing_defaults

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import Client
from django.urls import reverse

from recommendations.choices import UpdateState
from recommendations.models import Moment, StagedUpload
from recommendations.services.evidence import uploads
from tests.support import factories, forms
from tests.support.pages import browser_of, text_of
from tests.support.strictness import wrong_with
from tracker.requests import Handler

UPDATES = reverse("admin:recommendations_statusupdate_changelist")

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


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("advocacy-add", "recommendations"),
        ("advocacy-add", "readers"),
        ("before-moment", "recommendations"),
        ("settings", "digest_reports"),
    ],
)
def test_a_number_that_no_database_holds_is_none_of_the_rows(world, mina, name, field):
    factories.report(year=2023)
    address = reverse(name, args=[world.moment.pk] if name == "before-moment" else [])
    page = mina.post(address, {field: "9" * 30})
    assert page.status_code == 200
    assert f"{'9' * 30} is not one of the available choices." in text_of(page)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_from_which_none_can_be_counted_is_refused(world, mina, day):
    about, said = [world.report.slug], "Enter a day between the years 1900 and 2199."
    pages = [mina.get(reverse("report-as-of", args=about), {"as_of": day})]
    pages += [mina.get(reverse("update-list"), {name: day}) for name in ("since", "until")]
    pages += [mina.get(reverse("advocacy-list"), {name: day}) for name in ("since", "until")]
    factories.before(world.third, world.people["manager"], factories.moment(world.people["manager"]), weeks=5)
    moment = {"kind": "upr", "title": "Kept", "note": "", "on": day, "seen": "{}"}
    pages.append(mina.post(reverse("moment", args=[Moment.objects.latest("pk").pk]), moment))
    for page in pages:
        assert page.status_code == 200 and said in text_of(page)
    assert 'value="Kept"' in pages[-1].content.decode()


@pytest.mark.parametrize("lookup", ["status__regex", "state__iregex", "sensitivity__regex"])
def test_the_desk_filters_by_no_pattern(world, mina, lookup):
    assert mina.get(f"{UPDATES}?{lookup}=(").status_code == 400


@pytest.mark.parametrize("chosen", ["abc", "\0", "-1", "9" * 40, "²"])
def test_a_decision_on_what_is_no_row_decides_nothing(world, rita, chosen):
    data = {"action": "approve", "step": "confirmed", "_selected_action": [chosen]}
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
    uploads.restage(key=staged.key, uploader=world.author, details={"title": "a\0"}, now=staged.received_at)
    staged.refresh_from_db()
    assert staged.details == {"title": "a"}


FORM, FILES = "application/x-www-form-urlencoded", "multipart/form-data"
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
UNREADABLE = {
    "another charset": (f"{FORM}; charset=utf-7", b"a=%2B"),
    "a charset that is none of text": (f"{FORM}; charset=base64", b"a=b"),
    "a charset of nobody": (f"{FILES}; boundary=x; charset=no-such", PART),
    "a charset with NUL": (f"{FILES}; boundary=x; charset=u\0tf", PART),
    "a charset beyond ASCII": (f"{FILES}; boundary=x; charset=\xe9", PART),
    "a parameter in an encoding of nobody": ("text/plain; charset*=no-such''%2b", b""),
    "no boundary": (FILES, PART),
    "a boundary beyond ASCII": (f"{FILES}; boundary=\xe9", PART),
    "too many fields": (FORM, b"&".join(b"a%d=1" % number for number in range(1100))),
    "too many bytes": (FORM, b"a=" + b"x" * 3_000_000),
}


class Answer(dict):
    """An answer of the web server's entry point, as ``wrong_with`` reads it."""

    def __init__(self, content_type, body, query=""):
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/accounts/login/",
            "QUERY_STRING": query,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": f"csrf={'a' * 32}",
        }
        setup_testing_defaults(environ)
        self.content = b"".join(Handler()(environ, self._begin))

    def _begin(self, status, headers):
        self.status_code = int(status[:3])
        self.update(headers)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_form_that_cannot_be_read_is_refused_on_a_page_as_strict_as_others(name):
    for query in ("", "q=%2B%FF"):
        answer = Answer(*UNREADABLE[name], query)
        assert answer.status_code == 400 and wrong_with(answer) == []
        assert "could not read that request" in answer.content.decode()


def test_what_is_refused_before_any_page_is_strict_too(db):
    answers = [
        Client().get("/", headers={"host": "elsewhere.example"}),
        Client().get("/recommendations/%00/"),
        Client(enforce_csrf_checks=True).post("/accounts/login/", {}),
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 403]
    assert [wrong_with(answer) for answer in answers] == [[], [], []]


def test_an_error_before_any_page_is_strict_too(db, monkeypatch):
    def broken(_self, _request):
        raise RuntimeError("an early fault")

    monkeypatch.setattr(SessionMiddleware, "process_request", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500 and wrong_with(answer) == []


def test_a_refusal_is_one_line_in_the_log(world, caplog):
    client = browser_of(world.people["viewer"])
    handler = next(handler for handler in logging.getLogger().handlers if "console" in (handler.name or ""))
    assert (
        client.get("/reviews/").status_code == 403 and client.get("/recommendations/%00/").status_code == 400
    )
    records = [record for record in caplog.records if record.name == "django.request"]
    told = [handler.format(record) for record in records if handler.filter(record)]
    assert len(told) == 2 and all("\n" not in line for line in told)
    assert "Forbidden" in told[0] and "/reviews/" in told[0]
