"""Signing in by the page."""

from django.test import Client

from tests.support.cast import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(email, password=PASSWORD, *, client=None, then="", **extra):
    """Send the sign-in form. Returns: (the browser, the answer)."""
    client = client or Client()
    answer = client.post(LOGIN, {"username": email, "password": password, "next": then}, **extra)
    return client, answer
