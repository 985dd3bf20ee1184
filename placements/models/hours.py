"""Hours: what is planned, what was worked, what was not and why, and what stands on paper."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from placements.models.placing import Placement
from placements.models.programme import Enrolment, Programme, Stage
from school.core.models import Fact
from school.people.models import Person, Site


class DayType(models.Model):
    """What a worked day was, and what it counts towards. A changed type is a new code."""

    APPEND_ONLY = True

    class Part(models.TextChoices):
        """Which of the stage's totals it counts towards."""

        CLINICAL = "clinical", "clinical hours"
        SIMULATED = "simulated", "simulated hours, kept apart"
        NONE = "none", "not towards the stage"

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    stage_part = models.CharField(max_length=10, choices=Part)
    counts_week = models.BooleanField()
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class HoursRule(models.Model):
    """The value of one working-hours rule from a day on; `programme` is empty for the network's default."""

    APPEND_ONLY = True

    programme = models.ForeignKey(
        Programme, on_delete=PROTECT, null=True, blank=True, related_name="hours_rules"
    )
    code = models.SlugField(max_length=40)
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)
    starts = models.DateField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code", "starts"], name="placements_hoursrule_once"
            ),
            models.UniqueConstraint(
                fields=["code", "starts"],
                condition=Q(programme=None),
                name="placements_hoursrule_default_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.value} {self.unit} from {self.starts}"


class PlannedShift(models.Model):
    """A shift on the rota. Counts for nothing until it is worked and sent."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="planned_shifts")
    day_type = models.ForeignKey(DayType, on_delete=PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    break_minutes = models.PositiveSmallIntegerField(default=0)
    makes_up = models.ForeignKey(
        "DayNote", on_delete=PROTECT, null=True, blank=True, related_name="planned_make_ups"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="placements_rota_order"),
            models.UniqueConstraint(
                fields=["placement", "start"], name="placements_rota_start_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Planned {self.start:%Y-%m-%d %H:%M}"


class DayNote(Fact):
    """Why nothing was worked on a day. A correction supersedes; a make-up never erases it. In the enrolment's book."""

    KIND = "placements.day_note"
    PAYLOAD = {
        1: (
            "placement__uuid",
            "kind",
            "expected_minutes",
            "withdrawn",
            "note_hash",
            "supersedes__entry__uuid",
        )
    }

    class Kind(models.TextChoices):
        """What kept the student from working."""

        ILL = "absent_ill", "absent: ill"
        ABSENT = "absent_other", "absent: another reason"
        SCANNER_DOWN = "cancelled_scanner", "cancelled by the site: scanner down"
        NO_TRACER = "cancelled_tracer", "cancelled by the site: no tracer"
        NO_STAFF = "cancelled_staff", "cancelled by the site: no staff"
        BANK_HOLIDAY = "bank_holiday", "bank holiday"
        NOTHING_PLANNED = "nothing_planned", "nothing planned"

    ABSENCES = (Kind.ILL, Kind.ABSENT)
    SITE_CANCELLED = (Kind.SCANNER_DOWN, Kind.NO_TRACER, Kind.NO_STAFF)

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="day_notes")
    kind = models.CharField(max_length=20, choices=Kind)
    expected_minutes = models.PositiveSmallIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)
    note_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )


class Shift(Fact):
    """Hours a student says they worked. A correction supersedes; `withdrawn` takes it back. In the enrolment's book."""

    KIND = "placements.shift"
    PAYLOAD = {
        1: (
            "placement__uuid",
            "site__uuid",
            "day_type__code",
            "start",
            "end",
            "break_minutes",
            "withdrawn",
            "makes_up__entry__uuid",
            "device_time",
            "note_hash",
            "supersedes__entry__uuid",
        )
    }
    NOT_CONTENT = frozenset({"device_time"})

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="shifts")
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="+")
    day_type = models.ForeignKey(DayType, on_delete=PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    break_minutes = models.PositiveSmallIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)
    makes_up = models.ForeignKey(DayNote, on_delete=PROTECT, null=True, related_name="make_ups")
    device_time = models.DateTimeField(null=True)
    note_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="placements_shift_order")
        ]


class WeekClosed(Fact):
    """The student says a week is complete; `monday` is its first day. In the enrolment's book."""

    KIND = "placements.week_closed"
    PAYLOAD = {1: ("placement__uuid", "monday")}

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="closed_weeks")
    monday = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "monday"], name="placements_week_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=1), name="placements_week_begins_monday"
            ),
        ]


class Adjustment(Fact):
    """Minutes added to or taken from a stage by one person and agreed by a second; reason in private text."""

    KIND = "placements.adjustment"
    PAYLOAD = {
        1: ("enrolment__uuid", "stage__uuid", "minutes", "second_person__uuid", "reason_hash")
    }

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="adjustments")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="+")
    minutes = models.IntegerField()
    second_person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    reason_hash = models.CharField(max_length=64)


class AdjustmentProposal(models.Model):
    """Minutes that one person wants to add or take away, until a second agrees. Then it is a fact and this row goes.

    `uuid` becomes the fact's own.
    """

    uuid = models.UUIDField(unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="adjustment_proposals")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="+")
    minutes = models.IntegerField()
    reason = models.TextField()
    proposer = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    proposed_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(minutes=0), name="placements_proposal_of_some_minutes"
            )
        ]

    def __str__(self) -> str:
        return f"Proposal {self.uuid}"


class BroughtForward(Fact):
    """Hours that stand on paper (the entry's about dates): counted, never shown as confirmed here.

    Who signed the paper and where its scan lies are private texts, since they are names and free words.
    """

    KIND = "placements.brought_forward"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "stage__uuid",
            "site__uuid",
            "part",
            "minutes",
            "sighted_by__uuid",
            "signed_by_hash",
            "scan_hash",
            "supersedes__entry__uuid",
        )
    }

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="brought_forward")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=10, choices=DayType.Part)
    minutes = models.PositiveIntegerField()
    sighted_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    signed_by_hash = models.CharField(max_length=64)
    scan_hash = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
