"""A pregnancy declaration and its readers, and what a dose badge showed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from placements import radiation_queries as queries
from placements.actions.radiation import declare, record_dose, take_back
from placements.arriving_tasks import look_ahead
from placements.models import DoseReading, Placement, PregnancyDeclaration
from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import ConflictingWrite
from school.people.models import Mail, Person, Site
from school.people.network import ensure_network
from school.people.roles import RADIATION_PROTECTION_SUPERVISOR, SITE_LEAD
from tests import factories as make
from tests.placements.browsers import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def placement() -> Placement:
    return make.make_placement()


@pytest.fixture
def alice(placement: Placement) -> Person:
    return placement.enrolment.person


def supervisor(site: Site, name: str = "Rhys Rowan") -> Person:
    person = make.make_person(name)
    make.make_grant(person, RADIATION_PROTECTION_SUPERVISOR, site.scope)
    return person


def write(by: Person, placement: Placement, words: str, uuid: UUID | None = None) -> Any:
    return declare(by=by, enrolment=placement.enrolment, words=words, uuid=uuid or uuid4())


def readable_by(person: Person) -> list[str]:
    sites = queries.protected_sites(Viewer(person))  # type: ignore[arg-type]
    return [declared.words for declared, _ in queries.declared_to(sites)]


# Declaring


def test_declaration_reaches_the_supervisor_of_the_site(
    placement: Placement, alice: Person
) -> None:
    rhys = supervisor(placement.site)
    write(alice, placement, "Due in May.")
    assert readable_by(rhys) == ["Due in May."]
    [mail] = Mail.objects.filter(kind="to_read")
    assert mail.address == rhys.user.email  # type: ignore[union-attr]
    said = f"{mail.subject} {mail.body} {mail.kind}".lower()
    assert [word for word in ("amara", "pregnan", "declar", "may") if word in said] == []


def test_supervisor_of_another_site_reads_nothing(placement: Placement, alice: Person) -> None:
    other = supervisor(make.make_site("Oak Hospital"))
    write(alice, placement, "Due in May.")
    assert readable_by(other) == []
    assert Mail.objects.filter(kind="to_read").count() == 0


def test_supervisor_reads_no_more_once_the_placement_has_ended(
    placement: Placement, alice: Person
) -> None:
    rhys = supervisor(placement.site)
    write(alice, placement, "Due in May.")
    Placement.objects.update(ends=clock.today() - timedelta(days=1))
    assert readable_by(rhys) == []


def test_supervisor_of_a_withdrawn_placement_reads_nothing(
    placement: Placement, alice: Person
) -> None:
    rhys = supervisor(placement.site)
    Placement.objects.update(state=Placement.State.WITHDRAWN)
    write(alice, placement, "Due in May.")
    assert readable_by(rhys) == []


def test_other_roles_at_the_site_read_nothing(placement: Placement, alice: Person) -> None:
    lead, esme = make.make_person("Lena Lead"), make.make_coordinator()
    make.make_grant(lead, SITE_LEAD, placement.site.scope)
    write(alice, placement, "Due in May.")
    assert (readable_by(lead), readable_by(esme)) == ([], [])


def test_declaration_is_replaced_by_what_is_written_later(
    placement: Placement, alice: Person
) -> None:
    rhys = supervisor(placement.site)
    write(alice, placement, "Due in May.")
    write(alice, placement, "Due in June.")
    assert readable_by(rhys) == ["Due in June."]
    assert PregnancyDeclaration.objects.count() == 2


def test_taken_back_declaration_keeps_no_words(placement: Placement, alice: Person) -> None:
    rhys = supervisor(placement.site)
    write(alice, placement, "Due in May.")
    take_back(by=alice, enrolment=placement.enrolment, uuid=uuid4())
    assert readable_by(rhys) == [""]
    with pytest.raises(Conflict, match="no declaration to take back"):
        take_back(by=alice, enrolment=placement.enrolment, uuid=uuid4())


def test_nothing_can_be_taken_back_that_was_not_declared(
    placement: Placement, alice: Person
) -> None:
    with pytest.raises(Conflict, match="no declaration to take back"):
        take_back(by=alice, enrolment=placement.enrolment, uuid=uuid4())


def test_only_the_student_declares(placement: Placement) -> None:
    with pytest.raises(NotAllowed, match="Only the student"):
        write(make.make_coordinator(), placement, "Due in May.")


def test_declaration_sent_twice_is_one_and_other_words_leave_nothing(
    placement: Placement, alice: Person
) -> None:
    uuid = uuid4()
    first = write(alice, placement, "Due in May.", uuid)
    assert write(alice, placement, "Due in May.", uuid).pk == first.pk
    with pytest.raises(Conflict, match="what you sent now is not kept"):
        write(alice, placement, "Due in June.", uuid)
    assert ConflictingWrite.objects.count() == 0


def test_supervisor_of_a_later_placement_is_told_by_the_look_ahead(
    placement: Placement, alice: Person
) -> None:
    write(alice, placement, "Due in May.")
    rhys = supervisor(placement.site)
    assert (look_ahead.func(), look_ahead.func()) == (1, 0)
    assert [mail.person for mail in Mail.objects.filter(kind="to_read")] == [rhys]


def test_readers_are_named_by_site(placement: Placement) -> None:
    assert queries.readers(placement.enrolment) == [queries.Reader(placement.site.name, "")]
    supervisor(placement.site, "Rhys Rowan")
    supervisor(placement.site, "Sian Spruce")
    make.make_grant(make.make_person("Nia Network"), RADIATION_PROTECTION_SUPERVISOR, ensure_network())  # fmt: skip
    assert [reader.names for reader in queries.readers(placement.enrolment)] == [
        "Rhys Rowan, Sian Spruce, Nia Network"
    ]


# Doses


def read(by: Person, placement: Placement, first: int, last: int, dose: int, **more: Any) -> Any:
    today = clock.today()
    return record_dose(
        by=by,
        enrolment=placement.enrolment,
        site=placement.site,
        first=today - timedelta(days=first),
        last=today - timedelta(days=last),
        microsieverts=dose,
        **{"uuid": uuid4(), **more},
    )


def doses(placement: Placement) -> list[tuple[str, str]]:
    return [(row.dose, row.total) for row in queries.readings(placement.enrolment)]


def test_readings_add_up_over_periods(placement: Placement) -> None:
    rhys = supervisor(placement.site)
    read(rhys, placement, 13, 7, 1234)
    read(rhys, placement, 27, 14, 5)
    assert doses(placement) == [("1.234", "1.239"), ("0.005", "0.005")]


def test_corrected_reading_counts_once(placement: Placement) -> None:
    rhys = supervisor(placement.site)
    first = read(rhys, placement, 13, 7, 120)
    read(rhys, placement, 13, 8, 100, corrects=first)
    assert doses(placement) == [("0.100", "0.100")]
    with pytest.raises(Conflict, match="corrected since"):
        read(rhys, placement, 13, 8, 90, corrects=first)


def test_reading_sent_twice_is_one(placement: Placement) -> None:
    rhys, uuid = supervisor(placement.site), uuid4()
    assert (
        read(rhys, placement, 9, 8, 1, uuid=uuid).pk == read(rhys, placement, 9, 8, 1, uuid=uuid).pk
    )
    assert DoseReading.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(7, 8, "last"), (1, -1, "last"), (60, 40, "first"), (13, 7, "first")],
    ids=["backwards", "future", "not-placed", "read-already"],
)
def test_reading_of_days_that_cannot_be_is_refused(
    placement: Placement, first: int, last: int, field: str
) -> None:
    rhys = supervisor(placement.site)
    read(rhys, placement, 7, 3, 10)
    with pytest.raises(DomainError) as refused:
        read(rhys, placement, first, last, 10)
    assert refused.value.field == field


def test_supervisor_keeps_doses_for_some_months_after_the_placement(placement: Placement) -> None:
    sites = [placement.site_id]
    today = clock.today()
    Placement.objects.update(starts=today - timedelta(days=200), ends=today - timedelta(days=120))
    assert list(queries.badge_wearers(sites)) == [placement.enrolment]
    Placement.objects.update(ends=today - timedelta(days=121))
    assert list(queries.badge_wearers(sites)) == []
