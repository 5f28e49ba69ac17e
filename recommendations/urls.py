"""Addresses of the application: readable, stable, in the words of the navigation."""

from django.urls import path

from recommendations.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    # My work
    # Recommendations
    # Reports
    # Updates
    # Reviews
    # Evidence
    # Digests and mail
    # Settings
]
