"""What each person had satisfied when, kept so that it is read quickly."""

from django.db import models
from django.db.models import PROTECT, F, Q

from school.coverage.models.requirements import RequirementVersion
from school.people.models import Person


class Satisfied(models.Model):
    """What a person had satisfied of a version over days, as it was known over days: a kept state.

    It holds on the days from `starts` to `ends` (both included, `ends` open when none) when asked as known from
    `known_from` on and before `known_until`; on such a day the person is in date until `expires`, for ever
    when none. Rebuilt by `manage.py rebuild_coverage`; brought up to the ledger before it is read.
    """

    version = models.ForeignKey(RequirementVersion, on_delete=PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField(null=True)
    expires = models.DateField(null=True)
    known_from = models.DateField()
    known_until = models.DateField(null=True)

    class Meta:
        indexes = [
            # Everything that a question reads, so that it is answered from the index alone.
            models.Index(
                fields=[
                    "version",
                    "person",
                    "starts",
                    "known_from",
                    "ends",
                    "known_until",
                    "expires",
                ],
                name="coverage_satisfied_covers",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="coverage_satisfied_days"
            ),
            models.CheckConstraint(
                condition=Q(known_until=None) | Q(known_until__gt=F("known_from")),
                name="coverage_satisfied_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} of version {self.version_id} from {self.starts}"


class TakenIn(models.Model):
    """Up to which entry of the ledger the kept state has been brought: one row."""

    only = models.BooleanField(primary_key=True, default=True)
    entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="coverage_one_row")]

    def __str__(self) -> str:
        return f"Entry {self.entry}"
