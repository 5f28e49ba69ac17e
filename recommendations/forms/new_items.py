"""What every form asks about a new evidence item: who can see it, its title, its size."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import vault
from recommendations.choices import SEALED, EvidenceForm, Sensitivity

TEXT_LIMIT = 20_000
CHOOSE = [("", gettext_lazy("Choose…"))]


# The levels in few words, for a list to choose from; none is chosen beforehand.
LEVELS = [
    *CHOOSE,
    (Sensitivity.PUBLIC, gettext_lazy("Public: may be quoted")),
    (Sensitivity.INTERNAL, gettext_lazy("Internal: the whole team")),
    (Sensitivity.RESTRICTED, gettext_lazy("Restricted: only the people you name")),
]


def levels(shape, waiting=None):
    """Return the levels to choose from for a new item.

    Sealed only for a file, where that is switched on, or was when the file came that waits.
    """
    may_be_sealed = vault.officers.may_seal() or (waiting and waiting.is_sealed)
    if shape != EvidenceForm.FILE or not may_be_sealed:
        return LEVELS
    return [*LEVELS, (SEALED, gettext_lazy("Sealed: only officers, with their keys"))]


def title_hint(usual):
    """Return what is said beside the title of a file: more where it can be sealed."""
    if not vault.officers.may_seal():
        return usual
    sealed = _(
        "Enter a title for a sealed file. The title is not encrypted and everybody with access to "
        "the item can read it: do not name anybody in it."
    )
    return f"{usual} {sealed}"


def size_limit():
    """Return the attributes by which the browser warns of a file that is too large, before it is sent."""
    return {"data-max-bytes": settings.EVIDENCE_MAX_BYTES, "data-too-large": vault.too_large()}
