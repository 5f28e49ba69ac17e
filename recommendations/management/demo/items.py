"""The made-up evidence."""

from recommendations.choices import EvidenceKind, Sensitivity, Stance
from recommendations.management.demo.cast import Item

CAMPS_REPORT = Item(
    "Example: survey of twelve camp sites",
    EvidenceKind.SATELLITE,
    "Example Imagery Group",
    path="camp-survey",
    locator="pages 4–9",
)
MOBILIZATION = Item(
    "Example: call for a seventy-day campaign",
    EvidenceKind.OFFICIAL,
    "Example State News",
    path="seventy-days",
    sensitivity=Sensitivity.PUBLIC,
)
RETURNEES = Item(
    "Example: note of five conversations with returnees",
    EvidenceKind.TESTIMONY,
    "Example Relief Network",
    text="Example. Notes of five conversations. Names and places were left out on purpose.\n",
)
WORKERS = Item(
    "Example: contracts of a logging company",
    EvidenceKind.DATA,
    "Example Business Register",
    text="Example\nyear,workers,wage withheld\n2023,120,70 percent\n2024,135,70 percent\n",
    locator="rows 2 and 3",
)
WORKERS_DENIAL = Item(
    "Example: ministry denies that wages are withheld",
    EvidenceKind.PRESS,
    "Example Daily",
    path="denial",
    sensitivity=Sensitivity.PUBLIC,
    stance=Stance.CONTRADICTS,
)
CODE = Item(
    "Example: penal code, edition of last year",
    EvidenceKind.LAW,
    "Example Law Library",
    text="Example penal code. Article 1: an example of an article. No article names trafficking.\n",
    locator="table of contents",
)
VISIT = Item(
    "Example: mandate holder’s request for a visit, unanswered",
    EvidenceKind.NGO_UN,
    "Example UN Office",
    path="visit-request",
    sensitivity=Sensitivity.PUBLIC,
)
