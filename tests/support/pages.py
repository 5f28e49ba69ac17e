"""Pages as a person meets them: a browser that is signed in, and the words that can be read."""

import re
from html import unescape

from django.test import Client


def browser_of(person):
    """Return a browser in which ``person`` is signed in."""
    client = Client()
    client.force_login(person)
    return client


def words(answer):
    """Return the text of a page, as it is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())))


ROW = re.compile(r"<dt>(.*?)</dt><dd class=\"kept\">(.*?)</dd>", re.DOTALL)


def told(answer):
    """Return the (label, words) pairs of a page that gives words back."""
    return [tuple(unescape(part) for part in pair) for pair in ROW.findall(answer.content.decode())]


def text_of(response):
    """Return the words of the main part of a page, with white space folded; it must have been found."""
    assert response.status_code == 200, response.status_code
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
