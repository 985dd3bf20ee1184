"""The coordinator's pages: what they state, what they save, and that they cost the same with many rows."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from placements import coordinator_queries as overview
from placements import listed_students, reference
from placements.actions import placing
from placements.models import (
    Adjustment,
    AdjustmentProposal,
    Enrolment,
    HoursRule,
    Induction,
    Override,
    Placement,
    PlacementStep,
    PlaceOffer,
    PlannedShift,
    SiteAudit,
    Stage,
    StageTally,
    Supervision,
)
from school.core import clock, days
from school.people import proof
from school.people.models import AccessLog, Person
from school.people.roles import PROGRAMME_LEAD, UNIVERSITY_TUTOR
from tests import factories as make
from tests.placements.browsers import Viewer, browser, counted, unaudited

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def esme(alice: Enrolment) -> Person:
    return make.make_coordinator("Esme Elder")


@pytest.fixture
def client(esme: Person) -> Client:
    return browser(esme)


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def parts(**named: date) -> dict[str, str]:
    """Days as the three boxes of a form send them."""
    return {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in named.items()
        for part in ("day", "month", "year")
    }


def sent(client: Client, url: str, data: dict[str, Any], status: int = 302) -> HttpResponse:
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def many(number: int = 30) -> None:
    """More students on placement, some of them behind."""
    for n in range(number):
        make.make_placement(
            make.make_student(f"Student {n}"), starts=clock.today() - timedelta(days=30 + n)
        )


# The overview


@pytest.mark.engine
def test_overview_states_who_is_behind_in_its_heading(client: Client, alice: Enrolment) -> None:
    make.make_placement(alice)
    make.make_placement(make.make_student("Bob Birch"), starts=clock.today())
    said = page(client, "/students/")
    assert "1 of 2 students on placement is behind</h1>" in said
    assert "Alice Alder" in said.split("Who is behind")[1]


@pytest.mark.parametrize(
    ("behind", "students", "words"),
    [
        (1, 1, "The one student on placement is behind"),
        (0, 1, "The one student on placement is not behind"),
        (0, 3, "None of the 3 students on placement is behind"),
        (1, 3, "1 of 3 students on placement is behind"),
        (3, 3, "3 of 3 students on placement are behind"),
    ],
)
def test_overview_says_how_many_are_behind(behind: int, students: int, words: str) -> None:
    assert overview.Figures(students, 1, tuple(range(behind)), ()).said == words


def test_overview_without_anybody_says_what_will_appear(client: Client) -> None:
    said = page(client, "/students/")
    assert "Nobody is behind" in said
    assert "No breach was sent today" in said
    assert "No student found" in said


@pytest.mark.engine
def test_figures_count_those_under_way_only(esme: Person, alice: Enrolment) -> None:
    today = clock.today()
    make.make_placement(alice)
    make.make_placement(
        make.make_student("To Come"),
        starts=today + timedelta(days=1),
        ends=today + timedelta(days=9),
    )
    make.make_placement(
        make.make_student("Gone By"),
        starts=today - timedelta(days=9),
        ends=today - timedelta(days=1),
    )
    withdrawn = make.make_placement(make.make_student("With Drawn"))
    placing.move_state(by=esme, placement=withdrawn, to=Placement.State.WITHDRAWN, reason="so")
    make.make_placement(
        make.make_student("Second Year"), year=2, site=make.make_site("Elm Hospital")
    )
    found = overview.figures(Viewer(esme))
    assert (found.students, found.sites, found.behind, found.years) == (2, 2, 2, ((3, 1), (2, 1)))


@pytest.mark.engine
def test_how_much_somebody_is_behind_is_expected_less_done(esme: Person, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    make.make_shift(placement, clock.today() - timedelta(days=3))
    [row] = overview.who_is_behind(overview.figures(Viewer(esme)))
    assert (row.behind, row.awaiting) == (row.expected - 450, 450)


def test_breach_of_the_day_is_shown_with_its_rule(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    day = clock.today() - timedelta(days=2)
    make.make_shift(placement, day, end="22:00")
    assert "No breach was sent today" in page(client, "/students/")
    make.make_shift(placement, day + timedelta(days=1), start="06:00", end="14:00")
    said = page(client, "/students/")
    assert said.count("8 hours of rest: under the limit of 11 hours.") == 1
    assert [span for span in ("08:00 to 22:00", "06:00 to 14:00") if span not in said] == []


@pytest.mark.engine
def test_broken_week_is_one_breach_with_its_shifts(esme: Person, alice: Enrolment) -> None:
    placement = make.make_placement(alice, starts=clock.today() - timedelta(days=30))
    monday = days.monday(clock.today()) - timedelta(days=7)
    worked = [monday + timedelta(days=2 * n) for n in range(4)]
    for day in worked:
        make.make_shift(placement, day, end="21:00")
    number, found = overview.breaches_today(Viewer(esme))
    assert (number, len(found)) == (4, 2)
    assert [len(one.rules) for one in found] == [1, 1]
    for one in found:
        assert [days.london_day(start) for start, _ in one.shifts] == worked
        assert one.at == placement.site.name


@pytest.mark.engine
def test_breaches_of_two_students_stay_apart(esme: Person, alice: Enrolment) -> None:
    day = clock.today() - timedelta(days=2)
    for student in (alice, make.make_student("Bob Birch")):
        placement = make.make_placement(student)
        make.make_shift(placement, day, end="22:00")
        make.make_shift(placement, day + timedelta(days=1), start="06:00", end="14:00")
    number, found = overview.breaches_today(Viewer(esme))
    assert (number, [len(one.shifts) for one in found]) == (4, [2, 2])
    assert {one.name for one in found} == {alice.person.name, "Bob Birch"}


@pytest.mark.engine
def test_what_waits_longest_comes_first(esme: Person, alice: Enrolment) -> None:
    for name, waits in (("Bob Birch", 3), ("Cleo Cedar", 9)):
        placement = make.make_placement(make.make_student(name))
        make.make_shift(placement, clock.today() - timedelta(days=2))
        since = clock.today() - timedelta(days=waits)
        StageTally.objects.filter(enrolment=placement.enrolment).update(oldest_waiting=since)
    found = overview.waits_longest(Viewer(esme))
    assert [(row.name, row.minutes) for row in found] == [("Cleo Cedar", 450), ("Bob Birch", 450)]


def test_placement_to_confirm_is_listed(client: Client, alice: Enrolment, esme: Person) -> None:
    site, stage = make.make_site(), Stage.objects.get(version=alice.version, year=3)
    starts = clock.today() + timedelta(days=7)
    PlaceOffer.objects.create(site=site, stage=stage, starts=starts, ends=starts, places=1)
    placing.place_student(
        by=esme, enrolment=alice, stage=stage, site=site, starts=starts, ends=starts, uuid=uuid4()
    )
    assert "Cumberland Infirmary, not confirmed yet" in page(client, "/students/")


# The list


@pytest.mark.engine
def test_list_is_filtered_searched_and_sorted(esme: Person, alice: Enrolment) -> None:
    today = clock.today()
    make.make_placement(alice, ends=today + timedelta(days=5))
    bob = make.make_placement(
        make.make_student("Bob Birch"), year=2, site=make.make_site("Elm Hospital"), starts=today
    )
    make.make_student("Cleo Cedar")
    viewer = Viewer(esme)

    def names(**wanted: Any) -> list[str]:
        asked = listed_students.Wanted(**wanted)
        if asked.by_enrolment:
            return [
                row.name
                for row in listed_students.enrolled(
                    listed_students.listed_enrolments(viewer, asked)
                )
            ]
        return [
            row.name
            for row in listed_students.students(listed_students.listed_placements(viewer, asked))
        ]

    assert names() == ["Alice Alder", "Bob Birch"]
    assert names(sort="name") == ["Alice Alder", "Bob Birch"]
    assert names(sort="site") == ["Alice Alder", "Bob Birch"]
    assert names(year=2) == ["Bob Birch"]
    assert names(site="elm-hospital") == ["Bob Birch"]
    assert names(behind=True) == ["Alice Alder"]
    assert names(cohort="September 2024", words="birch") == ["Bob Birch"]
    assert names(cohort="September 1999") == []
    assert names(state="unplaced") == ["Cleo Cedar"]
    assert names(state="all") == ["Alice Alder", "Bob Birch", "Cleo Cedar"]
    assert names(state="all", words=bob.enrolment.student_number) == ["Bob Birch"]
    assert names(state="all", year=3) == ["Alice Alder"]
    assert names(state="all", site="elm-hospital") == ["Bob Birch"]
    assert names(state="all", behind=True) == ["Alice Alder"]
    assert names(state="ended") == []
    placing.move_state(by=esme, placement=bob, to=Placement.State.COMPLETED)
    assert names(state="ended") == ["Bob Birch"]


@pytest.mark.parametrize("url", ["/students/", "/students/?state=all", "/students/?q=S0"])
def test_list_takes_as_many_queries_for_one_row_as_for_thirty(
    client: Client, alice: Enrolment, url: str
) -> None:
    make.make_placement(alice)
    client.get(url)
    with counted() as few:
        page(client, url)
    many()
    client.get(url)  # making people forgot the reference rows, which each process keeps
    with counted() as more:
        page(client, url)
    assert len(more) == len(few), "\n".join(more)
    assert len(more) <= MOST_QUERIES


@pytest.mark.engine
def test_second_page_of_the_list_has_the_rest(client: Client, alice: Enrolment) -> None:
    many()
    said = page(client, "/students/?page=2")
    assert "26 to 30 of 30 students" in said
    assert said.count('<tr><th scope="row">') == 5


@pytest.mark.engine
@pytest.mark.parametrize(
    "query", ["?year=9", "?site=nowhere", "?page=99", "?sort=nothing", "?state=x", "?q=%00"]
)
def test_list_leaves_out_what_cannot_be_read(client: Client, alice: Enrolment, query: str) -> None:
    make.make_placement(alice)
    page(client, f"/students/{query}")


@pytest.mark.engine
def test_file_has_every_row_and_says_what_was_filtered(client: Client, alice: Enrolment) -> None:
    many()
    answer = client.get("/students/file/csv/?year=3")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert "Filter: On placement now, year 3" in lines[0][0]
    assert len(lines) == 32
    assert lines[1][:3] == ["Student", "Student number", "Cohort"]


@pytest.mark.parametrize("query", ["csv/", "xlsx/", "csv/?state=all", "xlsx/?q=Student+1"])
def test_file_leaves_a_row_in_the_access_log_for_everybody_in_it(
    client: Client, alice: Enrolment, esme: Person, query: str
) -> None:
    many()
    page(client, "/students/")
    assert AccessLog.objects.count() == 0
    for _ in range(2):
        with counted() as queries:
            answer = client.get(f"/students/file/{query}")
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert len(queries) <= MOST_QUERIES
    names = {f"Student {n}" for n in range(30)}
    if "state=all" in query:
        names.add(alice.person.name)
    if "q=" in query:
        names = {name for name in names if name.startswith("Student 1")}
    rows = AccessLog.objects.values_list("viewer", "person__name")
    assert sorted(rows) == sorted((esme.pk, name) for name in names)


@pytest.mark.engine
def test_workbook_has_the_same_rows(client: Client, alice: Enrolment) -> None:
    make.make_placement(alice)
    answer = client.get("/students/file/xlsx/?state=all")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert len(book.sheetnames) == 2
    book.close()
    assert client.get("/students/file/pdf/").status_code == 404


# Places


def test_site_without_an_audit_is_named(client: Client, alice: Enrolment) -> None:
    elm = unaudited()
    assert "no audit holds" in page(client, "/calendar/?site=elm-hospital")
    assert "No new placement can begin here" in page(
        client, reverse("site_places", args=[elm.uuid])
    )
    today = clock.today()
    sent(client, reverse("add_audit", args=[elm.uuid]), {"uuid": uuid4(), **parts(day=today)})
    [audit] = SiteAudit.objects.filter(site=elm)
    assert audit.entry.about_to == days.add_months(today, 24)


def test_offer_is_made_changed_and_closed(client: Client, alice: Enrolment) -> None:
    site, stage = make.make_site(), Stage.objects.get(version=alice.version, year=3)
    today = clock.today()
    url = reverse("add_offer", args=[site.uuid])
    data = {
        "stage": stage.uuid,
        "places": "2",
        "uuid": uuid4(),
        **parts(starts=today, ends=today + timedelta(days=30)),
    }
    sent(client, url, data)
    offer = PlaceOffer.objects.get()
    assert (offer.places, offer.site) == (2, site)
    change = reverse("change_places", args=[offer.uuid])
    sent(client, change, {"places": "1", **parts(starts=today, ends=today)})
    offer.refresh_from_db()
    assert (offer.places, offer.ends) == (1, today)
    answer = sent(client, change, {"places": "0", **parts(starts=today, ends=today)}, 422)
    assert "Places must be 1 or more" in answer.content.decode()


# Placing, from the form to the saved placement


@pytest.fixture
def stage(alice: Enrolment) -> Stage:
    return Stage.objects.get(version=alice.version, year=3)


def asked(stage: Stage, **more: Any) -> dict[str, Any]:
    starts = days.monday(clock.today()) + timedelta(days=14)
    return {
        "stage": stage.uuid,
        "site": "cumberland-infirmary",
        "uuid": uuid4(),
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
        **parts(starts=starts, ends=starts + timedelta(days=11)),
        **more,
    }


def offered(stage: Stage, places: int = 1) -> PlaceOffer:
    return PlaceOffer.objects.create(
        site=make.make_site(),
        stage=stage,
        starts=clock.today(),
        ends=clock.today() + timedelta(days=60),
        places=places,
    )


def test_student_is_placed_after_a_check_that_saves_nothing(
    client: Client, alice: Enrolment, stage: Stage
) -> None:
    offered(stage)
    url = reverse("place_student", args=[alice.uuid])
    page(client, url)
    data = asked(stage, weekdays=["0", "1"])
    said = sent(client, url, {**data, "check": "1"}, 200).content.decode()
    assert "Check before you save" in said
    assert "0 of 1 taken" in said
    assert "4 shifts" in said
    assert Placement.objects.count() == 0
    for _ in range(2):
        sent(client, url, {**data, "save": "1"})
    assert (
        Placement.objects.count(),
        PlacementStep.objects.count(),
        PlannedShift.objects.count(),
    ) == (1, 1, 4)


def test_check_shows_everything_that_stands_against_it(
    client: Client, alice: Enrolment, stage: Stage
) -> None:
    unaudited()
    make.make_placement(alice)
    url = reverse("place_student", args=[alice.uuid])
    data = asked(stage, site="elm-hospital")
    for step in ("check", "save"):
        answer = client.post(url, {**data, step: "1"})
        assert answer.status_code == (200 if step == "check" else 422)
        said = answer.content.decode()
        for title in (
            "No place is free",
            "The student is somewhere else then",
            "The site’s quality audit does not hold",
        ):
            assert title in said
        assert 'name="save"' not in said
    assert Placement.objects.count() == 1


def test_rota_breach_is_saved_with_a_reason_only(
    client: Client, alice: Enrolment, stage: Stage
) -> None:
    offered(stage)
    url = reverse("place_student", args=[alice.uuid])
    data = asked(stage, weekdays=["0", "1", "2", "3", "4"], end="20:00")
    said = sent(client, url, {**data, "check": "1"}, 200).content.decode()
    assert "over the limit of 48 hours" in said
    assert "comes to 5 long days or nights: over the limit of 3." in said
    sent(client, url, {**data, "save": "1"}, 422)
    assert Placement.objects.count() == 0
    sent(client, url, {**data, "save": "1", "reason": "Long days by choice."})
    assert PlannedShift.objects.count() == 10


def test_change_brings_the_form_back_full(client: Client, alice: Enrolment, stage: Stage) -> None:
    url = reverse("place_student", args=[alice.uuid])
    said = sent(client, url, {**asked(stage), "end": "17:15", "change": "1"}, 200).content.decode()
    assert 'value="17:15"' in said
    assert "There is a problem" not in said


def test_form_that_misses_something_says_what_and_keeps_the_rest(
    client: Client, alice: Enrolment, stage: Stage
) -> None:
    data = asked(stage, check="1", end="17:15")
    data["site"] = ""
    said = sent(client, reverse("place_student", args=[alice.uuid]), data, 422).content.decode()
    assert "Choose the site" in said
    assert 'value="17:15"' in said
    assert "<title>Error: " in said


# One placement


def test_placement_is_confirmed_completed_and_withdrawn(
    client: Client, alice: Enrolment, esme: Person
) -> None:
    placement = make.make_placement(alice)
    url = reverse("placement", args=[placement.uuid])
    assert "confirmed" in page(client, url)
    placing.move_state(
        by=esme,
        placement=placement,
        to=Placement.State.WITHDRAWN,
        reason="The scanner moved.",
    )
    assert "The scanner moved." in page(client, url)
    sent(client, reverse("complete_placement", args=[placement.uuid]), {})
    assert "This placement is withdrawn already." in page(client, url)


def test_get_never_moves_a_placement(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    for name in ("confirm_placement", "complete_placement"):
        assert client.get(reverse(name, args=[placement.uuid])).status_code == 405


@pytest.mark.parametrize("known", [True, False])
def test_supervisor_is_named_by_address_or_as_somebody_new(
    client: Client, alice: Enrolment, known: bool
) -> None:
    placement = make.make_placement(alice)
    make.make_person("Dilys Sampleby", email="dilys@example.nhs.uk", account=False)
    who = (
        {"who": "DILYS@example.nhs.uk"}
        if known
        else {"new_name": "Nia New", "new_email": "nia@example.nhs.uk"}
    )
    data = {"capacity": "supervisor", **who, **parts(starts=placement.starts)}
    sent(client, reverse("add_supervision", args=[placement.uuid]), data)
    [fact] = Supervision.objects.all()
    assert (fact.person.name, fact.person.user) == ("Dilys Sampleby" if known else "Nia New", None)
    end = reverse("end_supervision", args=[placement.uuid, fact.entry.uuid])
    page(client, end)
    sent(client, end, parts(last_day=clock.today()))
    assert Supervision.objects.standing().get().entry.about_to == clock.today()


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("nobody@example.nhs.uk", "Nobody has this address yet. Enter them below as somebody new."),
        ("No Body", "Nobody has this name yet. Enter them below as somebody new."),
        ("Same Name", "Several people have this name. Enter the address: "),
        ("", "Enter a name or address, or both for somebody new"),
    ],
)
def test_supervisor_who_is_not_found_is_asked_for_again(
    client: Client, alice: Enrolment, who: str, said: str
) -> None:
    placement = make.make_placement(alice)
    for _ in range(2):
        make.make_person("Same Name", account=False)
    data = {"capacity": "supervisor", "who": who, **parts(starts=placement.starts)}
    answer = sent(client, reverse("add_supervision", args=[placement.uuid]), data, 422)
    assert said in answer.content.decode()
    assert Supervision.objects.count() == 0


def test_rota_is_planned_by_a_pattern(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    url = reverse("plan_rota", args=[placement.uuid])
    data = {"weekdays": ["0", "2"], "start": "8", "end": "16.30", "break_minutes": "45"}
    sent(client, url, data)
    rows = list(PlannedShift.objects.all())
    assert {row.start.weekday() for row in rows} == {0, 2}
    assert {row.break_minutes for row in rows} == {45}
    answer = sent(client, url, {**data, "weekdays": ["0", "1", "2", "3", "4"], "end": "21:00"}, 422)
    assert "allows it with a reason" in answer.content.decode()


def test_make_up_above_the_limit_is_arranged_with_a_reason_and_taken_off_again(
    client: Client, alice: Enrolment
) -> None:
    today = clock.today()
    placement = make.make_placement(alice)
    lost = make.make_day_note(placement, today)
    HoursRule.objects.create(
        programme=alice.cohort.programme, code="self_make_up", value=0, unit="minutes",
        starts=date(2020, 1, 1),
    )  # fmt: skip
    reference.forget()
    home = reverse("placement", args=[placement.uuid])
    url = reverse("arrange_make_up", args=[placement.uuid, lost.entry.uuid])
    assert url in page(client, home)
    page(client, url)
    data = {
        "start": "8",
        "end": "16",
        "break_minutes": "30",
        **parts(day=today + timedelta(days=1)),
    }
    answer = sent(client, url, data, 422)
    assert "arranges it, with a reason" in answer.content.decode()
    sent(client, url, {**data, "reason": "A fortnight ill."})
    [override] = Override.objects.all()
    assert override.rule == "self_make_up"
    [row] = PlannedShift.objects.all()
    take_off = reverse("cancel_arranged_make_up", args=[placement.uuid, row.uuid])
    assert take_off in page(client, home)
    sent(client, take_off, {})
    assert PlannedShift.objects.count() == 0


def test_offer_ends_in_a_year_that_can_be_meant(client: Client, alice: Enrolment) -> None:
    make.make_placement(alice)
    offer = PlaceOffer.objects.get()
    data = {"places": "1", **parts(starts=offer.starts, ends=date(9999, 12, 31))}
    answer = sent(client, reverse("change_places", args=[offer.uuid]), data, 422)
    assert "the year must be between 1900 and 2100" in answer.content.decode()


def test_induction_is_recorded(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice, inducted=False)
    assert "Not recorded" in page(client, reverse("placement", args=[placement.uuid]))
    sent(
        client,
        reverse("record_induction", args=[placement.uuid]),
        {"uuid": uuid4(), **parts(day=clock.today())},
    )
    assert Induction.objects.count() == 1


# Adjusting


def test_adjustment_needs_a_second_person_who_signs_in(
    client: Client, alice: Enrolment, stage: Stage
) -> None:
    make.make_placement(alice)
    url = reverse("propose_adjustment", args=[alice.uuid])
    data = {
        "stage": stage.uuid,
        "way": "1",
        "minutes": "90",
        "reason": "Lost sheet.",
        "uuid": uuid4(),
    }
    for _ in range(2):
        sent(client, url, data)
    [proposal] = AdjustmentProposal.objects.all()
    settle = reverse("adjustment", args=[proposal.uuid])
    said = page(client, reverse("adjustment", args=[proposal.uuid]))
    assert 'value="agree"' not in said
    agree = {"answer": "agree", "batch": uuid4()}
    said = sent(client, settle, agree, 403).content.decode()
    assert "You proposed this yourself. A second person agrees to it." in said
    assert Adjustment.objects.count() == 0
    lead = make.make_person("Hassan Hazel")
    make.make_grant(lead, PROGRAMME_LEAD, alice.cohort.programme.scope)
    other = browser(lead)
    assert "Add 1 hour 30 minutes" in page(other, reverse("adjustment", args=[proposal.uuid]))
    sent(other, settle, agree)
    record = page(client, reverse("enrolment_record", args=[alice.uuid]))
    assert "Proposed by Esme Elder, agreed by Hassan Hazel" in record
    assert client.get(reverse("adjustment", args=[proposal.uuid])).status_code == 404


@pytest.fixture
def proposal(alice: Enrolment, stage: Stage, esme: Person) -> AdjustmentProposal:
    make.make_placement(alice)
    return AdjustmentProposal.objects.create(
        uuid=uuid4(),
        enrolment=alice,
        stage=stage,
        minutes=90,
        reason="Lost sheet.",
        proposer=esme,
        proposed_on=clock.today(),
    )


@pytest.fixture
def lead(alice: Enrolment) -> Person:
    person = make.make_person("Hassan Hazel")
    make.make_grant(person, PROGRAMME_LEAD, alice.cohort.programme.scope)
    return person


def proved_long_ago(person: Person) -> Client:
    """A browser whose newest proof is older than 15 minutes."""
    client = browser(person)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 901
    session.save()
    return client


def test_agreeing_to_an_adjustment_asks_for_a_proof_of_the_last_15_minutes(
    proposal: AdjustmentProposal, lead: Person
) -> None:
    client, url = proved_long_ago(lead), reverse("adjustment", args=[proposal.uuid])
    agree = {"answer": "agree", "batch": uuid4()}
    assert 'name="password"' in page(client, url)
    said = sent(client, url, agree, 422).content.decode()
    assert "Enter your password, or use a passkey or a code" in said
    assert Adjustment.objects.count() == 0
    sent(client, url, {**agree, "password": make.PASSWORD})
    assert Adjustment.objects.get().second_person == lead


def test_agreeing_that_a_proof_interrupts_is_kept_until_the_proposal_is_settled(
    proposal: AdjustmentProposal, lead: Person
) -> None:
    client, url = proved_long_ago(lead), reverse("adjustment", args=[proposal.uuid])
    answer = sent(client, url, {"batch": uuid4(), "other_way": "1"})
    [act] = proof.kept_acts(lead.uuid)
    assert answer.url == f"/account/prove/?next={url}?kept={act.uuid}"  # type: ignore[attr-defined]
    assert "Nothing has been sent yet" in page(client, act.page_filled_in)
    assert "Go back to it" in page(client, "/account/resume/")
    proposal.delete()
    said = client.get("/account/resume/", follow=True).content.decode()
    assert "You were about to agree to an adjustment of hours. That is settled by now" in said
    assert proof.kept_acts(lead.uuid) == []


def test_adjustment_can_be_declined(client: Client, alice: Enrolment, stage: Stage) -> None:
    data = {
        "stage": stage.uuid,
        "way": "1",
        "minutes": "90",
        "reason": "Lost sheet.",
        "uuid": uuid4(),
    }
    sent(client, reverse("propose_adjustment", args=[alice.uuid]), data)
    sent(client, reverse("adjustment", args=[data["uuid"]]), {"answer": "decline"})
    assert (AdjustmentProposal.objects.count(), Adjustment.objects.count()) == (0, 0)


def test_tutor_adjusts_nothing(client: Client, alice: Enrolment, stage: Stage) -> None:
    tutor = make.make_person("Greta Gorse")
    make.make_grant(tutor, UNIVERSITY_TUTOR, alice.cohort.scope)
    assert browser(tutor).get(reverse("propose_adjustment", args=[alice.uuid])).status_code == 404


# The record


@pytest.fixture
def lived(alice: Enrolment) -> Enrolment:
    dilys = make.make_educator()
    placement = make.make_placement(alice, educator=dilys)
    day = clock.today() - timedelta(days=5)
    first = make.make_shift(placement, day, note="Quiet morning.")
    make.make_decision(dilys, first, "queried", comment="Did you stay?")
    second = make.make_shift(placement, day, end="12:00", corrects=first)
    make.make_decision(dilys, second)
    make.make_day_note(placement, day + timedelta(days=1))
    return alice


@pytest.mark.engine
def test_record_shows_every_version_and_decision_in_the_words_signed(
    client: Client, lived: Enrolment
) -> None:
    said = page(client, reverse("enrolment_shifts", args=[lived.uuid]))
    for words in (
        "1 earlier version",
        "Quiet morning.",
        "Did you stay?",
        "I have a question about these hours. They do not count until it is settled.",
        "I confirm that this student was present and working under supervision at the times shown.",
        "Confirmed by Dilys Sampleby, practice educator",
        "Proved by password.",
        "Absent: ill",
    ):
        assert words in said


@pytest.mark.engine
def test_record_as_a_file_has_a_row_for_each_decision(client: Client, lived: Enrolment) -> None:
    answer = client.get(reverse("enrolment_shifts_file", args=[lived.uuid, "csv"]))
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    head = lines[1]
    rows = [dict(zip(head, line, strict=True)) for line in lines[2:]]
    assert [(row["Version"], row["Stands as"], row["Decision"]) for row in rows] == [
        ("2", "confirmed", "confirmed"),
        ("1", "corrected", "queried"),
    ]


@pytest.mark.parametrize("name", ["enrolment_record", "enrolment_shifts", "person"])
def test_record_takes_as_many_queries_for_one_shift_as_for_many(
    client: Client, lived: Enrolment, name: str
) -> None:
    placement = Placement.objects.get()
    url = reverse(name, args=[lived.person.uuid if name == "person" else lived.uuid])
    client.get(url)
    with counted() as few:
        page(client, url)
    for n in range(6, 20):
        make.make_shift(placement, clock.today() - timedelta(days=n), end="10:00", break_minutes=0)
    with counted() as more:
        page(client, url)
    assert len(more) == len(few), "\n".join(more)
    assert len(more) <= MOST_QUERIES + ACCESS_LOG


# Noting who opened the record happens after the answer, in one statement of its own.
ACCESS_LOG = 1


def test_person_page_shows_the_placement_record(client: Client, lived: Enrolment) -> None:
    said = page(client, reverse("person", args=[lived.person.uuid]))
    assert "3 hours 30 minutes count of 216 hours needed" in said


def test_coordinator_home_leads_to_the_list(client: Client, alice: Enrolment) -> None:
    make.make_placement(alice)
    assert "The one student on placement is behind" in page(client, "/home/")
