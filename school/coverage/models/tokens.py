"""The tokens by which other systems read coverage."""

import uuid

from django.db import models
from django.db.models import PROTECT

from school.people.models import Person


class ApiToken(models.Model):
    """What somebody gave another system so that it reads what they see themselves; only the hash of its secret is kept."""

    class Scope(models.TextChoices):
        """How much the system is told of what its maker sees."""

        FIGURES = "figures", "Figures alone"
        NAMES = "names", "Figures, and people by name"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=10, choices=Scope)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Its last day; it still works on that day.
    expires_on = models.DateField()
    last_used_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Token {self.uuid}"
