"""What a field of an update is made of: its shape, where it is asked for, and where it is listed."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.formats import date_format

from recommendations.choices.updates import UpdateKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BOTH = (UpdateKind.ASSESSMENT, UpdateKind.CHECK)
ASSESSMENT = (UpdateKind.ASSESSMENT,)


class Shape(Enum):
    """What is put into a field; ``ROWS`` are rows of their own tables, ``ASK`` is a reference."""

    ASK = "ask"
    CHOICE = "choice"
    DAY = "day"
    LINE = "line"
    TEXT = "text"
    ROWS = "rows"


class Group(Enum):
    """Under which question of the form a field is asked for."""

    FOUND = "found"
    MEANING = "meaning"


class Place(Enum):
    """Where words of an update are listed; its comparisons and versions hold every field."""

    PAGE = "page"  # its own page and the history of its recommendation
    EDITION = "edition"
    DIGEST = "digest"  # the team's mails, of what moved a status
    PARTNERS = "partners"  # the mails of those outside
    SEARCH = "search"
    DESK_SEARCH = "desk_search"


@dataclass(frozen=True)
class UpdateField:
    """One field.

    Args:
        name: of the column of ``StatusUpdate``, in stored versions and editions too. Whoever changes it names
            the old one in ``RENAMED``.
        label: what pages call it.
        kinds: the kinds of update that have it.
        inside: for the team alone: never a part of what is quoted outside.
        group, asked_in, question, help: where forms ask for it, in which words (else the label). Without a
            group a form places it by name.
        vocabulary, offered: of a choice: its values, and those that a person can choose (else all).
        default: the value of a choice that nobody made.
        mark: the template tag that draws its value, if there is one.
        below: the field whose words it belongs to; pages show it there.
        lead_in: what stands before its words where they have no heading.
        column, is_usual: the public name of its column in exported tables, headed by its label,
            and whether it is chosen beforehand. Without a column it is never exported.
    """

    name: str
    label: "StrOrPromise"
    shape: Shape
    kinds: tuple[UpdateKind, ...] = ASSESSMENT
    inside: bool = False
    group: Group | None = None
    asked_in: tuple[UpdateKind, ...] = ASSESSMENT
    question: "StrOrPromise" = ""
    help: "StrOrPromise" = ""
    vocabulary: type[TextChoices] | None = None
    offered: tuple[TextChoices, ...] = ()
    default: str = ""
    mark: str = ""
    below: str = ""
    lead_in: "StrOrPromise" = ""
    places: tuple[Place, ...] = ()
    column: str = ""
    is_usual: bool = True

    @property
    def look(self) -> str:
        """How a comparison shows it: by its mark, its words part by part, or as it is."""
        shapes = {Shape.TEXT: "text", Shape.DAY: "day", Shape.ROWS: self.name}
        return self.mark or shapes.get(self.shape, "plain")

    def as_json(self, value: Any) -> Any:
        """Return a value as a version or an edition stores it."""
        return value.isoformat() if self.shape is Shape.DAY and value else value

    def from_json(self, value: Any) -> Any:
        """Return what ``as_json`` stored."""
        return date.fromisoformat(value) if self.shape is Shape.DAY and value else value or ""

    def in_words(self, value: Any) -> Any:
        """Return a value as a person reads it, where it is not drawn."""
        if self.vocabulary:
            return str(dict(self.vocabulary.choices).get(value, value))
        return date_format(value, "j M Y") if self.shape is Shape.DAY and value else value
