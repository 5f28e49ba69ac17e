"""What was made of an item, and who can have the item itself."""

import json

from django.db.models import QuerySet

from recommendations import vault
from recommendations.choices import DerivedKind, Finding, Purpose, Role
from recommendations.models import Derived, Evidence, Examination, Passage, User

# Pictures of these types are drawn again, without what the camera or the program wrote beside them.
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/heic", "image/heif")
# What of an item is shown in place: made here, of these types and no others.
SHOWN_TYPES = ("image/jpeg", "image/png")


def is_picture(item: Evidence) -> bool:
    """Say whether an item is a picture whose file can reveal where and by whom it was taken."""
    return item.content_type in PICTURES


def is_infected(item: Evidence) -> bool:
    """Say whether the virus scanner found something in an item."""
    return Examination.objects.filter(evidence=item, purpose=Purpose.VIRUS, finding=Finding.INFECTED).exists()


def may_open_original(item: Evidence, person: User) -> bool:
    """Say whether ``person``, who can see the item, can have its bytes as they were received.

    A picture's metadata can give away who took it and where. So the original of a picture is only for its
    uploader, people with a grant, and reviewers; others get the copy without metadata. The same holds for a
    file in which the virus scanner found something. Everybody who can see the item gets any other file.
    """
    if not item.object_name:
        return False
    if not is_picture(item) and not is_infected(item):
        return True
    return (
        item.uploaded_by_id == person.pk
        or person.has_role(Role.REVIEWER)
        or item.grants.filter(person=person).exists()
    )


def clean_copy_of(item: Evidence) -> Derived | None:
    """Return the copy of a picture without metadata, or None if there is none."""
    return Derived.objects.filter(derived_from=item, kind=DerivedKind.COPY).first()


def previews_of(item: Evidence) -> QuerySet[Derived]:
    """Return the pictures to look at, in order."""
    return Derived.objects.filter(
        derived_from=item, kind=DerivedKind.PREVIEW, content_type__in=SHOWN_TYPES
    ).order_by("number")


def metadata_of(item: Evidence) -> list[tuple[str, str, str]]:
    """Return the metadata of the file as [group, name, value] lists; empty until it is read.

    Only for people who can have the original. Raises: vault.Damaged.
    """
    held = Derived.objects.filter(derived_from=item, kind=DerivedKind.METADATA).first()
    if held is None:
        return []
    with vault.open_verified(held.object_name, size=held.size, sha256=held.sha256) as stream:
        found: list[tuple[str, str, str]] = json.load(stream)
        return found


def forget_words(items: QuerySet[Evidence]) -> None:
    """Remove the words of items from the search at once; they return when an item is no longer restricted.

    Call it in the transaction in which an item becomes restricted, or is removed.
    """
    Passage.objects.filter(evidence__in=items).delete()
    Examination.objects.filter(evidence__in=items, purpose=Purpose.WORDS).delete()
