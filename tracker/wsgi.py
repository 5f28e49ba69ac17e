"""The WSGI entry point that the web server loads."""

import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection

from tracker import preflight

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

application = get_wsgi_application()
try:
    preflight.check_data(settings.RESTORE_MARK, connection)
except preflight.CannotStart as reason:
    sys.exit(f"The tracker cannot start. {reason}")
finally:
    connection.close()
