"""Posts that people hold over intervals, and their absences from work."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords

from school.core.models import Fact
from school.people.models.accounts import Person
from school.people.models.places import Site


class JobRole(models.Model):
    """A kind of post, such as senior PET-CT radiographer, and its staff group."""

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    staff_group = models.CharField(max_length=80)

    history = HistoricalRecords()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Post(models.Model):
    """The identity of a post; what it is and where stands in its terms."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="posts")
    reference = models.CharField(max_length=40, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="people_post_reference_once"
            )
        ]

    def __str__(self) -> str:
        return f"Post {self.uuid}"


class PostTerm(Fact):
    """What a post is over an interval (the entry's about dates; the last day counts). In the person's book."""

    KIND = "people.post_term"
    PAYLOAD = {
        1: (
            "post__uuid",
            "job_role__code",
            "site__uuid",
            "whole_time_hundredths",
            "crew",
            "line_manager__uuid",
            "supersedes__entry__uuid",
        )
    }

    class Crew(models.TextChoices):
        """Whether the post works on a static or a mobile scanner."""

        STATIC = "static", "static"
        MOBILE = "mobile", "mobile"

    post = models.ForeignKey(Post, on_delete=PROTECT, related_name="terms")
    job_role = models.ForeignKey(JobRole, on_delete=PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="post_terms")
    whole_time_hundredths = models.PositiveSmallIntegerField(default=100)
    crew = models.CharField(max_length=10, choices=Crew)
    line_manager = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(whole_time_hundredths__gte=1, whole_time_hundredths__lte=150),
                name="people_postterm_whole_time",
            )
        ]


class Absence(Fact):
    """Leave of a member of staff over an interval (the entry's about dates). In the person's book."""

    KIND = "people.absence"
    PAYLOAD = {1: ("person__uuid", "reason", "cancelled", "supersedes__entry__uuid")}

    class Reason(models.TextChoices):
        """Why someone is away."""

        MATERNITY = "maternity", "maternity, paternity or adoption"
        SICK = "sick", "sick"
        CAREER_BREAK = "career_break", "career break"
        SECONDMENT = "secondment", "secondment elsewhere"
        OTHER = "other", "other"

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="absences")
    reason = models.CharField(max_length=20, choices=Reason)
    cancelled = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
