"""What each station was like in the exams whose standard is set: its difficulty, cut and quality, from the board's decision."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from logbooks.osces.analysis.regression import sums
from logbooks.osces.day.queries import Marked
from logbooks.osces.models import Exam, ExamPlace
from logbooks.osces.results import queries
from logbooks.osces.results.decision import AtStation
from logbooks.osces.results.queries import Decided


@dataclass(frozen=True, slots=True)
class Held:
    """A station in an exam: `difficulty` is the mean mark in per cent of its maximum, `failures` are the marks below its cut."""

    place: ExamPlace
    candidates: int
    most: int
    difficulty: Fraction | None
    cut: Fraction | None
    r_squared: Fraction | None
    failures: int


def places_of(exams: Collection[int]) -> Mapping[int, Sequence[ExamPlace]]:
    """The marked stations of exams in order, the newest exam first; one query, none without exams."""
    found: dict[int, list[ExamPlace]] = defaultdict(list)
    if exams:
        rows = ExamPlace.objects.filter(exam__in=exams, kind=ExamPlace.Kind.STATION)
        order = ("-exam__day", "-exam", "number")
        for place in rows.select_related("exam", "version").order_by(*order):
            found[place.exam_id].append(place)
    return found


def histories(
    stations: Collection[int],
    decided: Mapping[int, Decided],
    held: Mapping[int, Sequence[ExamPlace]],
) -> dict[int, list[Held]]:
    """Where stations, by primary key, were part of exams that are decided, in the order of the exams' places."""
    found: dict[int, list[Held]] = defaultdict(list)
    for key, places in held.items():
        said = decided[key].said
        cuts = dict(said.cuts)
        for order, place in enumerate(places, start=1):
            if place.version and place.version.station_id in stations:
                name = f"S{order}"
                at = [one for own in said.results for one in own.stations if one.station == name]
                found[place.version.station_id].append(_held(place, at, cuts.get(name)))
    return found


def of_station(station: int) -> list[Held]:
    """Where a station of the bank was part of exams that are decided, the newest first; two queries."""
    decided = queries.decided([station])
    return histories([station], decided, places_of(decided)).get(station, [])


def _held(place: ExamPlace, at: Collection[AtStation], cut: str | None) -> Held:
    marks = [(one, Fraction(one.mark)) for one in at if one.mark is not None and not one.carried]
    line = sums([(Fraction(one.grade), mark) for one, mark in marks if one.grade is not None]).line()  # fmt: skip
    shares = [100 * mark / one.most for one, mark in marks]
    return Held(
        place=place,
        candidates=len(marks),
        most=max((one.most for one in at), default=0),
        difficulty=sum(shares, Fraction(0)) / len(shares) if shares else None,
        cut=None if cut is None else Fraction(cut),
        r_squared=line.r_squared if line else None,
        failures=sum(one.passed is False for one in at),
    )


def earlier_cuts(
    exam: Exam,
    marked: Collection[Marked],
    decided: Mapping[int, Decided],
    others: Mapping[int, Sequence[ExamPlace]],
) -> Mapping[str, Fraction]:
    """The newest earlier cut of each station that had the same marks in one of the other exams before this one."""
    keys = {one.short: one for one in marked}
    found = histories(stations_of(marked), decided, others)
    cuts = {}
    for name, one in keys.items():
        for held in found.get(_station(one), ()):
            before = held.place.exam.day <= exam.day
            if before and held.cut is not None and held.most == one.document.most:
                cuts[name] = held.cut
                break
    return cuts


def stations_of(marked: Collection[Marked]) -> set[int]:
    """The primary keys of their stations in the bank."""
    return {_station(one) for one in marked}


def _station(one: Marked) -> int:
    assert one.place.version
    return one.place.version.station_id
