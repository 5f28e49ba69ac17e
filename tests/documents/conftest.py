"""What is read, in the process of the tests; the child and its limits have tests of their own."""

import pytest

from tests.support.limited import without_a_process


@pytest.fixture(autouse=True)
def read_here(monkeypatch):
    """Read PDF and pages in the test's own process."""
    without_a_process(monkeypatch)
