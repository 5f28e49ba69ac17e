"""Templates are read without their indentation, and no words are glued by it."""

import pytest

from tracker.templates import dense


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("<p>\n  One\n  two\n</p>\n", "<p>One\ntwo</p>\n"),
        ('<p class="{% if a %}b{% endif %}">\n  One</p>', '<p class="{% if a %}b{% endif %}">One</p>'),
        ("<pre>\nOne\n</pre>", "<pre>\nOne\n</pre>"),
        (
            '<label>\n  <input type="radio">\n  before\n</label>',
            '<label><input type="radio">\nbefore</label>',
        ),
        ("<b>One</b>\n  <b>two</b>", "<b>One</b>\n<b>two</b>"),
    ],
)
def test_what_only_readers_of_a_template_need_is_left_out(source, read):
    assert dense(source) == read
