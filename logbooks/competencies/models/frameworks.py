"""Frameworks in published versions: groups, competencies with their levels and counts; drafts are one document each."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords

from placements.models import Programme
from school.people.models import Person


class Framework(models.Model):
    """What a body of practice is assessed against, in versions."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name


class FrameworkDraft(models.Model):
    """The next version of a framework while it is written: one document, in the portal's own JSON.

    Read by a second person before it is published; of each framework one is open at a time. Who wrote it
    last is empty when it came in by the command.
    """

    class State(models.TextChoices):
        """Where the draft is."""

        DRAFT = "draft", "being written"
        IN_REVIEW = "in_review", "waiting for a second reader"
        PUBLISHED = "published", "published"
        DROPPED = "dropped", "dropped"

    OPEN = (State.DRAFT, State.IN_REVIEW)

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=PROTECT, related_name="drafts")
    content = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(state__in=["draft", "in_review"]),
                name="competencies_draft_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"Draft of {self.framework}"


class FrameworkVersion(models.Model):
    """A published version of a framework. Written once with all that it holds, then never changed.

    `document` is what it was published from, as the portal's own canonical JSON, and `digest` its SHA-256; its rows
    say the same for queries. Who wrote and who reviewed it are empty for what the portal ships.
    """

    APPEND_ONLY = True

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    published_on = models.DateField()
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64)
    document = models.TextField(blank=True)
    written_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="competencies_version_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.framework}, version {self.number}"


class Level(models.Model):
    """A level of a version's scale; from lowest to highest."""

    APPEND_ONLY = True

    version = models.ForeignKey(FrameworkVersion, on_delete=PROTECT, related_name="levels")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="competencies_level_code_once")
        ]

    def __str__(self) -> str:
        return self.title


class Group(models.Model):
    """A part of a framework; parts may hold parts."""

    APPEND_ONLY = True

    version = models.ForeignKey(FrameworkVersion, on_delete=PROTECT, related_name="groups")
    parent = models.ForeignKey("self", on_delete=PROTECT, null=True, related_name="groups")
    identifier = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"], name="competencies_group_code_once"
            ),
            models.UniqueConstraint(
                fields=["version", "position"], name="competencies_group_position_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Competency(models.Model):
    """Something that somebody is seen to be able to do, as one version words it.

    `identifier` is the same in every version and in files of other systems. `year` is that of the stage it belongs to and
    `task` the stage's task that it is a part of, each empty when it is of none. `level` is the one required.
    """

    APPEND_ONLY = True

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(FrameworkVersion, on_delete=PROTECT, related_name="competencies")
    group = models.ForeignKey(Group, on_delete=PROTECT, related_name="competencies")
    identifier = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    task = models.SlugField(max_length=60, blank=True)
    level = models.ForeignKey(Level, on_delete=PROTECT, null=True, related_name="+")
    # Codes of the subjects of IR(ME)R 2017, Schedule 3, that it covers.
    schedule_3 = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="competencies_code_once"),
            models.UniqueConstraint(
                fields=["version", "identifier"], name="competencies_identifier_once"
            ),
            models.UniqueConstraint(
                fields=["version", "position"], name="competencies_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class LogBookRules(models.Model):
    """Which framework a programme's students work towards, and the switches of its sign-off."""

    programme = models.OneToOneField(Programme, on_delete=PROTECT, related_name="log_book_rules")
    framework = models.ForeignKey(Framework, on_delete=PROTECT, related_name="rules")
    sign_with_account = models.BooleanField(default=True)
    sign_by_link = models.BooleanField(default=True)
    sign_on_phone = models.BooleanField(default=True)
    sign_with_pin = models.BooleanField(default=True)
    # The final assessor is not the day-to-day supervisor of the same placement.
    separate_assessor = models.BooleanField(default=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Log book of {self.programme}"
