"""Settings that are the same on every machine."""

from pathlib import Path

from csp.constants import NONE, SELF

from school.settings import environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(environment.optional("PORTAL_VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

ROOT_URLCONF = "school.urls"
WSGI_APPLICATION = "school.wsgi.application"
DEBUG = False

INSTALLED_APPS = [
    "school.core",
    "school.people",
    "school.courses",
    "school.home",
    "school.coverage",
    "placements",
    "logbooks.competencies",
    "logbooks.osces",
    "logbooks.cpd",
    "cms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "simple_history",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "school.core.middleware.PrivateMiddleware",
    "school.people.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "school.people.middleware.PersonMiddleware",
    "school.core.middleware.TextAddressMiddleware",
    "school.people.middleware.SecondFactorMiddleware",
    "cms.middleware.EditorMiddleware",
    "school.core.middleware.DomainErrorMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "school" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "school.people.chrome.chrome",
            ],
        },
    }
]
FORM_RENDERER = "school.core.forms.SchoolRenderer"

DATABASES = {
    "default": environment.database(
        environment.optional("DATABASE_URL"), VAR_DIR / "portal.sqlite3"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
DATE_FORMAT = "j F Y"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Counts of sign-in attempts and forms that wait for their owner live here: none may be culled early.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # unless somebody asked at sign-in to stay for 14 days
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

# The one policy for every page; Wagtail's admin alone has one of its own (cms.middleware explains).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        "object-src": [NONE],
    }
}

# Signing in: one door (allauth), no open sign-up. school.people.adapter says who may.
AUTHENTICATION_BACKENDS = ["school.people.adapter.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "school.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "school.people.forms.SignInForm",
    "request_login_code": "school.people.forms.SendCodeForm",
    "confirm_login_code": "school.people.forms.SignInCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody writes to an address that never asked
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# A hospital sits behind one address, so the limits per address are wide and each account is counted apart.
ACCOUNT_RATE_LIMITS = {
    "login": "1000/m/ip",
    "login_failed": "300/m/ip,10/5m/key",
    "request_login_code": "300/m/ip,5/5m/key",
    "reauthenticate": "10/5m/user",
    "send_proof_code": "5/5m/user",
    "type_address": "20/5m/user",
    "check_document": "60/m/ip",
    "shared_log_book": "60/m/ip",
}
MFA_ADAPTER = "school.people.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "school.people.forms.SecondStepForm",
    "activate_totp": "school.people.forms.AddAppForm",
    "add_webauthn": "school.people.forms.AddPasskeyForm",
}
# RFC 6238, section 5.2: a code typed as its half minute ends still counts, and a phone's clock may be a little off.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = environment.optional(
    "PORTAL_FROM_EMAIL", "School of Oncology <school@portal.example>"
)

WAGTAIL_SITE_NAME = "School of Oncology"
WAGTAILADMIN_BASE_URL = environment.optional("PORTAL_BASE_URL", "http://127.0.0.1:8000")
WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
# What is taught goes out when a second person has read it; nobody publishes it alone (cms.models.reviewing).
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.publishing.publish"
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
# Nothing on a page is fetched from elsewhere, and nothing is asked of elsewhere to make one.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
# What is uploaded stays private under MEDIA_ROOT; cms.views.picture hands out only sizes made for pages.
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "csv", "txt", "mp4", "webm", "vtt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search_index"}}
WAGTAIL_I18N_ENABLED = False

SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False

# Where the key lies that signs checkpoints; it must not be in the database or its backups.
CHECKPOINT_KEY_FILE = Path(
    environment.optional("PORTAL_CHECKPOINT_KEY_FILE", str(VAR_DIR / "keys" / "checkpoint.pem"))
)
# Where the key lies that seals documents, with its certificate (.crt) beside it.
SEAL_KEY_FILE = Path(
    environment.optional("PORTAL_SEAL_KEY_FILE", str(VAR_DIR / "keys" / "seal.pem"))
)
# Where the key lies that signs Open Badges, with all its public keys (.pub) beside it.
BADGE_KEY_FILE = Path(
    environment.optional("PORTAL_BADGE_KEY_FILE", str(VAR_DIR / "keys" / "badges.pem"))
)
CHECKPOINT_DIR = Path(environment.optional("PORTAL_CHECKPOINT_DIR", str(VAR_DIR / "checkpoints")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # An answer of 403, 404 or 405 is ordinary and writes nothing; one of 500 keeps its traceback.
    "loggers": {"django.request": {"level": "ERROR"}},
}
