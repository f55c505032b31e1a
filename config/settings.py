"""Every setting, each from the environment; `.env.example` names and explains them all.

Without DATABASE_URL this is one machine that brings its own servers (`make run`): addresses and key come from the `var`
folder. With it this is production: nothing that protects people has a default then.
"""

import tomllib
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import state
from config.environment import (
    choice,
    database,
    listed,
    mailer,
    model_or_folder,
    number,
    recognised_language,
    required,
    share,
    switch,
    text,
    time_zone,
)
from documents.ai.models import FEATURES

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where things are ---

VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var"))).resolve()
EMBEDDED = not text("DATABASE_URL")
HOST = text("HOST", "127.0.0.1")
PORT = number("PORT", 8000)
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "tmp"
with state.usable(VAR_DIR):
    state.make_private(VAR_DIR)
    FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)

if EMBEDDED:
    if text("REDIS_URL"):
        raise ImproperlyConfigured("REDIS_URL is set, and DATABASE_URL is not: set both, or neither for `make run`.")
    with state.usable(VAR_DIR):
        own_servers = state.addresses(VAR_DIR)
    DATABASE_URL, REDIS_URL = own_servers.database_url, own_servers.redis_url
else:
    DATABASE_URL = text("DATABASE_URL")
    REDIS_URL = required("REDIS_URL", "give the address of a Redis or Valkey, such as redis://localhost:6379/0.")

# --- Who may ask, and how ---

DEBUG = switch("DEBUG", default=False)
if DEBUG and not EMBEDDED:
    raise ImproperlyConfigured("DEBUG is on, and DATABASE_URL is set: errors would show their insides. Turn DEBUG off.")
if EMBEDDED:
    with state.usable(VAR_DIR):
        SECRET_KEY = text("SECRET_KEY") or state.kept_secret(VAR_DIR / "secret_key")
else:
    SECRET_KEY = required("SECRET_KEY", "make one with `openssl rand -base64 48` and keep it secret.")
    required("ALLOWED_HOSTS", "give the names this server is reached by, such as glossa.example.org.")
# Health checks and people on the machine itself come by the last three.
ALLOWED_HOSTS = [*listed("ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]"]

HTTPS = switch("HTTPS", default=not EMBEDDED)
BEHIND_PROXY = switch("BEHIND_PROXY", default=False)
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Other names under the same domain are not ours to decide about.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SESSION_COOKIE_NAME = "glossa_session"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}

# --- The parts ---

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "accounts",
    "documents",
    "config",
]
# Every one of these runs without a thread switch under ASGI as well: streams pass through them.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "config.privacy.private_by_default",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.threshold.send_whole_pages_to_sign_in",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # In place of allauth's own for sessions, which is for threads alone.
    "accounts.sessions.note_visits",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "documents.web.context.product",
            ]
        },
    }
]

# --- Rows ---

DATABASES: dict[str, Any] = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Files ---

MAX_UPLOAD_MB = number("MAX_UPLOAD_MB", 100)
# What is deleted can be put back for so many days, at most for a century.
BIN_DAYS = min(number("BIN_DAYS", 30), 36_500)
# Of one parser process. A page that needs more is put down as too large.
READING_MEMORY_MB = number("READING_MEMORY_MB", 1_500)
OCR_LANGUAGE = recognised_language("OCR_LANGUAGE")
ALLOW_WEAK_SANDBOX = switch("ALLOW_WEAK_SANDBOX", default=False)
MEDIA_ROOT = VAR_DIR / "files"
# No other account of this machine may read them.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# JSON and forms are held in memory; uploads are streamed to FILE_UPLOAD_TEMP_DIR.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# Files of one form. A script sends them one by one; a browser without it sends all that were chosen.
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000
# A run names up to 1,000 documents.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}

# --- People ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# On a server, strangers would read, store and ask on somebody else's account.
SIGNUP_OPEN = switch("SIGNUP_OPEN", default=EMBEDDED)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SESSION_REMEMBER = True

# --- Mail ---

EMAIL_URL = text("EMAIL_URL")
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "Glossa <glossa@localhost>")
# Without a mail server nobody could follow a link: letters go to the terminal and addresses are taken as given.
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMAIL_URL else "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MAILERS: dict[str, Any] = {"default": mailer(EMAIL_URL) if EMAIL_URL else {"BACKEND": "config.letters.Terminal"}}

# --- The API ---

VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.permissions.TokenMayWrite",
    ],
    "DEFAULT_RENDERER_CLASSES": ["documents.api.rendering.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["documents.api.rendering.OrjsonParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "documents.api.description.Described",
    "EXCEPTION_HANDLER": "documents.api.errors.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Glossa",
    "DESCRIPTION": "Put in documents, have them analysed, and see the exact words every statement rests on.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "documents.api.description.add_events",
    ],
    "ENUM_NAME_OVERRIDES": {
        "DocumentStatus": "documents.models.document.Status",
        "AnalysisStatus": "documents.models.results.AnalysisStatus",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Models ---

AI_PROVIDER = choice("AI_PROVIDER", ("auto", "claude", "local"), "auto")
ANTHROPIC_API_KEY = text("ANTHROPIC_API_KEY")
AI_BASE_URL = text("AI_BASE_URL")
AI_MODEL = text("AI_MODEL", "claude-haiku-4-5-20251001")
# Those that people may choose for a question, AI_MODEL among them.
AI_MODELS = tuple(dict.fromkeys([AI_MODEL, *listed("AI_MODELS")]))
# What the server at AI_BASE_URL can do; what it cannot is done here instead.
AI_FEATURES = tuple(listed("AI_FEATURES", FEATURES))
# How many tokens its models take, prompt and answer together; 0 where their names tell.
AI_CONTEXT_TOKENS = number("AI_CONTEXT_TOKENS", 0, least=0)
# A model's name or the folder it lies in. Another one than the stored vectors are by is switched to with `reindex`.
EMBEDDING_MODEL = model_or_folder("EMBEDDING_MODEL", ("all-MiniLM-L6-v2", "all-MiniLM-L6-v2-int8"), "all-MiniLM-L6-v2")
if AI_PROVIDER == "claude" and not (ANTHROPIC_API_KEY or AI_BASE_URL):
    raise ImproperlyConfigured("AI_PROVIDER is claude, but neither ANTHROPIC_API_KEY nor AI_BASE_URL is set.")

# --- Search ---

# The share of the words (BM25) in the score of a passage; the rest is the meaning (cosine).
SEARCH_BLEND = share("SEARCH_BLEND", 0.45)
# How much it counts that a word comes again, and that a passage is long. Stored weights are made with them: `reindex`.
SEARCH_BM25_K1 = share("SEARCH_BM25_K1", 1.2, most=10)
SEARCH_BM25_B = share("SEARCH_BM25_B", 0.75)

# --- Work outside requests ---

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "glossa",
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 2},
    }
}
# Celery only carries the numbers of jobs: what is lost, sweeping finds again. Each line was chosen by killing workers.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    # A Redis that hangs would otherwise hold up whoever publishes for ever.
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_RESULT_BACKEND = None
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# Rejecting the task that killed its worker would hand it to the next worker, for ever.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
# The longest scan that is taken needs an hour to recognise, the longest text half an hour to embed. The parser has its
# own limit a page, and a worker that died is found by its lease.
CELERY_TASK_TIME_LIMIT = 7500
CELERY_TASK_SOFT_TIME_LIMIT = 7200
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1}
CELERY_TASK_DEFAULT_QUEUE = "think"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 25
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "documents.tasks.sweep",
        "schedule": 10.0,
        # Not on `read`: one slow file a core would hold it up. A late sweep is worth nothing: the next one is due.
        "options": {"queue": "think", "expires": 10},
    }
}

# --- Language, time, log ---

LANGUAGE_CODE = "en-gb"
TIME_ZONE = time_zone("TIME_ZONE")
USE_TZ = True
LOG_LEVEL = choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "INFO")
# One line an event, on stderr. Paths without query strings, no bodies, no document text.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.Line", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Celery tells of every message otherwise, and a sweep comes every ten seconds.
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
