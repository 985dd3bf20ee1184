"""Papers: the same for the same attempt, every question once, marked exactly and kept in words."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.courses import papers
from school.courses.papers import Asked, Option, Paper

PERSON, MODULE = uuid4(), uuid4()


def question(key: UUID | None = None, *, right: int = 1, several: bool = False) -> Asked:
    """A question with four answers, the first so many of them right."""
    options = tuple(Option(uuid4(), f"Answer {n}", n < right) for n in range(4))
    return Asked(key or uuid4(), "Why?", several, "Because.", options)


@given(
    keys=st.lists(st.uuids(), unique=True, max_size=20), asked=st.integers(1, 20), seed=st.uuids()
)
def test_same_attempt_has_the_same_paper_whatever_the_order_of_the_bank(
    keys: list[UUID], asked: int, seed: UUID
) -> None:
    bank = [question(key) for key in keys]
    paper = papers.draw(bank, asked, person=seed, module=MODULE, number=1)
    again = papers.draw(bank[::-1], asked, person=seed, module=MODULE, number=1)
    assert (paper, paper.digest) == (again, again.digest)
    drawn = [one.uuid for one in paper.questions]
    assert (len(drawn), set(drawn) <= set(keys)) == (len(set(drawn)), True)
    assert len(drawn) == min(asked, len(keys))
    by_key = {one.uuid: one for one in bank}
    for one in paper.questions:
        assert sorted(one.options, key=str) == sorted(by_key[one.uuid].options, key=str)


def test_papers_differ_by_person_and_by_attempt() -> None:
    bank = [question() for _ in range(30)]
    orders = {
        tuple(
            one.uuid for one in papers.draw(bank, 10, person=who, module=MODULE, number=n).questions
        )
        for who in (PERSON, uuid4())
        for n in (1, 2)
    }
    assert len(orders) == 4


def test_answers_are_shuffled() -> None:
    bank = [question() for _ in range(40)]
    paper = papers.draw(bank, 40, person=PERSON, module=MODULE, number=1)
    first = {next(n for n, one in enumerate(row.options) if one.right) for row in paper.questions}
    assert first == {0, 1, 2, 3}


def test_digest_says_when_words_changed() -> None:
    one = question()
    other = Asked(one.uuid, "Why not?", one.several, one.feedback, one.options)
    assert Paper(1, (one,)).digest != Paper(1, (other,)).digest
    assert Paper(1, (one,)).digest != Paper(2, (one,)).digest


@pytest.mark.parametrize(
    ("taken", "right"),
    [((0, 1), True), ((0,), False), ((0, 1, 2), False), ((0, 2), False), ((), False)],
)
def test_question_with_several_right_answers_wants_exactly_them(
    taken: tuple[int, ...], right: bool
) -> None:
    one = question(right=2, several=True)
    assert one.is_right([one.options[n].uuid for n in taken]) is right


@pytest.mark.parametrize(
    ("right", "asked", "percent", "passed"),
    [(8, 10, 80, True), (7, 10, 80, False), (2, 3, 66, True), (2, 3, 67, False), (0, 1, 1, False)],
)
def test_pass_mark_is_reached_in_whole_numbers(
    right: int, asked: int, percent: int, passed: bool
) -> None:
    assert papers.is_pass(right, asked, percent) is passed


def test_marks_are_read_as_they_were_written() -> None:
    first, second = question(), question()
    paper = Paper(1, (first, second))
    found = papers.marks(paper, {first.uuid: {first.options[0].uuid}})
    assert found == [(first.uuid, True), (second.uuid, False)]
    assert papers.written(found) == f"{first.uuid}:1 {second.uuid}:0"
    assert papers.read_marks(papers.written(found)) == found
    assert papers.read_marks("") == []


def test_kept_paper_says_what_was_asked_and_chosen() -> None:
    one = question()
    words = papers.kept(Paper(1, (one,)), {one.uuid: {one.options[2].uuid}})
    assert papers.lines(words) == [papers.Line("Why?", ("Answer 2",), False, "Because.")]
    same = papers.chosen_anew(words, {one.uuid: [one.options[2].uuid]})
    other = papers.chosen_anew(words, {one.uuid: [one.options[0].uuid]})
    assert (same, papers.lines(other)[0].right) == (words, True)
    assert (papers.lines(""), papers.chosen_anew("", {})) == ([], "")
