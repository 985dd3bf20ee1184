"""The marks file: its figures for two days, what it states, and whom it holds."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from placements import marks_queries
from placements.actions.interrupting import interrupt_studies
from placements.models import (
    BroughtForward,
    Cohort,
    Enrolment,
    Meeting,
    MeetingSignature,
    ProgrammeVersion,
    Stage,
)
from placements.reference import wording
from school.core import clock, days, ledger
from school.core.ledger import Draft
from school.people.models import AccessLog, Person, Scope
from school.people.roles import UNIVERSITY_TUTOR
from tests import factories as make
from tests.placements.browsers import Viewer, browser
from tests.placements.test_as_known import lived
from tests.placements.test_views_coordinator import counted
from tests.placements.test_views_tutor import table, taken

pytestmark = pytest.mark.django_db


def tutor_of(scope: Scope) -> Person:
    person = make.make_person("Greta Gorse")
    make.make_grant(person, UNIVERSITY_TUTOR, scope)
    return person


def query(enrolment: Enrolment, as_of: date, known_on: date, year: int = 3) -> str:
    said = f"?cohort={enrolment.cohort.uuid}&year={year}"
    for name, day in (("as_of", as_of), ("known_on", known_on)):
        said += f"&{name}_day={day.day}&{name}_month={day.month}&{name}_year={day.year}"
    return said


def sign(meeting: Meeting, person: Person, capacity: str) -> None:
    book = meeting.placement.enrolment.book
    fact = MeetingSignature(
        meeting=meeting, person=person, capacity=capacity, proof="password", wording=wording("I agree.")
    )  # fmt: skip
    with ledger.writing(book) as pen:
        pen.append([Draft(fact=fact, book=book, about_from=clock.today())], by=person.uuid)


def meet(enrolment: Enrolment, kind: str, by: Person, day: date) -> Meeting:
    placement = enrolment.placements.get()
    fact = Meeting(placement=placement, meeting_kind=kind, person=by)
    with ledger.writing(enrolment.book) as pen:
        draft = Draft(fact=fact, book=enrolment.book, about_from=day, texts={"record": "Agreed."})
        pen.append([draft], by=by.uuid)
    return fact


@pytest.mark.engine
def test_file_states_what_was_asked_and_adds_up_each_student() -> None:
    alice, placement = lived()
    greta, today = tutor_of(alice.cohort.scope), clock.today()
    dilys = placement.supervisions.get().person
    initial = meet(alice, "initial", dilys, today - timedelta(days=20))
    sign(initial, dilys, "practice_educator")
    sign(initial, alice.person, "student")
    sign(meet(alice, "midway", dilys, today - timedelta(days=3)), dilys, "practice_educator")
    meet(alice, "three_way", greta, today - timedelta(days=2))
    about, rows = table(
        browser(greta), reverse("marks_file", args=["csv"]) + query(alice, today, today)
    )
    assert f"as of {days.long_date(today)}, as it was known on {days.long_date(today)}" in about
    [row] = rows
    assert {
        name: row[name]
        for name in (
            "Student number", "Student", "Stage", "Needed, hours", "Confirmed, hours", "Brought forward, hours",
            "Adjusted, hours", "Counted, hours", "Minimum reached", "Simulated, hours", "Awaiting, hours",
            "Queried, hours", "Absent, hours", "Made up, hours", "Site induction", "Initial meeting",
            "Midway meeting", "Final meeting", "Visits and three-way meetings", "Studies interrupted",
        )
    } == {
        "Student number": alice.student_number, "Student": "Alice Alder", "Stage": "Year 3",
        "Needed, hours": "216", "Confirmed, hours": "15", "Brought forward, hours": "0",
        "Adjusted, hours": "0", "Counted, hours": "15", "Minimum reached": "no", "Simulated, hours": "7.5",
        "Awaiting, hours": "7.5", "Queried, hours": "7.5", "Absent, hours": "7.5", "Made up, hours": "7.5",
        "Site induction": "yes", "Initial meeting": str(today - timedelta(days=20)),
        "Midway meeting": str(today - timedelta(days=3)), "Final meeting": "",
        "Visits and three-way meetings": "1", "Studies interrupted": "no",
    }  # fmt: skip
    assert [row["Initial signed by both"], row["Midway signed by both"]] == ["yes", "no"]


@pytest.mark.engine
def test_file_of_a_past_day_knows_nothing_later() -> None:
    alice, _ = lived()
    greta, today = tutor_of(alice.cohort.scope), clock.today()
    interrupt_studies(
        by=greta, enrolment=alice, first=today, last=None, reason="Family.", uuid=uuid4()
    )
    found = {
        day: marks_queries.marks(Viewer(greta), alice.cohort, 3, day, today)[0]
        for day in (today, today - timedelta(days=8), today - timedelta(days=40))
    }
    assert [
        (mark.totals.counted, mark.totals.clinical.queried, mark.inducted, mark.interrupted)
        for mark in found.values()
    ] == [(900, 450, True, True), (450, 450, True, False), (0, 0, False, False)]
    # All of it was recorded today: yesterday nothing was known, not even that Alice was enrolled.
    yesterday = today - timedelta(days=1)
    assert marks_queries.marks(Viewer(greta), alice.cohort, 3, today, yesterday) == []
    backdate(alice, yesterday)
    [mark] = marks_queries.marks(Viewer(greta), alice.cohort, 3, today, yesterday)
    assert (mark.totals.counted, mark.inducted) == (0, False)


def backdate(enrolment: Enrolment, day: date) -> None:
    """Lets what is known of an enrolment so far be known since the end of a day."""
    at = days.end_of_day(day) - timedelta(seconds=1)
    Enrolment.history.filter(id=enrolment.pk).update(history_date=at)


@pytest.mark.engine
def test_file_of_a_past_day_has_the_cohort_the_number_and_the_band_of_that_day() -> None:
    alice, _ = lived()
    greta, today = tutor_of(alice.cohort.programme.scope), clock.today()
    yesterday, before = today - timedelta(days=1), alice.cohort
    backdate(alice, yesterday)
    scope = Scope.objects.create(kind="cohort", name="Later", parent=before.programme.scope)
    later = Cohort.objects.create(
        scope=scope, programme=before.programme, name="Later", starts=date(2026, 9, 1)
    )
    version = ProgrammeVersion.objects.create(
        programme=before.programme, number=9, published_on=today, source="Made up"
    )
    Stage.objects.create(
        version=version, year=3, level="competency", minimum_minutes=60, maximum_minutes=120
    )
    was = alice.student_number
    alice.cohort, alice.version, alice.student_number = later, version, "NEW-1"
    alice.save()

    def file(cohort: Cohort, known_on: date) -> list[tuple[str, int]]:
        found = marks_queries.marks(Viewer(greta), cohort, 3, today, known_on)
        return [(mark.number, mark.stage.minimum_minutes) for mark in found]

    assert [file(before, yesterday), file(before, today)] == [[(was, 12960)], []]
    assert [file(later, yesterday), file(later, today)] == [[], [("NEW-1", 60)]]
    # A cohort that its last student left can still be asked for.
    assert set(marks_queries.cohorts(Viewer(greta))) == {before, later}


@pytest.mark.engine
def test_student_whom_an_import_brought_is_known_since_the_import_knew_of_them() -> None:
    alice = make.make_student("Alice Alder")
    greta, today = tutor_of(alice.cohort.scope), clock.today()
    known, paper = today - timedelta(days=5), {"signed_by": "D. Sampleby", "scan": "Folder 3"}
    fact = BroughtForward(
        enrolment=alice,
        stage=alice.version.stages.get(year=3),
        part="clinical",
        minutes=600,
        sighted_by=greta,
    )
    with ledger.writing(alice.book) as pen:
        draft = Draft(
            fact=fact,
            book=alice.book,
            about_from=known,
            about_to=known,
            texts=paper,
            known_from=known,
        )
        pen.append([draft], by=greta.uuid)
    found = [
        [
            (mark.number, mark.totals.counted)
            for mark in marks_queries.marks(Viewer(greta), alice.cohort, 3, today, day)
        ]
        for day in (known, known - timedelta(days=1))
    ]
    assert found == [[(alice.student_number, 600)], []]


@pytest.mark.engine
def test_minimum_is_reached_at_its_last_minute() -> None:
    alice, dilys = make.make_student("Alice Alder"), make.make_educator()
    placement = make.make_placement(alice, year=1, educator=dilys)
    greta, today = tutor_of(alice.cohort.scope), clock.today()
    make.make_decision(dilys, make.make_shift(placement, today - timedelta(days=3), end="15:59"))
    [mark] = marks_queries.marks(Viewer(greta), alice.cohort, 1, today, today)
    assert (mark.totals.counted, mark.reached) == (449, False)
    shift = make.make_shift(placement, today - timedelta(days=2), end="08:31", break_minutes=0)
    make.make_decision(dilys, shift)
    [mark] = marks_queries.marks(Viewer(greta), alice.cohort, 1, today, today)
    assert (mark.totals.counted, mark.reached) == (480, True)


def test_cohort_of_others_cannot_be_asked_for() -> None:
    alice, _ = lived()
    programme = alice.cohort.programme
    scope = Scope.objects.create(kind="cohort", name="September 2025", parent=programme.scope)
    Cohort.objects.create(scope=scope, programme=programme, name="2025", starts=date(2025, 9, 1))
    other = tutor_of(scope)
    client, asked = browser(other), query(alice, clock.today(), clock.today())
    said = client.get(f"/tutor/marks/{asked}")
    assert (said.status_code, "Alice Alder" in said.content.decode()) == (422, False)
    assert client.get(f"/tutor/marks/file/csv/{asked}").status_code == 404


def test_page_and_file_log_everybody_in_them() -> None:
    alice, _ = lived()
    greta = tutor_of(alice.cohort.scope)
    client, asked = browser(greta), query(alice, clock.today(), clock.today())
    assert client.get("/tutor/marks/").status_code == 200
    assert AccessLog.objects.count() == 0
    said = client.get(f"/tutor/marks/{asked}").content.decode()
    assert "<strong>15</strong> of 216" in said
    assert [row.person for row in AccessLog.objects.all()] == [alice.person]
    assert taken(client, f"/tutor/marks/file/xlsx/{asked}")


def test_days_that_cannot_be_meant_are_said_so() -> None:
    alice, _ = lived()
    client = browser(tutor_of(alice.cohort.scope))
    tomorrow = clock.today() + timedelta(days=1)
    answer = client.get(f"/tutor/marks/{query(alice, clock.today(), tomorrow)}")
    assert answer.status_code == 422
    assert "Nothing is known from the future" in answer.content.decode()


def test_page_takes_as_many_queries_for_one_student_as_for_thirty() -> None:
    alice, _ = lived()
    client = browser(tutor_of(alice.cohort.scope))
    url = f"/tutor/marks/{query(alice, clock.today(), clock.today())}"
    client.get(url)
    with counted() as few:
        client.get(url)
    for number in range(30):
        make.make_placement(make.make_student(f"Student {number}"))
    client.get(url)
    with counted() as more:
        client.get(url)
    assert len(more) == len(few), "\n".join(more)
    assert len(more) <= 12
