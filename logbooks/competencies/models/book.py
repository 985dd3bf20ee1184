"""Copies of the whole log book that its student takes away, and whom they are shared with."""

import uuid

from django.db import models
from django.db.models import PROTECT

from placements.models import Enrolment
from school.core.models import Fact


class LogBookCopy(Fact):
    """A student took the log book away as it stood at the head of their record book, as three files.

    `code` is what a stranger checks it by; each digest is the SHA-256 of a file. In the enrolment's book.
    """

    KIND = "competencies.log_book_copy"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "code",
            "reflections",
            "head_seq",
            "head_digest",
            "pdf_digest",
            "json_digest",
            "csv_digest",
        )
    }
    # What the portal found when it was asked: sent again, it would find a later record.
    NOT_CONTENT = frozenset(PAYLOAD[1]) - {"enrolment__uuid", "reflections"}

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="log_book_copies")
    code = models.CharField(max_length=20, unique=True)
    # Whether the student's own reflections stand in it.
    reflections = models.BooleanField()
    head_seq = models.PositiveIntegerField()
    head_digest = models.CharField(max_length=64)
    pdf_digest = models.CharField(max_length=64)
    json_digest = models.CharField(max_length=64)
    csv_digest = models.CharField(max_length=64)


class SharedCopy(models.Model):
    """A link by which a named reader opens a copy until the end of a day, or until its student ends it.

    Holds the hash of its token, never the token itself.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    copy = models.ForeignKey(LogBookCopy, on_delete=PROTECT, related_name="shares")
    name = models.CharField(max_length=200)
    address = models.EmailField(max_length=254)
    purpose = models.CharField(max_length=200)
    ends_on = models.DateField()
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Link {self.uuid}"


class SharedCopyOpening(models.Model):
    """Somebody opened a shared copy by its link: its page, or one of its files."""

    class What(models.TextChoices):
        """What was opened."""

        PAGE = "page", "the page"
        PDF = "pdf", "the PDF"
        JSON = "json", "the JSON"
        CSV = "csv", "the tables"

    share = models.ForeignKey(SharedCopy, on_delete=PROTECT, related_name="openings")
    what = models.CharField(max_length=4, choices=What)
    opened_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.what} by {self.share}"
