"""The result of parsing: a report as read, or the refusal of what is not a narrative."""

from dataclasses import dataclass

from recommendations.choices import SectionKind, Tier

from . import tiers


class NotANarrative(ValueError):
    """The bytes cannot be read as one country narrative. Its text is a plain sentence for the user."""


class YearNotStated(NotANarrative):
    """A narrative that does not say which year's report it is from, and no year was given."""


@dataclass(frozen=True, slots=True)
class ParsedRecommendation:
    """One recommendation; `fold(report.text[start:end]) == text`, always. Positions count from 1."""

    position: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A part of the narrative: its heading as printed ("" if it has none) and the span of its body."""

    kind: SectionKind
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """A narrative as read. Every `start` and `end` counts characters of `text`.

    `text` is the text that was given, untouched: of a text file a byte-order mark and every carriage
    return stay in it. `sha256` is the digest of the document that it was read from. `complete` says
    whether the list of recommendations is known to be whole.
    """

    country_code: str
    country_name: str
    heading: str
    year: int
    tier: Tier
    complete: bool
    recommendations: tuple[ParsedRecommendation, ...]
    sections: tuple[ParsedSection, ...]
    warnings: tuple[str, ...]
    text: str
    sha256: str

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain values for JSON, without its text: what `import_report` prints.

        The tier is named in English whatever the language in use ("Tier 2 Watch List"), None where the
        text does not state it.
        """
        return {
            "country": self.country_name,
            "country_code": self.country_code,
            "heading": self.heading,
            "year": self.year,
            "tier": tiers.label(self.tier) if self.tier else None,
            "complete": self.complete,
            "recommendations": [
                {"position": item.position, "text": item.text, "start": item.start, "end": item.end}
                for item in self.recommendations
            ],
            "sections": [
                {"kind": str(part.kind.value), "heading": part.heading, "start": part.start, "end": part.end}
                for part in self.sections
            ],
            "warnings": list(self.warnings),
            "sha256": self.sha256,
        }
