"""Addresses of the application: readable, stable, in the words of the navigation."""

from django.urls import path

from recommendations.views import health, home, people, recommendations, reports, reviews

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
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
    # Reports
    path("reports/", reports.report_list, name="report-list"),
    path("reports/import/", reports.report_import, name="report-import"),
    path("reports/<slug:slug>/archive/", reports.report_archive, name="report-archive"),
    path("reports/<slug:slug>/", reports.report_detail, name="report-detail"),
    # Updates
    # Reviews
    path("reviews/", reviews.review_list, name="review-list"),
    path("reviews/<uuid:key>/", reviews.review, name="review"),
    # Evidence
    # Digests and mail
    # Settings
    path("settings/", people.settings, name="settings"),
]
