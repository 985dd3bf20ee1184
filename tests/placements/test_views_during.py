"""The pages about what happens during a placement: meetings, concerns, and what a student needs."""

import re
import time
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from placements import books, meetings
from placements.actions.concerns import raise_concern
from placements.actions.meetings import sign_meeting, write_meeting
from placements.actions.reasonable_adjustments import Consent, say_need
from placements.models import (
    Concern,
    ConcernReader,
    ConcernStep,
    Meeting,
    MeetingSignature,
    Placement,
    ReasonableAdjustment,
    ShiftDecision,
)
from school.core import clock
from school.people.models import AccessLog, Person
from school.people.roles import SITE_LEAD, UNIVERSITY_TUTOR
from tests import factories
from tests.placements import browsers

pytestmark = pytest.mark.django_db

HOME = "/home/later/"
PASSWORD = ShiftDecision.Proof.PASSWORD


@pytest.fixture(autouse=True)
def new_browsers() -> None:
    browser.cache_clear()


@pytest.fixture
def educator() -> Person:
    return factories.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    return factories.make_placement(educator=educator)


@pytest.fixture
def student(placement: Placement) -> Person:
    return placement.enrolment.person


@pytest.fixture
def tutor(placement: Placement) -> Person:
    person = factories.make_person("Tamsin Tutor")
    factories.make_grant(person, UNIVERSITY_TUTOR, placement.enrolment.cohort.scope)
    return person


def written(by: Person, placement: Placement, kind: str = "initial", **more: Any) -> Meeting:
    values = {"day": clock.today(), "record": "Three scans a week.", "uuid": uuid4()} | more
    return write_meeting(by=by, placement=placement, kind=kind, proof=PASSWORD, **values)


def raised(by: Person, placement: Placement, *readers: Person) -> Concern:
    return raise_concern(
        by=by, placement=placement, words="Late three times.", readers=readers, uuid=uuid4()
    )


def need(placement: Placement, words: str, **shown: bool) -> ReasonableAdjustment:
    return say_need(
        by=placement.enrolment.person,
        enrolment=placement.enrolment,
        words=words,
        consent=Consent(**shown),
        uuid=uuid4(),
    )


@cache
def browser(person: Person, *, second_factor: bool = True) -> Client:
    """One browser for each."""
    return browsers.browser(person, second_factor=second_factor)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return re.sub(r"\s+", " ", answer.content.decode())


def to_write(kind: str = "initial", **more: object) -> dict[str, object]:
    today = clock.today()
    return {
        "batch": str(uuid4()),
        "kind": kind,
        "day_day": str(today.day),
        "day_month": str(today.month),
        "day_year": str(today.year),
        "words": "Three scans a week.",
        **more,
    }


def long_ago(client: Client) -> Client:
    """A browser whose last proof is older than 15 minutes."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - 1000
    session["account_authentication_methods"] = list(session["account_authentication_methods"])
    session.save()
    return client


# Meetings


def test_meeting_is_written_signed_and_signed_by_the_other(
    educator: Person, placement: Placement, student: Person
) -> None:
    writing = reverse("write_meeting", args=[placement.uuid])
    shown = page(browser(educator), writing)
    assert [words in shown for words in meetings.WORDINGS.values()] == [True] * 4 + [False]
    answer = browser(educator).post(writing, to_write())
    meeting = Meeting.objects.get()
    url = reverse("meeting", args=[meeting.entry.uuid])
    assert (answer.status_code, answer["Location"]) == (302, url)
    amara = browser(student, second_factor=False)
    shown = page(amara, url)
    expected = ("Three scans a week.", meetings.WORDINGS["initial"], "Waits for you")
    assert [words for words in expected if words not in shown] == []
    assert amara.post(url, {"batch": str(uuid4())}).status_code == 302
    shown = page(amara, url)
    assert ("Signed by all" in shown, "You are about to sign" in shown) == (True, False)


def test_signature_asks_for_a_fresh_proof(
    educator: Person, placement: Placement, student: Person
) -> None:
    meeting = written(educator, placement)
    url = reverse("meeting", args=[meeting.entry.uuid])
    amara = long_ago(browser(student, second_factor=False))
    sent = {"batch": str(uuid4())}
    assert amara.post(url, sent).status_code == 422
    assert amara.post(url, {**sent, "password": "wrong"}).status_code == 422
    assert MeetingSignature.objects.count() == 1
    assert amara.post(url, {**sent, "password": factories.PASSWORD}).status_code == 302
    assert MeetingSignature.objects.count() == 2


def test_interrupted_record_comes_back_whole(educator: Person, placement: Placement) -> None:
    client = long_ago(browser(educator))
    url = reverse("write_meeting", args=[placement.uuid])
    day = clock.today() - timedelta(days=3)
    typed = to_write("midway", day_day=str(day.day), day_month=str(day.month), other_way="1")
    typed["day_year"] = str(day.year)
    answer = client.post(url, typed)
    back = answer["Location"].split("next=")[1]
    shown = page(client, back)
    assert "Nothing has been sent yet" in shown
    assert re.findall(r'name="day_(?:day|month|year)"[^>]*?value="(\d+)"', shown) or re.findall(
        r'value="(\d+)"[^>]*?name="day_', shown
    )
    assert f'value="{day.day}"' in shown
    assert "Three scans a week." in shown
    assert re.search(r'value="midway"[^>]*checked', shown)


def test_record_that_says_nothing_or_points_to_a_patient_is_refused(
    educator: Person, placement: Placement
) -> None:
    client, url = browser(educator), reverse("write_meeting", args=[placement.uuid])
    for words, said in (("", "Enter what was agreed"), ("Scan of 943 476 5919", "NHS number")):
        answer = client.post(url, to_write(words=words))
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Meeting.objects.count() == 0


def test_record_written_anew_shows_the_earlier_words_below(
    educator: Person, placement: Placement, student: Person
) -> None:
    first = written(educator, placement)
    amara = browser(student, second_factor=False)
    url = reverse("change_meeting", args=[first.entry.uuid])
    assert "Three scans a week." in page(amara, url)
    assert amara.post(url, to_write(words="Two scans a week.")).status_code == 302
    shown = page(browser(educator), reverse("meeting", args=[first.entry.uuid]))
    expected = (
        "This record was written anew",
        "Two scans a week.",
        "Three scans a week.",
        "Waits for you",
        "Did not sign",
    )
    assert [words for words in expected if words not in shown] == []
    answer = browser(educator).get(url)
    assert (answer.status_code, Meeting.objects.count()) == (302, 2)


def test_signed_words_stand_until_the_new_ones_are_signed(
    educator: Person, placement: Placement, student: Person
) -> None:
    first = written(educator, placement)
    sign_meeting(by=student, meeting=first, proof=PASSWORD, uuid=uuid4())
    second = written(student, placement, corrects=first, record="Two scans a week.")
    client = browser(educator)
    url = reverse("meeting", args=[second.entry.uuid])
    shown, book = page(client, url), placement.enrolment.book_id
    beside = ("Learning contract: signed", "Learning contract: new words wait for signatures")
    assert [words for words in beside if words not in shown] == []
    assert _in_force(book) == str(first.entry.uuid)
    sign_meeting(by=educator, meeting=second, proof=PASSWORD, uuid=uuid4())
    shown = page(client, url)
    assert [words for words in beside if words in shown] == []
    assert _in_force(book) == str(second.entry.uuid)


def _in_force(book: int) -> str:
    """Which version of the only record the whole record and the file for marking go by."""
    found = books.read([book], books.MEETINGS, clock.today())[book]
    [newest] = found.standing(Meeting)
    return found.in_force(newest).uuid


def test_second_record_of_a_meeting_is_refused_with_the_way_to_the_first(
    educator: Person, placement: Placement
) -> None:
    first = written(educator, placement)
    client = browser(educator)
    answer = client.post(reverse("write_meeting", args=[placement.uuid]), to_write())
    shown = answer.content.decode()
    assert (answer.status_code, Meeting.objects.count()) == (409, 1)
    assert "The initial meeting of this placement is written down already." in shown
    assert reverse("meeting", args=[first.entry.uuid]) in shown


def test_list_says_what_is_due_and_offers_to_write_it(
    educator: Person, placement: Placement, student: Person
) -> None:
    sign_meeting(by=student, meeting=written(educator, placement), proof=PASSWORD, uuid=uuid4())
    for client in (browser(educator), browser(student, second_factor=False)):
        shown = page(client, reverse("meetings", args=[placement.uuid]))
        expected = ("Signed by all", "Due now", "To come", "?kind=midway")
        assert [words for words in expected if words not in shown] == []
        assert "?kind=final" not in shown


def test_coordinator_reads_the_records_and_writes_none(
    educator: Person, placement: Placement
) -> None:
    written(educator, placement)
    client = browser(factories.make_coordinator("Cora Coordinator"))
    shown = page(client, reverse("meetings", args=[placement.uuid]))
    assert ("Initial meeting" in shown, "Write a meeting down" in shown) == (True, False)
    assert (
        client.post(reverse("write_meeting", args=[placement.uuid]), to_write()).status_code == 404
    )


def test_home_says_what_waits_and_what_is_due(
    educator: Person, placement: Placement, student: Person
) -> None:
    client = browser(educator)
    shown = page(client, HOME)
    assert (f"Midway meeting with {student.name}" in shown, "Due now" in shown) == (True, True)
    meeting = written(student, placement, "midway")
    shown = page(client, HOME)
    assert (reverse("meeting", args=[meeting.entry.uuid]) in shown, "Due now" in shown) == (
        True,
        False,
    )
    assert "Waits for your signature" not in page(browser(student, second_factor=False), HOME)
    sign_meeting(by=educator, meeting=meeting, proof=PASSWORD, uuid=uuid4())
    assert "Waits for your signature" not in page(client, HOME)


def test_home_of_a_student_leads_to_the_record_that_waits(
    educator: Person, placement: Placement, student: Person
) -> None:
    meeting = written(educator, placement, "midway")
    shown = page(browser(student, second_factor=False), HOME)
    urls = [
        reverse("meeting", args=[meeting.entry.uuid]),
        reverse("meetings", args=[placement.uuid]),
        reverse("raise_concern", args=[placement.uuid]),
        reverse("needs"),
    ]
    assert [url for url in urls if url not in shown] == []


def test_tutor_is_asked_for_three_way_meetings_alone(
    educator: Person, placement: Placement, tutor: Person
) -> None:
    written(educator, placement, "initial")
    client = browser(tutor)
    assert "Waits for your signature" not in page(client, HOME)
    written(educator, placement, "three_way")
    assert page(client, HOME).count("Waits for your signature") == 1


# Concerns


def test_concern_is_raised_followed_and_closed(
    educator: Person, placement: Placement, tutor: Person
) -> None:
    client, named = browser(educator), browser(tutor)
    sent = {"uuid": str(uuid4()), "words": "Late three times.", "readers": [str(tutor.uuid)]}
    answer = client.post(reverse("raise_concern", args=[placement.uuid]), sent)
    url = reverse("concern", args=[Concern.objects.get().entry.uuid])
    assert (answer.status_code, answer["Location"]) == (302, url)
    shown = page(named, url)
    expected = ("Late three times.", "Who reads this", "Let them read it", "It stays open")
    assert [words for words in expected if words not in shown] == ["It stays open"]
    step = {"uuid": str(uuid4()), "words": "Bus timetable.", "outcome": "resolved"}
    assert named.post(f"{url}step/", step).status_code == 302
    shown = page(client, url)
    assert ("Bus timetable." in shown, "Say what was done" in shown, "Closed" in shown) == (
        True,
        False,
        True,
    )
    answer = client.post(f"{url}step/", {**step, "uuid": str(uuid4())})
    assert (answer.status_code, "has closed this concern" in answer.content.decode()) == (409, True)


def test_concern_is_404_and_leaves_no_trace_for_everybody_else(
    educator: Person, placement: Placement, student: Person, tutor: Person
) -> None:
    concern = raised(educator, placement, tutor)
    url = reverse("concern", args=[concern.entry.uuid])
    others = [factories.make_coordinator("Cora Coordinator"), factories.make_person("Lena Lead")]
    factories.make_grant(others[1], SITE_LEAD, placement.site.scope)
    clients = [*map(browser, others), browser(student, second_factor=False)]
    sent = {"uuid": str(uuid4()), "words": "x", "outcome": "note", "readers": str(tutor.uuid)}
    for client in clients:
        assert client.get(url).status_code == 404
        assert client.post(f"{url}step/", sent).status_code == 404
        assert client.post(f"{url}reader/", sent).status_code == 404
        assert "None is open to you" in page(client, reverse("concerns"))
        for shown in (HOME, reverse("person", args=[student.uuid])):
            assert url not in page(client, shown)
    assert (ConcernStep.objects.count(), ConcernReader.objects.count()) == (0, 1)


def test_readers_find_it_at_home(educator: Person, placement: Placement, tutor: Person) -> None:
    url = reverse("concern", args=[raised(educator, placement, tutor).entry.uuid])
    for person in (educator, tutor):
        client = browser(person)
        assert reverse("concerns") in page(client, HOME)
        assert url in page(client, reverse("concerns"))


def test_reader_lets_somebody_else_in(
    educator: Person, placement: Placement, tutor: Person
) -> None:
    coordinator = factories.make_coordinator("Cora Coordinator")
    url = reverse("concern", args=[raised(educator, placement, tutor).entry.uuid])
    sent = {"uuid": str(uuid4()), "readers": str(coordinator.uuid)}
    client = browser(tutor)
    for _ in range(2):
        assert client.post(f"{url}reader/", sent).status_code == 302
    assert "Cora Coordinator" in page(client, url)
    assert "Late three times." in page(browser(coordinator), url)


def test_refused_concern_comes_back_as_it_was_typed(
    educator: Person, placement: Placement, tutor: Person
) -> None:
    client, url = browser(educator), reverse("raise_concern", args=[placement.uuid])
    answer = client.post(url, {"uuid": str(uuid4()), "words": "Late three times."})
    said = answer.content.decode()
    assert (answer.status_code, "Choose at least one person" in said) == (422, True)
    assert "Late three times." in said
    assert Concern.objects.count() == 0


# What a student needs


def test_student_writes_changes_and_takes_back_what_they_need(
    educator: Person, placement: Placement, student: Person
) -> None:
    amara, bob = browser(student, second_factor=False), browser(educator)
    record, today = reverse("person", args=[student.uuid]), "/with-me-today/"
    sent = {"uuid": str(uuid4()), "words": "Larger print.", "shown_to": ["supervisors"]}
    assert amara.post("/needs/", sent).status_code == 302
    assert ["Larger print." in page(bob, url) for url in (record, today)] == [True, True]
    url = reverse("change_need", args=[ReasonableAdjustment.objects.get().entry.uuid])
    assert "Larger print." in page(amara, url)
    sent = {"uuid": str(uuid4()), "words": "A seat.", "shown_to": ["university"]}
    assert amara.post(url, sent).status_code == 302
    assert ["A seat." in page(bob, url) for url in (record, today)] == [False, False]
    assert "Larger print." in page(amara, "/needs/")
    [standing] = ReasonableAdjustment.objects.standing()
    back = reverse("withdraw_need", args=[standing.entry.uuid])
    assert "Take this back?" in page(amara, back)
    for _ in range(2):
        assert amara.post(back, {"uuid": "0a0a0a0a-0000-4000-8000-00000000000a"}).status_code == 302
    assert "Taken back" in page(amara, "/needs/")


def test_student_changes_and_takes_back_what_stands_on_an_earlier_enrolment(
    placement: Placement, student: Person
) -> None:
    earlier = factories.make_earlier_enrolment(placement.enrolment)
    need = say_need(
        by=student,
        enrolment=earlier,
        words="Larger print.",
        consent=Consent(university=True),
        uuid=uuid4(),
    )
    amara = browser(student, second_factor=False)
    assert "Larger print." in page(amara, "/needs/")
    sent = {"uuid": str(uuid4()), "words": "A seat.", "shown_to": ["university"]}
    assert amara.post(reverse("change_need", args=[need.entry.uuid]), sent).status_code == 302
    [standing] = ReasonableAdjustment.objects.standing()
    back = reverse("withdraw_need", args=[standing.entry.uuid])
    assert amara.post(back, {"uuid": str(uuid4())}).status_code == 302
    rows = ReasonableAdjustment.objects.standing()
    assert [(row.enrolment, row.withdrawn) for row in rows] == [(earlier, True)]
    assert amara.post("/needs/", sent | {"uuid": str(uuid4())}).status_code == 302
    assert ReasonableAdjustment.objects.latest("pk").enrolment == placement.enrolment


def test_reading_what_a_student_needs_leaves_a_row_in_the_access_log(
    educator: Person, placement: Placement, student: Person
) -> None:
    page(browser(educator), "/with-me-today/")
    assert AccessLog.objects.count() == 0
    need(placement, "Larger print.", supervisors=True)
    page(browser(educator), "/with-me-today/")
    assert AccessLog.objects.filter(viewer=educator, person=student).count() == 1


# How many queries


def test_lists_take_the_same_queries_for_1_and_30(
    educator: Person, placement: Placement, student: Person, tutor: Person
) -> None:
    bob, amara = browser(educator), browser(student, second_factor=False)
    urls = [
        (bob, reverse("meetings", args=[placement.uuid])),
        (amara, reverse("meetings", args=[placement.uuid])),
        (bob, reverse("concerns")),
        (amara, "/needs/"),
        (bob, "/with-me-today/"),
        (bob, HOME),
        (amara, HOME),
    ]

    def more() -> None:
        written(educator, placement, "three_way")
        raised(educator, placement, tutor)
        need(placement, "Larger print.", supervisors=True)

    more()
    one = [browsers.queries_of(client, url) for client, url in urls]
    for _ in range(29):
        more()
    assert [browsers.queries_of(client, url) for client, url in urls] == one
    assert max(one) <= 12, one


def test_pages_take_at_most_12_queries(
    educator: Person, placement: Placement, student: Person, tutor: Person
) -> None:
    meeting, concern = written(educator, placement), raised(educator, placement, tutor)
    mine = need(placement, "Larger print.", supervisors=True)
    bob, amara, tamsin = (
        browser(educator),
        browser(student, second_factor=False),
        browser(tutor),
    )
    counts = {
        (name, url): browsers.queries_of(client, url)
        for name, client, url in (
            ("bob", bob, reverse("meeting", args=[meeting.entry.uuid])),
            ("amara", amara, reverse("meeting", args=[meeting.entry.uuid])),
            ("bob", bob, reverse("write_meeting", args=[placement.uuid])),
            ("amara", amara, reverse("change_meeting", args=[meeting.entry.uuid])),
            ("bob", bob, reverse("raise_concern", args=[placement.uuid])),
            ("tamsin", tamsin, reverse("concern", args=[concern.entry.uuid])),
            ("bob", bob, reverse("concern", args=[concern.entry.uuid])),
            ("amara", amara, reverse("change_need", args=[mine.entry.uuid])),
            ("bob", bob, reverse("person", args=[student.uuid])),
            ("tamsin", tamsin, reverse("person", args=[student.uuid])),
            ("tamsin", tamsin, HOME),
        )
    }
    assert {key: count for key, count in counts.items() if count > 12} == {}
