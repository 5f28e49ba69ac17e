"""Mails that tell of a manager's power when it is used, so that none of it is used in quiet.

They name who did what and to whom, and never a restricted item: that stands behind the sign-in.
"""

from django.utils.translation import gettext as _

from recommendations.choices import MailKind
from recommendations.emails import written


def let_in(reader, *, person, actor, at, is_own):
    """Write to somebody who sees a restricted item that a manager let somebody in on it.

    Args:
        person: who was let in; the actor, where they let themselves in.
        at: when.
        is_own: whether the reader added the item, or wrote it; else they were let in on it.

    Returns: a Letter, to be read by nobody else.
    """
    news = (
        _("A manager let themselves in on a restricted item")
        if person == actor
        else _("A manager let somebody in on a restricted item")
    )
    context = {"person": reader, "let_in": person, "actor": actor, "at": at, "is_own": is_own}
    return written("let_in", MailKind.ACCESS, reader, context | {"restricted": 1}, news=news)
