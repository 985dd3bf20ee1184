"""Evaluations of events as they may be read: whether one has given one's own, and the figures of whole fives."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from school.core import clock
from school.core.models import PrivateText
from school.courses.evaluating import OPEN_FOR, Figure, figures, shown
from school.courses.models import Attendance, Booking, Event, EventEvaluation


def was_there(booking: Booking) -> bool:
    """Whether somebody attended an event at least in part."""
    return bool(Attendance.objects.standing().filter(booking=booking, present=True).exists())


def open_until(event: Event) -> datetime:
    """Until when an event can be evaluated."""
    return event.ends + OPEN_FOR


def to_evaluate(me: list[int]) -> QuerySet[Booking]:
    """The bookings that wait for their person's evaluation."""
    now = clock.now()
    there = Attendance.objects.standing().filter(booking=OuterRef("pk"), present=True)
    given = EventEvaluation.objects.filter(booking=OuterRef("pk"))
    rows = Booking.objects.filter(
        Exists(there.select_related(None)),
        ~Exists(given.select_related(None)),
        person__in=me,
        event__ends__lte=now,
        event__ends__gt=now - OPEN_FOR,
    )
    return rows.select_related("event__version").order_by("event__ends")


@dataclass(frozen=True, slots=True)
class Results:
    """What is shown of an event's evaluations: how many answers are counted, their figures and their words."""

    counted: int
    figures: list[Figure]
    comments: list[str]


def results(event: Event) -> Results:
    """The figures and words of whole fives; two queries, and no name or time among them."""
    rows = EventEvaluation.objects.filter(booking__event=event).order_by("pk")
    answers = list(rows.select_related(None).values_list("pk", "ratings"))
    counted = answers[: shown([ratings for _, ratings in answers])]
    words = PrivateText.objects.filter(entry__in=[pk for pk, _ in counted], name="comment")
    texts = list(words.order_by("entry").values_list("salt", "text"))
    # Whole fives of comments too: nobody's words stand without those of four others.
    texts = texts[: shown([text for _, text in texts])]
    # By the salt, which chance made: the order says nothing of who or when.
    pairs = sorted((bytes(salt), text) for salt, text in texts)
    return Results(
        len(counted),
        figures([ratings for _, ratings in counted]),
        [text for _, text in pairs],
    )
