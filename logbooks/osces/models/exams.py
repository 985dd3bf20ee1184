"""Exams made of published versions: each designed as one document until that is frozen."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords

from logbooks.osces.models.bank import StationVersion
from school.core.models import Book, Fact
from school.people.models import Person


class Exam(models.Model):
    """An exam: on which day and in which year of the programme it is held, and its design as canonical JSON (`exams.document`) until that is frozen.

    Whoever wrote on it, as its history says, does not freeze it. `plan` are its sessions with their examiners as canonical JSON
    (`day.plan.Plan`), empty until somebody writes them. What happens at the exam later lies in its book.
    """

    class State(models.TextChoices):
        """Where the design is."""

        DRAFT = "draft", "being written"
        IN_REVIEW = "in_review", "waiting for a second reader"
        FROZEN = "frozen", "frozen"
        DROPPED = "dropped", "dropped"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    book = models.OneToOneField(Book, on_delete=PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    day = models.DateField()
    year = models.PositiveSmallIntegerField(default=3)
    design = models.TextField()
    plan = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.title


class ExamFrozen(Fact):
    """A second person, its actor, read the design of an exam and froze it, on the day it is about. In the exam's book.

    `document` is the design as canonical JSON. It holds free words, so the payload has its SHA-256 in their place.
    """

    KIND = "osces.exam_frozen"
    PAYLOAD = {1: ("exam__uuid", "digest", "written_by__uuid")}
    DIGEST_OF = ("digest", "document")

    exam = models.OneToOneField(Exam, on_delete=PROTECT, related_name="frozen")
    document = models.TextField()
    digest = models.CharField(max_length=64)
    written_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")


class ExamPlace(models.Model):
    """A place of the circuit of a frozen exam, written with the fact: a marked station in a version, or one without marks."""

    APPEND_ONLY = True

    class Kind(models.TextChoices):
        """What a candidate finds there; `exams.document` says more of each."""

        STATION = "station", "a marked station"
        PREPARATION = "preparation", "a preparation"
        REST = "rest", "a rest"

    exam = models.ForeignKey(Exam, on_delete=PROTECT, related_name="places")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=15, choices=Kind)
    version = models.ForeignKey(
        StationVersion, on_delete=PROTECT, null=True, related_name="exam_places"
    )
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "number"], name="osces_exam_place_number_once"),
            models.UniqueConstraint(
                fields=["exam", "version"], name="osces_exam_place_version_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="station", version__isnull=False)
                | (~Q(kind="station") & Q(version=None)),
                name="osces_exam_place_marked_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam}, place {self.number}"
