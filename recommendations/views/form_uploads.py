"""What is sent with a form of rows: files, kept whatever else is wrong, and rows added by button."""

import re

from django.contrib import messages
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import SEALED
from recommendations.errors import Refused
from recommendations.forms.citations import HELD, SAID_OF_ITEM
from recommendations.models import Evidence, StagedUpload
from recommendations.services.evidence import uploads
from recommendations.text.keys import uuid_or_none

LONGEST_SEARCH = 200
# Items with the same content that are named one by one.
TWINS_NAMED = 3
FILE_FIELD = re.compile(r"evidence-(\d{1,3})-file")
STAGED_FIELD = re.compile(r"evidence-(\d{1,3})-staged")
# What is typed beside a file, kept with it while it waits.
SAID = (*SAID_OF_ITEM, "stance", "locator")
# The button that adds a row -> the formset and the shape of its row.
ROW_BUTTONS = {
    "file": ("evidence", "file"),
    "link": ("evidence", "link"),
    "held": ("evidence", HELD),
    "find": ("evidence", HELD),
    "place": ("places", None),
}


def add_row(data, prefix, **values):
    """Append a row to posted data, which is changed. Returns its index."""
    counted = data.get(f"{prefix}-TOTAL_FORMS", "0")
    index = int(counted) if counted.isascii() and counted.isdecimal() and len(counted) < 4 else 0
    data[f"{prefix}-TOTAL_FORMS"] = str(index + 1)
    data.setdefault(f"{prefix}-INITIAL_FORMS", "0")
    for name, value in values.items():
        data[f"{prefix}-{index}-{name}"] = value
    return index


def add_row_by_button(data):
    """Append the row that a button asked for. Returns whether one did."""
    prefix, shape = ROW_BUTTONS.get(data.get("add"), (None, None))
    if prefix:
        add_row(data, prefix, **({"shape": shape} if shape else {}))
    return prefix is not None


def take_files(request, data, form_key, now):
    """Keep every file that came with an update's form; ``data``, a copy of what was posted, names them.

    Several files in one row become several rows that say the same.

    Returns: {row index: why its file was not kept}.
    """
    problems = {}
    for field, files in request.FILES.lists():
        match = FILE_FIELD.fullmatch(field)
        if not match:
            continue
        first = int(match[1])
        said = {name: data.get(f"evidence-{first}-{name}", "") for name in SAID}
        for number, received in enumerate(files):
            if number:
                said["title"] = ""
            index = first if number == 0 else add_row(data, "evidence", shape="file", **said)
            try:
                key = stage_received(request, received, form_key, now, said)
                data[f"evidence-{index}-staged"] = str(key)
            except Refused as refused:
                problems[index] = str(refused)
    return problems | _seal_rows(request, data, now)


def _seal_rows(request, data, now):
    """Seal the waiting files for which that was chosen only now. Returns as ``take_files``."""
    problems = {}
    for field in [name for name in data if STAGED_FIELD.fullmatch(name)]:
        index, key = int(field.split("-")[1]), uuid_or_none(data[field])
        if not key or data.get(f"evidence-{index}-sensitivity") != SEALED:
            continue
        try:
            data[field] = str(seal_waiting(request, key, now))
        except Refused as refused:
            problems[index] = str(refused)
    return problems


def seal_waiting(request, key, now):
    """Seal a file that waits. Returns: its key from now on. Raises: Refused."""
    waiting = StagedUpload.objects.visible_to(request.user).filter(key=key, is_sealed=False).first()
    key = uploads.seal_staged(key=key, uploader=request.user, now=now)
    if waiting:
        _tell_of_open_twins(request, waiting.sha256)
    return key


def _tell_of_open_twins(request, sha256):
    """Warn who seals a file that its content is held unsealed too, as far as they may know."""
    twins = Evidence.objects.visible_to(request.user).filter(sha256=sha256).order_by("pk")
    rest = _("Sealing does not protect that item. You can propose its removal on its page.")
    tell_held(request, _("The same file is already held, not sealed, as"), twins, rest)


def tell_held(request, said, twins, rest=""):
    """Warn that something is held already: name the first items, and say how many more there are."""
    twins = list(twins)
    for twin in twins[:TWINS_NAMED]:
        link = format_html('{} <a href="{}">{}</a>. {}', said, twin.get_absolute_url(), twin.title, rest)
        messages.warning(request, link)
    if left := len(twins[TWINS_NAMED:]):
        more = ngettext("… and as %(n)s more item.", "… and as %(n)s more items.", left)
        messages.warning(request, more % {"n": left})


def stage_received(request, received, form_key, now, said):
    """Keep one received file until its form is whole, sealed if the form says so.

    Returns: its key. Raises: Refused.
    """
    if received.refusal:
        raise Refused(received.refusal)
    sealed = said.get("sensitivity") == SEALED
    key = uploads.stage(
        incoming=received.incoming,
        name=received.name,
        uploader=request.user,
        form_key=form_key,
        now=now,
        details=said,
        sealed=sealed,
    )
    if sealed:
        _tell_of_open_twins(request, received.incoming.sha256)
    return key


def words_looked_for(data):
    """Return the words by which evidence that we hold is to be found, if "Find" was pressed."""
    return data.get("find", "").strip()[:LONGEST_SEARCH] if data.get("add") == "find" else ""


def keep_waiting(rows, *, person, now):
    """Note what is typed beside files that wait, and let go of those that were taken off."""
    for row in rows.forms:
        if not row.waiting or row.shape_now == HELD:
            continue
        about = {"key": row.waiting.key, "uploader": person}
        if row.cleaned_data.get("remove"):
            uploads.drop_staged(**about)
        else:
            uploads.restage(**about, details={name: row.value_of(name) for name in SAID}, now=now)
