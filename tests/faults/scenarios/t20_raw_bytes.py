"""Every kind of mail as the server got it: its head, its parts, and what must never be in it."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

from recommendations.audit import log
from recommendations.choices import Decision, EventKind, EvidenceForm, Role, Sensitivity
from recommendations.models import Evidence, Mail, Recommendation, User
from recommendations.services import reviews
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import EVERY_DAY, MORNINGS, NOW
from tests.support import factories
from tests.support.world import SECRET

TITLE = "the raw bytes of every kind of mail, written over restricted things"
PASS = "0 violations"
LATER = MORNINGS[0] + timedelta(days=14)
FORBIDDEN = (SECRET, "survivor-7", "a-file-name")
ONE_CLICK = re.compile(rb"\nList-Unsubscribe: ?(?:\r\n )?(<https://[^\s=?]+/u/[\w-]{22}>)\r\n")


def run(bench):
    """Write a team's restricted and open things, let a tick tell of them, and read what arrived."""
    figures, now = Figures(), LATER
    _write_things(now)
    with bench.post() as post:
        senders = bench.senders(post)
        senders.run("tick", now)
        senders.send_all(now, workers=1)
        count_arrivals(figures, post)
        messages = post.accepted()
    figures.require_nothing_lost_or_doubled()
    for message in messages:
        for violation in violations(message):
            figures.misses.append(f"{message.id}: {violation}")
    kinds = dict.fromkeys(Mail.objects.values_list("kind", flat=True))
    figures.require_equal(set(kinds), {"reminder", "digest", "decision"}, "kinds of mails")
    restricted = Mail.objects.filter(tells_of_restricted=True).count()
    figures.require(restricted > 0, "no mail tells of anything restricted: the words were not tried")
    figures.said = f"{len(messages)} mails of {len(kinds)} kinds, {restricted} tell of something restricted"
    check_invariant(figures, rows=Mail.objects.count())
    yield figures


def violations(message):
    """Yield what is wrong with one accepted message, as sentences."""
    raw, parsed = message.raw, message_from_bytes(message.raw, policy=default)
    if len(message.recipients) != 1 or parsed["To"] != message.recipients[0] or parsed["Cc"] or parsed["Bcc"]:
        yield "more or other recipients than one"
    if parsed["Auto-Submitted"] != "auto-generated" or not parsed["List-Id"]:
        yield "no Auto-Submitted or List-Id"
    parts = [part.get_content_type() for part in parsed.iter_parts()]
    if parsed.get_content_type() != "multipart/alternative" or parts != ["text/plain", "text/html"]:
        yield f"its parts are {parts}"
    if max(map(len, raw.split(b"\r\n"))) > 998 or re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\xff]", raw):
        yield "a line or a byte that mail servers may refuse"
    if parsed["List-Id"].startswith("<digest."):
        one_click = ONE_CLICK.search(raw)
        if not one_click or len(one_click[1]) > 75 or b"List-Unsubscribe=One-Click\r\n" not in raw:
            yield "one-click unsubscribing is broken"
    words = "\n".join([parsed["Subject"], *(part.get_content() for part in parsed.iter_parts())])
    for forbidden in FORBIDDEN:
        if forbidden in words or forbidden.encode() in raw:
            yield f"it says “{forbidden}”"


def _write_things(now):
    team = factories.team()
    User.objects.update(date_joined=NOW - timedelta(days=60), working_days=EVERY_DAY, digest_when_empty=True)
    report = factories.report()
    first, second, third = report.recommendations.all()
    Recommendation.objects.filter(pk=first.pk).update(
        owner=team["author"], next_review_on=now.date(), short_title="Ünïcode 북한\r\nBcc: all@example.org"
    )
    then = now - timedelta(days=5)
    _evidence(team["author"], then)
    secret = {"sensitivity": Sensitivity.RESTRICTED, "reason": f"{SECRET} what happened."}
    factories.approve(
        team["author"], second, then, reviewer=team["reviewer"], reason="A decree was issued. " * 40
    )
    factories.submit(team["reviewer"], third, then, **secret)
    returned = factories.submit(team["author"], third, then, **secret)
    ana = {"reviewer": team["second"], "now": then}
    User.objects.filter(pk=team["second"].pk).update(is_superuser=False)
    _let_see(returned, team["second"], team["author"], then)
    reviews.decide(update=returned, decision=Decision.RETURN, comment=f"{SECRET}: no.", **ana)


def _evidence(author, then):
    restricted = factories.link(author, f"{SECRET} (survivor-7)", Sensitivity.RESTRICTED)
    named = Evidence.objects.create(
        form=EvidenceForm.FILE,
        object_name="nowhere",
        original_name="a-file-name.pdf",
        size=9,
        sha256="0" * 64,
        title="a-file-name",
        uploaded_by=author,
        uploaded_at=then,
    )
    with log.transaction.atomic():
        for item in (restricted, named, factories.link(author, "An open statement")):
            log.record(EventKind.EVIDENCE_ADDED, now=then, actor=author, evidence=item)


def _let_see(update, person, granted_by, then):
    assert person.has_role(Role.REVIEWER)
    update.grants.create(person=person, granted_by=granted_by, granted_at=then, reason="Decides on it.")
