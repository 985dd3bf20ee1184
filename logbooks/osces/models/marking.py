"""Mark sheets: one for each candidate at each station by each examiner, the taps on it, and what it said when it was closed."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q

from logbooks.osces.models.day import Candidate
from logbooks.osces.models.exams import Exam, ExamPlace
from school.core.models import Book, Fact
from school.people.models import Person


class MarkSheet(models.Model):
    """The record book of what one examiner saw one candidate do at one station, in whichever circuit that was."""

    APPEND_ONLY = True

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    book = models.OneToOneField(Book, on_delete=PROTECT, related_name="+")
    exam = models.ForeignKey(Exam, on_delete=PROTECT, related_name="sheets")
    candidate = models.ForeignKey(Candidate, on_delete=PROTECT, related_name="sheets")
    place = models.ForeignKey(ExamPlace, on_delete=PROTECT, related_name="sheets")
    examiner = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    site = models.CharField(max_length=200)
    circuit = models.CharField(max_length=130)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "place", "examiner"], name="osces_mark_sheet_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidate} at {self.place}"


class MarkEvent(Fact):
    """One tap on a mark sheet, made on a device that counts them (`marking.register` says what they come to).

    `part` is the key of an item, "grade" or "comment". `value` is a mark or the number of a grade; without one, `said` says
    why. `seen` are the UUIDs of the events about the same part that the device knew, sorted and joined by spaces.
    `device_at` is the device's clock: evidence that decides nothing. In the sheet's book; `paper` where it was typed from paper.
    """

    KIND = "osces.marked"
    PAYLOAD = {
        1: (
            "sheet__uuid",
            "device",
            "number",
            "part",
            "value",
            "said",
            "seen",
            "paper",
            "device_at",
            "words_hash",
        )
    }
    NOT_CONTENT = frozenset({"device_at"})

    class Said(models.TextChoices):
        """What an event says that gives no mark."""

        MARK = "mark", "a mark"
        NOT_OBSERVED = "not_observed", "not observed"
        CLEARED = "cleared", "taken back"
        WORDS = "words", "a comment"

    sheet = models.ForeignKey(MarkSheet, on_delete=PROTECT, related_name="events")
    device = models.UUIDField()
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=36)
    value = models.PositiveSmallIntegerField(null=True)
    said = models.CharField(max_length=15, choices=Said, default=Said.MARK)
    seen = models.CharField(max_length=400, blank=True)
    paper = models.BooleanField(default=False)
    device_at = models.DateTimeField(null=True)
    words_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "device", "number"], name="osces_mark_event_number_once"
            ),
            models.CheckConstraint(
                condition=Q(said="mark", value__isnull=False) | (~Q(said="mark") & Q(value=None)),
                name="osces_mark_event_says_one_thing",
            ),
        ]


class AmendmentAsked(Fact):
    """Somebody asks that a closed sheet says something else, with a reason; a second person answers. In the sheet's book."""

    KIND = "osces.amendment_asked"
    PAYLOAD = {1: ("sheet__uuid", "of__entry__uuid", "digest", "reason_hash")}
    DIGEST_OF = ("digest", "marks")

    sheet = models.ForeignKey(MarkSheet, on_delete=PROTECT, related_name="amendments")
    of = models.ForeignKey("SheetClosed", on_delete=PROTECT, related_name="amendments")
    marks = models.TextField()
    digest = models.CharField(max_length=64)
    reason_hash = models.CharField(max_length=64)


class AmendmentRefused(Fact):
    """A second person left a closed sheet as it is. In the sheet's book."""

    KIND = "osces.amendment_refused"
    PAYLOAD = {1: ("asked__entry__uuid",)}

    asked = models.OneToOneField(AmendmentAsked, on_delete=PROTECT, related_name="refused")


class SheetClosed(Fact):
    """A mark sheet was closed as it stood, or a second person let an amendment supersede what it said. In the sheet's book.

    `marks` are the parts with their values as canonical JSON, `total` the sum of the marks that were given, none where every
    item was not observed, and `grade` the number of the global grade.
    """

    KIND = "osces.sheet_closed"
    PAYLOAD = {
        1: (
            "sheet__uuid",
            "digest",
            "total",
            "grade",
            "paper",
            "supersedes__entry__uuid",
            "asked__entry__uuid",
        )
    }
    DIGEST_OF = ("digest", "marks")

    sheet = models.ForeignKey(MarkSheet, on_delete=PROTECT, related_name="closings")
    marks = models.TextField()
    digest = models.CharField(max_length=64)
    total = models.PositiveSmallIntegerField(null=True)
    grade = models.PositiveSmallIntegerField()
    paper = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
    asked = models.OneToOneField(
        AmendmentAsked, on_delete=PROTECT, null=True, related_name="accepted"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(supersedes=None), name="osces_sheet_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None, asked=None)
                | Q(supersedes__isnull=False, asked__isnull=False),
                name="osces_sheet_amended_when_asked",
            ),
        ]


class Tablet(models.Model):
    """A sign of life of an examiner's device: when it was last heard of, and how many marks only it had then."""

    exam = models.ForeignKey(Exam, on_delete=PROTECT, related_name="tablets")
    examiner = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    device = models.UUIDField()
    unsent = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "examiner", "device"], name="osces_tablet_once")
        ]

    def __str__(self) -> str:
        return f"A device of {self.examiner}"
