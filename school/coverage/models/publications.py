"""Reports of training coverage: drafted and checked by two people, published with frozen rows, sent, taken back."""

from django.db import models
from django.db.models import PROTECT, Q
from simple_history.models import HistoricalRecords

from school.core.models import Fact
from school.coverage.models.requirements import Requirement
from school.people.models import Person, Site


class Report(models.Model):
    """A report as it is drafted: what is asked, for whom, and who checked it."""

    class By(models.TextChoices):
        """The groups that its figures are of."""

        SITE = "site", "Site"
        REGION = "region", "Region"

    class Audience(models.TextChoices):
        """Where it goes; outside the School small cells are hidden."""

        INSIDE = "inside", "People of the School"
        OUTSIDE = "outside", "Outside the School"

    uuid = models.UUIDField(unique=True, editable=False)
    title = models.CharField(max_length=120)
    for_whom = models.CharField(max_length=200)
    as_of = models.DateField()
    known_on = models.DateField()
    # Which figure stands in every cell: see school.coverage.figures.Policy.
    policy = models.CharField(
        max_length=10, choices=[("adjusted", "Adjusted"), ("headcount", "Headcount")]
    )
    grouped_by = models.CharField(max_length=10, choices=By)
    audience = models.CharField(max_length=10, choices=Audience)
    # All of them when none is named.
    requirements = models.ManyToManyField(Requirement, blank=True, related_name="+")
    sites = models.ManyToManyField(Site, blank=True, related_name="+")
    drafted_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    history = HistoricalRecords(m2m_fields=[requirements, sites])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="coverage_report_reviewed_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("drafted_by")),
                name="coverage_report_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Schedule(models.Model):
    """A published report is published anew each month, as of the last day of the month before, and sent to people."""

    report = models.OneToOneField(Report, on_delete=PROTECT, related_name="schedule")
    # To 28, so that every month has it.
    day_of_month = models.PositiveSmallIntegerField()
    recipients = models.ManyToManyField(Person, related_name="+")
    active = models.BooleanField(default=True)

    history = HistoricalRecords(m2m_fields=[recipients])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(day_of_month__gte=1, day_of_month__lte=28),
                name="coverage_schedule_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} monthly"


class Publication(Fact):
    """A report went out as it stood: its rows are frozen, and their hash stands here. In the network's book.

    It is about its `as_of`. It holds everything up to the `watermark` of the ledger, and nothing later.
    """

    KIND = "coverage.publication"
    PAYLOAD = {
        1: (
            "report__uuid",
            "known_on",
            "policy",
            "grouped_by",
            "audience",
            "drafted_by__uuid",
            "reviewed_by__uuid",
            "watermark",
            "code",
            "rows_digest",
        )
    }

    report = models.ForeignKey(Report, on_delete=PROTECT, related_name="publications")
    known_on = models.DateField()
    policy = models.CharField(max_length=10)
    grouped_by = models.CharField(max_length=10)
    audience = models.CharField(max_length=10)
    drafted_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    watermark = models.BigIntegerField()
    code = models.CharField(max_length=16, unique=True)
    rows_digest = models.CharField(max_length=64)

    @property
    def goes_outside(self) -> bool:
        """Whether small cells are hidden in its documents."""
        return self.audience == Report.Audience.OUTSIDE


class Frozen(models.Model):
    """A part of what was published, as canonical JSON: the figures, or the people of one requirement. Written once with it."""

    APPEND_ONLY = True
    # The publication seals the digests alone, so verify_records hashes the text as well.
    DIGEST_OF = ("digest", "text")
    FIGURES = ""

    publication = models.ForeignKey(Publication, on_delete=PROTECT, related_name="frozen")
    # The code of the requirement whose people it holds; none for the figures.
    part = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "part"], name="coverage_frozen_once")
        ]

    def __str__(self) -> str:
        return f"{self.part or 'figures'} of publication {self.publication_id}"


class PublicationFiles(Fact):
    """The documents of a publication were made, from its frozen rows alone. In the network's book."""

    KIND = "coverage.publication_files"
    PAYLOAD = {1: ("publication__entry__uuid", "pdf_digest", "xlsx_digest", "csv_digest")}

    publication = models.OneToOneField(Publication, on_delete=PROTECT, related_name="files")
    pdf_digest = models.CharField(max_length=64, db_index=True)
    xlsx_digest = models.CharField(max_length=64, db_index=True)
    csv_digest = models.CharField(max_length=64, db_index=True)


class Sending(Fact):
    """A publication went to somebody: a person of the portal, or an address outside. In the network's book."""

    KIND = "coverage.sending"
    PAYLOAD = {1: ("publication__entry__uuid", "person__uuid", "address_hash")}

    publication = models.ForeignKey(Publication, on_delete=PROTECT, related_name="sendings")
    person = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="+")
    address_hash = models.CharField(max_length=64, blank=True)


class Withdrawal(Fact):
    """A publication was taken back; it stays readable and says so. In the network's book."""

    KIND = "coverage.withdrawal"
    PAYLOAD = {1: ("publication__entry__uuid", "reason_hash")}

    publication = models.OneToOneField(Publication, on_delete=PROTECT, related_name="withdrawal")
    reason_hash = models.CharField(max_length=64)
