"""Decisions about shifts: who, in which capacity, how they proved it, and the words they signed."""

from django.db import models
from django.db.models import PROTECT, Q

from placements.models.hours import Shift
from placements.models.placing import Supervision
from school.core.models import Fact
from school.people.models import Person
from school.people.models.links import CodedLink


class Wording(models.Model):
    """A sentence that people sign under, kept for ever; a changed sentence is a new row."""

    APPEND_ONLY = True
    # A decision seals the digest alone, so verify_records hashes the text as well.
    DIGEST_OF = ("digest", "text")

    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class ShiftDecision(Fact):
    """A shift was confirmed, queried or rejected, or such a decision was undone. In the enrolment's book.

    The decisions of a shift form one line: each but the first supersedes the one before.
    """

    KIND = "placements.shift_decision"
    PAYLOAD = {
        1: (
            "shift__entry__uuid",
            "outcome",
            "person__uuid",
            "capacity",
            "proof",
            "wording__digest",
            "breach_seen",
            "device_time",
            "comment_hash",
            "supersedes__entry__uuid",
        )
    }
    # Which decision it supersedes is the portal's own finding: at a retry it would find the first answer.
    NOT_CONTENT = frozenset({"device_time", "proof", "supersedes__entry__uuid"})

    class Outcome(models.TextChoices):
        """What was decided."""

        CONFIRMED = "confirmed", "confirmed"
        QUERIED = "queried", "queried"
        REJECTED = "rejected", "rejected"
        UNDONE = "undone", "undone"

    class Capacity(models.TextChoices):
        """In which capacity the person decided."""

        PRACTICE_EDUCATOR = Supervision.Capacity.PRACTICE_EDUCATOR.value, "practice educator"
        SUPERVISOR = Supervision.Capacity.SUPERVISOR.value, "day-to-day supervisor"
        ASSESSOR = Supervision.Capacity.ASSESSOR.value, "final assessor"
        SITE_LEAD = "site_lead", "site lead"
        STAND_IN = "stand_in", "standing in for a practice educator"

    class Proof(models.TextChoices):
        """How the person proved who they were."""

        PASSWORD = "password", "password"
        PASSKEY = "passkey", "passkey"
        TOTP = "totp", "code from an authenticator app"
        EMAILED_CODE = "emailed_code", "code sent by email"
        LINK_AND_CODE = "link_and_code", "link and code sent by email"

    shift = models.ForeignKey(Shift, on_delete=PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="shift_decisions")
    capacity = models.CharField(max_length=20, choices=Capacity)
    proof = models.CharField(max_length=20, choices=Proof)
    wording = models.ForeignKey(Wording, on_delete=PROTECT, related_name="+")
    breach_seen = models.BooleanField(default=False)
    device_time = models.DateTimeField(null=True)
    comment_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shift"],
                condition=Q(supersedes=None),
                name="placements_decision_one_line",
            )
        ]


class QueryReply(Fact):
    """A student answered a query without changing the shift; the words are private text. In the enrolment's book."""

    KIND = "placements.query_reply"
    PAYLOAD = {1: ("decision__entry__uuid", "reply_hash")}

    decision = models.OneToOneField(ShiftDecision, on_delete=PROTECT, related_name="reply")
    reply_hash = models.CharField(max_length=64)


class ConfirmationLink(CodedLink):
    """A link sent to somebody without an account to decide the named shifts; lives 7 days.

    What it led to stands in the decisions.
    """

    CODE_MAIL = "confirmation_code"

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="confirmation_links")
    shifts = models.ManyToManyField(Shift, related_name="confirmation_links")
    asked_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
