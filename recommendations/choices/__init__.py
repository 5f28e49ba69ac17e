"""Every vocabulary of the domain, by noun: each value with its label and what it means."""

from recommendations.choices.advocacy import AdvocacyKind, MomentKind
from recommendations.choices.events import OFFICER_NAMED, EventKind
from recommendations.choices.evidence import (
    CREDIBILITY_MEANING,
    RELIABILITY_MEANING,
    SEALED,
    SEALED_LABEL,
    SEALED_MEANING,
    SENSITIVITY_MEANING,
    Credibility,
    EvidenceForm,
    EvidenceKind,
    Reliability,
    Retention,
    Sensitivity,
    Stance,
)
from recommendations.choices.examinations import DerivedKind, ExaminationState, Finding, Purpose
from recommendations.choices.links import (
    OPEN_CAPTURES,
    CaptureFinding,
    CaptureState,
    LinkOutcome,
    outcome_of,
)
from recommendations.choices.lists import ListName
from recommendations.choices.mail import RESENDABLE_STATES, UNSTOPPABLE, MailAct, MailKind, MailState
from recommendations.choices.people import (
    PARTNER,
    PARTNER_LABEL,
    DigestFrequency,
    ReminderChoice,
    Role,
    Weekday,
)
from recommendations.choices.reports import LineageKind, Pillar, SectionKind, Tier
from recommendations.choices.status import (
    CRITERIA,
    LEAST_ADVANCED_FIRST,
    PLACES_MAY_STAND_FOR_EVIDENCE,
    Confidence,
    Direction,
    Status,
)
from recommendations.choices.updates import EDITABLE_STATES, OPEN_STATES, Decision, UpdateKind, UpdateState

__all__ = [
    "CREDIBILITY_MEANING",
    "CRITERIA",
    "EDITABLE_STATES",
    "LEAST_ADVANCED_FIRST",
    "OFFICER_NAMED",
    "OPEN_CAPTURES",
    "OPEN_STATES",
    "PARTNER",
    "PARTNER_LABEL",
    "PLACES_MAY_STAND_FOR_EVIDENCE",
    "RELIABILITY_MEANING",
    "RESENDABLE_STATES",
    "SEALED",
    "SEALED_LABEL",
    "SEALED_MEANING",
    "SENSITIVITY_MEANING",
    "UNSTOPPABLE",
    "AdvocacyKind",
    "CaptureFinding",
    "CaptureState",
    "Confidence",
    "Credibility",
    "Decision",
    "DerivedKind",
    "DigestFrequency",
    "Direction",
    "EventKind",
    "EvidenceForm",
    "EvidenceKind",
    "ExaminationState",
    "Finding",
    "LineageKind",
    "LinkOutcome",
    "ListName",
    "MailAct",
    "MailKind",
    "MailState",
    "MomentKind",
    "Pillar",
    "Purpose",
    "Reliability",
    "ReminderChoice",
    "Retention",
    "Role",
    "SectionKind",
    "Sensitivity",
    "Stance",
    "Status",
    "Tier",
    "UpdateKind",
    "UpdateState",
    "Weekday",
    "outcome_of",
]
