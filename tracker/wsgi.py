"""The WSGI entry point that the web server loads."""

import os
import sys

import django
from django.conf import settings
from django.db import connection

from tracker import web_liveness
from tracker.process import preflight
from tracker.requests import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# People wait for what this process does, so it waits for the database only so long.
os.environ["SERVES_PAGES"] = "yes"

django.setup(set_prefix=False)
application = Handler()
try:
    preflight.check_data(settings.RESTORE_MARK, connection)
except preflight.CannotStart as reason:
    sys.exit(f"The tracker cannot start. {reason}")
finally:
    connection.close()
web_liveness.begin()
