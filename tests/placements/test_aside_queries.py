"""What was sent twice with different content: both versions in words, to whom, and never what is confidential."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from placements import aside_queries
from placements.actions.confirming import Item, Outcome, Proof, decide
from placements.models import DayNote, Enrolment, Placement
from school.core import clock, days, ledger
from school.core.errors import Conflict
from school.core.ledger import Draft
from school.core.models import ConflictingWrite
from school.people.models import Person
from tests import factories as make
from tests.placements.browsers import Viewer, browser

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def dilys() -> Person:
    return make.make_educator()


@pytest.fixture
def placement(alice: Enrolment, dilys: Person) -> Placement:
    return make.make_placement(alice, educator=dilys)


def sent_twice(placement: Placement, ago: int = 3) -> None:
    """A shift, and under its UUID another end and another note."""
    uuid, day = uuid4(), clock.today() - timedelta(days=ago)
    make.make_shift(placement, day, note="Quiet morning.", uuid=uuid)
    with pytest.raises(Conflict):
        make.make_shift(placement, day, end="15:00", note="Left early.", uuid=uuid)


def seen(enrolment: Enrolment, person: Person, *, everything: bool) -> list[aside_queries.Aside]:
    viewer = Viewer(person)
    found = aside_queries.kept(viewer, enrolment, everything=everything)  # type: ignore[arg-type]
    return aside_queries.shown(found, enrolment, viewer)  # type: ignore[arg-type]


def words(person: Person, enrolment: Enrolment, status: int = 200) -> str:
    answer = browser(person).get(reverse("kept_aside", args=[enrolment.uuid]))
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_both_versions_stand_side_by_side_in_words(placement: Placement) -> None:
    sent_twice(placement)
    alice = placement.enrolment
    [row] = seen(alice, alice.person, everything=False)
    day = days.long_date(clock.today() - timedelta(days=3))
    assert (row.what, row.by) == ("shift", "Alice Alder")
    assert row.table is not None
    assert row.table.rows == [
        ("Day", day, day),
        ("Placement", *[f"at Cumberland Infirmary from {days.long_date(placement.starts)}"] * 2),
        ("Site", "Cumberland Infirmary", "Cumberland Infirmary"),
        ("Day type", "Clinical", "Clinical"),
        ("Start", f"{day}, 08:00", f"{day}, 08:00"),
        ("End", f"{day}, 16:00", f"{day}, 15:00"),
        ("Break", "30 minutes", "30 minutes"),
        ("Withdrawn", "no", "no"),
        ("Note", "Quiet morning.", "Left early."),
    ]


def test_page_is_the_senders_and_the_coordinators(placement: Placement, dilys: Person) -> None:
    sent_twice(placement)
    alice, bob = placement.enrolment, make.make_student("Bob Birch")
    for reader in (alice.person, make.make_coordinator("Esme Elder")):
        said = words(reader, alice)
        assert ("Quiet morning." in said, "Left early." in said) == (True, True)
    # Her practice educator opens the record, and finds there what he sent twice himself: nothing.
    assert "Nothing is kept aside" in words(dilys, alice)
    words(bob.person, alice, status=404)


def test_record_leads_to_what_was_kept_aside(placement: Placement) -> None:
    alice = placement.enrolment
    url, link = (
        reverse("enrolment_record", args=[alice.uuid]),
        reverse("kept_aside", args=[alice.uuid]),
    )
    client = browser(alice.person)
    assert link not in client.get(url).content.decode()
    sent_twice(placement)
    assert link in client.get(url).content.decode()


def test_decision_sent_twice_is_shown_to_whoever_decided(
    placement: Placement, dilys: Person
) -> None:
    shift, uuid = make.make_shift(placement, clock.today() - timedelta(days=2)), uuid4()

    def send(outcome: Outcome, comment: str) -> None:
        item = Item(shift=shift.entry.uuid, uuid=uuid)
        decide(by=dilys, items=[item], outcome=outcome, proof=Proof.PASSWORD, comment=comment)

    send(Outcome.QUERIED, "Which day?")
    with pytest.raises(Conflict):
        send(Outcome.REJECTED, "Not here.")
    assert ConflictingWrite.objects.count() == 1
    [row] = seen(placement.enrolment, dilys, everything=False)
    assert row.table is not None
    said = {label: (first, second) for label, first, second in row.table.rows}
    assert said["Outcome"] == ("queried", "rejected")
    assert said["Comment"] == ("Which day?", "Not here.")
    assert said["Person"] == ("Dilys Sampleby", "Dilys Sampleby")
    assert seen(placement.enrolment, placement.enrolment.person, everything=False) == []


def test_other_students_record_is_shown_to_the_sender_alone(
    placement: Placement, dilys: Person
) -> None:
    """One UUID sent by one person for two students: whoever may see the first learns nothing of the second."""
    other, uuid = make.make_placement(make.make_student("Bob Birch")), uuid4()
    for chosen in (placement, other):
        book = chosen.enrolment.book
        fact = DayNote(placement=chosen, kind="absent_ill", expected_minutes=450)
        draft = Draft(
            fact=fact, book=book, about_from=clock.today(), uuid=uuid, texts={"note": "x"}
        )
        try:
            with ledger.writing(book, answering=[uuid]) as pen:
                if not pen.answered([draft], by=dilys.uuid):
                    pen.append([draft], by=dilys.uuid)
        except Conflict:
            assert chosen == other
    coordinator = make.make_coordinator("Esme Elder")
    [row] = seen(placement.enrolment, coordinator, everything=True)
    assert row.table is None
    assert "names another student’s record" in words(coordinator, placement.enrolment)
    [row] = seen(placement.enrolment, dilys, everything=False)
    assert row.table is not None


def test_what_is_confidential_is_shown_to_nobody(
    placement: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_twice(placement)
    alice = placement.enrolment
    assert len(seen(alice, alice.person, everything=False)) == 1
    monkeypatch.setattr(aside_queries, "confidential_kinds", lambda: ["placements.shift"])
    assert seen(alice, alice.person, everything=True) == []


def test_page_takes_as_many_queries_for_one_as_for_many(placement: Placement) -> None:
    alice, counts = placement.enrolment, []
    client, url = browser(alice.person), reverse("kept_aside", args=[alice.uuid])
    for some in (range(1, 2), range(2, 20)):
        for ago in some:
            sent_twice(placement, ago)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
