"""Reads about courses: versions in force, what somebody has attained, places left and the waiting list."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from school.core import registries
from school.core.models import PrivateText
from school.courses.models import (
    Attainment,
    AttainmentVoid,
    Booking,
    Certificate,
    Course,
    CourseVersion,
    Equivalence,
    Event,
    Revocation,
)
from school.people.models import Person
from school.people.queries import identity, line_managers


def version_on(course: Course, day: date) -> CourseVersion | None:
    """The version of a course that is taught on a day."""
    rows = CourseVersion.objects.filter(course=course, published_on__lte=day)
    return rows.order_by("-published_on", "-number").first()


def attainments(known_on: date | None = None) -> QuerySet[Attainment]:
    """The attainments that stand, as it was known on a day; one made void counts from the day that was known."""
    voids = AttainmentVoid.objects.known_on(known_on).filter(attainment=OuterRef("pk"))
    rows: QuerySet[Attainment] = Attainment.objects.standing(known_on).filter(~Exists(voids))
    return rows


def certificate_of(attainment: Attainment) -> Certificate | None:
    """The certificate of an attainment, if one was issued."""
    found = Certificate.objects.filter(attainment=attainment)
    return found.select_related("entry", "attainment__person__book").first()


def is_revoked(certificate: Certificate) -> bool:
    """Whether a certificate holds no longer."""
    return Revocation.objects.filter(certificate=certificate).exists()


def counting_as(
    courses: Collection[int], on: date, known_on: date | None = None
) -> dict[int, set[int]]:
    """For each course, itself and the courses that count as it on a day, by primary key; one query."""
    found = {course: {course} for course in courses}
    rules = (
        Equivalence.objects.standing(known_on)
        .filter(
            Q(entry__about_to=None) | Q(entry__about_to__gte=on),
            counts_as__in=courses,
            cancelled=False,
            entry__about_from__lte=on,
        )
        .values_list("counts_as", "attained")
    )
    for counts_as, other in rules:
        found[counts_as].add(other)
    return found


def attained(person: Collection[int], courses: Collection[int], on: date) -> set[int]:
    """Which of the courses a person (all the keys they are known by) has attained by a day, equivalents counted."""
    if not courses:
        return set()
    counting = counting_as(courses, on)
    wanted = set().union(*counting.values())
    held = set(
        attainments()
        .filter(
            person__in=person,
            course_version__course__in=wanted,
            entry__about_from__lte=on,
        )
        .values_list("course_version__course", flat=True)
    )
    return {course for course, others in counting.items() if others & held}


def missing(version: CourseVersion, person: Collection[int], on: date) -> list[str]:
    """What a version asks for beforehand and a person has not attained by a day, equivalents counted; one query."""
    rules = Equivalence.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=on),
        counts_as=OuterRef(OuterRef("course")),
        cancelled=False,
        entry__about_from__lte=on,
    )
    held = attainments().filter(
        Q(course_version__course=OuterRef("course"))
        | Q(course_version__course__in=rules.values("attained")),
        person__in=person,
        entry__about_from__lte=on,
    )
    asked = version.prerequisites.filter(~Exists(held)).order_by("course__title")
    return list(asked.values_list("course__title", flat=True))


def bookings_of(person: Collection[int]) -> QuerySet[Booking]:
    """The bookings that somebody has, live or come to their end with the event; none that was given up."""
    states = (*Booking.LIVE, *Booking.AFTERWARDS)
    return Booking.objects.filter(person__in=person, state__in=states)


def booking_of(event: Event, person: Collection[int]) -> Booking | None:
    """The booking of an event that somebody has; at most one is live."""
    return bookings_of(person).filter(event=event).first()


def taken(event: Event) -> int:
    """How many places are booked or held."""
    return Booking.objects.filter(event=event, state__in=Booking.TAKES_PLACE).count()


def free(event: Event) -> int:
    """How many places nobody has and nobody is held; never less than none."""
    return max(0, event.capacity - taken(event))


def line(event: Event) -> list[Booking]:
    """The waiting list in the order in which places are offered: declared priority, then who asked first.

    Priority is asked of the registry; the lower comes first, and who is named by nobody comes last.
    Whoever had a place here and gave it up stands behind all who did not.
    """
    had_one = Booking.objects.filter(
        Q(steps__state=Booking.State.HELD) | Q(steps__state=Booking.State.BOOKED),
        event=event,
        person=OuterRef("person"),
        state__in=(Booking.State.CANCELLED, Booking.State.DECLINED),
    )
    waiting = list(
        Booking.objects.filter(event=event, state=Booking.State.WAITING)
        .annotate(gave_up=Exists(had_one))
        .select_related("person__book", "person__user")
        .order_by("asked_at", "pk")
    )
    order = registries.priorities(event, [booking.person for booking in waiting])
    return sorted(
        waiting,
        key=lambda one: (
            one.gave_up,  # type: ignore[attr-defined]
            order.get(one.person_id, registries.NO_PRIORITY),
        ),
    )


def place_in_line(booking: Booking) -> int:
    """Which place a waiting booking has in its line, from 1."""
    return [row.pk for row in line(booking.event)].index(booking.pk) + 1


def held_till(booking: Booking) -> datetime:
    """Until when a held place waits for its person: never past the start, though the event moved since."""
    starts = booking.event.starts
    return min(booking.held_until or starts, starts)


def unserved(at: datetime) -> QuerySet[Booking]:
    """Those who still wait, or whose request nobody decided, when their event has begun."""
    states = (Booking.State.WAITING, Booking.State.REQUESTED)
    return Booking.objects.filter(state__in=states, event__starts__lte=at)


def lapsed(at: datetime) -> QuerySet[Booking]:
    """The held places whose time has run out."""
    return Booking.objects.filter(
        Q(held_until__lte=at) | Q(event__starts__lte=at), state=Booking.State.HELD
    )


def needs_of(booking: Booking) -> str:
    """What somebody needs (access, diet), as they said it last; empty once it was erased."""
    texts = PrivateText.objects.filter(
        name="needs", entry__in=booking.steps.select_related(None).values("entry")
    )
    return texts.order_by("-entry").values_list("text", flat=True).first() or ""


def approvers(person: Person) -> list[Person]:
    """Who is asked about a person's requests: the line managers of their posts today."""
    return list(line_managers(identity(person)).select_related("user"))
