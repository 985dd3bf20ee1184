"""Mails about assessments, owed with the act that causes them: no name in a subject, no result, nothing about patients."""

from collections.abc import Sequence

from logbooks.competencies.models import Assessment
from placements.actions.telling import page
from school.people.models import Person
from school.people.telling import tell


def assessed(fact: Assessment) -> None:
    """Tell a student that they were assessed, and whether they can read it yet."""
    words = (
        "A second assessor rates the same attempt without seeing it. "
        "You read both as soon as the second one is in:"
        if fact.moderated
        else "Read it in your log book and sign that you have:"
    )
    tell(
        fact.enrolment.person,
        "assessment_given",
        "An assessment was written in your log book",
        f"{fact.assessor.name} has written down what they saw: {fact.form.title}. {words}",
        page("assessment", fact.entry.uuid),
        once_key=f"assessment_given:{fact.entry.uuid}",
    )


def second_asked(fact: Assessment, others: Sequence[Person]) -> None:
    """Tell those who can be the second assessor that one is asked for, and nothing of what the first saw."""
    for person in others:
        tell(
            person,
            "second_assessor_asked",
            "A second assessor is asked for",
            f"{fact.assessor.name} assessed a student at {fact.placement.site.name} and asks for a second "
            f"assessor: {fact.form.title}. If you watched the same attempt, rate it without talking "
            "about it first:",
            page("second_assessment", fact.entry.uuid),
            once_key=f"second_assessor_asked:{fact.entry.uuid}:{person.uuid}",
        )


def opened(first: Assessment) -> None:
    """Tell the student, and who assessed first, that both parts of an attempt can be read."""
    for person in (first.enrolment.person, first.assessor):
        tell(
            person,
            "assessment_opened",
            "Both parts of an assessment can be read",
            f"The second assessor has rated an attempt: {first.form.title}. Both parts can be read now:",
            page("assessment", first.entry.uuid),
            once_key=f"assessment_opened:{first.entry.uuid}:{person.uuid}",
        )
