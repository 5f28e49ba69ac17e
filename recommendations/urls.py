"""Addresses of the application: readable, stable, in the words of the navigation."""

from django.urls import path

from recommendations.views import health, people, reviews

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    # My work
    # Recommendations
    # Reports
    # Updates
    # Reviews
    path("reviews/", reviews.review_list, name="review-list"),
    path("reviews/<uuid:key>/", reviews.review, name="review"),
    # Evidence
    # Digests and mail
    # Settings
    path("settings/", people.settings, name="settings"),
]
