"""A version of a requirement while it is being written: tried, and then published or thrown away."""

import uuid

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from school.coverage.models.requirements import RequirementVersion


class RequirementDraft(models.Model):
    """What the next version of a requirement is to say; published it becomes the version of its UUID.

    `whom` and `courses` are words as a file holds them: groups divided by bars, and codes of courses divided by
    bars, which the catalogue need not have yet. Without `decided` it has still to be said how long it satisfies.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    radiation = models.BooleanField(default=False)
    whom = models.CharField(max_length=4000, blank=True)
    courses = models.CharField(max_length=4000, blank=True)
    decided = models.BooleanField(default=False)
    renewal = models.CharField(
        max_length=10,
        choices=RequirementVersion.Renewal,
        default=RequirementVersion.Renewal.COMPLETION,
    )
    active_months = models.PositiveSmallIntegerField(null=True)
    window_months = models.PositiveSmallIntegerField(default=0)
    window_days = models.PositiveSmallIntegerField(default=0)
    minimum_months = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True)
    learning_minutes = models.PositiveIntegerField(default=0)
    grace_days = models.PositiveSmallIntegerField(default=0)
    target_percent = models.PositiveSmallIntegerField(default=90)
    source = models.CharField(max_length=300, blank=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_months=None) | Q(active_months__gte=1),
                name="coverage_draft_period",
            ),
            models.CheckConstraint(
                condition=Q(target_percent__lte=100), name="coverage_draft_target"
            ),
        ]

    def __str__(self) -> str:
        return self.name
