"""What became of the facts that a stage's sign-off rests on: revoked, followed by others, or counting no longer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from logbooks.competencies import evidence
from logbooks.competencies.assessing_queries import opened
from logbooks.competencies.models import (
    Assessment,
    ExternalResult,
    FrameworkVersion,
    NotApplicable,
    Revocation,
    SignOff,
    StageSignOff,
)
from placements.models import Enrolment, Stage
from school.core import days, registries
from school.core.models import LedgerEntry, PrivateText


def line_of(enrolment: Enrolment, stage: Stage) -> list[Any]:
    """The sign-offs of a stage of a student, the newest first, with all that is shown of them, private texts too; one query."""
    return list(
        StageSignOff.objects.filter(enrolment=enrolment, stage=stage)
        .select_related(
            "person",
            "wording",
            "framework_version__framework",
            "placement__site",
            "revocation__entry",
            "revocation__person",
        )
        .annotate(
            feedback=_text("feedback"),
            exception=_text("exception"),
            reason=_text("reason", "revocation"),
        )
        .order_by("-pk")
    )


def results_of(enrolment: Enrolment, stage: Stage) -> list[Any]:
    """The results from elsewhere of a stage of a student, with those that another followed, the newest first; one query."""
    return list(
        ExternalResult.objects.filter(enrolment=enrolment, task__stage=stage)
        .select_related("task", "sighted_by", "superseded_by__entry")
        .annotate(what=_text("what"), place=_text("place"), reason=_text("reason"))
        .order_by("-pk")
    )


def taken_back(results: Iterable[ExternalResult]) -> set[str]:
    """The documents of results that were taken back and that none which stands rests on: they may be somebody else's.

    The student opens them no more; whoever records results does. `results` are all of a stage of a student.
    """
    rows = list(results)
    stand = {
        row.document for row in rows if not row.withdrawn and not hasattr(row, "superseded_by")
    }
    return {row.document for row in rows if row.withdrawn} - stand


def _text(name: str, of: str = "pk") -> Subquery:
    """A private text of the fact at a path; none when there is none, or it was erased."""
    return Subquery(PrivateText.objects.filter(entry=OuterRef(of), name=name).values("text"))


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a sign-off rests on is not as it was."""

    words: str
    # The competency that it is about, if it is one.
    competency: UUID | None = None


def changes_of(signed: StageSignOff, minutes: int, version: FrameworkVersion) -> list[Change]:
    """What became of what a stage's sign-off rests on; `minutes` count and `version` is the student's now. One query."""
    # Two assessors of one attempt make one line of it.
    changes = list(dict.fromkeys(_change(row) for row in _fates(signed)))
    now = of_hours(signed.minutes, minutes) + of_version(
        signed.framework_version.number, version.number
    )
    return changes + [Change(words) for words in now]


def of_hours(then: int, now: int) -> list[str]:
    """What is said where fewer minutes count than a sign-off rests on."""
    if now >= then:
        return []
    return [f"Rests on {days.in_hours(then)} hours, of which {days.in_hours(now)} count now"]


def of_version(then: int, now: int) -> list[str]:
    """What is said where the student works towards another version of the framework than was signed under."""
    if now == then:
        return []
    return [
        f"Signed under version {then} of the framework; the student works towards version {now} now"
    ]


def _fates(signed: StageSignOff) -> QuerySet[Any]:
    """The ledger entries that a sign-off rests on and that did not stay as they were, each with what it was and what followed it."""
    here = {"pk": OuterRef("pk")}
    after = {"supersedes": OuterRef("pk")}
    same_form = Assessment.objects.filter(pk=OuterRef(OuterRef("pk"))).values("form__code")
    further = Assessment.objects.filter(
        opened(),
        moderates=None,
        enrolment=signed.enrolment_id,
        pk__gt=OuterRef("pk"),
        form__code__in=same_form,
    ).order_by("-pk")
    revoked = Revocation.objects.filter(sign_off=OuterRef("pk"))
    uuids = [piece.uuid for piece in evidence.pieces(signed.rests_on)]
    rows = LedgerEntry.objects.filter(uuid__in=uuids).annotate(
        what=Coalesce(
            Subquery(SignOff.objects.filter(**here).values("competency__code")),
            Subquery(NotApplicable.objects.filter(**here).values("competency__code")),
            Subquery(ExternalResult.objects.filter(**here).values("task__title")),
            Subquery(Assessment.objects.filter(**here).values("form__title")),
        ),
        about=Coalesce(
            Subquery(SignOff.objects.filter(**here).values("competency__uuid")),
            Subquery(NotApplicable.objects.filter(**here).values("competency__uuid")),
        ),
        revoked_from=Subquery(revoked.values("entry__about_from")),
        followed=Coalesce(
            Subquery(SignOff.objects.filter(**after).values("entry__known_from")),
            Subquery(NotApplicable.objects.filter(**after).values("entry__known_from")),
            Subquery(ExternalResult.objects.filter(**after).values("entry__known_from")),
            Subquery(further.values("entry__known_from")[:1]),
            *(
                Subquery(held.fact.objects.filter(**after).values("entry__known_from"))
                for held in registries.results().values()
            ),
        ),
    )
    return rows.filter(Q(revoked_from__isnull=False) | Q(followed__isnull=False)).order_by("pk")


# What is said of a result of an exam that was held here.
_HELD = ("the result of an exam", "was followed by another")
# What a piece of each kind is called, and what it is called when another followed it.
_WORDS = {
    SignOff.KIND: ("the sign-off of {}", "was followed by another"),
    NotApplicable.KIND: ("{} as not applicable", "is asked again"),
    ExternalResult.KIND: ("a result from elsewhere for “{}”", "was corrected or taken back"),
    Assessment.KIND: ("an attempt at {}", "was followed by a further attempt"),
}


def _change(row: Any) -> Change:
    return Change(of_fact(row.kind, row.what, row.revoked_from, row.followed), row.about)


def of_fact(kind: str, what: str, revoked_from: date | None, followed: date | None) -> str:
    """What is said of a piece of a kind that was revoked from a day on, or followed by another on a day."""
    called, said = _WORDS.get(kind, _HELD)
    called = called.format(what)
    if revoked_from is not None:
        return f"Rests on {called}, which was revoked from {days.long_date(revoked_from)} on"
    assert followed is not None
    return f"Rests on {called}, which {said} on {days.long_date(followed)}"
