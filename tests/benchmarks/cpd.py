"""People with two years of CPD to measure with; prints what there is as JSON.

python -m tests.benchmarks.cpd TURNS

Each has five hundred activities with words, six of them chosen for a profile with a summary and a statement.
"""

import json
import sys
import time
from datetime import timedelta
from itertools import count
from typing import Any

import django

ACTIVITIES, CHOSEN = 500, 6
WORDS = "We warm the hands first and explain the scan again before the tracer is given. " * 3


def main(turns: int) -> dict[str, Any]:
    """Makes the people; returns their sessions, and the addresses of the pages."""
    django.setup()
    from django.urls import reverse

    from tests import factories
    from tests.benchmarks.population import session_of

    # Every run has people of its own, also in a database that holds those of another.
    factories._numbers = count(time.time_ns())
    pages = ("cpd", "cpd_add", "cpd_profile", "cpd_choose", "cpd_write_profile")
    people = [factories.make_person(f"Radiographer {number}") for number in range(turns)]
    for person in people:
        record(person)
    return {
        "paths": {page: reverse(page) for page in pages},
        "sessions": [session_of(person.user) for person in people],
    }


def record(person: Any) -> None:
    """Two years of activities and a profile that is being written."""
    from django.db import transaction

    from logbooks.cpd.learning import Learning
    from logbooks.cpd.measure import measure
    from logbooks.cpd.models import Activity, ProfileDraft, Registration
    from school.core import clock
    from school.core.prepared import Rows

    Registration.objects.create(person=person, profession="radiographers")
    first, last = measure([person.pk], clock.today()).period
    days = (min(last, clock.today()) - first).days
    kinds = list(Learning)
    rows = [
        Activity(
            person=person,
            title=f"Activity {number}",
            learning=kinds[number % len(kinds)],
            starts_on=first + timedelta(days=number * days // ACTIVITIES),
            ends_on=first + timedelta(days=number * days // ACTIVITIES),
            minutes=60,
            learned=WORDS,
            practice=WORDS if number % 3 == 0 else "",
            benefit=WORDS if number % 4 == 0 else "",
        )
        for number in range(ACTIVITIES)
    ]
    with transaction.atomic():
        Rows(rows).insert()
        draft = ProfileDraft.objects.create(
            person=person,
            first=first,
            last=last,
            texts={"summary": WORDS * 8, "statement": WORDS * 25},
        )
        draft.chosen.set(Activity.objects.filter(person=person)[:CHOSEN])


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
