"""How mails leave: what a start says about the settings, and real servers behind each of them."""

import importlib.util
import json
import ssl
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.exceptions import ImproperlyConfigured

from recommendations.checks import check_mail_settings
from recommendations.choices import MailState
from recommendations.mail.outbox import breaker, send
from recommendations.models import Mail
from tests.support import factories
from tests.support.factories import NOW
from tests.support.processes import free_port
from tests.support.servers import INACTIVE, INVALID, Sink, provider
from tracker import mailers
from tracker.mailers import LONGEST_TIMEOUT_SECONDS

CERTIFICATES = Path(__file__).parents[1] / "support" / "certificates"
CA, SERVER, CLIENT = (CERTIFICATES / f"{name}.pem" for name in ("ca", "server", "client"))
VARIABLES = ("EMAIL_URL", "EMAIL_TIMEOUT", "EMAIL_CA_FILE", "EMAIL_CERT_FILE", "EMAIL_KEY_FILE")


@pytest.fixture
def configured(monkeypatch, settings, tmp_path):
    """Read the settings of mails from given variables, as a start does. Returns: the one mailer."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def configure(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        settings.MAILERS = mailers.mailers(tmp_path)
        return settings.MAILERS["default"]

    return configure


def ids():
    return {message.id for message in check_mail_settings(None)}


def test_the_defaults_are_well():
    assert ids() == set()


def test_an_address_too_long_for_one_click_is_told(settings):
    settings.SITE_URL = "https://" + "a" * 39 + ".x"
    assert ids() == {"recommendations.W001"}
    settings.SITE_URL = "https://" + "a" * 38 + ".x"
    assert ids() == set()


def test_a_sender_without_an_address_is_told(settings):
    settings.DEFAULT_FROM_EMAIL = "Tracker"
    assert ids() == {"recommendations.E001"}


def test_without_an_address_mails_become_files(configured, tmp_path):
    assert configured() == {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": str(tmp_path)},
    }


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp+tls://user:secret@mail.example.org:587", 587, True, False),
        ("smtp+tls://user:secret@mail.example.org", 587, True, False),
        ("smtps://user:secret@mail.example.org", 465, False, True),
        ("SMTPS://user:secret@mail.example.org", 465, False, True),
        ("smtp+ssl://user:secret@mail.example.org:4650", 4650, False, True),
        ("smtp://mail.example.org", 25, False, False),
        ("smtp://127.0.0.1:25", 25, False, False),
        ("smtp://user:secret@localhost", 25, False, False),
    ],
)
def test_a_mail_server_is_spoken_to_by_the_backend_that_marks_the_dot(configured, url, port, starttls, tls):
    mailer = configured(EMAIL_URL=url)
    options = mailer["OPTIONS"]
    assert mailer["BACKEND"] == "recommendations.mail.outbox.transport.EmailBackend"
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (port, starttls, tls)
    assert options["username"] == ("user" if "user" in url else "")
    assert options["timeout"] == 30
    assert ids() == set()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must be an address such as"),
        ({"EMAIL_URL": "smtp+tls://user:secret@mail.example.org:99999"}, "EMAIL_URL must be an address"),
        ({"EMAIL_URL": "smtp+tls://user:secret@:587"}, "EMAIL_URL names no mail server"),
        ({"EMAIL_URL": "imap://user:secret@mail.example.org"}, "EMAIL_URL must be an address such as"),
        (
            {"EMAIL_URL": "smtp://user:secret@mail.example.org"},
            "the password to mail.example.org in the clear",
        ),
        ({"EMAIL_URL": "smtp+tls://a:secret@b?timeout=3"}, "a part after “\\?” that is not known here"),
        ({"EMAIL_URL": "smtp+tls://a:secret/b@mail.example.org"}, "write / as %2F, # as %23"),
        ({"EMAIL_URL": "smtp+tls://a:secret#b@mail.example.org"}, "write / as %2F, # as %23"),
        ({"EMAIL_URL": "smtp+tls://a:secret@mail.example.org/in"}, "a part after the mail server"),
        ({"EMAIL_URL": "smtp+tls://a:secret@mail example.org"}, "a space in the name of the mail server"),
        ({"EMAIL_URL": "smtp+tls://a@mail.example.org"}, "a user without a password"),
        ({"EMAIL_URL": "smtp+tls://:secret@mail.example.org"}, "a password without a user"),
        ({"EMAIL_URL": "smtp+tls://a:secretä@mail.example.org"}, "letters beyond ASCII"),
        ({"EMAIL_TIMEOUT": "0"}, "EMAIL_TIMEOUT must be a whole number from 1 to 120"),
        ({"EMAIL_TIMEOUT": "600"}, "EMAIL_TIMEOUT must be a whole number from 1 to 120"),
        ({"EMAIL_TIMEOUT": "soon"}, "EMAIL_TIMEOUT must be a whole number"),
        ({"EMAIL_CA_FILE": "/nowhere/ca.pem"}, "EMAIL_CA_FILE: there is no file /nowhere/ca.pem"),
        ({"EMAIL_CERT_FILE": "/"}, "EMAIL_CERT_FILE: there is no file"),
        ({"EMAIL_KEY_FILE": CLIENT}, "EMAIL_KEY_FILE needs EMAIL_CERT_FILE"),
        (
            {"EMAIL_URL": "smtp://localhost", "EMAIL_CA_FILE": CA},
            "EMAIL_CA_FILE needs an encrypted connection",
        ),
        ({"EMAIL_URL": "anymail://"}, "EMAIL_URL names no provider that django-anymail knows.*mailgun, "),
        ({"EMAIL_URL": "anymail://[pigeon?api_key=secret"}, "EMAIL_URL names no provider"),
        ({"EMAIL_URL": "anymail://base?api_key=secret"}, "EMAIL_URL names no provider"),
    ],
)
def test_a_wrong_value_stops_the_start_is_named_and_tells_no_password(configured, variables, said):
    with pytest.raises(ImproperlyConfigured, match=said) as told:
        configured(**{"EMAIL_URL": "smtp+tls://user:secret@mail.example.org", **variables})
    assert "secret" not in str(told.value)


def test_all_timeouts_fit_into_the_lease_of_a_sender():
    waits = 3 * LONGEST_TIMEOUT_SECONDS + 600 + 4 * 60
    assert waits <= 20 * 60


# --- Real servers -------------------------------------------------------------------------------------


class Knows:
    """Lets in one user."""

    def __call__(self, server, session, envelope, mechanism, auth_data):
        known = (auth_data.login, auth_data.password) == (b"user", b"secret")
        return AuthResult(success=known, handled=False)


def server_context(wants_client=False):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=CA)
    context.load_cert_chain(SERVER)
    if wants_client:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@contextmanager
def mail_server(**options):
    """Run a mail server on loopback. Yields the sink and its port."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield sink, controller.port
    finally:
        controller.stop()


SERVERS = {
    "relay": ("smtp://127.0.0.1:{port}", {}),
    "starttls": (
        "smtp+tls://user:secret@localhost:{port}",
        {"tls_context": server_context(), "require_starttls": True, "authenticator": Knows()},
    ),
    "tls": (
        "smtps://user:secret@localhost:{port}",
        {"ssl_context": server_context(), "authenticator": Knows(), "auth_require_tls": False},
    ),
}


@pytest.mark.parametrize("kind", SERVERS)
def test_mail_goes_out_by_each_kind_of_line(team, configured, kind):
    url, options = SERVERS[kind]
    with mail_server(**options) as (sink, port):
        trust = {} if kind == "relay" else {"EMAIL_CA_FILE": CA}
        configured(EMAIL_URL=url.format(port=port), **trust)
        factories.mail(team["author"], "a")
        assert send(NOW) == {"sent": 1}
    assert [message["To"] for message in sink.messages] == ["ana@example.org"]


@pytest.mark.parametrize("kind", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(team, configured, kind):
    url, options = SERVERS[kind]
    with mail_server(**options) as (sink, port):
        configured(EMAIL_URL=url.format(port=port))
        factories.mail(team["author"], "a")
        assert send(NOW) == {"no connection": 1}
    assert sink.messages == [] and Mail.objects.get().attempts == 0
    assert breaker.paused_until(NOW) is not None


def test_a_server_without_starttls_gets_no_password_and_no_mail(team, configured):
    with mail_server(authenticator=Knows(), auth_require_tls=False) as (sink, port):
        configured(EMAIL_URL=f"smtp+tls://user:secret@localhost:{port}")
        factories.mail(team["author"], "a")
        assert send(NOW) == {"no connection": 1}
    assert sink.messages == []


def test_a_server_that_asks_for_our_certificate_gets_it(team, configured):
    context = server_context(wants_client=True)
    with mail_server(tls_context=context, require_starttls=True) as (sink, port):
        url = f"smtp+tls://localhost:{port}"
        configured(EMAIL_URL=url, EMAIL_CA_FILE=CA, EMAIL_CERT_FILE=CLIENT)
        factories.mail(team["author"], "a")
        assert send(NOW) == {"sent": 1}
    assert len(sink.messages) == 1


# --- Providers ----------------------------------------------------------------------------------------


TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "ana@example.org", "SubmittedAt": ""}


@pytest.mark.parametrize(
    ("status", "body", "outcome", "state"),
    [
        (200, TAKEN, "sent", MailState.SENT),
        (422, {"ErrorCode": 300, "Message": INVALID}, "failed", MailState.FAILED),
        (422, {"ErrorCode": 406, "Message": INACTIVE}, "failed", MailState.FAILED),
        (422, {"ErrorCode": 300, "Message": "Invalid 'From' address: 'x'."}, "failed", MailState.FAILED),
        (401, {"ErrorCode": 10, "Message": "No such token"}, "no connection", MailState.PENDING),
        (429, {"ErrorCode": 429, "Message": "Too many"}, "later", MailState.PENDING),
        # What it did before the fault nobody knows.
        (500, {"Message": "oh"}, "not known", MailState.PENDING),
    ],
)
def test_a_provider_takes_mails_and_its_answers_are_sorted(team, configured, status, body, outcome, state):
    with provider(status, body) as (address, got):
        configured(EMAIL_URL=f"anymail://postmark?server_token=secret&api_url={address}")
        assert ids() == set()
        factories.mail(team["author"], "a")
        assert send(NOW) == {outcome: 1}
    mail = Mail.objects.get()
    assert mail.state == state and mail.ambiguous == (outcome == "not known")
    assert "secret" not in mail.last_error
    [(_path, sent)] = got
    request = json.loads(sent)
    assert (request["To"], request["TextBody"]) == ("ana@example.org", "Hello.\n")


def test_a_provider_without_the_package_names_the_command(configured, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"pip install -r requirements-anymail\.txt"):
        configured(EMAIL_URL="anymail://postmark?server_token=secret")


@pytest.mark.parametrize("query", ["", "api_key=secret", "server_token=secret&colour=red"])
def test_a_provider_s_missing_or_unknown_option_is_told_at_the_start(configured, query):
    configured(EMAIL_URL=f"anymail://postmark?{query}")
    [error] = check_mail_settings(None)
    assert error.id == "recommendations.E002" and "secret" not in error.msg
