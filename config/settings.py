"""Settings of every process of Taskworth. Each variable read here is described in docs/settings.md."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

import dj_database_url
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from config.env import Environment

django_stubs_ext.monkeypatch()

# A stage is a fork of the process that holds its lease. The thread pool of OpenMP does not survive a fork: a stage
# whose parent had once used two threads hung for ever in its first parallel loop. One thread makes no pool.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Arrow's own allocator keeps some 15 MiB in every process that reads a log, however small.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "data")
DEBUG = env.flag("DEBUG", default=False)


def secret_key() -> str:
    """SECRET_KEY, or one drawn at the first start and kept in DATA_DIR, so sessions survive a restart."""
    given = env.text("SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "secret_key"
    try:
        return path.read_text(encoding="ascii") if path.exists() else _drawn_into(path)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR {DATA_DIR} cannot be used: {path}: {error.strerror}.") from error


def _drawn_into(path: Path) -> str:
    """A new key. Linked into its place whole: of two first starts at once, both read the key of the first."""
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=DATA_DIR, encoding="ascii") as drawn:
        drawn.write(secrets.token_urlsafe(50))
        drawn.flush()
        with contextlib.suppress(FileExistsError):
            os.link(drawn.name, path)
    return path.read_text(encoding="ascii")


SECRET_KEY = secret_key()
PORT = env.whole("PORT", 8000, minimum=1)
LISTEN = env.text("LISTEN", "127.0.0.1")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("http") else []
DEMO = env.flag("DEMO", default=True)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "common",
    "accounts",
    "jobs",
    "planner",
    "canvas",
    "pipelines",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.ProblemMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
STEP_PROVIDERS: list[str] = [
    # Functions that say how far a process is: each takes a process and gives common.steps.StepState objects.
    "canvas.selectors.canvas_step",
    "planner.selectors.process_steps",
    "pipelines.selectors.pipeline_steps",
    "planner.selectors.value_steps",
]

FURTHEST_PROVIDERS: list[str] = [
    # Functions that say how far all processes of a workspace are: {id: key of the furthest step begun}.
    "canvas.selectors.canvas_furthest",
    "pipelines.selectors.pipelines_furthest",
]

DERIVED_PROVIDERS: list[str] = [
    # Functions that say what was made of a log and delete it: each takes a log and gives common.derived.Derived.
    "pipelines.services.log_derivatives",
]
SUBJECT_PROVIDERS: list[str] = [
    # Functions that say what jobs about a part of a process are about: each takes a process and gives subjects.
    "pipelines.selectors.steps.pipeline_subjects",
]

WORKSPACE_FOLLOWERS: list[str] = [
    # Functions that do what follows from other money and time of a workspace: each takes the Access that changed them.
    "planner.services.values_follow",
]

OUTGOING_ALLOWED_HOSTS = env.words("OUTGOING_ALLOWED_HOSTS", "")
DISPATCH_FOLLOWERS: list[str] = [
    # Functions the dispatcher calls every few seconds, any number of dispatchers at once: each decides by its own rows.
    "pipelines.services.triggers_tick",
    "pipelines.services.monitoring_tick",
    "pipelines.services.log_outcomes_tick",
    "pipelines.services.months_tick",
]

HOME_PROVIDERS: list[str] = [
    # Functions that say what waits for people: each takes a workspace and gives common.home.HomeNews.
    "pipelines.selectors.pipelines_home",
]

WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

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
                "config.context.shell",
            ],
        },
    },
]

SQLITE_OPTIONS = {
    # Deferred transactions failed at once with "database is locked" when two writers met: every transaction
    # takes the write lock at its start, and waits for it.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def database() -> dict[str, object]:
    """The database named by DATABASE_URL (postgres:// or sqlite://), else SQLite in DATA_DIR."""
    url = env.text("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'taskworth.sqlite3'}"
    try:
        found: dict[str, object] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read; write postgres://user:password@host/name.") from error
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["OPTIONS"] = dict(SQLITE_OPTIONS)
        # A file, not memory, for tests too: worker processes of the fault tests open the same database.
        found["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    return found


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:start"
LOGOUT_REDIRECT_URL = "accounts:landing"
AXES_FAILURE_LIMIT = env.whole("SIGN_IN_FAILURES", 6, minimum=1)
AXES_COOLOFF_TIME = 1
AXES_IPWARE_PROXY_COUNT = env.whole("PROXY_COUNT", 0)
AXES_USERNAME_FORM_FIELD = "username"  # what Django's sign-in hands on, whatever the field of the model is called
AXES_HANDLER = "accounts.lockout.SignInLimits"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # whose wrong tries a success forgives
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_CLIENT_IP_CALLABLE = "common.security.client_address"
AXES_RESET_ON_SUCCESS = True
# A try that was refused unread is no try: else one address could keep a person out everywhere, for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "next"]  # `next` may hold the secret of an invitation

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG


def blob_storage() -> dict[str, object]:
    """What BLOB_STORAGE names: s3://bucket/prefix, or the dotted name of a storage class that takes a folder."""
    named = env.text("BLOB_STORAGE", "django.core.files.storage.FileSystemStorage")
    if not named.startswith("s3://"):
        return {"BACKEND": named, "OPTIONS": {"location": str(DATA_DIR / "blobs")}}
    bucket, _, prefix = named.removeprefix("s3://").partition("/")
    access_key, secret_key = env.text("BLOB_ACCESS_KEY"), env.text("BLOB_SECRET_KEY")
    if not bucket:
        raise ImproperlyConfigured(f"BLOB_STORAGE is “{named}”; write s3://bucket or s3://bucket/prefix.")
    if bool(access_key) != bool(secret_key):
        raise ImproperlyConfigured("BLOB_ACCESS_KEY and BLOB_SECRET_KEY go together; give both, or neither.")
    options = {
        "bucket": bucket,
        "prefix": prefix,
        "spool": str(DATA_DIR / "spool"),
        "endpoint": env.text("BLOB_ENDPOINT"),
        "region": env.text("BLOB_REGION", "us-east-1"),
        "access_key": access_key,
        "secret_key": secret_key,
    }
    return {"BACKEND": "jobs.services.object_store.ObjectStorage", "OPTIONS": options}


MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    "blobs": blob_storage(),
}
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
if env.text("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("EMAIL_HOST")
    EMAIL_PORT = env.whole("EMAIL_PORT", 587, minimum=1)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "taskworth@localhost")

# The engine. Without REDIS_URL the runner starts an embedded broker and exports its address to its children.
REDIS_URL = env.text("REDIS_URL")
JOBS_LEASE_SECONDS = env.number("JOBS_LEASE_SECONDS", 30, minimum=0.5)
JOBS_HEARTBEAT_SECONDS = env.number("JOBS_HEARTBEAT_SECONDS", 5, minimum=0.1)
PORTFOLIO_SECONDS = env.number("PORTFOLIO_SECONDS", 60, minimum=0.01)
JOBS_TICK_SECONDS = env.number("JOBS_TICK_SECONDS", 1, minimum=0.05)

REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "accounts.authentication.WorkspaceSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["common.api.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "common.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "common.api.description.Description",
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.pace.AnonPace",
        "accounts.pace.UserPace",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "1200/min", "token": "10/min"},
    "EXCEPTION_HANDLER": "common.api.problem_handler",
    "NUM_PROXIES": AXES_IPWARE_PROXY_COUNT,
    "COERCE_DECIMAL_TO_STRING": False,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Taskworth",
    "DESCRIPTION": "Find the tasks of a process worth a machine-learning model, and get that model running.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "docExpansion": "none"},
    "DISABLE_ERRORS_AND_WARNINGS": False,
    # Choices stay where they are used: named once for the whole API, equal field names would get numbers.
    "POSTPROCESSING_HOOKS": [],
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SESSION_COOKIE_SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "common.logs.SecretFreeFormatter",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {"axes": {"level": "WARNING"}, "django": {"level": "INFO"}},  # Django's own handlers are taken away
}
