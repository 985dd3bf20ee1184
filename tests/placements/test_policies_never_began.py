"""Placements on which nobody ever was: withdrawn before the first day, or in the act that began another in their place."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from placements import arriving_queries, policies, radiation_queries, taking_part, tariff_queries
from placements.actions import confirming, moving, placing
from placements.forms.student import DayNoteForm, ShiftForm
from placements.models import Placement, ShiftDecision
from placements.student_queries import own_placements, placement_on
from placements.tariff import Rules
from school.core import clock
from school.core.errors import Conflict, DomainError
from school.core.models import LedgerEntry
from school.people.models import Person, Site
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.placements.browsers import Viewer, browser

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRST, LAST = date(2026, 11, 2), date(2026, 12, 18)


@pytest.fixture(autouse=True)
def _november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-10 12:00 +0000", tick=True)


@pytest.fixture
def oak(db: None) -> Site:
    make.make_network()
    return make.make_site("Oak Infirmary")


@pytest.fixture
def elm(oak: Site) -> Site:
    return make.make_site("Elm Hospital")


@pytest.fixture
def dilys(oak: Site) -> Person:
    return make.make_educator(site=oak)


@pytest.fixture
def farid(oak: Site) -> Person:
    return make.make_coordinator()


@pytest.fixture
def placement(oak: Site, elm: Site, dilys: Person) -> Placement:
    """Alice at Oak since a week ago, where she never was; Elm has places."""
    make.make_placement(make.make_student("Bob Birch"), site=elm, starts=FIRST, ends=LAST)
    alice = make.make_student("Alice Alder")
    return make.make_placement(alice, site=oak, starts=FIRST, ends=LAST, educator=dilys)


def lead_of(site: Site) -> Viewer:
    person = make.make_person(f"Lead of {site.name}")
    make.make_grant(person, SITE_LEAD, site.scope)
    return Viewer(person)


def move(
    by: Person, placement: Placement, site: Site, day: date = FIRST, ends: date = LAST
) -> Placement:
    return moving.move(
        by=by,
        placement=placement,
        site=site,
        day=day,
        ends=ends,
        uuid=uuid4(),
        reason="Closed.",
        confirmed=True,
    )


def withdraw(by: Person, placement: Placement) -> None:
    placing.move_state(by=by, placement=placement, to=Placement.State.WITHDRAWN, reason="So.")


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.message


def test_placement_that_gave_way_after_its_first_day_opens_nothing_more(
    placement: Placement, oak: Site, elm: Site, dilys: Person, farid: Person
) -> None:
    was, now = lead_of(oak), lead_of(elm)
    tells = [
        lambda who: policies.enrolments(who).filter(pk=placement.enrolment_id).exists(),
        lambda who: arriving_queries.checked_placements(who).filter(pk=placement.pk).exists(),
        lambda who: bool(taking_part.taking_part(who.person, placement).capacities),
    ]
    old = [was, Viewer(dilys)]
    assert [[tell(who) for tell in tells] for who in old] == [[True] * 3] * 2
    move(farid, placement, elm)
    placement.refresh_from_db()
    assert (placement.state, placement.starts, placement.ends) == ("withdrawn", FIRST, LAST)
    assert [[tell(who) for tell in tells] for who in old] == [[False] * 3] * 2
    assert tells[0](now)
    assert list(radiation_queries.badge_wearers([oak.pk])) == []


def test_swap_from_the_first_day_leaves_neither_site_the_student_who_never_came(
    placement: Placement, oak: Site, elm: Site, farid: Person
) -> None:
    other = Placement.objects.get(site=elm)
    moving.swap(
        by=farid, first=placement, second=other, day=FIRST, uuids=(uuid4(), uuid4()), reason="Both."
    )
    seen = [policies.enrolments(lead_of(site)).get() for site in (oak, elm)]  # type: ignore[arg-type]
    assert seen == [other.enrolment, placement.enrolment]


def test_placement_withdrawn_after_a_part_of_it_was_moved_did_begin(
    placement: Placement, oak: Site, elm: Site, farid: Person
) -> None:
    new = move(farid, placement, elm, date(2026, 11, 16))
    withdraw(farid, placement)
    # The step next to the withdrawal is the new placement's, but not its first.
    placing.change_dates(by=farid, placement=new, starts=new.starts, ends=date(2026, 12, 11))
    assert not placement.never_began
    assert policies.enrolments(lead_of(oak)).get() == placement.enrolment  # type: ignore[arg-type]


def test_nothing_is_logged_on_a_placement_that_gave_way(
    placement: Placement, elm: Site, farid: Person, dilys: Person
) -> None:
    shift = make.make_shift(placement, date(2026, 11, 4))
    make.make_decision(dilys, shift, "rejected", comment="Nobody was here.")
    note = make.make_day_note(placement, date(2026, 11, 5))
    new = move(farid, placement, elm)
    placement.refresh_from_db()
    said = "The placement at Oak Infirmary did not take place. Choose the placement that"
    for act in (
        lambda: make.make_shift(placement, date(2026, 11, 6)),
        lambda: make.make_shift(placement, date(2026, 11, 4), corrects=shift),
        lambda: make.make_day_note(placement, date(2026, 11, 6)),
    ):
        assert refusal(act).startswith(said)
    assert make.make_shift(new, date(2026, 11, 4), corrects=shift).site == elm
    student = browser(placement.enrolment.person)
    back = student.post(
        reverse("withdraw_day_note", args=[note.entry.uuid]), {"uuid": str(uuid4())}
    )
    assert back.status_code == 302


def test_rejected_shift_of_a_placement_that_gave_way_stays_rejected(
    placement: Placement, elm: Site, farid: Person, dilys: Person
) -> None:
    shift = make.make_shift(placement, date(2026, 11, 4))
    rejected = make.make_decision(dilys, shift, "rejected", comment="Nobody was here.")
    withdraw(farid, move(farid, placement, elm))
    decision = ShiftDecision.objects.get(pk=rejected.pk)
    with pytest.raises(Conflict, match="did not take place"):
        confirming.undo(
            by=dilys, decision=decision, proof=ShiftDecision.Proof.PASSWORD, uuid=uuid4()
        )


def test_placement_withdrawn_ahead_of_its_first_day_takes_no_shift_once_that_came(
    placement: Placement, farid: Person, time_machine: Any
) -> None:
    placing.change_dates(by=farid, placement=placement, starts=date(2026, 11, 16), ends=LAST)
    withdraw(farid, placement)
    time_machine.move_to("2026-11-18 12:00 +0000")
    said = refusal(lambda: make.make_shift(placement, date(2026, 11, 17)))
    assert said.startswith("The placement at Oak Infirmary did not take place.")
    alice = placement.enrolment.person
    assert (
        "You are on no placement yet" in browser(alice).get(reverse("log_shift")).content.decode()
    )


def test_student_chooses_among_placements_that_take_place(
    placement: Placement, elm: Site, farid: Person
) -> None:
    new = move(farid, placement, elm)
    own = own_placements(placement.enrolment.person)
    assert (len(own), placement_on(own, date(2026, 11, 10))) == (2, new)
    for form in (ShiftForm(own=own), DayNoteForm(own=own)):
        offered = [key for key, _ in form.fields["placement"].choices]  # type: ignore[attr-defined]
        assert offered == [str(new.uuid)]
    withdraw(farid, new)
    own = own_placements(placement.enrolment.person)
    assert placement_on(own, FIRST) == new


def test_tariff_does_not_count_a_placement_that_gave_way(
    placement: Placement, elm: Site, farid: Person
) -> None:
    move(farid, placement, elm)
    found = tariff_queries.lines(Viewer(farid), 2026, Rules())
    assert {line.site: line.reasons for line in found if line.starts == FIRST} == {
        "Oak Infirmary": ("withdrawn before it began",),
        "Elm Hospital": ("nobody was named to supervise",),
    }


def test_rows_from_before_the_column_are_marked_by_their_steps(
    oak: Site, elm: Site, farid: Person, time_machine: Any
) -> None:
    # What a step keeps is the day of the database's own clock.
    time_machine.move_to(LedgerEntry.objects.latest("pk").recorded_at, tick=True)
    today = clock.today()
    soon, last = today + timedelta(days=9), today + timedelta(days=20)
    make.make_placement(make.make_student("Bob Birch"), site=elm, starts=today, ends=last)
    gave_way, ahead, later, parted = (
        make.make_placement(make.make_student(name), site=oak, starts=starts, ends=last)
        for name, starts in (("Alice", today), ("Cleo", soon), ("Dora", today), ("Fay", today))
    )
    for row, day in ((gave_way, today), (parted, soon)):
        move(farid, row, elm, day, last)
    for row in (ahead, later, parted):
        withdraw(farid, row)

    def marked() -> list[tuple[bool, int]]:
        rows = Placement.objects.filter(pk__in=[gave_way.pk, ahead.pk, later.pk, parted.pk])
        return [
            (row.never_began, row.history.filter(never_began=True).count())
            for row in rows.order_by("pk")
        ]

    never, ever = (True, 1), (False, 0)
    assert marked() == [never, never, ever, ever]
    Placement.objects.update(never_began=False)
    Placement.history.update(never_began=False)
    import_module("placements.migrations.0009_never_began").fill(apps, None)
    assert marked() == [never, never, ever, ever]


def test_only_a_withdrawn_placement_never_began(placement: Placement) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(never_began=True)


def test_asking_what_began_reads_no_table_from_end_to_end(
    placement: Placement, oak: Site, dilys: Person
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL decides by how many rows there are.")
    asked = {
        "inbox": policies.inbox(dilys),
        "deciding": policies.deciding([dilys.pk]),
        "the record": policies.enrolments(Viewer(dilys)).filter(pk=placement.enrolment_id),  # type: ignore[arg-type]
        "own": Placement.objects.filter(never_began=False, enrolment=1),
    }
    read_whole = {
        name: [step for *_, step in _plan(rows) if step.startswith("SCAN") and "placement" in step]
        for name, rows in asked.items()
    }
    assert read_whole == {name: [] for name in asked}


def _plan(rows: Any) -> list[tuple[Any, ...]]:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return list(cursor.fetchall())


def test_shift_before_a_later_withdrawal_still_counts(
    placement: Placement, oak: Site, farid: Person, dilys: Person
) -> None:
    make.make_decision(dilys, make.make_shift(placement, clock.today() - timedelta(days=1)))
    withdraw(farid, placement)
    assert not placement.never_began
    assert policies.deciding([dilys.pk]).get().placement == placement
