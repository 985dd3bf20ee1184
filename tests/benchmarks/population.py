"""People to measure pages with, in a database that holds the demo network; prints them as JSON.

python -m tests.benchmarks.population BLOCKS

A block is a practice educator with 50 shifts waiting, the five students who sent them, a placement
coordinator and a university tutor who both see everybody. Each is signed in, with a proof given a moment ago.
"""

import json
import sys
import time
from datetime import timedelta
from itertools import count
from typing import Any

import django

STUDENTS, WAITING = 5, 50


def main(blocks: int) -> list[dict[str, Any]]:
    """Makes the blocks; returns for each the session keys of its people."""
    django.setup()
    from django.urls import reverse

    from school.core import clock
    from school.core.workingdays import is_bank_holiday
    from school.people.models import Site
    from school.people.network import network_scope
    from school.people.roles import COORDINATOR, UNIVERSITY_TUTOR
    from tests import factories

    # Every run has people of its own, also in a database that holds those of another.
    factories._numbers = count(time.time_ns())
    today = clock.today()
    sites = list(Site.objects.order_by("name"))
    first = today - timedelta(days=27)
    worked = [
        day
        for day in (first + timedelta(days=n) for n in range(27))
        if day.weekday() < 5 and not is_bank_holiday(day)
    ][: WAITING // STUDENTS]
    found = []
    for number in range(blocks):
        site = sites[number % len(sites)]
        educator = factories.make_educator("Dilys Sampleby", site=site)
        students, records = [], []
        for _ in range(STUDENTS):
            placement = factories.make_placement(
                factories.make_student(), site=site, educator=educator
            )
            for day in worked:
                factories.make_shift(placement, day)
            for ahead in range(1, 8):
                factories.plan_shift(placement, today + timedelta(days=ahead))
            students.append(session_of(placement.enrolment.person.user))
            records.append(reverse("whole_record", args=[placement.enrolment.uuid]))
        coordinator = factories.make_person("Esme Fictionby")
        factories.make_grant(coordinator, COORDINATOR, network_scope())
        tutor = factories.make_person("Bethan Madeupton")
        factories.make_grant(tutor, UNIVERSITY_TUTOR, placement.enrolment.cohort.programme.scope)
        found.append(
            {
                "educator": session_of(educator.user),
                "students": students,
                "records": records,
                "coordinator": session_of(coordinator.user, second_factor=True),
                "tutor": session_of(tutor.user, second_factor=True),
            }
        )
    return found


def session_of(user: Any, *, second_factor: bool = False) -> str:
    """The key of a session in which the user signed in just now, with a second factor when told so."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    records: list[dict[str, Any]] = [{"method": "password", "at": time.time(), "email": user.email}]
    if second_factor:
        records.append({"method": "mfa", "type": "totp", "at": time.time()})
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    return str(session.session_key)


def paths() -> dict[str, str]:
    """Where the measured pages are."""
    from django.urls import reverse

    names = ("home", "log_shift", "inbox", "students", "calendar", "tutor")
    return {name: reverse(name) for name in names}


if __name__ == "__main__":
    print(json.dumps({"blocks": main(int(sys.argv[1])), "paths": paths()}))
