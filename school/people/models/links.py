"""What every link has that is mailed to somebody and opens with a code to the same address."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class CodedLink(models.Model):
    """A link to an address, and the code that proves who opened it. Holds their hashes, never themselves.

    Who it goes to is `person`, of whoever derives from it. `CODE_MAIL` is the kind of mail that brings its codes.
    """

    CODE_MAIL: ClassVar[str]
    # What `failure` says when no mail came back, but every code of the link was sent.
    CODES_SPENT = "Closed after 10 codes."

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    address = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["failed_at"],
                condition=Q(failed_at__isnull=False),
                name="%(app_label)s_link_failed",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(failed_at=None, failure="") | Q(failed_at__isnull=False),
                name="%(app_label)s_link_failure_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"Link {self.uuid}"
