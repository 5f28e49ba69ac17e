"""Removes the evidence of which two people decided so and whose day has come."""

from recommendations import jobs
from recommendations.management.clock import ClockCommand
from recommendations.services.evidence import retention


class Command(ClockCommand):
    """``manage.py remove_evidence [--now ISO] [--dry-run]``."""

    help = (
        "Remove the evidence whose removal two people have decided and whose day has come, as the "
        "hourly job does."
    )

    def run(self, now):
        """Remove it."""
        return [f"Evidence items removed, of which the records are kept: {jobs.remove_evidence(now)}."]

    def preview(self, now):
        """Name by key what would be removed."""
        return [f"evidence {key}" for key in retention.due(now=now).values_list("key", flat=True)] or [
            "Nothing."
        ]
