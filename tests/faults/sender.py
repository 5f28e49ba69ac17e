"""A sender process that can be killed at a named point: ``python -m tests.faults.sender POINT``.

The points are those at which a crash costs something different each time. Nothing in the product knows
of them: they are laid around its functions here.
"""

import os
import signal
import smtplib
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from recommendations import jobs  # noqa: E402
from recommendations.models import MailItem  # noqa: E402
from recommendations.outbox import claims, delivery, owing  # noqa: E402


def die(*_args, **_kwargs):
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(function, act):
    """Return ``function`` followed by ``act``."""

    def wrapped(*args, **kwargs):
        result = function(*args, **kwargs)
        act()
        return result

    return wrapped


def before(function, act):
    """Return ``function`` preceded by ``act``."""

    def wrapped(*args, **kwargs):
        act()
        return function(*args, **kwargs)

    return wrapped


def on_call(number, act):
    """Return a function that does ``act`` when it is called for the ``number``-th time."""
    calls = iter(range(1, number + 1))

    def wrapped():
        if next(calls) == number:
            act()

    return wrapped


def lay(point):
    """Lay the point at which the process dies; ``none`` lays none."""
    if point == "after-claim":
        claims.take = after(claims.take, die)
    elif point == "mid-plan":
        owing.MOST = 1
        MailItem.objects.bulk_create = before(MailItem.objects.bulk_create, on_call(2, die))
    elif point == "before-dot":
        claims.Claim.mark_dot = before(claims.Claim.mark_dot, die)
    elif point == "after-mark":
        claims.Claim.mark_dot = after(claims.Claim.mark_dot, die)
    elif point == "after-accepted":
        smtplib.SMTP.sendmail = after(smtplib.SMTP.sendmail, die)
    elif point == "after-recorded":
        claims.settle = after(claims.settle, die)
    elif point == "stopped-before-dot":
        stop = lambda: os.kill(os.getpid(), signal.SIGSTOP)  # noqa: E731
        claims.Claim.mark_dot = before(claims.Claim.mark_dot, stop)
    elif point != "none":
        raise SystemExit(f"There is no point {point}.")


if __name__ == "__main__":
    lay(sys.argv[1])
    job = sys.argv[2] if len(sys.argv) > 2 else "send"
    now = timezone.now()
    if job == "tick":
        print(jobs.tick(now))
    else:
        print(dict(delivery.send(now)))
