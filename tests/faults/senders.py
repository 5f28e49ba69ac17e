"""Starting children, and letting several send until nothing waits, the clock moved on between rounds."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path

from django.db.models import Min

from recommendations.models import Mail
from tests.faults import child
from tests.faults.figures import OPEN
from tests.support.processes import wait_until

CONTEXT = multiprocessing.get_context("forkserver")
# All that a child imports is loaded before the fork, so that it starts in milliseconds.
CONTEXT.set_forkserver_preload(["tests.faults.stage"])
TICK, HOUR = timedelta(minutes=5), timedelta(hours=1)
LONGEST = 240  # seconds that any child may take
KILLED = -signal.SIGKILL
_numbers = count(1)


class Child:
    """A child process that carries out one order."""

    def __init__(self, order):
        self.order = order
        self.process = CONTEXT.Process(target=child.main, args=(order,), daemon=True)
        self.process.start()

    def end(self, *, may_fail=False):
        """Wait for it. Returns: the exit status; negative for a signal."""
        self.process.join(LONGEST)
        if self.process.exitcode is None:
            self.process.kill()
            raise AssertionError(f"A child did not end in {LONGEST} s:\n{self.output()}")
        if self.process.exitcode not in (0, KILLED) and not may_fail:
            raise AssertionError(f"A child ended with {self.process.exitcode}:\n{self.output()}")
        return self.process.exitcode

    def output(self):
        """Return what it printed."""
        return Path(self.order.log).read_text()

    def changes(self):
        """Return how often it changed the database; counted only where ``nth_write`` was ordered."""
        return int(self.output().rpartition("changes: ")[2])

    def wait_until_stopped(self):
        """Wait until it is stopped by a signal."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        wait_until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T")

    def resume(self):
        """Let it go on."""
        os.kill(self.process.pid, signal.SIGCONT)


class Senders:
    """The children of one test: they lead to one mail server, and note in one file where they were struck."""

    def __init__(self, folder, post=None, **order):
        self.folder, self.common = Path(folder), {"port": post.port if post else 9, **order}
        self.notes = self.folder / f"struck-{next(_numbers)}"

    def start(self, job, *nows, **order):
        """Start a child. Returns: it."""
        number = next(_numbers)
        return Child(
            child.Order(
                **{
                    "job": job,
                    "nows": list(nows),
                    "log": str(self.folder / f"child-{number}.log"),
                    "notes": str(self.notes),
                    "seed": number,
                    **self.common,
                    **order,
                }
            )
        )

    def run(self, job, *nows, **order):
        """Run a child to its end. Returns: its exit status."""
        return self.start(job, *nows, **order).end()

    def run_at_once(self, number, job, *nows, **order):
        """Run several children that begin at the same moment. Returns: them, ended."""
        start_at = time.time() + 0.5
        children = [self.start(job, *nows, start_at=start_at, **order) for _ in range(number)]
        for each in children:
            each.end()
        return children

    def struck(self):
        """Return a Counter of the points at which children were struck."""
        return Counter(self.notes.read_text().split()) if self.notes.exists() else Counter()

    def send_all(self, now, *, workers=3, job="send"):
        """Let several senders run, each killed one replaced, round after round, until every row has ended.

        The clock stands within a round and goes on to the next thing that is due, a tick at least, between.

        Returns: the clock at the end.
        """
        for _round in range(400):
            self.one_round(now, workers=workers, job=job)
            waiting = Mail.objects.filter(state__in=OPEN)
            if not waiting:
                return now
            if forgotten := waiting.filter(not_after__lt=now - HOUR).count():
                raise AssertionError(f"{forgotten} rows lie open an hour after they were of any use.")
            soonest = waiting.aggregate(again=Min("next_attempt_at"), free=Min("lease_until"))
            due = [moment for moment in soonest.values() if moment and moment > now]
            now = max([now + TICK, min(due, default=now) + timedelta(seconds=1)])
        raise AssertionError("After 400 rounds mails still wait.")

    def one_round(self, now, *, workers=3, job="send"):
        """Let several senders run at one moment until nothing is due, each killed one replaced."""
        due = Mail.objects.sendable(now).count() + Mail.objects.in_hand().lost(now).count()
        running = [self.start(job, now) for _ in range(max(1, min(workers, due)))]
        while running:
            ended = running.pop(0)
            if ended.end() == KILLED and (Mail.objects.sendable(now) or Mail.objects.in_hand().lost(now)):
                running.append(self.start(job, now))
