"""Fills an empty database: ``python -m bench.people owners|readers NUMBER``."""

import sys

import django

django.setup()

from django.db import transaction

from bench import crowd

if __name__ == "__main__":
    with transaction.atomic():
        print(getattr(crowd, sys.argv[1])(int(sys.argv[2])))
