"""Where a sender can be struck: laid around the product's functions, which know nothing of it.

A crash at each of these points costs something different:

``after-taking``, ``before-mark``: the mail is taken; nothing has left the machine.
``after-mark``: the database says that the bytes are about to leave; they have not.
``after-dot``: they have; the server's answer was not read.
``after-250``: the server accepted; the database does not know it yet.
``after-commit``: it does.
``write``: the planner's n-th change of the database, before its commit.
"""

import os
import random
import smtplib
from pathlib import Path

from django.db import connection

from recommendations.choices import MailState
from recommendations.mail.outbox import leases, transport

BEFORE_THE_DOT = ("after-taking", "before-mark", "after-commit")
IN_THE_GAP = ("after-mark", "after-dot", "after-250")


class Fate:
    """Decides by dice, or by counting, when the process is struck, and notes it where the parent reads."""

    def __init__(self, *, shares, nth_write, seed, signal, notes):
        self.shares, self.nth_write, self.signal = shares, nth_write, signal
        self.dice, self.notes, self.writes = random.Random(seed), Path(notes), 0

    def pass_by(self, point):
        """Go on, or be struck."""
        if self.dice.random() < self.shares.get(point, 0):
            self.strike(point)

    def strike(self, point):
        """Note the point and send ourselves the signal."""
        with self.notes.open("a") as notes:
            notes.write(f"{point}\n")
        os.kill(os.getpid(), self.signal)

    def around_statements(self, execute, sql, params, many, context):
        """Count the changes of the database, and be struck after the n-th."""
        result = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.writes += 1
            if self.writes == self.nth_write:
                self.strike("write")
        return result


def lay(fate):
    """Lay the points around the functions of this process."""
    _lay_around_leases(fate)
    _lay_around_the_line(fate)
    if fate.nth_write:
        connection.execute_wrappers.append(fate.around_statements)


def _lay_around_leases(fate):
    take, mark_dot, settle = leases.take, leases.Lease.mark_dot, leases.settle

    def take_then(now, ahead):
        lease = take(now, ahead)
        if lease:
            fate.pass_by("after-taking")
        return lease

    def mark_between(lease, now):
        fate.pass_by("before-mark")
        mark_dot(lease, now)
        fate.pass_by("after-mark")

    def settle_then(lease, now, outcome, **fields):
        held = settle(lease, now, outcome, **fields)
        if fields.get("state") == MailState.SENT:
            fate.pass_by("after-commit")
        return held

    leases.take, leases.Lease.mark_dot, leases.settle = take_then, mark_between, settle_then


def _lay_around_the_line(fate):
    send, sendmail = transport.PhasedSMTP.send, smtplib.SMTP.sendmail

    def send_then(self, data):
        send(self, data)
        if self._in_data and isinstance(data, bytes):
            fate.pass_by("after-dot")

    def sendmail_then(self, *args, **kwargs):
        refused = sendmail(self, *args, **kwargs)
        fate.pass_by("after-250")
        return refused

    transport.PhasedSMTP.send, smtplib.SMTP.sendmail = send_then, sendmail_then
