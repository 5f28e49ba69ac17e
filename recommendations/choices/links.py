"""What became of the page behind a link, and of copies of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LinkOutcome(TextChoices):
    """How a check of a link ended."""

    ANSWERS = "answers", _("The page is there")
    TROUBLE = "trouble", _("The site answers with an error")
    GONE = "gone", _("The page is gone")
    UNREACHABLE = "unreachable", _("The site does not answer")
    REFUSED = "refused", _("Not contacted: the address is not on the public web")


GONE = {404, 410}


def outcome_of(status: int) -> LinkOutcome:
    """Return what a site says of a page by the status of its answer."""
    if status < 400:
        return LinkOutcome.ANSWERS
    return LinkOutcome.GONE if status in GONE else LinkOutcome.TROUBLE


class CaptureState(TextChoices):
    """How far a copy of a page is."""

    ASKED = "asked", _("Requested")
    RUNNING = "running", _("Under way")
    KEPT = "kept", _("Kept")
    FAILED = "failed", _("Could not be kept")


class CaptureFinding(TextChoices):
    """Why a copy could not be kept, and what to do."""

    NONE = "", _("nothing to report")
    REFUSED = (
        "refused",
        _("The address, or where it leads, is not on the public web. Check the address in your browser."),
    )
    NO_ANSWER = (
        "no_answer",
        _(
            "The site could not be reached, or did not send the whole page within 10 seconds. Check the "
            "address in your browser, ask again later, or look for a copy in the Wayback Machine."
        ),
    )
    TOO_LARGE = (
        "too_large",
        _("It is larger than 20 MB, so no copy was made. Download it and add it as a file."),
    )
    STORAGE = (
        "storage",
        _("The tracker could not store it: the disk is full, or the key is missing. Tell your manager."),
    )
    CHANGED = (
        "changed",
        _(
            "Access to this item was changed after the copy was requested, so nothing was fetched. "
            "Request it again."
        ),
    )
    LAPSED = (
        "lapsed",
        _(
            "It was not fetched within a day. Tell your manager that the background jobs may not be "
            "running, and request it again."
        ),
    )
    CRASHED = "crashed", _("The tracker was stopped three times while it worked on it. Tell your manager.")


OPEN_CAPTURES = (CaptureState.ASKED, CaptureState.RUNNING)
