"""What somebody has attained, what it counts as, claims of what was learned elsewhere, and certificates."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from simple_history.models import HistoricalRecords

from school.core.models import Fact
from school.courses.models.catalogue import Course, CourseVersion
from school.courses.models.events import Booking
from school.people.models import Person


class Attainment(Fact):
    """A person completed a version of a course on a day (the entry's about_from). In the person's book.

    `expires_on` stands only where the issuing body printed one; how long it satisfies is a requirement's rule.
    """

    KIND = "courses.attainment"
    PAYLOAD = {
        1: (
            "person__uuid",
            "course_version__uuid",
            "source",
            "booking__uuid",
            "expires_on",
            "supersedes__entry__uuid",
        )
    }

    class Source(models.TextChoices):
        """Where it comes from."""

        EVENT = "event", "attended event"
        MODULE = "module", "online module"
        CLAIM = "claim", "evidence from elsewhere"
        IMPORT = "import", "imported record"

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="attainments")
    course_version = models.ForeignKey(CourseVersion, on_delete=PROTECT, related_name="attainments")
    source = models.CharField(max_length=10, choices=Source)
    booking = models.ForeignKey(Booking, on_delete=PROTECT, null=True, related_name="attainments")
    expires_on = models.DateField(null=True)
    # An import that says otherwise than before; a renewal is an attainment of its own.
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source="event", booking__isnull=False)
                | (~Q(source="event") & Q(booking=None)),
                name="courses_attainment_event_has_booking",
            )
        ]


class AttainmentVoid(Fact):
    """An attainment is as if it had not been, from the day this is known. In the person's book."""

    KIND = "courses.attainment_void"
    PAYLOAD = {1: ("attainment__entry__uuid", "reason_hash")}

    attainment = models.OneToOneField(Attainment, on_delete=PROTECT, related_name="void")
    reason_hash = models.CharField(max_length=64)


class Equivalence(Fact):
    """Who attained one course has attained another, between the entry's about dates. In the network's book."""

    KIND = "courses.equivalence"
    PAYLOAD = {1: ("attained__uuid", "counts_as__uuid", "cancelled", "supersedes__entry__uuid")}

    attained = models.ForeignKey(Course, on_delete=PROTECT, related_name="counts_as")
    counts_as = models.ForeignKey(Course, on_delete=PROTECT, related_name="equivalents")
    cancelled = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(attained=F("counts_as")), name="courses_equivalence_of_two"
            )
        ]


class Claim(Fact):
    """A person says that they learned something elsewhere on a day (about_from), with evidence. In the person's book.

    `digest` is the SHA-256 of the file; what it was and who gave it is private text.
    """

    KIND = "courses.claim"
    PAYLOAD = {1: ("person__uuid", "course__uuid", "expires_on", "digest", "words_hash")}

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="claims")
    course = models.ForeignKey(Course, on_delete=PROTECT, related_name="claims")
    expires_on = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    words_hash = models.CharField(max_length=64)


class ClaimDecision(Fact):
    """A claim was accepted, which makes an attainment, or declined with a reason. In the person's book."""

    KIND = "courses.claim_decision"
    PAYLOAD = {1: ("claim__entry__uuid", "attainment__entry__uuid", "reason_hash")}

    claim = models.OneToOneField(Claim, on_delete=PROTECT, related_name="decision")
    attainment = models.OneToOneField(
        Attainment, on_delete=PROTECT, null=True, related_name="claim_decision"
    )
    reason_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(attainment__isnull=False) | ~Q(reason_hash=""),
                name="courses_claim_declined_with_reason",
            )
        ]


class Certificate(Fact):
    """An attainment was certified on a document and a badge, as they were then. In the person's book.

    `code` is what a stranger checks it by; `digest` and `badge_digest` are the SHA-256 of the PDF and of
    the credential; `status_index` is the badge's place in the status list.
    """

    KIND = "courses.certificate"
    PAYLOAD = {1: ("attainment__entry__uuid", "code", "digest", "badge_digest", "status_index")}
    NOT_CONTENT = frozenset({"code", "digest", "badge_digest", "status_index"})

    attainment = models.OneToOneField(Attainment, on_delete=PROTECT, related_name="certificate")
    code = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64)
    badge_digest = models.CharField(max_length=64)
    status_index = models.PositiveIntegerField(unique=True)


class Revocation(Fact):
    """A certificate and its badge hold no longer. In the person's book."""

    KIND = "courses.revocation"
    PAYLOAD = {1: ("certificate__entry__uuid", "reason_hash")}

    certificate = models.OneToOneField(Certificate, on_delete=PROTECT, related_name="revocation")
    reason_hash = models.CharField(max_length=64)


class ImportSource(models.Model):
    """Another system that attainments come from, and how its columns are called; mapped once."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    # The portal's column to the source's heading.
    columns = models.JSONField(default=dict)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name


class SourceTitle(models.Model):
    """What a course is called in a source."""

    source = models.ForeignKey(ImportSource, on_delete=models.CASCADE, related_name="titles")
    title = models.CharField(max_length=200)
    course = models.ForeignKey(Course, on_delete=PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "title"], name="courses_source_title_once")
        ]

    def __str__(self) -> str:
        return self.title
