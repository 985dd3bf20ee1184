"""Publications go to people: a fact and a mail to each, once; and monthly ones by themselves."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.coverage import publishing_work
from school.coverage.actions import reporting, sending
from school.coverage.models import Publication, Schedule, Sending
from school.people import mail
from school.people.models import Mail, Person
from school.people.roles import REPORT_VIEWER, SITE_LEAD
from tests import factories as make
from tests.coverage.reports import Network
from tests.people.cast import with_account

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def network(settings: LazySettings, tmp_path: Any) -> Network:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Network()


@pytest.fixture
def rita(network: Network) -> Person:
    return with_account("Rita Reader", REPORT_VIEWER)


def send(network: Network, publication: Publication, **to: Any) -> Sending:
    wanted = {"person": None, "address": "", "uuid": uuid4(), **to}
    return sending.send_publication(by=network.ann, publication=publication, **wanted)


def test_person_gets_a_link_and_is_kept_on_record(network: Network, rita: Person) -> None:
    publication, uuid = network.publish(), uuid4()
    made = send(network, publication, person=rita, uuid=uuid)
    assert send(network, publication, person=rita, uuid=uuid).pk == made.pk
    assert (Sending.objects.count(), made.entry.actor) == (1, network.ann.uuid)
    told = Mail.objects.get(kind="publication_sent")
    assert f"/coverage/reports/published/{publication.uuid}/" in told.body
    assert told.person == rita


def test_report_of_two_sites_goes_to_who_sees_both(network: Network) -> None:
    north, south = network.staff.site("North"), network.staff.site("South")
    publication = network.publish(sites=[north, south])
    for site in (north, south):
        lead = make.make_person(f"Lead of {site.name}")
        make.make_grant(lead, SITE_LEAD, site.scope)
        with pytest.raises(DomainError, match="may not see this report"):
            send(network, publication, person=lead)
    make.make_grant(lead, SITE_LEAD, north.scope)
    assert send(network, publication, person=lead).person == lead


def test_address_outside_gets_the_totals_and_the_code(network: Network) -> None:
    made = send(network, network.publish(audience="outside"), address="board@outside.example")
    assert ledger.private_text(made, "address") == "board@outside.example"
    told = Mail.objects.get(kind="publication_sent")
    assert "fire: 9 of 24 in date, 37.5 %" in told.body
    assert "/verify/" in told.body


def test_rules_of_sending(network: Network, rita: Person) -> None:
    inside = network.publish()
    stranger = with_account("Sam Stranger")
    lead = with_account("Lena Lead", SITE_LEAD, scope=network.staff.site("North").scope)
    for to, said in (
        ({}, "one of the two"),
        ({"person": rita, "address": "x@outside.example"}, "one of the two"),
        ({"address": "x@outside.example"}, "nothing in it is hidden"),
        ({"person": stranger}, "Sam Stranger may not see"),
        ({"person": lead}, "Lena Lead may not see"),
    ):
        with pytest.raises(DomainError, match=said):
            send(network, inside, **to)
    of_north = network.publish(sites=[network.staff.site("North")])
    assert send(network, of_north, person=lead).person == lead
    with pytest.raises(NotAllowed):
        sending.send_publication(by=rita, publication=inside, person=rita, address="", uuid=uuid4())
    reporting.withdraw_publication(by=network.ben, publication=inside, reason="x", uuid=uuid4())
    with pytest.raises(Conflict, match="withdrawn"):
        send(network, inside, person=rita)


def test_failed_mail_leaves_no_sending(
    network: Network, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = network.publish()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(mail, "owe", fail)
    with pytest.raises(RuntimeError):
        send(network, publication, person=rita)
    assert Sending.objects.count() == 0


# Each month


def schedule(network: Network, *people: Person, **more: Any) -> Schedule:
    report = network.publish().report
    return sending.save_schedule(
        by=network.ann, report=report, recipients=people, **{"day_of_month": 3, **more}
    )


def test_schedule_is_of_a_published_report_and_of_its_readers(
    network: Network, rita: Person
) -> None:
    made = schedule(network, rita)
    again = sending.save_schedule(
        by=network.ben, report=made.report, recipients=[rita], day_of_month=9, active=False
    )
    assert (again.pk, again.day_of_month, Schedule.history.count()) == (made.pk, 9, 3)
    for report, people, said in (
        (network.checked(), [rita], "Publish the report once"),
        (made.report, [with_account("Sam Stranger")], "may not see"),
    ):
        with pytest.raises(DomainError, match=said):
            sending.save_schedule(by=network.ann, report=report, recipients=people, day_of_month=3)
    with pytest.raises(NotAllowed):
        sending.save_schedule(by=rita, report=made.report, recipients=[rita], day_of_month=3)


@pytest.mark.engine
def test_month_is_published_once_and_sent_once_with_what_moved(
    network: Network, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: D(2026, 11, 5))
    made = schedule(network, rita, day_of_month=5)
    assert publishing_work.publish_due.func() == 1
    for _ in range(2):
        publishing_work.publish_month.func(str(made.report.uuid))
    [monthly] = Publication.objects.exclude(entry__actor=network.ann.uuid)
    assert (monthly.entry.about_from, monthly.known_on) == (D(2026, 10, 31), D(2026, 11, 5))
    assert (Sending.objects.count(), monthly.files.publication) == (1, monthly)
    told = Mail.objects.get(kind="publication_sent")
    assert "Since 31 December 2016:\nIt lapsed: 9" in told.body
    assert "Staff" not in told.body
    assert publishing_work.publish_due.func() == 0


def test_month_waits_for_its_day_and_ends_when_told(
    network: Network, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: D(2026, 11, 4))
    made = schedule(network, rita, day_of_month=5)
    assert publishing_work.publish_due.func() == 0
    monkeypatch.setattr(clock, "today", lambda: D(2026, 11, 5))
    assert publishing_work.publish_due.func() == 1
    sending.save_schedule(
        by=network.ann, report=made.report, recipients=[rita], day_of_month=5, active=False
    )
    assert publishing_work.publish_due.func() == 0
    publishing_work.publish_month.func(str(made.report.uuid))
    assert Publication.objects.count() == 1


def test_nothing_follows_by_itself_what_was_taken_back(
    network: Network, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: D(2026, 11, 5))
    made = schedule(network, rita, day_of_month=5)
    publication = made.report.publications.get()
    reporting.withdraw_publication(
        by=network.ben, publication=publication, reason="x", uuid=uuid4()
    )
    assert publishing_work.publish_due.func() == 0


def test_reader_who_may_no_longer_see_it_gets_nothing(
    network: Network, rita: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: D(2026, 11, 5))
    made = schedule(network, rita, day_of_month=5)
    rita.left_on = D(2026, 11, 1)
    rita.save()
    publishing_work.publish_month.func(str(made.report.uuid))
    assert (Publication.objects.count(), Sending.objects.count()) == (2, 0)
