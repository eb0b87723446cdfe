import os
import secrets
import tomllib
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from mixportal import database, environment
from mixportal.history import ChangeEvent

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = database.data_dir()

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
VARIABLES = environment.VARIABLES
MODE = environment.read("PORTAL_MODE")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
DEBUG = MODE == "development" and os.environ.get("DEBUG") == "1"


if PRODUCTION:
    environment.refuse_missing()


def _secret_key() -> str:
    if key := environment.read("SECRET_KEY"):
        if PRODUCTION and len(set(key)) < 10:
            raise ImproperlyConfigured("SECRET_KEY is too plain. It takes random characters.")
        return key
    path = DATA_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = environment.read("SECRET_KEY_FALLBACKS").split()

ALLOWED_HOSTS = [host.strip() for host in environment.read("ALLOWED_HOSTS").split(",") if host.strip()]
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS] if PRODUCTION else []
# never taken from a request
PORTAL_URL = environment.read("PORTAL_URL") or (
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else f"http://localhost:{os.environ.get('PORT') or 8000}"
)
if PRODUCTION:
    portal = urlsplit(PORTAL_URL)
    if portal.scheme != "https" or not validate_host(portal.hostname or "", ALLOWED_HOSTS):
        raise ImproperlyConfigured(
            f"PORTAL_URL is {PORTAL_URL!r}. It starts with https:// and a host of ALLOWED_HOSTS."
        )

INSTALLED_APPS = [
    "mixportal.changes",
    "mixportal.announcements",
    "mixportal.pages",
    "mixportal.summaries",
    "challenges",
    "priorities",
    "mixportal.trends",
    "mixportal.comparison",
    "mixportal.notes",
    "mixportal.results",
    "mixportal.ballots",
    "mixportal.proposals",
    "mixportal.editions",
    "members",
    "mixportal.mail",
    "mixportal",
    "mixportal.desk.admin_app.CuratorsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "mixportal.desk",  # after allauth, whose models it removes from the admin
]
if DEMO:
    INSTALLED_APPS.insert(0, "mixportal.demo")

# The first three set headers on redirects too.
MIDDLEWARE = [
    "mixportal.frames.one_piece_middleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds random bytes against BREACH
    "mixportal.bodies.encoding_middleware",
    "mixportal.views.health_middleware",
    "mixportal.logs.RequestLogMiddleware",
    "mixportal.outage.StorageTroubleMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "members.access.MethodMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.sessions.SessionLimitsMiddleware",
    "members.authorship.AuthorshipMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mixportal.bodies.upload_limit_middleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "mixportal.desk.views.undo.undo_middleware",
    "mixportal.pages.page_cache.PageCacheMiddleware",
]

ROOT_URLCONF = "mixportal.urls"

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
                "mixportal.pages.context_processors.masthead",
            ],
            # for {% csrf_token %} of the admin and allauth too
            "builtins": ["members.templatetags.authorship", "mixportal.tables.templatetags"],
        },
    }
]

environment.read("DATABASE_URL")  # refuses what does not lead to Postgres
DATABASES = {"default": database.configuration()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["members.signin.PeopleBackend"]
LOGIN_URL = "/demo/" if DEMO else "/account/login/"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "members.signin.SignInAdapter"
MFA_ADAPTER = "members.second_factor.SecondFactorAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "members.signin.RequestCodeForm",
    "confirm_login_code": "members.signin.ConfirmCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code has verified the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail gateways are slow
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
# Members may share one IP address. A key is a mailbox with an IP address or a known device.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "300/m/ip,60/m/key",
    "request_login_code_from_known_device": "60/m/key",
    "wrong_login_code": "30/h/key",
    "login_failed": "60/m/ip,5/300s/key",
    "accept_invitation": "30/m/ip",
    "invite": "30/h/user",
    "share_link": "120/m/ip",  # a council may share one address
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "login_webauthn": "members.second_factor.PasskeyForm",
    "authenticate_webauthn": "members.second_factor.SecondFactorPasskeyForm",
    "reauthenticate_webauthn": "members.second_factor.ConfirmPasskeyForm",
    "add_webauthn": "members.second_factor.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "MIX portal"
MFA_TOTP_TOLERANCE = 1  # phone clocks are up to 30 s off
ALLAUTH_TRUSTED_PROXY_COUNT = int(environment.read("TRUSTED_PROXY_COUNT"))
# The demo signs in with a button instead.
CURATORS_NEED_SECOND_FACTOR = not DEMO

CACHES = {
    # shared by all workers, so that rate limits hold
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        # With Django's 300, requests for many addresses would push the limits out.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 60,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

DEFAULT_FROM_EMAIL = environment.read("DEFAULT_FROM_EMAIL")
if PRODUCTION:
    EMAIL_HOST = environment.read("EMAIL_HOST")
    EMAIL_USE_SSL = environment.read("EMAIL_USE_SSL") == "1"
    EMAIL_USE_TLS = environment.read("EMAIL_USE_TLS", "0" if EMAIL_USE_SSL else "1") == "1"
    if EMAIL_USE_SSL and EMAIL_USE_TLS:
        raise ImproperlyConfigured("EMAIL_USE_TLS and EMAIL_USE_SSL are both 1. A mail server takes one of them.")
    EMAIL_PORT = int(environment.read("EMAIL_PORT", "465" if EMAIL_USE_SSL else "587"))
    EMAIL_HOST_USER = environment.read("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = environment.read("EMAIL_HOST_PASSWORD")
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "mixportal.mail.files.FileBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
# The time of an answer must not reveal whether an address is known.
MAIL_IN_BACKGROUND = PRODUCTION

RESPONSIBLE_BODY = environment.read("RESPONSIBLE_BODY")
CONTACT = environment.read("CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
SECURITY_CONTACT = environment.read("SECURITY_CONTACT", CONTACT)

BACKUP_RECIPIENT = environment.read("BACKUP_RECIPIENT")
METRICS_TOKEN = environment.read("METRICS_TOKEN")
FIRST_CURATOR = environment.read("FIRST_CURATOR")

DATA_LICENSE_NAME = environment.read("DATA_LICENSE_NAME")
DATA_LICENSE_URL = environment.read("DATA_LICENSE_URL")
MAY_EMBED = [SELF, *environment.read("MAY_EMBED").split()]

PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_DEFAULT_TRACKERS = (ChangeEvent(),)
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True

USE_I18N = False
TIME_ZONE = environment.read("TIME_ZONE")
try:
    ZoneInfo(TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
    raise ImproperlyConfigured(f"TIME_ZONE is {TIME_ZONE!r}, which is no time zone.") from unknown

STATIC_URL = "static/"
STATIC_ROOT = Path(environment.read("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "development"
        else "mixportal.stylesheet.FlatStylesheetStorage"
    },
}

# Files count too (mixportal/bodies.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SESSION_ENGINE = "members.sessions"
SESSION_COOKIE_AGE = 7 * 24 * 3600  # since the last visit
SESSION_LONGEST_AGE = 30 * 24 * 3600  # after sign-in
DEVICE_COOKIE_NAME = "device"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "mixportal.views.csrf_failure"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    DEVICE_COOKIE_NAME = "__Secure-device"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    HSTS = environment.read("HSTS")
    SECURE_HSTS_SECONDS = 0 if HSTS == "off" else 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS in {"subdomains", "preload"}
    SECURE_HSTS_PRELOAD = HSTS == "preload"
    if HSTS != "preload":  # the operator chose it
        SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W005", "security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

UNUSED_FEATURES = (
    "accelerometer browsing-topics camera display-capture geolocation gyroscope magnetometer microphone midi payment "
    "screen-wake-lock serial usb xr-spatial-tracking"
)
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    **{feature: [] for feature in UNUSED_FEATURES.split()},
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "mixportal.logs.JsonFormatter"},
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {
        "without tokens": {"()": "mixportal.logs.WithoutTokens"},
        "refusals in one line": {"()": "mixportal.logs.RefusalsInOneLine"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if PRODUCTION else "line",
            "filters": ["without tokens", "refusals in one line"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "mixportal": {"level": "INFO" if PRODUCTION else "WARNING"},
    },
}
