"""Keeps one command running, and starts it again when the jobs have fallen silent."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from recommendations.management.watching import (
    ASKED_EVERY,
    jobs_are_silent,
    sending_is_idle,
    watch_jobs,
    watch_web,
)
from tracker import web_liveness
from tracker.process import preflight
from tracker.process.supervisor import Part, Supervisor

# As long as a mail may take to be handed over, within the time that compose gives (stop_grace_period).
GRACE = 50.0


class Command(BaseCommand):
    """``manage.py watched --name worker -- celery --app tracker worker``."""

    help = (
        "Run a command (worker, beat or web server) until a stop signal comes, and start it again when it "
        "dies or when no tick has run for 15 minutes although its process runs."
    )

    def add_arguments(self, parser):
        """Add the name, the times, and the command."""
        parser.add_argument("--name", default="worker", help="shown before each line of its output")
        parser.add_argument(
            "--patience",
            type=float,
            metavar="SECONDS",
            help=("how long after each start it may be idle (default: 15 minutes)"),
        )
        parser.add_argument(
            "--every",
            type=float,
            default=ASKED_EVERY,
            metavar="SECONDS",
            help="how often to ask whether the jobs run",
        )
        parser.add_argument(
            "--grace",
            type=float,
            default=GRACE,
            metavar="SECONDS",
            help=("how long it has to stop by itself"),
        )
        parser.add_argument(
            "--sending", action="store_true", help="watch whether mails are sent, and not whether ticks run"
        )
        parser.add_argument(
            "--serving",
            action="store_true",
            help=(
                "watch a web server: end those of its workers that have been frozen for --patience seconds"
            ),
        )
        parser.add_argument("command", nargs="+", help="the command, after “--”")

    def handle(self, *args, name, command, patience, every, grace, sending, serving, **options):
        """Supervise the one part until a stop signal comes."""
        try:
            preflight.check_data(settings.RESTORE_MARK, connection)
        except preflight.CannotStart as reason:
            raise CommandError(str(reason)) from reason
        finally:
            connection.close()
        if serving:
            with watch_web(patience or web_liveness.PATIENCE) as watch:
                Supervisor([Part(name, command, watch)], grace=grace).run()
            return
        is_idle = sending_is_idle if sending else jobs_are_silent
        Supervisor([Part(name, command, watch_jobs(is_idle, patience, every))], grace=grace).run()
