"""What the tutor's list reads beside the list of students: why somebody is behind, and when they were visited.

Four queries at most for a page, whatever it holds, all by the placements and enrolments on it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from placements import interruptions, why
from placements.hours import elapsed_minutes
from placements.listed_students import Student
from placements.models import DayNote, Meeting, PlannedShift, Shift, Supervision
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.roles import Permission

VISITS = (Meeting.Kind.VISIT, Meeting.Kind.THREE_WAY)


@dataclass(frozen=True, slots=True)
class Followed:
    """A student on the tutor's list: the line about them, why they are behind, the last visit."""

    student: Student
    reasons: tuple[why.Reason, ...]
    last: str

    @property
    def why(self) -> str:
        """The reasons in one line."""
        return "; ".join(reason.words for reason in self.reasons)


def followed(found: Iterable[Student]) -> list[Followed]:
    """The lines of some students with what a tutor asks about each."""
    rows = list(found)
    today = clock.today()
    placements = [row.placement for row in rows if row.placement]
    educated = _with_educator(placements, today)
    absent, cancelled = _lost(placements)
    # A rota is only ever a reason for whoever is behind.
    rota = _planned([row.placement for row in rows if row.placement and row.behind])
    visits = _visits([row.enrolment for row in rows])
    return [
        Followed(
            row,
            tuple(
                why.reasons(
                    why.Known(
                        today=today,
                        under_way=row.under_way,
                        first=row.starts,
                        needed=row.needed,
                        counted=row.counted,
                        awaiting=row.awaiting,
                        queried=row.queried,
                        behind=row.behind,
                        oldest_waiting=row.oldest_waiting,
                        planned=rota.get(row.placement, 0),
                        absent_days=absent[row.placement],
                        cancelled_days=cancelled[row.placement],
                        has_educator=row.placement in educated,
                        interrupted=interruptions.Span(row.interrupted)
                        if row.interrupted
                        else None,
                    )
                )
            ),
            visits.get(row.enrolment, ""),
        )
        for row in rows
    ]


def _with_educator(placements: Sequence[UUID], today: date) -> set[UUID | None]:
    rows = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today),
        Q(person__left_on=None) | Q(person__left_on__gte=today),
        placement__uuid__in=placements,
        capacity=Supervision.Capacity.PRACTICE_EDUCATOR,
    )
    return set(rows.values_list("placement__uuid", flat=True))


def _lost(placements: Sequence[UUID]) -> tuple[Counter[UUID | None], Counter[UUID | None]]:
    """Days lost and not made up: the student's absences, and those that the site cancelled."""
    made_up = Shift.objects.standing().filter(makes_up=OuterRef("pk"), withdrawn=False)
    rows = DayNote.objects.standing().filter(
        ~Exists(made_up),
        placement__uuid__in=placements,
        withdrawn=False,
        kind__in=(*DayNote.ABSENCES, *DayNote.SITE_CANCELLED),
    )
    absent: Counter[UUID | None] = Counter()
    cancelled: Counter[UUID | None] = Counter()
    for placement, kind in rows.values_list("placement__uuid", "kind"):
        (absent if kind in DayNote.ABSENCES else cancelled)[placement] += 1
    return absent, cancelled


def _planned(placements: Sequence[UUID]) -> dict[UUID | None, int]:
    rows = PlannedShift.objects.filter(placement__uuid__in=placements, start__gte=clock.now())
    found: dict[UUID | None, int] = {}
    for placement, start, end, pause in rows.order_by().values_list(
        "placement__uuid", "start", "end", "break_minutes"
    ):
        found[placement] = found.get(placement, 0) + elapsed_minutes(start, end) - pause
    return found


def _visits(enrolments: Sequence[UUID]) -> dict[UUID, str]:
    """The last visit or three-way meeting of each, in words."""
    rows = Meeting.objects.standing().filter(
        placement__enrolment__uuid__in=enrolments, meeting_kind__in=VISITS
    )
    columns = ("placement__enrolment__uuid", "meeting_kind", "entry__about_from")
    return {
        enrolment: f"{Meeting.Kind(kind).label.capitalize()}, {days.long_date(day)}"
        for enrolment, kind, day in rows.order_by("entry__about_from", "pk").values_list(*columns)
    }


def follows_any(viewer: Viewer) -> bool:
    """Whether the hat worn now follows students."""
    return viewer.hat is not None and Permission.FOLLOW_STUDENTS in viewer.hat.role.permissions
