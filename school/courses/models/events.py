"""Events, their sessions and places, and every step that a booking goes through."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from school.core.models import Book, Fact
from school.courses.models.catalogue import CourseVersion
from school.people.models import Person, Site


class Event(models.Model):
    """A course held for people who come together. Its state is that of its newest EventStep.

    Places are given out under the lock of the event's own record book, so that no place is given twice.
    """

    class Format(models.TextChoices):
        """Where the people are."""

        IN_PERSON = "in_person", "in person"
        ONLINE = "online", "online"

    class State(models.TextChoices):
        """Whether places can be asked for."""

        DRAFT = "draft", "draft"
        OPEN = "open", "open"
        CANCELLED = "cancelled", "cancelled"
        CLOSED = "closed", "register closed"

    MOVES = {
        State.DRAFT: (State.OPEN, State.CANCELLED),
        State.OPEN: (State.CANCELLED, State.CLOSED),
        State.CLOSED: (),
        State.CANCELLED: (),
    }

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    book = models.OneToOneField(Book, on_delete=PROTECT, related_name="event")
    version = models.ForeignKey(CourseVersion, on_delete=PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    format = models.CharField(max_length=10, choices=Format)
    site = models.ForeignKey(Site, on_delete=PROTECT, null=True, blank=True, related_name="events")
    # The room, or the address when it is at no site; for everyone to read.
    venue = models.CharField(max_length=200, blank=True)
    # A region of the network; empty when online.
    region = models.CharField(max_length=60, blank=True)
    # For people with a place only.
    link = models.URLField(max_length=300, blank=True)
    joining = models.TextField(blank=True)
    # First start and last end of the sessions, kept with them so that lists need not join.
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    needs_approval = models.BooleanField(default=False)
    # How long a place that became free is held for the next in line.
    hold_for = models.DurationField(default=timedelta(hours=48))
    contact = models.EmailField(max_length=254)

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts"]
        indexes = [models.Index(fields=["state", "starts"], name="courses_event_coming")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="courses_event_in_order"
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens"), closes__lte=F("starts")),
                name="courses_event_window",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="courses_event_capacity"),
            models.CheckConstraint(
                condition=Q(format="online", site=None, region="")
                | (Q(format="in_person") & (~Q(venue="") | Q(site__isnull=False))),
                name="courses_event_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.title}, {self.starts:%Y-%m-%d}"


class Session(models.Model):
    """One stretch of an event, such as a day of it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=150, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="courses_session_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title or 'Session'}, {self.starts:%Y-%m-%d %H:%M}"


class EventStep(Fact):
    """An event was opened, given other times, cancelled, or its register closed. In the event's book."""

    KIND = "courses.event_step"
    PAYLOAD = {1: ("event__uuid", "course_version__uuid", "state", "starts", "ends", "reason_hash")}

    event = models.ForeignKey(Event, on_delete=PROTECT, related_name="steps")
    course_version = models.ForeignKey(CourseVersion, on_delete=PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Event.State)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    reason_hash = models.CharField(max_length=64, blank=True)


class Booking(models.Model):
    """One person's wish for a place at an event. Its state is that of its newest BookingStep.

    Who gives a place up and asks again gets a new booking; at most one of a person's is live.
    """

    class State(models.TextChoices):
        """How far a booking has come."""

        REQUESTED = "requested", "waits for approval"
        WAITING = "waiting", "on the waiting list"
        HELD = "held", "a place is held"
        BOOKED = "booked", "booked"
        DECLINED = "declined", "declined"
        CANCELLED = "cancelled", "given up"
        CANCELLED_BY_SCHOOL = "by_school", "cancelled by the School"
        ATTENDED = "attended", "attended"
        PARTLY = "partly", "attended in part"
        ABSENT = "absent", "did not attend"
        EXCUSED = "excused", "excused"

    # Those that take one of the event's places.
    TAKES_PLACE = (State.HELD, State.BOOKED)
    LIVE = (State.REQUESTED, State.WAITING, *TAKES_PLACE)
    AFTERWARDS = (State.ATTENDED, State.PARTLY, State.ABSENT, State.EXCUSED)
    MOVES = {
        None: (State.REQUESTED, State.WAITING, State.BOOKED),
        State.REQUESTED: (
            State.WAITING,
            State.BOOKED,
            State.DECLINED,
            State.CANCELLED,
            State.CANCELLED_BY_SCHOOL,
        ),
        # Declined: no place had become free when the event began.
        State.WAITING: (
            State.HELD,
            State.BOOKED,
            State.DECLINED,
            State.CANCELLED,
            State.CANCELLED_BY_SCHOOL,
        ),
        # Declined: the person said no, or the time ran out.
        State.HELD: (State.BOOKED, State.DECLINED, State.CANCELLED, State.CANCELLED_BY_SCHOOL),
        State.BOOKED: (State.CANCELLED, State.CANCELLED_BY_SCHOOL, *AFTERWARDS),
        State.DECLINED: (),
        State.CANCELLED: (),
        State.CANCELLED_BY_SCHOOL: (),
        # A late correction moves among these.
        State.ATTENDED: AFTERWARDS,
        State.PARTLY: AFTERWARDS,
        State.ABSENT: AFTERWARDS,
        # Booked: the excuse was taken back before the register was closed.
        State.EXCUSED: (State.BOOKED, *AFTERWARDS),
    }

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=PROTECT, related_name="bookings")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="bookings")
    moved_from = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, blank=True, related_name="moved_to"
    )
    state = models.CharField(max_length=10, choices=State)
    # Until when a held place waits for its person.
    held_until = models.DateTimeField(null=True)
    # When it joined the line, which never moves: the order of the waiting list within a priority.
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["event", "state", "asked_at"], name="courses_booking_line"),
            models.Index(fields=["person", "state"], name="courses_booking_mine"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(state__in=("requested", "waiting", "held", "booked")),
                name="courses_booking_live_once",
            ),
            models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False)
                | (~Q(state="held") & Q(held_until=None)),
                name="courses_booking_held_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"


class BookingStep(Fact):
    """A booking came into a state, and why. In the person's book.

    `needs` (access, diet) is private text that is erased after the event; `reason` are words for the person.
    """

    KIND = "courses.booking_step"
    PAYLOAD = {
        1: (
            "booking__uuid",
            "event__uuid",
            "person__uuid",
            "state",
            "held_until",
            "needs_hash",
            "reason_hash",
        )
    }
    # What the portal finds at the time: a retry would find it otherwise.
    NOT_CONTENT = frozenset({"booking__uuid", "state", "held_until"})

    booking = models.ForeignKey(Booking, on_delete=PROTECT, related_name="steps")
    event = models.ForeignKey(Event, on_delete=PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Booking.State)
    held_until = models.DateTimeField(null=True)
    needs_hash = models.CharField(max_length=64, blank=True)
    reason_hash = models.CharField(max_length=64, blank=True)
