"""What happens during a placement beside its hours: meetings, concerns, adjustments, cover and interruptions."""

from django.db import models
from django.db.models import PROTECT, F, Q

from placements.models.confirming import ShiftDecision, Wording
from placements.models.placing import Placement, Supervision
from placements.models.programme import Enrolment
from school.core.models import Fact
from school.people.models import Person


class Meeting(Fact):
    """A meeting about a placement on a day, with what was agreed as private text. In the enrolment's book.

    Later words supersede earlier ones and want new signatures. Of its initial, midway and final meeting a
    placement has one record each: one that supersedes none.
    """

    KIND = "placements.meeting"
    PAYLOAD = {
        1: ("placement__uuid", "meeting_kind", "person__uuid", "record_hash", "supersedes__entry__uuid")
    }  # fmt: skip

    class Kind(models.TextChoices):
        """What the meeting was for."""

        INITIAL = "initial", "initial meeting"
        MIDWAY = "midway", "midway meeting"
        FINAL = "final", "final meeting"
        THREE_WAY = "three_way", "three-way meeting"
        VISIT = "visit", "tutor's visit"

    # Of these a placement has one record each, however often it is written anew.
    ONCE = (Kind.INITIAL, Kind.MIDWAY, Kind.FINAL)
    # What is written down at each.
    RECORDS = {
        Kind.INITIAL: "learning contract",
        Kind.MIDWAY: "action plan",
        Kind.FINAL: "final report",
        Kind.THREE_WAY: "what was agreed",
        Kind.VISIT: "what was seen and agreed",
    }

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="meetings")
    meeting_kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    record_hash = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "meeting_kind"],
                condition=Q(supersedes=None, meeting_kind__in=["initial", "midway", "final"]),
                name="placements_meeting_first_once",
            )
        ]


class MeetingSignature(Fact):
    """Somebody signed the record of a meeting as it then stood. In the enrolment's book."""

    KIND = "placements.meeting_signature"
    PAYLOAD = {1: ("meeting__entry__uuid", "person__uuid", "capacity", "proof", "wording__digest")}
    NOT_CONTENT = frozenset({"proof"})

    class Capacity(models.TextChoices):
        """As what the person signed."""

        STUDENT = "student", "student"
        PRACTICE_EDUCATOR = Supervision.Capacity.PRACTICE_EDUCATOR.value, "practice educator"
        SUPERVISOR = Supervision.Capacity.SUPERVISOR.value, "day-to-day supervisor"
        ASSESSOR = Supervision.Capacity.ASSESSOR.value, "final assessor"
        SITE_LEAD = "site_lead", "site lead"
        TUTOR = "tutor", "university tutor"

    meeting = models.ForeignKey(Meeting, on_delete=PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    capacity = models.CharField(max_length=20, choices=Capacity)
    proof = models.CharField(max_length=20, choices=ShiftDecision.Proof)
    wording = models.ForeignKey(Wording, on_delete=PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="placements_signature_once")
        ]


class Concern(Fact):
    """A cause for concern about a placement; the words are private text. In the enrolment's book.

    Read by who raised it and by those named as its readers, and by nobody else whatever their role.
    """

    KIND = "placements.concern"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("placement__uuid", "person__uuid", "words_hash")}

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="concerns")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    words_hash = models.CharField(max_length=64)


class ConcernReader(Fact):
    """Somebody was named as a reader of a concern. In the enrolment's book."""

    KIND = "placements.concern_reader"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("concern__entry__uuid", "person__uuid")}

    concern = models.ForeignKey(Concern, on_delete=PROTECT, related_name="readers")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "person"], name="placements_concern_reader_once"
            )
        ]


class ConcernStep(Fact):
    """What was done about a concern; an outcome closes it. The words are private text. In the enrolment's book."""

    KIND = "placements.concern_step"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("concern__entry__uuid", "person__uuid", "outcome", "words_hash")}

    class Outcome(models.TextChoices):
        """A step on the way, or how the concern ended."""

        NOTE = "note", "step taken"
        RESOLVED = "resolved", "resolved"
        NO_ACTION = "no_action", "no further action"
        ACTION_PLAN = "action_plan", "goes on in an action plan"
        ENDED = "ended", "the placement ended"

    concern = models.ForeignKey(Concern, on_delete=PROTECT, related_name="steps")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    words_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=~Q(outcome="note"),
                name="placements_concern_closed_once",
            )
        ]


class ReasonableAdjustment(Fact):
    """What a student needs on placement, in their own words, and to whom they consent that it is shown.

    A changed consent or need supersedes; `withdrawn` takes it back. In the enrolment's book.
    """

    KIND = "placements.reasonable_adjustment"
    CONFIDENTIAL = True
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "for_supervisors",
            "for_site",
            "for_university",
            "withdrawn",
            "words_hash",
            "supersedes__entry__uuid",
        )
    }

    enrolment = models.ForeignKey(
        Enrolment, on_delete=PROTECT, related_name="reasonable_adjustments"
    )
    for_supervisors = models.BooleanField(default=False)
    for_site = models.BooleanField(default=False)
    for_university = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    words_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )


class Cover(Fact):
    """Somebody stands in for a practice educator over an interval (the entry's about dates). In the network's book."""

    KIND = "placements.cover"
    PAYLOAD = {1: ("person__uuid", "stand_in__uuid", "cancelled", "supersedes__entry__uuid")}

    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="covered_by")
    stand_in = models.ForeignKey(Person, on_delete=PROTECT, related_name="covers")
    cancelled = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("stand_in")), name="placements_cover_by_somebody_else"
            )
        ]


class Interruption(Fact):
    """A student's studies were interrupted (the entry's about dates; open until resumed). In the enrolment's book."""

    KIND = "placements.interruption"
    PAYLOAD = {1: ("enrolment__uuid", "cancelled", "reason_hash", "supersedes__entry__uuid")}

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="interruptions")
    cancelled = models.BooleanField(default=False)
    reason_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )
