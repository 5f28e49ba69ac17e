"""Evidence bundles of a recommendation or a report: one page that says what is exported, then the file."""

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from recommendations.choices import Sensitivity
from recommendations.errors import Refused
from recommendations.forms.bundles import ORIGINALS, BundleForm
from recommendations.forms.typed import sends
from recommendations.models import Capture, Recommendation
from recommendations.services.evidence import bundles
from recommendations.views.lookup import recommendation_or_404, report_or_404


@sends(BundleForm)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_bundle(request, reference):
    """Hand over the evidence on one recommendation."""
    one = recommendation_or_404(request.user, reference)
    which = Recommendation.objects.visible_to(request.user).filter(pk=one.pk)
    return _bundle(request, which, f"{one.reference} {one.short_title}".strip(), one.reference, one)


@sends(BundleForm)
@require_http_methods(["GET", "HEAD", "POST"])
def report_bundle(request, slug):
    """Hand over the evidence on a whole report."""
    report = report_or_404(request.user, slug)
    which = Recommendation.objects.visible_to(request.user).filter(report=report)
    return _bundle(request, which, str(report), report.slug, report)


def _bundle(request, recommendations, about, slug, parent):
    person, now = request.user, timezone.now()
    items, citations = bundles.contents(person=person, recommendations=recommendations)
    form = BundleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stream = _built(form, person, items, citations, about, now)
        if stream:
            return _file(stream, slug, now, is_encrypted=bool(form.cleaned_data["recipient"].strip()))
    held, sealed = bundles.without_sealed(items=list(items))
    pages = Capture.objects.visible_to(person).kept().filter(evidence__in=held)
    copies = pages.aggregate(n=Count("pk"), size=Sum("size"))
    context = {
        "form": form,
        "about": about,
        "parent": parent,
        "items": held,
        "sealed": sealed,
        "restricted": sum(item.sensitivity == Sensitivity.RESTRICTED for item in held),
        "pages": copies["n"],
        "bytes": sum(item.size or 0 for item in held if item.is_file) + (copies["size"] or 0),
        "now": now,
    }
    return render(request, "evidence/bundle.html", context)


def _built(form, person, items, citations, about, now):
    """Return the bundle, or None with the reason on the form."""
    said = form.cleaned_data
    if not said["restricted"]:
        items, citations = bundles.without_restricted(items=items, citations=citations)
    try:
        return bundles.export(
            person=person,
            items=items,
            citations=citations,
            about=about,
            originals=said["pictures"] == ORIGINALS,
            recipient=said["recipient"],
            reason=said["reason"],
            now=now,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _file(stream, slug, now, *, is_encrypted):
    """Send the bundle; its name says what it is about and nothing more."""
    name = f"evidence-{slug}-{now:%Y-%m-%d}.zip" + (".age" if is_encrypted else "")
    response = FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response
