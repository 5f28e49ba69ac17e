"""Every reusable read, by noun. ``visible_to`` is the one place that decides who may see a row.

Lists, detail pages, counts, search, exports, mails and the admin all pass through it. A row that it
leaves out is *not found*, never *forbidden*: that it exists is told to nobody (docs/domain.md,
"Sensitivity"). Being a manager opens no restricted row.
"""

from recommendations.querysets.advocacy import AdvocacyQuerySet
from recommendations.querysets.base import OwnQuerySet, VisibleQuerySet, rows_of
from recommendations.querysets.derived import (
    CaptureQuerySet,
    DerivedQuerySet,
    ExaminationQuerySet,
    PassageQuerySet,
)
from recommendations.querysets.events import EventQuerySet
from recommendations.querysets.evidence import (
    CitationQuerySet,
    DamageQuerySet,
    EvidenceQuerySet,
    GrantQuerySet,
    OwnUploadQuerySet,
)
from recommendations.querysets.lists import SavedFilterQuerySet
from recommendations.querysets.mail import (
    HeartbeatQuerySet,
    MailItemQuerySet,
    MailQuerySet,
    MailWordsQuerySet,
    OfMailQuerySet,
)
from recommendations.querysets.matching import Words
from recommendations.querysets.reports import RecommendationQuerySet, ReportQuerySet
from recommendations.querysets.updates import (
    OfUpdateQuerySet,
    ReviewQuerySet,
    StatusUpdateQuerySet,
    UpdateVersionQuerySet,
)

__all__ = [
    "AdvocacyQuerySet",
    "CaptureQuerySet",
    "CitationQuerySet",
    "DamageQuerySet",
    "DerivedQuerySet",
    "EventQuerySet",
    "EvidenceQuerySet",
    "ExaminationQuerySet",
    "GrantQuerySet",
    "HeartbeatQuerySet",
    "MailItemQuerySet",
    "MailQuerySet",
    "MailWordsQuerySet",
    "OfMailQuerySet",
    "OfUpdateQuerySet",
    "OwnQuerySet",
    "OwnUploadQuerySet",
    "PassageQuerySet",
    "RecommendationQuerySet",
    "ReportQuerySet",
    "ReviewQuerySet",
    "SavedFilterQuerySet",
    "StatusUpdateQuerySet",
    "UpdateVersionQuerySet",
    "VisibleQuerySet",
    "Words",
    "rows_of",
]
