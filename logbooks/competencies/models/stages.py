"""A whole stage: signed off, what was shown elsewhere, and the move of a student to another version of the framework."""

from django.db import models
from django.db.models import PROTECT, Q

from logbooks.competencies.models.frameworks import FrameworkVersion
from logbooks.competencies.models.signing import SignOff
from placements.models import Enrolment, Placement, Stage, StageTask, Wording
from school.core.models import Fact
from school.people.models import Person


class ExternalResult(Fact):
    """What a student showed elsewhere at a task of a stage, on the day it is about: an OSCE or a simulation not held here.

    In the enrolment's book. `what` and `place` are private texts; `document` is the SHA-256 of what says so,
    which `sighted_by` has seen. The results of a task make one line of which the newest counts: a later
    result, or a correction with its reason, supersedes; `withdrawn` takes it back.
    """

    KIND = "competencies.external_result"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "task__stage__uuid",
            "task__code",
            "outcome",
            "document",
            "sighted_by__uuid",
            "withdrawn",
            "what_hash",
            "place_hash",
            "reason_hash",
            "supersedes__entry__uuid",
        )
    }

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="external_results")
    task = models.ForeignKey(StageTask, on_delete=PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=SignOff.Outcome)
    document = models.CharField(max_length=64)
    sighted_by = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    what_hash = models.CharField(max_length=64)
    place_hash = models.CharField(max_length=64)
    reason_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "task"],
                condition=Q(supersedes=None),
                name="competencies_external_result_one_line",
            )
        ]


class StageSignOff(Fact):
    """A final assessor signed a whole stage of a student: every task of it stood. In the enrolment's book.

    `rests_on` holds a line for each fact it rests on, its UUID and the hash of its ledger entry, and
    `minutes` how many counted towards the stage. What becomes of any of it afterwards changes nothing
    here. The sign-offs of a stage make one line: each but the first supersedes one that was revoked.
    """

    KIND = "competencies.stage_sign_off"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "stage__uuid",
            "framework_version__uuid",
            "placement__uuid",
            "person__uuid",
            "capacity",
            "proof",
            "wording__digest",
            "minutes",
            "rests_on",
            "device_time",
            "exception_hash",
            "feedback_hash",
            "supersedes__entry__uuid",
        )
    }
    # What it rests on is the portal's own finding: at a retry it might find more.
    NOT_CONTENT = frozenset(
        {
            "device_time",
            "proof",
            "framework_version__uuid",
            "minutes",
            "rests_on",
            "supersedes__entry__uuid",
        }
    )

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="stage_sign_offs")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="+")
    framework_version = models.ForeignKey(FrameworkVersion, on_delete=PROTECT, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="stage_sign_offs")
    capacity = models.CharField(max_length=20, choices=SignOff.Capacity)
    proof = models.CharField(max_length=20, choices=SignOff.Proof)
    wording = models.ForeignKey(Wording, on_delete=PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    rests_on = models.CharField(max_length=100_000)
    device_time = models.DateTimeField(null=True)
    exception_hash = models.CharField(max_length=64, blank=True)
    feedback_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "stage"],
                condition=Q(supersedes=None),
                name="competencies_stage_sign_off_one_line",
            )
        ]


class StageRevocation(Fact):
    """The sign-off of a stage holds no longer, from the day it is about. In the enrolment's book; nothing disappears."""

    KIND = "competencies.stage_revocation"
    PAYLOAD = {1: ("sign_off__entry__uuid", "person__uuid", "reason_hash")}

    sign_off = models.OneToOneField(StageSignOff, on_delete=PROTECT, related_name="revocation")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    reason_hash = models.CharField(max_length=64)


class VersionMove(Fact):
    """A student works towards another version of their framework from a day on, with a reason. In the enrolment's book.

    What was signed stands: it counts for the competency of the same `identifier` and says under which
    version it was signed. The moves of a student make one line of which the newest counts.
    """

    KIND = "competencies.version_move"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "former__uuid",
            "framework_version__uuid",
            "person__uuid",
            "reason_hash",
            "supersedes__entry__uuid",
        )
    }
    NOT_CONTENT = frozenset({"former__uuid", "supersedes__entry__uuid"})

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="version_moves")
    former = models.ForeignKey(FrameworkVersion, on_delete=PROTECT, related_name="+")
    framework_version = models.ForeignKey(FrameworkVersion, on_delete=PROTECT, related_name="moves")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    reason_hash = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(supersedes=None),
                name="competencies_version_move_one_line",
            )
        ]
