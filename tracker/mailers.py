"""How mails leave: Django's MAILERS from the environment, with messages that name what is wrong.

``EMAIL_URL`` names the way: ``smtp://`` without encryption (a relay on this computer), ``smtp+tls://`` with
STARTTLS, ``smtps://`` with TLS from the first byte, ``anymail://PROVIDER?api_key=…`` through the interface
of a provider. Without it, mails are written as files, since a first try must never mail anybody.
"""

import importlib.util
import ipaddress
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from tracker import environment

URL = "EMAIL_URL"
# Django's, that says when the bytes of a message are about to leave.
SMTP_BACKEND = "recommendations.mail.outbox.transport.EmailBackend"
FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
# RFC 5321 asks clients to wait; without a timeout a hung server would hold the worker for ever. It is for
# connecting and for each command; the answer to a whole message has ten minutes (mail/outbox/transport.py).
# Three of the longest and those ten minutes fit into the lease of a sender.
TIMEOUT_SECONDS, LONGEST_TIMEOUT_SECONDS = 30, 120
NO_PROVIDERS = {"base", "base_requests", "console", "test"}
EXAMPLE = "smtp+tls://user:password@host:587"
QUOTED = "In a user name or a password write / as %2F, # as %23, ? as %3F, @ as %40 and % as %25."


def mailers(folder):
    """Return MAILERS: by SMTP, through a provider, or as files in ``folder`` by default.

    Raises: ImproperlyConfigured with a sentence that names the variable; never with a password in it.
    """
    value = environment.text(URL)
    if not value:
        return _one(FILE_BACKEND, {"file_path": str(folder)})
    if value.startswith("anymail:"):
        return _provider(value)
    # django-environ reads "smtps" as STARTTLS; the rest of the world as TLS from the first byte.
    address = re.sub("^smtps://", "smtp+ssl://", value, flags=re.IGNORECASE)
    try:
        config, path = environment.env.email_url_config(address), urlsplit(address).path
    except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{URL} must be an address such as {EXAMPLE}. {QUOTED}") from error
    backend = config["EMAIL_BACKEND"]
    if backend.endswith("smtp.EmailBackend"):
        if path.strip("/"):
            raise ImproperlyConfigured(f"{URL} has a part after the mail server. Write {EXAMPLE}. {QUOTED}")
        return _one(SMTP_BACKEND, _smtp(config))
    options = {"file_path": config["EMAIL_FILE_PATH"] or str(folder)} if backend == FILE_BACKEND else {}
    return _one(backend, options)


def _one(backend, options):
    return {"default": {"BACKEND": backend, "OPTIONS": options}}


def _smtp(config):
    """Return the options of the SMTP backend."""
    host = config["EMAIL_HOST"]
    if not host:
        raise ImproperlyConfigured(f"{URL} names no mail server. Write {EXAMPLE}.")
    if config.get("OPTIONS"):
        raise ImproperlyConfigured(
            f"{URL} has a part after “?” that is not known here. Timeout and certificates have "
            "variables of their own: EMAIL_TIMEOUT, EMAIL_CA_FILE, EMAIL_CERT_FILE, EMAIL_KEY_FILE."
        )
    if re.search(r"\s", host):
        raise ImproperlyConfigured(f"{URL} has a space in the name of the mail server. Write {EXAMPLE}.")
    _check_sign_in(config["EMAIL_HOST_USER"] or "", config["EMAIL_HOST_PASSWORD"] or "")
    starttls, tls = config.get("EMAIL_USE_TLS", False), config.get("EMAIL_USE_SSL", False)
    if config["EMAIL_HOST_PASSWORD"] and not (starttls or tls or is_this_computer(host)):
        raise ImproperlyConfigured(
            f"{URL} would send the password to {host} in the clear. Write smtp+tls:// (usually port 587) or "
            "smtps:// (usually port 465)."
        )
    return {
        "host": host,
        "port": config["EMAIL_PORT"] or (465 if tls else 587 if starttls else 25),
        "username": config["EMAIL_HOST_USER"] or "",
        "password": config["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": starttls,
        "use_ssl": tls,
        "timeout": environment.whole_number("EMAIL_TIMEOUT", TIMEOUT_SECONDS, 1, LONGEST_TIMEOUT_SECONDS),
        **_certificates(starttls or tls),
    }


def _check_sign_in(user, password):
    """Refuse half a sign-in, which would be left out in silence, and one that cannot be sent."""
    if bool(user) != bool(password):
        raise ImproperlyConfigured(
            f"{URL} names a user without a password, or a password without a user. Write {EXAMPLE}, or "
            "neither of them for a server that asks for none."
        )
    if not (user + password).isascii():
        raise ImproperlyConfigured(
            f"{URL} has a user name or a password with letters beyond ASCII, such as ä, which Python cannot "
            "send to a mail server. Choose another password there."
        )


def _certificates(encrypted):
    """Return the options that say whom to trust and who we are; the system's authorities by default."""
    names = {"ca_file": "EMAIL_CA_FILE", "ssl_certfile": "EMAIL_CERT_FILE", "ssl_keyfile": "EMAIL_KEY_FILE"}
    files = {option: path for option, name in names.items() if (path := environment.readable_file(name))}
    if files and not encrypted:
        raise ImproperlyConfigured(
            f"{names[next(iter(files))]} needs an encrypted connection: write smtp+tls://…."
        )
    if "ssl_keyfile" in files and "ssl_certfile" not in files:
        raise ImproperlyConfigured("EMAIL_KEY_FILE needs EMAIL_CERT_FILE, the certificate it belongs to.")
    return files


def is_this_computer(host):
    """Say whether a name or address of a mail server is that of this computer."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _provider(value):
    """Return MAILERS for a provider of django-anymail, with what stands after “?” as its options."""
    if importlib.util.find_spec("anymail") is None:
        raise ImproperlyConfigured(
            f"{URL} names a mail provider, but the package that connects to it, django-anymail, is not "
            "installed. Install it with: .venv/bin/pip install -r requirements-anymail.txt"
        )
    name, _sign, query = value.removeprefix("anymail:").removeprefix("//").partition("?")
    folder = Path(str(import_module("anymail.backends").__file__)).parent
    known = sorted({found.name for found in pkgutil.iter_modules([str(folder)])} - NO_PROVIDERS)
    if name.rstrip("/") not in known:
        raise ImproperlyConfigured(
            f"{URL} names no provider that django-anymail knows. Write anymail://PROVIDER?api_key=…, where "
            f"PROVIDER is one of: {', '.join(known)}."
        )
    return _one(f"anymail.backends.{name.rstrip('/')}.EmailBackend", dict(parse_qsl(query)))
