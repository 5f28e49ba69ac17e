"""Settings that come from the environment, read with messages that name what is wrong.

Each function takes the variable's name and returns a checked value, or raises
``ImproperlyConfigured`` with a sentence that says which variable, what is wrong and what would do.
"""

import contextlib
import importlib.util
import json
import os
import re
import secrets
import time
import warnings
import zoneinfo
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

DATABASE_ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}
LOCK_TIMEOUT_SECONDS = 20
# For a process that serves pages: when the server ends a statement, and a transaction in which nothing
# happens (of a frozen process that holds what all others wait for); and when a silent server is given up.
STATEMENT_TIMEOUT_SECONDS, IDLE_TIMEOUT_SECONDS, ANSWERS_WITHIN_SECONDS = 25, 60, 30
# Seconds to connect: somebody waits for a page; a command has time. And when a dead line is noticed.
CONNECT_SECONDS, CONNECT_SECONDS_OF_COMMANDS = 3, 10
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
# A file that was begun so long ago is nobody's who is still writing it.
DRAFT_SECONDS = 60
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"(/[A-Za-z0-9._-]*[A-Za-z0-9_-])*/?")
_STORAGE_HINT = (
    "must be an address such as s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-1 "
    "without keys in it; put the keys into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)

env = environ.Env()


def text(name: str, default: str = "") -> str:
    """Return the variable with outer white space removed; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def whole_number(name: str, default: int, low: int, high: int) -> int:
    """Return the variable as a whole number from ``low`` to ``high``."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not “{value}”.")
    return int(value)


def flag(name: str, default: bool = False) -> bool:
    """Return the variable as yes or no."""
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not “{value}”.")


def time_zone(name: str, default: str) -> str:
    """Return the variable if it is the name of a time zone, such as Asia/Seoul."""
    value = text(name, default)
    if value not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(f"{name} must name a time zone such as Asia/Seoul, not “{value}”.")
    return value


def data_dir(name: str, default: Path) -> Path:
    """Return the folder that holds all data, made if missing, readable by its owner only."""
    folder = Path(text(name, str(default))).expanduser()
    folder = folder if folder.is_absolute() else Path.cwd() / folder
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}: the folder {folder} cannot be made: {error.strerror}."
        ) from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ImproperlyConfigured(
            f"{name}: the folder {folder} cannot be written to. Check its permissions."
        )
    return folder


def file(name: str, default: Path) -> Path:
    """Return the path of a file, absolute; whether it is there is asked when it is needed."""
    path = Path(text(name, str(default))).expanduser()
    return path if path.is_absolute() else Path.cwd() / path


def secret_key(name: str, folder: Path) -> str:
    """Return the secret key: the variable, or one made at the first start and kept in ``folder``."""
    value = text(name)
    if value:
        if len(value) < 50 or len(set(value)) < 5:
            raise ImproperlyConfigured(
                f"{name} must have at least 50 characters, not all alike. "
                'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
            )
        return value
    path = folder / "secret_key"
    try:
        if not path.exists() or not path.read_text().strip():
            draft = folder / f".secret_key.{os.getpid()}"
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
                stream.write(secrets.token_urlsafe(64))
            # Two first starts at once must agree: link() fails where the other came first.
            if not path.exists():
                with contextlib.suppress(FileExistsError):
                    os.link(draft, path)
            draft.unlink()
        _drop_drafts(folder)
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: {path} cannot be read or made: {error.strerror}.") from error


def _drop_drafts(folder: Path) -> None:
    """Take away what a first start left that was killed; one that is younger may be another's, at work."""
    for draft in folder.glob(".secret_key.*"):
        with contextlib.suppress(FileNotFoundError):
            if draft.suffix[1:].isdecimal() and time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                draft.unlink()


def readable_file(name: str) -> str:
    """Return the variable if it names a file that can be read, or nothing where it is not set."""
    value = text(name)
    if value and not (Path(value).is_file() and os.access(value, os.R_OK)):
        raise ImproperlyConfigured(f"{name}: there is no file {value} that can be read.")
    return value


def database(name, default_path, *, serves_pages=False):
    """Return Django's settings of one database, from a URL; SQLite at ``default_path`` by default.

    Args:
        serves_pages: whether people wait for what this process does. A migration, a backup or a job takes
            as long as it takes; a page never does.
    """
    value = text(name, f"sqlite:///{default_path}")
    hint = "such as postgres://user:password@host:5432/name or sqlite:////folder/file.sqlite3"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            config = env.db_url_config(value)
    except (ValueError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} is not an address of a database, {hint}.") from error
    if config.get("ENGINE") not in DATABASE_ENGINES or not config.get("NAME"):
        raise ImproperlyConfigured(f"{name} is not an address of a database, {hint}.")
    if config["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE: one writer at a time decides races, since SQLite has no SELECT … FOR UPDATE.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": LOCK_TIMEOUT_SECONDS,
            # Not every SQLite overwrites by itself what is deleted, such as words of what was restricted.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        }
        config["TEST"] = {"NAME": f"{config['NAME']}.test"}
    else:
        _add_timeouts(config, serves_pages)
    return config


def _add_timeouts(config, serves_pages):
    """Let nothing wait for PostgreSQL for ever (``tracker.postgresql``); what the URL says is kept."""
    config["ENGINE"] = "tracker.postgresql"
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    # As long as SQLite waits: a person who waits longer for a lock is told so, instead of being left waiting.
    timeouts = {"lock_timeout": LOCK_TIMEOUT_SECONDS}
    if serves_pages:
        timeouts["statement_timeout"] = STATEMENT_TIMEOUT_SECONDS
        timeouts["idle_in_transaction_session_timeout"] = IDLE_TIMEOUT_SECONDS
        config["ANSWERS_WITHIN"] = ANSWERS_WITHIN_SECONDS
    given = config.get("OPTIONS", {})
    said = given.get("options", "")
    added = [f"-c {name}={seconds}s" for name, seconds in timeouts.items() if name not in said]
    options = {"options": " ".join([said, *added]).strip()}
    connect = {"connect_timeout": CONNECT_SECONDS if serves_pages else CONNECT_SECONDS_OF_COMMANDS}
    config["OPTIONS"] = {**connect, **KEEPALIVE, **given, **options}


def redis(name: str) -> str:
    """Return the address of Redis, or nothing where the embedded broker serves."""
    value = text(name)
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        raise ImproperlyConfigured(f"{name} must be an address such as redis://host:6379/0, not “{value}”.")
    return value


def clamd(name):
    """Return where the virus scanner listens: a path, or a host and a port; empty where there is none."""
    value = text(name)
    if not value:
        return {}
    parts = urlsplit(value)
    try:
        if parts.scheme == "unix" and parts.path.startswith("/"):
            return {"path": parts.path}
        if parts.scheme == "tcp" and parts.hostname:
            return {"host": parts.hostname, "port": parts.port or 3310}
    except ValueError:
        pass  # a port that is no number; said below with everything else
    raise ImproperlyConfigured(
        f"{name} must be an address such as unix:///run/clamav/clamd.ctl or tcp://host:3310, not “{value}”."
    )


def evidence_storage(name):
    """Return Django's settings of the storage of evidence: the local folder, or a bucket.

    The keys of a bucket are left to what its library looks for: ``AWS_ACCESS_KEY_ID`` and its like, or files.
    """
    value = text(name)
    if not value:
        return {"BACKEND": "recommendations.vault.storage.LocalStorage"}
    try:
        parts = urlsplit(value)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} {_STORAGE_HINT}") from None
    wrong = parts.scheme != "s3" or not BUCKET.fullmatch(parts.netloc) or parts.fragment
    if wrong or not PREFIX.fullmatch(parts.path) or not asked.keys() <= {"endpoint", "region"}:
        raise ImproperlyConfigured(f"{name} {_STORAGE_HINT}")
    if "endpoint" in asked and not _is_web_address(asked["endpoint"]):
        raise ImproperlyConfigured(f"{name}: its endpoint must be an address such as https://s3.example.org.")
    if not all(map(importlib.util.find_spec, ("storages", "boto3"))):
        raise ImproperlyConfigured(
            f"{name} needs one more package: .venv/bin/pip install -r requirements-s3.txt"
        )
    options = {"bucket_name": parts.netloc, "location": parts.path.strip("/")}
    for ours, theirs in (("endpoint", "endpoint_url"), ("region", "region_name")):
        if asked.get(ours):
            options[theirs] = asked[ours]
    return {"BACKEND": "recommendations.vault.s3.ObjectStorage", "OPTIONS": options}


def web_address(name: str) -> str:
    """Return the variable if it is an address of the web, or nothing where it is not set."""
    value = text(name)
    if value and not _is_web_address(value):
        raise ImproperlyConfigured(f"{name} must be an address such as https://hc.example.org/ping/123.")
    return value


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


@dataclass(frozen=True)
class Announced:
    """What the last start said of itself: where it serves the site, and whether it names a mail server."""

    site: str = ""
    has_mail_server: bool = False


def announced(path: Path) -> Announced:
    """Return what the last start wrote into ``path``; nothing where there was none."""
    try:
        said = json.loads(path.read_bytes())
        found = Announced(str(said["site"]), bool(said["has_mail_server"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Announced()
    return found if _is_web_address(found.site) else Announced()


def announce(path: Path, start: Announced) -> None:
    """Write an ``Announced`` into ``path``, for commands that are typed later; no password is in it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(start)))
    os.replace(draft, path)


def site_url(name: str, default: str) -> str:
    """Return the address at which people reach the tracker, with no slash at its end."""
    value = text(name, default).rstrip("/")
    if not _is_web_address(value) or urlsplit(value).query or urlsplit(value).fragment:
        raise ImproperlyConfigured(
            f"{name} must be an address such as https://tracker.example.org, not “{value}”."
        )
    return value
