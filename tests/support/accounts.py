"""Accounts: signing in, adding somebody, coming in with a one-time password, and who is told of it."""

import re

from django.test import Client

from recommendations.choices import MailKind, Role
from recommendations.models import Mail, User
from tests.support.factories import PASSWORD
from tests.support.pages import browser_of

LOGIN = "/accounts/login/"
OWN = "four other words entirely"
ADD = "/desk/recommendations/user/add/"


def sign_in(email, password=PASSWORD, *, client=None, then="", **extra):
    """Send the sign-in form. Returns: (the browser, the answer)."""
    client = client or Client()
    answer = client.post(LOGIN, {"username": email, "password": password, "next": then}, **extra)
    return client, answer


def added(by, role=Role.REVIEWER, name="Nora"):
    """Have somebody added on the desk. Returns: (the person, their one-time password)."""
    form = {"name": name, "email": f"{name.lower()}@example.org", "role": role}
    page = browser_of(by).post(ADD, form).content.decode()
    return User.objects.get(email=form["email"]), re.search(r'id="one-time-password">([^<]+)<', page)[1]


def comes_in(person, password, own=OWN):
    """Sign in with a one-time password and choose another. Returns: (the browser, the last answer)."""
    browser, _answer = sign_in(person.email, password)
    form = {"old_password": password, "new_password1": own, "new_password2": own}
    return browser, browser.post("/accounts/password/", form)


def told():
    """Return (to whom, subject) of the notices to managers, and forget them."""
    mails = Mail.objects.filter(kind=MailKind.TEAM)
    said = sorted(mails.values_list("recipient__name", "subject"))
    mails.update(kind=MailKind.REMINDER)
    return said
