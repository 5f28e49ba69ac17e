"""What the government claims, beside what we found."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations.selectors.claims import claims_of
from recommendations.views.lookup import report_or_404


@require_safe
def claims(request, slug):
    """List where the claim and our assessment differ, then the rest."""
    report = report_or_404(request.user, slug)
    context = {
        "report": report,
        "groups": claims_of(report, request.user),
        "now": timezone.now(),
        "current_report": report,
    }
    return render(request, "reports/claims.html", context)
