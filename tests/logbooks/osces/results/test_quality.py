"""The data-quality report: everything that is amiss, once, with what to do."""

from uuid import uuid4

import pytest

from logbooks.osces import sealing
from logbooks.osces.models import AmendmentAsked, AmendmentRefused, MarkEvent, MarkSheet
from logbooks.osces.results.quality import REMEDIES, Finding
from school.core import ledger
from school.core.ledger import Draft
from school.core.models import Fact
from tests.factories import make_person
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.examined.test_views import words
from tests.logbooks.osces.marking.made import close, sheet
from tests.logbooks.osces.results.made import reference, source
from tests.logbooks.osces.stations.made import small
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db


def of(made: Day, kind: str) -> list[Finding]:
    return [one for one in source(made).findings if one.kind == kind]


def about(made: Day, kind: str) -> list[tuple[str, ...]]:
    return [one.about[:2] for one in of(made, kind)]


def write(own: MarkSheet, *facts: Fact) -> None:
    with ledger.writing(own.book) as pen:
        pen.append(
            [Draft(fact=one, book=own.book, about_from=own.exam.day) for one in facts],
            by=own.examiner.uuid,
        )


def tap(own: MarkSheet, number: int, part: str, value: int | None, said: str = "mark") -> None:
    event = MarkEvent(
        sheet=own, device=uuid4(), number=number, part=part, value=value, said=said, seen=""
    )
    write(own, event)


def test_example_has_clean_data() -> None:
    assert not source(reference()).findings


def test_visit_without_a_sheet_is_missing_and_one_with_an_open_sheet_is_open() -> None:
    made = day(stations=2, candidates=3)
    first, second, third = made.candidates
    close(made, first, made.stations[0], 4, 3)
    sheet(made, second, made.stations[0])
    assert about(made, "sheet open") == [("102", "S1")]
    assert ("102", "S1") not in about(made, "missing mark")
    assert ("103", "S1") in about(made, "missing mark")
    third.withdrawn = True
    third.save()
    assert ("103", "S1") not in about(made, "missing mark"), "nobody waits for who withdrew"


def test_sheet_of_somebody_who_was_not_allocated() -> None:
    made = day(stations=2, candidates=1)
    stranger = make_person("Stray Examiner")
    close(made, made.candidates[0], made.stations[0], 4, 3, examiner=stranger)
    [found] = of(made, "examiner not allocated")
    assert found.words == "101 at S1 was marked by Stray Examiner, who was not allocated."
    assert found.remedy == REMEDIES["examiner not allocated"]
    close(made, made.candidates[0], made.stations[0], 4, 3)
    assert about(made, "marked twice") == [("101", "S1")]


def test_late_mark_counts_only_when_it_says_something_else() -> None:
    made = day(stations=2, candidates=2)
    closing = close(made, made.candidates[0], made.stations[0], 5, 3, changed={2: None})
    own, item = closing.sheet, made.stations[0].document.items
    tap(own, 1, str(item[0].key), 2)
    tap(own, 2, str(item[1].key), None, said="not_observed")
    tap(own, 3, "grade", 3)
    tap(own, 4, "comment", None, said="words")
    assert not of(made, "late mark")
    tap(own, 5, str(item[0].key), None, said="cleared")
    assert about(made, "late mark") == [("101", "S1")]


def test_mark_that_came_before_closing_is_not_late() -> None:
    made = day(stations=2, candidates=1)
    own = sheet(made, made.candidates[0], made.stations[0])
    tap(own, 1, "grade", 5)
    assert not of(made, "late mark")


def test_amendment_waits_until_it_is_answered() -> None:
    made = day(stations=2, candidates=1)
    closing = close(made, made.candidates[0], made.stations[0], 4, 3)
    text = '{"grade": 4}'
    asked = AmendmentAsked(
        sheet=closing.sheet, of=closing, marks=text, digest=sealing.digest_of(text)
    )
    write(closing.sheet, asked)
    assert about(made, "amendment unanswered") == [("101", "S1")]
    write(closing.sheet, AmendmentRefused(asked=asked))
    assert not of(made, "amendment unanswered")


def test_items_that_nobody_saw_and_critical_ones_without_marks_are_named() -> None:
    made = day(stations=2, candidates=2)
    for one in made.candidates:
        close(made, one, made.stations[0], 5, 3, changed={1: 0, 3: None})
    [unseen] = of(made, "item not observed")
    [missed] = of(made, "critical item without marks")
    assert unseen.words == "S1: item 3, “Cleans the hands”, was not observed for 101, 102."
    assert missed.words == "S1: item 1, “Checks identity”, is critical, and has no marks for 101, 102."  # fmt: skip


def test_station_without_a_cut_says_why_and_one_grade_is_told() -> None:
    made = day(stations=2, candidates=3)
    for mark, one in enumerate(made.candidates, start=2):
        close(made, one, made.stations[0], mark, 3)
    cuts = {one.about: one.words for one in of(made, "no cut")}
    assert cuts["S1",] == "S1: no cut by regression. All candidates have the same grade, so there is no line."  # fmt: skip
    assert of(made, "one grade only")
    assert not of(made, "examiner in several circuits")


def test_station_with_another_scale_is_counted_from_its_borderline_grade() -> None:
    made = day(stations=2, candidates=2)
    other = made.stations[1].document
    scale = tuple(
        type(one)(one.number, one.name, borderline=one.number == 3) for one in small().scale
    )
    found = source(made)
    changed = [
        made.stations[0],
        type(made.stations[1])(
            2, made.stations[1].place, type(other)(**{**_fields(other), "scale": scale})
        ),
    ]
    close(made, made.candidates[0], made.stations[1], 4, 3)
    found.__dict__["marked"] = changed
    assert [row.grade for row in found.rows] == [2]
    [said] = [one for one in found.findings if one.kind == "other scale"]
    assert said.words == "S2: its borderline grade is 3, so its grades are counted from there."


def _fields(document: object) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__dataclass_fields__}  # type: ignore[attr-defined]


def test_page_lists_what_is_amiss_and_what_to_do() -> None:
    made = day(stations=2, candidates=2)
    close(made, made.candidates[0], made.stations[0], 4, 3)
    client = browser(made.writer)
    address = f"/osces/exams/{made.exam.uuid}/quality/"
    page = words(client, address)
    assert "102 has no mark at S1, S2." in page
    assert "Type the paper sheet, or say why there is none." in page
    assert queries_of(client, address) <= 12


def test_keys_stand_for_what_a_finding_is_about() -> None:
    made = day(stations=2, candidates=2)
    close(made, made.candidates[0], made.stations[0], 4, 3)
    before, after = (
        {one.key for one in source(made).findings},
        {one.key for one in source(made).findings},
    )
    assert before == after
    assert len(before) == len(source(made).findings)
