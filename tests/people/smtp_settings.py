"""The test settings with real SMTP, for workers in processes of their own; the port comes by the environment."""

import os

from school.settings.test import *  # noqa: F403  (settings extend the test suite's)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["TEST_SMTP_PORT"])
EMAIL_TIMEOUT = 20
