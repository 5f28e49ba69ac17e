"""Django settings.

What an operator can change comes from the environment (docs/guide/operators.md, "Configuration").
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from tracker import environment, mailers

BASE_DIR = Path(__file__).resolve().parent.parent

# What web, worker and commands keep is nobody else's to read, whatever the folder allows.
os.umask(0o077)

# --- From the environment ---------------------------------------------------------------------
DATA_DIR = environment.data_dir("DATA_DIR", BASE_DIR / "var")
DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.secret_key("SECRET_KEY", DATA_DIR)
HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.whole_number("PORT", 8000, 1, 65535)
# A start is told by its environment alone where the site is and how mails leave. A command typed later
# knows of the last start: its links must lead there too, and its mails must not become files unseen.
LAST_START = DATA_DIR / "last-start.json"
_last = environment.announced(LAST_START) if sys.argv[1:2] != ["run"] else environment.Announced()
_address = "" if environment.text("PORT") else _last.site
SITE_URL = environment.site_url("SITE_URL", _address or f"http://localhost:{PORT}")
HAS_MAIL_SERVER = bool(environment.text("EMAIL_URL"))
MAIL_SERVER_NOT_NAMED = _last.has_mail_server and not HAS_MAIL_SERVER
REDIS_URL = environment.redis("REDIS_URL")
# Said by the web server's way in (wsgi.py); an operator has no need to.
SERVES_PAGES = environment.flag("SERVES_PAGES", default=False)
DATABASES = {
    "default": environment.database("DATABASE_URL", DATA_DIR / "tracker.sqlite3", serves_pages=SERVES_PAGES)
}
# Files, unless a mail server is named: a first try must never mail anybody.
MAIL_DIR = DATA_DIR / "mail"
MAILERS = mailers.mailers(MAIL_DIR)
SITE_HOST = urlsplit(SITE_URL).hostname or ""  # it has one: site_url refuses another
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", f"Recommendation tracker <tracker@{SITE_HOST}>")
MAIL_WORDS_DAYS = environment.whole_number("MAIL_WORDS_DAYS", 90, 7, 36500)
TIME_ZONE = environment.time_zone("TIME_ZONE", "UTC")
EVIDENCE_MAX_BYTES = environment.whole_number("EVIDENCE_MAX_MB", 100, 1, 4096) * 1024 * 1024
LINK_CHECKS = environment.flag("LINK_CHECKS", default=False)
LINK_CAPTURE = environment.flag("LINK_CAPTURE", default=False)
SEALED_LEVEL = environment.flag("SEALED_LEVEL", default=False)
CLAMD = environment.clamd("CLAMD_URL")
BEHIND_PROXY = environment.flag("BEHIND_PROXY", default=False)

# --- The site ---------------------------------------------------------------------------------
ALLOWED_HOSTS = sorted({SITE_HOST, "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [SITE_URL]
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = "tracker.formats"
LOCALE_PATHS = [BASE_DIR / "recommendations" / "locale"]

INSTALLED_APPS = [
    "recommendations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_filters",
    "axes",
    "recommendations.apps.DeskConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "recommendations.middleware.people.ReadableRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "recommendations.middleware.interrupted.SignedOutMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "recommendations.middleware.people.PersonMiddleware",
    "recommendations.middleware.people.OneTimePasswordMiddleware",
    "recommendations.middleware.people.PartnerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "recommendations.middleware.interrupted.BusyMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["tracker.templates.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": environment.evidence_storage("EVIDENCE_STORAGE"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Who gets in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "recommendations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "tracker.signin.MemberBackend",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "tracker.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length and a list of common ones, no rules of composition (ASVS 5, 6.2.1 to 6.2.5).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The defaults lock by address only and for ever; a deadline must not be lost to a stranger's guesses.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "tracker.signin.client_address"
AXES_VERBOSE = False
# The desk shows them itself, read-only and to managers.
AXES_ENABLE_ADMIN = False
AXES_USERNAME_CALLABLE = "tracker.signin.attempted_address"

# --- In the browser ---------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
ENCRYPTED = SITE_URL.startswith("https://")
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if ENCRYPTED else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if ENCRYPTED else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENCRYPTED
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = ENCRYPTED
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if ENCRYPTED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENCRYPTED
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Files that come in -----------------------------------------------------------------------
EVIDENCE_DIR = DATA_DIR / "evidence"
# A line a day with the last hash of the record of events; a copy kept elsewhere shows tampering later.
CHAIN_HEADS = DATA_DIR / "chain-heads.txt"
# While it is there, a restore is not finished, and nothing starts over half of one.
RESTORE_MARK = DATA_DIR / "restore-unfinished"
# The keys that evidence is sealed to; the server's secret one may lie elsewhere, as a mounted secret does.
KEYS_DIR = DATA_DIR / "keys"
EVIDENCE_KEY_FILE = environment.file("EVIDENCE_KEY_FILE", KEYS_DIR / "evidence_key")
FILE_UPLOAD_PERMISSIONS = 0o600
# Files go from the socket to the vault's spool; none passes through memory or another folder.
FILE_UPLOAD_HANDLERS = ["recommendations.forms.receiving.EvidenceUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 30
EVIDENCE_DIR.mkdir(mode=0o700, exist_ok=True)

# --- Jobs: every job is a doorbell over rows, so a lost or doubled message changes nothing ------
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 900
# A mail server may take minutes over each mail; what waits behind that are mails and nothing else.
MAIL_QUEUE = "mail"
CELERY_TASK_ROUTES = {"recommendations.tasks.send_outbox": {"queue": MAIL_QUEUE}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
TICK_SECONDS = environment.whole_number("TICK_SECONDS", 300, 5, 3600)
# Asked for after each tick; its owner raises an alarm when that stops.
PING_URL = environment.web_address("PING_URL")
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "recommendations.tasks.tick",
        "schedule": TICK_SECONDS,
        "options": {"expires": 240},
    },
    "examine": {
        "task": "recommendations.tasks.examine_evidence",
        "schedule": 60,
        "options": {"expires": 50},
    },
    # Every hour, to do it once a day: a computer that is off at night has no fixed hour.
    "verify": {
        "task": "recommendations.tasks.verify_evidence",
        "schedule": 3600,
        "options": {"expires": 3000},
    },
    "sweep": {
        "task": "recommendations.tasks.sweep_evidence",
        "schedule": 3600,
        "options": {"expires": 3000},
    },
    "remove-evidence": {
        "task": "recommendations.tasks.remove_evidence",
        "schedule": 3600,
        "options": {"expires": 3000},
    },
    "publish-head": {
        "task": "recommendations.tasks.publish_head",
        "schedule": 3600,
        "options": {"expires": 3000},
    },
}
if LINK_CHECKS:
    CELERY_BEAT_SCHEDULE["links"] = {
        "task": "recommendations.tasks.check_links",
        "schedule": 3600,
        "options": {"expires": 3000},
    }
if LINK_CAPTURE:
    # A worker is told of each at once; this finds those of which it was not.
    CELERY_BEAT_SCHEDULE["captures"] = {
        "task": "recommendations.tasks.capture_links",
        "schedule": 60,
        "options": {"expires": 50},
    }
# The schedule file of one Python is thrown away by another, so its name carries the version.
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / f"beat-py{sys.version_info[0]}{sys.version_info[1]}")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "socket_timeout": 10,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
else:
    CELERY_BROKER_URL = f"sqla+sqlite:///{DATA_DIR / 'broker.sqlite3'}"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one line": {"()": "tracker.logs.OneLine"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["one line"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.security.DisallowedHost": {"level": "ERROR"}},
}
