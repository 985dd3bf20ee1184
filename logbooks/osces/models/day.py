"""The day of an exam: who is examined, whom they must not meet, and the timetable as it was announced."""

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords

from logbooks.osces.models.exams import Exam
from placements.models import Enrolment
from school.core.models import Fact
from school.people.models import Person

MOST_EXTRA = 200
MOST_RESTS = 10


class Candidate(models.Model):
    """A student who is examined, under a number that says nothing of them, with their reasonable adjustments.

    `extra` is extra time in per cent; `rests` the least number of rests, `in_a_row` the most marked stations with no rest
    between (0: any number), `earliest` the first moment at which they can begin, `session` the one that they can come to (empty: any).
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey(Exam, on_delete=PROTECT, related_name="candidates")
    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    extra = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_EXTRA)])
    rests = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_RESTS)])
    in_a_row = models.PositiveSmallIntegerField(default=0)
    earliest = models.DateTimeField(null=True)
    session = models.CharField(max_length=60, blank=True)
    withdrawn = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "enrolment"], name="osces_candidate_once"),
            models.UniqueConstraint(fields=["exam", "number"], name="osces_candidate_number_once"),
            models.CheckConstraint(
                condition=Q(extra__lte=MOST_EXTRA), name="osces_candidate_extra"
            ),
        ]

    def __str__(self) -> str:
        return f"Candidate {self.number}"


class ConflictDeclared(Fact):
    """An examiner must not meet a candidate, or, where `holds` is false, may again. In the exam's book; the last one stands."""

    KIND = "osces.conflict_declared"
    PAYLOAD = {1: ("exam__uuid", "examiner__uuid", "candidate__uuid", "holds")}

    exam = models.ForeignKey(Exam, on_delete=PROTECT, related_name="conflicts")
    examiner = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    candidate = models.ForeignKey(Candidate, on_delete=PROTECT, related_name="conflicts")
    holds = models.BooleanField()


class Timetabled(Fact):
    """The timetable that stands from here on, on the day of the exam, in the exam's book.

    `document` is what was given and what came of it (`day.announced.Announced`) as canonical JSON; it names people by their keys.
    """

    KIND = "osces.timetabled"
    PAYLOAD = {1: ("exam__uuid", "digest", "supersedes__entry__uuid")}
    DIGEST_OF = ("digest", "document")

    exam = models.ForeignKey(Exam, on_delete=PROTECT, related_name="timetables")
    document = models.TextField()
    digest = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exam"], condition=Q(supersedes=None), name="osces_timetable_begins_once"
            )
        ]
