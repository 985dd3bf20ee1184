"""What the tutor's list reads beside the list of students: why somebody is behind, and when they were visited.

Four queries at most for a page, whatever it holds, all by the placements and enrolments on it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

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
    educated = _with_educator([row.placement_pk for row in rows if row.under_way], today)
    absent, cancelled = _lost([row.placement_pk for row in rows if row.lost])
    # A rota is only ever a reason for whoever is behind.
    rota = _planned([row.placement_pk for row in rows if row.behind])
    visits = _visits([row.enrolment_pk for row in rows])
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
                        planned=rota.get(row.placement_pk, 0),
                        absent_days=absent[row.placement_pk],
                        cancelled_days=cancelled[row.placement_pk],
                        has_educator=row.placement_pk in educated,
                        interrupted=interruptions.Span(row.interrupted)
                        if row.interrupted
                        else None,
                    )
                )
            ),
            visits.get(row.enrolment_pk, ""),
        )
        for row in rows
    ]


def _with_educator(placements: Sequence[int], today: date) -> set[int]:
    rows = Supervision.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today),
        Q(person__left_on=None) | Q(person__left_on__gte=today),
        placement__in=placements,
        capacity=Supervision.Capacity.PRACTICE_EDUCATOR,
    )
    return set(rows.values_list("placement_id", flat=True))


def _lost(placements: Sequence[int]) -> tuple[Counter[int], Counter[int]]:
    """Days lost and not made up, of those with something planned: absences, and what the site cancelled."""
    absent: Counter[int] = Counter()
    cancelled: Counter[int] = Counter()
    if not placements:
        return absent, cancelled
    made_up = Shift.objects.standing().filter(makes_up=OuterRef("pk"), withdrawn=False)
    rows = DayNote.objects.standing().filter(
        ~Exists(made_up),
        placement__in=placements,
        withdrawn=False,
        expected_minutes__gt=0,
        kind__in=(*DayNote.ABSENCES, *DayNote.SITE_CANCELLED),
    )
    for placement, kind in rows.values_list("placement_id", "kind"):
        (absent if kind in DayNote.ABSENCES else cancelled)[placement] += 1
    return absent, cancelled


def _planned(placements: Sequence[int]) -> dict[int, int]:
    rows = PlannedShift.objects.filter(placement__in=placements, start__gte=clock.now())
    found: dict[int, int] = {}
    for placement, start, end, pause in rows.order_by().values_list(
        "placement_id", "start", "end", "break_minutes"
    ):
        found[placement] = found.get(placement, 0) + elapsed_minutes(start, end) - pause
    return found


def _visits(enrolments: Sequence[int]) -> dict[int, str]:
    """The last visit or three-way meeting of each, in words."""
    rows = Meeting.objects.standing().filter(
        placement__enrolment__in=enrolments, meeting_kind__in=VISITS
    )
    columns = ("placement__enrolment_id", "meeting_kind", "entry__about_from")
    return {
        enrolment: f"{Meeting.Kind(kind).label.capitalize()}, {days.long_date(day)}"
        for enrolment, kind, day in rows.order_by("entry__about_from", "pk").values_list(*columns)
    }


def follows_any(viewer: Viewer) -> bool:
    """Whether the hat worn now follows students."""
    return viewer.hat is not None and Permission.FOLLOW_STUDENTS in viewer.hat.role.permissions
