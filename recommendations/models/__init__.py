"""The nouns of the domain."""

from recommendations.models.accounts import AccountChange
from recommendations.models.advocacy import Advocacy
from recommendations.models.citations import Citation
from recommendations.models.dated_reasons import DatedReason
from recommendations.models.derived import Derived, Examination
from recommendations.models.editions import Edition
from recommendations.models.events import Event
from recommendations.models.evidence import (
    CONTENT_FIELDS,
    DETAIL_FIELDS,
    TOLD_FIELDS,
    Damage,
    Evidence,
    StagedUpload,
    item_key,
)
from recommendations.models.grants import Grant
from recommendations.models.heartbeats import Heartbeat
from recommendations.models.held_changes import HeldChange
from recommendations.models.lineages import Lineage
from recommendations.models.links import Capture, LinkCheck
from recommendations.models.lists import SavedFilter
from recommendations.models.mail import Mail, MailAttempt, MailItem, MailWords
from recommendations.models.moments import Moment
from recommendations.models.narrative import BaselineClaim, Tag
from recommendations.models.of_updates import PlaceLooked
from recommendations.models.organisation import Organisation
from recommendations.models.passages import Passage
from recommendations.models.people import User
from recommendations.models.publications import Publication, PublicationProposal
from recommendations.models.recommendations import Ask, Recommendation
from recommendations.models.reports import Report, Section
from recommendations.models.reviews import Review, UpdateVersion
from recommendations.models.sealed import SEALING_FIELDS
from recommendations.models.source_versions import SourceVersion, Wording
from recommendations.models.staged_reports import StagedReport
from recommendations.models.tokens import ApiToken, RequestCount
from recommendations.models.unsubscribing import UnsubscribeToken
from recommendations.models.updates import StatusUpdate

__all__ = [
    "CONTENT_FIELDS",
    "DETAIL_FIELDS",
    "SEALING_FIELDS",
    "TOLD_FIELDS",
    "AccountChange",
    "Advocacy",
    "ApiToken",
    "Ask",
    "BaselineClaim",
    "Capture",
    "Citation",
    "Damage",
    "DatedReason",
    "Derived",
    "Edition",
    "Event",
    "Evidence",
    "Examination",
    "Grant",
    "Heartbeat",
    "HeldChange",
    "Lineage",
    "LinkCheck",
    "Mail",
    "MailAttempt",
    "MailItem",
    "MailWords",
    "Moment",
    "Organisation",
    "Passage",
    "PlaceLooked",
    "Publication",
    "PublicationProposal",
    "Recommendation",
    "Report",
    "RequestCount",
    "Review",
    "SavedFilter",
    "Section",
    "SourceVersion",
    "StagedReport",
    "StagedUpload",
    "StatusUpdate",
    "Tag",
    "UnsubscribeToken",
    "UpdateVersion",
    "User",
    "Wording",
    "item_key",
]
