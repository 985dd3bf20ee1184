"""The ledger: record books, their entries, the base of every fact, and private text beside it."""

import uuid
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import PROTECT, Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable

# The actor of what the portal does by itself, such as an import run from the command line.
PORTAL = uuid.UUID(int=0)


class Book(models.Model):
    """A record book: the unit that is chained, locked and taken away as a whole."""

    APPEND_ONLY = True

    class Kind(models.TextChoices):
        """What a book is the record of."""

        NETWORK = "network", "the network"
        PERSON = "person", "a person"
        ENROLMENT = "enrolment", "an enrolment"
        EVENT = "event", "an event"
        MARK_SHEET = "mark_sheet", "a mark sheet"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="network"), name="core_book_one_network"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uuid}"


class LedgerEntry(models.Model):
    """One fact's place in its book: who, when, in which order, and the hash that chains it to the one before."""

    APPEND_ONLY = True

    uuid = models.UUIDField(unique=True, editable=False)
    book = models.ForeignKey(Book, on_delete=PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    kind_version = models.PositiveSmallIntegerField()
    actor = models.UUIDField()
    about_from = models.DateField()
    about_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    known_from = models.DateField()
    imported = models.BooleanField(default=False)
    payload = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "seq"], name="core_entry_book_seq"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="core_entry_seq_from_1"),
            models.CheckConstraint(
                condition=Q(about_to=None) | Q(about_to__gte=F("about_from")),
                name="core_entry_about_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class FactQuerySet(models.QuerySet[Any]):
    """What can be asked of any kind of fact."""

    def known_on(self, day: date | None) -> Self:
        """Without what was recorded after the end of `day`; all when None."""
        return self if day is None else self.filter(entry__known_from__lte=day)

    def standing(self, known_on: date | None = None) -> Self:
        """Without facts that a later one supersedes, as it was known at the end of `known_on`."""
        return self.known_on(known_on).filter(_not_superseded(self.model, known_on))  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def _not_superseded(model: type[models.Model], known_on: date | None) -> Combinable:
    """The condition of `standing`, kept because building it costs every page as much as asking for a row."""
    later = model._base_manager.filter(supersedes=OuterRef("pk"))
    if known_on is not None:
        later = later.filter(entry__known_from__lte=known_on)
    return ~Exists(later)


class FactManager(models.Manager.from_queryset(FactQuerySet)):  # type: ignore[misc]
    """Brings the entry along, since nearly every reader shows who and when."""

    def get_queryset(self) -> FactQuerySet:
        return super().get_queryset().select_related("entry")


class Fact(models.Model):
    """What a person or the portal decided or reported: written once through school.core.ledger.

    A kind names its columns in `PAYLOAD`, per version, as ORM paths from the fact; they are what
    the hash covers. A column added later goes into a new version and changes no old hash.
    """

    APPEND_ONLY: ClassVar[bool] = True
    KIND: ClassVar[str]
    PAYLOAD: ClassVar[Mapping[int, tuple[str, ...]]]
    # Columns that a retried request may fill differently: device time and tokens.
    NOT_CONTENT: ClassVar[frozenset[str]] = frozenset()
    # Read by its own few readers only: a refused second write of it leaves nothing behind.
    CONFIDENTIAL: ClassVar[bool] = False

    entry = models.OneToOneField(LedgerEntry, on_delete=PROTECT, primary_key=True, related_name="+")

    objects = FactManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @classmethod
    def version(cls) -> int:
        """The version of the payload that new facts are written in."""
        return max(cls.PAYLOAD)

    @property
    def uuid(self) -> uuid.UUID:
        """The key that pages and other systems know the fact by."""
        return self.entry.uuid


class Erasure(Fact):
    """Private text of one fact was lawfully deleted: which, and on what ground."""

    KIND = "core.erasure"
    PAYLOAD = {1: ("erased__uuid", "ground")}

    class Ground(models.TextChoices):
        """Why a private text may go."""

        REQUEST = "request", "the person asked for it"
        RETENTION = "retention", "its retention period ended"
        PATIENT = "patient", "it identified a patient"

    erased = models.ForeignKey(LedgerEntry, on_delete=PROTECT, related_name="erasures")
    ground = models.CharField(max_length=20, choices=Ground)


class PrivateText(models.Model):
    """Words that belong to one fact and can be erased; the fact's payload holds only their salted hash."""

    APPEND_ONLY = True
    DELETE_WHEN = "EXISTS (SELECT 1 FROM core_erasure e WHERE e.erased_id = OLD.entry_id)"

    entry = models.ForeignKey(
        LedgerEntry, on_delete=PROTECT, related_name="private_texts", db_index=False
    )
    name = models.CharField(max_length=30)
    salt = models.BinaryField(max_length=16)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="core_private_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} of entry {self.entry_id}"


class ConflictingWrite(models.Model):
    """A write that came again under a used UUID with other content: refused, and kept for a person to look at."""

    uuid = models.UUIDField(db_index=True)
    actor = models.UUIDField()
    kind = models.CharField(max_length=60)
    content = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class JobRun(models.Model):
    """One due run of a recurring job: whoever writes the row queues the task, so many clocks make one run."""

    job = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    task_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "due_at"], name="core_job_run_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job} due {self.due_at}"


class WorkerBeat(models.Model):
    """A sign of life of one worker; a task whose worker has gone silent is queued again."""

    worker_id = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id


class Progress(models.Model):
    """How far a long piece of work has come, for the person who asked for it."""

    class State(models.TextChoices):
        """Where the work is."""

        WAITING = "waiting", "waiting to start"
        RUNNING = "running", "under way"
        DONE = "done", "done"
        FAILED = "failed", "stopped"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="core_progress_within_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.done} of {self.total}"
