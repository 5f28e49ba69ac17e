"""What is done with an item in the background, and how it ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """What an item is looked into for."""

    VIRUS = "virus", _("Scan for viruses")
    PICTURES = "pictures", _("Preview")
    WORDS = "words", _("Text for search")


class ExaminationState(TextChoices):
    """How far it is."""

    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
    FAILED = "failed", _("Could not be done")


class Finding(TextChoices):
    """What was found, where it is not simply done."""

    NONE = "", _("nothing to report")
    INFECTED = "infected", _("it holds malware")
    UNREACHABLE = "unreachable", _("the virus scanner cannot be reached")
    NOT_SCANNED = "not_scanned", _("the virus scanner refused it, for example because of its size")
    TOO_LARGE = "too_large", _("it is too large to be opened safely")
    TOO_MUCH = "too_much", _("opening it took more time or memory than a normal file needs")
    BROKEN = "broken", _("the file is broken, or of a kind that cannot be opened here")
    LOCKED = "locked", _("it is protected with a password")
    EMPTY = "empty", _("there is nothing in it to show")
    DAMAGED = "damaged", _("the stored file cannot be read; tell your manager")
    CRASHED = "crashed", _("the tracker was stopped three times while it worked on it")


class DerivedKind(TextChoices):
    """What was made of an item."""

    COPY = "copy", _("Copy without metadata")
    PREVIEW = "preview", _("Preview")
    METADATA = "metadata", _("Metadata")
