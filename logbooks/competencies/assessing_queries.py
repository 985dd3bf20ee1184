"""Reads of workplace assessments: forms in use, a student's attempts as somebody may see them, and figures of items.

Whoever shows or hands on assessments anywhere reads them here: what waits for a second assessor is withheld from
everybody but the one who gave it, the student included, since a second who heard the first is not blind.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q, QuerySet

from logbooks.competencies import assessments, assessors
from logbooks.competencies.assessments import (
    NOT_SEEN,
    Agreement,
    Form,
    FormFigures,
    Item,
    agreement,
    both_passed,
    hardest,
    pairs_of,
    ratings_of,
)
from logbooks.competencies.models import Assessment, AssessmentForm, SignOff
from placements import policies as placing
from placements import reference
from placements.models import Enrolment, Placement
from school.core import clock, ledger

WITH = (
    "form",
    "assessor",
    "placement__site",
    "placement__stage",
    "enrolment__person",
    "enrolment__book",
    "moderation__entry",
    "moderation__assessor",
    "acknowledgement__entry",
    "acknowledgement__person",
)
NOT_SEEN_WORDS = "Not seen"


@lru_cache(maxsize=64)
def parsed(content: str) -> Form:
    """The form of a stored content, read once by each process."""
    return assessments.parsed(content)


def form_of(form: AssessmentForm) -> Form:
    """What a published form says."""
    return parsed(form.content)


def forms() -> list[AssessmentForm]:
    """The newest version of each form that is published by today, in the order of their titles."""

    def read() -> list[AssessmentForm]:
        return list(AssessmentForm.objects.order_by("title", "code", "number"))

    today = clock.today()
    newest = {
        row.code: row
        for row in reference.keep("assessment forms", read)
        if row.published_on <= today
    }
    return list(newest.values())


def opened() -> Q:
    """The condition of an assessment that may be shown to all who read the log book: no second one is still to come."""
    return Q(moderated=False) | Q(moderation__isnull=False)


def shown_to(me: Collection[int]) -> Q:
    """The condition of an assessment that an identity may be shown: an opened one, or its own."""
    return opened() | Q(assessor__in=me)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one assessor said of an attempt."""

    fact: Assessment
    judgement: str
    feedback: str
    # Titles of the critical items that were not met.
    critical: tuple[str, ...]

    @property
    def ratings(self) -> dict[str, str]:
        """Rating by item."""
        return ratings_of(self.fact.ratings)

    @property
    def capacity(self) -> str:
        """As what they assessed."""
        return SignOff.Capacity(self.fact.capacity).label


@dataclass(frozen=True, slots=True)
class Row:
    """An item with the titles of its ratings, one for each assessor shown."""

    item: Item
    ratings: tuple[str, ...]
    met: tuple[bool | None, ...]

    @property
    def differ(self) -> bool:
        """Whether one found it met and the other not."""
        return len({found for found in self.met if found is not None}) > 1

    @property
    def fails(self) -> bool:
        """Whether it is critical and somebody found it not met."""
        return bool(self.item.critical) and False in self.met


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as one reader may see it: `seen` is empty while it is withheld from them."""

    first: Assessment
    form: Form
    seen: tuple[Seen, ...]
    # Whether a second assessor is still to come.
    waits: bool

    @property
    def withheld(self) -> bool:
        """Whether the reader may not be shown what was given."""
        return not self.seen

    @property
    def passed(self) -> bool | None:
        """Whether the attempt passed; None while a second assessor is to come."""
        if self.waits:
            return None
        second = self.seen[1].fact.passed if len(self.seen) > 1 else None
        return both_passed(self.seen[0].fact.passed, second)

    @property
    def differ(self) -> bool:
        """Whether two assessors came to different outcomes."""
        return len({row.fact.passed for row in self.seen}) > 1

    @property
    def state(self) -> tuple[str, str]:
        """How it is shown: a key of the states of all pages, and its words."""
        if self.waits:
            return "awaiting", "Waits for a second assessor"
        if self.passed:
            return "achieved", "Passed"
        return "rejected", "Not passed: the two assessors differ" if self.differ else "Not passed"

    @property
    def agreement(self) -> Agreement | None:
        """How far two assessors agree about the items."""
        if len(self.seen) < 2:
            return None
        first, second = (row.ratings for row in self.seen)
        return agreement(pairs_of(self.form, first, second))

    @property
    def rows(self) -> list[tuple[str, list[Row]]]:
        """The items by group."""
        titles = {step.code: step.title for step in self.form.scale} | {NOT_SEEN: NOT_SEEN_WORDS}
        given = [row.ratings for row in self.seen]
        found: dict[str, list[Row]] = {}
        for item in self.form.items:
            rated = [ratings[item.code] for ratings in given]
            met = tuple(self.form.meets(rating) for rating in rated)
            row = Row(item, tuple(titles[rating] for rating in rated), met)
            found.setdefault(item.group, []).append(row)
        return list(found.items())


def firsts() -> QuerySet[Assessment]:
    """Attempts by their first assessment, with all that showing them reads."""
    rows: QuerySet[Assessment] = Assessment.objects.filter(moderates=None)
    return rows.select_related(*WITH)


def attempts(rows: Sequence[Assessment], me: Collection[int]) -> list[Attempt]:
    """Attempts, from their first assessments, as an identity may see them; one query."""
    waits = {row.pk: row.moderated and not hasattr(row, "moderation") for row in rows}
    given = {
        row.pk: [] if waits[row.pk] and row.assessor_id not in me else _given(row) for row in rows
    }
    words = ledger.private_texts([fact for facts in given.values() for fact in facts], "feedback")
    found = []
    for row in rows:
        form = form_of(row.form)
        seen = tuple(_seen(fact, form, words.get(fact.pk, "")) for fact in given[row.pk])
        found.append(Attempt(row, form, seen, waits[row.pk]))
    return found


def _given(row: Assessment) -> list[Assessment]:
    return [row, row.moderation] if hasattr(row, "moderation") else [row]


def _seen(fact: Assessment, form: Form, feedback: str) -> Seen:
    found = assessments.outcome(form, ratings_of(fact.ratings), fact.judgement)
    title = next(step.title for step in form.judgements if step.code == fact.judgement)
    critical = tuple(form.item(code).title for code in found.critical)
    return Seen(fact, title, feedback, critical)


def of_enrolment(enrolment: Enrolment, me: Collection[int]) -> list[Attempt]:
    """The attempts of an enrolment as an identity may see them, by form, the newest of each first; two queries."""
    rows = firsts().filter(enrolment=enrolment).order_by("form__title", "-pk")
    return attempts(list(rows), me)


# Second assessors -------------------------------------------------------------------------------


def held_by(me: list[int], placement: Placement) -> tuple[str, ...]:
    """In which capacities an identity gives the first assessment at a placement, the foremost first."""
    return assessors.held_by(me, [placement.pk]).get(placement.pk, assessors.NOTHING).signs


def held_by_second(me: list[int], placement: Placement) -> tuple[str, ...]:
    """The same for a second assessment: the site's lead may give it too, so that none waits for somebody who has left."""
    held = held_by(me, placement)
    if placement.site.scope_id in placing.led_by(me):
        return (*held, SignOff.Capacity.SITE_LEAD.value)
    return held


def waiting_for(me: list[int], led: Collection[int]) -> QuerySet[Assessment]:
    """The attempts that an identity may assess as the second, oldest first; `led` are the scopes of the sites it leads."""
    there = Q(placement__in=placing.supervisions(me).values("placement"))
    if led:
        there |= Q(placement__site__scope__in=led)
    rows = firsts().filter(there, moderated=True, moderation=None)
    return rows.exclude(Q(assessor__in=me) | Q(enrolment__person__in=me)).order_by("pk")


# Figures ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfForm:
    """The figures of a form: its items, and how far two assessors agree over all moderated attempts."""

    form: AssessmentForm
    figures: FormFigures
    agreement: Agreement
    # How many attempts had two assessors.
    twice: int


def figures(enrolments: QuerySet[Enrolment]) -> list[OfForm]:
    """Which items many fail, by form, over the opened attempts of some enrolments; two queries.

    The first assessor's ratings count, since every attempt has them. Nobody is named.
    """
    rows = Assessment.objects.filter(opened(), moderates=None, enrolment__in=enrolments)
    values = rows.order_by("pk").values_list("form", "enrolment", "ratings", "moderation__ratings")
    by_form: dict[int, list[tuple[int, str, str | None]]] = {}
    for pk, student, first, second in values:
        by_form.setdefault(pk, []).append((student, first, second))
    forms = AssessmentForm.objects.filter(pk__in=by_form).order_by("title", "-number")
    return [_figures(form, by_form[form.pk]) for form in forms]


def _figures(row: AssessmentForm, given: Sequence[tuple[int, str, str | None]]) -> OfForm:
    form = form_of(row)
    attempts = [(student, ratings_of(first)) for student, first, _ in given]
    both = [(ratings_of(first), ratings_of(second)) for _, first, second in given if second]
    pairs = [pair for first, second in both for pair in pairs_of(form, first, second)]
    return OfForm(row, hardest(form, attempts), agreement(pairs), len(both))
