"""What an assessor rates at an attempt, what a second one rates without seeing it, and that the student has read both."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from logbooks.competencies import assessing_queries as reads
from logbooks.competencies import assessing_telling as telling
from logbooks.competencies import assessments, assessors
from logbooks.competencies import signing_rules as signing
from logbooks.competencies.assessments import Outcome, RatingError
from logbooks.competencies.models import (
    Assessment,
    AssessmentAcknowledgement,
    AssessmentForm,
)
from placements import reference
from placements.models import Placement, ShiftDecision
from school.core import ledger
from school.core.decision import Decision
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.people.models import Person
from school.people.queries import grants, identity
from school.people.roles import SITE_LEAD

# What is signed. A changed sentence here becomes a new stored wording; what was signed before keeps its own.
FIRST = "I watched this student on the day shown, and these ratings are what I saw."
SECOND = (
    "I watched this student on the day shown, and these ratings are what I saw. "
    "I have not seen how the other assessor rated."
)
READ = (
    "I have read this assessment and its feedback. My name says that I have read it, "
    "not that I agree with it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an assessor says of an attempt: a rating for each item by code, the judgement, and feedback that the student reads."""

    ratings: Mapping[str, str]
    judgement: str
    feedback: str
    proof: ShiftDecision.Proof
    device_time: datetime | None = None


def assess(
    *,
    by: Person,
    placement: Placement,
    form: AssessmentForm,
    day: date,
    given: Given,
    uuid: UUID,
    moderated: bool = False,
) -> Assessment:
    """Writes an attempt of a student at a form; `moderated` asks for a second assessor before anybody is shown it.

    Raises DomainError with the form's field, NotAllowed or Conflict.
    """
    enrolment = placement.enrolment
    found = rule_whole(form, given)
    rule_feedback(found, given.feedback)
    me = identity(by)
    held = reads.held_by(me, placement)
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        before = Assessment.objects.filter(
            enrolment=enrolment, form__code=form.code, moderates=None
        ).count()
        fact = Assessment(
            enrolment=enrolment,
            placement=placement,
            form=form,
            attempt=before + 1,
            assessor=by,
            capacity=held[0] if held else "",
            wording=reference.wording(FIRST),
            moderated=moderated,
            **_said(form, found, given),
        )
        draft = _draft(fact, day, given, uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        _demand_part(me, placement, held)
        _demand(signing.rule_seen_day(placement, day), field="day")
        others: Sequence[Person] = ()
        if moderated:
            others = second_assessors(placement, me)
            rule_second_there(others)
        pen.append([draft], by=by.uuid)
        telling.assessed(fact)
        telling.second_asked(fact, others)
    return fact


def moderate(*, by: Person, first: Assessment, given: Given, uuid: UUID) -> Assessment:
    """Writes what a second assessor saw of the same attempt; with it both are opened to the student.

    Raises DomainError with the form's field, NotAllowed or Conflict.
    """
    placement, form, enrolment = first.placement, first.form, first.enrolment
    found = rule_whole(form, given)
    rule_feedback(found, given.feedback)
    me = identity(by)
    held = reads.held_by_second(me, placement)
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        fact = Assessment(
            enrolment=enrolment,
            placement=placement,
            form=form,
            attempt=first.attempt,
            assessor=by,
            capacity=held[0] if held else "",
            wording=reference.wording(SECOND),
            moderates=first,
            **_said(form, found, given),
        )
        draft = _draft(fact, first.entry.about_from, given, uuid)
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_other_person(me, first)
        _demand_part(me, placement, held)
        rule_waits_for_second(first)
        pen.append([draft], by=by.uuid)
        telling.opened(first)
    return fact


def acknowledge(
    *, by: Person, first: Assessment, proof: ShiftDecision.Proof, uuid: UUID
) -> AssessmentAcknowledgement:
    """Writes that the student has read an attempt, every assessor's part of it. Raises NotAllowed or Conflict."""
    enrolment = first.enrolment
    fact = AssessmentAcknowledgement(
        assessment=first, person=by, proof=proof, wording=reference.wording(READ)
    )
    draft = Draft(fact=fact, book=enrolment.book, about_from=first.entry.about_from, uuid=uuid)
    with ledger.writing(enrolment.book, answering=[uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return done[uuid]  # type: ignore[return-value]
        rule_own_assessment(identity(by), first)
        rule_opened(first)
        rule_read_once(first)
        pen.append([draft], by=by.uuid)
    return fact


def second_assessors(placement: Placement, me: Collection[int]) -> list[Person]:
    """Who else can give a second assessment at a placement: who supervises or assesses there, and the site's lead."""
    found = {row.person.pk: row.person for row in assessors.named(placement) if row.person.user_id}
    leads = grants().filter(role=SITE_LEAD.key, scope=placement.site.scope_id)
    there = Q(pk__in=leads.values("person"), user__is_active=True)
    found |= {person.pk: person for person in Person.objects.filter(there).order_by("name", "pk")}
    out = {*me, placement.enrolment.person_id}
    return [person for pk, person in found.items() if pk not in out]


def _said(form: AssessmentForm, found: Outcome, given: Given) -> dict[str, object]:
    """The columns that hold what was said, the ratings in the order of the form."""
    whole = assessments.checked(reads.form_of(form), given.ratings)
    return {
        "ratings": assessments.text_of(whole),
        "judgement": given.judgement,
        "passed": found.passed,
        "proof": given.proof,
        "device_time": given.device_time,
    }


def _draft(fact: Assessment, day: date, given: Given, uuid: UUID) -> Draft:
    return Draft(
        fact=fact,
        book=fact.enrolment.book,
        about_from=day,
        uuid=uuid,
        texts={"feedback": given.feedback.strip()},
    )


def _demand_part(me: list[int], placement: Placement, held: Sequence[str]) -> None:
    """Nobody assesses themself; only who supervises or assesses there does, where the programme lets them with an account."""
    _demand(signing.rule_not_own(me, placement.enrolment))
    _demand(signing.rule_capacity(held, held[0] if held else ""))
    rules = signing.rules_of(placement.enrolment)
    if rules is not None:
        _demand(signing.rule_way_allowed(rules))


def _demand(verdict: Decision, field: str = "") -> None:
    if verdict:
        return
    if field:
        raise DomainError(verdict.reason, field=field)
    raise NotAllowed(verdict.reason)


def rule_whole(form: AssessmentForm, given: Given) -> Outcome:
    """Every item is rated as the form allows, and judged as a whole; gives what follows from it."""
    try:
        return assessments.outcome(reads.form_of(form), given.ratings, given.judgement)
    except RatingError as error:
        field = error.items[0] if error.items else ""
        raise DomainError(
            str(error), field=field if field == "judgement" else f"item_{field}"
        ) from None


def rule_feedback(found: Outcome, feedback: str) -> None:
    """What is not passed, or not met, is given with feedback: a bare mark teaches nothing."""
    if (not found.passed or found.not_met) and not feedback.strip():
        raise DomainError(
            "Enter what the student should do differently. They read it.", field="feedback"
        )


def rule_second_there(others: Sequence[Person]) -> None:
    """A second assessor is asked for only where there is one: otherwise the attempt would wait for ever."""
    if not others:
        raise DomainError(
            "Nobody else supervises or assesses at this placement, so no second assessor can be asked.",
            field="moderated",
        )


def rule_other_person(me: Collection[int], first: Assessment) -> None:
    """The second assessor is somebody else than the first."""
    if first.assessor_id in me:
        raise NotAllowed(
            "You assessed this attempt. Somebody else rates it as the second assessor."
        )


def rule_waits_for_second(first: Assessment) -> None:
    """A second assessment is given where the first asked for it, and once: later it would not be blind."""
    if not first.moderated:
        raise Conflict(
            "No second assessor was asked for at this attempt, and its result is known. "
            "A second look at it would not be blind."
        )
    given = Assessment.objects.filter(moderates=first).select_related("assessor").first()
    if given is not None:
        raise Conflict(f"{given.assessor.name} has assessed this attempt as the second assessor.")


def rule_own_assessment(me: Collection[int], first: Assessment) -> None:
    """Only the student signs that they have read their assessment."""
    if first.enrolment.person_id not in me:
        raise NotAllowed("Only the student signs that they have read this.")


def rule_opened(first: Assessment) -> None:
    """Nothing is read, and so nothing acknowledged, before every assessor's part is in."""
    if first.moderated and not Assessment.objects.filter(moderates=first).exists():
        raise Conflict("A second assessor still has to rate this attempt. You can read it then.")


def rule_read_once(first: Assessment) -> None:
    """An assessment is acknowledged once."""
    if AssessmentAcknowledgement.objects.filter(assessment=first).exists():
        raise Conflict("You have signed this already. Your name stands under it.")
