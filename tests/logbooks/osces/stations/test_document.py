"""A station as a document: what stops it, what a version changes, and that its text says all of it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces import sealing
from logbooks.osces.stations import document as documents
from logbooks.osces.stations.document import MOST_ITEMS, SCALE, Document, Grade, Item, Kind
from tests.logbooks.osces.stations.made import item, small

items = st.builds(
    Item,
    key=st.uuids(),
    words=st.text(min_size=1),
    kind=st.sampled_from(Kind),
    most=st.integers(1, 20),
    critical=st.booleans(),
    domain=st.text(),
    competencies=st.lists(st.text(min_size=1)).map(tuple),
)
stations = st.builds(
    Document,
    title=st.text(),
    minutes=st.integers(1, 60),
    candidate=st.text(),
    examiner=st.text(),
    patient=st.text(),
    room=st.text(),
    items=st.lists(items, max_size=4).map(tuple),
)


@given(stations)
def test_text_says_all_of_a_document(document: Document) -> None:
    text = sealing.canonical(document)
    assert documents.from_canonical(text) == document
    assert sealing.canonical(documents.from_canonical(text)) == text
    assert documents.changes(document, document) == []


@given(items)
def test_choices_begin_with_nothing_and_end_with_the_most(one: Item) -> None:
    assert (one.choices[0], one.choices[-1]) == (0, one.most)
    assert len(one.choices) == (2 if one.kind is Kind.CHECKLIST else one.most + 1)


def test_whole_station_has_no_problem() -> None:
    assert documents.problems(small(), []) == []
    assert small().most == 5
    assert small().borderline.number == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"candidate": " "}, "It has no instructions for the candidate."),
        ({"examiner": ""}, "It has no instructions for the examiner."),
        ({"minutes": 0}, "It lasts 0 minutes; a station lasts 1 to 60."),
        ({"items": ()}, "The mark sheet has no items."),
        (
            {"items": tuple(item(n, f"Item {n}") for n in range(MOST_ITEMS + 1))},
            "The mark sheet has 61 items; nobody marks more than 60.",
        ),
        ({"items": (item(1, most=0),)}, "Item 1 has 0 marks; an item has 1 to 20."),
        ({"items": (item(1, most=21),)}, "Item 1 has 21 marks; an item has 1 to 20."),
        ({"items": (item(1, most=1),)}, "Item 1 has 1 mark, so it is done or not done."),
        (
            {"items": (item(1, competencies=("Z9",)),)},
            "Item 1 names the competency Z9, which no framework has.",
        ),
        ({"items": (item(1, "Looks"), item(2, " looks"))}, "Two items say “looks”."),
        (
            {"scale": tuple(replace(grade, borderline=False) for grade in SCALE)},
            "The global scale has 0 borderline grades; a line is read off at exactly one.",
        ),
        (
            {"scale": tuple(replace(grade, borderline=True) for grade in SCALE[1:3]) + SCALE[3:]},
            "The global scale has 2 borderline grades; a line is read off at exactly one.",
        ),
        (
            {"scale": SCALE[1:4]},
            "The borderline grade is between a worse and a better one.",
        ),
        ({"scale": SCALE[1:3]}, "The global scale has fewer than 3 grades."),
        (
            {"scale": (*SCALE, Grade(6, "fail"))},
            "Two grades have the same name.",
        ),
    ],
)
def test_problem_is_said(changed: dict[str, object], said: str) -> None:
    assert said in documents.problems(small(**changed), ["A1"])


def test_changes_are_told_item_by_item() -> None:
    before = small()
    first, second, _ = before.items
    after = replace(
        before,
        minutes=10,
        patient="You are cold.",
        items=(second, replace(first, most=3), item(9, "Offers a blanket")),
        scale=(*SCALE[:4], Grade(5, "Outstanding")),
    )
    assert documents.changes(before, after) == [
        "What the simulated patient reads changed.",
        "Lasts 10 minutes, before 8.",
        "New item: Offers a blanket",
        "Changed item: Checks identity",
        "Item gone: Cleans the hands",
        "The items stand in another order.",
        "The global scale changed.",
    ]


def test_competencies_are_named_once_in_the_order_of_the_items() -> None:
    items = (item(1, competencies=("B1", "A1")), item(2, competencies=("A1", "C1")))
    assert small(items=items).competencies == ["B1", "A1", "C1"]


def test_digest_is_of_the_words() -> None:
    assert sealing.digest(small()) == sealing.digest(small())
    other = small(items=(replace(small().items[0], key=uuid4()),))
    assert sealing.digest(other) != sealing.digest(small())
