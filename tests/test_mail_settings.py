"""What a start says about the settings of mails."""

from recommendations.checks import check_mail_settings
from tracker import environment


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


def test_a_mail_server_is_spoken_to_by_the_backend_that_marks_the_dot(monkeypatch, tmp_path):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:secret@mail.example.org:587")
    mailer = environment.mailers("EMAIL_URL", tmp_path)["default"]
    assert mailer["BACKEND"] == "recommendations.outbox.transport.EmailBackend"
    assert mailer["OPTIONS"] == {
        "host": "mail.example.org",
        "port": 587,
        "username": "user",
        "password": "secret",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 30,
    }
