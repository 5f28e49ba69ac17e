"""`make run`: everything on one command, over an embedded database and broker unless others are named."""

import http.client
import io
import os
import sys
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from recommendations.management.watching import sending_is_idle, watch_jobs, watch_web
from recommendations.services.people import first_administrator
from tracker import environment
from tracker.celery import app
from tracker.process import preflight
from tracker.process.supervisor import Part, Supervisor

# Where to ask for the site when it is served on every address of the computer.
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Command(BaseCommand):
    """Prepares the data, makes the first administrator, then keeps web, worker, mailer and beat running."""

    help = "Run the tracker: web, worker, mailer and beat, until Ctrl-C."

    def handle(self, *args, **options):
        """Check what must hold, prepare, and supervise the parts until a stop signal comes."""
        # A character that the terminal cannot show must not end a start or silence a part.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        address = administrator_address()
        try:
            preflight.check_data_dir(settings.DATA_DIR)
            lock = preflight.hold_lock(settings.DATA_DIR)
            preflight.check_port(settings.HOST, settings.PORT)
            trouble = preflight.check_broker(settings.REDIS_URL)
        except preflight.CannotStart as reason:
            raise CommandError(str(reason)) from reason
        start = environment.Announced(settings.SITE_URL, settings.HAS_MAIL_SERVER)
        environment.announce(settings.LAST_START, start)
        # The parts get it from here, whatever another start on this folder announces.
        os.environ["SITE_URL"] = settings.SITE_URL
        call_command("prepare", stdout=self.stdout, skip_checks=True)
        self._introduce(first_administrator(email=address))
        if trouble:
            self.stderr.write(f"{trouble} The site is served; mails and other jobs wait until it answers.")
        else:
            ring_once()
        with watch_web() as web:
            told = {"ready": is_served, "announcement": announcement()}
            Supervisor(parts(web), keep_open=[lock], **told).run()

    def _introduce(self, made):
        if made:
            person, password = made
            self.stdout.write(boxed(first_sign_in(person.email, password)))
            self.stdout.flush()


def administrator_address():
    """The address of the first administrator, checked; ADMIN_EMAIL names it."""
    address = environment.text("ADMIN_EMAIL", "admin@example.org")
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError(f"ADMIN_EMAIL must be an e-mail address, not “{address}”.") from None
    return address


def ring_once():
    """Ask for a first tick, since beat rings only after its interval: what fell due overnight is sent now."""
    app.send_task("recommendations.tasks.tick", expires=settings.TICK_SECONDS)


def parts(web_watch=None):
    """The processes that make up the tracker, each with its command."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "--app", "tracker"]
    # A form that arrives slowly holds a thread until it is whole, and a file on a slow line takes minutes.
    threads = "--blocking-threads=32"
    # Its warnings, at every start, are only about the number of threads, and would frighten newcomers.
    web = ["granian", "--interface=wsgi", "--http=1", "--no-ws", "--workers=1", threads, "--log-level=error"]
    place = [f"--host={settings.HOST}", f"--port={settings.PORT}"]
    worker = ["worker", "--pool=threads", "--loglevel=INFO"]
    mailer = ["--concurrency=1", f"--queues={settings.MAIL_QUEUE}", "--hostname=mailer@%h"]
    quiet = ["--without-gossip", "--without-mingle"]  # they are for talk among several workers
    return [
        Part("web", [*python, *web, *place, "tracker.wsgi:application"], web_watch),
        Part("worker", [*celery, *worker, *quiet, "--concurrency=2", "--queues=celery"], watch_jobs()),
        Part("mailer", [*celery, *worker, *quiet, *mailer], watch_jobs(sending_is_idle)),
        Part("beat", [*celery, "beat", "--loglevel=INFO"], watch_jobs()),
    ]


def is_served():
    """Whether the site answers."""
    host = EVERY_ADDRESS.get(settings.HOST, settings.HOST)
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": settings.SITE_HOST})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):  # not yet
        return False
    finally:
        connection.close()


def announcement():
    """Where to go, and where mails go."""
    mail = settings.MAILERS["default"]["OPTIONS"]
    if "file_path" in mail:
        place = (
            f"are written as files into {mail['file_path']} and reach nobody (to send them, set EMAIL_URL)"
        )
    else:
        place = f"go through {mail['host']}:{mail['port']}" if "host" in mail else "go as EMAIL_URL says"
    return (
        f"\nThe tracker is ready. Open {settings.SITE_URL} in a browser.\n"
        f"Mails {place}; the mail log at {settings.SITE_URL}/desk/ shows what was sent to whom.\n"
        "Press Ctrl-C here to stop it.\n"
    )


def first_sign_in(address, password):
    """The lines that are shown once, at the very first start."""
    return [
        "Your first sign-in. This password is shown once: write it down now.",
        "",
        f"  E-mail address   {address}",
        f"  Password         {password}",
        "",
        "Change the password after you have signed in, under your name at the top right,",
        "and the address on the desk, under People.",
        "If you forget it before that:   .venv/bin/python manage.py changepassword " + address,
    ]


def boxed(lines):
    """The lines with a frame around them."""
    width = max(map(len, lines))
    edge = f"+{'-' * (width + 4)}+"  # ASCII: every terminal shows it
    return "\n".join(["", edge, *(f"|  {line:<{width}}  |" for line in lines), edge, ""])
