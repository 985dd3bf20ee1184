"""Mail that the portal owes somebody: written with the act that causes it, sent by the worker."""

import uuid

from django.db import models
from django.db.models import PROTECT, F, Q
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

from school.people.models.accounts import Person


class Mail(models.Model):
    """One message to one address. `message_id` never changes, so a repeated hand-over can be recognised."""

    class State(models.TextChoices):
        """Where the message is on its way."""

        WAITING = "waiting", "waiting"
        SENDING = "sending", "being sent"
        SENT = "sent", "sent"
        REFUSED = "refused", "refused"
        CAME_BACK = "came_back", "came back"
        HELD = "held", "waits for the next digest"
        GATHERED = "gathered", "part of a digest"
        KEPT = "kept", "stands in the portal only"

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
    # Comes at once whatever its reader prefers: it signs somebody in, or they asked for it a moment ago.
    urgent = models.BooleanField(default=False)
    # The digest that this message went out in; how that fares, this fares.
    gathered_in = models.ForeignKey(
        "self", on_delete=PROTECT, null=True, blank=True, related_name="gathers"
    )

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="people_mail_to_send")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("sent", "came_back"), sent_at__isnull=False)
                | (~Q(state__in=("sent", "came_back")) & Q(sent_at=None)),
                name="people_mail_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="gathered", gathered_in__isnull=False)
                | (~Q(state="gathered") & Q(gathered_in=None)),
                name="people_mail_gathered_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.address}"


class RefusedAddress(models.Model):
    """An address where mail was refused or came back from, until a later message arrives there or it is changed."""

    address = models.EmailField(max_length=254)
    since = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("address"), name="people_refused_address_once")
        ]

    def __str__(self) -> str:
        return self.address


class MailPreference(models.Model):
    """How somebody wants to hear from the portal; without a row, once a day and with no quiet hours.

    What signs somebody in, and what they asked for a moment ago, comes at once whatever stands here.
    """

    class Digest(models.TextChoices):
        """How often news are put together into one mail."""

        AT_ONCE = "at_once", "each as it happens"
        DAILY = "daily", "once a day"
        WEEKLY = "weekly", "once a week, on Monday"
        NEVER = "never", "never; I look in the portal"

    person = models.OneToOneField(Person, on_delete=PROTECT, related_name="mail_preference")
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.DAILY)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="people_mail_quiet_has_both",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None) | ~Q(quiet_from=F("quiet_until")),
                name="people_mail_quiet_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_digest_display()}"
