"""What stands when a placement is over: the student's evaluation of it, and statements of hours."""

from django.db import models
from django.db.models import PROTECT, Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, In

from placements.models.placing import Placement
from placements.models.programme import Enrolment, Stage
from school.core.models import Fact

# Positions in `ratings`: the priorities of the Safe Learning Environment Charter in its order.
PRIORITIES = range(1, 11)
RATINGS = "12345"


class PlacementEvaluation(Fact):
    """A student's evaluation of a placement: a digit from 1 to 5 for each of the ten priorities. In the enrolment's book.

    Sites see the figures of five or more together, never one; the comment is private text for the School.
    """

    KIND = "placements.evaluation"
    CONFIDENTIAL = True
    PAYLOAD = {1: ("placement__uuid", "ratings", "comment_hash", "supersedes__entry__uuid")}
    # What stood before is the portal's own finding: at a retry it would find the first answer.
    NOT_CONTENT = frozenset({"supersedes__entry__uuid"})

    placement = models.ForeignKey(Placement, on_delete=PROTECT, related_name="evaluations")
    ratings = models.CharField(max_length=10)
    comment_hash = models.CharField(max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length("ratings"), len(PRIORITIES)),
                name="placements_evaluation_all",
            ),
            models.CheckConstraint(
                condition=Q(*(In(Substr("ratings", n, 1), list(RATINGS)) for n in PRIORITIES)),
                name="placements_evaluation_ratings",
            ),
        ]


class HoursStatement(Fact):
    """The hours of a stage were certified as they stood at the head of the enrolment's book, on a sealed PDF.

    `code` is what a stranger checks it by; `digest` is the SHA-256 of the file. In the enrolment's book.
    """

    KIND = "placements.hours_statement"
    PAYLOAD = {
        1: (
            "enrolment__uuid",
            "stage__uuid",
            "code",
            "head_seq",
            "head_digest",
            "confirmed_minutes",
            "brought_forward_minutes",
            "adjusted_minutes",
            "simulated_minutes",
            "digest",
            "withdrawn",
            "supersedes__entry__uuid",
        )
    }
    # What the portal found when it was asked: sent again, it would find a later record.
    NOT_CONTENT = frozenset(PAYLOAD[1]) - {"enrolment__uuid", "stage__uuid", "withdrawn"}

    enrolment = models.ForeignKey(Enrolment, on_delete=PROTECT, related_name="statements")
    stage = models.ForeignKey(Stage, on_delete=PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    head_seq = models.PositiveIntegerField()
    head_digest = models.CharField(max_length=64)
    confirmed_minutes = models.PositiveIntegerField()
    brought_forward_minutes = models.PositiveIntegerField()
    adjusted_minutes = models.IntegerField()
    simulated_minutes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    withdrawn = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(withdrawn=False), name="placements_statement_code"
            )
        ]
