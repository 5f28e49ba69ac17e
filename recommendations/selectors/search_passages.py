"""Where a search found its words in documents: the passage around them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery

from recommendations.models import Evidence, Passage, User
from recommendations.text.tokens import terms_of

AROUND = 90  # characters on each side of the first word found


@dataclass(frozen=True)
class Snippet:
    """A piece of a document: ``parts`` are (text, whether it was searched for), to be escaped one by one."""

    page: int
    parts: list[tuple[str, bool]]
    has_pages: bool


def snippets(items: Collection[Evidence], query: str, reader: User) -> dict[int, Snippet]:
    """Return {primary key of an item: its ``Snippet``} for those items whose text holds a searched word.

    Args:
        items: evidence items of one page of a list.
        reader: the reader; there are no passages of items that they cannot see, or of restricted items.
    """
    words = query.split()
    wanted = [term for word in words for term in terms_of(word)]
    if not wanted or not items:
        return {}
    holds = Q()
    for term in wanted:
        holds |= Q(tokens__words=term)
    first = Passage.objects.filter(holds, evidence=OuterRef("pk")).order_by("page", "part").values("pk")[:1]
    rows = Evidence.objects.filter(pk__in=[item.pk for item in items]).annotate(hit=Subquery(first))
    hits = [row.hit for row in rows if row.hit]
    passages = Passage.objects.visible_to(reader).filter(pk__in=hits).select_related("evidence")
    return {passage.evidence_id: _snippet(passage, words) for passage in passages}


def _snippet(passage: Passage, words: Sequence[str]) -> Snippet:
    text = " ".join(passage.text.split())
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    hit = pattern.search(text)
    at = hit.start() if hit else 0
    start = max(0, at - AROUND)
    # Not in the middle of a word, where there are spaces.
    start = text.find(" ", start, at) + 1 if start and text.find(" ", start, at) >= 0 else start
    end = min(len(text), (hit.end() if hit else 0) + AROUND)
    piece = text[start:end]
    parts, last = [("… ", False)] if start else [], 0
    for found in pattern.finditer(piece):
        parts += [(piece[last : found.start()], False), (found.group(), True)]
        last = found.end()
    parts.append((piece[last:] + (" …" if end < len(text) else ""), False))
    has_pages = passage.evidence.content_type == "application/pdf"
    return Snippet(passage.page, [part for part in parts if part[0]], has_pages)
