"""Sessions and sign-in and nothing else, on the engine and with the options of the portal."""

import os
from pathlib import Path

from school.settings import environment

SECRET_KEY = "only-for-benchmarks"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.benchmarks.bare.urls"
WSGI_APPLICATION = "tests.benchmarks.bare.wsgi.application"
INSTALLED_APPS = [
    "tests.benchmarks.bare.rows",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}
]
DATABASES = {
    "default": environment.database(
        os.environ.get("DATABASE_URL", ""), Path(os.environ["PORTAL_VAR_DIR"]) / "bare.sqlite3"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
