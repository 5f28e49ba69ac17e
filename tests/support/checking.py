"""``manage.py check_data`` as the tests run it."""

import io

import pytest
from django.core.management import CommandError, call_command


def check():
    """Run the command; return what it printed."""
    out = io.StringIO()
    call_command("check_data", stdout=out)
    return out.getvalue()


def breach():
    """Run the command where it must fail; return what it printed."""
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_data", stdout=out)
    return out.getvalue()
