"""Mails about decisions: whose review they bring, and whether somebody else may read it in the mail log."""

import re
from collections.abc import Iterable

from recommendations.models import Citation, Mail, Review, User

OF_REVIEW = re.compile(r"decision:(\d+):")


def reviews_of(mails: Iterable[Mail]) -> dict[int, int]:
    """Return {primary key of a mail: that of the review it tells of}; its key names it."""
    return {mail.pk: int(found[1]) for mail in mails if (found := OF_REVIEW.match(mail.key))}


def is_closed_to(mail: Mail, reader: User) -> bool:
    """Say whether a mail brings comments on what ``reader`` cannot see, or not any more.

    It is its recipient's, whatever became of the update and the items that it cites.
    """
    number = reviews_of([mail]).get(mail.pk)
    if number is None or mail.recipient_id == reader.pk:
        return False
    review = Review.objects.visible_to(reader).filter(pk=number).first()
    if review is None:
        return True
    cited = Citation.objects.filter(update=review.update_id)
    return cited.count() > cited.visible_to(reader).count()
