"""Plays 45 days of a team of eight, and prints the mails that each of them gets.

    .venv/bin/python -m bench.mail_days [FOLDER]

What happens is always the same (``bench/team_story.py``), so that two versions of the tracker can be
compared.
Uses a database of its own in a folder that is removed again. Writes each mail as text and HTML into FOLDER.
"""

import os
import re
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

WORKPLACE = tempfile.TemporaryDirectory(prefix="bench-mail-days-")
os.environ |= {
    "DATA_DIR": WORKPLACE.name,
    "DATABASE_URL": f"sqlite:///{WORKPLACE.name}/mails.sqlite3",
    "SITE_URL": "https://tracker.example.org",
    "DJANGO_SETTINGS_MODULE": "tracker.settings",
}

import django

django.setup()

from django.core.management import call_command
from django.test.utils import override_settings

from bench import team_days
from recommendations.choices import GONE_STATES, MailKind
from recommendations.models import Mail

# A heading of the text part: capital letters, and how many follow.
HEADING = re.compile(r"[^a-z*]*[A-Z]{3}[^a-z*]*")
IN_MEMORY = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def tables(mails):
    """Yield the lines of what is printed: how many of each kind went to whom, and the subjects by day."""
    gone = [mail for mail in mails if mail.state in GONE_STATES]
    kinds = sorted({mail.kind for mail in gone})
    number = Counter((mail.recipient.name, mail.kind) for mail in gone)
    yield row("", *kinds, "all")
    for name in team_days.PEOPLE:
        yield row(name, *(number[name, kind] for kind in kinds), sum(number[name, kind] for kind in kinds))
    yield row("all", *(sum(number[name, kind] for name in team_days.PEOPLE) for kind in kinds), len(gone))
    yield f"listed in the reminder and in the digest of one morning: {len(list(doubled(gone)))}"
    by_day = defaultdict(list)
    for mail in mails:
        by_day[mail.created_at.date()].append(mail)
    for day in sorted(by_day):
        yield f"\n{day:%a %-d %b}"
        for mail in by_day[day]:
            state = "" if mail in gone else f"  [{mail.state}: {mail.reason}]"
            yield f"  {mail.created_at:%H:%M} {mail.recipient.name:<18} {mail.kind:<9} {mail.subject}{state}"


def doubled(mails):
    """Yield what the reminder and the digest of one person's day both list as due or waiting."""
    listed = defaultdict(lambda: defaultdict(set))
    for mail in mails:
        day = mail.created_at.astimezone(mail.recipient.zone).date()
        listed[mail.recipient_id, day][mail.kind].update(what_is_due(mail.text))
    for kinds in listed.values():
        yield from kinds[MailKind.REMINDER] & kinds[MailKind.DIGEST]


def what_is_due(text):
    """Yield the links under the headings of what is due, overdue or waits."""
    is_due = False
    for line in text.splitlines():
        if HEADING.fullmatch(line):
            is_due = bool(re.search("OVERDUE|DUE TODAY|COMING|WAITING FOR|NEXT STEPS|RESPONSIBLE", line))
        elif is_due and line.startswith("  http"):
            yield line.strip()


def row(*cells):
    """Return a line of the first table."""
    first, *others = cells
    return f"{first:<20}" + "".join(f"{cell:>10}" for cell in others)


def write(mails, folder):
    """Write each mail as a text and an HTML file."""
    folder.mkdir(parents=True, exist_ok=True)
    for mail in mails:
        if mail.has_words:
            whom = mail.recipient.email.partition("@")[0]
            name = f"{mail.created_at:%m-%d-%H%M}-{whom}-{mail.kind}"
            (folder / f"{name}.txt").write_text(f"Subject: {mail.subject}\n\n{mail.text}")
            (folder / f"{name}.html").write_text(mail.html)


def main():
    """Play, print, and write the mails where a folder is named."""
    call_command("migrate", verbosity=0)
    with override_settings(MAILERS=IN_MEMORY):
        team_days.play()
    mails = list(Mail.objects.select_related("recipient", "words").order_by("created_at", "pk"))
    print("\n".join(tables(mails)))
    if sys.argv[1:]:
        write(mails, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
