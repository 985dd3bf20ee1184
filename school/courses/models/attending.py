"""Who was there, session by session, and what they thought of it."""

from django.db import models
from django.db.models import PROTECT, Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, In

from school.core.models import Fact
from school.courses.models.events import Booking, Session

# Positions in `ratings`: the questions in the order of school.courses.evaluating.
QUESTIONS = range(1, 6)
RATINGS = "12345"


class Attendance(Fact):
    """A person was there for a session, or, as a correction, was not. In the person's book.

    Device time is evidence; when the server heard of it is the entry's recorded_at.
    """

    KIND = "courses.attendance"
    PAYLOAD = {
        1: (
            "booking__uuid",
            "session__uuid",
            "present",
            "way",
            "device_time",
            "reason_hash",
            "supersedes__entry__uuid",
        )
    }
    NOT_CONTENT = frozenset({"device_time", "supersedes__entry__uuid"})

    class Way(models.TextChoices):
        """How it was found out."""

        ROOM = "room", "the room’s code"
        PERSON = "person", "the person’s code"
        HAND = "hand", "by hand"

    booking = models.ForeignKey(Booking, on_delete=PROTECT, related_name="attendances")
    session = models.ForeignKey(Session, on_delete=PROTECT, related_name="attendances")
    present = models.BooleanField(default=True)
    way = models.CharField(max_length=10, choices=Way)
    device_time = models.DateTimeField(null=True)
    reason_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            # The first word on a booking's session; whatever comes later supersedes.
            models.UniqueConstraint(
                fields=["booking", "session"],
                condition=Q(supersedes=None),
                name="courses_attendance_first_once",
            )
        ]


class EventEvaluation(Fact):
    """What somebody who was there thought: a digit from 1 to 5 for each question. In the person's book.

    The School sees figures and comments of five or more together, never with a name.
    """

    KIND = "courses.event_evaluation"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("booking__uuid", "ratings", "comment_hash")}

    booking = models.OneToOneField(Booking, on_delete=PROTECT, related_name="evaluation")
    ratings = models.CharField(max_length=len(QUESTIONS))
    comment_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length("ratings"), len(QUESTIONS)),
                name="courses_evaluation_all",
            ),
            models.CheckConstraint(
                condition=Q(*(In(Substr("ratings", n, 1), list(RATINGS)) for n in QUESTIONS)),
                name="courses_evaluation_ratings",
            ),
        ]
