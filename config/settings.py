"""Every setting, each from the environment; `.env.example` names and explains them all.

Without DATABASE_URL this is one machine that brings its own servers (`make run`): addresses and key come from the `var`
folder. With it this is production: nothing that protects people has a default then.
"""

import tomllib
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from config import state

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / env("ENV_FILE", default=".env"))


def required(name: str, advice: str) -> str:
    value: str = env(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set, and DATABASE_URL is: {advice}")
    return value


def database(url: str) -> dict[str, Any]:
    """The connection as Django wants it."""
    try:
        if not url.startswith(("postgres://", "postgresql://")):
            raise ValueError("the scheme is not postgres")
        return {**env.db_url_config(url), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    except ValueError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL is no address of a PostgreSQL database ({error}): "
            "give one such as postgres://glossa:password@localhost:5432/glossa."
        ) from error


# --- Where things are ---

VAR_DIR = Path(env("VAR_DIR", default=BASE_DIR / "var")).resolve()
EMBEDDED = not env("DATABASE_URL", default="")
HOST: str = env("HOST", default="127.0.0.1")
PORT: int = env.int("PORT", default=8000)
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "tmp"
try:
    FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(
        f"{VAR_DIR} cannot be written ({error.strerror}): make it a folder you may write, or set VAR_DIR to one."
    ) from error

if EMBEDDED:
    if env("REDIS_URL", default=""):
        raise ImproperlyConfigured("REDIS_URL is set, and DATABASE_URL is not: set both, or neither for `make run`.")
    own_servers = state.addresses(VAR_DIR)
    DATABASE_URL, REDIS_URL = own_servers.database_url, own_servers.redis_url
else:
    DATABASE_URL = env("DATABASE_URL")
    REDIS_URL = required("REDIS_URL", "give the address of a Redis or Valkey, such as redis://localhost:6379/0.")

# --- Who may ask, and how ---

DEBUG: bool = env.bool("DEBUG", default=False)
if EMBEDDED:
    SECRET_KEY = env("SECRET_KEY", default="") or state.kept_secret(VAR_DIR / "secret_key")
    ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
else:
    SECRET_KEY = required("SECRET_KEY", "make one with `openssl rand -base64 48` and keep it secret.")
    required("ALLOWED_HOSTS", "give the names this server is reached by, such as glossa.example.org.")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
# Health checks and people on the machine itself come by these names.
ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

HTTPS: bool = env.bool("HTTPS", default=not EMBEDDED)
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

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
    "accounts",
    "documents",
    "config",
]
# Every one of these runs without a thread switch under ASGI as well: streams pass through them.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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

MAX_UPLOAD_MB: int = env.int("MAX_UPLOAD_MB", default=100)
MEDIA_ROOT = VAR_DIR / "files"
# JSON and forms are held in memory; uploads are streamed to FILE_UPLOAD_TEMP_DIR.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
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
SIGNUP_OPEN: bool = env.bool("SIGNUP_OPEN", default=True)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SESSION_REMEMBER = True

# --- Mail ---

EMAIL_URL: str = env("EMAIL_URL", default="")
DEFAULT_FROM_EMAIL: str = env("DEFAULT_FROM_EMAIL", default="Glossa <glossa@localhost>")
# Without a mail server nobody could follow a link: letters go to the terminal and addresses are taken as given.
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMAIL_URL else "none"
MAILERS: dict[str, Any] = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
if EMAIL_URL:
    mail = env.email_url_config(EMAIL_URL)
    MAILERS["default"] = {
        "BACKEND": mail["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": mail["EMAIL_HOST"],
            "port": mail["EMAIL_PORT"] or 25,
            "username": mail["EMAIL_HOST_USER"] or "",
            "password": mail["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": mail.get("EMAIL_USE_TLS", False),
            "use_ssl": mail.get("EMAIL_USE_SSL", False),
            "timeout": 10,
        },
    }

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

AI_PROVIDER: str = env("AI_PROVIDER", default="auto")
ANTHROPIC_API_KEY: str = env("ANTHROPIC_API_KEY", default="")
AI_BASE_URL: str = env("AI_BASE_URL", default="")
AI_MODEL: str = env("AI_MODEL", default="claude-haiku-4-5-20251001")
EMBEDDING_MODEL: str = env("EMBEDDING_MODEL", default="all-MiniLM-L6-v2")
if AI_PROVIDER not in {"auto", "claude", "local"}:
    raise ImproperlyConfigured(f"AI_PROVIDER is {AI_PROVIDER!r}: it may be auto, claude or local.")
if AI_PROVIDER == "claude" and not (ANTHROPIC_API_KEY or AI_BASE_URL):
    raise ImproperlyConfigured("AI_PROVIDER is claude, but neither ANTHROPIC_API_KEY nor AI_BASE_URL is set.")

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
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
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
TIME_ZONE: str = env("TIME_ZONE", default="UTC")
USE_TZ = True
# One line an event, on stderr. Paths without query strings, no bodies, no document text.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Celery tells of every message otherwise, and a sweep comes every ten seconds.
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}
