"""Hashing passwords: the parameters, old hashes made anew, and how many at once, whatever the crowd."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as given
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher, make_password

from recommendations.models import User
from tests.support.accounts import sign_in
from tests.support.factories import PASSWORD
from tests.support.pages import words
from tests.support.processes import WAIT
from tracker import passwords

# Read before the tests' own setting takes its place: what is run is what is tested here.
HASHERS = list(given.PASSWORD_HASHERS)
CROWD = 20


@pytest.fixture(autouse=True)
def real_hashers(settings, quick_settings):
    settings.PASSWORD_HASHERS = HASHERS


@pytest.fixture
def all_turns_taken(monkeypatch):
    """Others hash for as long as the test lasts, and nobody waits long for a turn."""
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    over = threading.Event()
    others = [passwords._pool.submit(over.wait) for _turn in range(passwords.MOST_AT_ONCE)]
    yield
    over.set()
    for other in others:
        other.result()


def test_a_hash_takes_nineteen_mebibytes_twice_over_in_one_lane():
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert identify_hasher(encoded).verify(PASSWORD, encoded)
    assert not identify_hasher(encoded).verify("another", encoded)


def test_an_older_hash_is_made_anew_at_sign_in(team):
    class Dear(Argon2PasswordHasher):
        memory_cost, parallelism = 1024, 8

    User.objects.filter(pk=team["author"].pk).update(
        password=Dear().encode(PASSWORD, "a-salt-of-some-length")
    )
    for _time in range(2):
        _client, answer = sign_in("ana@example.org")
        assert answer.status_code == 302
        assert "$m=19456,t=2,p=1$" in User.objects.get(pk=team["author"].pk).password


@pytest.mark.parametrize("act", ["encode", "verify"])
def test_of_a_crowd_no_more_than_four_hash_at_once(monkeypatch, act):
    inside, most, changed = 0, 0, threading.Condition()

    def hashing(*_arguments):
        nonlocal inside, most
        with changed:
            inside += 1
            most = max(most, inside)
            changed.notify_all()
            # Nobody leaves before as many are in as there is room for: otherwise nothing would be shown.
            assert changed.wait_for(lambda: most >= passwords.MOST_AT_ONCE, WAIT)
            inside -= 1

    monkeypatch.setattr(Argon2PasswordHasher, act, hashing)
    monkeypatch.setattr(passwords, "PATIENCE", 2 * WAIT)
    hasher = passwords.Argon2()
    with ThreadPoolExecutor(CROWD) as crowd:
        list(crowd.map(lambda number: getattr(hasher, act)(PASSWORD, str(number)), range(CROWD)))
    assert (most, inside) == (passwords.MOST_AT_ONCE, 0)


@pytest.mark.parametrize("email", ["ana@example.org", "stranger@example.org"])
def test_who_waits_in_vain_is_told_so_and_counts_as_no_failure(team, all_turns_taken, email):
    User.objects.update(password="argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNo")
    for _time in range(6):
        _client, answer = sign_in(email)
        assert answer.status_code == 503 and answer["Retry-After"]
    page = words(answer)
    assert "Too many people are signing in" in page and "load the page again" in page
    assert PASSWORD not in page and email not in page


def test_a_turn_is_given_back_by_whoever_fails(monkeypatch):
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *_arguments: 1 / 0)
    for _time in range(passwords.MOST_AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            passwords.Argon2().encode(PASSWORD, "salt")
