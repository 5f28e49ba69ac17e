"""The jobs that tasks and commands share: each gets the clock and returns a number.

Tasks are doorbells: everything that a job has to know is in the database, so that a lost or doubled call
does no harm.
"""

import logging

from recommendations import heartbeat
from recommendations.audit import anchors
from recommendations.backups import workplace
from recommendations.mail import outbox
from recommendations.services import staged_reports
from recommendations.services.evidence import captures, examinations, links, uploads, verification
from recommendations.services.evidence import retention as evidence_retention
from recommendations.services.keys import rotation
from recommendations.services.mail import digests, purge, reminders

logger = logging.getLogger(__name__)

# Beat rings every minute; a longer turn would meet the next one, and keep mails waiting for a worker.
EXAMINE_SECONDS = 45


def queue_reminders(now):
    """Queue the reminders that are due. Returns: how many."""
    return reminders.queue_reminders(now=now)


def queue_digests(now):
    """Queue the digests that are due. Returns: how many."""
    return digests.queue_digests(now=now)


def send_outbox(now):
    """Send what is queued. Returns: how many mails were accepted by the server, or written as files."""
    heartbeat.record_sending(now)
    done = outbox.send(now)
    return done["sent"] + done["written"]


def examine_evidence(now, seconds=EXAMINE_SECONDS):
    """Scan new files, make copies without metadata and previews. Returns: how many steps were done."""
    return examinations.examine_waiting(now=now, seconds=seconds)


def purge_mails(now):
    """Remove the words of old mails, once a day. Returns: how many."""
    return purge.purge_mails_daily(now=now)


def remove_evidence(now):
    """Remove the evidence of which two people decided so and whose day has come. Returns: how many items."""
    return evidence_retention.carry_out(now=now)


def check_links(now, seconds=EXAMINE_SECONDS):
    """Look whether the pages behind links are still there, where that is turned on. Returns: how many."""
    return links.check_due(now=now, seconds=seconds)


def capture_links(now, seconds=EXAMINE_SECONDS):
    """Fetch the copies of pages that were asked for, where that is turned on. Returns: how many ended."""
    return captures.capture_due(now=now, seconds=seconds)


def sweep_evidence(now):
    """Take away files that wait for no form, reports that were not imported, and what killed jobs left.

    Returns: how many.
    """
    files = len(uploads.sweep(now=now)) + workplace.sweep() + len(rotation.drop_drafts())
    return files + staged_reports.sweep(now=now)


def verify_evidence(now):
    """Read a thirtieth of the evidence again, and all that is new, once a night. Returns: how many files."""
    if not verification.is_due(now=now):
        return 0
    return verification.verify(now=now, share=verification.share_of(now=now)).checked


def publish_head(now):
    """Publish the head of the event sequence, once a day. Returns: how many were published."""
    return anchors.publish(now)


def plan(now):
    """Do all of a tick but the sending, which a mail server can hold up. See ``tick``."""
    return _in_turn(now, queue_reminders, queue_digests, purge_mails)


def tick(now):
    """Run all four in turn; the failure of one keeps no other from running.

    What is queued is sent twice: a digest waits until the reminder of its morning has gone out.

    Returns: {name: number}.

    Raises: ExceptionGroup when one failed. No heartbeat is written then, and the silence is an alarm.
    """
    return _in_turn(now, queue_reminders, send_outbox, queue_digests, send_outbox, purge_mails)


def _in_turn(now, *in_turn):
    done: dict[str, int] = {}
    errors = []
    for job in in_turn:
        try:
            done[job.__name__] = done.get(job.__name__, 0) + job(now)
        except Exception as error:
            logger.exception("The job %s failed.", job.__name__)
            errors.append(error)
    if errors:
        raise ExceptionGroup("A tick did not run to its end", errors)
    heartbeat.record_tick(now, done)
    return done
