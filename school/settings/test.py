"""The test suite: either engine, small hashes, plain static files, mail kept in memory; var/ is each process's own."""

from school.settings.base import *  # noqa: F403  (settings extend the base)
from school.settings.base import DATABASES, INSTALLED_APPS

SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "school.demo"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

DATABASES["default"]["ENGINE"] = {
    "django.db.backends.sqlite3": "tests.backends.sqlite",
    "django.db.backends.postgresql": "tests.backends.postgresql",
}[str(DATABASES["default"]["ENGINE"])]
