"""The tutor's pages: the list and its reasons, interruptions, and that they cost the same with many rows."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from placements import listed_students, tutor_queries
from placements.models import Enrolment, Interruption, Meeting
from school.core import clock, days, ledger
from school.core.ledger import Draft
from school.people.models import AccessLog, Person
from school.people.network import ensure_network
from school.people.roles import COORDINATOR, PROGRAMME_LEAD, SITE_LEAD, UNIVERSITY_TUTOR, Permission
from tests import factories as make
from tests.placements.browsers import Viewer, browser
from tests.placements.test_views_coordinator import counted, many

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def greta(alice: Enrolment) -> Person:
    person = make.make_person("Greta Gorse")
    make.make_grant(person, UNIVERSITY_TUTOR, alice.cohort.scope)
    return person


@pytest.fixture
def client(greta: Person) -> Client:
    return browser(greta)


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def table(client: Client, url: str) -> tuple[str, list[dict[str, str]]]:
    """What a CSV says of itself, and its rows."""
    answer: Any = client.get(url)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    return lines[0][0], [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def taken(client: Client, url: str) -> bool:
    """Whether a workbook is answered; read to its end, which closes its file."""
    answer: Any = client.get(url)
    return answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"


def parts(**named: date) -> dict[str, str]:
    return {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in named.items()
        for part in ("day", "month", "year")
    }


def sent(client: Client, url: str, data: dict[str, Any], status: int = 302) -> HttpResponse:
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def interrupted(enrolment: Enrolment, client: Client, first: date, reason: str = "Family.") -> None:
    url = reverse("interrupt_studies", args=[enrolment.uuid])
    data = {"reason": reason, "uuid": str(uuid4()), "seen": str(first), **parts(first=first)}
    sent(client, url, data)


# The list


@pytest.mark.engine
def test_list_says_who_is_behind_and_why(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    make.make_day_note(placement, clock.today() - timedelta(days=2))
    make.make_day_note(placement, clock.today() - timedelta(days=3), "cancelled_scanner")
    said = page(client, "/tutor/")
    assert "The one student on placement is behind</h1>" in said
    for words in (
        "no practice educator",
        "absent 1 day, not made up",
        "1 day cancelled by the site, not made up",
        "rota 216 h short of the year",
        "None yet",
    ):
        assert words in said


@pytest.mark.engine
def test_list_shows_the_last_visit(client: Client, alice: Enrolment, greta: Person) -> None:
    placement = make.make_placement(alice, educator=make.make_educator())
    for back, kind in ((9, "visit"), (4, "three_way"), (2, "midway")):
        with ledger.writing(alice.book) as pen:
            fact = Meeting(placement=placement, meeting_kind=kind, person=greta)
            day = clock.today() - timedelta(days=back)
            draft = Draft(fact=fact, book=alice.book, about_from=day, texts={"record": "Well."})
            pen.append([draft], by=greta.uuid)
    day = days.long_date(clock.today() - timedelta(days=4))
    assert f"Three-way meeting, {day}" in page(client, "/tutor/")


@pytest.mark.engine
def test_made_up_day_is_no_reason(greta: Person, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    lost = make.make_day_note(placement, clock.today() - timedelta(days=4))
    make.make_shift(placement, clock.today() - timedelta(days=2), makes_up=lost)
    [row] = lines(greta)
    assert [reason.why.value for reason in row.reasons] == ["no_educator", "short_rota"]


def lines(person: Person, **wanted: Any) -> list[tutor_queries.Followed]:
    asked = listed_students.Wanted(permission=Permission.FOLLOW_STUDENTS, **wanted)
    rows = listed_students.listed_placements(Viewer(person), asked)
    return tutor_queries.followed(listed_students.students(rows))


@pytest.mark.engine
def test_interrupted_student_is_shown_as_such_and_not_behind(
    client: Client, alice: Enrolment, greta: Person
) -> None:
    make.make_placement(alice)
    make.make_placement(make.make_student("Bob Birch"))
    interrupted(alice, client, clock.today() - timedelta(days=3), "A long illness.")
    said = page(client, "/tutor/")
    assert "1 of 2 students on placement is behind</h1>" in said
    since = days.long_date(clock.today() - timedelta(days=3))
    assert f"studies interrupted since {since}" in said
    assert "A long illness." not in said
    assert [row.student.name for row in lines(greta, behind=True)] == ["Bob Birch"]


@pytest.mark.engine
def test_list_holds_only_those_whom_the_hat_follows(alice: Enrolment) -> None:
    """A site lead sees who is at the site, and follows nobody there as a tutor of another cohort."""
    make.make_placement(alice)
    other = make.make_student("Bob Birch")
    make.make_placement(other)
    hassan = make.make_person("Hassan Hazel")
    make.make_grant(hassan, SITE_LEAD, make.make_site().scope)
    assert browser(hassan).get("/tutor/").status_code == 403
    other.cohort.pk = None
    make.make_grant(hassan, UNIVERSITY_TUTOR, make.make_site("Elm Hospital").scope)
    assert lines(hassan) == []


@pytest.mark.parametrize("url", ["/tutor/", "/tutor/?state=all", "/tutor/?behind=on&sort=behind"])
def test_list_takes_as_many_queries_for_one_row_as_for_thirty(
    client: Client, alice: Enrolment, url: str
) -> None:
    make.make_placement(alice)
    client.get(url)
    with counted() as few:
        page(client, url)
    many()
    client.get(url)
    with counted() as more:
        page(client, url)
    assert len(more) == len(few), "\n".join(more)
    assert len(more) <= MOST_QUERIES


@pytest.mark.engine
def test_file_has_every_row_with_why_and_logs_everybody_in_it(
    client: Client, alice: Enrolment, greta: Person
) -> None:
    make.make_placement(alice)
    many()
    about, rows = table(client, "/tutor/file/csv/?year=3&sort=name")
    assert "Filter: On placement now, year 3" in about
    assert len(rows) == 31
    assert rows[0]["Student"] == "Alice Alder"
    assert rows[0]["Why"].startswith("not started: ")
    assert AccessLog.objects.filter(viewer=greta).count() == 31
    assert taken(client, "/tutor/file/xlsx/")
    assert client.get("/tutor/file/pdf/").status_code == 404


def test_nav_and_home_lead_a_tutor_to_the_list(client: Client, alice: Enrolment) -> None:
    make.make_placement(alice)
    said = page(client, "/home/")
    assert said.count('href="/tutor/"') == 2
    assert "See the students" in said


# Interruptions


def test_what_stands_in_the_days_is_shown_before_it_is_saved(
    client: Client, alice: Enrolment
) -> None:
    placement = make.make_placement(alice)
    for ahead in range(1, 8):
        make.plan_shift(placement, clock.today() + timedelta(days=ahead))
    url = reverse("interrupt_studies", args=[alice.uuid])
    record = reverse("enrolment_record", args=[alice.uuid])
    assert url in page(client, record)
    assert page(client, url).count(f'href="{record}"') == 2
    data = {"reason": "Family.", "uuid": str(uuid4()), **parts(first=clock.today())}
    said = sent(client, url, data, 200).content.decode()
    assert "7 planned shifts:" in said
    assert "and 2 more" in said
    assert "Placement at Cumberland Infirmary" in said
    assert Interruption.objects.count() == 0
    # Other days than those that were shown are looked at first.
    sent(client, url, {**data, "seen": "2020-01-01"}, 200)
    for _ in range(2):
        sent(client, url, {**data, "seen": str(clock.today())})
    assert Interruption.objects.count() == 1


def test_interruption_without_anything_in_it_is_saved_at_once(
    client: Client, alice: Enrolment
) -> None:
    data = {"reason": "Family.", "uuid": str(uuid4()), **parts(first=clock.today())}
    sent(client, reverse("interrupt_studies", args=[alice.uuid]), data)
    assert Interruption.objects.count() == 1


def test_reason_that_names_a_patient_is_refused(client: Client, alice: Enrolment) -> None:
    data = {"reason": "About 943 476 5919.", "uuid": str(uuid4()), **parts(first=clock.today())}
    sent(client, reverse("interrupt_studies", args=[alice.uuid]), data, 422)
    assert Interruption.objects.count() == 0


def test_digits_that_may_be_an_nhs_number_are_asked_about(client: Client, alice: Enrolment) -> None:
    url = reverse("interrupt_studies", args=[alice.uuid])
    assert "reason_checked" not in page(client, url)
    data = {"reason": "Case 94 34 76 59 19.", "uuid": str(uuid4()), **parts(first=clock.today())}
    said = sent(client, url, data, 422).content.decode()
    assert "These digits are not an NHS number" in said
    sent(client, url, {**data, "reason_checked": "on"})
    assert Interruption.objects.count() == 1


def test_planned_shifts_within_are_shown_as_such(client: Client, alice: Enrolment) -> None:
    placement = make.make_placement(alice)
    for ahead in (1, 3):
        make.plan_shift(placement, clock.today() + timedelta(days=ahead))
    interrupted(alice, client, clock.today() + timedelta(days=2))
    own = page(browser(alice.person), "/rota/")
    assert own.count("Studies are interrupted on this day") == 1
    said = page(browser(make.make_coordinator()), reverse("placement", args=[placement.uuid]))
    assert said.count("studies are interrupted") == 1


def test_studies_are_resumed_and_an_interruption_taken_back(
    client: Client, alice: Enrolment
) -> None:
    interrupted(alice, client, clock.today() - timedelta(days=5))
    fact = Interruption.objects.get()
    url = reverse("resume_studies", args=[alice.uuid, fact.entry.uuid])
    record = reverse("enrolment_record", args=[alice.uuid])
    assert url in page(client, record)
    page(client, url)
    early = {"uuid": str(uuid4()), **parts(last=clock.today() - timedelta(days=6))}
    sent(client, url, early, 422)
    sent(client, url, {"uuid": str(uuid4()), **parts(last=clock.today())})
    newest = Interruption.objects.standing().get()
    assert newest.entry.about_to == clock.today()
    said = page(client, record)
    assert "“Family.”" in said
    take_back = reverse("cancel_interruption", args=[alice.uuid, newest.entry.uuid])
    sent(client, take_back, {"uuid": str(uuid4())})
    assert "Interruptions of studies" not in page(client, record)


def test_reason_is_read_by_those_who_interrupt_and_by_the_student_alone(
    client: Client, alice: Enrolment
) -> None:
    dilys = make.make_educator()
    make.make_placement(alice, educator=dilys)
    interrupted(alice, client, clock.today() - timedelta(days=5), "Family.")
    lead = make.make_person("Hassan Hazel")
    make.make_grant(lead, SITE_LEAD, make.make_site().scope)
    record = reverse("enrolment_record", args=[alice.uuid])
    people = (alice.person, dilys, lead, make.make_coordinator())
    said = {person.name: page(browser(person), record) for person in people}
    assert {name: "Family." in words for name, words in said.items()} == {
        "Alice Alder": True, "Dilys Sampleby": False, "Hassan Hazel": False, "Farid Standin": True,
    }  # fmt: skip
    assert [name for name, words in said.items() if "Interruptions of studies" not in words] == []


@pytest.mark.parametrize("role", [COORDINATOR, PROGRAMME_LEAD])
def test_coordinators_and_leads_interrupt_too(alice: Enrolment, role: Any) -> None:
    person = make.make_person("Hassan Hazel")
    make.make_grant(person, role, ensure_network())
    interrupted(alice, browser(person), clock.today())
    assert Interruption.objects.count() == 1


def test_shift_inside_an_interruption_is_kept_and_told_to_who_decides(
    client: Client, alice: Enrolment
) -> None:
    dilys = make.make_educator()
    placement = make.make_placement(alice, educator=dilys)
    interrupted(alice, client, clock.today() - timedelta(days=5))
    make.make_shift(placement, clock.today() - timedelta(days=2))
    make.make_shift(placement, clock.today() - timedelta(days=8))
    said = page(browser(dilys, second_factor=False), "/inbox/")
    assert said.count("Studies were interrupted on this day.") == 1


def test_resuming_and_taking_back_sent_twice_is_answered_the_same(
    client: Client, alice: Enrolment
) -> None:
    today = clock.today()
    interrupted(alice, client, today - timedelta(days=3))
    first = Interruption.objects.get()
    resume = reverse("resume_studies", args=[alice.uuid, first.entry.uuid])
    data = {"uuid": str(uuid4()), **parts(last=today)}
    for _ in range(2):
        sent(client, resume, data)
    assert Interruption.objects.count() == 2
    # Opened before, and sent with another last day: it has moved on meanwhile.
    late = {"uuid": str(uuid4()), **parts(last=today + timedelta(days=1))}
    assert "was changed since" in sent(client, resume, late, 409).content.decode()
    assert client.get(resume).status_code == 404
    newest = Interruption.objects.standing().get()
    cancel = reverse("cancel_interruption", args=[alice.uuid, newest.entry.uuid])
    again = {"uuid": str(uuid4())}
    for _ in range(2):
        sent(client, cancel, again)
    assert Interruption.objects.count() == 3
