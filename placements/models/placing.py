"""Places that sites offer, placements and their moves, supervision, induction and site audits."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from placements.models.programme import Enrolment, Stage
from school.core.models import Fact
from school.people.models import Person, Site


class PlaceOffer(models.Model):
    """How many students of a stage a site takes at once, between two days."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="place_offers")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="place_offers")
    starts = models.DateField()
    ends = models.DateField()
    places = models.PositiveSmallIntegerField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="placements_offer_in_order"
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="placements_offer_some"),
        ]

    def __str__(self) -> str:
        return f"{self.places} at {self.site}"


class SiteAudit(Fact):
    """A site's quality audit; the entry's about dates say from when to when it holds. In the network's book."""

    KIND = "placements.site_audit"
    PAYLOAD = {1: ("site__uuid",)}

    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="audits")


class Placement(models.Model):
    """A student at a site for a stage. Dates and state are those of its newest PlacementStep."""

    class State(models.TextChoices):
        """How far the placement is; under way is a confirmed one on a day within its dates."""

        PLANNED = "planned", "planned"
        CONFIRMED = "confirmed", "confirmed"
        COMPLETED = "completed", "completed"
        WITHDRAWN = "withdrawn", "withdrawn"

    ACTIVE = (State.PLANNED, State.CONFIRMED)
    MOVES = {
        State.PLANNED: (State.CONFIRMED, State.WITHDRAWN),
        State.CONFIRMED: (State.COMPLETED, State.WITHDRAWN),
        State.COMPLETED: (),
        State.WITHDRAWN: (),
    }

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="placements")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="placements")
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="placements")
    moved_from = models.ForeignKey(
        "self", on_delete=PROTECT, null=True, blank=True, related_name="moved_to"
    )
    state = models.CharField(max_length=12, choices=State)
    starts = models.DateField()
    ends = models.DateField()
    # Nobody ever was on it: withdrawn before its first day, or given way to another from then on.
    never_began = models.BooleanField(default=False, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts"]
        indexes = [
            models.Index(fields=["site", "ends"], name="placements_at_site"),
            # All that the overview reads of the placements under way: it never opens their rows.
            models.Index(
                fields=["state", "ends", "starts", "site", "stage", "enrolment"],
                name="placements_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="placements_placement_in_order"
            ),
            models.CheckConstraint(
                condition=Q(never_began=False) | Q(state="withdrawn"),
                name="placements_never_began_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["moved_from"],
                condition=~Q(state="withdrawn"),
                name="placements_moved_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.person} at {self.site}"


class PlacementStep(Fact):
    """A placement was planned, confirmed, given other dates, completed or withdrawn. In the enrolment's book."""

    KIND = "placements.placement_step"
    PAYLOAD = {
        1: (
            "placement__uuid",
            "site__uuid",
            "stage__uuid",
            "state",
            "starts",
            "ends",
            "reason_hash",
        )
    }

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="steps")
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="+")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=Placement.State)
    starts = models.DateField()
    ends = models.DateField()
    reason_hash = models.CharField(max_length=64, blank=True)


class Supervision(Fact):
    """Who supervises a placement, in which capacity (the entry's about dates). In the enrolment's book."""

    KIND = "placements.supervision"
    PAYLOAD = {1: ("placement__uuid", "person__uuid", "capacity", "supersedes__entry__uuid")}

    class Capacity(models.TextChoices):
        """What the person is to the student."""

        PRACTICE_EDUCATOR = "practice_educator", "practice educator"
        SUPERVISOR = "supervisor", "day-to-day supervisor"
        ASSESSOR = "assessor", "final assessor"

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="supervisions")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="supervisions")
    capacity = models.CharField(max_length=20, choices=Capacity)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )


class Induction(Fact):
    """The student's site induction took place (the entry's about day). In the enrolment's book.

    What was gone through, a line each as the site's list then said it, is text beside the fact.
    """

    KIND = "placements.induction"
    PAYLOAD = {
        1: ("placement__uuid", "given_by__uuid"),
        2: ("placement__uuid", "given_by__uuid", "items_hash"),
    }

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="inductions")
    given_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    items_hash = models.CharField(max_length=64, blank=True)


class Override(Fact):
    """A coordinator let a planned breach of an hours rule stand; the reason is private text. In the enrolment's book."""

    KIND = "placements.override"
    PAYLOAD = {1: ("placement__uuid", "rule", "reason_hash")}

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="overrides")
    rule = models.CharField(max_length=40)
    reason_hash = models.CharField(max_length=64)
