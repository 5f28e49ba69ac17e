"""Reports and their sections, as they were imported."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin, VisibleInline
from recommendations.choices import Role
from recommendations.models import Report, Section, SourceVersion, StagedReport, Wording


class SectionInline(VisibleInline):
    """The parts of a report's text."""

    model = Section
    fields = ["kind", "heading", "start", "end"]
    see_role = Role.MANAGER


@admin.register(Report)
class ReportAdmin(DeskAdmin):
    """What was imported; importing, closing and taking back have pages of their own."""

    see_role = Role.MANAGER
    list_display = [
        "__str__",
        "tier",
        "complete",
        "period_start",
        "period_end",
        "released_on",
        "imported_at",
        "closed_at",
    ]
    list_filter = ["tier", "complete", "country_name", "year", ("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["country_name", "country_code", "heading", "source_name", "sha256"]
    date_hierarchy = "imported_at"
    inlines = [SectionInline]
    fields = [
        "country_code",
        "country_name",
        "year",
        "heading",
        "tier",
        "source_name",
        "source_url",
        "sha256",
        "complete",
        "warnings",
        "period_start",
        "period_end",
        "released_on",
        "imported_at",
        "imported_by",
        "closed_at",
    ]

    def get_queryset(self, request):
        """Leave the document itself out: a list of reports must not carry megabytes."""
        return super().get_queryset(request).defer("source_bytes", "text")


@admin.register(Section)
class SectionAdmin(DeskAdmin):
    """The parts of reports' texts."""

    see_role = Role.MANAGER
    list_display = ["__str__", "report", "heading", "start", "end"]
    list_filter = ["kind", ("report", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["heading", "report__country_name"]

    def get_queryset(self, request):
        """Leave the report's document out."""
        rows = super().get_queryset(request).select_related("report")
        return rows.defer("report__source_bytes", "report__text")


@admin.register(SourceVersion)
class SourceVersionAdmin(DeskAdmin):
    """Each document that was brought for a report."""

    see_role = Role.MANAGER
    list_display = ["__str__", "reason", "complete", "source_name", "brought_at", "brought_by"]
    list_filter = ["reason", "complete", ("report", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["report__country_name", "source_name", "sha256"]
    list_select_related = ["report", "brought_by"]
    exclude = ["source_bytes"]

    def get_queryset(self, request):
        """Leave the documents out, those of the reports too."""
        rows = super().get_queryset(request)
        return rows.defer("source_bytes", "text", "report__source_bytes", "report__text")


@admin.register(Wording)
class WordingAdmin(DeskAdmin):
    """The words of recommendations in source versions."""

    see_role = Role.MANAGER
    list_display = ["recommendation", "version", "position", "text"]
    list_filter = [("version__report", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["recommendation__reference", "text"]
    list_select_related = ["recommendation", "version__report"]

    def get_queryset(self, request):
        """Leave the documents and their texts out."""
        rows = super().get_queryset(request)
        left_out = [f"version__{name}" for name in ("source_bytes", "text")]
        return rows.defer(*left_out, *(f"version__report__{name}" for name in ("source_bytes", "text")))


@admin.register(StagedReport)
class StagedReportAdmin(DeskAdmin):
    """What was brought and is not imported yet: one's own only."""

    see_role = Role.MANAGER
    list_display = ["__str__", "brought_at", "country", "year"]
    search_fields = ["source_name"]
    exclude = ["source_bytes", "text"]

    def get_queryset(self, request):
        """Leave the document and its text out."""
        return super().get_queryset(request).defer("source_bytes", "text")
