"""What a site asks and offers beside its places: requests to it, checks, its guide for newcomers, patterns of work."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from placements.models.placing import PlaceOffer, SiteAudit
from placements.models.programme import Enrolment, Stage
from school.people.models import Person, Site


class PlaceRequest(models.Model):
    """A coordinator asks a site for places; the site offers some, which makes a PlaceOffer, or declines."""

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked", "waits for the site"
        OFFERED = "offered", "places offered"
        DECLINED = "declined", "declined"
        TAKEN_BACK = "taken_back", "taken back"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="place_requests")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="place_requests")
    starts = models.DateField()
    ends = models.DateField()
    places = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    asked_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    asked_on = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    answered_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    offer = models.OneToOneField(PlaceOffer, on_delete=PROTECT, null=True, related_name="request")

    history = HistoricalRecords()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="placements_request_in_order"
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="placements_request_some"),
            models.CheckConstraint(
                condition=Q(state="offered", offer__isnull=False)
                | (~Q(state="offered") & Q(offer=None)),
                name="placements_request_has_offer",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("offered", "declined"),
                    answered_by__isnull=False,
                    answered_on__isnull=False,
                )
                | Q(state__in=("asked", "taken_back"), answered_by=None, answered_on=None),
                name="placements_request_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.places} asked of {self.site}"


class SitePreference(models.Model):
    """Where a student would like to be placed, in their own order; 1 is the first choice."""

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="preferences")
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "rank"], name="placements_preference_rank"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "site"], name="placements_preference_site"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="placements_preference_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.site}"


class WorkingPattern(models.Model):
    """A week of work that a site plans again and again; in `weekdays` Monday is 1, Tuesday 2, Wednesday 4 and so on, added up."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="working_patterns")
    name = models.CharField(max_length=60)
    weekdays = models.PositiveSmallIntegerField()
    start = models.TimeField()
    end = models.TimeField()
    break_minutes = models.PositiveSmallIntegerField()

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="placements_pattern_once"),
            models.CheckConstraint(
                condition=Q(weekdays__range=(1, 127)), name="placements_pattern_weekdays"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CheckKind(models.TextChoices):
    """What a site may ask a student to show before the first day."""

    DBS = "dbs", "Disclosure and Barring Service check"
    OCCUPATIONAL_HEALTH = "occupational_health", "Occupational health clearance"
    MANUAL_HANDLING = "manual_handling", "Manual handling training"
    LOCAL_RULES = "local_rules", "Local rules read"
    DOSE_BADGE = "dose_badge", "Dose badge issued"


class SiteCheck(models.Model):
    """A check that a site asks for, and for how many months it accepts one; None when it does not run out."""

    site = models.ForeignKey(Site, on_delete=PROTECT, related_name="checks")
    kind = models.CharField(max_length=20, choices=CheckKind)
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["site", "kind"], name="placements_sitecheck_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.site}"


class SiteGuide(models.Model):
    """What a newcomer needs to know of a site; `induction` has one thing to go through per line."""

    site = models.OneToOneField(Site, on_delete=PROTECT, related_name="guide")
    meeting_point = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    hours = models.TextField(blank=True)
    dress = models.TextField(blank=True)
    bring = models.TextField(blank=True)
    travel = models.TextField(blank=True)
    induction = models.TextField(blank=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"Guide to {self.site}"


class SiteAuditAction(models.Model):
    """Something that a site's quality audit asks for, by a day."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    audit = models.ForeignKey(SiteAudit, on_delete=PROTECT, related_name="actions")
    what = models.CharField(max_length=300)
    due = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["due"]

    def __str__(self) -> str:
        return self.what
