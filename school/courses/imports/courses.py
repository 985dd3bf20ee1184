"""The file of courses: what an attainment or a requirement can name, before either is imported."""

from collections.abc import Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from pydantic import model_validator

from school.core.errors import Conflict
from school.core.files import cells
from school.core.files.fates import Fate, Finding
from school.core.files.importing import REMEDY_MOVED, Kind, Plan, Reach
from school.core.files.offered import Offered
from school.core.files.rows import (
    Day,
    Numbered,
    Row,
    Text60,
    Text120,
    Text200,
    Whole,
    column,
    one_of,
    optional,
    repeated,
)
from school.courses import policies
from school.courses.models import Course, CourseVersion
from school.people.middleware import Viewer
from school.people.queries import Hat

REFUSAL = "Only a School educator or a workforce manager of the whole network imports courses."
# A day of learning; a course of more is more than one.
MOST_MINUTES = 30_000


class CourseRow(Row):
    """A course of the School's, or of somebody else's whose attainments come from elsewhere."""

    ABOUT: ClassVar[str] = (
        "A course is told by its code. What is known already stays as it is, and is changed on its page: a row that calls it "
        "otherwise waits, and so does a new course whose title another one has. A new one has one version, taught from its day on."
    )

    code: Text60 = column(
        "letters, digits, “-” and “_”, and no other course’s", "course code", example="fire-safety"
    )
    title: Text120 = column("what it is called", "course", example="Fire safety")
    summary: Text200 | None = optional("what it is, in a sentence; the title when empty")
    level: (
        Annotated[str, one_of(awareness="awareness", introductory="introductory", intermediate="intermediate", advanced="advanced")]
        | None
    ) = optional("awareness, introductory, intermediate or advanced; awareness when empty")  # fmt: skip
    minutes: Whole | None = optional("minutes of learning; 60 when empty", "credit minutes", example="45")  # fmt: skip
    outcomes: Text200 | None = optional("what one knows or can do after it; the title when empty")
    taught_from: Day = column("the first day on which it was taught", "from", example="2012-01-01")

    @model_validator(mode="after")
    def _whole(self) -> "CourseRow":
        try:
            validate_slug(self.code)
        except ValidationError:
            raise ValueError("code|use letters, digits, “-” and “_” alone") from None
        if not 0 <= (self.minutes or 0) <= MOST_MINUTES:
            raise ValueError(f"minutes|it must be from 0 to {MOST_MINUTES}")
        return self


def plan(rows: Sequence[Numbered[CourseRow]], _reach: Reach, _by: UUID) -> Plan:
    """What the rows do to the catalogue."""
    done = Plan()
    done.refused = [
        *repeated(rows, lambda row: cells.folded(row.code), "code"),
        *repeated(rows, lambda row: cells.folded(row.title), "title"),
    ]
    by_code = {cells.folded(one.code): one for one in Course.objects.all()}
    by_title = {cells.folded(one.title): one for one in by_code.values()}
    new: list[CourseRow] = []
    for numbered in rows:
        row = numbered.row
        known = by_code.get(cells.folded(row.code))
        other = by_title.get(cells.folded(row.title))
        if known is not None and known == other:
            done.fates[numbered.number] = Fate.SAME
        elif known is not None:
            reason = f"the course of this code is called “{known.title}”"
            remedy = "Call it so, change it on its page, or give this one another code."
            done.waiting.append(Finding(numbered.number, "title", row.title, reason, remedy))
        elif other is not None:
            reason = f"a course of this title has the code “{other.code}”"
            remedy = "Use that code, or give this one another title."
            done.waiting.append(Finding(numbered.number, "code", row.code, reason, remedy))
        else:
            done.fates[numbered.number] = Fate.NEW
            new.append(row)
    done.ready = lambda _by: lambda: _write(new)
    return done


def _write(new: Sequence[CourseRow]) -> None:
    if Course.objects.filter(code__in=[row.code for row in new]).exists():
        raise Conflict(REMEDY_MOVED)
    for row in new:
        course = Course.objects.create(
            code=row.code,
            title=row.title,
            summary=row.summary or row.title,
            level=row.level or Course.Level.AWARENESS,
        )
        CourseVersion.objects.create(
            course=course,
            number=1,
            published_on=row.taught_from,
            title=row.title,
            outcomes=row.outcomes or row.title,
            credit_minutes=60 if row.minutes is None else row.minutes,
        )


def hats_for(viewer: Viewer) -> list[Hat]:
    """The viewer's roles that let them import courses: those that import what was attained of them."""
    return policies.importing_hats(viewer.hats)


COURSES = Kind("courses", "Courses", CourseRow, plan)
OFFERED = Offered(COURSES, hats_for, REFUSAL, command="import_courses FILE")
