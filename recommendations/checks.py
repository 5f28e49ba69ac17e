"""Checks of the settings that mails and sealed testimony need; Django runs them at every
start and in CI."""

from email.utils import parseaddr

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import InvalidMailer, mailers

from recommendations.mail.messages import LONGEST_HEADER_WORD
from recommendations.vault import officers

# "<", ">", "/u/" and the 22 characters of a token are beside the site's address.
LONGEST_SITE_URL = LONGEST_HEADER_WORD - len("<>/u/") - 22


@checks.register
def check_mail_settings(app_configs, **kwargs):
    """Return what is wrong with the sender and with the address that mails lead to."""
    found: list[checks.CheckMessage] = []
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if not address or "@" not in address:
        found.append(
            checks.Error(
                f"MAIL_FROM does not contain an address: “{settings.DEFAULT_FROM_EMAIL}”.",
                hint="Write an address, or a name and an address: Tracker <tracker@example.org>.",
                id="recommendations.E001",
            )
        )
    if len(settings.SITE_URL) > LONGEST_SITE_URL:
        found.append(
            checks.Warning(
                f"SITE_URL has {len(settings.SITE_URL)} characters. If it has more than "
                f"{LONGEST_SITE_URL}, digests are sent without the header with which mail programs "
                "unsubscribe in one click.",
                hint="Use a shorter address. The link in the digest itself still works.",
                id="recommendations.W001",
            )
        )
    try:
        mailers["default"]
    except (InvalidMailer, ImproperlyConfigured) as error:
        # The first line: what follows may repeat the options, and a key is among them.
        found.append(
            checks.Error(
                f"EMAIL_URL cannot be used: {str(error).splitlines()[0]}",
                hint="docs/guide/operators.md describes it under Configuration.",
                id="recommendations.E002",
            )
        )
    return found


@checks.register
def check_officers(app_configs, **kwargs):
    """Return a warning where testimony is to be sealed, and there are too few keys to seal it to."""
    if not officers.too_few():
        return []
    return [
        checks.Warning(
            "SEALED_LEVEL is on, but fewer than two officers’ keys are named, so the level is not offered.",
            hint="Name them with manage.py evidence_keys officers --add NAME age1…, or set SEALED_LEVEL=no.",
            id="recommendations.W002",
        )
    ]
