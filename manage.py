#!/usr/bin/env python
"""Django's command line for the tracker."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # The reader is an operator who mistyped a setting: a sentence helps, a traceback does not.
        sys.exit(f"The tracker cannot start. {error}")
