"""What comes in with a form of rows: files that are kept whatever else is wrong, rows asked for by button."""

import re
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import SEALED, SEALED_LABEL, Retention
from recommendations.errors import Refused
from recommendations.filters.evidence import EvidenceFilter
from recommendations.forms.citations import HELD, SAID_OF_ITEM, Shelf
from recommendations.models import Citation, Evidence, StagedUpload, item_key
from recommendations.services.evidence import items, uploads

OFFERED = 200
LONGEST_SEARCH = 200
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


def uuid_or_none(value):
    """Return a UUID, or None for what is none."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


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
    for twin in twins[:3]:
        said = _("The same file is held unsealed as")
        rest = _("Sealing does not protect that one; you can have it removed on its page.")
        link = format_html('{} <a href="{}">{}</a>. {}', said, twin.get_absolute_url(), twin.title, rest)
        messages.warning(request, link)


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


def shelf_for(person, recommendation, form_key, words=""):
    """Return what ``person`` can cite on a form: what the recommendation cites already, and the newest.

    Args:
        words: what was looked for; then those in which each of them stands take the place of the newest.
    """
    visible = Evidence.objects.visible_to(person)
    held = visible.exclude(retention=Retention.TOMBSTONED)
    # By updates that the person may see: what others hold of an item would show in the choice.
    seen = Citation.objects.visible_to(person).filter(update__recommendation=recommendation)
    cited = Exists(seen.filter(evidence=OuterRef("pk")))
    found = EvidenceFilter({"q": words}, reader=person).qs.filter(pk__in=held.values("pk")) if words else held
    newest = list(found.order_by("-uploaded_at", "-pk").values_list("pk", flat=True)[:OFFERED])
    number = found.count() if len(newest) == OFFERED else len(newest)
    return Shelf(
        items=held.filter(cited | Q(pk__in=newest)),
        hint=_what_is_offered(words, number),
        lookup=lambda key: visible.filter(key=uuid_or_none(key)).first(),
        staged=uploads.staged_for(uploader=person, form_key=form_key),
    )


def _what_is_offered(words, number):
    """Say which items a form offers beside those cited already, where it does not offer all; else nothing."""
    said = {"words": words, "n": OFFERED, "all": number}
    if words and not number:
        return _("Nothing that we hold has “%(words)s”.") % said
    if words and number <= OFFERED:
        return ngettext("%(all)s item has “%(words)s”.", "%(all)s items have “%(words)s”.", number) % said
    if words:
        return _("%(all)s items have “%(words)s”; the %(n)s newest of them are offered. Add a word.") % said
    if number > OFFERED:
        return _("Of %(all)s items the %(n)s newest are offered. Look for others by “Find”.") % said
    return ""


def words_looked_for(data):
    """Return the words by which evidence that we hold is to be found, if "Find" was pressed."""
    return data.get("find", "").strip()[:LONGEST_SEARCH] if data.get("add") == "find" else ""


def keep_rows(rows, *, person, form_key, recommendation, now):
    """Make evidence of the whole rows of a form; what cannot be kept gets its error beside it.

    Returns: the (evidence, stance, locator) triples to cite.
    """
    cited = []
    for row in rows.whole():
        try:
            item = _item_of(row, person, form_key, recommendation, now)
        except Refused as refused:
            row.add_error(None, str(refused))
        except ValidationError as error:
            row.add_error(None, error)
        else:
            _say_if_otherwise(row, item)
            row.become(item)
            cited.append((item, row.cleaned_data["stance"] or "supports", row.cleaned_data["locator"]))
    for row in rows.forms:
        if row.waiting and row.shape_now != HELD:
            _keep_waiting(row, person, now)
    return cited


def _say_if_otherwise(row, item):
    """Say beside a row that the item it made before is not at the level that the row names now."""
    stands = SEALED if item.is_sealed else item.sensitivity
    if row.shape_now == HELD or row.details()["sensitivity"] == stands:
        return
    words = _(
        "“%(title)s” was added from this form before, and who may see it was not changed now: %(level)s. "
        "To change it, open the item and choose “Change details”."
    )
    level = SEALED_LABEL if item.is_sealed else item.get_sensitivity_display()
    row.add_error(None, words % {"title": item.title, "level": level})


def _item_of(row, person, form_key, recommendation, now):
    about = {"uploader": person, "details": row.details(), "now": now, "recommendation": recommendation}
    if row.shape_now == HELD:
        return row.item
    if row.shape_now == "file":
        return items.add_file(key=row.cleaned_data["staged"], **about)
    url = row.cleaned_data["url"]
    key = item_key(uploader=person, form_key=form_key, content=url)
    return items.add_link(key=key, url=url, **about)


def _keep_waiting(row, person, now):
    key = row.waiting.key
    if row.cleaned_data.get("remove"):
        uploads.drop_staged(key=key, uploader=person)
    else:
        uploads.restage(
            key=key, uploader=person, details={name: row.value_of(name) for name in SAID}, now=now
        )


def refuse_files(rows, problems):
    """Say beside each row why its file was not kept."""
    for index, sentence in problems.items():
        if index < len(rows.forms):
            rows.forms[index].errors.pop("file", None)
            rows.forms[index].add_error("file", sentence)


def forget_errors(sheet):
    """Show a sheet without its errors: somebody asked for one more row, and is not done yet."""
    for part in sheet.parts:
        for form in getattr(part, "forms", [part]):
            form.errors.clear()
        if hasattr(part, "non_form_errors"):
            part.non_form_errors().clear()
