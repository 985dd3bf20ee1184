"""What a whole stage asks before it is signed, task by task, and the rules of signing it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from logbooks.competencies.models import Competency, SignOff, StageSignOff
from placements.models import Enrolment, Stage, StageTask
from school.core import clock, days
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import Conflict, DomainError

INDUCTION = "site-induction"
# The tasks that an assessment at work answers, with the code of its form.
ASSESSED: Mapping[str, str] = {"half-body-assessment": "half-body", "system-qa": "system-qa"}
# The tasks that are answered by a result from elsewhere, or by one of an exam that was held here.
ELSEWHERE = ("dispensing-simulation", "osce")


@dataclass(frozen=True, slots=True)
class Found:
    """What is so of a stage of a student.

    `minutes` are those that count; `inducted` is whether every placement that began has its induction;
    `passed` are the codes of forms whose newest attempt passed, `shown` the codes of tasks whose newest
    result from elsewhere is achieved. `unsettled` are the competencies of the stage's year that are neither
    achieved nor recorded as not applicable.
    """

    minutes: int
    inducted: bool
    passed: frozenset[str]
    shown: frozenset[str]
    unsettled: tuple[Competency, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: `kind` says where it is put right."""

    kind: str
    words: str
    competency: Competency | None = None
    code: str = ""


@dataclass(slots=True)
class Need:
    """One line of what a stage asks, with what is missing of it."""

    code: str
    title: str
    gaps: list[Gap] = field(default_factory=list)
    # Whether nothing in the portal shows it, so that whoever signs the stage vouches for it.
    bare: bool = False

    @property
    def stands(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps


def needs_of(stage: Stage, tasks: Sequence[StageTask], found: Found) -> list[Need]:
    """What a stage asks, line by line: its hours, each of its tasks, and the competencies that are of no task."""
    by_task: dict[str, list[Competency]] = {}
    codes = {task.code for task in tasks}
    for one in found.unsettled:
        by_task.setdefault(one.task if one.task in codes else "", []).append(one)
    hours = Need("hours", f"Hours in PET-CT: at least {days.in_hours(stage.minimum_minutes)}")
    _add(hours, "hours", rule_hours(stage, found.minutes))
    needs = [hours]
    for task in tasks:
        need = Need(task.code, task.title)
        _add(need, "induction", rule_inducted(task, found.inducted))
        _add(need, "assessment", rule_assessed(task, found.passed))
        _add(need, "elsewhere", rule_shown_elsewhere(task, found.shown))
        need.gaps += [_unsettled(one) for one in by_task.get(task.code, ())]
        needs.append(need)
    others = [_unsettled(one) for one in by_task.get("", ())]
    if others:
        needs.append(Need("", "Other competencies of the year", others))
    return needs


def _add(need: Need, kind: str, verdict: Decision) -> None:
    if not verdict:
        need.gaps.append(Gap(kind, verdict.reason, code=need.code))


def _unsettled(one: Competency) -> Gap:
    return Gap("competency", str(one), one)


def mark_bare(needs: Sequence[Need], every: Sequence[Competency], year: int) -> None:
    """Marks the tasks that nothing shows: neither a competency of the year, nor an induction, an assessment or a result."""
    shown = {one.task for one in every if one.year == year} | {INDUCTION, *ASSESSED, *ELSEWHERE}
    for need in needs:
        need.bare = need.code not in shown | {"hours", ""}


# What each task asks -----------------------------------------------------------------------------


def rule_hours(stage: Stage, minutes: int) -> Decision:
    """The hours that count reach the lower end of the stage's band."""
    if minutes >= stage.minimum_minutes:
        return ALLOWED
    return refused(
        f"{days.in_hours(minutes)} of {days.in_hours(stage.minimum_minutes)} hours count so far"
    )


def rule_inducted(task: StageTask, inducted: bool) -> Decision:
    """The site induction was recorded at every placement of the stage that began."""
    if task.code != INDUCTION or inducted:
        return ALLOWED
    return refused("The site induction is not recorded at every placement of this stage")


def rule_assessed(task: StageTask, passed: Collection[str]) -> Decision:
    """A task that is assessed at work has an attempt that passed, and no later one that did not."""
    if task.code not in ASSESSED or ASSESSED[task.code] in passed:
        return ALLOWED
    return refused("No attempt has passed yet, or the newest did not")


def rule_shown_elsewhere(task: StageTask, shown: Collection[str]) -> Decision:
    """A task that is no assessment at work has a result that is achieved, from elsewhere or of an exam held here."""
    if task.code not in ELSEWHERE or task.code in shown:
        return ALLOWED
    return refused("No achieved result is recorded")


# Signing -----------------------------------------------------------------------------------------


def rule_final_assessor(held: Collection[str]) -> Decision:
    """A stage is signed by the final assessor of one of its placements."""
    if SignOff.Capacity.ASSESSOR.value in held:
        return ALLOWED
    return refused(
        "Only the final assessor of a placement of this stage signs it. The placement coordinator names one."
    )


def rule_everything_stands(needs: Sequence[Need]) -> Decision:
    """A stage is signed when every line of it stands."""
    missing = [need.title for need in needs if not need.stands]
    if not missing:
        return ALLOWED
    return refused(f"The stage cannot be signed yet. Missing: {'; '.join(missing)}.")


def rule_as_shown(shown: str, now: str) -> None:
    """What is signed is what was shown: the same facts, the same hours, the same version."""
    if shown != now:
        raise Conflict(
            "What the stage rests on changed since you opened the page. Look at it again."
        )


def rule_not_signed_yet(newest: StageSignOff | None) -> None:
    """A stage that is signed is not signed again, unless that was revoked."""
    if newest is not None and not hasattr(newest, "revocation"):
        raise Conflict(f"{newest.person.name} has signed this stage already. That stands.")


def rule_newest(newest: StageSignOff | None, sign_off: StageSignOff) -> None:
    """Only the sign-off that stands is revoked, and once."""
    if newest is None or newest.pk != sign_off.pk or hasattr(newest, "revocation"):
        raise Conflict("This sign-off does not stand any more. Look at the stage to see why.")


# Results from elsewhere --------------------------------------------------------------------------


def rule_task_elsewhere(task: StageTask) -> None:
    """Only what the portal does not hold itself is answered by a result from elsewhere."""
    if task.code not in ELSEWHERE:
        raise DomainError(f"{task.title} is shown here, and not by a result from elsewhere.")


def rule_result_day(enrolment: Enrolment, day: date) -> None:
    """It took place while the student was enrolled, and not in the future."""
    if day > clock.today():
        raise DomainError("The day on which it took place cannot lie in the future.", field="day")
    if day < enrolment.starts:
        raise DomainError(
            f"The student began on {days.long_date(enrolment.starts)}. It cannot lie before that.",
            field="day",
        )


def rule_corrected_with_reason(corrects: bool, reason: str) -> None:
    """What is held already is followed by another result, or taken back, with a reason that the student sees."""
    if corrects and not reason.strip():
        raise DomainError("Enter the reason. The student sees it.", field="reason")
