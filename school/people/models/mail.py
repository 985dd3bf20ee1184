"""Mail that the portal owes somebody: written with the act that causes it, sent by the worker."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q

from school.people.models.accounts import Person


class Mail(models.Model):
    """One message to one address. `message_id` never changes, so a repeated hand-over can be recognised."""

    class State(models.TextChoices):
        """Where the message is on its way."""

        WAITING = "waiting", "waiting"
        SENDING = "sending", "being sent"
        SENT = "sent", "sent"
        REFUSED = "refused", "refused"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=PROTECT, null=True, related_name="mails")
    address = models.EmailField(max_length=254)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    # At most one message of a kind for a key, such as a person's digest of a day.
    once_key = models.CharField(max_length=120, null=True, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="people_mail_to_send")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="people_mail_sent_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"
