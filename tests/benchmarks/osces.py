"""Exams under way to measure with, in a database that holds the demo network; prints what there is as JSON.

python -m tests.benchmarks.osces TURNS

Each exam has two circuits of six stations with ten items, and twelve examiners with a tablet each, who meet twelve
candidates: half of their sheets are closed, and one is begun. One exam has a floor; in the others each examiner takes one turn.
"""

import json
import sys
import time
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import django

STATIONS, CIRCUITS, CANDIDATES, ITEMS, BEGUN = 6, 2, 24, 10, 3
TABLETS = STATIONS * CIRCUITS


def main(turns: int) -> dict[str, Any]:
    """Makes the exams; returns for each measure its turns, and the addresses."""
    django.setup()
    from django.urls import reverse

    from school.people.network import ensure_network
    from school.people.roles import SCHOOL_EDUCATOR
    from tests import factories
    from tests.benchmarks.population import session_of

    # Every run has people of its own, also in a database that holds those of another.
    factories._numbers = count(time.time_ns())
    floor = an_exam()
    examining = [tablet for _ in range(-(-2 * turns // TABLETS)) for tablet in an_exam()]
    watching = []
    for number in range(turns):
        educator = factories.make_person(f"Educator {number}")
        factories.make_grant(educator, SCHOOL_EDUCATOR, ensure_network())
        # A tablet that marks twice marks another item.
        again, place = divmod(number, TABLETS)
        tablet = floor[place]
        watching.append(
            {
                **tablet,
                "session": session_of(educator.user, second_factor=True),
                "page": reverse("osce_floor", args=[tablet["exam"]]),
                "item": tablet["item"] + again,
            }
        )
    made = {"floor": watching, "examiners": examining[:turns], "markers": examining[turns:]}
    return {
        who: [{key: one[key] for key in one if key != "exam"} for one in own[:turns]]
        for who, own in made.items()
    }


def an_exam() -> list[dict[str, Any]]:
    """One exam, half over; for each examiner their tablet, with the sheet that is begun."""
    from django.urls import reverse

    from logbooks.osces.day.queries import announced_of
    from logbooks.osces.models import Tablet
    from school.core import clock
    from tests.benchmarks.population import session_of
    from tests.logbooks.osces.day.made import day
    from tests.logbooks.osces.stations.made import item, small

    now = clock.now()
    document = small(
        items=tuple(item(n, f"Does part {n} and says why") for n in range(1, ITEMS + 1))
    )
    started = now - timedelta(minutes=9 * TABLETS // 2)
    made = day(STATIONS, CANDIDATES, CIRCUITS, started, document, rests=TABLETS - STATIONS)
    told = announced_of(made.exam)
    assert told is not None
    people = {str(one.uuid): one for one in made.candidates}
    found = []
    for ring in made.examiners:
        for station, examiner in zip(made.stations, ring, strict=True):
            device = uuid4()
            Tablet.objects.create(exam=made.exam, examiner=examiner, device=device, heard_at=now)
            met = [people[one.candidate] for one in told.examined_by(examiner.uuid)]
            assert len(met) == CANDIDATES / CIRCUITS
            for candidate in met[: len(met) // 2 + 1]:
                begun = candidate == met[len(met) // 2]
                mark(made.exam, told, station, examiner, candidate, device, BEGUN if begun else 0)
            page = reverse("osce_marking_station", args=[made.exam.uuid, station.place.number])
            session = session_of(examiner.user)
            found.append(
                {
                    "exam": str(made.exam.uuid),
                    "session": session,
                    "page": page,
                    "writer": session,
                    "door": f"{page}marks/",
                    "owner": str(examiner.uuid),
                    "device": str(device),
                    "candidate": str(met[len(met) // 2].uuid),
                    "item": BEGUN + 1,
                }
            )
    return found


def mark(
    exam: Any, told: Any, station: Any, examiner: Any, candidate: Any, device: Any, items: int
) -> None:
    """Marks so many items of a sheet, or all of them with the grade, and closes it."""
    from logbooks.osces.marking import actions
    from logbooks.osces.marking.events import Tap
    from logbooks.osces.marking.register import GRADE

    sheet = actions.open_sheet(
        exam=exam, candidate=candidate, station=station, examiner=examiner, told=told
    )
    keys = [str(one.key) for one in station.document.items]
    parts = [(key, 1) for key in keys[: items or None]] + ([] if items else [(GRADE, 3)])
    taps = [
        Tap(uuid4(), device, number, part, value)
        for number, (part, value) in enumerate(parts, start=1)
    ]
    actions.keep(by=examiner, sheet=sheet, document=station.document, taps=taps)
    if not items:
        actions.close(
            by=examiner, sheet=sheet, document=station.document, uuid=uuid4(), without_missing=False
        )


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
