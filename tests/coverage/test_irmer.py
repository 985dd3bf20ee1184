"""One site for an inspector: who works there, their entitlements and training, what is marked, as it was known."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from school.coverage import irmer
from school.coverage.irmer import Entitled, Trained
from school.people.models import Entitlement, PersonMerge
from tests import records
from tests.coverage.making import Staff, write

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
D = date
AS_OF = D(2026, 6, 1)


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.term("ann", "North", "Radiographer", D(2020, 1, 1))
    made.term("ben", "North", "Radiographer", D(2021, 1, 1), D(2026, 6, 1))
    made.term("cat", "South", "Radiographer", D(2021, 1, 1))
    made.course("Fire")
    return made


def entitle(staff: Staff, name: str, practice: str = "operator_ct", **changed: Any) -> Entitlement:
    starts, ends = changed.pop("starts", D(2025, 1, 1)), changed.pop("ends", None)
    known = changed.pop("known", starts)
    holder = staff.person(name)
    fact = Entitlement(
        person=holder,
        employer=staff.site("North").organisation,
        practice=practice,
        **{"review_on": D(2027, 1, 1), **changed},
    )
    made: Entitlement = write(fact, holder.book, starts, ends, known)
    return made


def look(staff: Staff, as_of: date = AS_OF, known_on: date | None = None) -> list[irmer.Member]:
    return irmer.members(staff.site("North"), as_of, known_on or as_of)


def marks(staff: Staff, **days: date) -> dict[str, list[str]]:
    return {one.person.name[-3:]: one.marks for one in look(staff, **days)}


def test_who_works_there_on_the_day_by_name(staff: Staff) -> None:
    assert [one.person.name for one in look(staff)] == ["Staff ann", "Staff ben"]
    assert [one.person.name for one in look(staff, D(2026, 6, 2))] == ["Staff ann"]
    [ann, _] = look(staff)
    assert ann.posts == [("Radiographer", D(2020, 1, 1))]


def test_entitlements_of_the_day_and_an_overdue_review(staff: Staff) -> None:
    entitle(staff, "ann", review_on=D(2026, 6, 1))
    entitle(staff, "ann", "practitioner", review_on=D(2026, 5, 31))
    entitle(staff, "ben", ends=D(2026, 5, 31))
    [ann, ben] = look(staff)
    trust = staff.site("North").organisation.name
    assert ann.entitled == [
        Entitled("Operator: CT exposures", trust, D(2025, 1, 1), None, D(2026, 6, 1), ""),
        Entitled(
            "Practitioner: justifying exposures",
            trust,
            D(2025, 1, 1),
            None,
            D(2026, 5, 31),
            "Review overdue since 31 May 2026: practitioner: justifying exposures",
        ),
    ]
    assert ben.entitled == []


def test_who_has_a_part_in_exposures_is_asked_after_and_others_are_not_marked(staff: Staff) -> None:
    """Of an administrator neither an entitlement nor other training is missing in the eyes of an inspector."""
    staff.term("eva", "North", "Administrator", D(2021, 1, 1))
    radiographers = {"job_role": staff.role("Radiographer")}
    staff.ask("radiation", ["Rays"], D(2020, 1, 1), radiation=True, whom=[radiographers])
    staff.ask("fire", ["Fire"], D(2020, 1, 1))
    entitle(staff, "ann")
    assert marks(staff) == {
        "ann": ["Missing: radiation"],
        "ben": ["No entitlement on record", "Missing: radiation"],
        "eva": [],
    }
    [ann, _, eva] = look(staff)
    assert [one.name for one in ann.asked] == ["radiation"]
    assert (ann.has_part, eva.has_part) == (True, False)
    assert next(row[3] for row in irmer.cells([eva])) == "No part in exposures"


def test_entitlement_as_it_was_known(staff: Staff) -> None:
    first = entitle(staff, "ann", known=D(2025, 3, 1))
    entitle(staff, "ann", cancelled=True, supersedes=first, known=D(2026, 2, 1))
    found = [
        bool(look(staff, D(2025, 6, 1), known)[0].entitled)
        for known in (D(2025, 2, 28), D(2025, 3, 1), D(2026, 1, 31), D(2026, 2, 1))
    ]
    assert found == [False, True, True, False]


def test_training_behind_what_is_required_with_its_nature(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), active_months=12, radiation=True)
    for day in (D(2024, 5, 1), D(2025, 9, 1)):
        staff.attain("ann", "Fire", day)
    gone = staff.attain("ann", "Fire", D(2025, 10, 1))
    staff.void(gone, D(2025, 11, 1))
    staff.attain("ann", "Safety", D(2025, 10, 1))
    staff.attain("ben", "Fire", D(2025, 5, 1))
    for name in ("ann", "ben"):
        entitle(staff, name)
    [ann, ben] = look(staff)
    [asked] = ann.asked
    assert (asked.name, asked.said, asked.expires) == ("fire", "In date", D(2026, 9, 1))
    assert asked.training == [
        Trained("Fire", D(2025, 9, 1), "Imported record, 1 hour"),
        Trained("Fire", D(2024, 5, 1), "Imported record, 1 hour"),
    ]
    assert ann.marks == []
    assert ben.marks == ["Out of date since 1 May 2026: fire"]
    staff.ask("safety", ["Safety"], D(2020, 1, 1), known=D(2026, 6, 15), radiation=True)
    assert marks(staff) == {"ann": [], "ben": ["Out of date since 1 May 2026: fire"]}, (
        "recorded after the day"
    )
    assert marks(staff, known_on=D(2026, 6, 15))["ben"] == [
        "Out of date since 1 May 2026: fire",
        "Missing: safety",
    ]


def test_an_equivalent_course_is_behind_it(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), radiation=True)
    staff.course("Fire online")
    staff.equal("Fire online", "Fire", D(2021, 1, 1))
    staff.attain("ann", "Fire online", D(2025, 9, 1))
    [ann, _] = look(staff)
    assert [one.title for one in ann.asked[0].training] == ["Fire online"]


def test_merged_people_are_one(staff: Staff) -> None:
    merge = PersonMerge(kept=staff.person("ann"), merged=staff.person("ben"))
    write(merge, records.network_book(), D(2026, 1, 1))
    staff.ask("fire", ["Fire"], D(2020, 1, 1), radiation=True)
    staff.attain("ben", "Fire", D(2025, 9, 1))
    entitle(staff, "ben")
    [ann] = look(staff)
    assert (ann.person.name, len(ann.entitled), ann.marks) == ("Staff ann", 1, [])
    assert [one.day for one in ann.asked[0].training] == [D(2025, 9, 1)]


def test_a_table_holds_a_row_for_each_entitlement_training_and_gap(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), radiation=True)
    staff.attain("ann", "Fire", D(2025, 9, 1))
    entitle(staff, "ann")
    rows = [[row[0], row[3], row[5], row[10]] for row in irmer.cells(look(staff))]
    assert rows == [
        ["Staff ann", "Entitlement", "Operator: CT exposures", ""],
        ["Staff ann", "Training", "fire: Fire", ""],
        ["Staff ben", "Entitlement", None, "No entitlement on record"],
        ["Staff ben", "Training", "fire", "Missing: fire"],
    ]
    assert {len(row) for row in irmer.cells(look(staff))} == {len(irmer.COLUMNS)}


def test_the_same_queries_for_many_people(staff: Staff) -> None:
    staff.ask("fire", ["Fire"], D(2020, 1, 1), radiation=True)

    def cost() -> int:
        look(staff)
        with CaptureQueriesContext(connection) as found:
            look(staff)
        return len(found)

    few = cost()
    for n in range(10):
        staff.term(f"p{n}", "North", "Radiographer", D(2021, 1, 1))
        staff.attain(f"p{n}", "Fire", D(2025, 9, 1))
        entitle(staff, f"p{n}")
    assert cost() == few
