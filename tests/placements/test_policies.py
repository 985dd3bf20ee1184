"""Who sees whose placement record: Alice owns, Bob shares cohort and site, Charlie is elsewhere."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from placements import listed_students, policies
from placements.actions import placing
from placements.models import Cohort, Enrolment, Placement, Supervision
from school.core import clock, ledger
from school.core.models import PORTAL
from school.people import roles
from school.people.models import AccessLog, Person, PersonMerge, Scope, Site
from school.people.network import ensure_network, network_book
from school.people.policies import visible_people
from school.people.roles import Permission, Role
from tests import factories as make
from tests.placements.browsers import Viewer, browser

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Three students, two sites, two cohorts."""

    alice: Enrolment
    bob: Enrolment
    charlie: Enrolment
    elm: Site
    oak: Site
    alices: Placement
    charlies: Placement

    @property
    def names(self) -> dict[int, str]:
        return {self.alice.pk: "alice", self.bob.pk: "bob", self.charlie.pk: "charlie"}


@pytest.fixture
def world() -> World:
    alice, bob, charlie = (
        make.make_student(name) for name in ("Alice Alder", "Bob Birch", "Charlie Cedar")
    )
    scope = Scope.objects.create(
        kind=Scope.Kind.COHORT, name="September 2025", parent=alice.cohort.programme.scope
    )
    charlie.cohort = Cohort.objects.create(
        scope=scope,
        programme=alice.cohort.programme,
        name="September 2025",
        starts=date(2025, 9, 1),
    )
    charlie.save()
    elm, oak = make.make_site("Elm Hospital"), make.make_site("Oak Hospital")
    oak.network_region = "South"
    oak.save()
    Scope.objects.create(kind=Scope.Kind.REGION, name="South", parent=ensure_network())
    alices = make.make_placement(alice, site=elm)
    make.make_placement(bob, site=elm)
    return World(alice, bob, charlie, elm, oak, alices, make.make_placement(charlie, site=oak))


def scope_of(world: World, where: str) -> Scope:
    scopes = {
        "network": ensure_network(),
        "region": Scope.objects.get(kind=Scope.Kind.REGION, name="South"),
        "organisation": world.elm.organisation.scope,
        "elm": world.elm.scope,
        "oak": world.oak.scope,
        "programme": world.alice.cohort.programme.scope,
        "cohort": world.alice.cohort.scope,
    }
    return scopes[where]


def wearing(world: World, role: Role, where: str) -> Viewer:
    person = make.make_person(f"Somebody with {role.name}")
    make.make_grant(person, role, scope_of(world, where))
    return Viewer(person)


def seen(world: World, viewer: Viewer) -> list[str]:
    return sorted(world.names[row.pk] for row in policies.enrolments(viewer))  # type: ignore[arg-type]


EVERYBODY, TWO, NOBODY = ["alice", "bob", "charlie"], ["alice", "bob"], []
SEES = {
    "network": EVERYBODY,
    "programme": EVERYBODY,
    "organisation": EVERYBODY,
    "cohort": TWO,
    "elm": TWO,
    "oak": ["charlie"],
    "region": ["charlie"],
}
READERS = (roles.COORDINATOR, roles.UNIVERSITY_TUTOR, roles.PROGRAMME_LEAD, roles.SITE_LEAD)
OTHERS = tuple(role for role in roles.ROLES.values() if role not in READERS)


@pytest.mark.parametrize("where", SEES)
@pytest.mark.parametrize("role", READERS, ids=lambda role: role.key)
def test_reader_sees_exactly_the_students_in_scope(world: World, role: Role, where: str) -> None:
    viewer = wearing(world, role, where)
    assert seen(world, viewer) == SEES[where]
    listed = Placement.objects.filter(listed_students.reach(viewer))  # type: ignore[arg-type]
    assert sorted(world.names[row.enrolment_id] for row in listed) == SEES[where]
    people = visible_people(viewer).exclude(pk=viewer.person.pk)  # type: ignore[union-attr]
    assert sorted(people.values_list("name", flat=True)) == [
        {"alice": "Alice Alder", "bob": "Bob Birch", "charlie": "Charlie Cedar"}[name]
        for name in SEES[where]
    ]


@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role.key)
def test_other_roles_see_nobody_by_their_role(world: World, role: Role) -> None:
    viewer = wearing(world, role, "network")
    assert seen(world, viewer) == NOBODY
    assert list(Placement.objects.filter(listed_students.reach(viewer))) == []  # type: ignore[arg-type]
    assert list(policies.placements(viewer)) == []  # type: ignore[arg-type]


def test_nobody_sees_anything_without_a_person(world: World) -> None:
    viewer = wearing(world, roles.COORDINATOR, "network")
    viewer.person = None
    assert list(policies.enrolments(viewer)) == []  # type: ignore[arg-type]
    assert not policies.may_watch_students(viewer)  # type: ignore[arg-type]
    assert not policies.may_place_students(viewer)  # type: ignore[arg-type]


def test_student_sees_their_own_record_alone(world: World) -> None:
    assert seen(world, Viewer(world.alice.person)) == ["alice"]


@pytest.mark.engine
def test_scopes_of_several_roles_add_up(world: World) -> None:
    person = make.make_person("Two Hats")
    make.make_grant(person, roles.SITE_LEAD, world.oak.scope)
    make.make_grant(person, roles.UNIVERSITY_TUTOR, world.alice.cohort.scope)
    assert seen(world, Viewer(person)) == EVERYBODY


@pytest.mark.engine
def test_site_lead_keeps_the_record_of_a_withdrawn_placement(world: World) -> None:
    lead = wearing(world, roles.SITE_LEAD, "oak")
    placing.move_state(
        by=make.make_coordinator(),
        placement=world.charlies,
        to=Placement.State.WITHDRAWN,
        reason="The student moved.",
    )
    assert seen(world, lead) == ["charlie"]


@pytest.mark.engine
def test_placement_withdrawn_before_it_began_opens_nothing(world: World) -> None:
    dave = make.make_student("Dave Damson")
    educator, lead = make.make_educator("Owen Oakley", site=world.oak), make.make_person("Lena")
    make.make_grant(lead, roles.SITE_LEAD, world.oak.scope)
    today = clock.today()
    placement = make.make_placement(
        dave,
        site=world.oak,
        starts=today + timedelta(days=7),
        ends=today + timedelta(days=35),
        educator=educator,
    )
    opened = [policies.enrolments(Viewer(who)).filter(pk=dave.pk) for who in (lead, educator)]  # type: ignore[arg-type]
    assert [rows.exists() for rows in opened] == [True, True]
    placing.move_state(
        by=make.make_coordinator(),
        placement=placement,
        to=Placement.State.WITHDRAWN,
        reason="The student goes elsewhere.",
    )
    assert [rows.all().exists() for rows in opened] == [False, False]
    [ended] = Supervision.objects.standing().filter(placement=placement)
    assert ended.entry.about_to == max(today, ended.entry.about_from)


# Supervision


@pytest.mark.engine
@pytest.mark.parametrize(("days_ago", "sees"), [(0, True), (90, True), (91, False)])
def test_supervisor_sees_the_record_until_90_days_after(
    world: World, days_ago: int, sees: bool
) -> None:
    dilys = make.make_person("Dilys Sampleby")
    fact = placing.supervise(
        by=make.make_coordinator(),
        placement=world.alices,
        person=dilys,
        capacity="supervisor",
        starts=clock.today() - timedelta(days=200),
    )
    assert seen(world, Viewer(dilys)) == ["alice"]
    last = clock.today() - timedelta(days=days_ago)
    placing.end_supervision(by=make.make_coordinator(), supervision=fact, last_day=last)
    assert seen(world, Viewer(dilys)) == (["alice"] if sees else [])
    assert Supervision.objects.count() == 2


@pytest.mark.engine
def test_supervisor_of_a_withdrawn_placement_still_sees_it(world: World) -> None:
    dilys = make.make_person("Dilys Sampleby")
    coordinator = make.make_coordinator()
    placing.supervise(
        by=coordinator,
        placement=world.alices,
        person=dilys,
        capacity="supervisor",
        starts=clock.today(),
    )
    placing.move_state(
        by=coordinator, placement=world.alices, to=Placement.State.WITHDRAWN, reason="ill"
    )
    assert seen(world, Viewer(dilys)) == ["alice"]


# Merged persons


def merge(kept: Person, merged: Person) -> None:
    book = network_book()
    with ledger.writing(book) as pen:
        fact = PersonMerge(kept=kept, merged=merged)
        pen.append([ledger.Draft(fact=fact, book=book, about_from=clock.today())], by=PORTAL)


@pytest.mark.engine
def test_merged_student_sees_what_either_was(world: World) -> None:
    other = make.make_person("A. Alder")
    merge(other, world.alice.person)
    assert seen(world, Viewer(other)) == ["alice"]
    assert policies.owns(other, world.alice)
    assert not policies.owns(world.bob.person, world.alice)


@pytest.mark.engine
def test_merged_supervisor_sees_what_either_supervises(world: World) -> None:
    dilys, again = make.make_person("Dilys Sampleby"), make.make_person("D. Sampleby")
    placing.supervise(
        by=make.make_coordinator(),
        placement=world.alices,
        person=again,
        capacity="supervisor",
        starts=clock.today(),
    )
    merge(dilys, again)
    assert seen(world, Viewer(dilys)) == ["alice"]


# Acts


@pytest.mark.parametrize("where", ["network", "cohort", "elm", "oak"])
def test_only_coordinators_manage_students_in_their_scope(world: World, where: str) -> None:
    for role in READERS:
        viewer = wearing(world, role, where)
        managed = policies.managed_enrolments(viewer)  # type: ignore[arg-type]
        expected = SEES[where] if role is roles.COORDINATOR else []
        assert sorted(world.names[row.pk] for row in managed) == expected


def test_adjusting_is_for_coordinators_and_programme_leads(world: World) -> None:
    for role in READERS:
        viewer = wearing(world, role, "cohort")
        allowed = policies.enrolments_with(viewer, Permission.ADJUST_HOURS)  # type: ignore[arg-type]
        expected = TWO if role in (roles.COORDINATOR, roles.PROGRAMME_LEAD) else []
        assert sorted(world.names[row.pk] for row in allowed) == expected


@pytest.mark.parametrize(
    ("where", "at_elm", "audits"),
    [
        ("network", 3, True),
        ("elm", 3, True),
        ("oak", 0, False),
        ("programme", 3, False),
        ("cohort", 0, False),
    ],
)
def test_places_are_offered_by_who_holds_the_site_or_the_programme(
    world: World, where: str, at_elm: int, audits: bool
) -> None:
    viewer = wearing(world, roles.COORDINATOR, where)
    assert policies.offerable_stages(viewer, world.elm).count() == at_elm  # type: ignore[arg-type]
    assert bool(policies.may_audit(viewer, world.elm)) is audits  # type: ignore[arg-type]


# No address, export or search leaks


def addresses(enrolment: Enrolment, placement: Placement) -> list[str]:
    """Every address that speaks of one student."""
    return [
        reverse("person", args=[enrolment.person.uuid]),
        reverse("enrolment_record", args=[enrolment.uuid]),
        reverse("enrolment_shifts", args=[enrolment.uuid]),
        reverse("enrolment_shifts_file", args=[enrolment.uuid, "csv"]),
        reverse("enrolment_shifts_file", args=[enrolment.uuid, "xlsx"]),
        reverse("place_student", args=[enrolment.uuid]),
        reverse("propose_adjustment", args=[enrolment.uuid]),
        *(
            reverse(name, args=[placement.uuid])
            for name in (
                "placement", "change_dates", "withdraw_placement", "plan_rota", "record_induction", "add_supervision",
            )
        ),
    ]  # fmt: skip


def status(client: Client, url: str) -> int:
    """What an address answers; a file is read to its end, which closes it."""
    answer = client.get(url)
    if answer.streaming:
        list(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code


@pytest.mark.parametrize("where", ["cohort", "elm"])
def test_coordinator_of_another_scope_finds_nothing_of_charlie(world: World, where: str) -> None:
    client = browser(wearing(world, roles.COORDINATOR, where).person)
    answers = {url: status(client, url) for url in addresses(world.alice, world.alices)}
    assert set(answers.values()) == {200}
    answers = {url: status(client, url) for url in addresses(world.charlie, world.charlies)}
    assert set(answers.values()) == {404}


def test_reader_opens_the_record_and_none_of_the_acts(world: World) -> None:
    client = browser(wearing(world, roles.UNIVERSITY_TUTOR, "cohort").person)
    found = [status(client, url) for url in addresses(world.alice, world.alices)]
    assert found == [200, 200, 200, 200, 200, 403, 404, 403, 403, 403, 403, 403, 403]


@pytest.mark.engine
def test_lists_searches_and_files_leave_charlie_out(world: World) -> None:
    client = browser(wearing(world, roles.UNIVERSITY_TUTOR, "cohort").person)
    number = world.charlie.student_number
    for query in (
        "",
        "?state=all",
        "?q=Charlie",
        f"?q={number}",
        "?site=oak-hospital",
        "?state=all&site=oak-hospital",
    ):
        for url in ("/students/", "/students/file/csv/"):
            answer = client.get(url + query)
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code == 200
            assert b"Cedar" not in said
            assert number.encode() not in said.split(b"<table")[-1] if b"<table" in said else True
    places = client.get("/calendar/").content
    assert b"A. Alder" in places
    assert b"C. Cedar" not in places


def test_list_is_closed_to_students_and_practice_educators(world: World) -> None:
    for person in (world.alice.person, make.make_educator(site=world.elm)):
        client = browser(person, second_factor=False)
        for url in ("/students/", "/students/file/csv/", "/calendar/", "/calendar/file/csv/"):
            assert client.get(url).status_code == 403


def test_bob_cannot_open_alices_record_by_any_address(world: World) -> None:
    client = browser(world.bob.person, second_factor=False)
    found = [status(client, url) for url in addresses(world.alice, world.alices)]
    assert found == [404, 404, 404, 404, 404, *[403] * 8]


def test_opening_a_record_leaves_a_line_in_the_access_log(world: World) -> None:
    viewer = wearing(world, roles.UNIVERSITY_TUTOR, "cohort")
    client = browser(viewer.person)
    client.get(reverse("enrolment_record", args=[world.alice.uuid]))
    [line] = AccessLog.objects.all()
    assert (line.viewer, line.person) == (viewer.person, world.alice.person)
