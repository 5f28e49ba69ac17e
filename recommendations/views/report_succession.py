"""The last two steps of an import: what it means for the report before it, and the confirmation."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.forms.lines import ChosenLineForm, chosen_form_of
from recommendations.forms.reports import ImportForm
from recommendations.forms.typed import sends
from recommendations.importing.releases import RELEASED_ON
from recommendations.models import Report, StagedReport
from recommendations.rules.lineage import ChosenLine
from recommendations.services import reports as service
from recommendations.services import staged_reports
from recommendations.services.staged_reports import LINES_CHANGED, mark_of_lines
from recommendations.succession.handing_over import Succession
from recommendations.succession.meeting import meet, predecessor
from recommendations.views.access import needs_role

# More rows would be more fields than one request can have (DATA_UPLOAD_MAX_NUMBER_FIELDS).
MOST_ROWS = 150
# Whoever presses twice sends the second form when what was brought is no longer there.
JUST_NOW = timedelta(minutes=1)


@sends(line=ChosenLineForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def report_meets(request, key):
    """Show the list beside that of the report before it; choose which lines the import confirms."""
    staged, parsed = _brought(request, key)
    earlier = predecessor(parsed)
    if earlier is None or not _can_be_imported(parsed):
        return redirect("report-confirm", staged.key)
    try:
        meeting = _meeting(request, staged, parsed, earlier)
        if len(meeting.rows) > MOST_ROWS:
            raise Refused(_("These lists are too long for one page. Confirm their lines after the import."))
    except Refused as refusal:
        context = _about(staged, parsed, earlier) | {"refused": str(refusal)}
        return render(request, "reports/meets.html", context)
    data = request.POST if request.method == "POST" else None
    refused = ""
    if data is not None and data.get("seen") != mark_of_lines(staged=staged):
        data, refused = None, str(LINES_CHANGED)
    forms = [chosen_form_of(number, met, data) for number, met in enumerate(meeting.rows)]
    if data is not None and (lines := _chosen(forms, meeting)) is not None:
        if data.get("act") == "same":
            taken = {end for line in lines for end in (*line.old, *line.new)}
            lines += [line for line in map(_as_chosen, meeting.same) if not taken & {*line.old, *line.new}]
        if _is_kept(staged, earlier, lines, meeting, forms, data["seen"]):
            if data.get("act") == "next":
                return redirect("report-confirm", staged.key)
            return redirect(f"{reverse('report-meets', args=[staged.key])}#lines-title")
    context = {
        "meeting": meeting,
        "rows": list(zip(meeting.rows, forms, strict=True)),
        "forms": forms,
        "seen": mark_of_lines(staged=staged),
        "refused": refused,
    }
    return render(request, "reports/meets.html", _about(staged, parsed, earlier) | context)


@sends(ImportForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def report_confirm(request, key):
    """Say what the import will do, and do all of it or nothing."""
    if request.method == "POST" and (report := _imported_just_now(request, key)):
        messages.info(request, _("%(report)s is imported already.") % {"report": report})
        return redirect(report)
    staged, parsed = _brought(request, key)
    if not _can_be_imported(parsed):
        return redirect(staged)
    earlier = predecessor(parsed)
    form = ImportForm(
        request.POST if request.method == "POST" else None,
        initial={"released_on": RELEASED_ON.get(parsed.year)},
    )
    if form.is_valid() and (done := _imported(request, staged, parsed, earlier, form)):
        return done
    meeting = _meeting_if_any(request, staged, parsed, earlier)
    context = {
        "form": form,
        "meeting": meeting,
        "outlook": service.outlook(parsed=parsed),
        "seen": _seen(staged, meeting),
    }
    return render(request, "reports/import_confirm.html", _about(staged, parsed, earlier) | context)


def _imported_just_now(request, key):
    """Return the report that this person imported a moment ago, if what the form is about is gone."""
    if StagedReport.objects.visible_to(request.user).filter(key=key).exists():
        return None
    mine = Report.objects.visible_to(request.user).filter(
        imported_by=request.user, imported_at__gt=timezone.now() - JUST_NOW
    )
    return mine.light().order_by("-imported_at", "-pk").first()


def _brought(request, key):
    """Return what was brought, and the report as it would be imported."""
    staged = get_object_or_404(StagedReport.objects.visible_to(request.user), key=key)
    return staged, staged_reports.as_corrected(staged=staged)


def _can_be_imported(parsed):
    return not (service.conflicting_report(parsed=parsed) or service.is_there(parsed=parsed))


def _about(staged, parsed, earlier):
    return {"staged": staged, "parsed": parsed, "earlier": earlier}


def _meeting(request, staged, parsed, earlier):
    chosen = staged_reports.lines_of(staged=staged, earlier=earlier)
    return meet(earlier, parsed, chosen, request.user.today(timezone.now()))


def _meeting_if_any(request, staged, parsed, earlier):
    """Return both lists; None where there is no earlier one, or they are too long: then nothing is chosen."""
    try:
        return earlier and _meeting(request, staged, parsed, earlier)
    except Refused:
        return None


def _seen(staged, meeting):
    """Return what tells what the last page shows from what it showed before."""
    return f"{mark_of_lines(staged=staged)}-{meeting.mark if meeting else ''}"


def _chosen(forms, meeting):
    """Return the lines that are ticked or were changed; None where a form says what is wrong with it."""
    references = {row.position: row.reference for row in meeting.old}
    lines = []
    are_valid = [form.is_valid() for form in forms]
    if not all(are_valid):
        return None
    for form in forms:
        said = form.cleaned_data
        for position in said["old"]:
            if position not in references:
                words = _("%(report)s has no recommendation %(position)s.")
                form.add_error("old", words % {"report": meeting.earlier, "position": position})
        if form.is_valid() and form.is_chosen:
            old = tuple(references[position] for position in said["old"])
            lines.append(ChosenLine(old, tuple(said["new"]), said["kind"], said["carries"]))
    return lines if all(form.is_valid() for form in forms) else None


def _as_chosen(met):
    old, new = met.line.old, met.line.new
    references, positions = tuple(row.reference for row in old), tuple(row.position for row in new)
    return ChosenLine(references, positions, met.line.kind)


def _is_kept(staged, earlier, lines, meeting, forms, seen):
    """Keep the lines that were chosen. Returns: whether they are; if not, the forms say why."""
    try:
        staged_reports.choose(staged=staged, earlier=earlier, lines=lines, seen=seen)
    except ValidationError as problems:
        # Those that were added because their words are the same come last, and are never wrong.
        chosen = [
            (form, met.line.name) for form, met in zip(forms, meeting.rows, strict=True) if form.is_chosen
        ]
        for place, (sentence,) in problems.message_dict.items():
            form, name = chosen[int(place)]
            form.add_error("kind", f"{name}: {sentence}")
        return False
    except Refused as refusal:
        forms[0].add_error(None, str(refusal))
        return False
    return True


def _imported(request, staged, parsed, earlier, form):
    """Import it. Returns: where to go on, or None when it is refused, which the form says."""
    meeting = _meeting_if_any(request, staged, parsed, earlier)
    if request.POST.get("seen") != _seen(staged, meeting):
        words = _("Something was changed after you opened this page. Read what the import does now.")
        form.add_error(None, words)
        return None
    succession = None
    if meeting and meeting.chosen:
        lines = [met.chosen for met in meeting.chosen]
        succession = Succession(meeting.earlier, lines, seen=meeting.mark)
    said = form.cleaned_data
    try:
        report, made = service.import_report(
            document=staged_reports.document_of(staged=staged),
            source_name=staged.source_name,
            corrected=parsed,
            companion=service.Companion(source_url=said["source_url"], released_on=said["released_on"]),
            succession=succession,
            actor=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    except ValidationError as problems:
        _say(form, problems)
        return None
    staged_reports.drop(staged=staged)
    messages.success(request, " ".join(_what_came_of_it(report, made, meeting)))
    return redirect(report)


def _say(form, problems):
    """Say what is wrong: with a fact at its field, with a line above all."""
    for name, sentences in problems.message_dict.items():
        form.add_error(name if name in form.fields or name == NON_FIELD_ERRORS else None, sentences)


def _what_came_of_it(report, made, meeting):
    """Yield in sentences what an import did, and what it left as it was."""
    about = {"report": report}
    if not made:
        yield _("%(report)s was already imported; nothing changed.") % about
        return
    if not report.is_followed:
        words = _("%(report)s is imported as closed, because there is a newer report. It can be read.")
        yield words % about
        return
    yield _("%(report)s is imported and followed from now on.") % about
    if others := service.outlook(parsed=report).followed:
        about["others"] = ", ".join(str(one) for one in others)
        yield _("%(others)s: followed until you close it.") % about
    if meeting and (number := len(meeting.chosen)):
        yield ngettext("%(n)s line is confirmed.", "%(n)s lines are confirmed.", number) % {"n": number}
    if meeting and (number := len(meeting.carried)):
        words = ngettext(
            "%(n)s recommendation takes over what was shown.",
            "%(n)s recommendations take over what was shown.",
            number,
        )
        yield words % {"n": number}
    if meeting and meeting.rows and not meeting.chosen:
        words = _("No line to %(earlier)s is confirmed yet, so no owner, ask or date was taken over.")
        yield words % {"earlier": meeting.earlier}
    if meeting and any(met.carries and met.carrying and met.carrying.refused for met in meeting.chosen):
        yield _("The page of its lines to the earlier report lists what could not be carried over.")
