"""Addresses of the application: readable, stable, in the words of the navigation."""

from django.urls import path

from recommendations.views import (
    additions,
    asks,
    bundles,
    checks,
    claims,
    custody,
    downloads,
    drafts,
    editions,
    evidence,
    exports,
    grants,
    health,
    history,
    home,
    mails,
    origins,
    people,
    recommendations,
    reports,
    retention,
    reviews,
    saved_filters,
    updates,
    versions,
)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # My work
    path("", home.home, name="home"),
    # Recommendations
    path("recommendations/", recommendations.recommendation_list, name="recommendation-list"),
    path(
        "recommendations/<slug:reference>/",
        recommendations.recommendation_detail,
        name="recommendation-detail",
    ),
    path(
        "recommendations/<slug:reference>/settings/",
        recommendations.recommendation_settings,
        name="recommendation-settings",
    ),
    path(
        "recommendations/<slug:reference>/history/",
        versions.full_history,
        name="recommendation-history",
    ),
    path("recommendations/<slug:reference>/asks/", asks.asks, name="recommendation-asks"),
    # Reports
    path("reports/", reports.report_list, name="report-list"),
    path("reports/import/", reports.report_import, name="report-import"),
    path("reports/<slug:slug>/bundle/", bundles.report_bundle, name="report-bundle"),
    path("reports/<slug:slug>/archive/", reports.report_archive, name="report-archive"),
    path("reports/<slug:slug>/standing/", versions.report_standing, name="report-standing"),
    path("reports/<slug:slug>/editions/", editions.edition_list, name="edition-list"),
    path("reports/<slug:slug>/editions/<int:number>/", editions.edition_detail, name="edition-detail"),
    path("reports/<slug:slug>/claims/", claims.claims, name="report-claims"),
    path("reports/<slug:slug>/", reports.report_detail, name="report-detail"),
    path(
        "recommendations/<slug:reference>/bundle/",
        bundles.recommendation_bundle,
        name="recommendation-bundle",
    ),
    # Updates
    path("recommendations/<slug:reference>/updates/new/", drafts.add, name="update-add"),
    path("recommendations/<slug:reference>/check/", checks.add, name="check-add"),
    path("updates/", history.update_list, name="update-list"),
    path("updates/<uuid:key>/", updates.update_detail, name="update-detail"),
    path("updates/<uuid:key>/edit/", drafts.edit, name="update-edit"),
    path("updates/<uuid:key>/withdraw/", updates.withdraw, name="update-withdraw"),
    path("updates/<uuid:key>/origin/", origins.update_origin, name="update-origin"),
    path("updates/<uuid:key>/access/", grants.update_access, name="update-access"),
    path("updates/<uuid:key>/access/<int:person>/", grants.update_revoke, name="update-revoke"),
    # Reviews
    path("reviews/", reviews.review_list, name="review-list"),
    path("reviews/<uuid:key>/", reviews.review, name="review"),
    path("reviews/<uuid:key>/take/", reviews.take, name="review-take"),
    # Evidence
    path("evidence/", evidence.evidence_list, name="evidence-list"),
    path("evidence/add/", additions.add, name="evidence-add"),
    path("evidence/<uuid:key>/", evidence.evidence_detail, name="evidence-detail"),
    path("evidence/<uuid:key>/change/", evidence.change, name="evidence-change"),
    path("evidence/retention/", retention.retention_list, name="retention-list"),
    path("evidence/<uuid:key>/retention/", retention.evidence_retention, name="evidence-retention"),
    path("evidence/<uuid:key>/custody/", custody.custody, name="evidence-custody"),
    path("evidence/<uuid:key>/download/", downloads.download, name="evidence-download"),
    path("evidence/<uuid:key>/copy/", downloads.copy, name="evidence-copy"),
    path("evidence/<uuid:key>/preview/<int:number>/", downloads.preview, name="evidence-preview"),
    path("evidence/<uuid:key>/access/", grants.evidence_access, name="evidence-access"),
    path("evidence/<uuid:key>/access/<int:person>/", grants.evidence_revoke, name="evidence-revoke"),
    # Lists as files
    path("take-out/<slug:listed>/", exports.export, name="export"),
    path("saved-filters/<slug:listed>/", saved_filters.saved_filters, name="saved-filters"),
    path("saved-filters/<slug:listed>/<int:pk>/", saved_filters.saved_filter, name="saved-filter"),
    # Digests and mail
    path("digests/", mails.digest_list, name="digest-list"),
    path("digests/now/", mails.digest_now, name="digest-now"),
    path("digests/preview/<int:reader>/", mails.digest_preview, name="digest-preview"),
    path("digests/<int:pk>/", mails.digest_detail, name="digest-detail"),
    path("u/<str:token>", mails.unsubscribe, name="unsubscribe"),
    # Settings
    path("settings/", people.settings, name="settings"),
    path("settings/mails/", mails.my_mails, name="my-mails"),
    path("settings/mails/again/", mails.mail_me_again, name="mail-me-again"),
]
