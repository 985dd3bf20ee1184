"""The file of requirements: each row a version of one, from a day on."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import model_validator

from school.core import clock
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach
from school.core.files.replaced import Replaced
from school.core.files.rows import (
    Day,
    Numbered,
    Row,
    Text40,
    Text120,
    Text200,
    Whole,
    column,
    contradicting,
    one_of,
    optional,
    repeated,
)
from school.courses.models import Course
from school.coverage import whom
from school.coverage.actions.publishing import Asking, versions_held, write_versions
from school.coverage.models import Requirement, RequirementVersion
from school.coverage.models.requirements import MOST

Renewal = RequirementVersion.Renewal


class RequirementRow(Row):
    """What a requirement asks from a day on."""

    ABOUT: ClassVar[str] = (
        "A row is a version of a requirement: it is told by code and first day. A later first day is the next "
        "version, from which day on it takes the place of the one before; nobody's past is judged by it. The same "
        "day with other content corrects what was said, and both stay on record; another name or mark of radiation alone makes no version. "
        "`whom` holds groups divided by “|”, each of conditions divided by “;” that all hold: `role=`, `staff group=`, `site=`, `region=`, "
        "`crew=`, `person=` (by staff number or work address); everybody in post when it is empty. Courses are told by code or title; any of them satisfies."
    )

    code: Text40 = column("short name of the requirement", example="fire-safety")
    name: Text120 = column("what it is called", "requirement", example="Fire safety")
    radiation: Annotated[str, one_of(yes="yes", no="no")] | None = optional(
        "yes when the ionising radiation regulations ask for it: an inspector sees it; empty leaves what was said",
        "ir(me)r",
    )
    whom: Text200 | None = optional(
        "who it is asked of; everybody in post when empty",
        "for",
        example="role=radiographer|crew=mobile",
    )
    courses: Text200 = column(
        "the courses of which any satisfies, divided by “|”", "course", example="fire-safety"
    )
    months: Whole | None = optional(
        "how many months it satisfies; for ever when empty", "every", "period", example="24"
    )
    renewal: (
        Annotated[str, one_of(completion="completion", expiry="expiry", fixed="fixed")] | None
    ) = optional(
        "what the next expiry runs from: completion, expiry or fixed; completion when empty",
        "renewal rule",
        example="expiry",
    )
    window_months: Whole | None = optional(
        "how many months before the expiry it may be renewed", "window", example="3"
    )
    window_days: Whole | None = optional("days beside those months")
    minimum_months: Whole | None = optional("what a renewal to a fixed day leaves at the least")
    due_on: Day | None = optional(
        "the fixed day, or the day by which it is first to be done", "due"
    )
    minutes: Whole | None = optional(
        "minutes of learning asked for within the months; one course is enough when empty",
        "learning minutes",
    )
    grace_days: Whole | None = optional(
        "days from the first day in the network on which starters are let off",
        "grace",
        example="60",
    )
    target: Whole | None = optional("percent in date that is aimed at; 90 when empty", example="95")
    source: Text200 = column("where the rule stands", example="Trust policy 14")
    starts: Day = column("the first day", "from date", name="from", example="2026-04-01")
    ends: Day | None = optional("the last day; empty while it lasts", name="to")
    recorded_on: Day | None = optional(
        "the day the source recorded it; today when empty", "known from", example="2026-03-20"
    )

    @model_validator(mode="after")
    def _whole(self) -> "RequirementRow":
        if self.ends and self.ends < self.starts:
            raise ValueError("ends|the last day lies before the first")
        if self.recorded_on and self.recorded_on > clock.today():
            raise ValueError("recorded_on|nothing is recorded on a day to come")
        if self.months == 0:
            raise ValueError("months|leave it empty when it satisfies for ever")
        if self.renewal == Renewal.FIXED and not (self.due_on and self.months):
            raise ValueError("due_on|a fixed day and its months are needed for the renewal “fixed”")
        for name, said in (
            ("months", "active_months"),
            ("window_months", "window_months"),
            ("window_days", "window_days"),
            ("minimum_months", "minimum_months"),
            ("minutes", "learning_minutes"),
            ("grace_days", "grace_days"),
            ("target", "target_percent"),
        ):
            if not 0 <= (getattr(self, name) or 0) <= MOST[said]:
                raise ValueError(f"{name}|it must be from 0 to {MOST[said]}")
        return self

    def columns(self) -> dict[str, Any]:
        """What the version says of the rule, by its columns."""
        return {
            "active_months": self.months,
            "renewal": self.renewal or Renewal.COMPLETION.value,
            "window_months": self.window_months or 0,
            "window_days": self.window_days or 0,
            "minimum_months": self.minimum_months or 0,
            "due_on": self.due_on,
            "learning_minutes": self.minutes or 0,
            "grace_days": self.grace_days or 0,
            "target_percent": 90 if self.target is None else self.target,
            "source": self.source,
        }


def plan(rows: Sequence[Numbered[RequirementRow]], _reach: Reach, _by: UUID) -> Plan:
    """What the rows do to the requirements held."""
    done = Plan()
    done.refused = [
        *repeated(rows, lambda row: (cells.folded(row.code), row.starts), "code and first day"),
        *contradicting(rows, lambda row: cells.folded(row.code), ("name", "radiation"), "code"),
    ]
    names = whom.Names()
    courses = {
        cells.folded(name): course
        for course in Course.objects.all()
        for name in (course.title, course.code)
    }
    held = versions_held()
    codes = {
        cells.folded(code): code for code in Requirement.objects.values_list("code", flat=True)
    }
    replaced = Replaced(RequirementVersion)
    wanted: list[Asking] = []
    for numbered in rows:
        row = numbered.row
        try:
            groups = whom.read(row.whom or "", names)
        except ValueError as error:
            remedy = "Correct it, or import the sites and people first."
            done.waiting.append(
                Finding(numbered.number, "whom", row.whom or "", str(error), remedy)
            )
            continue
        parts = [part.strip() for part in row.courses.split("|") if part.strip()]
        missing = [part for part in parts if cells.folded(part) not in courses]
        if missing or not parts:
            reason = f"no course is known as “{missing[0]}”" if missing else "no course is named"
            remedy = "Correct it, or add the course to the catalogue first."
            done.waiting.append(Finding(numbered.number, "courses", row.courses, reason, remedy))
            continue
        found = {courses[cells.folded(part)].pk: courses[cells.folded(part)] for part in parts}
        code = codes.setdefault(cells.folded(row.code), row.code)
        before = held.get((code, row.starts))
        one = Asking(
            code=code,
            name=row.name,
            radiation=None if row.radiation is None else row.radiation == "yes",
            groups=groups,
            courses=sorted(found.values(), key=lambda course: course.code),
            rule=row.columns(),
            starts=row.starts,
            ends=row.ends,
            known_from=row.recorded_on,
            before=before,
        )
        same = before and (
            (one.is_called(before.requirement) and not one.says_other)
            or replaced.holds(before, row.recorded_on, one.says)
        )
        done.fates[numbered.number] = Fate.SAME if same else Fate.CHANGED if before else Fate.NEW
        if not same:
            wanted.append(one)
    done.ready = lambda by: lambda: _write(wanted, by)
    return done


def _write(wanted: Sequence[Asking], by: UUID) -> None:
    write_versions(wanted, by=by)


REQUIREMENTS = Kind("requirements", "Requirements", RequirementRow, plan)
