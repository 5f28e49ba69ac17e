"""The kinds of the event sequence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventKind(TextChoices):
    """What the event sequence records."""

    IMPORTED = "imported", _("Report imported")
    APPROVED = "approved", _("Update approved")
    RETURNED = "returned", _("Update returned")
    TAKEN = "taken", _("Taken in review")
    GIVEN_BACK = "given_back", _("Returned to the queue")
    STATUS_CHANGED = "status_changed", _("Status changed")
    PUBLISHED = "published", _("Published: may be said outside")
    NOT_PUBLISHED = "not_published", _("Withdrawn from outside, or not published")
    PUBLISHING_PROPOSED = "publishing_proposed", _("Publication proposed")
    PUBLISHING_DECLINED = "publishing_declined", _("Proposed publication declined")
    EVIDENCE_ADDED = "evidence_added", _("Evidence added")
    EVIDENCE_CHANGED = "evidence_changed", _("Evidence changed")
    GRANTED = "granted", _("Access granted")
    REVOKED = "revoked", _("Access removed")
    VIEWED = "viewed", _("Restricted item viewed")
    DOWNLOADED = "downloaded", _("Evidence downloaded")
    CAPTURE_ASKED = "capture_asked", _("Copy of the page requested")
    CAPTURED = "captured", _("Copy of the page made")
    CAPTURE_FAILED = "capture_failed", _("Copy of the page could not be made")
    GRADED = "graded", _("Grading changed")
    EXPORTED = "exported", _("Exported")
    HELD = "held", _("Put on hold: not to be removed")
    HOLD_LIFTED = "hold_lifted", _("Hold lifted")
    REMOVAL_PROPOSED = "removal_proposed", _("Removal proposed")
    REMOVAL_APPROVED = "removal_approved", _("Removal approved by a second person")
    REMOVAL_WITHDRAWN = "removal_withdrawn", _("Removal cancelled")
    REMOVED = "removed", _("Removed; its record is kept")
    REDACTED = "redacted", _("Text removed from the record")
    ASSIGNED = "assigned", _("Owner or deputy changed")
    RESCHEDULED = "rescheduled", _("Review date changed")
    RETITLED = "retitled", _("Short title or pillar changed")
    NATURE_CHANGED = "nature_changed", _("Nature corrected")
    SPLIT = "split", _("Ask added")
    ASK_RENAMED = "ask_renamed", _("Ask renamed")
    ASK_RETIRING = "ask_retiring", _("Retiring an ask proposed")
    ASK_KEPT = "ask_kept", _("Ask kept: it is not retired")
    ASK_RETIRED = "ask_retired", _("Ask retired")
    ASK_MOVED = "ask_moved", _("Status of an ask changed")
    EDITION = "edition", _("Edition frozen")
    # "Archived" is what closing was called when the first of these were recorded; an event is never changed.
    CLOSED = "archived", _("Report closed")
    REOPENED = "reopened", _("Report followed again")
    IMPORT_TAKEN_BACK = "import_taken_back", _("Import of a report undone")
    ROLE_CHANGED = "role_changed", _("Roles changed")
    SIGN_IN_CHANGED = "sign_in_changed", _("Password or address set by a manager")
    CONFIRMED = "confirmed", _("Account confirmed by a second manager")
    RENAMED = "renamed", _("Name changed")
    KEYS_CHANGED = "keys_changed", _("Evidence encryption keys changed")
    KEY_TRIED = "key_tried", _("Recovery key tested")
    DAMAGE_FOUND = "damage_found", _("Found damaged")
    BACKED_UP = "backed_up", _("Backup made")
    RESTORED = "restored", _("Restored from a backup")
    ADVOCACY_LOGGED = "advocacy_logged", _("Advocacy logged or changed")
    MOMENT_KEPT = "moment_kept", _("Calendar of moments changed")
    MAIL_STEERED = "mail_steered", _("Mail sent again or marked as delivered by a manager")


# What an entry about keys says was done, where others read it again.
OFFICER_NAMED = "officer named"
