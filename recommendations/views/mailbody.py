"""The HTML of a mail as a part of a page."""

import re

import nh3
from django.utils.safestring import mark_safe

# What our own templates use. Styles go: the page's stylesheet and its policy of content rule here.
TAGS = {"h1", "h2", "p", "a", "br", "span", "table", "tbody", "tr", "td", "th"}
ATTRIBUTES = {"a": {"href"}, "th": {"scope"}, "*": {"class"}}
# Gone with all they hold: the line that lists of mails show, and the foot with its link to end the mails.
NOT_FOR_PAGES = {"script", "style", "head", "title", "header", "section"}
_BODY = re.compile(r"<body.*</body>", re.DOTALL)


def body_for_page(html):
    """Return the body of a mail without styles, scripts and the frame that only mail programs need.

    Args:
        html: the HTML part of a mail.

    Returns: safe HTML; what is not among ``TAGS`` loses its tags, and what no page should show its words.
    """
    found = _BODY.search(html)
    cleaned = nh3.clean(
        found[0] if found else "",
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=NOT_FOR_PAGES,
        url_schemes={"http", "https"},
        link_rel=None,
    )
    return mark_safe(cleaned)  # noqa: S308 (cleaned by an allow-list just above)
