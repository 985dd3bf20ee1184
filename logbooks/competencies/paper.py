"""The file of sign-offs that stand on paper: each row is a competency, sighted by somebody by name, with a scan beside the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar
from uuid import UUID, uuid5

from logbooks.competencies import queries, stage_queries, stage_telling, standing
from logbooks.competencies.models import Competency, CurrentCompetency, Level, SignOff
from placements import reference
from placements.imports.hours import students
from placements.models import Enrolment
from school.core import clock, days, documents, evidence, ledger
from school.core.errors import DomainError
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.offered import Offered
from school.core.files.rows import (
    Day,
    Email,
    Numbered,
    Row,
    Text20,
    Text60,
    Text200,
    Words200,
    column,
    one_of,
    optional,
    repeated,
)
from school.core.prepared import Facts
from school.people.imports.matching import NO_SITE, NO_SITE_REMEDY, People, Sites, identifiers
from school.people.models import Person, Site

# Where the scans are kept.
FOLDER = "sign-offs-on-paper"
# Rows that say the same make facts of the same identity, so that no replay can write one twice.
_NAMESPACE = UUID("0f3f7d0e-5f5a-5c39-9f0c-7f2b6d3f4c55")
# What whoever has sighted the paper says of it.
WORDING = "I have seen the paper on which this is signed. The name on it is given here as the paper has it, in words."
Outcome = SignOff.Outcome
State = CurrentCompetency.State


class SignOffRow(Row):
    """A sign-off that stands on paper."""

    ABOUT: ClassVar[str] = (
        "A row is told by student number and competency; two rows of one are refused, so keep the newest. "
        "The scan is a file beside this one: PDF, PNG or JPEG of at most 10 MB. The name on the paper is kept as "
        "words alone and attributed to nobody; who has sighted it is recorded by name, and is not the student. "
        "What was signed or revoked in the portal is never replaced by paper."
    )

    student_number: Text20 = column(
        "the university's number for the student", "student id", "student no", "student",
        example="U2104418",
    )  # fmt: skip
    competency: Text60 = column(
        "the code of the competency in the framework that the student works towards",
        "competency code", "code", example="A4",
    )  # fmt: skip
    outcome: Annotated[str, one_of(achieved="achieved", not_yet="not_yet")] = column(
        "achieved or not yet", example="achieved"
    )
    level: Text200 | None = optional(
        "code or title of the level that was seen; the one required when empty",
        example="application",
    )
    date: Day = column("the day on which it was seen", "seen on", example="2025-02-05")
    assessor: Words200 = column(
        "the name under the paper's signature", "assessor name", "signed by",
        example="Dilys Sampleby",
    )  # fmt: skip
    site: Text200 | None = optional(
        "name or code of the site where it was seen; empty when the paper does not say",
        "site code", "site name", example="Freeman Hospital",
    )  # fmt: skip
    sighted_by: Email = column(
        "email of the person who has seen the paper",
        "seen by",
        example="amara.holt@hospital.example",
    )
    scan: Text200 = column(
        "the name of the scan's file, which lies beside this one", example="U2104418-A4.pdf"
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with what it meets."""

    row: SignOffRow
    enrolment: Enrolment
    competency: Competency
    level: Level | None
    site: Site | None
    sighted_by: Person
    # The SHA-256 of its scan as it is kept.
    scan: str
    before: SignOff | None


class _Scans:
    """The scans beside a file: each is looked at once, whatever rows name it, and none is held in memory."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.seen: dict[str, tuple[str, str]] = {}

    def look(self, name: str) -> tuple[str, str]:
        """The SHA-256 of a scan as it is kept, and why it cannot be used; one of them is empty."""
        if name not in self.seen:
            try:
                self.seen[name] = documents.digest(self.read(name)), ""
            except OSError:
                self.seen[name] = "", "there is no such file beside this one"
            except DomainError as error:
                self.seen[name] = "", error.message.rstrip(".")
        return self.seen[name]

    def read(self, name: str) -> bytes:
        """A scan as it is kept. Raises OSError, and DomainError when it cannot be used."""
        if self.folder is None or Path(name).name != name:
            raise DomainError("the scan is no file beside this one")
        path = self.folder / name
        if path.stat().st_size > evidence.MAX_BYTES:
            raise DomainError("the scan has more than 10 MB")
        return evidence.taken_in(path.read_bytes())

    def keep(self, lines: Sequence[_Line]) -> None:
        """Keeps the scans that lines name. Raises DomainError when one is not what was looked at."""
        wanted: dict[str, dict[str, str]] = {}
        for line in lines:
            name = stage_queries.name_of(line.enrolment, line.scan)
            wanted.setdefault(line.row.scan, {})[name] = line.scan
        for scan, names in wanted.items():
            data = self.read(scan)
            if documents.digest(data) != self.seen[scan][0]:
                raise DomainError(f"{scan} was changed while the file was being checked.")
            for name in names:
                documents.keep(FOLDER, name, data)


class _Held:
    """What is held about the students that the rows name, and about who can have sighted a paper."""

    def __init__(self, rows: Sequence[Numbered[SignOffRow]], reach: Reach, by: UUID) -> None:
        self.students = students({one.row.student_number for one in rows}, reach)
        self.people, self.sites = People(), Sites()
        self.actor = self.people.actor(by)
        every = [row for found in self.students.values() for row in found]
        versions = queries.versions_of(every)
        wanted = {one.row.competency.casefold() for one in rows}
        self.competencies: dict[tuple[int, str], Competency] = {}
        rows_of = Competency.objects.filter(version__in=set(versions.values()))
        for one in rows_of.select_related("level"):
            if one.code.casefold() in wanted:
                self.competencies[one.version_id, one.code.casefold()] = one
        self.versions = versions
        named = self.competencies.values()
        self.standing = standing.rows_of([row.pk for row in every], named)
        kept = [row.sign_off for row in self.standing.values() if row.sign_off]
        self.assessors = ledger.private_texts(kept, "assessor")
        # The competencies in whose words something was signed before, by their keys: a student may have been moved since.
        earlier = Competency.objects.select_related("level")
        self.signed_under = earlier.in_bulk([row.competency_id for row in kept])
        read = {*versions.values(), *(row.version_id for row in self.signed_under.values())}
        self.levels: dict[tuple[int, str], Level] = {}
        for level in Level.objects.filter(version__in=read):
            for word in (level.title, level.code):
                self.levels[level.version_id, cells.folded(word)] = level

    def level(self, row: SignOffRow, competency: Competency) -> Level | None:
        """The level that a row says of a competency; none of what is not yet, or of a level that its version does not have."""
        if row.level:
            return self.levels.get((competency.version_id, cells.folded(row.level)))
        return competency.level if row.outcome == Outcome.ACHIEVED else None


def sign_offs(folder: Path | None) -> Kind:
    """The kind of file whose scans lie in a folder."""
    scans = _Scans(folder)
    return Kind(
        "sign-offs",
        "Sign-offs on paper",
        SignOffRow,
        lambda rows, reach, by: _plan(rows, reach, by, scans),
    )


def _plan(rows: Sequence[Numbered[SignOffRow]], reach: Reach, by: UUID, scans: _Scans) -> Plan:
    done = Plan()
    held = _Held(rows, reach, by)
    done.refused += repeated(
        rows,
        lambda row: (row.student_number.casefold(), row.competency.casefold()),
        "student and competency",
    )
    wanted = []
    for numbered in rows:
        line = _line(numbered, held, scans, done)
        if line is None:
            continue
        done.fates[numbered.number] = _fate(line, held)
        if done.fates[numbered.number] != Fate.SAME:
            wanted.append(line)
    done.ready = lambda by: _ready(wanted, scans, by)
    return done


def _line(numbered: Numbered[SignOffRow], held: _Held, scans: _Scans, done: Plan) -> _Line | None:
    row, number = numbered.row, numbered.number
    before = len(done.refused) + len(done.waiting)

    def refuse(column: str, value: str, reason: str, remedy: str) -> None:
        done.refused.append(Finding(number, column, value, reason, remedy))

    def wait(column: str, value: str, reason: str, remedy: str) -> None:
        done.waiting.append(Finding(number, column, value, reason, remedy))

    found = held.students.get(row.student_number.casefold(), [])
    if len(found) != 1:
        reason = "two students have this number" if found else "no student has this number"
        wait("student number", row.student_number, reason, "Correct it, or import the university's list first.")  # fmt: skip
        return None
    [enrolment] = found
    student = held.people.get(enrolment.person_id)
    if held.actor is not None and held.actor.pk == student.pk:
        refuse("student number", row.student_number, "this is your own log book", "Somebody else imports it.")  # fmt: skip
    competency = held.competencies.get((held.versions.get(enrolment.pk, 0), row.competency.casefold()))  # fmt: skip
    if competency is None:
        refuse("competency", row.competency, "the student's framework has no such competency", "Write the code as the framework has it.")  # fmt: skip
        return None
    if reason := rule_paper_day(enrolment, row.date):
        refuse("date", days.long_date(row.date), reason, "Correct the date.")
    site = held.sites.get(row.site) if row.site else None
    if row.site and site is None:
        refuse("site", row.site, NO_SITE, NO_SITE_REMEDY)
    level = held.level(row, competency)
    if reason := rule_paper_level(competency, level, row):
        refuse("level", row.level or "", reason, "Correct the level, or write “not yet”.")
    sighted_by = held.people.match(identifiers(email=row.sighted_by)).person
    if sighted_by is None:
        wait("sighted by", row.sighted_by, "nobody has this address", "Correct it, or import the person first.")  # fmt: skip
    elif reason := rule_sighted_by_another(student, sighted_by):
        refuse("sighted by", row.sighted_by, reason, "Name who has seen it.")
    scan, reason = scans.look(row.scan)
    if reason:
        refuse("scan", row.scan, reason, "Put the scan beside the file, and write its name as it is.")  # fmt: skip
    current = held.standing.get((enrolment.pk, competency.pk))
    if reason := rule_paper_replaces_paper_only(current):
        refuse("competency", row.competency, reason, "Leave the row out.")
    if len(done.refused) + len(done.waiting) > before or sighted_by is None:
        return None
    newest = current.sign_off if current else None
    return _Line(row, enrolment, competency, level, site, sighted_by, scan, newest)


def _fate(line: _Line, held: _Held) -> Fate:
    before = line.before
    if before is None:
        return Fate.NEW
    # What the row said when it was brought in, in the version that the student worked towards then.
    level = held.level(line.row, held.signed_under[before.competency_id])
    same = (
        before.outcome == line.row.outcome
        and before.level_id == (level.pk if level else None)
        and before.entry.about_from == line.row.date
        and before.person_id == line.sighted_by.pk
        and before.site_id == (line.site.pk if line.site else None)
        and before.scan == line.scan
        # Words that were erased say nothing against it.
        and held.assessors.get(before.pk) in (None, line.row.assessor)
    )
    return Fate.SAME if same else Fate.CHANGED


def rule_paper_day(enrolment: Enrolment, day: date) -> str:
    """What is so when it was seen before the student began, or in the future; empty when it can be."""
    if day > clock.today():
        return "this day lies in the future"
    if day < enrolment.starts:
        return f"the student began on {days.long_date(enrolment.starts)}"
    return ""


def rule_paper_level(competency: Competency, level: Level | None, row: SignOffRow) -> str:
    """What is so when the level is none of the framework's, or lower than an achieved competency asks."""
    if row.level and level is None:
        return "the framework has no such level"
    needed = competency.level
    if row.outcome != Outcome.ACHIEVED or needed is None or level is None:
        return ""
    return f"achieved asks for “{needed.title}”" if level.position < needed.position else ""


def rule_sighted_by_another(student: Person, sighted_by: Person) -> str:
    """Nobody sights the paper of their own log book."""
    if student.pk == sighted_by.pk:
        return "this is the student: nobody sights their own paper"
    return ""


def rule_paper_replaces_paper_only(row: CurrentCompetency | None) -> str:
    """What was signed, revoked or excused in the portal is not replaced by what stands on paper."""
    if row is None:
        return ""
    if row.state == State.NOT_APPLICABLE:
        return "it is recorded as not applicable to the student"
    signed = row.sign_off
    if signed is None or (signed.proof == SignOff.Proof.PAPER and row.state != State.REVOKED):
        return ""
    return "it was signed or revoked in the portal already"


def _draft(line: _Line, today: date) -> ledger.Draft:
    row = line.row
    # Words that may be erased one day are no part of the identity: it would give them away.
    identity = "|".join(
        (
            str(line.enrolment.uuid),
            str(line.competency.identifier),
            row.outcome,
            line.level.code if line.level else "",
            row.date.isoformat(),
            str(line.sighted_by.uuid),
            str(line.site.uuid) if line.site else "",
            line.scan,
            str(line.before.uuid) if line.before else "",
        )
    )
    return ledger.Draft(
        fact=SignOff(
            enrolment=line.enrolment,
            competency=line.competency,
            outcome=row.outcome,
            level=line.level,
            person=line.sighted_by,
            capacity=SignOff.Capacity.SIGHTED,
            proof=SignOff.Proof.PAPER,
            wording=reference.wording(WORDING),
            site=line.site,
            scan=line.scan,
            supersedes=line.before,
        ),
        book=line.enrolment.book,
        about_from=row.date,
        uuid=uuid5(_NAMESPACE, identity),
        texts={"assessor": row.assessor},
        known_from=today,
    )


def _ready(wanted: Sequence[_Line], scans: _Scans, by: UUID) -> Write:
    # Before the transaction: it takes long, and a file that no fact names does no harm.
    scans.keep(wanted)
    today = clock.today()
    drafts = [_draft(line, today) for line in wanted]
    facts = Facts(SignOff, drafts, by=by)
    by_student: dict[int, list[ledger.Draft]] = {}
    for line, draft in zip(wanted, drafts, strict=True):
        by_student.setdefault(line.enrolment.pk, []).append(draft)

    def write() -> None:
        facts.append()
        for own in by_student.values():
            signed = [draft.fact for draft in own]
            standing.rebuild(signed[0].enrolment)  # type: ignore[attr-defined]
            codes = [fact.competency.code for fact in signed]  # type: ignore[attr-defined]
            stage_telling.paper(signed[0].enrolment, codes, own[0].uuid)  # type: ignore[attr-defined]

    return write


SIGN_OFFS = Offered(
    kind=sign_offs(None),
    hats=lambda _viewer: [],
    refusal="Sign-offs on paper come in by a command, since their scans lie beside the file.",
    command="import_signoffs FILE",
)
