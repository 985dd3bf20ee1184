"""Causes for concern: who raises, reads and closes one; everybody else hears nothing of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from placements import concerns_queries
from placements.actions.concerns import name_reader, raise_concern, take_step
from placements.models import Concern, ConcernReader, ConcernStep, Placement
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import ConflictingWrite, LedgerEntry
from school.people.actions import end_grant
from school.people.models import Mail, Person
from school.people.network import ensure_network
from school.people.queries import identity
from school.people.roles import ADMINISTRATOR, COORDINATOR, SITE_LEAD, UNIVERSITY_TUTOR
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

WORDS = "Late three times; yesterday in tears."


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


@pytest.fixture
def coordinator(placement: Placement) -> Person:
    return factories.make_coordinator("Cora Coordinator")


def concerned(
    by: Person, placement: Placement, *readers: Person, uuid: UUID | None = None, words: str = WORDS
) -> Concern:
    return raise_concern(
        by=by, placement=placement, words=words, readers=readers, uuid=uuid or uuid4()
    )


def step(
    by: Person, concern: Concern, outcome: str = "note", uuid: UUID | None = None
) -> ConcernStep:
    return take_step(
        by=by, concern=concern, outcome=outcome, words="We spoke.", uuid=uuid or uuid4()
    )


def reads(person: Person) -> list[Concern]:
    return list(concerns_queries.readable(identity(person)))


def told() -> set[Person | None]:
    return {mail.person for mail in Mail.objects.filter(kind="to_read")}


def test_concern_is_read_by_who_raised_it_and_the_named_alone(
    educator: Person, placement: Placement, student: Person, tutor: Person, coordinator: Person
) -> None:
    lead = factories.make_person("Lena Lead")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    concern = concerned(educator, placement, tutor)
    assert ledger.private_text(concern, "words") == WORDS
    assert [reads(p) for p in (educator, tutor)] == [[concern], [concern]]
    assert [reads(p) for p in (student, coordinator, lead)] == [[], [], []]


def test_mail_says_that_something_waits_and_nothing_else(
    educator: Person, placement: Placement, tutor: Person
) -> None:
    concern = concerned(educator, placement, tutor)
    [mail] = Mail.objects.filter(kind="to_read")
    said = f"{mail.kind} {mail.subject} {mail.body}".lower()
    secret = ("concern", str(concern.entry.uuid), placement.enrolment.person.name.lower(), "late")
    assert (mail.person, [word for word in secret if word in said]) == (tutor, [])


def test_student_raises_one_about_their_own_placement(
    placement: Placement, student: Person, tutor: Person
) -> None:
    concern = concerned(student, placement, tutor)
    assert (reads(student), reads(tutor)) == ([concern], [concern])


def test_student_may_be_let_in(
    educator: Person, placement: Placement, student: Person, tutor: Person
) -> None:
    concern = concerned(educator, placement, tutor, student)
    assert (reads(student), told()) == ([concern], {tutor, student})


def test_reader_whose_role_has_ended_reads_does_and_hears_nothing(
    educator: Person, placement: Placement, student: Person, tutor: Person, coordinator: Person
) -> None:
    concern = concerned(educator, placement, tutor, coordinator, student)
    Mail.objects.all().delete()
    admin = factories.make_person("Ada Admin")
    factories.make_grant(admin, ADMINISTRATOR, ensure_network())
    end_grant(grant=tutor.role_grants.get(), last_day=clock.today() - timedelta(days=1), by=admin)
    assert [reads(p) for p in (tutor, coordinator, student)] == [[], [concern], [concern]]
    assert list(concerns_queries.still_open(identity(tutor))) == []
    with pytest.raises(NotAllowed, match="not yours to read"):
        step(tutor, concern)
    step(coordinator, concern)
    assert told() == {educator, student}


def test_reader_whose_role_is_elsewhere_now_does_not_read(
    educator: Person, placement: Placement
) -> None:
    lead = factories.make_person("Lena Lead")
    held = factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    concern = concerned(educator, placement, lead)
    assert reads(lead) == [concern]
    admin = factories.make_person("Ada Admin")
    factories.make_grant(admin, ADMINISTRATOR, ensure_network())
    end_grant(grant=held, last_day=clock.today() - timedelta(days=1), by=admin)
    factories.make_grant(lead, SITE_LEAD, factories.make_site("Oak Hospital").scope)
    assert reads(lead) == []


@pytest.mark.parametrize("role", [SITE_LEAD, UNIVERSITY_TUTOR, COORDINATOR])
def test_those_who_read_concerns_may_keep_one_to_themselves(
    role: object, placement: Placement
) -> None:
    person = factories.make_person("Rae Raiser")
    factories.make_grant(person, role, placement.site.scope)  # type: ignore[arg-type]
    concern = concerned(person, placement)
    assert reads(person) == [concern]


def test_educator_names_somebody_who_can_act(
    educator: Person, placement: Placement, student: Person
) -> None:
    entries = LedgerEntry.objects.count()
    for readers in ((), (student,), (educator,)):
        with pytest.raises(DomainError) as refused:
            concerned(educator, placement, *readers)
        assert refused.value.field == "readers"
    assert (LedgerEntry.objects.count(), told()) == (entries, set())


def test_stranger_raises_none(placement: Placement, tutor: Person) -> None:
    stranger = factories.make_educator("Dana Elsewhere", site=factories.make_site("Freeman"))
    lead = factories.make_person("Lena Elsewhere")
    factories.make_grant(lead, SITE_LEAD, factories.make_site("Freeman").scope)
    administrator = factories.make_person("Ada Admin")
    factories.make_grant(administrator, ADMINISTRATOR, placement.site.scope.parent)
    for person in (stranger, lead, administrator):
        with pytest.raises(NotAllowed):
            concerned(person, placement, tutor)
    assert Concern.objects.count() == 0


def test_only_those_with_a_role_over_the_placement_are_named(
    educator: Person, placement: Placement, tutor: Person
) -> None:
    other = factories.make_educator("Edwin Other")
    lead = factories.make_person("Lena Elsewhere")
    factories.make_grant(lead, SITE_LEAD, factories.make_site("Freeman").scope)
    concern = concerned(educator, placement, tutor)
    for person in (other, lead):
        with pytest.raises(DomainError, match="cannot be named"):
            concerned(educator, placement, tutor, person)
        with pytest.raises(DomainError, match="cannot be named"):
            name_reader(by=tutor, concern=concern, person=person, uuid=uuid4())
    assert (Concern.objects.count(), ConcernReader.objects.count()) == (1, 1)


def test_reader_names_another_who_reads_from_the_beginning(
    educator: Person, placement: Placement, tutor: Person, coordinator: Person
) -> None:
    concern, uuid = concerned(educator, placement, tutor), uuid4()
    step(tutor, concern)
    first = name_reader(by=tutor, concern=concern, person=coordinator, uuid=uuid)
    assert name_reader(by=tutor, concern=concern, person=coordinator, uuid=uuid) == first
    assert reads(coordinator) == [concern]
    with pytest.raises(Conflict, match="reads this concern already"):
        name_reader(by=educator, concern=concern, person=coordinator, uuid=uuid4())


def test_nobody_else_does_anything_about_it(
    educator: Person, placement: Placement, tutor: Person, coordinator: Person
) -> None:
    concern = concerned(educator, placement, tutor)
    entries = LedgerEntry.objects.count()
    with pytest.raises(NotAllowed):
        step(coordinator, concern)
    with pytest.raises(NotAllowed):
        name_reader(by=coordinator, concern=concern, person=coordinator, uuid=uuid4())
    assert LedgerEntry.objects.count() == entries


def test_student_who_was_let_in_lets_nobody_in_and_does_not_close(
    educator: Person, placement: Placement, student: Person, tutor: Person, coordinator: Person
) -> None:
    concern = concerned(educator, placement, tutor, student)
    step(student, concern)
    with pytest.raises(NotAllowed):
        name_reader(by=student, concern=concern, person=coordinator, uuid=uuid4())
    with pytest.raises(NotAllowed, match="Another reader closes"):
        step(student, concern, "resolved")


def test_student_who_raised_it_names_readers_and_does_not_close(
    placement: Placement, student: Person, tutor: Person, coordinator: Person
) -> None:
    concern = concerned(student, placement, tutor)
    name_reader(by=student, concern=concern, person=coordinator, uuid=uuid4())
    with pytest.raises(NotAllowed, match="Another reader closes"):
        step(student, concern, "no_action")


def test_closed_concern_is_history_that_its_readers_still_read(
    educator: Person, placement: Placement, tutor: Person, coordinator: Person
) -> None:
    concern = concerned(educator, placement, tutor)
    step(educator, concern)
    step(tutor, concern, "resolved")
    assert (reads(educator), reads(tutor)) == ([concern], [concern])
    assert list(concerns_queries.still_open(identity(tutor))) == []
    for outcome in ("note", "ended"):
        with pytest.raises(Conflict, match="Tamsin Tutor has closed this concern"):
            step(educator, concern, outcome)
    with pytest.raises(Conflict, match="Tamsin Tutor has closed this concern"):
        name_reader(by=tutor, concern=concern, person=coordinator, uuid=uuid4())


def test_same_act_sent_twice_is_one(educator: Person, placement: Placement, tutor: Person) -> None:
    uuid, closing = uuid4(), uuid4()
    concern = concerned(educator, placement, tutor, uuid=uuid)
    assert concerned(educator, placement, tutor, uuid=uuid) == concern
    assert step(tutor, concern, "resolved", closing) == step(tutor, concern, "resolved", closing)
    assert (Concern.objects.count(), ConcernStep.objects.count()) == (1, 1)


def test_other_words_under_the_same_key_are_kept_nowhere(
    educator: Person, placement: Placement, tutor: Person
) -> None:
    uuid = uuid4()
    concerned(educator, placement, tutor, uuid=uuid)
    with pytest.raises(Conflict):
        concerned(educator, placement, tutor, uuid=uuid, words="Something else")
    assert ConflictingWrite.objects.count() == 0
