"""The tracker's own Celery application with leases of seconds, so that a test need not wait for minutes.

``celery --app tests.faults.impatient worker`` or ``beat``.
"""

from datetime import timedelta

import django

django.setup()

from recommendations.mail.outbox import leases  # noqa: E402
from tracker.celery import app  # noqa: E402

leases.LEASE = timedelta(seconds=8)
leases.RESEND_AFTER = timedelta(seconds=2)

__all__ = ["app"]
