"""Two profiles compared: every word of both stands in what is shown, and lists say what came and went."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.profile.compare import Change, Run, Worded, compared, runs
from logbooks.cpd.profile.document import content
from tests.logbooks.cpd.profile.test_document import listed, material, piece

TEXTS = st.lists(st.sampled_from(["arms", "up", "the", "scan", "again"]), max_size=25).map(" ".join)


@given(TEXTS, TEXTS)
def test_both_texts_stand_whole_in_the_runs(before: str, after: str) -> None:
    found = runs(before, after)
    new = "".join(run.text for run in found if run.change is not Change.TAKEN_OUT)
    old = "".join(run.text for run in found if run.change is not Change.ADDED)
    assert new.split() == after.split()
    assert old.split() == before.split()
    assert Worded("", found).is_changed == (before.split() != after.split())


def test_what_was_changed_is_shown_by_whole_words() -> None:
    assert runs("I held the arms up.", "I hold both arms up.") == [
        Run(Change.SAME, "I "),
        Run(Change.TAKEN_OUT, "held the "),
        Run(Change.ADDED, "hold both "),
        Run(Change.SAME, "arms up."),
    ]


def test_fifteen_hundred_words_are_compared_in_an_instant() -> None:
    before = " ".join(f"word{number % 40}" for number in range(1500))
    after = " ".join(f"word{(number * 7) % 41}" for number in range(1500))
    assert Worded("", runs(before, after)).is_changed


def test_lists_say_what_came_went_and_changed() -> None:
    first, second = listed(1, date(2026, 3, 10)), listed(2, date(2026, 9, 1))
    old = material(activities=[first, second], evidence=[piece(1, 2), piece(2, 2)])
    new = replace(
        old,
        activities=[second._replace(title="Renamed"), listed(3, date(2026, 9, 2))],
        chosen=frozenset({2, 3}),
        evidence=[piece(2, 2), piece(3, 3)],
    )
    found = compared(content(old), content(new))
    assert [one["title"] for one in found.activities.added] == ["Activity 3"]
    assert [one["title"] for one in found.activities.gone] == ["Activity 1"]
    assert [one["title"] for one in found.activities.other] == ["Renamed"]
    assert [one["title"] for one in found.chosen.added] == ["Activity 3"]
    assert [one["title"] for one in found.evidence.added] == ["Piece 3"]
    assert [one["title"] for one in found.evidence.gone] == ["Piece 1"]
    assert found.evidence.other == []
    assert [(one.heading, one.is_changed) for one in found.texts.values()] == [
        ("Summary of practice", False),
        ("How the standards were met", False),
    ]


def test_part_of_one_profile_alone_is_added_or_taken_out_whole() -> None:
    old = content(material())
    kept, gone = old["parts"][0], {"key": "before", "heading": "As it was", "kind": "words"}
    come = {"key": "accounts", "heading": "Accounts", "kind": "words"}
    before = {**old, "parts": [kept, gone], "texts": {"summary": "I scan.", "before": "Old."}}
    after = {**old, "parts": [kept, come], "texts": {"summary": "I scan.", "accounts": "New."}}
    found = compared(before, after).texts
    assert [one.heading for one in found.values()] == [
        "Summary of practice",
        "Accounts",
        "As it was",
    ]
    assert found["accounts"].runs == [Run(Change.ADDED, "New.")]
    assert found["before"].runs == [Run(Change.TAKEN_OUT, "Old.")]
