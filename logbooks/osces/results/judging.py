"""What judges expect of a borderline candidate at the stations of an exam (modified Angoff)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from logbooks.osces.analysis.standards import Angoff, angoff
from logbooks.osces.day.queries import Marked, announced_of
from logbooks.osces.marking.queries import examiner_names
from logbooks.osces.models import Exam, StandardSet, StationRated
from logbooks.osces.stations.document import Item
from school.people.models import Person
from school.people.queries import hats, identity
from school.people.roles import Permission

WHOLE = 1000  # per mille
# So many days after an exam its examiners are still pointed to its stations, until a standard is set.
ASKED_DAYS = 60


@dataclass(frozen=True, slots=True)
class Judged:
    """A station as its judges see it: the cut and its error in marks, and of each item the lowest, mean and highest per cent."""

    found: Angoff
    cut: Fraction | None
    se: float | None
    items: tuple[tuple[Item, tuple[Fraction, Fraction, Fraction]], ...]


def standing(exam: Exam) -> dict[int, list[StationRated]]:
    """Each judge's last rating, by the primary key of the place; one query."""
    rows = StationRated.objects.filter(place__exam=exam, superseded_by=None)
    found: dict[int, list[StationRated]] = {}
    for row in rows.select_related("entry").order_by("pk"):
        found.setdefault(row.place_id, []).append(row)
    return found


def own(ratings: Collection[StationRated], judge: Collection[UUID]) -> StationRated | None:
    """The rating of one judge, by whatever UUIDs they are known."""
    return next((row for row in ratings if row.entry.actor in judge), None)


def said(rating: StationRated) -> dict[UUID, int]:
    """Per mille of each item's marks."""
    return {UUID(key): value for key, value in json.loads(rating.ratings).items()}


def judged(station: Marked, ratings: Collection[StationRated]) -> Judged:
    """What the judges of a station say together. Each counts once, and only when they rated every item."""
    items = {item.key: item for item in station.document.items}
    shares = {str(row.entry.actor): said(row) for row in ratings}
    marks = {
        judge: {str(key): Fraction(share * items[key].most, WHOLE) for key, share in own.items() if key in items}
        for judge, own in shares.items()
    }  # fmt: skip
    found = angoff(marks)
    whole = found.items == len(items)
    spread = []
    for key, item in items.items():
        given = [Fraction(own[key], WHOLE // 100) for own in shares.values() if key in own]
        if given:
            mean = sum(given, Fraction(0)) / len(given)
            spread.append((item, (min(given), mean, max(given))))
    return Judged(
        found,
        found.mean * found.items if whole and found.mean is not None else None,
        found.se * found.items if whole and found.se is not None else None,
        tuple(spread),
    )


def cuts(exam: Exam, marked: Collection[Marked]) -> Mapping[str, Fraction]:
    """The cut of every station that a judge has rated; one query."""
    ratings = standing(exam)
    found = {one.short: judged(one, ratings.get(one.place.pk, [])).cut for one in marked}
    return {name: cut for name, cut in found.items() if cut is not None}


def uuids_of(person: Person) -> list[UUID]:
    """The UUIDs of everyone this person is, merged persons included; two queries."""
    return list(Person.objects.filter(pk__in=identity(person)).values_list("uuid", flat=True))


def may_judge(exam: Exam, person: Person) -> bool:
    """Whether somebody runs OSCEs, or examines at this one by its announced timetable."""
    if any(Permission.RUN_OSCES in hat.role.permissions for hat in hats(person)):
        return True
    found = announced_of(exam)
    keys = {one.key for one in found.exam.examiners} if found else set()
    return any(str(one) in keys for one in uuids_of(person))


def undecided(exams: Collection[Exam]) -> list[Exam]:
    """Those of which the board has set no standard; one query, none without exams."""
    decided = StandardSet.objects.filter(exam__in=exams).values_list("exam", flat=True)
    done = set(decided) if exams else set()
    return [one for one in exams if one.pk not in done]


def names(ratings: Collection[StationRated]) -> dict[UUID, str]:
    """What judges are called; one query."""
    people = list(Person.objects.filter(uuid__in=[row.entry.actor for row in ratings]))
    called = examiner_names(people)
    return {one.uuid: called[one.pk] for one in people}
