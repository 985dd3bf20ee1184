"""Sign-off: asked for, given, revoked, and what does not apply; and where each competency stands."""

from django.db import models
from django.db.models import PROTECT, Q

from logbooks.competencies.models.frameworks import Competency, Level
from placements.models import Enrolment, Placement, ShiftDecision, Supervision, Wording
from school.core.models import Fact
from school.people.models import Person, Site


class SignOffRequest(Fact):
    """A student asks somebody to sign a competency on the evidence named. In the enrolment's book.

    `evidence` holds a line for each piece: the UUID of its fact and the hash of its ledger entry. The portal
    asks again, for the student, when a piece of evidence is corrected after the sign-off (`because`), or when
    who was asked has left. A later request supersedes; `withdrawn` takes it back.
    """

    KIND = "competencies.sign_off_request"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "competency__uuid",
            "placement__uuid",
            "assessor__uuid",
            "because",
            "evidence",
            "withdrawn",
            "note_hash",
            "supersedes__entry__uuid",
        )
    }
    # What it supersedes is the portal's own finding: at a retry it would find the first answer.
    NOT_CONTENT = frozenset({"supersedes__entry__uuid"})

    class Because(models.TextChoices):
        """Why it is asked."""

        ASKED = "asked", "the student asks"
        CHANGED = "changed", "evidence was changed after the sign-off"
        REROUTED = "rerouted", "who was asked first has left"

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="sign_off_requests")
    competency = models.ForeignKey(Competency, on_delete=PROTECT, related_name="requests")
    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="+")
    assessor = models.ForeignKey(Person, on_delete=PROTECT, related_name="sign_off_requests")
    because = models.CharField(max_length=10, choices=Because, default=Because.ASKED)
    evidence = models.CharField(max_length=10_000, blank=True)
    withdrawn = models.BooleanField(default=False)
    note_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )


class SignOff(Fact):
    """Somebody signed what a student can do, or that it is not yet so. In the enrolment's book; about the day observed.

    The competency is one of an immutable version, so its words are signed with it; `wording` is the sentence above the
    signature, `evidence` is as in a request. The sign-offs of a competency form one line: each but the first
    supersedes the one before.

    What stands on paper has the `proof` paper: `person` has sighted it, `assessor` is the name on it, in words
    alone, `scan` the SHA-256 of its picture, and it may belong to no placement and name a `site` only.
    """

    KIND = "competencies.sign_off"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "competency__uuid",
            "placement__uuid",
            "outcome",
            "level__code",
            "person__uuid",
            "capacity",
            "proof",
            "wording__digest",
            "evidence",
            "device_time",
            "site__uuid",
            "scan",
            "assessor_hash",
            "exception_hash",
            "feedback_hash",
            "next_step_hash",
            "request__entry__uuid",
            "supersedes__entry__uuid",
        )
    }
    NOT_CONTENT = frozenset(
        {"device_time", "proof", "request__entry__uuid", "supersedes__entry__uuid"}
    )

    class Outcome(models.TextChoices):
        """What was seen."""

        ACHIEVED = "achieved", "achieved"
        NOT_YET = "not_yet", "not yet"

    class Capacity(models.TextChoices):
        """As what the person signed."""

        PRACTICE_EDUCATOR = Supervision.Capacity.PRACTICE_EDUCATOR.value, "practice educator"
        SUPERVISOR = Supervision.Capacity.SUPERVISOR.value, "day-to-day supervisor"
        ASSESSOR = Supervision.Capacity.ASSESSOR.value, "final assessor"
        SITE_LEAD = ShiftDecision.Capacity.SITE_LEAD.value, "site lead"
        SIGHTED = "sighted", "who has seen the paper"

    class Proof(models.TextChoices):
        """How the person proved who they were, or that it stands on paper."""

        PASSWORD = ShiftDecision.Proof.PASSWORD.value, "password"
        PASSKEY = ShiftDecision.Proof.PASSKEY.value, "passkey"
        TOTP = ShiftDecision.Proof.TOTP.value, "code from an authenticator app"
        EMAILED_CODE = ShiftDecision.Proof.EMAILED_CODE.value, "code sent by email"
        LINK_AND_CODE = ShiftDecision.Proof.LINK_AND_CODE.value, "link and code sent by email"
        PHONE_CODE = "phone_code", "code sent by email, typed on the student’s phone"
        PIN = "pin", "signing PIN, typed on the student’s phone"
        PAPER = "paper", "paper, sighted"

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="sign_offs")
    competency = models.ForeignKey(Competency, on_delete=PROTECT, related_name="sign_offs")
    placement = models.ForeignKey(Placement, on_delete=PROTECT, null=True, related_name="sign_offs")
    outcome = models.CharField(max_length=10, choices=Outcome)
    level = models.ForeignKey(Level, on_delete=PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="sign_offs")
    capacity = models.CharField(max_length=20, choices=Capacity)
    proof = models.CharField(max_length=20, choices=Proof)
    wording = models.ForeignKey(Wording, on_delete=PROTECT, related_name="+")
    evidence = models.CharField(max_length=10_000, blank=True)
    device_time = models.DateTimeField(null=True)
    site = models.ForeignKey(Site, on_delete=PROTECT, null=True, related_name="+")
    scan = models.CharField(max_length=64, blank=True)
    assessor_hash = models.CharField(max_length=64, blank=True)
    exception_hash = models.CharField(max_length=64, blank=True)
    feedback_hash = models.CharField(max_length=64, blank=True)
    next_step_hash = models.CharField(max_length=64, blank=True)
    request = models.OneToOneField(
        SignOffRequest, on_delete=PROTECT, null=True, related_name="answer"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "competency"],
                condition=Q(supersedes=None),
                name="competencies_sign_off_one_line",
            ),
            models.CheckConstraint(
                condition=Q(proof="paper", capacity="sighted", assessor_hash__gt="", scan__gt="")
                | (
                    ~Q(proof="paper")
                    & ~Q(capacity="sighted")
                    & Q(placement__isnull=False, assessor_hash="", scan="")
                ),
                name="competencies_sign_off_here_or_on_paper",
            ),
        ]

    @property
    def in_words(self) -> str:
        """Who says what of it; what stands on paper is said by nobody here."""
        outcome = self.get_outcome_display()
        if self.scan:
            return f"Paper that {self.person.name} has sighted says {outcome}"
        return f"{self.person.name} has signed it as {outcome}"


class Revocation(Fact):
    """A sign-off holds no longer, from the day it is about. In the enrolment's book; nothing disappears."""

    KIND = "competencies.revocation"
    PAYLOAD = {1: ("sign_off__entry__uuid", "person__uuid", "reason_hash")}

    sign_off = models.OneToOneField(SignOff, on_delete=PROTECT, related_name="revocation")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    reason_hash = models.CharField(max_length=64)


class NotApplicable(Fact):
    """A competency is not asked of a student, approved with a reason; `cancelled` asks it again. In the enrolment's book."""

    KIND = "competencies.not_applicable"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "competency__uuid",
            "person__uuid",
            "cancelled",
            "reason_hash",
            "supersedes__entry__uuid",
        )
    }
    NOT_CONTENT = frozenset({"supersedes__entry__uuid"})

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="not_applicable")
    competency = models.ForeignKey(Competency, on_delete=PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    cancelled = models.BooleanField(default=False)
    reason_hash = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "competency"],
                condition=Q(supersedes=None),
                name="competencies_not_applicable_one_line",
            )
        ]


class CurrentCompetency(models.Model):
    """Where a competency stands for a student; none before the first fact about it.

    Written in the transaction of the fact and rebuilt by `manage.py rebuild_competencies`. `request` is the one
    that waits for an answer, beside a sign-off that may stand.
    """

    class State(models.TextChoices):
        """What the newest facts say."""

        OPEN = "open", "not yet"
        ACHIEVED = "achieved", "achieved"
        RETURNED = "returned", "not yet, with a next step"
        REVOKED = "revoked", "revoked"
        NOT_APPLICABLE = "not_applicable", "not applicable"

    enrolment = models.ForeignKey(
        Enrolment, on_delete=PROTECT, related_name="current_competencies", db_index=False
    )
    competency = models.ForeignKey(Competency, on_delete=PROTECT, related_name="current")
    state = models.CharField(max_length=15, choices=State)
    sign_off = models.OneToOneField(SignOff, on_delete=PROTECT, null=True, related_name="current")
    request = models.OneToOneField(
        SignOffRequest, on_delete=PROTECT, null=True, related_name="current"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "competency"], name="competencies_current_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["achieved", "returned", "revoked"], sign_off__isnull=False)
                | Q(state__in=["open", "not_applicable"]),
                name="competencies_current_has_sign_off",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competency_id} for {self.enrolment_id}: {self.state}"
