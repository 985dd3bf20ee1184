"""Courses in published versions, what must come before them, and the words they are found by."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords


class Label(models.Model):
    """A word that courses are found by: whom they are for, the role they serve, or what they are about."""

    class Kind(models.TextChoices):
        """What a label says of a course."""

        AUDIENCE = "audience", "audience"
        ROLE = "role", "role"
        TOPIC = "topic", "topic"

    kind = models.CharField(max_length=10, choices=Kind)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)

    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="courses_label_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Course(models.Model):
    """Something the School teaches; what it holds stands in its versions."""

    class Level(models.TextChoices):
        """How much is asked of those who come."""

        AWARENESS = "awareness", "awareness"
        INTRODUCTORY = "introductory", "introductory"
        INTERMEDIATE = "intermediate", "intermediate"
        ADVANCED = "advanced", "advanced"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=300)
    level = models.CharField(max_length=15, choices=Level)
    labels = models.ManyToManyField(Label, blank=True, related_name="courses")
    # No longer offered from this day on; what was attained stays what it was.
    retired_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords(m2m_fields=[labels])

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class CourseVersion(models.Model):
    """A course as it is taught from a day on. Written once with its prerequisites, then never changed."""

    APPEND_ONLY = True

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    published_on = models.DateField()
    # As printed on certificates of this version.
    title = models.CharField(max_length=150)
    # One learning outcome a line.
    outcomes = models.TextField()
    # CPD credit: the minutes of learning.
    credit_minutes = models.PositiveSmallIntegerField()
    # Printed on certificates when the issuing body says so; how long it satisfies is a requirement's rule.
    valid_months = models.PositiveSmallIntegerField(null=True)
    # The share of the sessions' minutes that has to be attended, in percent.
    attendance_percent = models.PositiveSmallIntegerField(default=80)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"], name="courses_version_number_once"
            ),
            models.CheckConstraint(
                condition=Q(attendance_percent__gte=1, attendance_percent__lte=100),
                name="courses_version_percent",
            ),
            models.CheckConstraint(
                condition=Q(valid_months=None) | Q(valid_months__gte=1),
                name="courses_version_validity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Prerequisite(models.Model):
    """A course that has to be attained before a version can be booked; written once with the version."""

    APPEND_ONLY = True

    version = models.ForeignKey(CourseVersion, on_delete=PROTECT, related_name="prerequisites")
    course = models.ForeignKey(Course, on_delete=PROTECT, related_name="required_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "course"], name="courses_prerequisite_once")
        ]

    def __str__(self) -> str:
        return f"{self.course} before {self.version}"
