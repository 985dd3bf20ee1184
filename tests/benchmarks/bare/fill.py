"""Fills the bare project: users with a hundred rows each; prints their session keys as JSON.

python -m tests.benchmarks.bare.fill USERS
"""

import json
import sys
from datetime import timedelta

import django

ROWS = 100


def main(users: int) -> list[str]:
    """Makes the users and their rows; returns a session key for each."""
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from tests.benchmarks.bare.rows.models import Row

    call_command("migrate", verbosity=0)
    now = timezone.now()
    keys = []
    for number in range(users):
        user = User.objects.create(username=f"user {number}")
        Row.objects.bulk_create(
            Row(user=user, created=now - timedelta(hours=n), title=f"Row {n}", minutes=n)
            for n in range(ROWS)
        )
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        keys.append(session.session_key)
    return keys


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
