"""What a student needs: their own words, shown to whom they consent, changed and taken back at once."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from placements import reasonable_adjustments_queries as reads
from placements.actions import placing
from placements.actions.reasonable_adjustments import Consent, say_need, take_need_back
from placements.models import Placement, ReasonableAdjustment
from school.core import clock
from school.core.errors import Conflict, NotAllowed
from school.core.models import ConflictingWrite
from school.people.models import Person
from school.people.roles import (
    ADMINISTRATOR,
    COORDINATOR,
    PROGRAMME_LEAD,
    SITE_LEAD,
    UNIVERSITY_TUTOR,
    Role,
)
from tests import factories
from tests.placements.browsers import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

WORDS = "Printed sheets in large type."


@pytest.fixture
def educator() -> Person:
    return factories.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    return factories.make_placement(educator=educator)


def say(
    placement: Placement,
    consent: Consent = Consent(),  # noqa: B008 - a frozen value
    *,
    words: str = WORDS,
    uuid: UUID | None = None,
    changes: ReasonableAdjustment | None = None,
) -> ReasonableAdjustment:
    return say_need(
        by=placement.enrolment.person,
        enrolment=placement.enrolment,
        words=words,
        consent=consent,
        uuid=uuid or uuid4(),
        changes=changes,
    )


def seen(person: Person) -> list[str]:
    """What somebody reads of other people's needs."""
    return [
        text
        for shown in reads.of_people(
            Viewer(person), Person.objects.values_list("uuid", flat=True)
        ).values()  # type: ignore[arg-type]
        for text in shown.words
    ]


def holding(role: Role, placement: Placement, *, network: bool = False) -> Person:
    person = factories.make_person(role.name)
    scope = placement.site.scope if role == SITE_LEAD else placement.enrolment.cohort.scope
    factories.make_grant(person, role, scope.parent if network else scope)
    return person


def test_nobody_reads_it_unless_the_student_says_so(educator: Person, placement: Placement) -> None:
    say(placement)
    others = [holding(role, placement) for role in (SITE_LEAD, UNIVERSITY_TUTOR, PROGRAMME_LEAD)]
    assert [seen(person) for person in (educator, *others)] == [[]] * 4


def test_each_group_reads_what_is_meant_for_it(educator: Person, placement: Placement) -> None:
    say(placement, Consent(supervisors=True), words="one")
    say(placement, Consent(site=True), words="two")
    say(placement, Consent(university=True), words="three")
    lead, tutor, programme = (
        holding(role, placement) for role in (SITE_LEAD, UNIVERSITY_TUTOR, PROGRAMME_LEAD)
    )
    assert [seen(p) for p in (educator, lead, tutor, programme)] == [
        ["one"],
        ["two"],
        ["three"],
        ["three"],
    ]


def test_no_other_role_reads_it(placement: Placement) -> None:
    say(placement, Consent(supervisors=True, site=True, university=True))
    coordinator = factories.make_coordinator("Cora Coordinator")
    administrator = factories.make_person("Ada Admin")
    factories.make_grant(administrator, ADMINISTRATOR, placement.site.scope.parent)
    other = factories.make_educator("Dana Elsewhere", site=factories.make_site("Freeman"))
    lead = factories.make_person("Lena Elsewhere")
    factories.make_grant(lead, SITE_LEAD, factories.make_site("Freeman").scope)
    assert [seen(p) for p in (coordinator, administrator, other, lead)] == [[]] * 4


def test_coordinator_who_supervises_reads_it_as_a_supervisor(placement: Placement) -> None:
    say(placement, Consent(supervisors=True))
    coordinator = factories.make_coordinator("Cora Coordinator")
    factories.make_grant(coordinator, COORDINATOR, placement.site.scope)
    assert seen(coordinator) == []
    placing.supervise(
        by=coordinator,
        placement=placement,
        person=coordinator,
        capacity="supervisor",
        starts=placement.starts,
    )
    assert seen(coordinator) == [WORDS]


def test_supervisor_reads_it_no_more_once_the_supervision_or_the_placement_ends(
    educator: Person, placement: Placement
) -> None:
    say(placement, Consent(supervisors=True, site=True))
    lead = holding(SITE_LEAD, placement)
    [supervision] = placement.supervisions.all()
    yesterday = clock.today() - timedelta(days=1)
    placing.end_supervision(by=educator, supervision=supervision, last_day=yesterday)
    assert (seen(educator), seen(lead)) == ([], [WORDS])
    placing.change_dates(by=educator, placement=placement, starts=placement.starts, ends=yesterday)
    assert seen(lead) == []


def test_change_of_mind_takes_effect_at_once(educator: Person, placement: Placement) -> None:
    first = say(placement, Consent(supervisors=True))
    second = say(placement, Consent(university=True), words="Other words", changes=first)
    assert seen(educator) == []
    third = say(placement, Consent(supervisors=True), words="Last words", changes=second)
    assert seen(educator) == ["Last words"]
    take_need_back(by=placement.enrolment.person, need=third, uuid=uuid4())
    assert seen(educator) == []
    [need] = reads.needs(placement.enrolment)
    assert (need.now.withdrawn, [row.words for row in need.earlier]) == (
        True,
        ["Last words", "Other words", WORDS],
    )


def test_only_the_student_says_it(educator: Person, placement: Placement) -> None:
    need = say(placement)
    for person in (educator, factories.make_coordinator("Cora Coordinator")):
        with pytest.raises(NotAllowed):
            say_need(
                by=person,
                enrolment=placement.enrolment,
                words=WORDS,
                consent=Consent(),
                uuid=uuid4(),
            )
        with pytest.raises(NotAllowed):
            take_need_back(by=person, need=need, uuid=uuid4())
    assert ReasonableAdjustment.objects.count() == 1


def test_only_what_stands_is_changed(placement: Placement) -> None:
    first = say(placement)
    second = say(placement, words="Other words", changes=first)
    with pytest.raises(Conflict, match="changed since you opened the page"):
        say(placement, changes=first)
    gone = take_need_back(by=placement.enrolment.person, need=second, uuid=uuid4())
    with pytest.raises(Conflict, match="changed since you opened the page"):
        say(placement, changes=gone)
    assert ReasonableAdjustment.objects.count() == 3


def test_same_form_sent_twice_is_one_and_other_words_are_kept_nowhere(placement: Placement) -> None:
    uuid = uuid4()
    assert say(placement, uuid=uuid) == say(placement, uuid=uuid)
    with pytest.raises(Conflict):
        say(placement, uuid=uuid, words="Other words")
    assert (ReasonableAdjustment.objects.count(), ConflictingWrite.objects.count()) == (1, 0)
