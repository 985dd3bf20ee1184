"""Current state kept for speed: written in the transaction of the fact, rebuilt by `manage.py rebuild_standing`."""

from django.db import models
from django.db.models import PROTECT, F, Q

from placements.models.confirming import ShiftDecision
from placements.models.hours import DayType, Shift
from placements.models.placing import Placement
from placements.models.programme import Enrolment, Stage


class StageTally(models.Model):
    """A student's totals in a stage, in whole minutes; clinical and simulated hours never mixed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="tallies")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="tallies", db_index=False)
    confirmed = models.PositiveIntegerField(default=0)
    awaiting = models.PositiveIntegerField(default=0)
    queried = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    absent = models.PositiveIntegerField(default=0)
    site_cancelled = models.PositiveIntegerField(default=0)
    made_up = models.PositiveIntegerField(default=0)
    brought_forward = models.PositiveIntegerField(default=0)
    adjusted = models.IntegerField(default=0)
    simulated_confirmed = models.PositiveIntegerField(default=0)
    simulated_awaiting = models.PositiveIntegerField(default=0)
    simulated_queried = models.PositiveIntegerField(default=0)
    simulated_rejected = models.PositiveIntegerField(default=0)
    simulated_brought_forward = models.PositiveIntegerField(default=0)
    # First and last day of the stage's placements, withdrawn ones left out: the line of the plan.
    plan_first = models.DateField(null=True)
    plan_last = models.DateField(null=True)
    # The first day on which the student is behind plan unless more is logged; empty when never.
    behind_on = models.DateField(null=True)
    oldest_waiting = models.DateField(null=True)
    # The student's interruptions as [first day, last day], in order; the last is null until resumed.
    interrupted = models.JSONField(default=list)

    class Meta:
        indexes = [
            # Holds all that the question "who is behind?" reads.
            models.Index(
                fields=["plan_last", "behind_on", "enrolment", "stage"],
                name="placements_tally_plan",
            ),
            models.Index(
                fields=["oldest_waiting"],
                condition=Q(oldest_waiting__isnull=False),
                name="placements_tally_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "stage"], name="placements_tally_once"),
            models.CheckConstraint(
                condition=Q(plan_first=None, plan_last=None)
                | Q(plan_first__isnull=False, plan_last__gte=F("plan_first")),
                name="placements_tally_plan_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}, {self.stage_id}"


class CurrentShift(models.Model):
    """The newest version of a shift and where it stands. One row for each line of corrections."""

    class State(models.TextChoices):
        """Where a shift stands."""

        AWAITING = "awaiting", "awaiting"
        QUERIED = "queried", "queried"
        CONFIRMED = "confirmed", "confirmed"
        REJECTED = "rejected", "rejected"
        WITHDRAWN = "withdrawn", "withdrawn"

    WAITING = (State.AWAITING, State.QUERIED)
    LIVE = (State.AWAITING, State.QUERIED, State.CONFIRMED)

    shift = models.OneToOneField(Shift, on_delete=PROTECT, related_name="current")
    decision = models.OneToOneField(
        ShiftDecision, on_delete=PROTECT, null=True, related_name="current"
    )
    enrolment = models.ForeignKey(
        Enrolment, on_delete=PROTECT, related_name="current_shifts", db_index=False
    )
    placement = models.ForeignKey(
        Placement, on_delete=PROTECT, related_name="current_shifts", db_index=False
    )
    tally = models.ForeignKey(
        StageTally, on_delete=PROTECT, related_name="current_shifts", db_index=False
    )
    day_type = models.ForeignKey(DayType, on_delete=PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    start = models.DateTimeField()
    end = models.DateTimeField()
    break_minutes = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    # The day the waiting began: sent, corrected, or a query answered.
    sent_on = models.DateField()
    # The hours rules it touches, as a list of {rule, severity, monday, measured, limit}.
    findings = models.JSONField(default=list)
    breach = models.BooleanField(default=False)

    # The lost day that its shift makes up; no column: `placements.standing` brings it.
    makes_up: int | None

    class Meta:
        indexes = [
            models.Index(fields=["enrolment", "start"], name="placements_current_by_day"),
            # Not a partial one: SQLite uses those only for conditions without parameters.
            models.Index(
                fields=["placement", "state", "sent_on"], name="placements_current_placed"
            ),
            models.Index(
                fields=["sent_on"], condition=Q(breach=True), name="placements_current_breach"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="placements_current_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} shift {self.shift_id}"
