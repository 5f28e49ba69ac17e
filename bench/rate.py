"""How fast the outbox sends beside bare smtplib: ``python -m bench.rate PORT ROUNDS SIZE``.

Both send the same bytes to the same server over one connection, and both commit as many transactions a
mail to the same database: bare smtplib by the plainest UPDATE of one row over the bare driver. They take
turns, so that a noisy machine is noisy for both.
"""

import json
import smtplib
import sqlite3
import sys
import time
from datetime import timedelta
from statistics import median

import django

django.setup()

import psycopg
from django.db import connection

from bench.crowd import MORNING
from recommendations.choices import MailState
from recommendations.mail.outbox import delivery
from recommendations.models import Mail

HOUR = timedelta(hours=1)


class Bare:
    """The plainest sender there can be."""

    def __init__(self, port, rows):
        self.port, self.rows, self.number = port, rows, 0
        self.driver = self._connect()
        self._run("CREATE TABLE scale_bare (id integer PRIMARY KEY, n integer NOT NULL)")
        for row in range(rows):
            self._run(f"INSERT INTO scale_bare VALUES ({row}, 0)")

    def _connect(self):
        about = connection.settings_dict
        if connection.vendor == "sqlite":
            driver = sqlite3.connect(about["NAME"], isolation_level=None)
            driver.executescript(about["OPTIONS"]["init_command"])
            return driver
        return psycopg.connect(
            host=about["HOST"],
            port=about["PORT"],
            dbname=about["NAME"],
            user=about["USER"],
            password=about["PASSWORD"],
        )

    def _run(self, sql):
        if connection.vendor == "sqlite":
            self.driver.execute("BEGIN IMMEDIATE")
        self.driver.execute(sql)
        self.driver.commit()

    def commit(self):
        """Commit one transaction that changes one row."""
        self.number += 1
        self._run(f"UPDATE scale_bare SET n = n + 1 WHERE id = {self.number % self.rows}")

    def send(self, messages, transactions):
        """Send all, with this number of transactions for each. Returns: the seconds it took."""
        began = time.perf_counter()
        with smtplib.SMTP("127.0.0.1", self.port) as line:
            for to, raw in messages:
                for _transaction in range(transactions - 1):
                    self.commit()
                line.sendmail("tracker@tracker.example.org", [to], raw)
                self.commit()
        return time.perf_counter() - began


class Work:
    """Counts what the product asks of the database."""

    def __init__(self):
        self.statements = self.transactions = 0
        commit = connection.commit

        def counted():
            self.transactions += 1
            return commit()

        connection.commit = counted

    def __call__(self, execute, sql, params, many, context):
        """Count one statement and run it."""
        self.statements += not sql.startswith("BEGIN")
        is_alone = not connection.in_atomic_block
        self.transactions += is_alone and sql.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
        return execute(sql, params, many, context)


def main(port, rounds, size):
    """Take turns, and print the rates as JSON."""
    pending = list(Mail.objects.filter(state=MailState.PENDING).order_by("pk").values_list("pk", flat=True))
    groups = [pending[at * size : (at + 1) * size] for at in range(rounds + 1)]
    if len(groups[-1]) < size:
        sys.exit(f"There are {len(pending)} mails, and {size * (rounds + 1)} are needed.")
    Mail.objects.filter(state=MailState.PENDING).update(next_attempt_at=MORNING + 100 * HOUR)
    if connection.vendor == "postgresql":  # as autovacuum does within minutes of such a plan
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    work = Work()
    with connection.execute_wrapper(work):
        sent, _seconds = product(groups[0], MORNING)
    del connection.commit
    transactions = round(work.transactions / sent)
    bare, pairs = Bare(port, size), []
    for number, group in enumerate(groups[1:], start=1):
        messages = [(mail.recipient.email, delivery.build(mail).raw) for mail in with_address(group)]
        turns = [
            lambda messages=messages: ("bare", bare.send(messages, transactions)),
            lambda group=group, number=number: ("product", product(group, MORNING + number * HOUR)[1]),
        ]
        pairs.append(dict(turn() for turn in (turns if number % 2 else reversed(turns))))
    total = {name: sum(pair[name] for pair in pairs) for name in ("bare", "product")}
    print(
        json.dumps(
            {
                "mails": size * rounds,
                "bytes_a_mail": sum(len(raw) for _to, raw in messages) // size,
                "transactions_a_mail": transactions,
                "statements_a_mail": round(work.statements / sent, 1),
                "bare_a_second": round(size * rounds / total["bare"], 1),
                "product_a_second": round(size * rounds / total["product"], 1),
                "ratio": round(total["bare"] / total["product"], 3),
                "median_ratio": round(median(pair["bare"] / pair["product"] for pair in pairs), 3),
            }
        )
    )


def with_address(group):
    """Return mails with their recipients and the address that taking them would give them."""
    mails = list(Mail.objects.filter(pk__in=group).select_related("recipient"))
    for mail in mails:
        mail.to_address = mail.recipient.email
    return mails


def product(group, now):
    """Let the outbox send these mails. Returns: (how many it sent, the seconds it took)."""
    Mail.objects.filter(pk__in=group).update(next_attempt_at=now)
    began = time.perf_counter()
    tally = delivery.send(now)
    seconds = time.perf_counter() - began
    if tally != {"sent": len(group)}:
        sys.exit(f"Of {len(group)} mails: {dict(tally)}")
    return tally["sent"], seconds


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
