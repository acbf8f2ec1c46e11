"""The one settings file. What a deployment may change is read from the environment, here only."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from casesapi import deployment
from casesapi.http import logs
from casesapi.postgres import state_dir

env = Env()

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

# --- Database: any PostgreSQL from 15 on, or without DATABASE_URL the embedded one

DATABASE_URL = env.str("DATABASE_URL", "")


def address(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's settings for a postgresql:// URL; its query may hold any option of libpq."""
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"{name} is not a PostgreSQL address: {error}") from None
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",  # nosec B105
        "HOST": "host",
        "PORT": "port",
    }
    named = {name: parts.pop(key, "") for name, key in names.items()}
    return {"ENGINE": "django.db.backends.postgresql", **named, "OPTIONS": parts}


EMBEDDED = {"ENGINE": "casesapi.postgres", "NAME": "cases", "USER": "postgres", "OPTIONS": {}}
DATABASE: dict[str, Any] = address(DATABASE_URL) if DATABASE_URL else EMBEDDED
# Seconds that a thread keeps its connection; the check spares it an error after a restart.
DATABASE["CONN_MAX_AGE"] = env.int("DATABASE_MAX_AGE", 600)
DATABASE["CONN_HEALTH_CHECKS"] = True
# Without a number nothing is prepared on the server, as some poolers need it.
DATABASE["OPTIONS"]["prepare_threshold"] = env.int(
    "DATABASE_PREPARE_THRESHOLD", None if DATABASE_URL else 5
)
if DATABASE_URL:
    # A machine that is gone must not hold anybody up for minutes, as TCP does by itself.
    DATABASE["OPTIONS"] = {
        "connect_timeout": 2,
        "tcp_user_timeout": 5_000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
    } | DATABASE["OPTIONS"]
DATABASES = {"default": DATABASE}
# The same database, as a role that may read what is published and nothing else.
if reader_url := env.str("DATABASE_READER_URL", ""):
    READER = address(reader_url, "DATABASE_READER_URL")
    DATABASES["reader"] = DATABASE | READER | {"OPTIONS": DATABASE["OPTIONS"] | READER["OPTIONS"]}
# Streaming replicas of it, with commas, which the public API reads from.
replica_urls = env.str("DATABASE_REPLICA_URL", "")
for number, replica_url in enumerate(re.split(r",\s*(?=postgres)", replica_urls)):
    if replica_url:
        REPLICA = address(replica_url, "DATABASE_REPLICA_URL")
        DATABASES[f"replica{number + 1}"] = (
            DATABASE | REPLICA | {"OPTIONS": DATABASE["OPTIONS"] | REPLICA["OPTIONS"]}
        )
DATABASE_ROUTERS = ["casesapi.databases.router.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Secrets

SECRET_KEY = env.str("SECRET_KEY", "")
if "replica1" in DATABASES and not DATABASE_URL:
    raise ImproperlyConfigured(
        "DATABASE_REPLICA_URL names replicas of the database in DATABASE_URL, which is not set."
    )
if not SECRET_KEY and DATABASE_URL:
    raise ImproperlyConfigured(
        "With DATABASE_URL set, SECRET_KEY must be set too, and the same for all processes that "
        "serve: it signs the cursors of lists. Make one with: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
SECRET_KEY = SECRET_KEY or state_dir.kept_secret_key()

# --- Safety: what is reachable by others is served safely or not at all

# Nobody is answered who calls us by another name, so these names say whether others can reach us.
PUBLIC = deployment.is_public(ALLOWED_HOSTS)
# Whether we are reached by TLS: cookies then never travel without. Plain HTTP is for the embedded
# default on one machine.
HTTPS = env.bool("HTTPS", PUBLIC or bool(DATABASE_URL))
# Proxies of ours in front of the application; what they say of a request is believed, and of
# X-Forwarded-For so many entries.
PROXIES = env.int("PROXIES", 0)
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whoever knows it may read /metrics; unset = nobody.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
if PUBLIC and (
    refused := [
        *deployment.refusals(
            hosts=ALLOWED_HOSTS,
            debug=DEBUG,
            secret_key=SECRET_KEY,
            https=HTTPS,
            proxies=PROXIES,
            metrics_token=METRICS_TOKEN,
        )
    ]
):
    raise ImproperlyConfigured(
        "This is not safe to serve to others than this machine:\n  " + "\n  ".join(refused)
    )
# Nobody listens in on what does not leave the machine.
SECURE_SSL_REDIRECT = HTTPS and PUBLIC
# Probes of a load balancer and Prometheus come from inside.
SECURE_REDIRECT_EXEMPT = ["^health/", "^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 86_400) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# To be preloaded by browsers is a promise for a whole domain, which is its owner's to make.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
X_FRAME_OPTIONS = "DENY"

# --- Application

INSTALLED_APPS = [
    "cases.admin.apps.DeskConfig",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "axes",
    "nested_admin",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular_sidecar",
    "django_htmx",
    "cases",
    "cases.web",
    "cases.charts",
    "cases.feeds",
]
MIDDLEWARE = [
    "casesapi.http.security_headers.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cases.api.http.limits.within_limits",
    "casesapi.databases.router.no_statement_timeout",
    "corsheaders.middleware.CorsMiddleware",
    "cases.api.request.tracking.no_tracking",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cases.api.http.middleware.repr_digest",
    "cases.api.http.compression.CompressionMiddleware",
    "cases.api.http.middleware.unencoded_digest",
    "django.middleware.common.CommonMiddleware",
    # For the desk. They look at a session when something asks for it, which the API never does.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Last: it turns a login that is locked out into a page that says so.
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "casesapi.urls"
WSGI_APPLICATION = "casesapi.wsgi.application"
APPEND_SLASH = True
# Counts of past states are kept here; they are small, and true for ever.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Charts, some 50 kB each.
    "pictures": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pictures",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 300},
    },
}

# --- Logs: JSON lines on stderr; from INFO on there is one for each request

LOGGING = logs.configuration(env.str("LOG_LEVEL", "INFO" if PUBLIC else "WARNING").upper())

# --- The desk: who may log in, how, and what is asked of them

# Whether what goes out must be checked by somebody who did not enter it.
REQUIRE_SECOND_EDITOR = env.bool("CASES_REQUIRE_SECOND_EDITOR", bool(DATABASE_URL))
# Origins that forms may come from when a proxy changes the name, such as https://desk.example.org
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# No request outside the desk carries a cookie.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/desk/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# What the desk says after a form was sent is kept in the session: its own cookie would be sent to
# every address of the host.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# A working day, and no longer than the browser is open.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LOGIN_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Guesses are counted by name and address together, so that nobody can lock an editor out from
# elsewhere. The time begins with the last counted guess and is not made longer by more of them.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "cases/desk/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "casesapi.http.proxies.client_network"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# A case with many defendants has many fields; Django's own limit of 1000 would refuse it whole.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Links: what `check_links` may call

# Addresses of private networks too; for tests only, as editors type the addresses.
LINKS_MAY_BE_PRIVATE = env.bool("LINKS_MAY_BE_PRIVATE", False)
# Who calls, so that an operator of a site can ask us to stop.
LINKS_USER_AGENT = env.str("LINKS_USER_AGENT", "CasesAPI-LinkCheck/1.0 (open dataset)")
# Answers of the newest publication are kept in each process, up to so many bytes; 0 = none.
ANSWER_CACHE_BYTES = env.int("ANSWER_CACHE_MB", 64) * 1_000_000
# Its finished exports too, on disk, for all processes together; 0 = none.
EXPORT_CACHE_BYTES = env.int("EXPORT_CACHE_MB", 2_000) * 1_000_000
EXPORT_FOLDER = Path(env.str("EXPORT_CACHE_DIR", "") or state_dir.state_folder() / "exports")

# --- Ledger: what proves it outside the database

# The private key, made if there is none; the same for all machines that publish.
LEDGER_KEY_FILE = Path(
    env.str("LEDGER_KEY_FILE", "") or state_dir.state_folder() / "ledger/key.pem"
)
# Signed heads are appended to this file with each publication; best on another machine.
LEDGER_HEADS = Path(env.str("LEDGER_HEADS", "") or LEDGER_KEY_FILE.with_name("heads.jsonl"))

# --- Static files: scripts and styles of the pages, sent by the application itself

STATIC_URL = "static/"
# As they lie in the packages, so that nobody has to collect them.
WHITENOISE_USE_FINDERS = True

# --- Language and time

LANGUAGE_CODE = "en"
# Before the catalogues of other packages, which translate some of the same words for themselves.
LOCALE_PATHS = [state_dir.CHECKOUT / "cases" / "web" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# --- API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["cases.api.http.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "cases.api.request.negotiation.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": "cases.api.http.metadata.ParametersMetadata",
    "EXCEPTION_HANDLER": "cases.api.http.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    # `format` is a parameter like any other, so that a wrong one is explained like any other.
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Cases API",
    "VERSION": "1",
    "DESCRIPTION": (
        "Criminal cases against citizens of Central Asian countries who were recruited to fight "
        "for Russia in Ukraine, every value with its sources. Unknown is null. A parameter that "
        "is unknown, empty or wrong is answered with 400; those that only track readers (`utm_…`, "
        "`fbclid` and so on, listed by `OPTIONS`) are ignored. Every answer names the publication "
        "it is read from, and `as_of` reads any earlier one."
    ),
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "SERVERS": [{"url": "/"}],
    "SORT_OPERATIONS": False,
    # Vocabularies get their components from `cases.api.schemas.openapi`.
    "POSTPROCESSING_HOOKS": [],
}

# Seconds that the database may work on one statement for the public, and on all those of one answer
# together. A file takes many of them.
STATEMENT_SECONDS = env.int("STATEMENT_SECONDS", 10)
EXPORT_STATEMENT_SECONDS = env.int("EXPORT_STATEMENT_SECONDS", 60)
# Files that one process writes at a time. Each holds one of its threads.
EXPORTS_AT_ONCE = env.int("EXPORTS_AT_ONCE", 1)
# Seconds that the drawing of one chart may take.
CHART_SECONDS = env.int("CHART_SECONDS", 10)
# Seconds that a request may wait for a thread.
THREAD_SECONDS = env.int("THREAD_SECONDS", 10)

# How much a client may ask for, by its address or its key, in each of these windows: 1 for an
# answer out of memory, else 1 for each 25 ms of work. On one's own machine it is counted too, and
# nobody needs to be held back.
ample = 1 if PUBLIC else 10_000
QUOTA_ANONYMOUS = env.str("QUOTA_ANONYMOUS", f"{600 * ample}/minute {50_000 * ample}/day")
QUOTA_STANDARD = env.str("QUOTA_STANDARD", f"{3_000 * ample}/minute {500_000 * ample}/day")
QUOTA_BULK = env.str("QUOTA_BULK", f"{30_000 * ample}/minute {5_000_000 * ample}/day")
# Counted apart, by address: the desk, and what pages load (their files, /usage/, CORS preflights).
QUOTA_DESK = env.str("QUOTA_DESK", f"{600 * ample}/minute")
QUOTA_ASSETS = env.str("QUOTA_ASSETS", f"{1_200 * ample}/minute")
# Requests of one client that a process computes at a time; browsers open six connections.
COMPUTED_AT_ONCE = env.int("COMPUTED_AT_ONCE", 6 * ample)
# Redis or Valkey, for what all processes of all machines share; unset = each has its own.
CACHE_URL = env.str("CACHE_URL", "")
if CACHE_URL and not CACHE_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured(
        "CACHE_URL is not an address of Redis or Valkey: write redis://, rediss:// or unix://."
    )

# The data is public and nobody logs in: any page may read it, without credentials.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = "^/(api|charts|feeds)/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "if-none-match",
    "if-modified-since",
    "if-range",
    "range",
]
CORS_EXPOSE_HEADERS = [
    *("Link", "ETag", "Last-Modified", "Dataset-Publication", "Dataset-Count", "Repr-Digest"),
    *("X-Request-ID", "Content-Disposition", "RateLimit", "RateLimit-Policy", "Retry-After"),
    *("Superseded", "Accept-Ranges", "Content-Range", "Unencoded-Digest"),
]
CORS_PREFLIGHT_MAX_AGE = 86_400
