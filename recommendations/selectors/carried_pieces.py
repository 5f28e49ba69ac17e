"""One thing that a recommendation can take over from an earlier one: a field, an ask, a review date."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import Nature, Pillar
from recommendations.models import Ask, DatedReason, Recommendation
from recommendations.rules.answering import NEEDS


@dataclass(frozen=True)
class Piece:
    """One field, or row, that the earlier recommendation has and the later one has not, given by a person.

    ``stays`` says that a person gave the later one its own; ``why``, why it cannot be carried over.
    """

    name: str
    was: Any
    now: Any
    stays: bool = False
    why: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether it is carried over."""
        return not (self.stays or self.why)

    @property
    def label(self) -> str:
        """What pages call the field."""
        if self.name == "interval_days":
            return _("review interval")
        return str(getattr(Recommendation, self.name).field.verbose_name)

    @property
    def was_in_words(self) -> str:
        """What the earlier one has."""
        return _in_words(self.name, self.was)

    @property
    def now_in_words(self) -> str:
        """What the later one has."""
        return _in_words(self.name, self.now)


@dataclass(frozen=True)
class AskPiece(Piece):
    """An ask of the earlier recommendation, and where its words are in the text of the later one."""

    was: Ask
    place: tuple[int, int] = (0, 0)

    @property
    def label(self) -> str:
        """What pages call it."""
        return _("ask")

    @property
    def was_in_words(self) -> str:
        """Its title."""
        return f"“{self.was.title}”"


@dataclass(frozen=True)
class DatePiece(Piece):
    """A review date of the earlier recommendation that no update has answered."""

    was: DatedReason

    @property
    def label(self) -> str:
        """What pages call it."""
        return _("review date")

    @property
    def was_in_words(self) -> str:
        """The day, and what it is for."""
        return f"{date_format(self.was.on, 'j M Y')}, {self.was.words}"


def _in_words(name: str, value: Any) -> str:
    if name in NEEDS:
        return str(value or _("nobody"))
    if name == "interval_days":
        return ngettext("%(n)s day", "%(n)s days", value) % {"n": value}
    if name == "nature":
        return str(Nature(value).label)
    if name == "pillar":
        return str(Pillar(value).label) if value else _("none")
    return f"“{value}”"
