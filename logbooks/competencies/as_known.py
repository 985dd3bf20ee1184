"""A cohort's competencies as of one day, as they were known on another, read from the record books.

As of a day: seen, asked, revoked, excused or moved by the end of it. Known on a day: recorded by the end of it; who
was in the cohort, and what counted of their hours, too. The same question gets the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from logbooks.competencies import cohort_queries, queries
from logbooks.competencies.cohort_queries import (
    LATELY,
    Line,
    Matrix,
    Told,
    Turnaround,
    Worked,
    told,
)
from logbooks.competencies.models import (
    Competency,
    FrameworkVersion,
    NotApplicable,
    Revocation,
    SignOff,
    SignOffRequest,
    VersionMove,
)
from logbooks.competencies.standing import ACHIEVED, CHANGED
from logbooks.competencies.states import (
    Asked,
    Event,
    Excused,
    Revoked,
    Signed,
    Standing,
    standing_of,
)
from placements import as_known as hours
from placements import books, marks_queries, reference
from placements.books import Book, Entry
from placements.marks_queries import Enrolled
from placements.models import Cohort
from placements.turnaround import WITHIN
from school.core.models import Fact
from school.core.workingdays import working_days_between
from school.people.middleware import Viewer

SPOKEN: tuple[type[Fact], ...] = (SignOffRequest, SignOff, Revocation, NotApplicable)
NEEDED: tuple[type[Fact], ...] = (*books.HOURS, *SPOKEN, VersionMove)


def matrix_of(viewer: Viewer, cohort: Cohort, sort: str, as_of: date, known_on: date) -> Matrix:
    """The students of a cohort whom the viewer follows by competencies; six queries at most.

    Where whole stages stood is not said of a past day.
    """
    found = marks_queries.enrolled(viewer, cohort, known_on, NEEDED)
    rows = sorted(found, key=lambda row: (row.person.name, row.pk))
    versions = versions_of(cohort, rows, as_of, known_on)
    asked = cohort_queries.asked_of(versions)
    identifiers = identifiers_of(rows, asked)
    stood = {}
    for row in rows:
        theirs = asked[versions[row.pk].pk] if row.pk in versions else {}
        own = standings(row.book, as_of, identifiers)
        stood[row.pk] = {key: one for key, one in own.items() if key in theirs}
    states = {
        pk: {key: told(one.state.value, one.request is not None) for key, one in own.items()}
        for pk, own in stood.items()
    }
    turnaround = turnaround_of([(row.book, stood[row.pk]) for row in rows], as_of)
    lines = {row.pk: Line(row.uuid, row.person, row.person.name, row.number) for row in rows}
    read = Told(versions, asked, states, worked_of(rows, as_of), turnaround)
    return cohort_queries.laid_out(lines, read, sort)


def versions_of(
    cohort: Cohort, rows: Sequence[Enrolled], as_of: date, known_on: date
) -> dict[int, FrameworkVersion]:
    """The version that each worked towards, as `queries.version_of` says of now; one query."""
    every = list(queries.versions_for(cohort.pk))
    # What was known before the first was published came with an import: it is of the first.
    published = [version for version in every if version.published_on <= known_on] or every[:1]
    chosen = {}
    for row in rows:
        moves = [one for one in row.book.all(VersionMove) if one.about_from <= as_of]
        moved = moves[-1].value["framework_version__uuid"] if moves else None
        own = [version for version in published if str(version.uuid) == moved]
        version = queries.worked_towards(published, row.starts, own)
        if version is not None:
            chosen[row.pk] = version
    return chosen


def identifiers_of(
    rows: Sequence[Enrolled], asked: Mapping[int, Mapping[int, Competency]]
) -> dict[str, int]:
    """The numbers of the identifiers of the competencies that facts name, by their UUIDs; one query where they are not all asked now."""
    found = {str(one.uuid): key for own in asked.values() for key, one in own.items()}
    named = {
        one.value["competency__uuid"]
        for row in rows
        for kind in SPOKEN
        for one in row.book.all(kind)
        if "competency__uuid" in one.value
    }
    earlier = Competency.objects.filter(uuid__in=named - found.keys()).order_by()
    return found | {str(uuid): one.int for uuid, one in earlier.values_list("uuid", "identifier")}


def standings(book: Book, as_of: date, identifiers: Mapping[str, int]) -> dict[int, Standing]:
    """Where competencies stood by a book as it was known, by the numbers of their identifiers, given by the UUIDs that facts name.

    Requests and sign-offs have the UUIDs of their entries for keys. What was not spoken of has no line.
    """
    about = {row.uuid: row.value["competency__uuid"] for row in book.all(SignOff)}
    found: dict[int, list[tuple[int, Event]]] = {}
    for kind in SPOKEN:
        for row in book.all(kind):
            named = row.value.get("competency__uuid") or about[row.value["sign_off__entry__uuid"]]
            if row.about_from <= as_of and named in identifiers:
                found.setdefault(identifiers[named], []).append((row.seq, _event(row)))
    return {
        one: standing_of(event for _, event in sorted(events, key=lambda pair: pair[0]))
        for one, events in found.items()
    }


def _event(row: Entry) -> Event:
    value = row.value
    match row.kind:
        case SignOffRequest.KIND:
            return Asked(row.uuid, value["withdrawn"], value["because"] == CHANGED)
        case SignOff.KIND:
            return Signed(row.uuid, value["outcome"] == ACHIEVED, value["request__entry__uuid"])
        case Revocation.KIND:
            return Revoked(value["sign_off__entry__uuid"])
    return Excused(value["cancelled"])


def worked_of(rows: Sequence[Enrolled], as_of: date) -> dict[int, Worked]:
    """The newest year in which hours of each counted, by the enrolment's key; one query."""
    stages = {
        str(stage.uuid): stage
        for version in {row.version for row in rows}
        for stage in reference.stages(version)
    }
    of_placement = marks_queries.stage_of_placements(row.uuid for row in rows)
    found: dict[int, Worked] = {}
    for row in rows:
        sums = hours.totals(row.book, as_of, of_placement)
        years = [
            Worked(stages[key].year, total.counted, stages[key].minimum_minutes)
            for key, total in sums.items()
            if key in stages and total.counted > 0
        ]
        if years:
            found[row.pk] = max(years)
    return found


def turnaround_of(read: Iterable[tuple[Book, Mapping[int, Standing]]], as_of: date) -> Turnaround:
    """How requests were answered in the 90 days up to a day, and what waited at its end."""
    waited: list[int] = []
    waiting: list[date] = []
    for book, stood in read:
        asked = {row.uuid: row.known_from for row in book.all(SignOffRequest)}
        for row in book.all(SignOff):
            since = asked.get(row.value["request__entry__uuid"])
            if since and as_of - LATELY <= row.known_from <= as_of:
                waited.append(working_days_between(since, row.known_from))
        waiting += [
            asked[str(one.request)] for one in stood.values() if one.request and not one.excused
        ]
    within = sum(days <= WITHIN for days in waited)
    return Turnaround(len(waited), within, len(waiting), min(waiting, default=None))
