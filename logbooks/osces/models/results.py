"""What comes of the marks: judges' ratings, the board's standard, what was released, each candidate's outcome, and appeals."""

from django.db import models
from django.db.models import PROTECT, Q

from logbooks.osces.models.day import Candidate
from logbooks.osces.models.exams import Exam, ExamPlace
from school.core.models import Fact


class StationRated(Fact):
    """A judge, its actor, says of each item how many marks a borderline candidate gets (modified Angoff). In the exam's book.

    `ratings` are per mille of the item's marks by the item's key, as canonical JSON. A later rating supersedes the judge's own.
    """

    KIND = "osces.station_rated"
    PAYLOAD = {1: ("place__exam__uuid", "place__number", "digest", "supersedes__entry__uuid")}
    DIGEST_OF = ("digest", "ratings")

    place = models.ForeignKey(ExamPlace, on_delete=PROTECT, related_name="ratings")
    ratings = models.TextField()
    digest = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )


class StandardSet(Fact):
    """The board's decision: the standard, who was there, why, and what it comes to for every candidate. In the exam's book.

    `document` is all of it as canonical JSON (`results.decision`); it holds free words, so the payload has its SHA-256.
    """

    KIND = "osces.standard_set"
    PAYLOAD = {1: ("exam__uuid", "digest", "supersedes__entry__uuid")}
    DIGEST_OF = ("digest", "document")

    exam = models.ForeignKey(Exam, on_delete=PROTECT, related_name="standards")
    document = models.TextField()
    digest = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exam"], condition=Q(supersedes=None), name="osces_standard_begins_once"
            )
        ]


class ResultsReleased(Fact):
    """The results under a standard were released to the candidates, with or without the cohort beside them. In the exam's book."""

    KIND = "osces.results_released"
    PAYLOAD = {1: ("standard__entry__uuid", "compared")}

    standard = models.OneToOneField(StandardSet, on_delete=PROTECT, related_name="released")
    compared = models.BooleanField()


class Outcome(Fact):
    """What one candidate's exam came to under a standard, on the day of the exam. In the book of their enrolment.

    `document` is the outcome with its marks as canonical JSON (`results.decision.Result`).
    """

    KIND = "osces.outcome"
    PAYLOAD = {
        1: (
            "candidate__uuid",
            "released__entry__uuid",
            "passed",
            "digest",
            "supersedes__entry__uuid",
        )
    }
    DIGEST_OF = ("digest", "document")

    candidate = models.ForeignKey(Candidate, on_delete=PROTECT, related_name="outcomes")
    released = models.ForeignKey(ResultsReleased, on_delete=PROTECT, related_name="outcomes")
    passed = models.BooleanField(null=True)
    document = models.TextField()
    digest = models.CharField(max_length=64)
    supersedes = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(supersedes=None), name="osces_outcome_begins_once"
            )
        ]


class Appealed(Fact):
    """A candidate asks that their outcome is looked at again, in their own words. In the book of their enrolment."""

    KIND = "osces.appealed"
    PAYLOAD = {1: ("outcome__entry__uuid", "words_hash")}

    outcome = models.OneToOneField(Outcome, on_delete=PROTECT, related_name="appeal")
    words_hash = models.CharField(max_length=64)


class AppealAnswered(Fact):
    """What somebody who runs OSCEs answered to an appeal, upheld or not. In the book of the enrolment."""

    KIND = "osces.appeal_answered"
    PAYLOAD = {1: ("appeal__entry__uuid", "upheld", "words_hash")}

    appeal = models.OneToOneField(Appealed, on_delete=PROTECT, related_name="answer")
    upheld = models.BooleanField()
    words_hash = models.CharField(max_length=64)
