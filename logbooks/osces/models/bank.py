"""The bank of stations: each written as one document until it is published in a version."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords

from school.people.models import Person


class Station(models.Model):
    """A station of the bank, with the next version of it while that is written.

    `draft` is its document as canonical JSON (`stations.document`), empty where none is open. Whoever wrote on it, as its history
    says, does not publish it.
    """

    class State(models.TextChoices):
        """Where the next version is."""

        NONE = "none", "no draft"
        DRAFT = "draft", "being written"
        IN_REVIEW = "in_review", "waiting for a second reader"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    draft = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="none", draft="") | (~Q(state="none") & ~Q(draft="")),
                name="osces_station_draft_while_open",
            )
        ]

    def __str__(self) -> str:
        return self.title


class StationVersion(models.Model):
    """A published version of a station, written once: its document as canonical JSON, and the SHA-256 of that."""

    APPEND_ONLY = True

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    published_on = models.DateField()
    digest = models.CharField(max_length=64)
    document = models.TextField()
    written_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "number"], name="osces_station_version_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(written_by=models.F("reviewed_by")),
                name="osces_station_version_read_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station}, version {self.number}"
