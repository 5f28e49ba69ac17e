"""The mails, one function each. They write mails and send nothing.

A mail can be forwarded, and is stored on servers that are not ours. It never holds evidence, the name of a
file or a source, or words of anything restricted: at most it says that something restricted changed, or that
a status changed for a reason that is restricted. Every link leads to a page that requires a sign-in, except
the one that ends digests.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePath

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import Decision, MailKind, Sensitivity
from recommendations.choices.update_fields import BY_NAME, named_today
from recommendations.models import Evidence, Review, StatusUpdate, User
from recommendations.selectors.due_items import DueItem
from recommendations.selectors.mailing import digest_reason, in_reports
from recommendations.selectors.outline import Outline
from recommendations.selectors.overdue import Whose
from recommendations.selectors.reminder_words import groups_of, news_of, reasons_for
from recommendations.text import plaintext

# Sections of a digest stop here and lead to the site: mail readers cut long mails off.
LONGEST_LIST = 15
# A longer value of a header is encoded by Python's mail policy, and one-click unsubscribing dies.
LONGEST_HEADER_WORD = 75
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass
class Letter:
    """A written mail. The shared bodies are what people other than the recipient can read of it."""

    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    tells_of_restricted: bool = False
    shared_text: str = ""
    shared_html: str = ""
    # Of a reminder: what it lists, one by one (``DueItem.matter``); nothing of what it only counts.
    lists: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """The number of characters of its bodies."""
        return len(self.text) + len(self.html) + len(self.shared_text) + len(self.shared_html)


def reminder(person: User, due_items: Collection[DueItem], today: date) -> Letter:
    """Write the one reminder that a person gets in a day.

    Args:
        due_items: all due items of the person, told before or not: the mail gives the present state.
        today: the date it is for them.
    """
    open_items = [due_item for due_item in due_items if not due_item.is_restricted]
    groups = groups_of(open_items)
    context = {
        "person": person,
        "today": today,
        "groups": groups,
        "reasons": reasons_for(open_items, person, today),
        "longest": LONGEST_LIST,
        "restricted": len(due_items) - len(open_items),
    }
    letter = written("reminder", MailKind.REMINDER, person, context, news=news_of(due_items, today))
    letter.lists = [one.matter for group in groups for one in group["due_items"][:LONGEST_LIST]]
    return letter


def decision(update: StatusUpdate, review: Review) -> Letter:
    """Write to an author that a reviewer approved or returned their update.

    A returned update brings its comments, so that the author can think about them before signing in. Where
    something restricted is involved they stay on the site: they can name what a mail must not.
    """
    restricted = update.sensitivity == Sensitivity.RESTRICTED
    approved = review.decision == Decision.APPROVE
    cites_restricted = update.citations.filter(evidence__sensitivity=Sensitivity.RESTRICTED).exists()
    title = update.recommendation.short_title
    if restricted:
        news = _("A decision on one of your updates")
    elif approved:
        news = _("Approved: your update on “%(title)s”") % {"title": title}
    else:
        news = _("Returned to you: your update on “%(title)s”") % {"title": title}
    context = {
        "person": update.author,
        "update": update,
        "review": review,
        "approved": approved,
        "restricted": restricted,
        "comments": [] if restricted or approved or cites_restricted else _comments(review),
    }
    return written("decision", MailKind.DECISION, update.author, context, news=news)


def _comments(review: Review) -> list[tuple[str, str]]:
    """Return what a reviewer said, as (label of the field, or empty for the whole, words)."""
    on_fields = [(str(BY_NAME[name].label), words) for name, words in named_today(review.remarks).items()]
    return [("", review.comment), *on_fields] if review.comment else on_fields


def sign_in_changed(person: User, what: str, *, actor: User | None, at: datetime) -> Letter:
    """Tell a person that a manager changed how they sign in.

    Args:
        what: ``password`` or ``address``; the new address is not named, since the old one may be lost.
        actor: the manager; None for the person who runs the server.
    """
    news = {
        "password": _("A manager gave you a one-time password")
        if actor
        else _("You were given a one-time password"),
        "address": _("A manager changed the address you sign in with"),
    }[what]
    by = actor or _("The person who runs the server")
    context = {"person": person, "what": what, "actor": by, "at": at, "restricted": 0}
    return written("sign_in", MailKind.SIGN_IN, person, context, news=news)


def digest(
    reader: User, outline: Outline, unsubscribe_url: str = "", *, is_asked_for: bool = False
) -> Letter:
    """Write the digest that contains ``outline``.

    Args:
        unsubscribe_url: the address that ends digests for this reader; empty in a preview.
        is_asked_for: whether its reader requested it between the regular ones.
    """
    news = outline.news
    context = {
        "person": reader,
        "outline": outline,
        "news": news,
        "today": outline.today,
        "longest": LONGEST_LIST,
        "evidence": [(item, evidence_title(item, reader)) for item in news.evidence],
        "restricted": news.restricted + outline.restricted_waiting,
        "unsubscribe_url": unsubscribe_url,
        "is_asked_for": is_asked_for,
        "why": "" if is_asked_for else digest_reason(reader),
    }
    headers = {}
    if unsubscribe_url and len(unsubscribe_url) + 2 <= LONGEST_HEADER_WORD:
        headers = {
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    name = "partner" if reader.is_partner else "digest"
    letter = written(name, MailKind.DIGEST, reader, context, news=digest_news(outline))
    letter.headers |= headers
    return letter


def digest_news(outline: Outline) -> str:
    """Return the news of a digest in a few words, such as "2 statuses changed, 3 overdue"."""
    news = outline.news
    moved, items = len(news.moved), len(news.evidence)
    checks = len(news.checks) + len(news.confirmed)
    overdue = Counter(one.whose == Whose.OTHERS for one in outline.overdue for _row in one.rows)
    waiting = len(outline.waiting)
    published, did = len(news.published), outline.team.did
    parts = [
        published and ngettext("%(n)s published", "%(n)s published", published) % {"n": published},
        moved and ngettext("%(n)s status changed", "%(n)s statuses changed", moved) % {"n": moved},
        items and ngettext("%(n)s new evidence item", "%(n)s new evidence items", items) % {"n": items},
        checks and _("%(n)s checked again") % {"n": checks},
        overdue[False] and _("%(n)s overdue") % {"n": overdue[False]},
        overdue[True] and _("%(n)s of others overdue") % {"n": overdue[True]},
        waiting and ngettext("%(n)s waits for review", "%(n)s wait for review", waiting) % {"n": waiting},
        news.asks
        and ngettext("%(n)s ask added or retired", "%(n)s asks added or retired", len(news.asks))
        % {"n": len(news.asks)},
        did and _("%(n)s in the advocacy log") % {"n": did},
        news.imported and _("new report: %(report)s") % {"report": news.imported[0]},
        news.closed and _("closed: %(report)s") % {"report": news.closed[0]},
        news.reopened and _("followed again: %(report)s") % {"report": news.reopened[0]},
        news.versions and _("source versions: %(report)s") % {"report": news.versions[0].report},
    ]
    told = [part for part in parts if part][:4]
    return ", ".join([*told, *_in_reports(outline)]) if told else _("nothing new")


def _in_reports(outline: Outline) -> list[str]:
    """Return in how many reports the news of a digest is, if in several."""
    news = outline.news
    updates = [*news.published, *news.checks, *news.confirmed, *outline.waiting]
    overdue = [row.recommendation for one in outline.overdue for row in one.rows]
    changed = [*(one.recommendation for one in news.moved), *(one.recommendation for one in news.asks)]
    words = in_reports([*(one.recommendation for one in updates), *overdue, *changed])
    return [words] if words else []


def evidence_title(item: Evidence, reader: User) -> str:
    """Return what a digest calls an evidence item: its title, unless that is the name of its file.

    File names stay on the site. Such an item is called by the recommendation that it was added or published
    for, or by the day on which it was added; its kind is written beside it.
    """
    name = item.original_name.casefold()
    if not name or item.title.strip().casefold() not in (name, PurePath(name).stem):
        return " ".join(item.title.split())
    if item.added_for:
        title = item.added_for.told_title if reader.is_partner else item.added_for.short_title
        return _("File for “%(title)s”") % {"title": " ".join(title.split())}
    added_at = item.uploaded_at.astimezone(reader.zone)
    return _("File of %(day)s") % {"day": formats.date_format(added_at, "j M Y")}


def written(name: str, kind: MailKind, person: User, context: Mapping[str, object], news: str) -> Letter:
    """Render the three templates of a mail in the reader's zone, and once more without what is restricted."""
    with timezone.override(person.zone), translation.override(settings.LANGUAGE_CODE):
        said = {**context, **_addresses(), "headline": news}
        subject = plaintext.one_line(render_to_string(f"letters/{name}.subject.txt", said))
        text, html = _bodies(name, said | {"subject": subject})
        letter = Letter(
            to=person.email,
            subject=subject,
            text=text,
            html=html,
            headers={
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
                "List-Id": f"<{kind}.{settings.SITE_HOST}>",
            },
        )
        if said["restricted"]:
            letter.tells_of_restricted = True
            shared = said | {"subject": subject, "restricted": 0, "is_shared": True}
            letter.shared_text, letter.shared_html = _bodies(name, shared)
    return letter


def _addresses() -> dict[str, str]:
    """Return the full addresses of the pages that every mail links to."""
    pages = {
        "desk_address": "admin:index",
        "home_address": "home",
        "list_address": "recommendation-list",
        "settings_address": "settings",
        "moments_address": "moments",
    }
    return {name: settings.SITE_URL + reverse(page) for name, page in pages.items()}


def _bodies(name: str, context: dict[str, object]) -> tuple[str, str]:
    text, html = (plaintext.steerless(_rendered(name, end, context)) for end in ("txt", "html"))
    return plaintext.filled(text), _INLINER.inline(html)


def _rendered(name: str, end: str, context: dict[str, object]) -> str:
    return render_to_string(f"letters/{name}.{end}", context).replace("\r\n", "\n")
