"""What a crowd at the sign-in takes: peak memory and seconds, with our parameters and with Django's own.

    .venv/bin/python bench/signin.py [PEOPLE]

Each measure is a process of its own, which hashes for so many people at once. Prints; what must not be
passed is enforced by ``tracker/passwords.py`` and tested in ``tests/security/test_passwords.py``.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
FOLDER = tempfile.TemporaryDirectory(prefix="bench-signin-")
os.environ["DATA_DIR"] = FOLDER.name

import django

django.setup()

from django.contrib.auth.hashers import Argon2PasswordHasher

from tracker.passwords import MOST_AT_ONCE, Argon2


def measured(hasher, people):
    """Return (MiB above the process as it was, seconds) of hashing for so many people at once."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    with ThreadPoolExecutor(people) as crowd:
        list(
            crowd.map(lambda number: hasher().encode("a password", f"salt-of-number-{number}"), range(people))
        )
    took = time.perf_counter() - began
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, took


def main():
    """Print a line for each of the two."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    spawn = multiprocessing.get_context("spawn")
    for name, hasher in (("Django's own", Argon2PasswordHasher), (f"ours, {MOST_AT_ONCE} at once", Argon2)):
        with spawn.Pool(1) as pool:
            memory, took = pool.apply(measured, (hasher, people))
        print(f"{people} sign-ins, {name}: {memory:.0f} MiB, {took:.2f} s")


if __name__ == "__main__":
    main()
