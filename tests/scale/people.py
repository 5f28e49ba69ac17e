"""Fills an empty database: ``python -m tests.scale.people owners|readers NUMBER``."""

import sys

import django

django.setup()

from django.db import transaction  # noqa: E402

from tests.scale import crowd  # noqa: E402

if __name__ == "__main__":
    with transaction.atomic():
        print(getattr(crowd, sys.argv[1])(int(sys.argv[2])))
