"""Every default. `dev`, `test` and `prod` only override.

Own settings begin with SCREENING_ and can be set in the environment:

SCREENING_DATA             directory for database, uploads, reports, secret key and logs
SCREENING_DEMO             1 shows the demo accounts on the sign-in page
SCREENING_ALLOWED_HOSTS    host names the site answers to, separated by commas
SCREENING_HTTPS            1 when the site is reached over HTTPS; on by itself for a host that is not local
SCREENING_PROXIES          how many trusted proxies stand before the web server
SCREENING_TRUSTED_ORIGINS  other origins that may post forms, separated by commas
SCREENING_TIME_ZONE        time zone of dates on screen and in reports
SCREENING_FROM_EMAIL       sender of e-mails
SCREENING_DIGEST_HOUR      hour of the day, 0 to 23, from which the daily e-mail goes out
SCREENING_ADDRESS          address of the site with https://, for links in the daily e-mail
SCREENING_SESSION_HOURS    how long a sign-in lasts
SCREENING_MAX_DOCUMENT_MB  largest document that is taken
SCREENING_MAX_UPLOAD_MB    how much one form may bring, all its files together
SCREENING_JOB_STALE_SECONDS  after how long without a sign of life a background job is begun again
SCREENING_LOG_LEVEL        DEBUG, INFO, WARNING or ERROR

DATABASE_URL, EMAIL_URL and SECRET_KEY keep their usual names.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from screening import installation

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SCREENING_DATA = installation.data_directory(BASE_DIR)
SCREENING_DEMO = installation.is_demo(SCREENING_DATA)

# -- Who may call ---------------------------------------------------------------------------

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEBUG = False
SECRET_KEY = installation.secret_key(SCREENING_DATA)
ALLOWED_HOSTS = env.list("SCREENING_ALLOWED_HOSTS", default=LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("SCREENING_TRUSTED_ORIGINS", default=[])
SCREENING_HTTPS = env.bool("SCREENING_HTTPS", default=not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS))
SCREENING_PROXIES = env.int("SCREENING_PROXIES", default=0)

# -- Applications ---------------------------------------------------------------------------

INSTALLED_APPS = [
    # ours first: their templates and commands win
    "checklist",
    "proposals",
    "screening",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_countries",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "rules",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "screening.middleware.UploadLimit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "screening.middleware.LanguageOfUser",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "screening.urls"
WSGI_APPLICATION = "screening.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "screening.context.shell",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
# A mistake in a form's layout is an error, not an empty place on the page.
CRISPY_FAIL_SILENTLY = False

# Fills the frame's navigation; named here because the foundation knows no domain.
SCREENING_NAVIGATION = "checklist.navigation.navigation"

# Columns that are loaded with whoever is signed in: (her number) -> {name: expression}.
SCREENING_SHOWN_OF_USER = "checklist.selectors.notices.shown_of_user"

# What the worker does every few minutes besides its jobs: functions without arguments, safe to repeat.
SCREENING_REGULAR_WORK = [
    "proposals.jobs.follow_dates",
    "checklist.regular_work.remind_of_dates",
    "checklist.regular_work.send_digests",
    "checklist.jobs.take_up_batches",
]
# From this hour on the daily e-mail goes out, with what was told before it.
SCREENING_DIGEST_HOUR = min(max(env.int("SCREENING_DIGEST_HOUR", default=7), 0), 23)
# Where people find the site: the links in e-mails that no page asked for begin with it.
SCREENING_ADDRESS = env.str("SCREENING_ADDRESS", default="").rstrip("/")

# -- Data -----------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{SCREENING_DATA / 'db.sqlite3'}")}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = 600
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # A web process and a worker write at the same time. Taking the write lock at the
    # beginning of a transaction makes the second one wait instead of failing half way.
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    _database["CONN_HEALTH_CHECKS"] = True

# In the database, so that rate limits hold over all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "screening_cache",
        # Somebody who tries many addresses must not push out the counts of the rate limits.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    },
}
SCREENING_JOB_STALE_SECONDS = max(3, env.int("SCREENING_JOB_STALE_SECONDS", default=30))

# -- Files ----------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = SCREENING_DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names with a content hash, so that browsers keep files for ever. Compressing takes
    # minutes on a small machine: `prod` does it.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Uploads are never served by path: a view checks who asks and logs the download.
MEDIA_ROOT = SCREENING_DATA / "uploads"
MEDIA_URL = ""
# Large uploads wait there. Django refuses a directory that is not there yet.
FILE_UPLOAD_TEMP_DIR = str(SCREENING_DATA / "tmp") if (SCREENING_DATA / "tmp").is_dir() else None
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Fields of a form without its files. A mapped import posts many short ones.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
SCREENING_MAX_DOCUMENT_MB = env.int("SCREENING_MAX_DOCUMENT_MB", default=25)
SCREENING_MAX_UPLOAD_MB = env.int("SCREENING_MAX_UPLOAD_MB", default=max(100, 2 * SCREENING_MAX_DOCUMENT_MB))

# -- Sign-in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "screening.User"
AUTHENTICATION_BACKENDS = [
    "screening.adapter.Backend",
    "rules.permissions.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "screening.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "screening.sign_in_forms.SignInForm",
    "reset_password": "screening.sign_in_forms.ForgottenForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator makes the accounts
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/m/key",
    "reset_password_from_key": "10/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = SCREENING_PROXIES
# Security keys need scripts in the page that our policy does not allow.
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Screening"

SESSION_ENGINE = "screening.sessions"
SESSION_COOKIE_AGE = env.int("SCREENING_SESSION_HOURS", default=7 * 24) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# -- What a browser may do ------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # a PDF opens in a frame beside the assessment
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_SECURE = SCREENING_HTTPS
CSRF_COOKIE_SECURE = SCREENING_HTTPS
SECURE_SSL_REDIRECT = SCREENING_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SCREENING_HTTPS else 0
# A monitor asks the web server directly, without the proxy that speaks HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
if SCREENING_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # whether the other names of the domain speak HTTPS is not ours to say
    "security.W021",  # the same for the browsers' preload list
    "security.W019",  # our own pages frame our own PDFs; frame-ancestors says the same
]

# -- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "screening.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("SCREENING_TIME_ZONE", default="UTC")

# -- E-mail ---------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("SCREENING_FROM_EMAIL", default="screening@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Without EMAIL_URL nothing leaves the machine: e-mails are files in the data directory.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(SCREENING_DATA / "emails")
EMAIL_TIMEOUT = 20
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))

# -- Logs -----------------------------------------------------------------------------------

# Paths and ids are logged; names, e-mail addresses and what people wrote are not.
SCREENING_LOG_LEVEL = env.str("SCREENING_LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} {process:d} {message}",
            "style": "{",
        },
    },
    "handlers": {
        # The terminal that runs ./start shows the address and the demo accounts, not every job.
        "console": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
        "file": {
            "class": "screening.logs.DataFileHandler",
            "filename": str(SCREENING_DATA / "logs" / "screening.log"),
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console", "file"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["console", "file"], "level": SCREENING_LOG_LEVEL, "propagate": False}
        for name in ("screening", "proposals", "checklist", "django_tasks", "django_tasks_db")
    },
}
