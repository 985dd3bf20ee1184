"""Where the stages of students stand: what each asks, what is missing, and the facts that a sign-off rests on."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from logbooks.competencies import evidence, queries
from logbooks.competencies.assessing_queries import opened
from logbooks.competencies.evidence import Piece
from logbooks.competencies.models import (
    Assessment,
    Competency,
    CurrentCompetency,
    ExternalResult,
    FrameworkVersion,
    NotApplicable,
    SignOff,
    StageSignOff,
)
from logbooks.competencies.stage_results import held_here, shown
from logbooks.competencies.stage_rules import (
    ASSESSED,
    ELSEWHERE,
    Found,
    Need,
    mark_bare,
    needs_of,
)
from placements import policies as placing
from placements import reference
from placements.models import Enrolment, Induction, Placement, Stage, StageTally
from school.core import clock, days
from school.core.compiled import compiled

State = CurrentCompetency.State
SETTLED = (State.ACHIEVED, State.NOT_APPLICABLE)
# The columns of a tally that count towards its stage.
COUNTED = ("confirmed", "brought_forward", "adjusted")
# Where the documents of results from elsewhere are kept.
FOLDER = "external-results"


def name_of(enrolment: Enrolment, digest: str) -> str:
    """The name under which a document of a student is kept."""
    return f"{enrolment.uuid}-{digest}"


@dataclass(slots=True)
class Standing:
    """Where one stage of a student stands."""

    stage: Stage
    needs: list[Need]
    minutes: int = 0
    signed_on: date | None = None
    revoked: bool = False
    # Whether a placement of the stage has begun.
    begun: bool = False
    # The student's version of the framework, and what of the year is settled in it, where that was read.
    version: FrameworkVersion | None = None
    rows: Sequence[CurrentCompetency] = ()

    @property
    def missing(self) -> list[Need]:
        """The lines of which something is missing."""
        return [need for need in self.needs if not need.stands]

    @property
    def state(self) -> tuple[str, str]:
        """How it is shown: a key of the states of all pages, and its words."""
        if self.signed_on is not None:
            if self.missing:
                return "query", "Signed; something it rests on has changed"
            return "achieved", f"Signed on {days.long_date(self.signed_on)}"
        if not self.missing:
            before = "Revoked. " if self.revoked else ""
            return "awaiting", f"{before}Ready to be signed off as a stage"
        number = len(self.needs)
        said = f"{number - len(self.missing)} of {number} stand"
        return ("rejected", f"Revoked. {said}") if self.revoked else ("not_started", said)

    @property
    def short(self) -> str:
        """The same in the cell of a table."""
        return f"{self.stage}: {self.state[1][0].lower()}{self.state[1][1:]}"


def tallies(enrolments: Collection[int]) -> list[Any]:
    """Tallies of hours with all else that a stage asks and its sign-off says, but for the competencies; one query for any number of students."""
    return _tallies(enrolments=list(enrolments), day=clock.today())


@compiled
def _tallies(enrolments: Any, day: Any) -> QuerySet[StageTally]:
    rows = StageTally.objects.filter(enrolment__in=enrolments).annotate(**_asked(day))
    return rows.only("enrolment", "stage", *COUNTED)


def _asked(day: Any) -> dict[str, Any]:
    signs = StageSignOff.objects.standing().filter(
        enrolment=OuterRef("enrolment"), stage=OuterRef("stage")
    )
    begun = Placement.objects.filter(
        enrolment=OuterRef("enrolment"),
        stage=OuterRef("stage"),
        state__in=(Placement.State.CONFIRMED, Placement.State.COMPLETED),
        never_began=False,
        starts__lte=day,
    )
    inducted = Induction.objects.filter(placement=OuterRef("pk"))
    asked: dict[str, Any] = {
        "signed_on": Subquery(signs.filter(revocation=None).values("entry__about_from")),
        "revoked": Exists(signs.filter(revocation__isnull=False)),
        "begun": Exists(begun),
        "uninducted": Exists(begun.filter(~Exists(inducted))),
    }
    for code in ASSESSED.values():
        asked[_name("passed", code)] = Subquery(_newest_attempt(code).values("both")[:1])
    for code in ELSEWHERE:
        asked[_name("shown", code)] = shown(code)
    return asked


def _newest_attempt(code: str) -> QuerySet[Any]:
    """The attempts of a tally's student at a form that may be shown, the newest first, with whether `both` passed it."""
    passed = Q(passed=True) & (Q(moderation=None) | Q(moderation__passed=True))
    return (
        Assessment.objects.filter(
            opened(), moderates=None, enrolment=OuterRef("enrolment"), form__code=code
        )
        .annotate(both=Case(When(passed, Value(True)), default=Value(False)))
        .order_by("-pk")
    )


def _name(what: str, code: str) -> str:
    return f"{what}_{code.replace('-', '_')}"


def found_of(tally: Any | None, unsettled: Iterable[Competency]) -> Found:
    """What is so of a stage, by a row of `tallies`; where there is none, no hours and nothing else."""
    if tally is None:
        return Found(0, True, frozenset(), frozenset(), tuple(unsettled))
    return Found(
        minutes=counted(tally),
        inducted=not tally.uninducted,
        passed=frozenset(c for c in ASSESSED.values() if getattr(tally, _name("passed", c))),
        shown=frozenset(code for code in ELSEWHERE if getattr(tally, _name("shown", code))),
        unsettled=tuple(unsettled),
    )


def counted(tally: StageTally) -> int:
    """The minutes of a tally that count towards its stage."""
    return sum(getattr(tally, name) for name in COUNTED)


def standing_of(stage: Stage, tally: Any | None, unsettled: Iterable[Competency]) -> Standing:
    """Where a stage stands, by a row of `tallies` and the competencies of its year that are not settled."""
    found = found_of(tally, unsettled)
    return Standing(
        stage=stage,
        needs=needs_of(stage, reference.tasks(stage.pk), found),
        minutes=found.minutes,
        signed_on=tally.signed_on if tally else None,
        revoked=bool(tally and tally.revoked),
        begun=bool(tally and tally.begun),
    )


def unsettled(every: Iterable[Competency], settled: Collection[int], year: int) -> list[Competency]:
    """The competencies of a year that are neither achieved nor excused; `settled` are the keys of those that are."""
    return [one for one in every if one.year == year and one.pk not in settled]


def of_enrolment(
    enrolment: Enrolment, every: Sequence[Competency], settled: Collection[int]
) -> list[Standing]:
    """The stages of a student that have begun or hold something, the first year first; one query.

    `every` are the competencies of the student's version and `settled` the keys of those that are settled.
    """
    rows = {row.stage_id: row for row in tallies([enrolment.pk])}
    found = [
        standing_of(stage, rows[stage.pk], unsettled(every, settled, stage.year))
        for stage in reference.stages(enrolment.version_id)
        if stage.pk in rows
    ]
    return [row for row in found if row.begun or row.minutes or row.signed_on or row.revoked]


def settled_of(enrolment: Enrolment) -> QuerySet[CurrentCompetency]:
    """What of a student's competencies is achieved or excused."""
    return CurrentCompetency.objects.filter(enrolment=enrolment, state__in=SETTLED)


def of_stage(enrolment: Enrolment, stage: Stage) -> Standing:
    """Where one stage of a student stands, with what of its year is settled; three queries."""
    tally = next((row for row in tallies([enrolment.pk]) if row.stage_id == stage.pk), None)
    version = queries.version_of(enrolment)
    excused = NotApplicable.objects.standing().filter(
        enrolment=OuterRef("enrolment"),
        competency__identifier=OuterRef("competency__identifier"),
        cancelled=False,
    )
    rows = list(
        settled_of(enrolment)
        .filter(competency__version=version, competency__year=stage.year)
        .select_related("competency", "sign_off__entry", "sign_off__person")
        .annotate(
            excused_uuid=Subquery(excused.values("entry__uuid")[:1]),
            excused_hash=Subquery(excused.values("entry__hash")[:1]),
        )
        .order_by("competency__position")
    )
    every = queries.kept_competencies(version) if version else []
    keys = {row.competency_id for row in rows}
    found = standing_of(stage, tally, unsettled(every, keys, stage.year))
    found.version, found.rows = version, rows
    mark_bare(found.needs, every, stage.year)
    return found


# What is signed ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Rests:
    """What the sign-off of a stage rests on, as it stands now."""

    version: FrameworkVersion
    minutes: int
    pieces: list[Piece]
    # The requests that wait beside what is achieved, since its evidence was changed.
    changed: list[int] = field(default_factory=list)
    attempts: list[Assessment] = field(default_factory=list)
    results: list[ExternalResult] = field(default_factory=list)
    # What was held here and passed, by the code of its task.
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As the sign-off keeps it."""
        return evidence.text_of(self.pieces)

    @property
    def digest(self) -> str:
        """What the page sends back of it, so that what is signed is what was shown."""
        said = f"{self.version.uuid} {self.minutes} {self.changed} {self.text}"
        return hashlib.sha256(said.encode()).hexdigest()


def rests_of(enrolment: Enrolment, standing: Standing) -> Rests | None:
    """The facts that a stage, as `of_stage` read it, rests on; three queries. None while the programme has no framework."""
    if standing.version is None:
        return None
    stage = standing.stage
    codes = {task.code for task in reference.tasks(stage.pk)}
    attempts = _attempts(enrolment, [form for task, form in ASSESSED.items() if task in codes])
    here = held_here(enrolment, stage.year, codes)
    held = {code: row for code, row in here.items() if row.passed is not None}
    results = list(
        ExternalResult.objects.standing()
        .filter(enrolment=enrolment, task__stage=stage, withdrawn=False)
        .exclude(task__code__in=held)
        .select_related("task", "sighted_by")
        .order_by("task__position")
    )
    facts: list[Any] = []
    for attempt in attempts:
        facts += [attempt, attempt.moderation] if hasattr(attempt, "moderation") else [attempt]
    facts += [*results, *held.values()]
    pieces = [_settled(row) for row in standing.rows]
    pieces += [Piece(fact.entry.uuid, fact.entry.hash) for fact in facts]
    changed = [
        row.request_id for row in standing.rows if row.request_id and row.state == State.ACHIEVED
    ]
    return Rests(standing.version, standing.minutes, pieces, changed, attempts, results, held)


def _settled(row: Any) -> Piece:
    """The fact by which a competency is settled."""
    if row.state == State.NOT_APPLICABLE:
        return Piece(row.excused_uuid, row.excused_hash)
    return Piece(row.sign_off.entry.uuid, row.sign_off.entry.hash)


def _attempts(enrolment: Enrolment, codes: Collection[str]) -> list[Assessment]:
    """The newest attempt at each of some forms that may be shown, in the order of their titles."""
    if not codes:
        return []
    rows = (
        Assessment.objects.filter(opened(), moderates=None, enrolment=enrolment)
        .filter(form__code__in=codes)
        .select_related("form", "assessor", "moderation__entry")
        .order_by("pk")
    )
    newest = {row.form.code: row for row in rows}
    return sorted(newest.values(), key=lambda row: row.form.title)


# Many students -----------------------------------------------------------------------------------


def current_of(
    rows: Iterable[StageTally],
    every: Mapping[int, Sequence[Competency]],
    settled: Mapping[int, Collection[int]],
) -> dict[int, Standing]:
    """The newest stage that each of some students has begun, by the enrolment's key, of what `tallies` read of them.

    `every` are the competencies of each student's version, and `settled` the keys of those that are settled.
    """
    newest: dict[int, tuple[Stage, StageTally]] = {}
    for row in rows:
        stage = reference.stage(row.stage_id)
        before = newest.get(row.enrolment_id)
        if row.begun and (before is None or before[0].year <= stage.year):  # type: ignore[attr-defined]
            newest[row.enrolment_id] = (stage, row)
    return {
        key: standing_of(
            stage, row, unsettled(every.get(key, ()), settled.get(key, ()), stage.year)
        )
        for key, (stage, row) in newest.items()
    }


def ready_for(me: list[int]) -> list[Placement]:
    """The placements whose stage an identity may sign as final assessor today, and of which every line stands; six queries at most."""
    named = placing.supervisions(me).filter(
        capacity=SignOff.Capacity.ASSESSOR.value, entry__about_from__lte=clock.today()
    )
    rows = (
        Placement.objects.filter(pk__in=named.values("placement"))
        .exclude(enrolment__person__in=me)
        .select_related("enrolment__person", "site", "stage")
        .order_by("enrolment__person__name", "-starts")
    )
    places = {(row.enrolment_id, row.stage_id): row for row in reversed(rows)}
    if not places:
        return []
    kept = tallies({key for key, _ in places})
    open_ones = [
        row for row in kept if row.signed_on is None and (row.enrolment_id, row.stage_id) in places
    ]
    likely = [
        places[row.enrolment_id, row.stage_id]
        for row in open_ones
        if not standing_of(reference.stage(row.stage_id), row, ()).missing
    ]
    if not likely:
        return []
    versions = queries.versions_of([row.enrolment for row in likely])
    every: dict[int, list[Competency]] = {}
    for one in Competency.objects.filter(version__in=set(versions.values())):
        every.setdefault(one.version_id, []).append(one)
    settled: dict[int, set[int]] = {}
    rows_of = CurrentCompetency.objects.filter(
        enrolment__in=[row.enrolment_id for row in likely], state__in=SETTLED
    )
    for key, competency in rows_of.values_list("enrolment", "competency"):
        settled.setdefault(key, set()).add(competency)
    return [
        row
        for row in sorted(likely, key=lambda row: row.enrolment.person.name)
        if row.enrolment_id in versions
        and not unsettled(
            every.get(versions[row.enrolment_id], ()),
            settled.get(row.enrolment_id, ()),
            row.stage.year,
        )
    ]
