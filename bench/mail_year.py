"""Plays the weeks in which next year's report comes, for a team of eight, and prints the mails.

    .venv/bin/python -m bench.mail_year [FOLDER]

The 45 days of ``bench/team_days.py`` are followed by 30 more: a later report is imported and takes over
owners, asks and dates; owners are asked whether it is still so; ten days later last year's report is closed.
Writes each mail as text and HTML into FOLDER, as ``bench.mail_days`` does.
"""

import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.core.management import call_command
from django.test.utils import override_settings

from bench import mail_days, team_days
from recommendations import jobs
from recommendations.choices import LineageKind, UpdateState
from recommendations.documents import read
from recommendations.importing import parse
from recommendations.models import Mail, Report, StatusUpdate
from recommendations.rules.lineage import ChosenLine
from recommendations.selectors.open_work import open_work
from recommendations.services import following, reports, still_so
from recommendations.services import open_work as moving
from recommendations.succession.handing_over import Succession

# The autumn in which the report of 2025 came out; the days on which things happen, counted from the first.
FIRST = date(2025, 9, 1)
OPEN = [UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED]
IMPORTED, ASKED, CLOSED, LAST = 46, 48, 58, 75


def next_year(text):
    """Return the narrative of 2024 as one of 2025: one reworded, one dropped, one new, the rest the same."""
    changes = {
        "2024 Trafficking in Persons Report": "2025 Trafficking in Persons Report",
        "Criminalize sex trafficking and labor trafficking.": "Criminalize all human trafficking.",
        "* Provide assistance to victims exploited in the DPRK and to victims returned from abroad. ": "",
        "* Accede to": "* Publish figures of prosecutions each year. * Accede to",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def succeed(team):
    """Import next year's report with the lines that have the same words, and carry over."""
    old = team.report
    document = read(next_year(old.text).encode())
    texts = {row.text: row.reference for row in old.recommendations.all()}
    lines = [
        ChosenLine(old=(texts[item.text],), new=(item.position,), kind=LineageKind.SAME, carries=True)
        for item in parse(document.text, sha256=document.sha256).recommendations
        if item.text in texts
    ]
    reports.import_report(
        document=document,
        now=team.now,
        actor=team.people["Mina"],
        succession=Succession(earlier=old, lines=lines),
    )
    return Report.objects.get(year=2025)


def close(team):
    """Move what is open to the new report, and close the old one."""
    mina = team.people["Mina"]
    seen = [one.update for one in open_work(team.report, mina, team.now)]
    moving.move(updates=seen, actor=mina, now=team.now)
    following.close(report=team.report, actor=mina, now=team.now)


def play():
    """Play the days of ``team_days``, then those of the change."""
    team_days.FIRST = FIRST
    team = team_days.play()
    for number in range(team_days.DAYS, LAST):
        midnight = datetime.combine(FIRST + number * team_days.DAY, time(), tzinfo=UTC)
        for hour in range(24):
            team.now = midnight + timedelta(hours=hour)
            if hour == team_days.TEN:
                if number == IMPORTED:
                    later = succeed(team)
                if number == ASKED:
                    still_so.ask(earlier=team.report, later=later, actor=team.people["Rosa"], now=team.now)
                if number == CLOSED:
                    close(team)
            jobs.tick(team.now)
    return team


def main():
    """Play, print the mails of the second part, and write them where a folder is named."""
    call_command("migrate", verbosity=0)
    with override_settings(MAILERS=mail_days.IN_MEMORY):
        team = play()
    begin = datetime.combine(FIRST + team_days.DAYS * team_days.DAY, time(), tzinfo=UTC)
    rows = Mail.objects.filter(created_at__gte=begin).select_related("recipient", "words")
    mails = list(rows.order_by("created_at", "pk"))
    print("\n".join(mail_days.tables(mails)))
    left = StatusUpdate.objects.filter(recommendation__report=team.report, state__in=OPEN)
    print(f"\nopen in the closed report: {left.count()}")
    if sys.argv[1:]:
        mail_days.write(mails, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
