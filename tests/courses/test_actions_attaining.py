"""Attainments of events: made once while one stands, made void with a reason, renewed beside the first."""

from uuid import uuid4

import pytest

from school.core import ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import PORTAL
from school.courses import queries
from school.courses.actions import attaining
from school.courses.models import Attainment, AttainmentVoid, Booking
from school.people.models import Mail, Person
from school.people.network import ensure_network
from school.people.roles import WORKFORCE_MANAGER
from tests import factories as make
from tests.courses import making
from tests.courses.attained import attain

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def attend(booking: Booking) -> Attainment:
    with ledger.writing(booking.person.book) as pen:
        return attaining.attain(pen, booking, by=PORTAL)


def test_attended_event_is_attained_once_on_its_last_day_until_what_its_version_prints() -> None:
    alice = make.make_person("Alice Amber")
    event = making.make_event(making.make_version(valid_months=12))
    booking = making.ask(alice, event)
    first = attend(booking)
    assert attend(booking) == first
    day = making.day_of(event)
    assert (first.entry.about_from, first.expires_on) == (day, day.replace(year=day.year + 1))
    assert (first.person, first.course_version) == (alice, event.version)
    assert queries.attained([alice.pk], [event.version.course_id], day) == {event.version.course_id}


def test_late_correction_makes_the_attainment_void_and_another_makes_a_new_one() -> None:
    alice = make.make_person("Alice Amber")
    booking = making.ask(alice, making.make_event())
    first = attend(booking)
    with ledger.writing(alice.book) as pen:
        void = attaining.unattain(pen, booking, by=PORTAL, reason="Left at noon.")
        assert attaining.unattain(pen, booking, by=PORTAL, reason="Left at noon.") is None
    assert void is not None
    assert void.attainment == first
    assert list(queries.attainments()) == []
    assert attend(booking) != first
    assert queries.attainments().count() == 1


def test_renewal_stands_beside_the_first() -> None:
    """Goes wrong elsewhere: a renewal that wipes the first completion."""
    alice = make.make_person("Alice Amber")
    version = making.make_version()
    rows = [attain(alice, version), attain(alice, version)]
    assert list(queries.attainments().order_by("pk")) == rows


def manager(name: str = "Marek Standin") -> Person:
    person = make.make_person(name)
    make.make_grant(person, WORKFORCE_MANAGER, ensure_network())
    return person


def make_void(by: Person, attainment: Attainment, reason: str = "A mistake.") -> AttainmentVoid:
    return attaining.void_attainment(by=by, attainment=attainment, reason=reason, uuid=uuid4())


def test_school_educator_makes_an_attainment_void_with_a_reason_and_the_person_is_told() -> None:
    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    attainment = attain(alice)
    with pytest.raises(DomainError, match="Enter why"):
        make_void(teacher, attainment, " ")
    uuid = uuid4()
    sent = {"by": teacher, "attainment": attainment, "reason": "Not her.", "uuid": uuid}
    void = attaining.void_attainment(**sent)
    assert attaining.void_attainment(**sent) == void
    assert ledger.private_text(void, "reason") == "Not her."
    assert [mail.kind for mail in Mail.objects.all()] == ["attainment_changed"]
    with pytest.raises(Conflict):
        make_void(teacher, attainment)


def test_nobody_takes_back_their_own_nor_a_manager_what_the_school_taught() -> None:
    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    with pytest.raises(NotAllowed, match="your own"):
        make_void(teacher, attain(teacher))
    with pytest.raises(NotAllowed, match="what the School taught"):
        make_void(manager(), attain(alice))
    elsewhere = attain(alice, source=Attainment.Source.CLAIM)
    with pytest.raises(NotAllowed, match="does not keep the records"):
        make_void(manager(), elsewhere)
    assert AttainmentVoid.objects.count() == 0
