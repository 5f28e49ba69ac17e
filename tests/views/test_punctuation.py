"""Formatting puts line breaks into templates, and a line break before a comma is a space that people read."""

import pytest

from tests.support import knocking
from tests.support.reading import stray

pytestmark = pytest.mark.django_db


def test_a_space_before_a_comma_or_full_stop_is_seen():
    assert stray("<p>It is <a href='/'>here</a> .</p>") == ["It is here ."]
    assert stray("<p>First <strong>one</strong>\n, then</p>") == ["First one , then"]
    assert stray("<p>It is <a href='/'>here</a>, and <em>there</em>.</p><pre>a , b</pre>") == []


@pytest.mark.parametrize("role", ["manager", "contributor"])
def test_no_page_has_a_space_before_a_comma_or_full_stop(world, role):
    cookies, found = knocking.cookies_of(world, role), {}
    for name, arguments, method, status in knocking.table(role):
        if method != "get" or status != 200:
            continue
        answer = knocking.knock(world, cookies, name, arguments, method)
        if not answer.streaming and answer["Content-Type"].startswith("text/html"):
            found[name] = stray(answer.content.decode())
    assert {"home", "recommendation-list"} <= set(found)
    assert {name: places for name, places in found.items() if places} == {}
