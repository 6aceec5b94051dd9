"""One settings file; what differs between installations comes from the environment."""

from __future__ import annotations

import os
from datetime import timedelta

from celery.schedules import crontab
from django.utils.csp import CSP

from ilp import env

BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir()
SECRET_KEY = env.secret_key()
DEBUG = env.flag("PANTAU_DEBUG")
ALLOWED_HOSTS = env.words("PANTAU_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("PANTAU_ORIGINS")
# The address printed into PDFs and mails (verification page); no trailing slash.
PUBLIC_URL = os.environ.get("PANTAU_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = env.flag("PANTAU_HTTPS")  # behind a TLS proxy: secure cookies, HSTS, redirect

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "facilities",
    "lifecycle",
    "clusters",
    "reports",
    "ilp",
]

MIDDLEWARE = [
    # Until it is known who asks, the database shows no row that names people.
    "ilp.database.area.AreaOfRequest",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages of 130 KB become 16; the form token is masked anew in each answer (BREACH).
    "ilp.compress.Compress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ilp.middleware.ChosenLanguage",
    "ilp.middleware.NoNulBytes",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ilp.middleware.SessionLimits",
    "ilp.offline.SamePerson",
    "ilp.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "ilp.middleware.PagesForPeople",
    "ilp.middleware.OwnPasswordFirst",
    "ilp.signin.middleware.SecondFactorFirst",
    "ilp.middleware.LocalTime",
    "ilp.middleware.PapersOfNewerVersions",
    "ilp.middleware.RefusedInput",
    "ilp.signin.middleware.WaitAfterTooManyTries",
]

ROOT_URLCONF = "ilp.urls"
WSGI_APPLICATION = "ilp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "ilp.templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.context.shell",
            ],
            # Each room brings its own tags; Django by itself finds only one folder an app.
            "libraries": {
                "ilp": "reports.figures.tags",
                "decision_tags": "reports.problems.tags",
                "delivery_tags": "reports.deliveries.tags",
                "facility_tags": "reports.places.tags",
                "review_tags": "reports.review.tags.rows",
                "signing_tags": "reports.review.tags.signing",
                "tables": "reports.figures.table_tags",
            },
        },
    },
]

# --- database ---------------------------------------------------------------
DATABASES = {"default": env.database_settings(env.database_url())}
DATABASES["default"] |= {
    "CONN_HEALTH_CHECKS": True,
    "CONN_MAX_AGE": 60,
}
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    "-c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=120s",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -----------------------------------------------------------------
AUTH_USER_MODEL = "facilities.User"
AUTHENTICATION_BACKENDS = [
    "ilp.signin.backend.Guarded",
    "django.contrib.auth.backends.ModelBackend",  # compares nothing: sessions begun with it go on
]
PASSWORD_HASHERS = [
    "facilities.hashing.BoundedArgon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "facilities.passwords.LocalWordsValidator"},
]
CSRF_FAILURE_VIEW = "ilp.signin.views.csrf.failed"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_AGE = 30 * 60  # seconds without a request; see ilp.middleware.SessionLimits
SESSION_SAVE_EVERY_REQUEST = False

# --- language and time ------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # a page shows its district's own zone
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["ilp.formats"]

# --- files ------------------------------------------------------------------
# How long a review is waited for before the page kept on the device is shown instead.
OFFLINE_PATIENCE_MS = 8000
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ilp.static_files.Storage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are two thirds of all bytes and only read by developers' tools.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "tgz", "bz2", "tbz", "xz", "br"),
    *("swf", "flv", "woff", "woff2", "3gp", "3gpp", "asf", "avi", "m4v", "mov", "mp4"),
    *("mpeg", "mpg", "webm", "wmv", "map"),
)
# Below this /readyz and doctor warn that the disk is filling up.
LOW_SPACE_MIB = int(os.environ.get("PANTAU_LOW_SPACE_MIB", "1024"))
MEDIA_ROOT = DATA_DIR / "media"
REPORTS_DIR = DATA_DIR / "reports"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024

# --- security ---------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes come from inside, without TLS
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- REST -------------------------------------------------------------------
# LoginRequiredMiddleware does not cover REST views: without these defaults an
# anonymous call would come through.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ilp.signin.tokens.CountedToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "URL_FORMAT_OVERRIDE": None,  # ``?format=`` is an unknown parameter like any other
    "DEFAULT_PAGINATION_CLASS": "ilp.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "ilp.api.schema.Described",
    "EXCEPTION_HANDLER": "ilp.api.problems.answer_of",
    "PAGE_SIZE": 100,
    "COERCE_DECIMAL_TO_STRING": True,
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 - a model; named, so that migrations find what refers to it
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": timedelta(days=365),
    "TOKEN_PREFIX": "ilp_",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Pantau ILP",
    "DESCRIPTION": "Weekly ILP figures of a district: to read, and for those who count to write.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ilp.api.descriptions.describe",
    ],
    "ENUM_NAME_OVERRIDES": {
        "FacilityKind": "facilities.models.facility.FacilityKind",
        "DocumentKind": "reports.models.document.DocumentKind",
        "JudgedStatus": "clusters.judgement.verdict.STATUSES",
        "ReviewStatus": "reports.models.review.ReviewStatus",
    },
}

# --- Celery -----------------------------------------------------------------
CELERY_BROKER_URL = env.redis_url()
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB: a net, not a plan
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Of the wall, so wide enough for a machine ten times slower; a hung task has to end some time.
CELERY_TASK_TIME_LIMIT = 1260
CELERY_TASK_SOFT_TIME_LIMIT = 1200
# What drawing one PDF may cost; the largest report needs about a tenth of it.
BUILD_CPU_SECONDS = int(os.environ.get("PANTAU_BUILD_CPU_SECONDS", "180"))
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A hung broker must not hang a page: give up after about two seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "visibility_timeout": 3600,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "reports.tasks.build_report_document": {"queue": "reports"},
    "reports.tasks.send_mail": {"queue": "mail"},
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "canary": {"task": "ilp.tasks.canary", "schedule": 20.0, "options": {"expires": 20}},
    "canary-mailer": {
        "task": "ilp.tasks.canary",
        "schedule": 20.0,
        "args": ["mailer"],
        "options": {"expires": 20, "queue": "mail"},
    },
    "tell-account-owners": {
        "task": "ilp.tasks.tell_account_owners",
        "schedule": 20.0,
        "options": {"expires": 20, "queue": "mail"},
    },
    "forget-tries": {"task": "ilp.tasks.forget_tries", "schedule": crontab(minute="40")},
    "rebuild-pending-documents": {
        "task": "reports.periodic.rebuild_pending_documents",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "open-weekly-reviews": {
        "task": "reports.periodic.open_weekly_reviews",
        "schedule": crontab(minute="5"),
    },
    "escalate-due-problems": {
        "task": "reports.periodic.escalate_due_problems",
        "schedule": crontab(minute="*/15"),
    },
    "suggest-new-problems": {
        "task": "reports.periodic.suggest_new_problems",
        "schedule": crontab(minute="35"),
    },
    "compute-figures": {
        "task": "reports.periodic.compute_figures",
        "schedule": crontab(minute="50"),
    },
    "check-stored-files": {
        "task": "reports.periodic.check_stored_files",
        "schedule": crontab(hour="1", minute="40"),
    },
    "remove-upload-drafts": {
        "task": "reports.periodic.remove_upload_drafts",
        "schedule": crontab(minute="*/15"),
    },
    "send-reminders": {
        "task": "reports.periodic.send_reminders",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "send-digests": {
        "task": "reports.periodic.send_digests",
        # Every quarter of an hour: districts close their data at their own hour.
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 900},
    },
    "make-backup": {
        "task": "ilp.tasks.make_backup",
        # Once a day; asked every hour, for a site that is not always on.
        "schedule": crontab(minute="10"),
        "options": {"expires": 3000},
    },
    "seal-history": {
        "task": "ilp.tasks.seal_history",
        # Quick when the day is sealed; every hour, for a site that is not always on.
        "schedule": crontab(minute="40"),
    },
    "build-district-recaps": {
        "task": "reports.periodic.build_district_recaps",
        # Due on Monday; on the days after only what a Monday without power left out.
        "schedule": crontab(minute="20", day_of_week="mon-sat"),
    },
}

MAILERS = env.mailers()
MAIL_IS_SET = bool(os.environ.get("PANTAU_SMTP"))  # else mails go to the log, and no link does
# docker-compose passes an empty value where nothing was said.
DEFAULT_FROM_EMAIL = os.environ.get("PANTAU_MAIL_FROM") or "pantau-ilp@localhost"
MAIL_DOMAIN = env.mail_domain(PUBLIC_URL)  # right side of a Message-ID

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "WARNING"}, "weasyprint": {"level": "WARNING"}},
}
