"""A newcomer's or developer's own machine: a demo network, one-click sign-in, loopback only."""

from school.settings.base import *  # noqa: F403  (settings extend the base)
from school.settings.base import INSTALLED_APPS, VAR_DIR

SECRET_KEY = "only-for-the-local-demo-which-answers-on-loopback-and-holds-invented-people"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INSTALLED_APPS = [*INSTALLED_APPS, "school.demo"]
ROOT_URLCONF = "school.demo.urls"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
