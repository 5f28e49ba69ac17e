"""Reading a page as a person does: its text without the markup."""

import html
import re


def text_of(response):
    """Return the words of the main part of a page, with white space folded; it must have been found."""
    assert response.status_code == 200, response.status_code
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
