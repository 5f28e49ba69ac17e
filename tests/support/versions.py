"""Narratives of one report in several versions, each with a list of its own, and bringing them."""

from functools import partial

from recommendations.documents import read
from recommendations.importing import parse
from recommendations.models import Report
from recommendations.selectors.source_versions import further_version
from recommendations.services import source_versions
from recommendations.services.reports import import_report
from tests.support.factories import NOW

FIRST = (
    "End the use of forced labor in prison camps.",
    "Criminalize sex trafficking and labor trafficking.",
    "Provide assistance to victims at home and to victims returned from abroad.",
)
HEAD = """{year} Trafficking in Persons Report: North Korea

NORTH KOREA (Tier {tier})

The Government of North Korea does not fully meet the minimum standards for the elimination of trafficking and
is not making significant efforts to do so; therefore North Korea remained on Tier {tier}.

PRIORITIZED RECOMMENDATIONS:

"""
TAIL = "\n\nPROSECUTION\n\nThe government made no law enforcement efforts.\n"


def narrative(*items, tier="3", cut="", year=2024):
    """Return a document with this list; with ``cut``, it breaks off after these words, which come last."""
    text = HEAD.format(tier=tier, year=year) + " * ".join([*items, cut] if cut else items)
    return (text if cut else text + TAIL).encode()


def first(*items, now=NOW, actor=None, **how):
    """Import the first version. Returns: the report."""
    document = read(narrative(*(items or FIRST), **how))
    report, _made = import_report(document=document, now=now, actor=actor, source_name="first.txt")
    return report


def adding(report, data, *, choices=None, **more):
    """Return what adds a document as a further version, by somebody who has seen what it changes."""
    document = read(data)
    parsed = parse(document.text, sha256=document.sha256)
    seen = further_version(report, parsed, choices).mark
    about = {"report": report, "document": document, "parsed": parsed, "seen": seen, "choices": choices}
    return partial(source_versions.add, **about, **more)


def bring(report, data, *, now=NOW, actor=None, choices=None, **more):
    """Add a document as a further version, as somebody who has seen what it changes."""
    report = Report.objects.get(pk=report.pk)
    return adding(report, data, choices=choices, now=now, actor=actor, **more)()


__all__ = ["FIRST", "adding", "bring", "first", "narrative"]
