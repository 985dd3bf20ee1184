"""The demo's assessments: System QA in the second year and half-body in the third, not all achieved at first."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from logbooks.competencies import assessing_queries, assessments
from logbooks.competencies.actions.assessing import FIRST, READ, SECOND
from logbooks.competencies.models import (
    Assessment,
    AssessmentAcknowledgement,
    AssessmentForm,
    SignOff,
)
from placements import reference
from placements.models import ShiftDecision
from school.core.ledger import Draft
from school.demo.pen import Pen, Stay
from school.people.models import Person

DAY = timedelta(days=1)
PROOF = ShiftDecision.Proof.PASSWORD
FORMS = {2: "system-qa", 3: "half-body"}
# What was not met at an attempt that did not pass, and what the assessor wrote.
NOT_MET = {
    "system-qa": (
        ("ct_number", "acts"),
        "The water value was outside its tolerance and you went on. Stop there, and tell whoever releases the scanner.",
    ),
    "half-body": (
        ("times_residual", "pet_range"),
        "Measure the residual before you record the activity, and set the range from the request. Once more next week.",
    ),
}
WELL = "Calm and complete, and the patient knew at each step what came next."


class Attempt(NamedTuple):
    """An attempt to write: when, with what outcome, whether a second assessor was asked, and whether they have rated."""

    day: date
    passes: bool
    moderated: bool = False
    both: bool = True


def drafts(pen: Pen, stays: Sequence[Stay]) -> list[Draft]:
    """All that was assessed of one student."""
    forms = {row.code: row for row in assessing_queries.forms()}
    found: list[Draft] = []
    number: dict[str, int] = {}
    for stay in stays:
        form = forms.get(FORMS.get(stay.placement.stage.year, ""))
        if form is None:
            continue
        for attempt in _attempts(pen, stay):
            number[form.code] = number.get(form.code, 0) + 1
            found += _written(pen, stay, form, attempt, number[form.code])
    return found


def _attempts(pen: Pen, stay: Stay) -> list[Attempt]:
    worked = stay.worked
    if stay.placement.stage.year == 2:
        if pen.is_persona("student_2"):
            return [Attempt(worked[-1], True, moderated=True, both=False)]
        if len(worked) < 3:
            return []
        again = [Attempt(worked[-3], False)] if pen.chance(0.3) else []
        return [*again, Attempt(worked[-1], True)]
    if len(worked) < 10:
        return []
    amara = pen.is_persona("student")
    if not amara and pen.chance(0.5):
        return [Attempt(worked[9], True)]
    second = Attempt(worked[19], True, moderated=amara or pen.chance(0.4)) if worked[19:] else None
    return [Attempt(worked[9], False), *([second] if second else [])]


def _written(
    pen: Pen, stay: Stay, form: AssessmentForm, attempt: Attempt, number: int
) -> list[Draft]:
    first = _rated(pen, stay, form, attempt, number, stay.supervisor)
    found = [first]
    if attempt.moderated and attempt.both:
        lead = pen.run.leads[0, pen.run.sites.index(stay.placement.site)]
        found.append(_rated(pen, stay, form, attempt, number, lead, of=first.fact))  # type: ignore[arg-type]
    # What was assessed last is still to be read.
    read = attempt.both and attempt.day + 3 * DAY < pen.run.today
    if read:
        fact = AssessmentAcknowledgement(
            assessment=first.fact,  # type: ignore[misc]
            person=pen.enrolment.person,
            proof=PROOF,
            wording=reference.wording(READ),
        )
        found.append(pen.draft(fact, attempt.day + DAY))
    return found


def _rated(
    pen: Pen,
    stay: Stay,
    form: AssessmentForm,
    attempt: Attempt,
    number: int,
    assessor: Person,
    of: Assessment | None = None,
) -> Draft:
    """What one assessor saw; `of` is what the first rated, when this is the second's."""
    shape = assessing_queries.form_of(form)
    missed, words = NOT_MET[form.code]
    ratings = {item.code: "met" for item in shape.items}
    ratings[pen.rng.choice(shape.items).code] = "prompted"
    unseen = [item.code for item in shape.items if item.may_be_unseen]
    ratings |= dict.fromkeys(unseen[:1], assessments.NOT_SEEN)
    judgement = "ready" if attempt.passes else "not_yet"
    if not attempt.passes:
        ratings |= dict.fromkeys(missed, "not_met")
    elif of is not None:
        # The two differ in one item.
        ratings[missed[0]], words = "not_met", f"{words} Everything else was as it should be."
    result = assessments.outcome(shape, ratings, judgement)
    fact = Assessment(
        enrolment=pen.enrolment,
        placement=stay.placement,
        form=form,
        attempt=number,
        assessor=assessor,
        capacity=SignOff.Capacity.SITE_LEAD if of else SignOff.Capacity.PRACTICE_EDUCATOR,
        proof=PROOF,
        wording=reference.wording(SECOND if of else FIRST),
        ratings=assessments.text_of(assessments.checked(shape, ratings)),
        judgement=judgement,
        passed=result.passed,
        moderated=attempt.moderated and of is None,
        moderates=of,
    )
    return pen.draft(fact, attempt.day, feedback=words if result.not_met else WELL)
