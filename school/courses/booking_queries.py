"""What the pages about places read: an event for somebody who looks, a booking in words, and lists of bookings."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, Prefetch, Q, QuerySet
from django.urls import reverse

from school.core import clock, days
from school.core.models import PrivateText
from school.courses import catalogue, policies, queries
from school.courses.conditions import said
from school.courses.models import Booking, BookingStep, Event, Session
from school.people.middleware import Viewer
from school.people.models import Person, PostTerm

State = Booking.State

RELATED = ("event__version__course", "event__site", "person")
# A state's sign (school.core.templatetags.soo.STATES) and word.
SIGNS: dict[str, tuple[str, str]] = {
    State.REQUESTED: ("awaiting", "Waits for approval"),
    State.WAITING: ("awaiting", "On the waiting list"),
    State.HELD: ("query", "A place is held"),
    State.BOOKED: ("booked", "Booked"),
    State.DECLINED: ("absent", "No place"),
    State.CANCELLED: ("cancelled", "Given up"),
    State.CANCELLED_BY_SCHOOL: ("cancelled", "Cancelled by the School"),
    State.ATTENDED: ("done", "Attended"),
    State.PARTLY: ("under-way", "Attended in part"),
    State.ABSENT: ("absent", "Did not attend"),
    State.EXCUSED: ("absent", "Excused"),
}
# What is left open once the event has begun.
BEGUN: dict[str, tuple[str, str]] = {
    State.REQUESTED: ("absent", "Not decided in time"),
    State.WAITING: ("absent", "No place became free"),
    State.HELD: ("absent", "Not taken in time"),
    State.BOOKED: ("awaiting", "Register not closed yet"),
}
# Most people that are shown to be ticked at once; beyond, a site is asked for.
MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One booking as a list shows it."""

    booking: Booking
    title: str
    day: date
    times: str
    where: str
    sign: str
    word: str
    note: str = ""

    @property
    def url(self) -> str:
        """The booking's own page."""
        return reverse("booking", args=[self.booking.uuid])

    @classmethod
    def of(cls, booking: Booking, now: datetime) -> "Line":
        """A booking that brings its event, version and site along."""
        event = booking.event
        sign, word = sign_of(booking, now)
        held = booking.state == State.HELD and now < queries.held_till(booking)
        return cls(
            booking=booking,
            title=event.version.title,
            day=days.london_day(event.starts),
            times=days.time_range(event.starts, event.ends),
            where=catalogue.where(event),
            sign=sign,
            word=word,
            note=f"Held until {said(queries.held_till(booking))}" if held else "",
        )


def sign_of(booking: Booking, now: datetime) -> tuple[str, str]:
    """The sign and the word of a booking's state at a moment."""
    if booking.state == State.HELD and now >= queries.held_till(booking):
        return BEGUN[State.HELD]
    if now >= booking.event.starts and booking.state in BEGUN:
        return BEGUN[booking.state]
    return SIGNS[booking.state]


def lines(rows: Iterable[Booking]) -> list[Line]:
    """Bookings as a list shows them."""
    now = clock.now()
    return [Line.of(row, now) for row in rows]


# An event --------------------------------------------------------------------------------------


def event_for(viewer: Viewer, uuid: UUID) -> Event | None:
    """An event that the viewer may read of, with `taken`, `waiting` and `manages`: whether they answer for anybody."""
    rows = catalogue.with_places(policies.events(viewer))
    if viewer.person:
        rows = rows.annotate(manages=Exists(policies.staff_of(viewer.me, viewer.hats)))
    in_order = Prefetch("sessions", Session.objects.order_by("starts"))
    related = rows.select_related("version__course", "site").prefetch_related(in_order)
    return related.filter(uuid=uuid).first()


def other_dates(booking: Booking) -> list[Event]:
    """The other dates of a booking's course that can be booked now, soonest first, with `taken` and `waiting`."""
    now = clock.now()
    rows = Event.objects.filter(
        state=Event.State.OPEN,
        version__course=booking.event.version.course_id,
        opens__lte=now,
        closes__gt=now,
        starts__gt=now,
    ).exclude(pk=booking.event_id)
    related = catalogue.with_places(rows).select_related("version__course", "site")
    return list(related.order_by("starts", "pk"))


# One booking -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Happened:
    """A step of a booking, as its page tells it."""

    step: BookingStep
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a booking's page says beside the event: its steps, newest last, and the person's needs."""

    steps: list[Happened]
    needs: str

    @property
    def reason(self) -> str:
        """Why the booking stands where it does."""
        return self.steps[-1].reason


def told(booking: Booking) -> Told:
    """The steps of a booking with their words; two queries."""
    rows = list(booking.steps.order_by("entry__pk"))
    texts = {
        (text.entry_id, text.name): text.text
        for text in PrivateText.objects.filter(entry__in=[row.pk for row in rows])
    }
    # Who says anew what they need stays where they are: nothing happened that others read of.
    moved = [
        row for before, row in zip([None, *rows], rows, strict=False) if not _stayed(before, row)
    ]
    steps = [Happened(row, SIGNS[row.state][1], texts.get((row.pk, "reason"), "")) for row in moved]
    needs = next(
        (texts[row.pk, "needs"] for row in reversed(rows) if (row.pk, "needs") in texts), ""
    )
    return Told(steps, needs)


def _stayed(before: BookingStep | None, step: BookingStep) -> bool:
    return before is not None and before.state == step.state


@dataclass(frozen=True, slots=True)
class Now:
    """What is so with a booking, and what comes next, in plain words."""

    title: str
    next: str


def now_words(booking: Booking, *, mine: bool, told: Told) -> Now:
    """What is so with a booking now, for its person or for who answers for them; asks for the line or who is asked."""
    now, event = clock.now(), booking.event
    you, your = ("You", "your") if mine else (booking.person.name, "their")
    have, are = ("have", "are") if mine else ("has", "is")
    if now >= event.starts and booking.state in BEGUN:
        if booking.state != State.BOOKED:
            words = "The event has begun, so no more places are given."
            return Now(BEGUN[booking.state][1], words)
        begun = "is over" if now >= event.ends else "has begun"
        words = "The School closes the register afterwards; the outcome stands here then."
        return Now(f"The event {begun}", words)
    match booking.state:
        case State.BOOKED:
            words = "A reminder comes a week before and a day before."
            return Now(f"{you} {have} a place", words)
        case State.HELD:
            until = queries.held_till(booking)
            if now >= until:
                return Now(*_LAPSED)
            words = f"Until {said(until)}. After that it goes to the next in line."
            return Now(f"A place is held for {'you' if mine else you}", words)
        case State.WAITING:
            held = days.in_words(int(event.hold_for.total_seconds() // 60))
            words = (
                f"When a place becomes free it is held for {held}, and a message says so at once."
            )
            return Now(f"{you} {are} number {queries.place_in_line(booking)} in line", words)
        case State.REQUESTED:
            names = " or ".join(one.name for one in queries.approvers(booking.person))
            who = (
                f"{names} is asked" if names else "No line manager is named, so the School is asked"
            )
            return Now("The request waits for approval", f"{who}. The answer comes as a message.")
        case State.DECLINED:
            words = "Nothing more is to do."
            if told.steps and len(told.steps) > 1 and told.steps[-2].step.state == State.HELD:
                words = "The place that was held went to the next in line."
            return Now(f"{you} {have} no place", words)
        case State.CANCELLED:
            words = "It was moved to another date." if _moved(booking) else _ask_again(event, now)
            return Now("This booking is given up", words)
        case State.CANCELLED_BY_SCHOOL:
            return Now("The School cancelled this", "Look for another date of the course.")
        case State.ATTENDED:
            return Now(f"{you} attended", f"It counts in {your} record.")
        case State.PARTLY:
            return Now(
                f"{you} attended in part", f"It stands in {your} record as part of the course."
            )
        case State.EXCUSED:
            return Now(
                f"{you} {'were' if mine else 'was'} excused",
                "It counts for nothing against anybody.",
            )
    return Now(f"{you} did not attend", f"Tell the School if that is not so: {event.contact}")


_LAPSED = ("The place was not taken in time", "It goes to the next in line.")


def _moved(booking: Booking) -> bool:
    return hasattr(booking, "moved_to")


def _ask_again(event: Event, now: datetime) -> str:
    if event.state == Event.State.OPEN and event.opens <= now < event.closes:
        return "While booking is open it can be asked for again, from the end of the line."
    return "Booking is closed."


# Lists -----------------------------------------------------------------------------------------


def own(me: Collection[int]) -> list[Booking]:
    """Somebody's own bookings, the newest event first."""
    rows = Booking.objects.filter(person__in=me).select_related(*RELATED)
    return list(rows.order_by("-event__starts", "-pk"))


def to_decide(viewer: Viewer) -> QuerySet[Booking]:
    """The requests that wait for the viewer, of events that have not begun; never their own."""
    rows = (
        policies.bookings(viewer)
        .filter(state=State.REQUESTED, event__starts__gt=clock.now())
        .exclude(person__in=viewer.me)
    )
    return rows.select_related(*RELATED).order_by("event__starts", "asked_at", "pk")


WHEN = {"coming": "To come", "past": "Past", "all": "All"}


def staff_bookings(viewer: Viewer, when: str, words: str) -> QuerySet[Booking]:
    """The bookings of those whom the viewer answers for; `when` is a key of WHEN."""
    staff = policies.staff_of(viewer.me, viewer.hats)
    rows = Booking.objects.filter(person__in=staff.values("pk")).select_related(*RELATED)
    now = clock.now()
    if when == "coming":
        rows = rows.filter(event__ends__gt=now, state__in=Booking.LIVE)
    elif when == "past":
        rows = rows.filter(event__ends__lte=now)
    if words:
        rows = rows.filter(
            Q(person__name__icontains=words) | Q(event__version__title__icontains=words)
        )
    order = "event__starts" if when == "coming" else "-event__starts"
    return rows.order_by(order, "person__name", "pk")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whom the viewer answers for, where they work, and what they have at an event already."""

    person: Person
    work: str
    word: str

    @property
    def key(self) -> str:
        """What the form sends for them."""
        return str(self.person.uuid)


def sites_of(viewer: Viewer) -> list[tuple[str, str]]:
    """The sites where those work whom the viewer answers for: UUID and name."""
    rows = _terms(viewer).order_by("site__name").values_list("site__uuid", "site__name").distinct()
    return [(str(uuid), name) for uuid, name in rows]


def members(viewer: Viewer, event: Event, site: str) -> list[Member] | None:
    """Whom the viewer may send on an event, by name, at a site or everywhere; None when they are too many to tick."""
    rows = _terms(viewer)
    if site:
        rows = rows.filter(site__uuid=site)
    order = rows.select_related("post__person", "job_role", "site").order_by("post__person__name")
    terms = list(order[: MOST + 1])
    if len(terms) > MOST:
        return None
    found: dict[int, tuple[Person, list[str]]] = {}
    for term in terms:
        person = term.post.person
        works = found.setdefault(person.pk, (person, []))[1]
        works.append(f"{term.job_role.title}, {term.site.name}")
    states = (*Booking.LIVE, *Booking.AFTERWARDS)
    there = dict(
        Booking.objects.filter(event=event, person__in=found, state__in=states).values_list(
            "person", "state"
        )
    )
    return [
        Member(person, "; ".join(works), SIGNS[there[pk]][1] if pk in there else "")
        for pk, (person, works) in found.items()
    ]


def sent_by(viewer: Viewer, people: Sequence[str]) -> list[Person]:
    """Those of the people named by UUID whom the viewer answers for, by name, with what booking reads of them."""
    staff = policies.staff_of(viewer.me, viewer.hats).filter(uuid__in=people)
    return list(staff.select_related("book", "user").order_by("name"))


def _terms(viewer: Viewer) -> QuerySet[PostTerm]:
    today = clock.today()
    staff = policies.staff_of(viewer.me, viewer.hats)
    rows: QuerySet[PostTerm] = PostTerm.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=today),
        entry__about_from__lte=today,
        post__person__in=staff.values("pk"),
    )
    return rows.exclude(post__person__in=viewer.me)
