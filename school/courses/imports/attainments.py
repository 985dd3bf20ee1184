"""What rows of a file of attainments do: matched to people and courses, told apart by person, course and day."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from school.core import clock, ledger
from school.core.errors import NotAllowed
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.rows import Numbered, repeated
from school.core.models import LedgerEntry
from school.core.prepared import Facts
from school.courses.imports.attainment_row import AttainmentRow
from school.courses.models import (
    Attainment,
    AttainmentVoid,
    Course,
    CourseVersion,
    ImportSource,
    SourceTitle,
)
from school.people.imports.matching import Identifier, Match, People
from school.people.models import Person
from school.people.queries import merges

KEY = "attainments"
VOID = "Its source says that it is void."
UNKNOWN_COURSE = "no course is known by this name in this source"
# Rows that say the same make facts of the same identity, so that no replay can write one twice.
_NAMESPACE = UUID("7b7f0a52-6c05-5c0e-8b0a-3d8b8c6a9f14")
# More keys in one query than this, and SQLite as some systems build it refuses.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with whom and what it names."""

    person: Person
    version: CourseVersion
    day: date
    expires_on: date | None
    known_from: date
    voided_on: date | None = None
    void_reason: str = ""
    # Whether the source said the day of knowledge, or it is today for want of one.
    is_dated: bool = True

    @property
    def key(self) -> tuple[int, int, date]:
        """What tells it from others."""
        return (self.person.pk, self.version.course_id, self.day)


@dataclass(frozen=True, slots=True)
class _Before:
    """An attainment that is held."""

    pk: int
    uuid: UUID
    source: str
    expires_on: date | None
    known_from: date
    voided_on: date | None
    # What was said of the same day before, each by its day of knowledge and its expiry, and when such were found void.
    earlier: frozenset[tuple[date, date | None]] = frozenset()
    voids: frozenset[date] = frozenset()

    def says(self, line: _Line) -> bool:
        """Whether a row says again what was said on its own day, and was corrected or found void since."""
        then = (line.known_from, line.expires_on)
        return line.is_dated and then in self.earlier

    @property
    def fact(self) -> Attainment:
        """The attainment as far as one that supersedes it refers to it."""
        return Attainment(entry=LedgerEntry(pk=self.pk, uuid=self.uuid))


class _Courses:
    """The courses with their versions, by code, title, and what the source calls them."""

    def __init__(self, source: ImportSource | None) -> None:
        self._named: dict[str, Course | None] = {}
        courses = {course.pk: course for course in Course.objects.all()}
        for course in courses.values():
            self._add(course.title, course)
        for course in courses.values():
            self._named[cells.folded(course.code)] = course
        if source is not None and source.pk:
            for title in SourceTitle.objects.filter(source=source):
                self._named[cells.folded(title.title)] = courses[title.course_id]
        self._versions: dict[int, list[CourseVersion]] = {}
        for version in CourseVersion.objects.order_by("published_on", "number"):
            self._versions.setdefault(version.course_id, []).append(version)

    def _add(self, name: str, course: Course) -> None:
        key = cells.folded(name)
        self._named[key] = None if key in self._named else course

    def version(self, called: str, day: date) -> CourseVersion | None:
        """The version of a course that was taught on a day, or its first one when the day lies before."""
        course = self._named.get(cells.folded(called))
        versions = self._versions.get(course.pk, []) if course else []
        taught = [version for version in versions if version.published_on <= day]
        return taught[-1] if taught else next(iter(versions), None)


class Everybody(People):
    """Everyone held, whom a registration number finds without its regulator when only one has it."""

    def __init__(self) -> None:
        super().__init__()
        # By number and the person's key, with the identifiers that say the number.
        self._registered: dict[str, dict[int, list[Identifier]]] = {}
        for person in self._people.values():
            if person.registration_number:
                number = person.registration_number.casefold()
                found = self._registered.setdefault(number, {})
                said = found.setdefault(self.kept(person).pk, [])
                if person.regulator:
                    said.append((person.regulator, number))

    def named(self, row: AttainmentRow) -> Match:
        """Whom a row names."""
        wanted: list[Identifier] = []
        if row.staff_identifier:
            wanted.append(("staff", row.staff_identifier.casefold()))
        if row.registration_number:
            found = self._registered.get(row.registration_number.casefold(), {})
            if len(found) > 1:
                return Match(None, "its registration number belongs to two people")
            wanted += [one for said in found.values() for one in said]
        if row.email:
            wanted.append(("email", row.email.casefold()))
        if not wanted:
            return Match(None, "it names nobody by number or address")
        return self.match(wanted)


def plan_for(source: ImportSource | None) -> Any:
    """How rows of a source are planned."""

    def plan(rows: Sequence[Numbered[AttainmentRow]], reach: Reach, by: UUID) -> Plan:
        if reach is not None:
            # school.courses.policies.importing_hats gives no narrower one.
            raise NotAllowed("Attainments are imported for the whole network.")
        return _planned(rows, _Courses(source), by)

    return plan


def _planned(rows: Sequence[Numbered[AttainmentRow]], courses: _Courses, by: UUID) -> Plan:
    done, everybody = Plan(), Everybody()
    rows = _once(rows, done)
    actor, today = everybody.actor(by), clock.today()
    lines: dict[int, _Line] = {}
    for numbered in rows:
        line = _line(numbered, courses, everybody, actor, today, done)
        if line is not None:
            lines[numbered.number] = line
    keys = {number: line.key for number, line in lines.items()}
    places = {id(one.row): keys[one.number] for one in rows if one.number in keys}
    done.refused += repeated(
        [numbered for numbered in rows if numbered.number in lines],
        lambda row: places[id(row)],
        "person, course and day",
    )
    if done.refused:
        return done
    held = _held(lines.values())
    wanted: list[tuple[_Line, _Before | None]] = []
    voids: list[tuple[_Line, UUID]] = []
    for number, line in lines.items():
        before = held.get(line.key)
        fate = _fate(line, before)
        if fate == Fate.WAITS:
            done.waiting.append(_in_the_way(number, line, before))
            continue
        done.fates[number] = fate
        if fate == Fate.SAME:
            continue
        is_held = before is not None and line.voided_on is not None and fate != Fate.NEW
        if not is_held:
            wanted.append((line, before))
        if line.voided_on is not None:
            voids.append((line, before.uuid if is_held and before else _identity(line, before)))
    done.ready = lambda by: _ready(wanted, voids, by)
    return done


def _once(rows: Sequence[Numbered[AttainmentRow]], done: Plan) -> Sequence[Numbered[AttainmentRow]]:
    """Without rows that say what one before them says, word for word: exports hold such, and they do nothing."""
    first: dict[str, Numbered[AttainmentRow]] = {}
    for numbered in rows:
        if first.setdefault(numbered.row.model_dump_json(), numbered) is not numbered:
            done.fates[numbered.number] = Fate.SAME
    return list(first.values())


def _line(
    numbered: Numbered[AttainmentRow],
    courses: _Courses,
    everybody: Everybody,
    actor: Person | None,
    today: date,
    done: Plan,
) -> _Line | None:
    row, number, day = numbered.row, numbered.number, numbered.row.day
    assert day is not None
    match, version = everybody.named(row), courses.version(row.called, day)
    if match.person is None:
        value = row.staff_identifier or row.registration_number or row.email or ""
        reason = match.doubt or "nobody has this number or address"
        done.waiting.append(
            Finding(number, "staff identifier", value, reason, "Correct it, or import the person first.")
        )  # fmt: skip
    elif actor is not None and match.person.pk == actor.pk:
        done.refused.append(
            Finding(number, "", "", "these are your own attainments", "Somebody else imports them.")
        )
        return None
    if version is None:
        done.waiting.append(
            Finding(number, "course", row.called, UNKNOWN_COURSE, "Say which course it is, or leave it waiting.")
        )  # fmt: skip
    if match.person is None or version is None:
        return None
    return _Line(
        match.person,
        version,
        day,
        row.expires_on,
        row.recorded_on or today,
        row.voided_on,
        row.void_reason or VOID,
        row.recorded_on is not None,
    )


def _fate(line: _Line, before: _Before | None) -> Fate:
    if before is None:
        return Fate.NEW
    if before.voided_on:
        # Recorded anew after it was found void; a source that gives no days only lists it still.
        if line.is_dated and line.known_from > before.voided_on:
            return Fate.NEW
        return Fate.SAME if line.voided_on or before.says(line) else Fate.WAITS
    if line.voided_on in before.voids or (not line.voided_on and before.says(line)):
        return Fate.SAME
    if before.expires_on == line.expires_on and not line.voided_on:
        return Fate.SAME
    return Fate.CHANGED if before.source == Attainment.Source.IMPORT else Fate.WAITS


def _in_the_way(number: int, line: _Line, before: _Before | None) -> Finding:
    void = before is not None and before.voided_on is not None
    reason = (
        "the same was made void here"
        if void
        else "the School's own record of that day says otherwise"
    )
    return Finding(number, "expires on", str(line.expires_on or ""), reason, "Look at the record.")


def _held(lines: Any) -> dict[tuple[int, int, date], _Before]:
    """What is held of the people, merged ones included, by person, course and day; what stands goes before what is void."""
    people = sorted({line.person.pk for line in lines})
    kept = dict(_merged(people))
    found: dict[tuple[int, int, date], _Before] = {}
    gone: dict[tuple[int, int, date], list[_Before]] = {}
    for some in _pieces([*people, *kept]):
        rows = Attainment.objects.filter(person__in=some)
        columns = (
            "pk", "entry__uuid", "source", "expires_on", "entry__known_from", "void__entry__known_from",
            "superseded_by", "person", "course_version__course", "entry__about_from",
        )  # fmt: skip
        for *said, superseded, person, course, day in rows.values_list(*columns):
            key = (kept.get(person, person), course, day)
            before = _Before(*said)
            if superseded is not None or before.voided_on:
                gone.setdefault(key, []).append(before)
            if superseded is None and (key not in found or found[key].voided_on):
                found[key] = before
    # One that was corrected to another day is held under that day alone.
    for key in gone.keys() & found.keys():
        earlier = gone[key]
        found[key] = replace(
            found[key],
            earlier=frozenset((one.known_from, one.expires_on) for one in earlier),
            voids=frozenset(one.voided_on for one in earlier if one.voided_on),
        )
    return found


def _merged(people: Sequence[int]) -> Iterator[tuple[int, int]]:
    wanted = set(people)
    for merged, kept in merges().values_list("merged_id", "kept_id"):
        if kept in wanted:
            yield merged, kept


def _pieces(everything: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(everything), _AT_ONCE):
        yield everything[start : start + _AT_ONCE]


def _identity(line: _Line, before: _Before | None) -> UUID:
    identity = "|".join(
        (
            str(line.person.uuid),
            str(line.version.uuid),
            line.day.isoformat(),
            line.expires_on.isoformat() if line.expires_on else "",
            str(before.uuid) if before else "",
        )
    )
    return uuid5(_NAMESPACE, identity)


def _draft(line: _Line, before: _Before | None) -> ledger.Draft:
    return ledger.Draft(
        fact=Attainment(
            person=line.person,
            course_version=line.version,
            source=Attainment.Source.IMPORT,
            expires_on=line.expires_on,
            supersedes=before.fact if before else None,
        ),
        book=line.person.book,
        about_from=line.day,
        uuid=_identity(line, before),
        known_from=line.known_from,
    )


def _ready(
    wanted: list[tuple[_Line, _Before | None]], voids: Sequence[tuple[_Line, UUID]], by: UUID
) -> Write:
    # Lines are let go as their facts are made ready, since both together are large.
    lines = deque(wanted)
    wanted.clear()
    facts = Facts(Attainment, (_draft(*lines.popleft()) for _ in range(len(lines))), by=by)

    def write() -> None:
        facts.append()
        for some in _pieces(voids):
            _make_void(some, by)

    return write


def _make_void(voids: Sequence[tuple[_Line, UUID]], by: UUID) -> None:
    """What was attained, be it in the same file, becomes void from the day its source says."""
    rows = Attainment.objects.filter(entry__uuid__in=[uuid for _, uuid in voids])
    held = {row.entry.uuid: row for row in rows.select_related("entry", "person__book")}
    drafts = [
        ledger.Draft(
            fact=AttainmentVoid(attainment=held[uuid]),
            book=held[uuid].person.book,
            about_from=line.day,
            uuid=uuid5(_NAMESPACE, f"{uuid}|void"),
            known_from=line.voided_on,
            texts={"reason": line.void_reason},
        )
        for line, uuid in voids
    ]
    books = {draft.book.pk: draft.book for draft in drafts}
    with ledger.writing(*books.values()) as pen:
        pen.append(drafts, by=by)


def kind_for(source: ImportSource | None = None) -> Kind:
    """The kind of file that comes from a source; without one, of the portal's own columns."""
    plan = plan_for(source)
    if source is None:
        return Kind(KEY, "Attainments", AttainmentRow, plan)
    spelled = {column: heading for column, heading in source.columns.items() if heading}
    return Kind(
        f"{KEY}-{source.uuid}", f"Attainments from {source.name}", AttainmentRow, plan, spelled
    )
