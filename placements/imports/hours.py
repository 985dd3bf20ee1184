"""The file of hours that stand on paper: each row is a sheet or a line of one, sighted by somebody by name."""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid5

from pydantic import model_validator

from placements import standing
from placements.models import BroughtForward, DayType, Enrolment, Stage
from school.core import clock, days, ledger
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.rows import (
    Day,
    Email,
    Number,
    Numbered,
    Row,
    Text20,
    Text200,
    Whole,
    Words200,
    column,
    one_of,
    optional,
    repeated,
)
from school.core.prepared import Facts
from school.people.imports.matching import NO_SITE, NO_SITE_REMEDY, People, Sites, identifiers
from school.people.models import Person, Site

# Rows that say the same make facts of the same identity, so that no replay can write one twice.
_NAMESPACE = UUID("5d0f3c5e-8f0a-5b44-9a55-0f6f3f1f7c11")
# More keys in one query than this, and SQLite as some systems build it refuses.
_AT_ONCE = 10_000


class HoursRow(Row):
    """Hours that stand on paper."""

    ABOUT: ClassVar[str] = (
        "A line is told by student number, year, part, site and dates; two lines alike in all of these "
        "are refused, so add them up or divide their dates. A row whose student, or whose sighting "
        "person, cannot be found waits. Your own hours are refused, and a paper that its student has "
        "sighted. The hours count and are never shown as confirmed here."
    )

    student_number: Text20 = column(
        "the university's number for the student", "student id", "student no", example="U2104418"
    )
    year: Whole = column("the year of the programme", "year of study", "stage", example="2")
    site: Text200 | None = optional(
        "name or code of the site where they were worked; empty when the paper does not say",
        "site code", "site name", example="Freeman Hospital",
    )  # fmt: skip
    part: (
        Annotated[str, one_of(clinical="clinical", simulated="simulated", simulation="simulated")]
        | None
    ) = optional("clinical or simulated; clinical when empty", example="clinical")
    starts: Day = column(
        "the first day that the paper speaks of", name="from", example="2025-02-03"
    )
    ends: Day = column("the last day that it speaks of", name="to", example="2025-02-07")
    hours: Number | None = optional(
        "hours with a point; fill in either hours or minutes", example="37.5"
    )
    minutes: Whole | None = optional("whole minutes, when hours would have to be rounded")
    signed_by: Words200 = column(
        "the name under the paper's signature", "signed", example="Dilys Sampleby"
    )
    sighted_by: Email = column(
        "email of the person who has seen the paper",
        "seen by",
        example="amara.holt@hospital.example",
    )
    scan_reference: Words200 = column(
        "where the scan lies", "scan", example="Cumbria 2025 box 3 sheet 14"
    )
    recorded_on: Day | None = optional(
        "the day the source recorded them; today when empty", "known from", example="2025-02-10"
    )

    @model_validator(mode="after")
    def _whole(self) -> "HoursRow":
        if self.ends < self.starts:
            raise ValueError("ends|the last day lies before the first")
        if self.ends > clock.today():
            raise ValueError("ends|hours on paper cannot be of a day to come")
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        if (self.hours is None) == (self.minutes is None):
            raise ValueError("hours|fill in hours or minutes, one of the two")
        if self.hours is not None and self.hours * 60 != int(self.hours * 60):
            raise ValueError(
                f"hours|this comes to {(self.hours * 60).normalize():f} minutes: give whole minutes instead"
            )
        name = "hours" if self.minutes is None else "minutes"
        if self.whole_minutes < 1:
            raise ValueError(f"{name}|there is nothing to count")
        if self.whole_minutes > ((self.ends - self.starts).days + 1) * 24 * 60:
            raise ValueError(
                f"{name}|this is more than there is from {days.long_date(self.starts)} to {days.long_date(self.ends)}"
            )
        return self

    @property
    def whole_minutes(self) -> int:
        """The hours or minutes as minutes."""
        return int((self.hours or 0) * 60) if self.minutes is None else self.minutes

    @property
    def stage_part(self) -> str:
        """Which of the stage's totals they count towards."""
        return self.part or DayType.Part.CLINICAL.value


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with what it meets."""

    row: HoursRow
    enrolment: Enrolment
    stage: Stage
    site: Site | None
    sighted_by: Person

    @property
    def key(self) -> tuple[Any, ...]:
        row = self.row
        site = self.site.pk if self.site else None
        return (self.enrolment.pk, self.stage.pk, site, row.stage_part, row.starts, row.ends)


def plan(rows: Sequence[Numbered[HoursRow]], reach: Reach, by: UUID) -> Plan:
    """What the rows do to the hours brought forward."""
    return _planned(rows, students({row.row.student_number for row in rows}, reach), by)


def plan_of(enrolment: Enrolment, row: HoursRow, by: UUID) -> Plan:
    """The same for one sheet that somebody enters by hand for a student they have found already."""
    return _planned([Numbered(1, row)], {row.student_number.casefold(): [enrolment]}, by)


def _planned(
    rows: Sequence[Numbered[HoursRow]], students: dict[str, list[Enrolment]], by: UUID
) -> Plan:
    done = Plan()
    people, sites = People(), Sites()
    actor = people.actor(by)
    stages = {(stage.version_id, stage.year): stage for stage in Stage.objects.all()}
    lines: dict[int, _Line] = {}
    for numbered in rows:
        line = _line(numbered, students, stages, sites, people, actor, done)
        if line is not None:
            lines[numbered.number] = line
    places = {id(line.row): line.key for line in lines.values()}
    done.refused += repeated(
        [numbered for numbered in rows if numbered.number in lines],
        lambda row: places[id(row)],
        "student, year, part, site and dates",
    )
    if done.refused:
        return done
    held = _held(lines.values())
    wanted: list[tuple[_Line, BroughtForward | None]] = []
    for number, line in lines.items():
        before = held.get(line.key)
        if before is None:
            done.fates[number] = Fate.NEW
        elif before.says(line):
            done.fates[number] = Fate.SAME
            continue
        else:
            done.fates[number] = Fate.CHANGED
        wanted.append((line, before.fact if before else None))
    done.ready = lambda by: _ready(wanted, by)
    return done


def students(numbers: Collection[str], reach: Reach) -> dict[str, list[Enrolment]]:
    """The enrolments in reach of some student numbers, by the number in lower case; in two universities a number may be two."""
    wanted = {number.casefold() for number in numbers}
    found: dict[str, list[Enrolment]] = {}
    held = Enrolment.objects.select_related("book", "person", "cohort__programme__scope", "version")
    for enrolment in held:
        cohort, number = enrolment.cohort, enrolment.student_number.casefold()
        programme = cohort.programme.scope
        scopes = {cohort.scope_id, programme.pk, programme.parent_id}
        if number in wanted and (reach is None or scopes & reach):
            found.setdefault(number, []).append(enrolment)
    return found


def _line(
    numbered: Numbered[HoursRow],
    students: dict[str, list[Enrolment]],
    stages: dict[tuple[int, int], Stage],
    sites: Sites,
    people: People,
    actor: Person | None,
    done: Plan,
) -> _Line | None:
    row, number = numbered.row, numbered.number
    found = students.get(row.student_number.casefold(), [])
    if actor is not None and any(people.get(e.person_id).pk == actor.pk for e in found):
        done.refused.append(
            Finding(number, "student number", row.student_number, "these are your own hours", "Somebody else imports them.")
        )  # fmt: skip
        return None
    sighted_by = people.match(identifiers(email=row.sighted_by)).person
    stage = stages.get((found[0].version_id, row.year)) if found else None
    site = sites.get(row.site) if row.site else None
    if found and stage is None:
        done.refused.append(
            Finding(number, "year", str(row.year), "the student's programme has no such year", "Correct the year.")
        )  # fmt: skip
    if row.site and site is None:
        done.refused.append(Finding(number, "site", row.site, NO_SITE, NO_SITE_REMEDY))
    own = sighted_by is not None and any(people.get(e.person_id).pk == sighted_by.pk for e in found)
    if own:
        done.refused.append(
            Finding(number, "sighted by", row.sighted_by, "this is the student: nobody sights their own paper", "Name who has seen it.")
        )  # fmt: skip
    if len(found) != 1:
        reason = "two students have this number" if found else "no student has this number"
        done.waiting.append(
            Finding(number, "student number", row.student_number, reason, "Correct it, or import the university's list first.")
        )  # fmt: skip
    if sighted_by is None:
        done.waiting.append(
            Finding(number, "sighted by", row.sighted_by, "nobody has this address", "Correct it, or import the person first.")
        )  # fmt: skip
    if len(found) != 1 or stage is None or own or sighted_by is None or (row.site and not site):
        return None
    return _Line(row, found[0], stage, site, sighted_by)


@dataclass(frozen=True, slots=True)
class _Before:
    """Hours that are held, with their private words; None for words that were erased."""

    fact: BroughtForward
    signed_by: str | None
    scan: str | None

    def says(self, line: _Line) -> bool:
        """Whether the row says what is held."""
        return (
            self.fact.minutes == line.row.whole_minutes
            and self.fact.sighted_by_id == line.sighted_by.pk
            and self.signed_by in (None, line.row.signed_by)
            and self.scan in (None, line.row.scan_reference)
        )


def _held(lines: Any) -> dict[tuple[Any, ...], _Before]:
    enrolments = sorted({line.enrolment.pk for line in lines})
    found = {}
    for some in _pieces(enrolments):
        facts = list(BroughtForward.objects.standing().filter(enrolment__in=some))
        signed_by: dict[int, str] = {}
        scans: dict[int, str] = {}
        for piece in _pieces(facts):
            signed_by |= ledger.private_texts(piece, "signed_by")
            scans |= ledger.private_texts(piece, "scan")
        for fact in facts:
            entry = fact.entry
            key = (fact.enrolment_id, fact.stage_id, fact.site_id, fact.part, entry.about_from, entry.about_to)  # fmt: skip
            found[key] = _Before(fact, signed_by.get(fact.pk), scans.get(fact.pk))
    return found


def _pieces(everything: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(everything), _AT_ONCE):
        yield everything[start : start + _AT_ONCE]


def _draft(line: _Line, before: BroughtForward | None, today: date) -> ledger.Draft:
    row = line.row
    # Words that may be erased one day are no part of the identity: it would give them away.
    identity = "|".join(
        (
            str(line.enrolment.uuid),
            str(line.stage.uuid),
            str(line.site.uuid) if line.site else "",
            row.stage_part,
            row.starts.isoformat(),
            row.ends.isoformat(),
            str(row.whole_minutes),
            str(line.sighted_by.uuid),
            str(before.uuid) if before else "",
        )
    )
    return ledger.Draft(
        fact=BroughtForward(
            enrolment=line.enrolment,
            stage=line.stage,
            site=line.site,
            part=row.stage_part,
            minutes=row.whole_minutes,
            sighted_by=line.sighted_by,
            supersedes=before,
        ),
        book=line.enrolment.book,
        about_from=row.starts,
        about_to=row.ends,
        uuid=uuid5(_NAMESPACE, identity),
        texts={"signed_by": row.signed_by, "scan": row.scan_reference},
        known_from=row.recorded_on or today,
    )


def _ready(wanted: list[tuple[_Line, BroughtForward | None]], by: UUID) -> Write:
    today = clock.today()
    enrolments = sorted({line.enrolment.pk for line, _ in wanted})
    # Lines are let go as their facts are made ready, since both together are large.
    lines = deque(wanted)
    wanted.clear()
    drafts = (_draft(*lines.popleft(), today) for _ in range(len(lines)))
    facts = Facts(BroughtForward, drafts, by=by)

    def write() -> None:
        facts.append()
        standing.refresh_tallies(enrolments)

    return write


HOURS = Kind("hours", "Hours on paper", HoursRow, plan)
