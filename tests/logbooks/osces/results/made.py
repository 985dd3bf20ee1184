"""The published example of 24 candidates by 6 stations as closed sheets of an exam that was held here."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from logbooks.osces.day.queries import announced_of
from logbooks.osces.examined.source import ExamSource, of_exam
from logbooks.osces.models import Candidate
from logbooks.osces.stations.document import Document
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.examples import osce
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.stations.made import item, small


def of_twenty() -> Document:
    """A station of ten items with two marks each, the first of them critical."""
    return small(items=tuple(item(n, f"Item {n}", critical=n == 1) for n in range(1, 11)))


def reference() -> Day:
    """Candidates C01 to C24 are 101 to 124; circuits A and B are those of the file."""
    made = day(stations=6, candidates=24, circuits=2, document=of_twenty(), rests=6)
    people = _people(made)
    stations = {one.short: one for one in made.stations}
    for row in osce():
        assert row.mark is not None
        assert row.grade is not None
        close(made, people[row.candidate], stations[row.station], int(row.mark), int(row.grade))
    return made


def _people(made: Day) -> dict[str, Candidate]:
    """The candidates by their names in the file, numbered anew so that each goes round the circuit that it has there."""
    said = announced_of(made.exam)
    assert said
    rings = {one.candidate: one.circuit for one in said.timetable.visits}
    ordered = sorted(made.candidates, key=lambda one: (rings[str(one.uuid)], one.number))
    assert Counter(rings.values()) == {"A": 12, "B": 12}
    for add in (1_000, 0):
        for number, one in enumerate(ordered, start=101):
            one.number = number + add
            one.save()
    return {f"C{one.number - 100:02}": one for one in ordered}


def source(made: Day) -> ExamSource:
    """The marks of the exam as they are now."""
    found = of_exam(made.exam.uuid)
    assert found
    return found


def explained(found: ExamSource) -> Mapping[str, str]:
    """Something said to every finding."""
    return {one.key: "We looked." for one in found.findings}


def key(number: int) -> UUID:
    """The key of an item of the station."""
    return UUID(int=number)
