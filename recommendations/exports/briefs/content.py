"""What stands in a brief, as plain words: a page or two on a recommendation, read like a letter.

It is made of what ``selectors/outside`` tells, and so can say nothing that is not published; or, for the
team, of what ``selectors/inside`` tells, which holds nothing that is restricted.
"""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import (
    Confidence,
    Credibility,
    EvidenceKind,
    Movement,
    Reliability,
    Status,
    UpdateKind,
)
from recommendations.exports.briefs.labels import labels
from recommendations.exports.briefs.shapes import AskPart, Brief, Finding, Mark, Part, Row, Source, Standing
from recommendations.models import Organisation, Report, User
from recommendations.models.organisation import ours
from recommendations.selectors.telling import (
    ToldCitation,
    ToldPart,
    ToldRecommendation,
    ToldSource,
    ToldStanding,
    ToldUpdate,
)


def brief_of(
    told: Sequence[ToldRecommendation], report: Report, today: date, *, for_team: User | None = None
) -> Brief:
    """Return a brief on recommendations of one report.

    Args:
        told: what is told of each (``selectors.outside``, or ``selectors.inside`` for the team), in the order
            of the brief; at least one.
        today: the day that it is of.
        for_team: who makes it for the team; None for people outside, to whom nobody is named.
    """
    organisation, is_one = ours(), len(told) == 1
    parts = tuple(_part(one, is_for_team=bool(for_team)) for one in told)
    if is_one:
        title = parts[0].title
        subtitle = _("Recommendation %(number)s of the Trafficking in Persons Report %(year)s to %(country)s")
    elif for_team:
        title = _("%(report)s: where it stands") % {"report": report}
        subtitle = _("On recommendations of the Trafficking in Persons Report %(year)s to %(country)s")
    else:
        title = _("%(report)s: what is published") % {"report": report}
        subtitle = _("On recommendations of the Trafficking in Persons Report %(year)s to %(country)s")
    about = {"number": told[0].position, "year": report.year, "country": report.country_name}
    level = _("Internal: only for the team") if for_team else ""
    return Brief(
        title=title,
        subtitle=subtitle % about,
        said_of_it=(_("As of %(day)s.") % {"day": _day(today)}, *_level(for_team)),
        organisation=organisation.name,
        contact=_one_paragraph(organisation),
        logo=bytes(organisation.logo),
        rows=() if is_one else tuple(_row(one, is_for_team=bool(for_team)) for one in told),
        parts=parts,
        method=_method(),
        labels=labels(for_team=bool(for_team)),
        footer=" · ".join(filter(None, (level, organisation.name, title))),
    )


def _level(for_team: User | None) -> tuple[str, ...]:
    """Return who can read it, as sentences."""
    if for_team is None:
        return (_("Public: everything in it is published and may be quoted."),)
    return (
        _("Internal: only for the team. It holds nothing that is restricted."),
        _("Exported by: %(who)s") % {"who": for_team} + ".",
    )


def _one_paragraph(organisation: Organisation) -> str:
    return " · ".join(line.strip() for line in organisation.contact.splitlines() if line.strip())


def _method() -> tuple[str, ...]:
    return (
        _(
            "Each status follows a written criterion and is given by outside assessors: one person writes, "
            "and another one reviews the evidence and decides."
        ),
        _("“No reliable information” means that we looked and found nothing that can be relied on."),
        _(
            "Sources are graded by the Admiralty code: the letter says how reliable the source is, the "
            "figure how credible the information."
        ),
    )


def _row(one: ToldRecommendation, *, is_for_team: bool) -> Row:
    stands = one.standing
    return Row(
        key=one.reference,
        number=str(one.position),
        words=one.title,
        status=str(Status(stands.status).label) if stands else _none(is_for_team=is_for_team),
        since=_day(stands.since) if stands else "",
    )


def _none(*, is_for_team: bool) -> str:
    return str(Status.NOT_ASSESSED.label) if is_for_team else _("Not published")


def _part(one: ToldRecommendation, *, is_for_team: bool) -> Part:
    before = one.earlier
    earlier = ""
    if before and before.is_same:
        earlier = _("The report of %(year)s has the same words.") % {"year": before.year}
    elif before:
        earlier = _("In the report of %(year)s:") % {"year": before.year}
    return Part(
        key=one.reference,
        reference=one.reference,
        title=one.title,
        words=one.text,
        standing=_standing(one.standing, one.updates, len(one.asks), is_for_team=is_for_team),
        findings=tuple(_finding(update) for update in one.updates),
        asks=tuple(_ask(ask, is_for_team=is_for_team) for ask in one.asks),
        sources=tuple(_source(source) for source in one.sources),
        earlier=earlier,
        earlier_words=before.words if before and not before.is_same else "",
        work=one.work,
    )


def _ask(ask: ToldPart, *, is_for_team: bool) -> AskPart:
    return AskPart(
        words=ask.words,
        standing=_standing(ask.standing, ask.updates, 0, is_for_team=is_for_team),
        findings=tuple(_finding(update) for update in ask.updates),
    )


def _standing(
    stands: ToldStanding | None, updates: Sequence[ToldUpdate], asks: int, *, is_for_team: bool
) -> Standing:
    if stands is None:
        return Standing(_("Not yet assessed.") if is_for_team else _("No status is published."), ())
    said = [
        _("Since %(since)s; last verified as of %(day)s.")
        % {"since": _day(stands.since), "day": _day(stands.as_of)}
        if stands.since != stands.as_of
        else _("As of %(day)s.") % {"day": _day(stands.as_of)}
    ]
    by = next((one for one in updates if one.status == stands.status and one.as_of == stands.as_of), None)
    if by and by.criterion:
        said.append(_("The criterion: “%(words)s”") % {"words": by.criterion})
    elif asks:
        words = ngettext(
            "It has %(n)s ask, whose status decides.",
            "It has %(n)s asks. The status is that of the least advanced one of which something was found.",
            asks,
        )
        said.append(words % {"n": asks})
    elif is_for_team:
        said.append(_("Its reason is restricted."))
    if stands.confidence:
        said.append(_("Confidence: %(words)s.") % {"words": Confidence(stands.confidence).label.lower()})
    if stands.movement:
        said.append(
            _("Since the assessment before it: %(words)s.")
            % {"words": Movement(stands.movement).label.lower()}
        )
    return Standing(str(Status(stands.status).label), tuple(said))


def _finding(update: ToldUpdate) -> Finding:
    head = _("As of %(day)s") % {"day": _day(update.as_of)}
    if update.status:
        head += ": " + str(Status(update.status).label)
    elif update.kind == UpdateKind.CHECK:
        head += ": " + _("nothing new")
    if update.is_example:
        head += " · " + _("example for the demonstration")
    marks = tuple(_mark(one) for one in update.citations)
    return Finding(head, update.words.strip(), marks, update.beside)


def _mark(citation: ToldCitation) -> Mark:
    return Mark(citation.source.number, citation.where.strip())


def _source(source: ToldSource) -> Source:
    first = source.first_published_by
    facts = [
        str(EvidenceKind(source.kind).label) if source.kind != EvidenceKind.OTHER else "",
        source.published_by,
        _("published first by %(name)s") % {"name": first} if first else "",
        _("published %(day)s") % {"day": _day(source.published_on)} if source.published_on else "",
        _("on what happened on %(day)s") % {"day": _day(source.shows_on)} if source.shows_on else "",
        source.language,
        _grade(source),
    ]
    said = "; ".join(" ".join(fact.split()) for fact in facts if fact and fact.strip())
    return Source(source.number, source.title, f"{capfirst(said)}.", source.address)


def _grade(source: ToldSource) -> str:
    if not (source.reliability and source.credibility):
        return ""
    reliability, credibility = Reliability(source.reliability), Credibility(source.credibility)
    return _("grade %(grade)s (%(source)s; %(information)s)") % {
        "grade": f"{reliability.value}{credibility.value}",
        # "B: usually reliable"
        "source": str(reliability.label).partition(": ")[2],
        "information": str(credibility.label).partition(": ")[2],
    }


def _day(day: date) -> str:
    return date_format(day, "j M Y")
