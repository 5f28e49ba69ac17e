"""Every vocabulary of the domain: each value with its label and what it means.

The wording of the status criteria follows the domain description; raters err one step too strict
when criteria are vague, so the text here is the very text that is shown beside each choice.
"""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The four roles, each a Django group; a later role may do all that an earlier one may."""

    VIEWER = "Viewer", _("Viewer")
    CONTRIBUTOR = "Contributor", _("Contributor")
    REVIEWER = "Reviewer", _("Reviewer")
    MANAGER = "Manager", _("Manager")


class Status(TextChoices):
    """Implementation status: what was done, never what was intended."""

    NOT_ASSESSED = "not_assessed", _("Not yet assessed")
    NO_INFORMATION = "no_information", _("No reliable information")
    CONTRARY = "contrary", _("Contrary action")
    NO_ACTION = "no_action", _("No action")
    INITIAL = "initial", _("Initial steps")
    PARTLY = "partly", _("Partly implemented")
    IMPLEMENTED = "implemented", _("Implemented")

    @property
    def criterion(self):
        """The sentence that a rater reads beside the value."""
        return CRITERIA[self]

    @classmethod
    def proposable(cls):
        """The values an assessment may propose: all but *not yet assessed*."""
        return [value for value in cls if value != cls.NOT_ASSESSED]


CRITERIA = {
    Status.NOT_ASSESSED: _("Nobody has assessed it in this report's period."),
    Status.NO_INFORMATION: _(
        "We looked on a stated date in stated places and found nothing that can be relied on."
    ),
    Status.CONTRARY: _("Measures that go against the recommendation, or its rejection."),
    Status.NO_ACTION: _(
        "Nothing new in the period. Announcements, and measures that existed before, count as none."
    ),
    Status.INITIAL: _("A concrete step on the point, taken inside the period."),
    Status.PARTLY: _("A substantial part is in effect and a part is missing. Say which."),
    Status.IMPLEMENTED: _("In effect, largely or fully."),
}

# The places looked at may stand instead of a citation for these two (domain, rule 1).
PLACES_MAY_STAND_FOR_EVIDENCE = (Status.NO_INFORMATION, Status.NO_ACTION)


class Confidence(TextChoices):
    """How sure we are of the status."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Direction(TextChoices):
    """The way it went since the last approved assessment."""

    BETTER = "better", _("Better")
    SAME = "same", _("Same")
    WORSE = "worse", _("Worse")
    UNKNOWN = "unknown", _("Unknown")


class Pillar(TextChoices):
    """The four P's of the field, and one for a state's own practice, which fits none of them."""

    PROSECUTION = "prosecution", _("Prosecution")
    PROTECTION = "protection", _("Protection")
    PREVENTION = "prevention", _("Prevention")
    PARTNERSHIP = "partnership", _("Partnership")
    STATE_PRACTICE = "state_practice", _("State practice")


class Tier(TextChoices):
    """The tiers of the Trafficking in Persons Report."""

    TIER_1 = "1", _("Tier 1")
    TIER_2 = "2", _("Tier 2")
    TIER_2_WATCH_LIST = "2WL", _("Tier 2 Watch List")
    TIER_3 = "3", _("Tier 3")
    SPECIAL_CASE = "special", _("Special Case")
    NOT_STATED = "", _("Not stated")


class SectionKind(TextChoices):
    """The parts of a narrative."""

    ASSESSMENT = "assessment", _("Assessment")
    RECOMMENDATIONS = "recommendations", _("Prioritized recommendations")
    PROSECUTION = "prosecution", _("Prosecution")
    PROTECTION = "protection", _("Protection")
    PREVENTION = "prevention", _("Prevention")
    PROFILE = "profile", _("Trafficking profile")
    GOVERNMENT_EFFORTS = "government_efforts", _("Government efforts")


class UpdateKind(TextChoices):
    """An assessment proposes a status; a check says "looked, nothing new"."""

    ASSESSMENT = "assessment", _("Assessment")
    CHECK = "check", _("Check")


class UpdateState(TextChoices):
    """Draft, submitted, then approved or returned; the author may withdraw until approval."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What the author may still change, and what the public at large of the house may not see yet.
EDITABLE_STATES = (UpdateState.DRAFT, UpdateState.RETURNED)
OPEN_STATES = (UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED)


class Decision(TextChoices):
    """What a reviewer decides."""

    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return")


class Sensitivity(TextChoices):
    """Who may read it."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    RESTRICTED = "restricted", _("Restricted")

    @property
    def meaning(self):
        """One sentence on what the level means, shown beside the choice."""
        return SENSITIVITY_MEANING[self]


SENSITIVITY_MEANING = {
    Sensitivity.PUBLIC: _("May be quoted outside."),
    Sensitivity.INTERNAL: _("Any signed-in member of the team can read it."),
    Sensitivity.RESTRICTED: _(
        "Only you and the people granted on this item can see that it exists. Use it for testimony."
    ),
}


class EvidenceForm(TextChoices):
    """A file that we hold, or an address that we point to."""

    FILE = "file", _("File")
    LINK = "link", _("Link")


class EvidenceKind(TextChoices):
    """What sort of document an evidence item is."""

    LAW = "law", _("Law or regulation")
    OFFICIAL = "official", _("Official statement")
    PRESS = "press", _("Press")
    NGO_UN = "ngo_un", _("NGO or UN report")
    TESTIMONY = "testimony", _("Testimony")
    IMAGE_VIDEO = "image_video", _("Image or video")
    SATELLITE = "satellite", _("Satellite imagery")
    DATA = "data", _("Data")
    OTHER = "other", _("Other")


class Reliability(TextChoices):
    """Source reliability, the letter of the Admiralty code (STANAG 2511)."""

    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: reliability cannot be judged")


class Credibility(IntegerChoices):
    """Information credibility, the figure of the Admiralty code, judged apart from the source."""

    CONFIRMED = 1, _("1: confirmed by other sources")
    PROBABLE = 2, _("2: probably true")
    POSSIBLE = 3, _("3: possibly true")
    DOUBTFUL = 4, _("4: doubtful")
    IMPROBABLE = 5, _("5: improbable")
    CANNOT_JUDGE = 6, _("6: truth cannot be judged")


class Stance(TextChoices):
    """What a citation does for the update that makes it."""

    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")


class LineageKind(TextChoices):
    """How a recommendation relates to last year's."""

    SAME = "same", _("Same")
    REWORDED = "reworded", _("Reworded")
    WIDENED = "widened", _("Widened")
    NARROWED = "narrowed", _("Narrowed")
    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")
    NEW = "new", _("New")
    DROPPED = "dropped", _("Dropped")
    NOT_KNOWN = "not_known", _("Not known")


class ReminderChoice(TextChoices):
    """Which reminders a person wants."""

    ALL = "all", _("Before and after the date")
    ONLY_OVERDUE = "only_overdue", _("Only when something is overdue")
    NONE = "none", _("No reminders")


class DigestFrequency(TextChoices):
    """How often a person gets a digest."""

    WEEKLY = "weekly", _("Every week")
    BIWEEKLY = "biweekly", _("Every second week")
    MONTHLY = "monthly", _("Every month")
    NEVER = "never", _("Never")


class Weekday(IntegerChoices):
    """ISO weekdays: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class MailKind(TextChoices):
    """The mails that the tracker sends."""

    REMINDER = "reminder", _("Reminder")
    DIGEST = "digest", _("Digest")
    DECISION = "decision", _("Review decision")


class MailState(TextChoices):
    """Where an owed mail stands; the last five are final."""

    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Accepted by the mail server")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Not known whether it was accepted")
    SUPPRESSED = "suppressed", _("Not sent, on purpose")
    EXPIRED = "expired", _("Too late to be useful, not sent")


class MailAct(TextChoices):
    """What a manager may do about a mail that has come to an end."""

    SEND_AGAIN = "send_again", _("Send again")
    MARK_DELIVERED = "mark_delivered", _("Mark as delivered")


# Of these nobody knows that they were accepted, and the sender leaves them alone.
RESENDABLE_STATES = (MailState.FAILED, MailState.UNKNOWN, MailState.EXPIRED)


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
    ARCHIVED = "archived", _("Report archived")
    ROLE_CHANGED = "role_changed", _("Roles changed")
    SIGN_IN_CHANGED = "sign_in_changed", _("Password or address set by a manager")
    MAIL_STEERED = "mail_steered", _("Mail sent again or marked as delivered by a manager")
