"""Personal tokens: what is kept of one, who makes and revokes it, and when a person loses all of theirs."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from recommendations.accounts.tokens import ANY_TOKEN, digest_of
from recommendations.choices import PARTNER, ApiLevel, EventKind, MailKind, Role
from recommendations.errors import Refused
from recommendations.models import ApiToken, Event, Mail
from recommendations.services import own_account, people, tokens
from tests.support import factories
from tests.support.factories import NOW


@pytest.fixture
def make(team):
    """Make a token for somebody of the team."""

    def made(role="author", **given):
        about = {"key": uuid.uuid4(), "name": "Map", "level": ApiLevel.TEAM, "days": 365, "now": NOW}
        return tokens.make(person=team[role], **(about | given))

    return made


def test_only_a_hash_is_kept_and_no_table_has_the_token(make):
    row, token = make()
    assert ANY_TOKEN.fullmatch(token)
    row.refresh_from_db()
    assert row.digest == digest_of(token)
    assert token.startswith(row.start)
    assert row.expires_at == NOW + timedelta(days=365)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # the names are the database's own
            assert token not in str(cursor.fetchall()), table


def test_making_and_revoking_are_recorded_without_the_token(team, make):
    row, token = make()
    tokens.revoke(token=row, actor=team["author"], now=NOW)
    made, revoked = Event.objects.filter(kind__in=[EventKind.TOKEN_MADE, EventKind.TOKEN_REVOKED])
    made, revoked = sorted((made, revoked), key=lambda one: one.seq)
    assert (made.kind, revoked.kind) == (EventKind.TOKEN_MADE, EventKind.TOKEN_REVOKED)
    assert made.payload["token"] == revoked.payload["token"] == str(row.key)
    assert token not in str((made.payload, revoked.payload))
    row.refresh_from_db()
    assert not row.is_live(NOW)


def test_revoked_twice_is_recorded_once(team, make):
    row, _token = make()
    for _press in range(2):
        tokens.revoke(token=row, actor=team["author"], now=NOW)
    assert Event.objects.filter(kind=EventKind.TOKEN_REVOKED).count() == 1


def test_nobody_revokes_anothers_token_by_itself(team, make):
    row, _token = make()
    for role in ("other", "reviewer", "manager"):
        with pytest.raises(Refused):
            tokens.revoke(token=row, actor=team[role], now=NOW)
    assert ApiToken.objects.get().is_live(NOW)


def test_a_form_sent_twice_makes_one_token(make):
    key = uuid.uuid4()
    make(key=key)
    with pytest.raises(Refused):
        make(key=key)
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("days", [0, -1, 366, 5000])
def test_it_lasts_a_year_at_most(make, days):
    with pytest.raises(ValidationError):
        make(days=days)


def test_who_has_no_role_makes_none_and_nobody_makes_very_many(team, make):
    factories.change(team["viewer"], is_partner=True)
    with pytest.raises(Refused):
        make("viewer")
    for _one in range(tokens.MOST):
        make()
    with pytest.raises(Refused):
        make()


def deactivated(team, person):
    people.set_active(actor=team["manager"], person=person, active=False, now=NOW)


def made_partner(team, person):
    people.change_role(actor=team["manager"], person=person, role=PARTNER, now=NOW)


def given_a_password(team, person):
    people.give_password(actor=team["manager"], person=person, now=NOW)


def chose_a_password(team, person):
    own_account.choose_password(person=person, password="an-entirely-other-password", now=NOW)


@pytest.mark.parametrize("act", [deactivated, made_partner, given_a_password, chose_a_password])
def test_all_tokens_end_with_access_and_with_sessions(team, make, act):
    mine, _token = make()
    make()
    others, _token = make("other")
    act(team, team["author"])
    assert list(ApiToken.objects.live(NOW)) == [others]
    assert Event.objects.filter(kind=EventKind.TOKEN_REVOKED).count() == 2
    mine.refresh_from_db()
    assert mine.revoked_by == (team["author"] if act is chose_a_password else team["manager"])


def test_another_role_in_the_team_ends_none(team, make):
    make()
    people.change_role(actor=team["manager"], person=team["author"], role=Role.VIEWER, now=NOW)
    assert ApiToken.objects.live(NOW).exists()


def test_a_manager_revokes_those_of_a_reviewer_and_all_managers_are_told(team, kay, make):
    make("reviewer")
    make("reviewer")
    assert tokens.revoke_all(person=team["reviewer"], actor=team["manager"], now=NOW) == 2
    told = Mail.objects.filter(kind=MailKind.TEAM)
    assert {mail.recipient for mail in told} == {team["manager"], kay, team["reviewer"]}
    words = told.first().words.text
    assert "revoked the API tokens" in words
    assert not ApiToken.objects.live(NOW).exists()


def test_only_managers_revoke_those_of_others(team, make):
    make()
    for role in ("viewer", "other", "reviewer"):
        with pytest.raises(Refused):
            tokens.revoke_all(person=team["author"], actor=team[role], now=NOW)
    assert ApiToken.objects.live(NOW).exists()
