"""Parts that are done and attempts at a quiz: what they write, once, for whom, and when nothing is written."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from cms.models import ModulePage, ModulePart
from cms.policies import Access
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import ConflictingWrite, LedgerEntry
from school.courses import learning_queries as learning
from school.courses import papers
from school.courses.actions import learning as actions
from school.courses.actions import teaching
from school.courses.actions.certifying import issue_certificate
from school.courses.actions.modules import retire_question
from school.courses.models import (
    Answer,
    Attainment,
    Booking,
    Certificate,
    PartDone,
    Question,
    QuizAttempt,
)
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses import modules as made
from tests.courses.attained import blank, keys

__all__ = ["blank", "keys"]
pytestmark = pytest.mark.django_db

DAY = datetime(2026, 11, 19, 10, tzinfo=UTC)


@pytest.fixture
def alice() -> Person:
    return make.make_person("Alice Amber")


def facts() -> tuple[int, int, int]:
    """How many parts are done, papers sent and courses attained."""
    return PartDone.objects.count(), QuizAttempt.objects.count(), Attainment.objects.count()


def test_part_is_done_once_in_the_persons_book(alice: Person) -> None:
    module = made.make_module()
    part, _ = made.parts_of(module)
    uuid = uuid4()
    first = actions.finish_part(by=alice, module=module, part=part, uuid=uuid)
    again = actions.finish_part(by=alice, module=module, part=part, uuid=uuid)
    other_tab = actions.finish_part(by=alice, module=module, part=part, uuid=uuid4())
    assert first == again == other_tab == PartDone.objects.get()
    assert (first.entry.book, first.entry.actor, first.part) == (alice.book, alice.uuid, part)


def test_uuid_of_another_fact_is_refused(alice: Person) -> None:
    module = made.make_module()
    one, two = made.parts_of(module)
    uuid = uuid4()
    actions.finish_part(by=alice, module=module, part=one, uuid=uuid)
    with pytest.raises(Conflict):
        actions.finish_part(by=alice, module=module, part=two, uuid=uuid)
    bob = make.make_person("Bob Birch")
    with pytest.raises(NotAllowed):
        actions.finish_part(by=bob, module=module, part=one, uuid=uuid)
    assert facts() == (1, 0, 0)


def test_part_of_another_module_is_not_done(alice: Person) -> None:
    module = made.make_module()
    with pytest.raises(DomainError, match="not in the module any more"):
        actions.finish_part(by=alice, module=module, part=uuid4(), uuid=uuid4())
    ModulePart.objects.filter(slug="part-2").update(live=False)
    assert len(made.parts_of(module)) == 1


def test_module_that_is_not_published_is_not_learned(alice: Person) -> None:
    module = made.make_module()
    part = made.parts_of(module)[0]
    ModulePage.objects.update(live=False)
    with pytest.raises(DomainError, match="not published"):
        actions.finish_part(by=alice, module=module, part=part, uuid=uuid4())


def test_only_the_version_that_is_taught_is_learned(alice: Person) -> None:
    teacher = making.make_teacher()
    module = made.make_module(by=teacher)
    made.do_parts(alice, module)
    course = module.version.course
    teaching.publish_version(
        by=teacher,
        course=course,
        uuid=uuid4(),
        published_on=clock.today(),
        outcomes=["More."],
        credit_minutes=60,
    )
    with pytest.raises(DomainError, match="not taught today"):
        made.sit(alice, module)
    assert facts() == (2, 0, 0)


def test_retired_course_is_not_learned(alice: Person) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    module.version.course.retired_on = clock.today()
    module.version.course.save()
    with pytest.raises(DomainError, match="not taught today"):
        made.sit(alice, module)


def test_module_for_people_with_a_place_asks_for_one(alice: Person) -> None:
    teacher = making.make_teacher()
    module = made.make_module(by=teacher, access=Access.BOOKED)
    part = made.parts_of(module)[0]
    with pytest.raises(DomainError, match="for people with a place"):
        actions.finish_part(by=alice, module=module, part=part, uuid=uuid4())
    booking = making.ask(alice, making.make_event(module.version, by=teacher))
    assert booking.state == Booking.State.BOOKED
    actions.finish_part(by=alice, module=module, part=part, uuid=uuid4())
    actions.finish_part(by=teacher, module=module, part=part, uuid=uuid4())
    assert facts() == (2, 0, 0)


def test_quiz_opens_when_all_parts_are_done(alice: Person) -> None:
    module = made.make_module()
    with pytest.raises(DomainError, match="You have done 0"):
        made.sit(alice, module)
    made.do_parts(alice, module)
    made.sit(alice, module)
    assert facts() == (2, 1, 1)


def test_what_has_to_come_first_comes_first(alice: Person) -> None:
    teacher = making.make_teacher()
    first = making.make_version("First Steps", by=teacher)
    version = making.make_version("Second Steps", by=teacher, prerequisites=[first.course])
    module = made.make_module(by=teacher, version=version)
    made.do_parts(alice, module)
    with pytest.raises(DomainError, match="asks for First Steps first"):
        made.sit(alice, module)


def test_pass_attains_the_course_on_the_day(alice: Person) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    attempt = made.sit(alice, module)
    assert (attempt.number, attempt.right, attempt.asked, attempt.passed) == (1, 2, 2, True)
    attainment = Attainment.objects.get()
    assert (attainment.person, attainment.course_version, attainment.source) == (
        alice,
        module.version,
        Attainment.Source.MODULE,
    )
    assert (attainment.entry.about_from, attainment.entry.book) == (clock.today(), alice.book)


@pytest.mark.usefixtures("blank")
def test_pass_is_certified(alice: Person) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    made.sit(alice, module)
    issue_certificate(Attainment.objects.get().entry.uuid)
    assert Certificate.objects.get().attainment == Attainment.objects.get()


def test_fail_keeps_what_was_shown_and_chosen_and_attains_nothing(alice: Person) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    paper = made.paper_of(alice, module)
    attempt = made.sit(alice, module, right=False)
    assert (attempt.passed, attempt.right) == (False, 0)
    assert papers.read_marks(attempt.marks) == [(one.uuid, False) for one in paper.questions]
    Question.objects.update(text="Another question?")
    Answer.objects.update(text="Another answer")
    lines = papers.lines(ledger.private_text(attempt, "paper"))
    assert [line.text for line in lines] == [one.text for one in paper.questions]
    assert {line.chosen[0][:5] for line in lines} == {"Wrong"}
    assert lines[0].feedback == f"Because of {lines[0].text}"
    assert "Question" not in attempt.entry.payload
    assert facts() == (2, 1, 0)


def test_attempt_sent_twice_is_one_even_on_another_day(alice: Person) -> None:
    uuid = uuid4()
    with time_machine.travel(DAY, tick=False):
        module = made.make_module()
        made.do_parts(alice, module)
        paper = made.paper_of(alice, module)
        sent = {
            "by": alice,
            "module": module,
            "chosen": made.chosen(paper, right=True),
            "shown": paper.digest,
            "uuid": uuid,
        }
        first = actions.submit_attempt(**sent)  # type: ignore[arg-type]
    with time_machine.travel(DAY + timedelta(days=1), tick=False):
        Question.objects.update(text="Another question?")
        assert actions.submit_attempt(**sent) == first  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            actions.submit_attempt(**sent | {"chosen": made.chosen(paper, right=False)})  # type: ignore[arg-type]
    assert (facts(), ConflictingWrite.objects.count()) == ((2, 1, 1), 1)


def test_attempts_run_out(alice: Person) -> None:
    module = made.make_module(attempts=2)
    made.do_parts(alice, module)
    for number in (1, 2):
        assert made.sit(alice, module, right=False).number == number
    with pytest.raises(DomainError, match="2 of 2 attempts"):
        made.sit(alice, module)
    assert facts() == (2, 2, 0)


def test_renewal_on_a_later_day_stands_beside_the_first(alice: Person) -> None:
    module = made.make_module(attempts=1)
    made.do_parts(alice, module)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        made.sit(alice, module)
        made.sit(alice, module)
        assert facts() == (2, 2, 1)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert made.sit(alice, module, right=False).number == 3
        assert facts() == (2, 3, 1)
        with pytest.raises(DomainError, match="1 of 1 attempts"):
            made.sit(alice, module)


def test_pass_on_a_later_day_is_an_attainment_of_its_own(alice: Person) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    made.sit(alice, module)
    with time_machine.travel(clock.now() + timedelta(days=300), tick=False):
        made.sit(alice, module)
    assert facts() == (2, 2, 2)


def test_bank_that_is_too_small_keeps_the_quiz_closed(alice: Person) -> None:
    teacher = making.make_teacher()
    module = made.make_module(by=teacher, questions=2)
    made.do_parts(alice, module)
    question = Question.objects.first()
    assert question is not None
    retire_question(by=teacher, question=question)
    with pytest.raises(DomainError, match="being prepared"):
        made.sit(alice, module)


def test_retired_question_is_never_drawn(alice: Person) -> None:
    teacher = making.make_teacher()
    module = made.make_module(by=teacher, questions=3)
    gone = Question.objects.get(text="Question 1?")
    retire_question(by=teacher, question=gone)
    drawn = {one.uuid for n in range(30) for one in learning.paper(module, alice, n).questions}
    assert (len(drawn), gone.uuid in drawn) == (2, False)


def test_paper_that_changed_meanwhile_is_not_marked(alice: Person) -> None:
    module = made.make_module(questions=2)
    made.do_parts(alice, module)
    paper = made.paper_of(alice, module)
    Question.objects.filter(uuid=paper.questions[0].uuid).update(text="Another?")
    with pytest.raises(Conflict, match="changed while you answered"):
        actions.submit_attempt(
            by=alice,
            module=module,
            chosen=made.chosen(paper, right=True),
            shown=paper.digest,
            uuid=uuid4(),
        )
    assert facts() == (2, 0, 0)


@pytest.mark.parametrize("taken", ["none", "two", "foreign"])
def test_every_question_has_one_of_its_answers(alice: Person, taken: str) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    paper = made.paper_of(alice, module)
    chosen = made.chosen(paper, right=True)
    first, second = paper.questions
    chosen[second.uuid] = {
        "none": set(),
        "two": {one.uuid for one in second.options[:2]},
        "foreign": {first.options[0].uuid},
    }[taken]
    with pytest.raises(DomainError, match="Choose an answer to question 2"):
        actions.submit_attempt(
            by=alice, module=module, chosen=chosen, shown=paper.digest, uuid=uuid4()
        )
    assert facts() == (2, 0, 0)


def test_nothing_stays_of_an_attempt_whose_attainment_fails(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = made.make_module()
    made.do_parts(alice, module)
    entries = LedgerEntry.objects.count()

    def fail(*args: object, **kwargs: object) -> None:
        raise DomainError("No.")

    monkeypatch.setattr(actions.attaining, "enter", fail)
    with pytest.raises(DomainError):
        made.sit(alice, module)
    assert (facts(), LedgerEntry.objects.count()) == ((2, 0, 0), entries)


@pytest.mark.engine
def test_last_attempt_is_taken_once(transactional_db: None) -> None:
    alice = make.make_person("Alice Amber")
    module = made.make_module(attempts=1)
    made.do_parts(alice, module)
    paper = made.paper_of(alice, module)
    said: list[str] = []

    def send() -> None:
        try:
            actions.submit_attempt(
                by=alice,
                module=module,
                chosen=made.chosen(paper, right=False),
                shown=paper.digest,
                uuid=uuid4(),
            )
            said.append("sent")
        except DomainError as error:
            said.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = "You have used 1 of 1 attempts. Write to the School if you need another."
    assert sorted(said) == sorted(["sent", refused, refused, refused])
    assert QuizAttempt.objects.count() == 1
