"""What a profile says: the same for the same material, with its gaps, its evidence and what stops it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.learning import Learning
from logbooks.cpd.profile.document import (
    MOST_BYTES,
    Listed,
    Material,
    Piece,
    Why,
    canonical,
    content,
    is_same,
    mark,
    problems,
    with_frozen,
)
from logbooks.cpd.wordcount import count
from tests.logbooks.cpd.examples import HCPC

FIRST, LAST = date(2026, 3, 1), date(2028, 2, 29)
TODAY = date(2026, 11, 23)
TEXTS = {"summary": "I scan.", "statement": "I learned."}


def listed(number: int, first: date, **values: Any) -> Listed:
    wanted: dict[str, Any] = {
        "pk": number,
        "uuid": UUID(int=number),
        "title": f"Activity {number}",
        "learning": Learning.FORMAL,
        "first": first,
        "last": first,
        "minutes": 90,
        "words": True,
        "practice": True,
        "benefit": True,
        "evidence": False,
    }
    return Listed(**wanted | values)


def piece(number: int, activity: int, **values: Any) -> Piece:
    wanted: dict[str, Any] = {
        "uuid": UUID(int=100 + number),
        "activity": activity,
        "title": f"Piece {number}",
        "sha256": "a" * 64,
        "content_type": "application/pdf",
        "ending": "pdf",
        "size": 1000,
        "there": True,
    }
    return Piece(**wanted | values)


def material(**values: Any) -> Material:
    wanted: dict[str, Any] = {
        "person": {
            "uuid": "x",
            "name": "Alice Amber",
            "regulator": "HCPC",
            "registration_number": "RA1",
        },
        "scheme": HCPC,
        "profession": "Radiographers",
        "period": (FIRST, LAST),
        "today": TODAY,
        "texts": TEXTS,
        "activities": [listed(1, date(2026, 3, 10)), listed(2, date(2026, 9, 1))],
        "chosen": frozenset({2}),
        "evidence": [],
        "reasons": [],
    }
    return Material(**wanted | values)


def test_document_holds_every_part_and_only_plain_values() -> None:
    said = content(material())
    assert json.loads(canonical(said)) == said
    assert [one["key"] for one in said["parts"]] == [
        "summary",
        "activities",
        "statement",
        "evidence",
    ]
    assert [(one["title"], one["chosen"]) for one in said["activities"]] == [("Activity 1", False), ("Activity 2", True)]  # fmt: skip
    assert said["activities"][0] == {
        "uuid": str(UUID(int=1)), "title": "Activity 1", "type": "formal learning",
        "from": "2026-03-10", "to": "2026-03-10", "minutes": 90, "chosen": False,
    }  # fmt: skip
    assert problems(said) == []


def test_gap_stands_with_the_reasons_that_explain_it() -> None:
    reasons = [Why(date(2026, 4, 1), date(2026, 5, 1), "Leave"), Why(FIRST, FIRST, "Before it")]
    assert content(material(reasons=reasons))["gaps"] == [
        {"from": "2026-03-11", "to": "2026-08-31", "reasons": ["Leave"]}
    ]


def test_evidence_of_what_is_chosen_is_named_in_the_order_of_the_activities() -> None:
    activities = [
        listed(1, date(2026, 3, 10)),
        listed(2, date(2026, 4, 1)),
        listed(3, date(2026, 5, 1)),
    ]
    pieces = [
        piece(1, 3, title="Zertifikat für Übung / 2026.pdf"),
        piece(2, 2, there=False, title="日本"),
        piece(3, 1),
    ]
    said = content(material(activities=activities, chosen=frozenset({2, 3}), evidence=pieces))
    assert [(one["file"], one["missing"]) for one in said["evidence"]] == [
        ("evidence/01-evidence.pdf", True),
        ("evidence/02-zertifikat-fur-ubung-2026-pdf.pdf", False),
    ]


@pytest.mark.parametrize(
    ("values", "step", "words"),
    [
        ({"chosen": frozenset()}, "choose", "Choose the activities"),
        ({"texts": TEXTS | {"summary": " "}}, "write", "Write “Summary of your practice”"),
        ({"texts": TEXTS | {"summary": "a " * 501}}, "write", "It has 501 words, 1 more than 500."),
        ({"texts": {"summary": "I scan."}}, "write", "Write “How you met the standards”"),
        (
            {"texts": TEXTS | {"statement": "a " * 1600}},
            "write",
            "It has 1,600 words, 100 more than 1,500.",
        ),
        ({"evidence": [piece(1, 2, size=MOST_BYTES + 1)]}, "choose", "a profile holds 100 MB"),
    ],
)
def test_each_thing_that_stops_a_profile_is_said(
    values: dict[str, Any], step: str, words: str
) -> None:
    [found] = problems(content(material(**values)))
    assert found.step == step
    assert words in found.words


@pytest.mark.parametrize(("words", "stops"), [(500, False), (501, True)])
def test_limit_itself_is_within_it(words: int, stops: bool) -> None:
    assert bool(problems(content(material(texts=TEXTS | {"summary": "a " * words})))) is stops


@given(st.text(st.sampled_from("ab \n\r\té\u00a0"), max_size=60))
def test_words_are_kept_and_counted_alike_whatever_stands_between_them(text: str) -> None:
    said = content(material(texts={"summary": text}))["texts"]["summary"]
    assert count(said) == count(text)
    assert "\r" not in said
    assert content(material(texts={"summary": said}))["texts"]["summary"] == said


def test_when_it_was_frozen_makes_no_other_profile() -> None:
    said = content(material())
    first = with_frozen(said, code="A", check="a", at="2026-11-23T10:00:00Z", until=TODAY)
    later = with_frozen(said, code="B", check="b", at="2026-11-24T10:00:00Z", until=TODAY + timedelta(days=1))  # fmt: skip
    assert first != later
    assert is_same(first, later)
    assert is_same(first, said)
    assert not is_same(first, content(material(texts=TEXTS | {"summary": "Else."})))


def test_mark_tells_content_apart_and_not_its_order() -> None:
    said = content(material())
    assert mark(said) == mark(json.loads(canonical(said)))
    assert mark(said) != mark(content(material(texts=TEXTS | {"statement": "Else."})))


def test_checks_look_at_the_same_activities() -> None:
    made_of = material()
    assert [one.key for one in made_of.findings()][:2] == ["gaps", "mixture"]
    assert replace(made_of, activities=[]).seen == []
