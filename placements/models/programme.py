"""Programmes in published versions, their stages and tasks, cohorts and enrolments."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from school.core.models import Book
from school.people.models import Organisation, Person, Scope


class Programme(models.Model):
    """A university's programme and the switches that it may set."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    scope = models.OneToOneField(Scope, on_delete=PROTECT, related_name="programme")
    university = models.ForeignKey(Organisation, on_delete=PROTECT, related_name="programmes")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    confirm_with_account = models.BooleanField(default=True)
    confirm_by_link = models.BooleanField(default=True)
    induction_before_confirming = models.BooleanField(default=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name


class ProgrammeVersion(models.Model):
    """A published version of a programme. Written once with its stages and tasks, then never changed."""

    APPEND_ONLY = True

    programme = models.ForeignKey(Programme, on_delete=PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    published_on = models.DateField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"], name="placements_version_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme}, version {self.number}"


class Stage(models.Model):
    """A year of the programme: its level and the band of hours in PET-CT, in whole minutes."""

    APPEND_ONLY = True

    class Level(models.TextChoices):
        """What the year is for."""

        AWARENESS = "awareness", "awareness"
        APPLICATION = "application", "application and understanding"
        COMPETENCY = "competency", "competency"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(ProgrammeVersion, on_delete=PROTECT, related_name="stages")
    year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20, choices=Level)
    minimum_minutes = models.PositiveIntegerField()
    maximum_minutes = models.PositiveIntegerField()

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["version", "year"], name="placements_stage_year_once"),
            models.CheckConstraint(
                condition=Q(maximum_minutes__gte=F("minimum_minutes")),
                name="placements_stage_band_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"Year {self.year}"


class StageTask(models.Model):
    """One thing a student does in a stage, in the programme's order."""

    APPEND_ONLY = True

    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "position"], name="placements_task_position"),
            models.UniqueConstraint(fields=["stage", "code"], name="placements_task_code"),
        ]

    def __str__(self) -> str:
        return self.title


class Cohort(models.Model):
    """The students of a programme who began together."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    scope = models.OneToOneField(Scope, on_delete=PROTECT, related_name="cohort")
    programme = models.ForeignKey(Programme, on_delete=PROTECT, related_name="cohorts")
    name = models.CharField(max_length=100)
    starts = models.DateField()

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="placements_cohort_once")
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """A student on a programme; the record book of their hours belongs to it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    book = models.OneToOneField(Book, on_delete=PROTECT, related_name="enrolment")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, on_delete=PROTECT, related_name="enrolments")
    version = models.ForeignKey(ProgrammeVersion, on_delete=PROTECT, related_name="enrolments")
    university = models.ForeignKey(Organisation, on_delete=PROTECT, related_name="enrolments")
    student_number = models.CharField(max_length=20)
    starts = models.DateField()
    ends = models.DateField()

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["university", "student_number"], name="placements_student_number_once"
            ),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="placements_enrolment_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.cohort}"
