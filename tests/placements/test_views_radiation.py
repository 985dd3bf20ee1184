"""Pages in confidence: a declaration and who reads it, and dose readings."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from placements.actions.radiation import declare, record_dose
from placements.models import DoseReading, Enrolment, Placement, PregnancyDeclaration
from school.core import clock, days, ledger
from school.people.models import AccessLog, Person
from school.people.roles import RADIATION_PROTECTION_SUPERVISOR
from tests import factories as make
from tests.placements.browsers import browser
from tests.placements.test_views_coordinator import MOST_QUERIES, counted, page, parts, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement() -> Placement:
    return make.make_placement(make.make_student("Alice Alder"))


@pytest.fixture
def alice(placement: Placement) -> Client:
    return browser(placement.enrolment.person, second_factor=False)


@pytest.fixture
def rhys(placement: Placement) -> Person:
    person = make.make_person("Rhys Rowan")
    make.make_grant(person, RADIATION_PROTECTION_SUPERVISOR, placement.site.scope)
    return person


def back(enrolment: Enrolment) -> dict[str, str]:
    return {"uuid": str(uuid4()), "enrolment": str(enrolment.uuid)}


def test_student_declares_and_reads_who_will_read_it(
    placement: Placement, alice: Client, rhys: Person
) -> None:
    assert reverse("declaration") in page(alice, "/ready/")
    said = page(alice, "/declaration/")
    assert f"<strong>{placement.site.name}</strong><br>Rhys Rowan" in said
    sent(alice, "/declaration/", {"words": "Due in May.", "uuid": str(uuid4())})
    assert ledger.private_text(PregnancyDeclaration.objects.get(), "words") == "Due in May."
    assert "Take it back" in page(alice, "/declaration/")
    sent(alice, "/declaration/take-back/", back(placement.enrolment))
    said = page(alice, "/declaration/")
    assert "You took your declaration back on" in said
    assert "Due in May." not in said


def test_student_takes_back_what_stands_on_an_earlier_enrolment(
    placement: Placement, alice: Client
) -> None:
    now, student = placement.enrolment, placement.enrolment.person
    earlier = make.make_earlier_enrolment(now)
    declare(by=student, enrolment=earlier, words="Due in May.", uuid=uuid4())
    said = page(alice, "/declaration/")
    assert (str(earlier.uuid) in said, days.long_date(earlier.ends) in said) == (True, True)
    sent(alice, "/declaration/", {"words": "Due in June.", "uuid": str(uuid4())})
    said = page(alice, "/declaration/")
    assert [words in said for words in ("Due in May.", "Due in June.")] == [True, True]
    sent(alice, "/declaration/take-back/", back(make.make_student("Bob Birch")), 404)
    sent(alice, "/declaration/take-back/", back(earlier))
    standing = PregnancyDeclaration.objects.standing().filter(withdrawn=False)
    assert [row.enrolment for row in standing] == [now]
    said = page(alice, "/declaration/")
    assert [words in said for words in ("Due in May.", "Due in June.")] == [False, True]


def test_declaration_without_words_is_refused(alice: Client) -> None:
    answer = sent(alice, "/declaration/", {"words": " ", "uuid": str(uuid4())}, 422)
    assert "Enter what you declare" in answer.content.decode()


def test_supervisor_reads_it_and_the_access_log_notes_it(
    placement: Placement, rhys: Person
) -> None:
    student = placement.enrolment.person
    client = browser(rhys)
    assert "Nothing is declared" in page(client, "/in-confidence/")
    assert AccessLog.objects.filter(viewer=rhys).count() == 0
    declare(by=student, enrolment=placement.enrolment, words="Due in May.", uuid=uuid4())
    assert reverse("in_confidence") in page(client, "/home/")
    said = page(client, "/in-confidence/")
    assert ("Alice Alder" in said, "Due in May." in said) == (True, True)
    assert [row.person for row in AccessLog.objects.filter(viewer=rhys)] == [student]


def test_supervisor_records_and_corrects_a_reading(
    placement: Placement, alice: Client, rhys: Person
) -> None:
    client = browser(rhys)
    address = reverse("student_dose", args=[placement.enrolment.uuid])
    assert address in page(client, "/dose-readings/")
    today = clock.today()
    worn = parts(first=today - timedelta(days=20), last=today - timedelta(days=10))
    form = {"site": placement.site.slug, "dose": "0.125", "uuid": str(uuid4()), **worn}
    sent(client, address, form)
    assert "<strong>0.125 mSv</strong> in all." in page(client, address)
    reading = DoseReading.objects.get()
    correct = reverse("correct_dose", args=[placement.enrolment.uuid, reading.entry.uuid])
    assert 'value="0.125"' in page(client, correct)
    sent(client, correct, {**form, "dose": "0.1", "uuid": str(uuid4())})
    said = page(alice, "/my-dose/")
    assert "<strong>0.100 mSv</strong> in all." in said
    assert days.long_date(today - timedelta(days=10)) in said
    assert list(DoseReading.objects.standing().values_list("microsieverts", flat=True)) == [100]


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        ("", "Enter the dose in mSv, or 0"),
        ("a lot", "The dose must be a number, like 0.125"),
        ("0.1234", "The dose has up to 3 decimals, like 0.125"),
        ("-1", "The dose must be 0 or more"),
        ("1000", "The dose must be under 1,000 mSv"),
    ],
)
def test_dose_that_cannot_be_meant_is_refused(
    placement: Placement, rhys: Person, dose: str, words: str
) -> None:
    today = clock.today()
    worn = parts(first=today - timedelta(days=20), last=today - timedelta(days=10))
    form = {"site": placement.site.slug, "dose": dose, "uuid": str(uuid4()), **worn}
    address = reverse("student_dose", args=[placement.enrolment.uuid])
    answer = sent(browser(rhys), address, form, 422)
    assert words in answer.content.decode()
    assert DoseReading.objects.count() == 0


@pytest.mark.engine
def test_supervisor_sees_the_readings_of_their_own_sites_alone(
    placement: Placement, rhys: Person
) -> None:
    today = clock.today()
    other = make.make_site("Oak Hospital")
    Placement.objects.update(starts=today - timedelta(days=10))
    there = make.make_placement(
        placement.enrolment,
        site=other,
        starts=today - timedelta(days=40),
        ends=today - timedelta(days=20),
        inducted=False,
    )
    record_dose(
        by=rhys,
        enrolment=there.enrolment,
        site=other,
        first=there.starts,
        last=there.ends,
        microsieverts=777,
        uuid=uuid4(),
    )
    address = reverse("student_dose", args=[placement.enrolment.uuid])
    assert "No reading is recorded." in page(browser(rhys), address)


def test_pages_take_as_many_queries_for_one_row_as_for_thirty(
    placement: Placement, alice: Client, rhys: Person
) -> None:
    client = browser(rhys)
    today = clock.today()
    pages = [
        *((client, name) for name in ("/home/", "/in-confidence/", "/dose-readings/")),
        (client, reverse("student_dose", args=[placement.enrolment.uuid])),
        *((alice, name) for name in ("/my-dose/", "/declaration/")),
    ]
    taken = []
    for most in (1, 24):
        for n in range(most):
            student = make.make_student(f"Student {most} {n}")
            here = make.make_placement(student, inducted=False)
            declare(by=student.person, enrolment=here.enrolment, words="x", uuid=uuid4())
            day = today - timedelta(days=n + (0 if most > 1 else 25))
            record_dose(
                by=rhys,
                enrolment=placement.enrolment,
                site=placement.site,
                first=day,
                last=day,
                microsieverts=1,
                uuid=uuid4(),
            )
        for browsing, address in pages:
            browsing.get(address)
            with counted() as queries:
                page(browsing, address)
            taken.append((address, len(queries)))
    assert taken[: len(pages)] == taken[len(pages) :]
    assert [row for row in taken if row[1] > MOST_QUERIES] == []
