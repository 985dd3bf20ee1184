"""What people learned here and brought along, told to whoever notices what people do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from school.core import clock, days
from school.core.corrections import lines
from school.core.registries import Done, tell_done
from school.courses import register_queries as register
from school.courses.attending import minutes
from school.courses.models import (
    Attainment,
    AttainmentVoid,
    Attendance,
    Booking,
    BookingStep,
    CourseVersion,
)
from school.people.models import Person

Source = Attainment.Source
# What came of a booking whose person may have been there for less than the course asks.
INCOMPLETE = (Booking.State.PARTLY, Booking.State.EXCUSED)


def attained(facts: Sequence[UUID]) -> list[Done]:
    """Who completed what, by attainments."""
    rows = Attainment.objects.filter(entry__uuid__in=facts)
    return _attained(rows.values_list("pk", flat=True))


def voided(facts: Sequence[UUID]) -> list[Done]:
    """The same, by what made attainments void."""
    rows = AttainmentVoid.objects.filter(entry__uuid__in=facts)
    return _attained(rows.values_list("attainment", flat=True))


def _attained(keys: Collection[int]) -> list[Done]:
    found = lines(Attainment, keys)
    rows = Attainment.objects.select_related("course_version", "void")
    facts = rows.in_bulk([pk for line in found for pk in (line[0], line[-1])])
    return [_of(facts[line[0]], facts[line[-1]]) for line in found]


def _of(first: Attainment, newest: Attainment) -> Done:
    version = newest.course_version
    return Done(
        person=first.person_id,
        key=first.entry.uuid,
        kind="module" if newest.source == Source.MODULE else "course",
        title=version.title,
        day=newest.entry.about_from,
        minutes=version.credit_minutes or None,
        holds=getattr(newest, "void", None) is None,
    )


def came(facts: Sequence[UUID]) -> list[Done]:
    """Who was at an event and did not complete it, by the steps of bookings; for how long the register says."""
    rows = BookingStep.objects.filter(entry__uuid__in=facts)
    return _in_part(rows.values_list("booking", flat=True))


def was_there(facts: Sequence[UUID]) -> list[Done]:
    """The same, by what is said of sessions."""
    rows = Attendance.objects.filter(entry__uuid__in=facts)
    return _in_part(rows.values_list("booking", flat=True))


def _in_part(keys: Iterable[int]) -> list[Done]:
    bookings = list(
        Booking.objects.filter(pk__in=set(keys))
        .select_related("event__version")
        .prefetch_related("event__sessions")
    )
    said = register.said_of([one for one in bookings if one.state in INCOMPLETE])
    return [_of_booking(one, said) for one in bookings]


def _of_booking(booking: Booking, said: Mapping[tuple[int, int], Attendance]) -> Done:
    event = booking.event
    there = [
        session
        for session in event.sessions.all()
        if (fact := said.get((booking.pk, session.pk))) and fact.present
    ]
    return Done(
        person=booking.person_id,
        key=booking.uuid,
        kind="course",
        title=f"{event.version.title}, in part",
        day=days.london_day(max((one.ends for one in there), default=event.ends)),
        minutes=sum(minutes(one.starts, one.ends) for one in there) or None,
        holds=bool(there),
    )


def tell_published(version: CourseVersion, by: Person) -> None:
    """Tell that somebody published a version of a course today, in the transaction in which they do: no fact says it."""
    title = f"{version.title} published"
    tell_done([Done(by.pk, version.uuid, "publishing", title, clock.today())])
