"""Certificates: one for each attainment however often it is asked for, revoked once with a reason."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from school.core import documents, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.hearing import tell
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.courses import attained_queries, certificates
from school.courses.actions import attaining, attending
from school.courses.actions.certifying import issue_certificate, revoke_certificate
from school.courses.models import Attainment, Booking, Certificate, Revocation
from school.courses.queries import is_revoked
from school.people.models import Mail, Person
from tests import factories as make
from tests.courses import day, making
from tests.courses.attained import DAY, attain, blank, certify, keys

__all__ = ["blank", "keys"]
pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def files(keys: Path) -> list[str]:
    return sorted(path.name for path in (keys / "media" / "certificates").iterdir())


@pytest.mark.usefixtures("blank")
def test_attainment_is_certified_once_with_both_files_and_the_holder_is_told(keys: Path) -> None:
    attainment = attain(make.make_person("Alice Amber"))
    first = certify(attainment)
    assert certify(attainment) == first
    assert files(keys) == [f"{first.code}.json", f"{first.code}.pdf"]
    pdf, badge = certificates.kept_pdf(first), certificates.kept_badge(first)
    assert pdf is not None
    assert badge is not None
    assert (documents.digest(pdf), documents.digest(badge)) == (first.digest, first.badge_digest)
    assert [mail.kind for mail in Mail.objects.all()] == ["certificate_issued"]


def attended(teacher: Person, booking: Booking) -> None:
    """Somebody is at the whole of an event, and its register is closed."""
    event = booking.event
    with time_machine.travel(event.ends + timedelta(hours=1), tick=False):
        day.tick(teacher, event, *((booking, session) for session in day.sessions(event)))
        attending.close_register(by=teacher, event=event, uuid=uuid4())


@pytest.mark.usefixtures("blank")
def test_renewal_gets_a_certificate_of_its_own() -> None:
    """Goes wrong elsewhere: a second certificate for the same course refused."""
    teacher, event, [booking] = day.made("Alice Amber")
    attended(teacher, booking)
    with day.at("17:00", days=30):
        again = making.make_event(event.version, by=teacher)
        renewed = making.ask(booking.person, again)
    attended(teacher, renewed)
    first, second = Attainment.objects.order_by("pk")
    assert [first.entry.about_from, second.entry.about_from] == [day.DAY, making.day_of(again)]
    made = [certify(one) for one in (first, second)]
    assert len({one.code for one in made}) == 2
    assert [is_revoked(one) for one in made] == [False, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("blank")
def test_two_workers_at_once_make_one_certificate(keys: Path) -> None:
    """Goes wrong elsewhere: a double click that issues two certificates."""
    attainment = attain(make.make_person("Alice Amber"))
    start, made = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            made.append(issue_certificate(attainment.entry.uuid))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    [only] = Certificate.objects.all()
    assert made == [only, only]
    assert len(files(keys)) == 2


@pytest.mark.usefixtures("blank")
def test_what_came_from_elsewhere_or_is_void_or_was_imported_is_not_certified() -> None:
    alice = make.make_person("Alice Amber")
    claimed = attain(alice, source=Attainment.Source.CLAIM)
    void = attain(alice)
    with ledger.writing(alice.book) as pen:
        attaining.make_void(pen, void, by=PORTAL, reason="A mistake.")
        old = Attainment(person=alice, course_version=void.course_version, source="module")
        draft = Draft(fact=old, book=alice.book, about_from=DAY, known_from=DAY)
        pen.append([draft], by=PORTAL)
    assert [issue_certificate(one.entry.uuid) for one in (claimed, void, old)] == [None] * 3
    assert issue_certificate(uuid4()) is None


@pytest.mark.usefixtures("blank")
def test_revocation_is_made_once_with_a_reason_and_the_holder_is_told() -> None:
    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    certificate = certify(attain(alice))
    sent: dict[str, Any] = {"certificate": certificate, "uuid": uuid4()}
    with pytest.raises(DomainError, match="Enter why"):
        revoke_certificate(by=teacher, reason=" ", **sent)
    with pytest.raises(NotAllowed):
        revoke_certificate(by=alice, reason="No.", **sent)
    done = revoke_certificate(by=teacher, reason="Issued to the wrong person.", **sent)
    assert revoke_certificate(by=teacher, reason="Issued to the wrong person.", **sent) == done
    assert ledger.private_text(done, "reason") == "Issued to the wrong person."
    assert sorted(Mail.objects.values_list("kind", flat=True)) == [
        "attainment_changed",
        "certificate_issued",
    ]
    with pytest.raises(Conflict):
        revoke_certificate(by=teacher, certificate=certificate, reason="Again.", uuid=uuid4())
    found = attained_queries.issued(certificate.code)
    assert (found and found.title) == "Revoked"
    assert attained_queries.revoked_in(0, 131_072) == [certificate.status_index]


@pytest.mark.usefixtures("blank")
def test_void_attainment_revokes_its_certificate() -> None:
    alice = make.make_person("Alice Amber")
    certificate = certify(attain(alice))
    with ledger.writing(alice.book) as pen:
        attaining.make_void(pen, certificate.attainment, by=PORTAL, reason="A mistake.")
    assert Revocation.objects.get().certificate == certificate


@pytest.mark.usefixtures("blank")
def test_attended_event_is_certified_by_who_hears_of_it() -> None:
    alice = make.make_person("Alice Amber")
    booking = making.ask(alice, making.make_event())
    with ledger.writing(alice.book) as pen:
        attainment = attaining.attain(pen, booking, by=PORTAL)
    tell.func(Attainment.KIND, [str(attainment.entry.uuid)] * 2)
    assert Certificate.objects.get().attainment == attainment
