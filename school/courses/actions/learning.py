"""Learning online: a part that somebody has been through, and an attempt at the quiz, which may attain the course."""

from collections.abc import Collection
from uuid import UUID

from school.core import clock, ledger, registries
from school.core.errors import Conflict, DomainError
from school.core.ledger import Draft, Pen
from school.core.registries import Lessons
from school.courses import learning_queries as learning
from school.courses import papers, policies, queries
from school.courses.actions import attaining
from school.courses.learning_queries import Progress
from school.courses.models import Attainment, Module, PartDone, QuizAttempt
from school.courses.papers import Chosen, Paper
from school.people.models import Person
from school.people.queries import hats, identity


def finish_part(*, by: Person, module: Module, part: UUID, uuid: UUID) -> PartDone:
    """Somebody has been through a part; once, however often it is sent."""
    me = identity(by)
    draft = Draft(
        fact=PartDone(person=by, module=module, part=part),
        book=by.book,
        about_from=clock.today(),
        uuid=uuid,
    )
    with ledger.writing(by.book, answering=[uuid]) as pen:
        before = learning.parts_done(module, me).filter(part=part).first()
        if before is not None:
            return before
        pen.answered([draft], by=by.uuid)
        module = _anew(module)
        lessons = rule_published(module)
        rule_still_taught(module)
        rule_may_read(by, me, module, lessons)
        rule_part_of_module(lessons, part)
        pen.append([draft], by=by.uuid)
    return draft.fact  # type: ignore[return-value]


def submit_attempt(
    *, by: Person, module: Module, chosen: Chosen, shown: str, uuid: UUID
) -> QuizAttempt:
    """Somebody sends a paper: it is marked and kept, and a pass attains the course. Sent again, it gives the first.

    `shown` is the digest of the paper that they had before them. Nothing is kept when a paper is begun:
    a later paper is a later attempt. Somebody who attained the course may try again, to renew it: a pass
    on a later day is an attainment of its own beside the first, one on the same day adds nothing, and a
    fail takes nothing away. The limit of attempts counts from the last pass.
    """
    me = identity(by)
    with ledger.writing(by.book, answering=[uuid]) as pen:
        before = learning.attempt_sent(uuid, me)
        if before is not None:
            again = _again(before, module, chosen)
            return pen.answered([again], by=by.uuid)[uuid]  # type: ignore[return-value]
        module = _anew(module)
        found = rule_open(by, me, module, rule_published(module))
        paper = learning.paper(module, by, found.number)
        rule_bank_is_full(module, paper)
        draft = _drafted(by, module, paper, chosen, uuid)
        pen.answered([draft], by=by.uuid)
        rule_not_sent_before(by, module, found, shown)
        rule_same_paper(paper, shown)
        rule_all_answered(paper, chosen)
        pen.append([draft], by=by.uuid)
        attempt: QuizAttempt = draft.fact  # type: ignore[assignment]
        if attempt.passed:
            _attain(pen, by, me, module)
    return attempt


def rule_open(by: Person, me: Collection[int], module: Module, lessons: Lessons) -> Progress:
    """What has to be so before somebody sits the quiz; gives how far they have come."""
    rule_may_attain(by, me, module, lessons)
    found = learning.progress_in(module, me, lessons)
    rule_parts_done(found)
    rule_attempts_left(found)
    return found


def rule_may_attain(by: Person, me: Collection[int], module: Module, lessons: Lessons) -> None:
    """What has to be so before a module from `learning.modules` can lead anywhere, whatever was done of it."""
    rule_still_taught(module)
    rule_may_read(by, me, module, lessons)
    rule_first_attained(module, me)


def rule_published(module: Module) -> Lessons:
    """What is learned has public pages."""
    lessons = registries.lessons([module.pk]).get(module.pk)
    if lessons is None:
        raise DomainError("This module is not published. What you did in it is kept.")
    return lessons


def rule_still_taught(module: Module) -> None:
    """A module is learned while its version of the course is the one that is taught."""
    ends = module.version.course.retired_on
    taught: int | None = module.taught  # type: ignore[attr-defined]
    if taught != module.version_id or (ends is not None and ends <= clock.today()):
        raise DomainError(
            "This version of the course is not taught today. What you did in it is kept."
        )


def rule_may_read(by: Person, me: Collection[int], module: Module, lessons: Lessons) -> None:
    """What is for people with a place is learned by them, and by those who teach it."""
    if not lessons.for_booked or policies.has_place(module.version.course, me):
        return
    if not policies.teaches(hats(by)):
        raise DomainError("This module is for people with a place. Book one, and it opens for you.")


def rule_part_of_module(lessons: Lessons, part: UUID) -> None:
    """A part that is done is one of the module's."""
    if part not in {one.uuid for one in lessons.parts}:
        raise DomainError("This part is not in the module any more. The others are.")


def rule_first_attained(module: Module, me: Collection[int]) -> None:
    """What the course asks for beforehand has been attained, or something that counts as it."""
    if not module.asks_first:  # type: ignore[attr-defined]
        return
    missing = queries.missing(module.version, me, clock.today())
    if missing:
        raise DomainError(f"This course asks for {' and '.join(missing)} first.")


def rule_parts_done(found: Progress) -> None:
    """The quiz comes after the parts."""
    if not found.is_quiz_open:
        raise DomainError(
            f"The quiz opens when all {len(found.steps)} parts are done. You have done {found.done}."
        )


def rule_attempts_left(found: Progress) -> None:
    """Nobody tries more often than the module allows."""
    if found.left == 0:
        number = found.module.attempts
        raise DomainError(
            f"You have used {number} of {number} attempts. Write to the School if you need another."
        )


def rule_bank_is_full(module: Module, paper: Paper) -> None:
    """A quiz asks as many questions as it says."""
    if len(paper.questions) < module.asked:
        raise DomainError("The quiz is being prepared. Your parts are kept; come back later.")


def rule_not_sent_before(by: Person, module: Module, found: Progress, shown: str) -> None:
    """A paper is answered once, also by somebody who finds it open on another page."""
    if found.number > 1 and learning.paper(module, by, found.number - 1).digest == shown:
        raise Conflict(
            "You answered these questions before, on another page, and that result stands: the module’s page "
            "shows it. Nothing was sent now. Below is your next attempt, with questions of its own."
        )


def rule_same_paper(paper: Paper, shown: str) -> None:
    """What is marked is what somebody saw."""
    if paper.digest != shown:
        raise Conflict(
            "The questions changed while you answered, so nothing was sent. What still fits is filled in "
            "below. Look at every question once more."
        )


def rule_all_answered(paper: Paper, chosen: Chosen) -> None:
    """Every question has an answer among those that it offers; one answer where one is right."""
    for place, question in enumerate(paper.questions, start=1):
        taken = set(chosen.get(question.uuid, ()))
        offered = {option.uuid for option in question.options}
        if not taken or not taken <= offered or (len(taken) > 1 and not question.several):
            raise DomainError(f"Choose an answer to question {place}.", field=f"q-{question.uuid}")


def _anew(module: Module) -> Module:
    """The module as it is now that the person's book is locked."""
    return learning.modules().get(pk=module.pk)


def _drafted(by: Person, module: Module, paper: Paper, chosen: Chosen, uuid: UUID) -> Draft:
    marks = papers.marks(paper, chosen)
    right = sum(mark for _, mark in marks)
    fact = QuizAttempt(
        person=by,
        module=module,
        number=paper.number,
        marks=papers.written(marks),
        right=right,
        asked=len(marks),
        passed=papers.is_pass(right, len(marks), module.pass_percent),
    )
    return Draft(
        fact=fact,
        book=by.book,
        about_from=clock.today(),
        uuid=uuid,
        texts={"paper": papers.kept(paper, chosen)},
    )


def _again(before: QuizAttempt, module: Module, chosen: Chosen) -> Draft:
    """What was sent before as it would be with these choices, so that the ledger says whether they are the same."""
    return Draft(
        fact=QuizAttempt(person=before.person, module=module),
        book=before.entry.book,
        about_from=before.entry.about_from,
        uuid=before.entry.uuid,
        texts={"paper": papers.chosen_anew(ledger.private_text(before, "paper"), chosen)},
    )


def _attain(pen: Pen, by: Person, me: Collection[int], module: Module) -> None:
    today = clock.today()
    if learning.attained_on(module, me, today) is None:
        attaining.enter(
            pen, by, module.version, day=today, source=Attainment.Source.MODULE, by=by.uuid
        )
