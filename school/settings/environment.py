"""Reads settings from the environment and says what is missing, what it is for and how to set it."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str, purpose: str) -> str:
    """The value of an environment variable that has no safe default.

    Raises ImproperlyConfigured naming the variable and what it is for.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. It is {purpose}. Set it in the environment and start again."
        )
    return value


def optional(name: str, default: str = "") -> str:
    """The value of an environment variable, or its default."""
    return os.environ.get(name, default)


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated environment variable as a list without blanks."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str, sqlite_file: Path) -> dict[str, object]:
    """Django's database settings: PostgreSQL when a postgres:// URL is given, else the embedded SQLite.

    SQLite's pragmas are those under which concurrent writers did not fail: WAL, IMMEDIATE
    transactions, a 20 second wait and foreign keys on (Django's default).
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_file,
            # Opening the file again would read the whole schema again at every request.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-16000;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {parts.scheme!r}. Use postgres://user:password@host:port/name, "
            "or leave it unset for the embedded SQLite."
        )
    options: dict[str, object] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
