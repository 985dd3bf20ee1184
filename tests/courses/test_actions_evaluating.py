"""Evaluations: who gives one, when and once, and what educators are shown."""

from uuid import uuid4

import pytest

from school.core.errors import Conflict, DomainError, NotAllowed
from school.courses import evaluation_queries as evaluations
from school.courses.actions.evaluating import evaluate
from school.courses.models import Booking, EventEvaluation
from tests.courses import day

pytestmark = [pytest.mark.django_db]


def attended(*names: str) -> list[Booking]:
    """People who were at the morning session, and the register is closed."""
    teacher, event, bookings = day.made(*names)
    [morning, _] = day.sessions(event)
    with day.at("09:05"):
        day.tick(teacher, event, *((one, morning) for one in bookings))
    day.close(teacher, event)
    return bookings


def give(booking: Booking, ratings: tuple[int, ...] = (5, 4, 3, 2, 1), comment: str = "") -> None:
    evaluate(by=booking.person, booking=booking, ratings=ratings, comment=comment, uuid=uuid4())


def test_evaluation_is_given_once_in_the_persons_book() -> None:
    [alice] = attended("Alice Amber")
    uuid = uuid4()
    with day.at("18:00"):
        for _ in range(2):
            evaluate(
                by=alice.person, booking=alice, ratings=(5, 4, 3, 2, 1), comment="Cold.", uuid=uuid
            )
        with pytest.raises(Conflict):
            evaluate(by=alice.person, booking=alice, ratings=(1, 1, 1, 1, 1), comment="", uuid=uuid)
        with pytest.raises(DomainError, match="already"):
            give(alice)
    fact = EventEvaluation.objects.get()
    assert (fact.ratings, fact.entry.book_id) == ("54321", alice.person.book_id)
    assert "Cold" not in fact.entry.payload


def test_evaluation_is_ones_own() -> None:
    alice, bob = attended("Alice Amber", "Bob Birch")
    with day.at("18:00"), pytest.raises(NotAllowed):
        evaluate(by=bob.person, booking=alice, ratings=(1,) * 5, comment="", uuid=uuid4())


def test_who_was_not_there_does_not_evaluate() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    day.close(teacher, event)
    with day.at("18:00"), pytest.raises(DomainError, match="does not say that you were there"):
        give(alice)


def test_evaluation_is_open_from_the_end_for_four_weeks() -> None:
    teacher, event, [alice] = day.made("Alice Amber")
    [morning, _] = day.sessions(event)
    with day.at("15:59:59"):
        day.tick(teacher, event, (alice, morning))
        with pytest.raises(DomainError, match="can be evaluated from 19 November 2026 at 16:00"):
            give(alice)
    with day.at("16:00", days=28), pytest.raises(DomainError, match="until 17 December 2026"):
        give(alice)
    with day.at("15:59:59", days=28):
        give(alice)
    assert EventEvaluation.objects.count() == 1


@pytest.mark.parametrize("ratings", [(5, 5, 5, 5), (5, 5, 5, 5, 6), (0, 5, 5, 5, 5)])
def test_every_question_is_answered_from_one_to_five(ratings: tuple[int, ...]) -> None:
    [alice] = attended("Alice Amber")
    with day.at("18:00"), pytest.raises(DomainError, match="all five"):
        give(alice, ratings)


def test_educators_see_whole_fives_without_names_or_order() -> None:
    bookings = attended("Ann", "Ben", "Cat", "Dan", "Eve", "Fay")
    with day.at("18:00"):
        for number, booking in enumerate(bookings[:4]):
            give(booking, comment=f"Words {number}")
        event = bookings[0].event
        nothing = evaluations.results(event)
        assert (nothing.counted, nothing.figures, nothing.comments) == (0, [], [])
        give(bookings[4], (1, 1, 1, 1, 1))
        five = evaluations.results(event)
        give(bookings[5], (1, 1, 1, 1, 1), comment="The sixth")
    assert evaluations.results(event) == five
    assert five.counted == 5
    assert [figure.average for figure in five.figures] == [4.2, 3.4, 2.6, 1.8, 1.0]
    assert five.comments == []


def test_words_are_shown_in_whole_fives_of_words() -> None:
    names = ("Ann", "Ben", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Joy")
    bookings = attended(*names)
    with day.at("18:00"):
        give(bookings[0])
        for number, booking in enumerate(bookings[1:], start=1):
            give(booking, comment=f"Words {number}")
            found = evaluations.results(booking.event)
            assert len(found.comments) == (5 if number == 9 else 0)
    assert sorted(found.comments) == [f"Words {number}" for number in range(1, 6)]


def test_what_waits_for_evaluation_is_listed_until_it_is_given() -> None:
    alice, bob = attended("Alice Amber", "Bob Birch")
    with day.at("18:00"):
        assert list(evaluations.to_evaluate([alice.person_id])) == [alice]
        give(alice)
        assert list(evaluations.to_evaluate([alice.person_id])) == []
    with day.at("16:00", days=28):
        assert list(evaluations.to_evaluate([bob.person_id])) == []
