"""What people were reminded of."""

from django.db import models
from django.db.models import PROTECT, Q

from school.coverage.models.requirements import Requirement
from school.people.models import Mail, Person


class Reminded(models.Model):
    """A reader was told in a mail of one thing that is due of a person: themselves, or somebody they answer for.

    It goes with its mail when a digest still holds that and it is written anew.
    """

    class Step(models.TextChoices):
        """How far it had come when they were told."""

        OPEN = "open", "can be renewed"
        SOON = "soon", "lapses soon"
        LAPSED = "lapsed", "lapsed"
        MISSING = "missing", "missing"

    reader = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    requirement = models.ForeignKey(Requirement, on_delete=PROTECT, related_name="+")
    step = models.CharField(max_length=10, choices=Step)
    # When it expires or expired. Of what is missing: the day from which they were last known to have it, none if never.
    about = models.DateField(null=True)
    mail = models.ForeignKey(Mail, on_delete=PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "person", "requirement", "step", "about"],
                name="coverage_reminded_once",
            ),
            models.UniqueConstraint(
                fields=["reader", "person", "requirement", "step"],
                condition=Q(about=None),
                name="coverage_reminded_once_of_never",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} in mail {self.mail_id}"
