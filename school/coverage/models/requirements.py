"""What training is required of whom, and who is exempt."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords

from school.core.models import Fact
from school.courses.models import Course
from school.people.models import JobRole, Person, PostTerm, Site

# The most that a version may say: a day so far from another can still be written.
MOST = {
    "active_months": 240,
    "window_months": 120,
    "window_days": 1000,
    "minimum_months": 120,
    "learning_minutes": 60_000,
    "grace_days": 1000,
    "target_percent": 100,
}


class Requirement(models.Model):
    """The identity of a requirement; what it asks stands in its versions."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    # Whether the ionising radiation regulations ask for it: an inspector sees it, and nothing else.
    radiation = models.BooleanField(default=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RequirementVersion(Fact):
    """What a requirement asks from a day to a day (the entry's about dates). In the network's book.

    `whom` and `courses` say in codes what the rows of Whom and Accepted say, so that the hash covers them.
    """

    KIND = "coverage.requirement_version"
    PAYLOAD = {
        1: (
            "requirement__uuid",
            "whom",
            "courses",
            "renewal",
            "active_months",
            "window_months",
            "window_days",
            "minimum_months",
            "due_on",
            "learning_minutes",
            "grace_days",
            "target_percent",
            "source",
            "supersedes__entry__uuid",
        )
    }

    class Renewal(models.TextChoices):
        """What the next expiry runs from."""

        COMPLETION = "completion", "the day of completion"
        EXPIRY = "expiry", "the expiry before it"
        FIXED = "fixed", "a fixed day"

    requirement = models.ForeignKey(Requirement, on_delete=PROTECT, related_name="versions")
    # A line for each group of people, as `formats.whom` writes it; everybody in post when there is none.
    whom = models.CharField(max_length=4000, blank=True)
    # The codes of the courses of which any satisfies, in their order.
    courses = models.CharField(max_length=4000)
    renewal = models.CharField(max_length=10, choices=Renewal, default=Renewal.COMPLETION)
    # How long it satisfies; for ever when none.
    active_months = models.PositiveSmallIntegerField(null=True)
    # How long before its expiry it may be renewed.
    window_months = models.PositiveSmallIntegerField(default=0)
    window_days = models.PositiveSmallIntegerField(default=0)
    # What a renewal to a fixed day leaves at the least.
    minimum_months = models.PositiveSmallIntegerField(default=0)
    # The fixed day, or the day by which it is first to be done.
    due_on = models.DateField(null=True)
    # How much has to be learned within the period; 0 where one attainment is enough.
    learning_minutes = models.PositiveIntegerField(default=0)
    # For so many days from their first day in the network starters are let off.
    grace_days = models.PositiveSmallIntegerField(default=0)
    target_percent = models.PositiveSmallIntegerField(default=90)
    source = models.CharField(max_length=300)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(active_months=None) | Q(active_months__gte=1),
                name="coverage_version_period",
            ),
            models.CheckConstraint(
                condition=~Q(renewal="fixed")
                | Q(due_on__isnull=False, active_months__isnull=False),
                name="coverage_version_fixed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(target_percent__lte=100), name="coverage_version_target"
            ),
        ]


class Whom(models.Model):
    """People of whom a version asks it: all that is said of them holds. Written once with the version."""

    APPEND_ONLY = True

    version = models.ForeignKey(RequirementVersion, on_delete=PROTECT, related_name="groups")
    job_role = models.ForeignKey(JobRole, on_delete=PROTECT, null=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    region = models.CharField(max_length=60, blank=True)
    staff_group = models.CharField(max_length=80, blank=True)
    crew = models.CharField(max_length=10, blank=True, choices=PostTerm.Crew)

    def __str__(self) -> str:
        return f"People of version {self.version_id}"


class Accepted(models.Model):
    """A course that satisfies a version. Written once with the version."""

    APPEND_ONLY = True

    version = models.ForeignKey(RequirementVersion, on_delete=PROTECT, related_name="accepted")
    course = models.ForeignKey(Course, on_delete=PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "course"], name="coverage_accepted_once")
        ]

    def __str__(self) -> str:
        return f"{self.course} for version {self.version_id}"


class Exemption(Fact):
    """Of a person a requirement is not asked over an interval (the entry's about dates). In the person's book."""

    KIND = "coverage.exemption"
    PAYLOAD = {
        1: (
            "person__uuid",
            "requirement__uuid",
            "reason_hash",
            "cancelled",
            "supersedes__entry__uuid",
        )
    }

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="exemptions")
    requirement = models.ForeignKey(Requirement, on_delete=PROTECT, related_name="exemptions")
    reason_hash = models.CharField(max_length=64)
    cancelled = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
