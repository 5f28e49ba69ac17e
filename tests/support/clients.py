"""People who work on the same few recommendations at the same time, through the pages, each in a thread."""

import random
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import UpdateState
from recommendations.models import StatusUpdate
from tests.support import forms
from tests.support.pages import browser_of

# How long to wait until connections that were closed are gone: only then the server has counted for them.
GONE_WITHIN = 10


def deadlocks():
    """How many deadlocks PostgreSQL has ended in this database, by its own count."""
    deadline = time.monotonic() + GONE_WITHIN
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend'"
                " AND pid <> pg_backend_pid()"
            )
            if not cursor.fetchone()[0]:
                break
            time.sleep(0.05)
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


class Member:
    """A reviewer at work: writes with evidence, checks, takes, decides, assigns."""

    def __init__(self, person, recommendations, seed):
        self.person, self.recommendations = person, recommendations
        self.dice = random.Random(seed)
        self.browser = browser_of(person)

    def act(self):
        """Do one thing in the browser. Returns: (what it was, the status of the answer)."""
        does = self.dice.choices(
            [self.write, self.check, self.take, self.decide, self.assign], [4, 1, 2, 3, 2]
        )[0]
        return does.__name__, does(self.dice.choice(self.recommendations))

    def write(self, recommendation):
        """Log an update that rests on a link and a file."""
        named = f"{uuid.uuid4()}.pdf"
        rows = [forms.link_row(), forms.file_row(forms.upload(named, forms.PDF + named.encode()))]
        return self._post("update-add", recommendation.reference, **forms.update_form(evidence=rows))

    def check(self, recommendation):
        """Record that nothing new was found."""
        day = (timezone.now() - timedelta(days=2)).date().isoformat()
        looked = forms.rows("places", {"place": "KCNA", "looked_on": day})
        return self._post(
            "check-add", recommendation.reference, key=uuid.uuid4(), as_of=day, note="", **looked
        )

    def take(self, recommendation):
        """Take the update in review that all others are likely to take too."""
        return self._with_waiting(recommendation, lambda update: self._post("review-take", update.key))

    def decide(self, recommendation):
        """Approve or return it."""
        decision = self.dice.choice(["approve", "return"])
        said = {"decision": decision, "seen_version": 1, "comment": "Which page?"}
        return self._with_waiting(recommendation, lambda update: self._post("review", update.key, **said))

    def assign(self, recommendation):
        """Make oneself its owner, or nobody."""
        owner = self.dice.choice([self.person.pk, ""])
        return self._post(
            "recommendation-settings", recommendation.reference, save="people", owner=owner, deputy=""
        )

    def _with_waiting(self, recommendation, act):
        waiting = StatusUpdate.objects.filter(recommendation=recommendation, state=UpdateState.SUBMITTED)
        update = (
            waiting.exclude(author=self.person).order_by(F("taken_by").asc(nulls_first=True), "pk").first()
        )
        return act(update) if update else self.write(recommendation)

    def _post(self, name, about, **fields):
        return self.browser.post(reverse(name, args=[about]), fields).status_code


def at_work(members, goes_on):
    """Let all members act at the same time, for as long as ``goes_on(acts so far of this one)``.

    Returns: a counter of (what was done, the status of the answer). An error of ours is raised.
    """
    done, errors, lock = Counter(), [], threading.Lock()

    def work(member):
        acts = 0
        try:
            while goes_on(acts):
                answer = member.act()
                acts += 1
                with lock:
                    done[answer] += 1
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[member]) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return done
