"""What holds for every test of a service."""

import pytest

from tests.conftest import commits, needs_the_database
from tests.support import events_last


@pytest.fixture(autouse=True)
def events_are_recorded_last(request):
    """Fail where a service writes or renders after it recorded an event: others wait for the sequence."""
    if commits(request.node) or not needs_the_database(request.node):
        yield []
        return
    request.getfixturevalue("db")
    with events_last.watched() as late:
        yield late
    assert late == []
