"""Workplace assessments: forms in published versions, what assessors saw, and that the student has read it."""

import uuid

from django.db import models
from django.db.models import PROTECT, Q

from logbooks.competencies.models.signing import SignOff
from placements.models import Enrolment, Placement, ShiftDecision, Wording
from school.core.models import Fact
from school.people.models import Person


class AssessmentForm(models.Model):
    """A published version of a form: its items, rating scale, critical items and global judgements. Never changed.

    `content` is the whole form as one canonical JSON document (logbooks.competencies.assessments reads it),
    since its parts are only ever read together; `digest` is the document's SHA-256.
    """

    APPEND_ONLY = True

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    published_on = models.DateField()
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=1000)
    content = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="competencies_form_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Assessment(Fact):
    """What an assessor saw of a student at an attempt, on a form. In the enrolment's book; about the day it was seen.

    `ratings` holds a pair of item and rating for each item of the form, in its order, with "; " between.
    `passed` follows from them and the judgement by the form's rules, and is kept with them. When
    `moderated`, a second assessor rates the same attempt without seeing this: theirs names it in
    `moderates`, and nobody but its own assessor is shown this one until both are in.

    A mark is never edited or taken back. The attempts at a form make one line of which the newest counts,
    so a mistake, also one about whose attempt it was, is put right by a further attempt whose feedback says so.
    """

    KIND = "competencies.assessment"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "placement__uuid",
            "form__digest",
            "attempt",
            "assessor__uuid",
            "capacity",
            "proof",
            "wording__digest",
            "ratings",
            "judgement",
            "passed",
            "moderated",
            "device_time",
            "feedback_hash",
            "moderates__entry__uuid",
        )
    }
    # What waits for a second assessor is shown to nobody, so no general reader of facts or texts may show it.
    CONFIDENTIAL = True
    # The portal counts the attempts and finds the capacity: at a retry it might find others.
    NOT_CONTENT = frozenset({"attempt", "capacity", "proof", "device_time"})

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="assessments")
    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="assessments")
    form = models.ForeignKey(AssessmentForm, on_delete=PROTECT, related_name="assessments")
    attempt = models.PositiveSmallIntegerField()
    assessor = models.ForeignKey(Person, on_delete=PROTECT, related_name="assessments")
    capacity = models.CharField(max_length=20, choices=SignOff.Capacity)
    proof = models.CharField(max_length=20, choices=ShiftDecision.Proof)
    wording = models.ForeignKey(Wording, on_delete=PROTECT, related_name="+")
    ratings = models.CharField(max_length=10_000)
    judgement = models.SlugField(max_length=40, db_index=False)
    passed = models.BooleanField()
    moderated = models.BooleanField(default=False)
    device_time = models.DateTimeField(null=True)
    feedback_hash = models.CharField(max_length=64, blank=True)
    moderates = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="moderation"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "form", "attempt"],
                condition=Q(moderates=None),
                name="competencies_attempt_once",
            ),
            models.CheckConstraint(
                condition=Q(moderates=None) | Q(moderated=False),
                name="competencies_moderation_is_last",
            ),
            models.CheckConstraint(condition=Q(attempt__gte=1), name="competencies_attempt_from_1"),
        ]


class AssessmentAcknowledgement(Fact):
    """The student has read an assessment, with that of the second assessor where there is one. In the enrolment's book."""

    KIND = "competencies.assessment_acknowledgement"
    PAYLOAD = {1: ("assessment__entry__uuid", "person__uuid", "proof", "wording__digest")}
    NOT_CONTENT = frozenset({"proof"})

    assessment = models.OneToOneField(Assessment, on_delete=PROTECT, related_name="acknowledgement")
    person = models.ForeignKey(Person, on_delete=PROTECT, related_name="+")
    proof = models.CharField(max_length=20, choices=ShiftDecision.Proof)
    wording = models.ForeignKey(Wording, on_delete=PROTECT, related_name="+")
