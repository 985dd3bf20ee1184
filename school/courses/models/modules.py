"""Online modules: their questions, which parts somebody has been through, and attempts at the quiz."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from school.core.models import Fact
from school.courses.models.catalogue import CourseVersion
from school.people.models import Person


class Module(models.Model):
    """A version of a course that is learned online: how its quiz is drawn and passed."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.OneToOneField(CourseVersion, on_delete=PROTECT, related_name="module")
    # How many questions of the bank an attempt asks.
    asked = models.PositiveSmallIntegerField(default=10)
    pass_percent = models.PositiveSmallIntegerField(default=80)
    # None: as often as somebody likes.
    attempts = models.PositiveSmallIntegerField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    pass_percent__gte=1, pass_percent__lte=100, asked__gte=1, asked__lte=50
                ),
                name="courses_module_bounds",
            )
        ]

    def __str__(self) -> str:
        return str(self.version)


class Question(models.Model):
    """A question of a module's bank; a retired one is asked no more."""

    class Kind(models.TextChoices):
        """How many answers are right."""

        ONE = "one", "one answer is right"
        SEVERAL = "several", "several answers are right"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    module = models.ForeignKey(Module, on_delete=PROTECT, related_name="questions")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ONE)
    text = models.CharField(max_length=500)
    # Shown after the attempt: why the right answer is right.
    feedback = models.CharField(max_length=500, blank=True)
    retired = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """One of the answers that a question offers."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField(max_length=300)
    right = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class PartDone(Fact):
    """A person has been through a part of a module, known by its page's UUID. In the person's book."""

    KIND = "courses.part_done"
    PAYLOAD = {1: ("person__uuid", "module__uuid", "part")}

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="parts_done")
    module = models.ForeignKey(Module, on_delete=PROTECT, related_name="parts_done")
    part = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "module", "part"], name="courses_part_done_once"
            )
        ]


class QuizAttempt(Fact):
    """An attempt at a module's quiz (on the entry's about_from). In the person's book.

    `marks` names each question in the order asked, apart by spaces: its UUID, a colon, and 1 when answered
    rightly, else 0. What was shown and chosen, in words, is private text.
    """

    KIND = "courses.quiz_attempt"
    PAYLOAD = {
        1: (
            "person__uuid",
            "module__uuid",
            "number",
            "marks",
            "right",
            "asked",
            "passed",
            "paper_hash",
        )
    }
    NOT_CONTENT = frozenset({"number", "marks", "right", "asked", "passed"})

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="quiz_attempts")
    module = models.ForeignKey(Module, on_delete=PROTECT, related_name="quiz_attempts")
    number = models.PositiveSmallIntegerField()
    # 39 letters a question, and at most 50 are asked.
    marks = models.CharField(max_length=2000)
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    paper_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "module", "number"], name="courses_attempt_number_once"
            ),
            models.CheckConstraint(
                condition=Q(right__lte=F("asked"), asked__gte=1, asked__lte=50),
                name="courses_attempt_marks",
            ),
        ]
