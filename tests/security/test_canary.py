"""A word that stands in restricted items alone, looked for wherever it could get out."""

import io
import logging
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from recommendations import jobs
from recommendations.audit import log
from recommendations.choices import SEALED, EventKind, Sensitivity
from recommendations.models import Derived, Evidence, Mail, MailWords, Passage
from recommendations.services.evidence import details
from recommendations.services.evidence import items as evidence_items
from tests.support import corpus, factories, pictures
from tests.support.exports import take_out
from tests.support.factories import NOW, item_of
from tests.support.pages import browser_of
from tests.support.sealed import name_officers

CANARY = "kanarienvogel"
# Stands beside it in every text: a search for it echoes no canary.
BESIDE = "lighthouse"
SAID = f"{CANARY} {BESIDE}"
OTHERS = ("viewer", "reviewer", "manager")


def restricted_items(person):
    """Make restricted items that say the word everywhere: files, a link, one once open, one sealed."""
    about = {"title": SAID, "sensitivity": Sensitivity.RESTRICTED}
    files = [
        item_of(person, name=f"{SAID}.pdf", content=corpus.pdf(SAID), **about),
        item_of(person, name=f"{SAID}.docx", content=corpus.docx(SAID), **about),
        item_of(person, name=f"{SAID}.jpg", content=pictures.jpeg(), **about),
    ]
    link = evidence_items.add_link(
        key=uuid.uuid4(),
        url=f"https://example.org/{CANARY}/{BESIDE}",
        uploader=person,
        details={**about, "source": SAID, "note": SAID},
        now=NOW,
    )
    opened = item_of(person, name="opened.docx", content=corpus.docx(SAID), title="An open item")
    jobs.examine_evidence(NOW, seconds=None)
    details.change(item=opened, actor=person, details=about, now=NOW)
    name_officers("Kim", "Lee")
    sealed = item_of(person, name=f"{SAID}.docx", content=corpus.docx(SAID), title=SAID, sensitivity=SEALED)
    return [*files, link, opened, sealed]


def doors(items, recommendation):
    """Return addresses at which somebody else could meet the word."""
    search = f"?q={BESIDE}"
    desk = ("evidence", "passage", "derived", "examination", "event", "citation", "statusupdate", "linkcheck")
    yield from (f"/{listed}/{search}" for listed in ("evidence", "recommendations", "updates", "reports"))
    yield from (f"/desk/recommendations/{noun}/{search}" for noun in desk)
    yield from ("/", "/evidence/", "/updates/", "/digests/", "/desk/", "/reviews/")
    yield from (f"/recommendations/{recommendation.reference}/{page}" for page in ("", "history/", "bundle/"))
    for item in items:
        own = item.get_absolute_url()
        yield own
        yield from (f"{own}{page}/" for page in ("download", "copy", "preview/1", "custody", "change"))


def told(answer):
    """Return all that an answer says, headers too; a workbook unpacked."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as workbook:
            body = b"".join(map(workbook.read, workbook.namelist()))
    return body + str(answer.headers).encode()


def places_of_the_word(team, recommendation, settings, caplog):
    """Let everything happen that could tell of the items. Returns: (how much was looked at, where it was)."""
    caplog.set_level(logging.DEBUG)
    for name in ("django.db.backends", "PIL", "faker", "asyncio"):
        logging.getLogger(name).setLevel(logging.INFO)
    settings.SEALED_LEVEL = True
    items = restricted_items(team["author"])
    for person in team.values():
        type(person).objects.filter(pk=person.pk).update(
            digest_frequency="weekly", working_days="1234567", digest_when_empty=True
        )
    factories.submit(team["author"], recommendation, cites=items)
    for days in (1, 8, 15, 40):
        jobs.tick(NOW + timedelta(days=days))
    looked, found = 0, []

    def look(place, data):
        nonlocal looked
        looked += 1
        if CANARY in (data.decode("utf-8", "replace") if isinstance(data, bytes) else data).casefold():
            found.append(place)

    _damage(items[0], settings)
    # An error page for its owner, who may read its title there; the log beside it may not hold it.
    assert browser_of(team["author"]).get(f"/evidence/{items[0].key}/download/").status_code == 500
    for who in OTHERS:
        browser = browser_of(team[who])
        for door in doors(items, recommendation):
            look(f"{who} {door}", told(browser.get(door)))
        for listed in ("evidence", "updates", "recommendations"):
            for made_as in ("csv", "xlsx"):
                answer = take_out(team[who], listed, made_as=made_as, level="restricted")
                look(f"{who} export {listed}", told(answer))
    for one in Mail.objects.all():
        look(f"mail {one.key}", one.subject)
    for said in MailWords.objects.values_list():
        look(f"words of mail {said[0]}", " ".join(map(str, said[1:])))
    for message in mail.outbox:
        look("a mail that went out", message.message().as_bytes())
    with pytest.raises(CommandError):
        call_command("check_data")
    call_command("examine_evidence", again=True)
    look("the log", caplog.text)
    for event in log.Event.objects.all():
        look(f"event {event.seq}", str(event.payload))
    for passage in Passage.objects.all():
        look("the search index", passage.text + passage.tokens)
    return looked, found


def _damage(item, settings):
    path = settings.EVIDENCE_DIR / f"{item.object_name}.age"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-9])


def test_the_word_is_found_nowhere(team, recommendation, settings, caplog, capsys):
    looked, found = places_of_the_word(team, recommendation, settings, caplog)
    assert found == []
    assert looked > 150 and Mail.objects.count() > 3
    assert CANARY not in capsys.readouterr().out.casefold()
    # It is there to be found: its owner reads it, and previews were made.
    assert CANARY in browser_of(team["author"]).get("/evidence/").content.decode()
    assert Derived.objects.exists() and Evidence.objects.filter(title__contains=CANARY).count() == 6
    assert log.Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).count() == 6


def test_the_word_would_be_found_if_an_item_were_open(team, recommendation, settings):
    item_of(team["author"], name="a.docx", content=corpus.docx(SAID), title="An open item")
    jobs.examine_evidence(NOW, seconds=None)
    page = browser_of(team["viewer"]).get(f"/evidence/?q={BESIDE}").content.decode()
    assert CANARY in page and Passage.objects.filter(text__contains=CANARY).exists()
