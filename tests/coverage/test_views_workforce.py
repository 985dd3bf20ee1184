"""The pages about the workforce: what they say, who sees whose figures, and what they cost."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from school.people.models import Person
from school.people.network import ensure_network
from school.people.roles import REPORT_VIEWER, SITE_LEAD, STUDENT, WORKFORCE_MANAGER, Role
from tests import factories as make
from tests.coverage.making import Staff
from tests.placements.browsers import browser, queries_of
from tests.placements.test_views_tutor import table

pytestmark = pytest.mark.django_db
D = date
PAGE = "/coverage/workforce/"
ON = "?as_of=2016-12-31&known_on=2016-12-31"
CAME = "/coverage/attended/"
WINDOW = "?course=dementia&first=2016-10-01&last=2016-12-31&known_on=2016-12-31"


@pytest.fixture
def staff() -> Staff:
    made = Staff()
    made.term("a", "North", "Radiographer", D(2015, 1, 1), crew="mobile")
    made.term("b", "North", "Radiographer", D(2016, 3, 1))
    made.term("c", "South", "Physicist", D(2015, 1, 1), D(2016, 6, 30))
    made.term("c", "South", "Physicist", D(2016, 7, 1))
    made.course("Dementia")
    made.attain("a", "Dementia", D(2016, 11, 9))
    return made


def signed_in(role: Role, scope: Any = None) -> Client:
    person: Person = make.make_person(f"{role.name} Person")
    make.make_grant(person, role, scope or ensure_network())
    return browser(person)


def said(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_workforce_as_of_a_day_as_it_was_known_then(staff: Staff) -> None:
    page = said(signed_in(REPORT_VIEWER), f"{PAGE}{ON}")
    assert "3 people in post on 31 December 2016" in page
    assert "As of 31 December 2016, as known on 31 December 2016." in page
    assert "+50 %" in page
    assert "From 1 static and 1 mobile to 2 static and 1 mobile." in page
    assert "Somebody with two posts counts once in each group" in page


def test_pages_are_only_looked_at(staff: Staff) -> None:
    client = signed_in(WORKFORCE_MANAGER)
    for address in (PAGE, f"{PAGE}people/file/csv/", CAME, f"{CAME}file/csv/", "/coverage/hours/"):
        assert client.post(address).status_code == 405, address


def test_files_say_what_was_asked_and_hold_every_group(staff: Staff) -> None:
    client = signed_in(WORKFORCE_MANAGER)
    head, rows = table(client, f"{PAGE}people/file/csv/{ON}&by=job_role")
    assert "as of 31 December 2016, as known on 31 December 2016" in head
    assert [
        (row["Role"], row["People"], row["A year before"], row["Starters"]) for row in rows
    ] == [
        ("Everybody", "3", "2", "1"),
        ("Physicist", "1", "1", "0"),
        ("Radiographer", "2", "1", "1"),
    ]
    head, rows = table(client, f"{PAGE}months/file/csv/{ON}")
    assert len(rows) == 24
    assert rows[-1] == {
        "End of": "31 December 2016",
        "People": "3",
        "Static crew": "2",
        "Mobile crew": "1",
        "Whole-time equivalents": "3.00",
    }
    workbook: Any = client.get(f"{PAGE}months/file/xlsx/{ON}")
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    assert client.get(f"{PAGE}months/file/pdf/{ON}").status_code == 404
    assert client.get(f"{PAGE}nothing/file/csv/{ON}").status_code == 404


def test_a_site_lead_sees_their_own_site_alone(staff: Staff) -> None:
    lead = signed_in(SITE_LEAD, staff.site("South").scope)
    page = said(lead, f"{PAGE}{ON}")
    assert "1 person in post on 31 December 2016" in page
    assert "Site North" not in page
    assert "0 of 1" in said(lead, f"{CAME}{WINDOW}")


def test_a_student_sees_nothing(staff: Staff) -> None:
    student = signed_in(STUDENT)
    for address in (PAGE, CAME, f"{PAGE}people/file/csv/", f"{CAME}file/csv/{WINDOW}"):
        said(student, address, 403)


def test_a_day_that_cannot_be_read_keeps_what_was_typed(staff: Staff) -> None:
    page = said(signed_in(REPORT_VIEWER), f"{PAGE}?as_of=2016-12-31&known_on=2030-01-01", 422)
    assert "Nothing is known from the future. Enter today or earlier." in page
    assert 'value="2016"' in page


def test_attended_stands_beside_in_date_each_with_its_definition(staff: Staff) -> None:
    client = signed_in(WORKFORCE_MANAGER)
    page = said(client, f"{CAME}{WINDOW}")
    assert "33.3 % attended Dementia" in page
    assert "1 of 3 <small>33.3 %</small>" in page
    assert "Attended in the window: of the people in post at its end" in page
    assert "No requirement asked for this course then" in page
    staff.ask("dementia", ["Dementia"], D(2016, 1, 1), known=D(2016, 1, 1))
    staff.attain("b", "Dementia", D(2016, 4, 1))
    page = said(client, f"{CAME}{WINDOW}")
    assert "1 of 3 <small>33.3 %</small>" in page
    assert "Headcount: 2 of 3, 66.7 %" in page
    head, rows = table(client, f"{CAME}file/csv/{WINDOW}")
    assert "Attended in the window: of the people in post" in head
    assert [list(row.values()) for row in rows] == [
        ["Everybody", "1", "3", "33.3"],
        ["Site North", "1", "2", "50.0"],
        ["Site South", "0", "1", "0.0"],
    ]


def test_a_window_needs_a_course_and_days_in_order(staff: Staff) -> None:
    client = signed_in(WORKFORCE_MANAGER)
    page = said(client, f"{CAME}?course=&first=2016-10-01&last=2016-09-30", 422)
    assert "Choose the course that was attended" in page
    assert "The last day of the window must be the first day or later" in page
    assert client.get(f"{CAME}file/csv/?course=dementia").status_code == 404


def test_pages_cost_the_same_with_many_sites(staff: Staff) -> None:
    client = signed_in(WORKFORCE_MANAGER)
    for address in (f"{PAGE}{ON}", f"{CAME}{WINDOW}"):
        few = queries_of(client, address)
        for n in range(12):
            staff.term(f"p{n}", f"S{n}", "Radiographer", D(2016, 1, 1))
        assert queries_of(client, address) == few <= 12
