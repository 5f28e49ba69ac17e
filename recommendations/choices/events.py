"""The kinds of the event sequence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventKind(TextChoices):
    """What the event sequence records."""

    IMPORTED = "imported", _("Report imported")
    APPROVED = "approved", _("Update approved")
    RETURNED = "returned", _("Update returned")
    STATUS_CHANGED = "status_changed", _("Status changed")
    EVIDENCE_ADDED = "evidence_added", _("Evidence added")
    EVIDENCE_CHANGED = "evidence_changed", _("Evidence changed")
    GRANTED = "granted", _("Access granted")
    REVOKED = "revoked", _("Access taken back")
    DOWNLOADED = "downloaded", _("Evidence downloaded")
    ASSIGNED = "assigned", _("Owner or deputy changed")
    RESCHEDULED = "rescheduled", _("Review date changed")
    RETITLED = "retitled", _("Short title or pillar changed")
    SPLIT = "split", _("Ask added")
    ASK_RENAMED = "ask_renamed", _("Ask renamed")
    ASK_RETIRED = "ask_retired", _("Ask retired")
    ASK_MOVED = "ask_moved", _("Status of an ask changed")
    ARCHIVED = "archived", _("Report archived")
    ROLE_CHANGED = "role_changed", _("Roles changed")
    SIGN_IN_CHANGED = "sign_in_changed", _("Password or address set by a manager")
    MAIL_STEERED = "mail_steered", _("Mail sent again or marked as delivered by a manager")
