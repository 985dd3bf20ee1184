"""What the checks say in words: what is so, why it matters, what to do."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.checks import Reason, Seen
from logbooks.cpd.findings import Finding, State, findings
from logbooks.cpd.learning import Learning
from tests.logbooks.cpd.examples import HCPC, seen

CYCLE = (date(2024, 3, 1), date(2026, 2, 28))
EARLY, LATE = date(2024, 9, 1), date(2025, 9, 1)
KEYS = ["gaps", "mixture", "standard-3", "standard-4", "usual"]
WHY_GAP = "HCPC asks for a reason when nothing is recorded for 3 months or more."


def monthly(until: date, **words: bool) -> list[Seen]:
    """An activity on each first of a month, work-based and formal in turn."""
    months = (until.year - 2024) * 12 + until.month - 3
    kinds = [Learning.WORK, Learning.FORMAL]
    days = [date(2024 + (2 + n) // 12, (2 + n) % 12 + 1, 1) for n in range(months + 1)]
    return [seen(day, learning=kinds[n % 2], **words) for n, day in enumerate(days)]


def said(own: list[Seen], today: date, reasons: list[Reason] | None = None) -> dict[str, Finding]:
    return {one.key: one for one in findings(own, reasons or [], CYCLE, today, HCPC)}


def test_full_record_is_well() -> None:
    found = said(monthly(LATE, practice=True, benefit=True), LATE)
    assert list(found) == KEYS
    assert {one.state for one in found.values()} == {State.OK}
    assert found["gaps"].words == (
        f"With nothing new, you will have a gap of 3 months on 1 December 2025. {WHY_GAP}"
    )
    assert found["mixture"].words == (
        "Work-based learning and formal learning. HCPC asks for at least 2 types of learning."
    )
    assert found["standard-3"].title == "Standard 3: better practice"
    assert found["standard-4"].words == (
        "19 activities say who benefits and how. Your profile should show this for about 4 to 6 activities."
    )
    assert found["usual"].words == (
        "You have 19 activities. 12 to 50 between two renewals is usual. It is not a rule."
    )


def test_gap_without_a_reason_wants_one() -> None:
    own = [seen(date(2024, 3, 1)), seen(date(2024, 8, 1))]
    one = said(own, EARLY)["gaps"]
    assert (one.state, one.title) == (State.ACT, "A gap of 3 months or more")
    assert one.words == (
        f"1 gap has no reason: 2 March 2024 to 31 July 2024. {WHY_GAP} "
        "Add what you did in that time, or give the reason: leave, illness, other work."
    )
    two = said(own, LATE)["gaps"]
    assert two.words.startswith(
        "2 gaps have no reason: 2 March 2024 to 31 July 2024; 2 August 2024 to today. "
    )


def test_gap_with_a_reason_is_explained() -> None:
    own = [seen(date(2024, 3, 1)), seen(EARLY)]
    leave = [Reason(date(2024, 4, 1), date(2024, 8, 1))]
    one = said(own, EARLY, leave)["gaps"]
    assert (one.state, one.title) == (State.OK, "No gap to explain")
    assert one.words.startswith("With nothing new, you will have a gap of 3 months on 1 December")
    assert "1 gap has its reason." in one.words
    both = said(own[:1], LATE, [Reason(date(2024, 4, 1), LATE)])["gaps"]
    assert both.words == f"1 gap has its reason. {WHY_GAP}"
    # Since the leave was over, three months more have gone by.
    assert said(own[:1], LATE, leave)["gaps"].state is State.ACT


def test_gap_that_is_near_is_worth_a_look() -> None:
    own = [seen(EARLY)]
    leave = [Reason(CYCLE[0], EARLY)]
    assert said(own, date(2024, 10, 30), leave)["gaps"].state is State.OK
    near = said(own, date(2024, 11, 2), leave)["gaps"]
    assert (near.state, near.title) == (State.LOOK, "A gap is near")
    assert near.words.endswith("Add an activity before then.")


def test_end_without_a_gap_says_so() -> None:
    found = said(monthly(CYCLE[1]), CYCLE[1])["gaps"]
    assert found.words == f"No gap of 3 months or more. {WHY_GAP}"


@pytest.mark.parametrize(("today", "state"), [(EARLY, State.LOOK), (LATE, State.ACT)])
def test_one_type_is_no_mixture(today: date, state: State) -> None:
    one = said([seen(EARLY, learning=Learning.SELF)], today)["mixture"]
    assert (one.state, one.title) == (state, "Not a mixture yet")
    assert one.words == (
        "All you have is self-directed learning. HCPC asks for at least 2 types of learning. "
        "Add something that you learned in another way."
    )
    assert said([], today)["mixture"].words.startswith("There is nothing yet. ")


@pytest.mark.parametrize(
    ("written", "today", "state"),
    [
        (0, EARLY, State.LOOK),
        (0, LATE, State.ACT),
        (1, EARLY, State.OK),
        (3, LATE, State.LOOK),
        (4, LATE, State.OK),
    ],
)
def test_standards_want_words_before_it_is_late(written: int, today: date, state: State) -> None:
    own = [seen(EARLY, practice=True)] * written + [seen(EARLY)]
    one = said(own, today)["standard-3"]
    assert one.state is state
    number = {0: "No activity says yet", 1: "1 activity says"}.get(written, f"{written} activities say")  # fmt: skip
    assert one.words.startswith(f"{number} how your work got better. ")
    assert one.words.endswith("on how your work got better.") is (state is not State.OK)


@pytest.mark.parametrize(
    ("number", "today", "state", "title"),
    [
        (1, EARLY, State.OK, "Number of activities"),
        (1, LATE, State.LOOK, "Fewer activities than usual"),
        (51, LATE, State.LOOK, "More activities than usual"),
    ],
)
def test_number_is_compared_with_what_is_usual(
    number: int, today: date, state: State, title: str
) -> None:
    one = said([seen(EARLY)] * number, today)["usual"]
    assert (one.state, one.title) == (state, title)
    assert one.words.startswith(f"You have {number} activit")


ACTIVITIES = st.builds(
    seen,
    st.integers(0, 720).map(lambda days: CYCLE[0] + timedelta(days=days)),
    learning=st.sampled_from(Learning),
    practice=st.booleans(),
    benefit=st.booleans(),
)


@given(st.lists(ACTIVITIES, max_size=20), st.integers(-30, 760))
def test_words_are_short_sentences_and_never_a_score(own: list[Seen], days: int) -> None:
    found = findings(own, [], CYCLE, CYCLE[0] + timedelta(days=days), HCPC)
    assert [one.key for one in found] == KEYS
    for one in found:
        assert one.title
        assert not re.search(r"%|per cent|score|out of|  ", one.words)
        sentences = one.words.removesuffix(".").split(". ")
        # The days of gaps are a list.
        assert all(len(words.partition(":")[0].split()) <= 20 for words in sentences)
        assert all(words[0].isupper() or words[0].isdigit() for words in sentences)
        assert (len(sentences) >= 3) or one.state is State.OK
