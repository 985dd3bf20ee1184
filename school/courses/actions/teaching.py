"""Courses written and published in versions; events made, opened, changed and cancelled, each step a fact."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.text import slugify

from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft, Pen
from school.core.models import Book
from school.core.rows import rule_same_parts, rule_same_row
from school.courses import done, policies, telling
from school.courses.actions import booking as places
from school.courses.actions import changing, steps
from school.courses.models import (
    Attendance,
    Booking,
    Course,
    CourseVersion,
    Event,
    EventStep,
    Label,
    Prerequisite,
    Session,
)
from school.people.models import Person, Site
from school.people.queries import hats


@dataclass(frozen=True, slots=True)
class When:
    """A session as it is typed: aware start and end, and a title if it has one."""

    starts: datetime
    ends: datetime
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an event is, beside its course and its sessions."""

    format: Event.Format
    site: Site | None = None
    venue: str = ""
    region: str = ""
    link: str = ""
    joining: str = ""
    capacity: int
    opens: datetime
    closes: datetime
    needs_approval: bool = False
    hold_for: timedelta = timedelta(hours=48)
    contact: str


def save_course(
    *,
    by: Person,
    uuid: UUID,
    code: str,
    title: str,
    summary: str,
    level: Course.Level,
    labels: Collection[Label] = (),
    new_labels: Collection[tuple[Label.Kind, str]] = (),
    retired_on: date | None = None,
    changing: bool = False,
) -> Course:
    """Makes a course under its UUID or, when `changing`, changes it; what it was before stands in its history.

    Made again with other content it is a Conflict.
    `new_labels` are words that no label has yet, each with its kind; a label that has the word is taken.
    """
    rule_may_teach(by)
    columns = {
        "code": code,
        "title": title,
        "summary": summary,
        "level": level,
        "retired_on": retired_on,
    }
    if Course.objects.filter(code=code).exclude(uuid=uuid).exists():
        raise DomainError("Another course has this code. Choose another.", field="code")
    with transaction.atomic():
        course, new = Course.objects.select_for_update().get_or_create(uuid=uuid, defaults=columns)
        wanted = [*labels, *(_label(kind, name) for kind, name in new_labels)]
        if not new and not changing:
            rule_same_row(course, columns)
            rule_same_parts(set(course.labels.all()), set(wanted))
            return course
        if not new:
            for name, value in columns.items():
                setattr(course, name, value)
            course.save()
        course.labels.set(wanted)
    return course


def publish_version(
    *,
    by: Person,
    course: Course,
    uuid: UUID,
    published_on: date,
    outcomes: Sequence[str],
    credit_minutes: int,
    valid_months: int | None = None,
    attendance_percent: int = 80,
    prerequisites: Collection[Course] = (),
) -> CourseVersion:
    """Publishes the next version of a course from a day on; what was taught before stays what it was."""
    rule_may_teach(by)
    lines = [line.strip() for line in outcomes if line.strip()]
    if not lines:
        raise DomainError(
            "Enter one learning outcome or more, each on its own line.", field="outcomes"
        )
    sent = {
        "published_on": published_on,
        "outcomes": "\n".join(lines),
        "credit_minutes": credit_minutes,
        "valid_months": valid_months,
        "attendance_percent": attendance_percent,
    }
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=course.pk)
        before = CourseVersion.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_row(before, sent)
            return before
        last = course.versions.order_by("-number").first()
        rule_after_last_version(published_on, last)
        version = CourseVersion.objects.create(
            uuid=uuid,
            course=course,
            number=last.number + 1 if last else 1,
            title=course.title,
            **sent,
        )
        rule_not_its_own_prerequisite(course, prerequisites)
        for other in prerequisites:
            Prerequisite.objects.create(version=version, course=other)
        done.tell_published(version, by)
    return version


def make_event(
    *,
    by: Person,
    version: CourseVersion,
    details: Details,
    sessions: Sequence[When],
    uuid: UUID,
) -> Event:
    """Makes a draft of an event, which only School educators see; the same UUID again gives the first."""
    rule_may_teach(by)
    rule_sessions(sessions, details)
    before = Event.objects.filter(uuid=uuid).first()
    if before is not None:
        rule_same_row(before, {"version_id": version.pk, **_columns(details, sessions)})
        return before
    with transaction.atomic():
        event = Event.objects.create(
            uuid=uuid,
            book=Book.objects.create(kind=Book.Kind.EVENT),
            version=version,
            **_columns(details, sessions),
        )
        _hold(event, sessions)
    return event


def open_event(*, by: Person, event: Event, uuid: UUID) -> Event:
    """Opens an event: it is found in the catalogue, and places are given from the opening of the booking on."""
    with ledger.writing(event.book, answering=[uuid]) as pen:
        kept = _anew(event)
        draft = _draft(kept, uuid, Event.State.OPEN)
        if pen.answered([draft], by=by.uuid):
            return kept
        rule_may_teach(by)
        rule_to_come(kept)
        _enter(pen, draft, by=by.uuid)
    return kept


def change_event(
    *, by: Person, event: Event, details: Details, sessions: Sequence[When], uuid: UUID
) -> Event:
    """Changes an event; whoever has or awaits a place is told when its times or its venue change.

    More places go to the waiting list; fewer than are given out are refused.
    """
    rule_may_teach(by)
    rule_sessions(sessions, details)
    with ledger.writing(event.book, answering=[uuid]) as pen:
        kept = _anew(event)
        columns = _columns(details, sessions)
        columns["version"] = changing.version_for(kept, columns["starts"])
        draft = _draft(kept, uuid, Event.State(kept.state), columns)
        if pen.answered([draft], by=by.uuid):
            held = [(one.starts, one.ends, one.title) for one in sessions]
            changing.rule_same_change(kept, columns, held)
            return kept
        rule_to_come(kept)
        rule_nobody_there(kept)
        rule_enough_places(kept, details.capacity)
        told = ("starts", "ends", "site", "venue", "link", "format")
        changed = any(getattr(kept, name) != columns[name] for name in told)
        changed |= _times(kept) != [(one.starts, one.ends) for one in sessions]
        for name, value in columns.items():
            setattr(kept, name, value)
        kept.save()
        _hold(kept, sessions)
        if kept.state == Event.State.OPEN:
            pen.append([draft], by=by.uuid)
            if changed:
                telling.tell_changed(kept, draft.uuid)
    places.offer_places(kept)
    return kept


def cancel_event(*, by: Person, event: Event, reason: str, uuid: UUID) -> Event:
    """Cancels an event for a reason; everyone with a live booking is told and keeps no place."""
    if not reason.strip():
        raise DomainError("Enter why, so that the people who booked know.", field="reason")
    for _ in range(places.TRIES):
        live = list(_live(event))
        books = [booking.person.book for booking in live]
        with ledger.writing(event.book, *books, answering=[uuid]) as pen:
            kept = _anew(event)
            draft = _draft(kept, uuid, Event.State.CANCELLED)
            draft.texts = {"reason": reason.strip()}
            if pen.answered([draft], by=by.uuid):
                return kept
            rule_may_teach(by)
            rule_to_come(kept)
            now = list(_live(kept))
            if {one.pk for one in now} - {one.pk for one in live}:
                continue
            _enter(pen, draft, by=by.uuid)
            for one in now:
                one.event = kept
                gone = Booking.State.CANCELLED_BY_SCHOOL
                steps.enter(pen, one, gone, by=by.uuid, reason=reason.strip())
            return kept
    raise Conflict("People booked while the event was being cancelled. Try again.")


def rule_may_teach(by: Person) -> None:
    """Courses and events are looked after by School educators."""
    if not policies.teaches(hats(by)):
        raise NotAllowed("Only a School educator looks after courses and events.")


def rule_after_last_version(published_on: date, last: CourseVersion | None) -> None:
    """A version begins after the one before it: nobody's past is taught anew."""
    if last is not None and published_on <= last.published_on:
        raise DomainError(
            f"Version {last.number} holds from {days.long_date(last.published_on)}. "
            "A new one begins on a later day.",
            field="published_on",
        )


def rule_not_its_own_prerequisite(course: Course, prerequisites: Collection[Course]) -> None:
    """A course does not ask for itself beforehand."""
    if course in prerequisites:
        raise DomainError("A course cannot ask for itself first.", field="prerequisites")


def rule_sessions(sessions: Sequence[When], details: Details) -> None:
    """An event has a session or more, none before the other's end, and booking closes before the first."""
    if not sessions:
        raise DomainError("Enter when the event is held.", field="sessions")
    ordered = sorted(sessions, key=lambda one: one.starts)
    for one in ordered:
        if one.ends <= one.starts:
            raise DomainError("A session ends after it begins.", field="sessions")
    for one, other in pairwise(ordered):
        if other.starts < one.ends:
            raise DomainError("Two sessions overlap.", field="sessions")
    if details.closes <= details.opens:
        raise DomainError("Booking closes after it opens.", field="closes")
    if details.closes > ordered[0].starts:
        raise DomainError("Booking closes before the event begins.", field="closes")


def rule_to_come(event: Event) -> None:
    """What has begun, was cancelled or is closed is changed no more."""
    if event.state in (Event.State.CANCELLED, Event.State.CLOSED):
        raise Conflict(f"This event is {event.get_state_display()}. Nothing was changed.")
    if clock.now() >= event.starts:
        raise DomainError("This event has begun, so it stays as it is.")


def rule_nobody_there(event: Event) -> None:
    """Once somebody is on the register, half an hour before it begins, the event stays as it is."""
    if Attendance.objects.filter(session__event=event).exists():
        raise DomainError("People are on the register already, so this event stays as it is.")


def rule_enough_places(event: Event, capacity: int) -> None:
    """There are never fewer places than are given out."""
    given = Booking.objects.filter(event=event, state__in=Booking.TAKES_PLACE).count()
    if capacity < given:
        raise DomainError(
            f"{given} places are booked or held. Enter {given} or more.", field="capacity"
        )


def rule_step(event: Event, state: Event.State) -> None:
    """An event goes only where Event.MOVES lets it."""
    if state not in Event.MOVES[Event.State(event.state)]:
        raise Conflict(f"This event is {event.get_state_display()} already. Nothing was changed.")


def _label(kind: Label.Kind, name: str) -> Label:
    return Label.objects.get_or_create(kind=kind, slug=slugify(name), defaults={"name": name})[0]


def _columns(details: Details, sessions: Sequence[When]) -> dict[str, Any]:
    columns = {name: getattr(details, name) for name in Details.__slots__}
    if details.site is not None:
        columns["region"] = details.site.network_region
    return columns | {
        "starts": min(one.starts for one in sessions),
        "ends": max(one.ends for one in sessions),
    }


def _hold(event: Event, sessions: Sequence[When]) -> None:
    """The sessions become those that were typed; one that moves keeps its identity, so that calendars follow it."""
    wanted = {(one.starts, one.ends): one for one in sessions}
    kept, moving = [], []
    for held in event.sessions.all():
        one = wanted.pop((held.starts, held.ends), None)
        if one is None:
            moving.append(held)
        else:
            kept.append((held, one))
    kept += zip(moving, wanted.values(), strict=False)
    for held, one in kept:
        if (held.starts, held.ends, held.title) != (one.starts, one.ends, one.title):
            held.starts, held.ends, held.title = one.starts, one.ends, one.title
            held.save()
    for held in moving[len(wanted) :]:
        held.delete()
    for one in list(wanted.values())[len(moving) :]:
        Session.objects.create(event=event, starts=one.starts, ends=one.ends, title=one.title)


def _times(event: Event) -> list[tuple[datetime, datetime]]:
    return list(event.sessions.values_list("starts", "ends"))


def _draft(
    event: Event, uuid: UUID, state: Event.State, columns: Mapping[str, Any] | None = None
) -> Draft:
    """A step of an event, with what changes of it."""
    held = columns or {name: getattr(event, name) for name in ("version", "starts", "ends")}
    step = EventStep(
        event=event,
        course_version=held["version"],
        state=state,
        starts=held["starts"],
        ends=held["ends"],
    )
    return Draft(
        fact=step,
        book=event.book,
        about_from=days.london_day(held["starts"]),
        uuid=uuid or uuid4(),
    )


def _enter(pen: Pen, draft: Draft, *, by: UUID) -> None:
    """Writes the step and the state that it leads to, together."""
    step: EventStep = draft.fact  # type: ignore[assignment]
    event = step.event
    rule_step(event, Event.State(step.state))
    event.state = step.state
    event.save()
    pen.append([draft], by=by)


def _anew(event: Event) -> Event:
    """The event as it is now that its book is locked."""
    return Event.objects.select_related("version__course", "book", "site").get(pk=event.pk)


def _live(event: Event) -> Any:
    rows = Booking.objects.filter(event=event, state__in=Booking.LIVE)
    return rows.select_related("person__book", "person__user").order_by("pk")
