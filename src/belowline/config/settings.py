"""Django's settings; docs/reference/settings.md describes every variable read here."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from belowline.config.cookies import cookie_settings
from belowline.config.env import (
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_networks,
    env_path,
    env_proxies,
    env_rates,
    env_redis,
    env_secret,
    env_str,
)
from belowline.config.keeping import caches
from belowline.config.providers import providers

DATA_DIR = env_path("BELOWLINE_DATA_DIR", "belowline-data")
SECRET_KEY = env_secret("BELOWLINE_SECRET_KEY", DATA_DIR / "secret_key")
DEBUG = env_bool("BELOWLINE_DEBUG")
DEMO = env_bool("BELOWLINE_DEMO")
ENGINE_ONLY = env_bool("BELOWLINE_ENGINE_ONLY")
BASE_URL = env_str("BELOWLINE_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env_list("BELOWLINE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("BELOWLINE_TRUSTED_ORIGINS")
HTTPS = env_bool("BELOWLINE_HTTPS", default=BASE_URL.startswith("https://"))
CROSS_SITE = env_bool("BELOWLINE_CROSS_SITE")
"""Whether frames stand on pages of other sites than this server's own: then cookies are partitioned."""

INSTALLED_APPS = [
    "belowline.events",
    "belowline.accounts",
    "belowline.stories",
    "belowline.comments",
    "belowline.moderation",
    "belowline.notifications",
    "belowline.stream",
    "belowline.desk",
    "belowline.api",
    "belowline.compat",
    "belowline.demo",
    "belowline.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "belowline.config.front.name_view",
    "belowline.config.drain.drain_bodies",
    "django.middleware.security.SecurityMiddleware",
    "belowline.config.packing.pack_static",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "belowline.config.packing.PageGZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "belowline.stream.shared_cache.private_unless_shared",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "belowline.accounts.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "belowline.stream.frames.FrameMiddleware",
    "belowline.stream.languages.LanguageMiddleware",
    "belowline.stream.limited.LimitMiddleware",
]
if CROSS_SITE:
    at = MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
    MIDDLEWARE.insert(at, "belowline.config.cookies.partition_cookies")
if ENGINE_ONLY:
    # The judgement alone: no accounts, no comments, no pages but the one that shows a key's use.
    INSTALLED_APPS = ["belowline.events", "belowline.stories", "belowline.compat", "django.contrib.staticfiles"]
    MIDDLEWARE = [
        "belowline.config.front.name_view",
        "belowline.config.drain.drain_bodies",
        "django.middleware.security.SecurityMiddleware",
        "belowline.config.packing.pack_static",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "csp.middleware.CSPMiddleware",
    ]
ROOT_URLCONF = "belowline.config.urls_engine" if ENGINE_ONLY else "belowline.config.urls"
WSGI_APPLICATION = "belowline.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"]
            if ENGINE_ONLY
            else [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "belowline.stream.context.frame",
                "belowline.stream.context.paper",
                "belowline.stream.context.unread",
                "belowline.stream.context.measures",
            ],
            "builtins": [] if ENGINE_ONLY else ["belowline.stream.templatetags.frame_links"],
        },
    }
]

# --- Database: SQLite with one writer at a time, or what DATABASE_URL names.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: a comment that was answered with "published" is on the disk.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
    ),
}


def database(url: str) -> dict[str, Any]:
    """Return Django's DATABASES entry for an address such as sqlite:////path or postgres://host/name.

    Raises:
        ImproperlyConfigured: the address is of another kind.
    """
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError as error:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://") from error
    if found["ENGINE"].endswith("sqlite3"):
        return found | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
    if found["ENGINE"].endswith("postgresql"):
        return found
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://")


def replicas(urls: str, primary: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a DATABASES entry for each address of a copy, by the name replica-1, replica-2, ...

    Raises:
        ImproperlyConfigured: the database, or a copy, is none of PostgreSQL.
    """
    found = [database(url) for url in urls.split()]
    if found and any(not one["ENGINE"].endswith("postgresql") for one in (primary, *found)):
        raise ImproperlyConfigured("BELOWLINE_REPLICA_URL: only PostgreSQL has copies; set DATABASE_URL to one, too")
    for one in found:
        # Whoever reads shall not wait for a copy that is gone; and nothing may be written there.
        given = one.get("OPTIONS", {})
        one["OPTIONS"] = {"connect_timeout": 2, **given, "options": "-c default_transaction_read_only=on"}
        one["TEST"] = {"MIRROR": "default"}
    return {f"replica-{number}": one for number, one in enumerate(found, 1)}


DATABASES = {"default": database(env_str("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'belowline.sqlite3'}")}
COPIES = replicas(env_str("BELOWLINE_REPLICA_URL"), DATABASES["default"])
DATABASES |= COPIES
REPLICAS = list(COPIES)
"""Copies of the database that readers who are not signed in may read from: belowline.replicas."""
DATABASE_ROUTERS = ["belowline.replicas.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env_redis("BELOWLINE_REDIS_URL")
REDIS_PREFIX = env_str("BELOWLINE_REDIS_PREFIX", "belowline")
LIMITS_FILE = DATA_DIR / "limits.sqlite3"
"""In which the processes of this machine count together, where there is no Redis or it does not answer."""
CACHES = caches(REDIS_URL, REDIS_PREFIX, LIMITS_FILE)
TASK_BACKEND = "django_tasks.backends.immediate.ImmediateBackend" if ENGINE_ONLY else "django_tasks_db.DatabaseBackend"
TASKS = {"default": {"BACKEND": TASK_BACKEND, "QUEUES": ["default"]}}

# --- Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "belowline.accounts.forms.DisplayNameForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "belowline.accounts.models.display_name_of"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
"""Seconds that a mailed code is good for; one for signing in, 180."""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "belowline.accounts.adapter.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
STAFF_SECOND_FACTOR_REQUIRED = env_choice("BELOWLINE_STAFF_TOTP", ("optional", "required")) == "required"
MFA_ADAPTER = "belowline.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "login_webauthn": "belowline.accounts.passkey_forms.LoginForm",
    "authenticate_webauthn": "belowline.accounts.passkey_forms.AuthenticateForm",
    "reauthenticate_webauthn": "belowline.accounts.passkey_forms.ReauthenticateForm",
    "add_webauthn": "belowline.accounts.passkey_forms.AddForm",
    "signup_webauthn": "belowline.accounts.passkey_forms.SignupForm",
}
SOCIALACCOUNT_ADAPTER = "belowline.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_FORMS = {"signup": "belowline.accounts.social_forms.SocialSignupForm"}
SOCIALACCOUNT_PROVIDERS = providers(
    google=(env_str("BELOWLINE_GOOGLE_CLIENT_ID"), env_str("BELOWLINE_GOOGLE_CLIENT_SECRET")),
    openid_connect=(env_str("BELOWLINE_OIDC_CLIENT_ID"), env_str("BELOWLINE_OIDC_CLIENT_SECRET")),
    issuer=env_str("BELOWLINE_OIDC_ISSUER"),
    name=env_str("BELOWLINE_OIDC_NAME", "OpenID Connect"),
)
LOGIN_REDIRECT_URL = "my-comments"
LOGIN_URL = "account_login"

# --- Mail
EMAIL_BACKEND = env_str("BELOWLINE_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_HOST = env_str("BELOWLINE_SMTP_HOST", "localhost")
EMAIL_PORT = env_int("BELOWLINE_SMTP_PORT", 25)
EMAIL_HOST_USER = env_str("BELOWLINE_SMTP_USER")
EMAIL_HOST_PASSWORD = env_str("BELOWLINE_SMTP_PASSWORD")
EMAIL_USE_TLS = env_bool("BELOWLINE_SMTP_STARTTLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_str("BELOWLINE_FROM_EMAIL", "comments@localhost")

# --- Pages
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
if ENGINE_ONLY:
    STATICFILES_DIRS = [Path(__file__).parents[1] / "stream" / "static"]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية")]
"""What ships; a newsroom may add others: belowline.moderation.languages."""
FORMAT_MODULE_PATH = "belowline.locale"
TIME_ZONE = env_str("BELOWLINE_TIME_ZONE", "UTC")
USE_TZ = True
LOCALE_PATHS = [DATA_DIR / "locale", Path(__file__).parents[1] / "locale"]
"""A newsroom's own words (LANGUAGE/LC_MESSAGES/django.mo) stand before ours."""
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- What a CDN, nginx or Varnish may keep of pages that are the same for everybody
SHARED_CACHE_SECONDS = env_int("BELOWLINE_SHARED_CACHE_SECONDS", 0)
"""0: nothing is answered but by us."""
SHARED_CACHE_STALE_SECONDS = env_int("BELOWLINE_SHARED_CACHE_STALE_SECONDS", 5)
SHARED_CACHE_ERROR_SECONDS = env_int("BELOWLINE_SHARED_CACHE_ERROR_SECONDS", 600)
SURROGATE_HEADER = env_choice("BELOWLINE_SURROGATE_HEADER", ("surrogate-key", "cache-tag"))
PURGE_URL = env_str("BELOWLINE_PURGE_URL")
PURGE_HEADER = env_secret("BELOWLINE_PURGE_HEADER", DATA_DIR / "purge_header")
PURGE_EVERY_SECONDS = env_int("BELOWLINE_PURGE_EVERY_SECONDS", 1)

# --- Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        # Pages that may stand on a paper's page name its domains instead: stream.frames.
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = ""
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
"""Of this server's own name, not of the paper's."""
TRUSTED_PROXIES = env_proxies("BELOWLINE_TRUSTED_PROXIES")
BEHIND_PROXY = env_bool("BELOWLINE_BEHIND_PROXY") and not TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
"""Of proxies with addresses, config.front looks at who says so."""
COOKIES = cookie_settings(https=HTTPS, cross_site=CROSS_SITE)
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = COOKIES.session, COOKIES.csrf
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = COOKIES.same_site
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
MAX_BODY_BYTES = env_int("BELOWLINE_MAX_BODY_BYTES", 4_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

# --- Comments
COMMENT_MAX_CHARACTERS = env_int("BELOWLINE_COMMENT_MAX_CHARACTERS", 3_000)
EDIT_WINDOW_SECONDS = env_int("BELOWLINE_EDIT_WINDOW_SECONDS", 300)
"""After posting; 0: nobody edits."""
SLOW_SECONDS = env_int("BELOWLINE_SLOW_SECONDS", 10)
"""The least time between two comments of one account under a story; a slow mode may ask for more."""
POSTS_PER_10_MINUTES = env_int("BELOWLINE_POSTS_PER_10_MINUTES", 10)
"""Of one account, over all stories."""
SECOND_OPINION_PERCENT = env_int("BELOWLINE_SECOND_OPINION_PERCENT", 3)
"""Of what people decide: a colleague says blind what they would have decided."""
REPLY_DEPTH_MAX = 4
"""Replies to deeper comments stand beside them, not below."""
STORY_FETCH_TIMEOUT_SECONDS = 10
STORY_FETCH_MAX_BYTES = 5_000_000
REPORTS_HIDE = env_bool("BELOWLINE_REPORTS_HIDE", default=True)
STORY_FETCH_PRIVATE = env_bool("BELOWLINE_FETCH_PRIVATE_NETWORKS")

# --- How often: limits.bucket says how they are written
LIMITS = {
    "post": env_rates("BELOWLINE_LIMIT_POST", "60/10m/account, 300/10m/address, 1200/10m/story"),
    "report": env_rates("BELOWLINE_LIMIT_REPORT", "120/h/address, 300/h/story"),
    "recommend": env_rates("BELOWLINE_LIMIT_RECOMMEND", "60/m/account, 600/m/address"),
    "preview": env_rates("BELOWLINE_LIMIT_PREVIEW", "60/m/account, 600/m/address"),
    "sso": env_rates("BELOWLINE_LIMIT_SSO", "600/m/address"),
    "search": env_rates("BELOWLINE_LIMIT_SEARCH", "120/m/account"),
    "api": env_rates("BELOWLINE_LIMIT_API", "1200/m/key"),
}

# --- How long things are kept, in days; 0: for ever. belowline.retention says what each is about.
KEEP_REFUSED_DAYS = env_int("BELOWLINE_KEEP_REFUSED_DAYS", 214)
KEEP_DELETED_DAYS = env_int("BELOWLINE_KEEP_DELETED_DAYS", 30)
KEEP_DECISIONS_DAYS = env_int("BELOWLINE_KEEP_DECISIONS_DAYS", 730)
KEEP_NOTIFICATIONS_DAYS = env_int("BELOWLINE_KEEP_NOTIFICATIONS_DAYS", 180)
KEEP_MESSAGES_DAYS = env_int("BELOWLINE_KEEP_MESSAGES_DAYS", 30)
KEEP_TASKS_DAYS = env_int("BELOWLINE_KEEP_TASKS_DAYS", 7)
KEEP_SUGGESTIONS_DAYS = env_int("BELOWLINE_KEEP_SUGGESTIONS_DAYS", 730)
KEEP_UNCONFIRMED_DAYS = env_int("BELOWLINE_KEEP_UNCONFIRMED_DAYS", 30)

# --- The doors for those who called Perspective, or run Coral
API_KEYS_REQUIRED = env_bool("BELOWLINE_API_KEYS_REQUIRED", default=True)
MODELS_DIR = env_path("BELOWLINE_MODELS_DIR", str(DATA_DIR / "models"))
POLICY_FILE = env_path("BELOWLINE_POLICY", "") if env_str("BELOWLINE_POLICY") else None
"""The policy of the Coral door where only the engine runs; None: the shipped one."""

# --- For those who run it
METRICS_TOKEN = env_secret("BELOWLINE_METRICS_TOKEN", DATA_DIR / "metrics_token")
METRICS_ADDRESSES = env_networks("BELOWLINE_METRICS_ADDRESSES")
METRICS_ON = bool(METRICS_TOKEN or METRICS_ADDRESSES)
METRICS_DIR = env_path("BELOWLINE_METRICS_DIR", str(DATA_DIR / "metrics"))
"""Where the processes of one machine count together."""
if METRICS_ON:
    REAL_EMAIL_BACKEND, EMAIL_BACKEND = EMAIL_BACKEND, "belowline.metrics.mail.CountingBackend"
READY_TASK_SECONDS = env_int("BELOWLINE_READY_TASK_SECONDS", 900)
"""A task that has waited for longer makes /readyz say no; 0: none does."""
LOG_REQUESTS = env_bool("BELOWLINE_LOG_REQUESTS")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "belowline.logs.LineFormatter"},
        "json": {"()": "belowline.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": env_choice("BELOWLINE_LOG_FORMAT", ("line", "json"))}
    },
    "root": {"handlers": ["stderr"], "level": env_str("BELOWLINE_LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would write a second line, in their own form, with paths.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "httpx": {"level": "WARNING"},
    },
}
