"""A stand-in for the site: one page that shows every part of the look, and the addresses it links to."""

import time
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils import timezone
from django.views.defaults import page_not_found

from recommendations.choices import Confidence, Movement, Sensitivity, Status
from recommendations.forms.widgets import FilesField, HintedCheckboxes, SensitivityRadios, StatusRadios

SAMPLE = Path(__file__).parent / "look_sample.html"
REVIEWER = SimpleNamespace(is_authenticated=True, is_partner=False, is_staff=True, get_full_name="Hana Seo")
VIEWER = SimpleNamespace(
    is_authenticated=True, is_partner=False, is_staff=False, get_full_name="a.viewer@long-name.example.org"
)


class SampleForm(forms.Form):
    """One field of each kind."""

    as_of = forms.DateField(
        label="As of", help_text="The day the facts stood so.", widget=forms.DateInput({"type": "date"})
    )
    status = forms.ChoiceField(label="Status", choices=Status.choices[1:], widget=StatusRadios)
    text = forms.CharField(
        label="What was found", help_text="Anyone on the team can read this.", widget=forms.Textarea
    )
    claim = forms.CharField(label="What the government claims", required=False)
    owner = forms.ChoiceField(label="Owner", choices=[("1", "Hana Seo"), ("2", "Min-jun Park")])
    places = forms.MultipleChoiceField(
        label="Where we looked",
        required=False,
        choices=[("kcna", "KCNA"), ("un", "UN documents")],
        widget=HintedCheckboxes(hints={"kcna": "The state's news agency."}),
    )
    level = forms.ChoiceField(label="Who can see this", choices=Sensitivity.choices, widget=SensitivityRadios)
    files = FilesField(label="Files", required=False, help_text="Up to 100 MB each.")
    sure = forms.BooleanField(label="I have removed names", help_text="Names of witnesses and of their kin.")


def _sample_context(person, form):
    """Return all that the sample page shows; dates are counted from today."""
    today = timezone.localdate()
    return {
        "user": person,
        "current_report": "DPRK 2024",
        "report_choices": [("/?report=2024", "DPRK 2024", True), ("/?report=2023", "DPRK 2023", False)],
        "statuses": list(Status),
        "movements": list(Movement),
        "confidences": list(Confidence),
        "levels": list(Sensitivity),
        "ages": [None, *(today - timedelta(days) for days in (5, 43, 75, 140))],
        "dues": [today - timedelta(21), today, today + timedelta(30), None],
        "now": timezone.now(),
        "three_november": date(2026, 11, 3),
        "page_obj": Paginator(range(250), 25).page(4),
        "form": form,
        "data": form,
    }


@login_not_required
def sample(request, person=REVIEWER):
    """Show every part; sent forms come back with their errors, or go on to the answer."""
    if "decided" in request.GET:
        time.sleep(0.7)
        return redirect("home")
    form = SampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, f"Stored {len(form.cleaned_data['files'])} files.")
        return redirect("recommendation-list")
    if request.method == "GET" and "errors" in request.GET:
        form = SampleForm({})
    template = engines["django"].from_string(SAMPLE.read_text(encoding="utf-8"))
    return HttpResponse(template.render(_sample_context(person, form), request))


@login_not_required
def nothing(request):
    """Answer as for an address that does not exist."""
    return page_not_found(request, Http404())


@login_not_required
def viewer(request):
    """Show the same page to somebody without the desk."""
    return sample(request, VIEWER)


@login_not_required
def plain(request):
    """Show an almost empty page."""
    template = engines["django"].from_string(
        "{% extends 'base.html' %}{% block title %}Plain{% endblock %}"
        "{% block content %}<h1>Plain</h1>{% endblock %}"
    )
    return HttpResponse(template.render({}, request))


urlpatterns = [
    path("", plain, name="home"),
    path("recommendations/", plain, name="recommendation-list"),
    path("recommendations/TIP-2024-KP-06/", sample, name="recommendation-detail"),
    path("recommendations/as-viewer/", viewer),
    path("recommendations/nothing/", nothing),
    path("updates/", plain, name="update-list"),
    path("evidence/", plain, name="evidence-list"),
    path("advocacy/", plain, name="advocacy-list"),
    path("reports/", plain, name="report-list"),
    path("digests/", plain, name="digest-list"),
    path("how-we-rate/", plain, name="how-we-rate"),
    path("settings/", plain, name="settings"),
    path("accounts/logout/", plain, name="logout"),
    path("accounts/login/", LoginView.as_view(), name="login"),
    path("accounts/password/", plain, name="password_change"),
    path("desk/", admin.site.urls),
]
