"""Production: HTTPS, PostgreSQL or SQLite by environment, no default secret, no demo."""

from school.settings import environment
from school.settings.base import *  # noqa: F403  (settings extend the base)

SECRET_KEY = environment.required("PORTAL_SECRET_KEY", "the key that signs sessions and links")
ALLOWED_HOSTS = environment.listed("PORTAL_ALLOWED_HOSTS") or [
    environment.required("PORTAL_ALLOWED_HOSTS", "the host names that the portal answers to")
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
EMAIL_HOST = environment.required(
    "PORTAL_EMAIL_HOST", "the SMTP server that sends the portal's mail"
)
EMAIL_PORT = int(environment.optional("PORTAL_EMAIL_PORT", "587"))
EMAIL_HOST_USER = environment.optional("PORTAL_EMAIL_USER")
EMAIL_HOST_PASSWORD = environment.optional("PORTAL_EMAIL_PASSWORD")
EMAIL_USE_TLS = environment.optional("PORTAL_EMAIL_TLS", "yes") == "yes"
EMAIL_TIMEOUT = 30
