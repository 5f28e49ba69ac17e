"""How passwords are hashed: costly to guess, and bounded in memory however many people sign in at once."""

from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import Argon2PasswordHasher

# In one process. Each hashing takes ``Argon2.memory_cost`` KiB and some hundredths of a second.
MOST_AT_ONCE = 4
# Seconds that a sign-in waits for its turn; a crowd of dozens is through long before.
PATIENCE = 10.0

# Threads of their own, not the requests' behind a semaphore: the C library keeps what each thread that ever
# hashed has freed, so that 32 of them would hold 32 times the memory, one after another.
_pool = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="passwords")


class TooManyAtOnce(Exception):
    """Passwords are being hashed for so many people that this one did not get its turn in time."""


def _in_turn(hashing, *arguments):
    future = _pool.submit(hashing, *arguments)
    try:
        return future.result(PATIENCE)
    except TimeoutError:
        if future.cancel():
            raise TooManyAtOnce from None
        # It had its turn at the last moment, and is done in no time.
        return future.result()


class Argon2(Argon2PasswordHasher):
    """Argon2id with the parameters that OWASP advises; a hash made with others is renewed at sign-in."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        """Return the hash of a password. Raises: TooManyAtOnce."""
        return _in_turn(super().encode, password, salt)

    def verify(self, password, encoded):
        """Say whether a password is the hashed one. Raises: TooManyAtOnce."""
        return _in_turn(super().verify, password, encoded)
