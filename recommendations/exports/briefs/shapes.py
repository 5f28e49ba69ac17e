"""The parts of a brief, as plain words: ``content`` fills them, and a kind of file lays them out."""

from dataclasses import dataclass

from recommendations.exports.briefs.labels import Labels
from recommendations.selectors.telling import Beside


@dataclass(frozen=True)
class Standing:
    """Where something stands: its status, or that none is told, and the sentences on it."""

    status: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """A mark in a finding that leads to a source by its number, with the place in it to look at."""

    number: int
    where: str


@dataclass(frozen=True)
class Finding:
    """One update: of which day it is, what it says, what is told beside that, and its sources."""

    head: str
    words: str
    marks: tuple[Mark, ...]
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class AskPart:
    """One of several asks: its words, where it stands, and what was found."""

    words: str
    standing: Standing
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Source:
    """A source by its number: its title, what it is, and its address or nothing."""

    number: int
    title: str
    facts: str
    address: str


@dataclass(frozen=True)
class Part:
    """What a brief says of one recommendation. ``key`` names the part for links inside the file.

    ``earlier`` is a sentence on the year before, and ``earlier_words`` what the report said then, if it said
    something else.
    """

    key: str
    reference: str
    title: str
    words: str
    standing: Standing
    findings: tuple[Finding, ...]
    asks: tuple[AskPart, ...]
    sources: tuple[Source, ...]
    earlier: str = ""
    earlier_words: str = ""
    work: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of the table of all recommendations."""

    key: str
    number: str
    words: str
    status: str
    since: str


@dataclass(frozen=True)
class Brief:
    """A brief as plain words. ``rows`` are empty where it is about one recommendation.

    ``logo`` are the bytes of a PNG or JPEG, or none.
    """

    title: str
    subtitle: str
    said_of_it: tuple[str, ...]
    organisation: str
    contact: str
    logo: bytes
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    method: tuple[str, ...]
    labels: Labels
    footer: str
