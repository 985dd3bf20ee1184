"""Who is announced at another exam at a time at which they are at this one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from logbooks.osces.day import announced
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.people import merged
from logbooks.osces.models import Candidate, Exam, Timetabled
from school.people.models import Person


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody, the other exam, and from when to when they are there while they should be here."""

    name: str
    exam: Exam
    starts: datetime
    ends: datetime


# By the UUID of a person, as text: when they are at the places of an exam.
_Times = Mapping[str, list[tuple[datetime, datetime]]]


def elsewhere(exam: Exam, said: Announced) -> list[Elsewhere]:
    """Every examiner and candidate whom two exams of the day want at once, by name; one query, four where there are others."""
    rows = Timetabled.objects.filter(exam__day=exam.day, superseded_by=None).exclude(exam=exam)
    others = list(rows.select_related("exam").order_by("exam"))
    if not others:
        return []
    exams = [exam, *(one.exam for one in others)]
    pairs = Candidate.objects.filter(exam__in=exams, withdrawn=False)
    people = {
        str(candidate): str(person)
        for candidate, person in pairs.values_list("uuid", "enrolment__person__uuid")
    }
    kept = merged()
    here = _times(said, people, kept)
    wanted: list[tuple[str, Exam, list[tuple[datetime, datetime]]]] = []
    for row in others:
        there = _times(announced.from_canonical(row.document), people, kept)
        for key in here.keys() & there.keys():
            both = [
                (starts, ends)
                for starts, ends in there[key]
                if any(starts < until and since < ends for since, until in here[key])
            ]
            wanted += [(key, row.exam, both)] if both else []
    names = Person.objects.filter(uuid__in={key for key, *_ in wanted}).values_list("uuid", "name")
    called = {str(uuid): name for uuid, name in names}
    found = [
        Elsewhere(called[key], other, min(both)[0], max(until for _, until in both))
        for key, other, both in wanted
    ]
    return sorted(found, key=lambda one: (one.name, one.starts))


def _times(said: Announced, people: Mapping[str, str], kept: Mapping[str, str]) -> _Times:
    """When everybody is where they are wanted; whoever was merged is one person."""
    found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    circuits = said.circuits()
    for visit in said.timetable.visits:
        examiners = circuits[visit.session, visit.circuit].positions[visit.position].examiners
        candidate = people.get(visit.candidate)
        for key in (*examiners, *([candidate] if candidate else [])):
            found[kept.get(key, key)].append((visit.starts, visit.ends))
    return found
