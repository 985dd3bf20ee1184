"""Placing a student: what stands in the way, what is written, and the last place taken by two at once."""

import threading
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from placements import problems, reference, standing
from placements.actions import arranging, placing
from placements.actions.rota import Pattern
from placements.models import (
    Enrolment,
    Induction,
    Override,
    Placement,
    PlacementStep,
    PlaceOffer,
    PlannedShift,
    SiteAudit,
    Stage,
    StageTally,
    Supervision,
)
from placements.problems import Problem
from school.core import ledger
from school.core.errors import Conflict, DomainError
from school.people.models import Person, RoleGrant, Site
from school.people.network import network_book
from school.people.roles import PRACTICE_EDUCATOR
from tests import factories as make
from tests.placements.browsers import unaudited

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-10 12:00 +0000", tick=True)


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def coordinator(alice: Enrolment) -> Person:
    return make.make_coordinator()


@pytest.fixture
def site(alice: Enrolment) -> Site:
    return make.make_site()


@pytest.fixture
def stage(alice: Enrolment) -> Stage:
    return Stage.objects.get(version=alice.version, year=3)


def offer(
    site: Site, stage: Stage, places: int = 1, starts: date = FIRST, ends: date = LAST
) -> PlaceOffer:
    return PlaceOffer.objects.create(
        site=site, stage=stage, starts=starts, ends=ends, places=places
    )


def place(by: Person, enrolment: Enrolment, stage: Stage, site: Site, **more: Any) -> Placement:
    values = {"starts": FIRST, "ends": LAST, "uuid": uuid4(), **more}
    return placing.place_student(by=by, enrolment=enrolment, stage=stage, site=site, **values)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.message


# Placing


def test_placing_writes_a_placement_its_step_and_a_tally(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    uuid = uuid4()
    placement = place(coordinator, alice, stage, site, uuid=uuid)
    assert (placement.uuid, placement.state) == (uuid, "planned")
    [step] = PlacementStep.objects.filter(placement=placement)
    assert (step.state, step.starts, step.ends, step.entry.actor) == (
        "planned",
        FIRST,
        LAST,
        coordinator.uuid,
    )
    assert (step.entry.about_from, step.entry.about_to) == (FIRST, LAST)
    tally = StageTally.objects.get(enrolment=alice, stage=stage)
    assert (tally.plan_first, tally.plan_last) == (FIRST, LAST)
    assert placement.history.count() == 1


def test_placing_twice_under_one_uuid_gives_the_first_placement(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    uuid = uuid4()
    first = place(coordinator, alice, stage, site, uuid=uuid)
    assert place(coordinator, alice, stage, site, uuid=uuid).pk == first.pk
    assert PlacementStep.objects.count() == 1


def test_placing_rolls_back_when_a_later_step_fails(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(site, stage)

    def broken(enrolments: list[int]) -> None:
        raise RuntimeError

    monkeypatch.setattr(standing, "refresh_tallies", broken)
    with pytest.raises(RuntimeError):
        place(coordinator, alice, stage, site)
    assert (Placement.objects.count(), PlacementStep.objects.count()) == (0, 0)


def test_placing_over_a_problem_is_refused_with_every_sentence(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    said = refusal(lambda: place(coordinator, alice, stage, site, starts=LAST, ends=FIRST))
    assert said == "The last day must not be before the first."
    assert Placement.objects.count() == 0


def test_dates_outside_the_enrolment_are_refused(
    coordinator: Person, site: Site, stage: Stage
) -> None:
    bob = make.make_student("Bob Birch", starts=FIRST, ends=LAST)
    day = timedelta(days=1)
    for starts, ends, fits in (
        (FIRST, LAST, True),
        (FIRST - day, LAST, False),
        (FIRST, LAST + day, False),
    ):
        found = problems.rule_dates(bob, starts, ends)
        assert (found is None) is fits
    assert problems.rule_dates(bob, FIRST - day, LAST) == Problem(
        "dates",
        "Bob Birch is enrolled from 2 November 2026 to 27 November 2026. "
        "The placement must lie within that.",
    )


# Capacity


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (date(2026, 10, 26), date(2026, 11, 1), True),
        (date(2026, 10, 26), date(2026, 11, 2), False),
        (date(2026, 11, 13), date(2026, 11, 20), False),
        (date(2026, 11, 14), date(2026, 11, 20), True),
        (date(2026, 11, 14), date(2026, 12, 31), True),
        (date(2026, 11, 14), date(2027, 1, 1), False),
    ],
)
def test_capacity_counts_both_ends_of_every_interval(
    alice: Enrolment,
    coordinator: Person,
    site: Site,
    stage: Stage,
    starts: date,
    ends: date,
    fits: bool,
) -> None:
    offer(site, stage, 1, date(2026, 10, 1), date(2026, 12, 31))
    place(coordinator, alice, stage, site, starts=date(2026, 11, 2), ends=date(2026, 11, 13))
    assert (problems.rule_capacity(stage, site, starts, ends, ()) is None) is fits


def test_capacity_says_the_first_day_that_is_full(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    place(coordinator, alice, stage, site, starts=date(2026, 11, 9), ends=date(2026, 11, 13))
    assert problems.rule_capacity(stage, site, FIRST, LAST, ()) == Problem(
        "capacity",
        "Cumberland Infirmary has no free place for Year 3 on 9 November 2026: 1 of 1 taken.",
    )


def test_capacity_of_overlapping_offers_adds_up_and_gaps_are_seen(
    alice: Enrolment, site: Site, stage: Stage
) -> None:
    offer(site, stage, 1, date(2026, 11, 2), date(2026, 11, 8))
    offer(site, stage, 1, date(2026, 11, 10), date(2026, 11, 15))
    assert problems.rule_capacity(stage, site, date(2026, 11, 2), date(2026, 11, 8), ()) is None
    found = problems.rule_capacity(stage, site, date(2026, 11, 2), date(2026, 11, 15), ())
    assert found is not None
    assert "on 9 November 2026: 0 of 0 taken" in found.sentence


def test_withdrawn_placement_gives_its_place_back(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    gone = place(coordinator, alice, stage, site)
    placing.move_state(by=coordinator, placement=gone, to=Placement.State.WITHDRAWN, reason="moved")
    assert problems.rule_capacity(stage, site, FIRST, LAST, ()) is None


@pytest.mark.django_db(transaction=True)
def test_last_place_taken_by_two_at_once_goes_to_one() -> None:
    site = make.make_site()
    students = [make.make_student(name) for name in ("Alice Alder", "Bob Birch")]
    stage = Stage.objects.get(version=students[0].version, year=3)
    coordinator = make.make_coordinator()
    offer(site, stage, 1)
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def take(enrolment: Enrolment) -> None:
        try:
            ready.wait(10)
            place(coordinator, enrolment, stage, site)
            outcomes.append("placed")
        except DomainError as error:
            outcomes.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(one,)) for one in students]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == [
        "Cumberland Infirmary has no free place for Year 3 on 2 November 2026: 1 of 1 taken.",
        "placed",
    ]
    assert Placement.objects.count() == 1


# One place at a time, audits


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (date(2026, 10, 12), date(2026, 11, 1), True),
        (date(2026, 10, 12), date(2026, 11, 2), False),
        (date(2026, 11, 27), date(2026, 12, 4), False),
        (date(2026, 11, 28), date(2026, 12, 4), True),
    ],
)
def test_student_is_at_one_place_at_a_time(
    alice: Enrolment,
    coordinator: Person,
    site: Site,
    stage: Stage,
    starts: date,
    ends: date,
    fits: bool,
) -> None:
    offer(site, stage)
    place(coordinator, alice, stage, site)
    found = problems.rule_one_place_at_a_time(alice, starts, ends, ())
    assert found == (
        None
        if fits
        else Problem(
            "overlap",
            "Alice Alder is at Cumberland Infirmary from 2 November 2026 to 27 November 2026.",
        )
    )


def test_site_without_an_audit_takes_no_placement(alice: Enrolment, coordinator: Person) -> None:
    elm = unaudited()
    assert problems.rule_audited(elm, FIRST) == Problem(
        "audit", "Elm Hospital has no quality audit, so it cannot take a new placement."
    )


def test_audit_holds_on_its_last_day_and_not_after(alice: Enrolment, coordinator: Person) -> None:
    elm = unaudited()
    arranging.record_audit(by=coordinator, site=elm, day=date(2024, 11, 10), uuid=uuid4())
    assert problems.rule_audited(elm, date(2026, 11, 10)) is None
    assert problems.rule_audited(elm, date(2026, 11, 11)) == Problem(
        "audit",
        "The quality audit of Elm Hospital ends on 10 November 2026, before the placement begins.",
    )


def test_audit_that_ran_out_does_not_stop_a_change_of_dates(
    alice: Enrolment, coordinator: Person, stage: Stage
) -> None:
    elm = unaudited()
    arranging.record_audit(by=coordinator, site=elm, day=date(2024, 11, 10), uuid=uuid4())
    offer(elm, stage, 1, FIRST, date(2026, 12, 31))
    placement = place(coordinator, alice, stage, elm)
    moved = placing.change_dates(
        by=coordinator, placement=placement, starts=date(2026, 11, 16), ends=date(2026, 12, 11)
    )
    assert (moved.starts, moved.ends) == (date(2026, 11, 16), date(2026, 12, 11))


# Moves


def test_confirming_and_completing_are_facts(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    placement = place(coordinator, alice, stage, site)
    for to in (Placement.State.CONFIRMED, Placement.State.COMPLETED):
        placing.move_state(by=coordinator, placement=placement, to=to)
    states = PlacementStep.objects.order_by("entry__seq").values_list("state", flat=True)
    assert list(states) == ["planned", "confirmed", "completed"]
    said = refusal(
        lambda: placing.move_state(
            by=coordinator, placement=placement, to=Placement.State.CONFIRMED
        )
    )
    assert said == "This placement is completed already."


def test_withdrawing_needs_a_reason_and_keeps_it_in_private(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    placement = place(coordinator, alice, stage, site)
    withdrawn = Placement.State.WITHDRAWN
    said = refusal(
        lambda: placing.move_state(by=coordinator, placement=placement, to=withdrawn, reason=" ")
    )
    assert said == "Enter why the placement is withdrawn."
    placing.move_state(
        by=coordinator, placement=placement, to=withdrawn, reason="The scanner moved."
    )
    placement.refresh_from_db()
    assert (placement.state, placement.ends) == ("withdrawn", date(2026, 11, 10))
    step = PlacementStep.objects.get(state="withdrawn")
    assert ledger.private_text(step, "reason") == "The scanner moved."


def test_withdrawing_keeps_confirmed_hours_and_takes_planned_shifts_off(
    alice: Enrolment, coordinator: Person, site: Site
) -> None:
    educator = make.make_educator(site=site)
    placement = make.make_placement(alice, site=site, educator=educator)
    shift = make.make_shift(placement, date(2026, 11, 9))
    make.make_decision(educator, shift)
    make.plan_shift(placement, date(2026, 11, 20))
    make.plan_shift(placement, date(2026, 11, 6))
    placing.move_state(
        by=coordinator, placement=placement, to=Placement.State.WITHDRAWN, reason="ill"
    )
    tally = StageTally.objects.get(enrolment=alice)
    assert (tally.confirmed, tally.plan_first) == (450, None)
    assert shift.site == site
    assert [row.start.day for row in PlannedShift.objects.all()] == [6]


def test_changing_dates_takes_off_what_lies_outside_and_keeps_what_was_worked(
    alice: Enrolment, coordinator: Person, site: Site
) -> None:
    placement = make.make_placement(alice, site=site, starts=FIRST, ends=LAST)
    make.make_shift(placement, date(2026, 11, 3))
    make.plan_shift(placement, date(2026, 11, 19))
    make.plan_shift(placement, date(2026, 11, 20))
    placing.change_dates(
        by=coordinator,
        placement=placement,
        starts=date(2026, 11, 9),
        ends=date(2026, 11, 19),
        reason="exam",
    )
    assert [row.start.day for row in PlannedShift.objects.all()] == [19]
    assert StageTally.objects.get(enrolment=alice).awaiting == 450
    newest = PlacementStep.objects.order_by("-entry__seq").first()
    assert (newest.starts, newest.ends) == (date(2026, 11, 9), date(2026, 11, 19))
    assert ledger.private_text(newest, "reason") == "exam"


def test_changing_dates_over_a_problem_changes_nothing(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    placement = place(coordinator, alice, stage, site)
    refusal(
        lambda: placing.change_dates(
            by=coordinator, placement=placement, starts=FIRST, ends=date(2026, 12, 4)
        )
    )
    placement.refresh_from_db()
    assert (placement.ends, PlacementStep.objects.count()) == (LAST, 1)


# Supervision and induction


def test_supervising_makes_a_practice_educator_of_the_site(
    alice: Enrolment, coordinator: Person, site: Site
) -> None:
    placement = make.make_placement(alice, site=site)
    dilys = make.make_person("Dilys Sampleby", account=False)
    fact = placing.supervise(
        by=coordinator,
        placement=placement,
        person=dilys,
        capacity="practice_educator",
        starts=FIRST,
    )
    assert (fact.entry.about_from, fact.entry.actor) == (FIRST, coordinator.uuid)
    [grant] = RoleGrant.objects.filter(person=dilys)
    assert (grant.role, grant.scope, grant.entry.book) == (
        PRACTICE_EDUCATOR.key,
        site.scope,
        network_book(),
    )


def test_the_same_supervision_named_twice_is_one(
    alice: Enrolment, coordinator: Person, site: Site
) -> None:
    placement = make.make_placement(alice, site=site)
    dilys = make.make_person()
    facts = [
        placing.supervise(
            by=coordinator, placement=placement, person=dilys, capacity="supervisor", starts=FIRST
        )
        for _ in range(2)
    ]
    assert facts[0].pk == facts[1].pk
    assert (Supervision.objects.count(), RoleGrant.objects.filter(person=dilys).count()) == (1, 1)


@pytest.mark.parametrize(
    ("last", "until"), [(None, "on"), (date(2026, 11, 27), "to 27 November 2026")]
)
def test_supervision_with_another_first_day_is_refused_with_the_dates_that_stand(
    alice: Enrolment, coordinator: Person, last: date | None, until: str
) -> None:
    placement = make.make_placement(alice)
    dilys = make.make_person()

    def name(starts: date) -> Supervision:
        return placing.supervise(
            by=coordinator,
            placement=placement,
            person=dilys,
            capacity="supervisor",
            starts=starts,
            ends=last,
        )

    name(FIRST)
    said = refusal(lambda: name(FIRST + timedelta(days=7)))
    assert said == (
        f"Dilys Sampleby is the day-to-day supervisor of this placement from 2 November 2026 "
        f"{until} already. Those dates stand. Give that supervision another last day before you "
        "name it anew."
    )
    assert Supervision.objects.get().entry.about_from == FIRST


def test_nobody_supervises_themselves(alice: Enrolment, coordinator: Person) -> None:
    placement = make.make_placement(alice)
    said = refusal(
        lambda: placing.supervise(
            by=coordinator,
            placement=placement,
            person=alice.person,
            capacity="supervisor",
            starts=FIRST,
        )
    )
    assert said == "Nobody supervises themselves."


@pytest.mark.parametrize(
    ("first", "second"), [("supervisor", "assessor"), ("assessor", "supervisor")]
)
def test_final_assessor_who_supervises_needs_a_reason(
    alice: Enrolment, coordinator: Person, first: str, second: str
) -> None:
    placement = make.make_placement(alice)
    dilys = make.make_person()

    def name(capacity: str, reason: str = "") -> Supervision:
        return placing.supervise(
            by=coordinator,
            placement=placement,
            person=dilys,
            capacity=capacity,
            starts=FIRST,
            reason=reason,
        )

    name(first)
    assert refusal(lambda: name(second)).startswith("Dilys Sampleby is the ")
    assert Supervision.objects.count() == 1
    name(second, "Nobody else is there.")
    [override] = Override.objects.all()
    assert (override.rule, ledger.private_text(override, "reason")) == (
        "assessor_apart",
        "Nobody else is there.",
    )


def test_practice_educator_may_assess_without_a_reason(
    alice: Enrolment, coordinator: Person
) -> None:
    placement = make.make_placement(alice)
    dilys = make.make_person()
    for capacity in ("practice_educator", "assessor"):
        placing.supervise(
            by=coordinator, placement=placement, person=dilys, capacity=capacity, starts=FIRST
        )
    assert (Supervision.objects.count(), Override.objects.count()) == (2, 0)


def test_ending_a_supervision_supersedes_it(alice: Enrolment, coordinator: Person) -> None:
    dilys = make.make_educator()
    placement = make.make_placement(alice, educator=dilys)
    begun = Supervision.objects.get()
    ended = placing.end_supervision(by=coordinator, supervision=begun, last_day=date(2026, 11, 12))
    [standing_one] = Supervision.objects.standing().filter(placement=placement)
    assert (standing_one.pk, standing_one.entry.about_to) == (ended.pk, date(2026, 11, 12))
    with pytest.raises(Conflict):
        placing.end_supervision(by=coordinator, supervision=begun, last_day=date(2026, 11, 13))
    early = begun.entry.about_from - timedelta(days=1)
    said = refusal(
        lambda: placing.end_supervision(by=coordinator, supervision=ended, last_day=early)
    )
    assert said == "The last day must not be before the first."


def test_induction_is_recorded_once_and_never_in_the_future(
    alice: Enrolment, coordinator: Person
) -> None:
    placement = make.make_placement(alice, inducted=False)
    said = refusal(
        lambda: placing.record_induction(
            by=coordinator, placement=placement, day=date(2026, 11, 11)
        )
    )
    assert said == "The induction cannot lie in the future."
    for _ in range(2):
        placing.record_induction(by=coordinator, placement=placement, day=date(2026, 11, 10))
    assert Induction.objects.count() == 1


def test_induction_on_another_day_says_which_day_stands(
    alice: Enrolment, coordinator: Person
) -> None:
    placement = make.make_placement(alice, inducted=False)
    placing.record_induction(by=coordinator, placement=placement, day=date(2026, 11, 10))
    with pytest.raises(
        Conflict,
        match=r"^The induction is recorded already, for 10 November 2026\. That day stands\.$",
    ):
        placing.record_induction(by=coordinator, placement=placement, day=date(2026, 11, 9))
    assert [fact.entry.about_from for fact in Induction.objects.all()] == [date(2026, 11, 10)]


def test_induction_lies_within_four_weeks_before_the_first_day(
    alice: Enrolment, coordinator: Person
) -> None:
    placement = make.make_placement(alice, inducted=False, starts=date(2026, 11, 9))
    said = refusal(
        lambda: placing.record_induction(
            by=coordinator, placement=placement, day=date(2026, 10, 11)
        )
    )
    assert said == (
        "The day of the induction must lie within four weeks before the placement’s first day, "
        "9 November 2026, or after it."
    )
    found = placing.record_induction(by=coordinator, placement=placement, day=date(2026, 10, 12))
    assert found.entry.about_from == date(2026, 10, 12)


# Offers, audits, and a placement with its rota


def test_offer_under_one_uuid_is_one(coordinator: Person, site: Site, stage: Stage) -> None:
    uuid = uuid4()
    for _ in range(2):
        arranging.offer_places(
            by=coordinator, site=site, stage=stage, starts=FIRST, ends=LAST, places=2, uuid=uuid
        )
    [made] = PlaceOffer.objects.all()
    assert (made.places, made.history.count()) == (2, 1)


@pytest.mark.parametrize(
    ("ends", "places", "said"),
    [
        (FIRST - timedelta(days=1), 1, "The last day must not be before the first."),
        (LAST, 0, "An offer is of 1 place or more. To end it, give it a last day."),
    ],
)
def test_offer_that_cannot_be_is_refused(
    coordinator: Person, site: Site, stage: Stage, ends: date, places: int, said: str
) -> None:
    assert said == refusal(
        lambda: arranging.offer_places(
            by=coordinator,
            site=site,
            stage=stage,
            starts=FIRST,
            ends=ends,
            places=places,
            uuid=uuid4(),
        )
    )


@pytest.mark.parametrize(
    ("starts", "ends", "places", "kept"),
    [
        (FIRST, LAST, 1, True),
        (FIRST, date(2026, 11, 20), 1, True),
        (FIRST, date(2026, 11, 19), 1, False),
        (date(2026, 11, 10), LAST, 1, True),
        (date(2026, 11, 11), LAST, 1, False),
    ],
)
def test_offer_is_changed_only_as_far_as_everybody_keeps_a_place(
    alice: Enrolment,
    coordinator: Person,
    site: Site,
    stage: Stage,
    starts: date,
    ends: date,
    places: int,
    kept: bool,
) -> None:
    made = offer(site, stage, 2)
    place(coordinator, alice, stage, site, ends=date(2026, 11, 20))
    if kept:
        arranging.change_offer(by=coordinator, offer=made, starts=starts, ends=ends, places=places)
    else:
        said = refusal(
            lambda: arranging.change_offer(
                by=coordinator, offer=made, starts=starts, ends=ends, places=places
            )
        )
        assert said.startswith("Cumberland Infirmary would have 0 places for Year 3 on ")
    made.refresh_from_db()
    assert (made.starts, made.ends) == ((starts, ends) if kept else (FIRST, LAST))


def test_audit_holds_for_24_months_and_is_recorded_once(coordinator: Person) -> None:
    elm = unaudited()
    uuid = uuid4()
    for _ in range(2):
        fact = arranging.record_audit(by=coordinator, site=elm, day=date(2024, 2, 29), uuid=uuid)
    assert fact.entry.about_to == date(2026, 2, 28)
    assert SiteAudit.objects.filter(site=elm).count() == 1
    with pytest.raises(Conflict):
        arranging.record_audit(by=coordinator, site=elm, day=date(2024, 2, 29), uuid=uuid4())
    said = refusal(
        lambda: arranging.record_audit(
            by=coordinator, site=elm, day=date(2026, 11, 11), uuid=uuid4()
        )
    )
    assert said == "The audit cannot lie in the future."


def test_uuid_of_another_students_placement_is_an_ordinary_refusal(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage, 2)
    taken = place(coordinator, alice, stage, site).uuid
    bob = make.make_student("Bob Birch")
    assert (
        refusal(lambda: place(coordinator, bob, stage, site, uuid=taken)) == "This cannot be saved."
    )


def test_same_uuid_with_other_content_is_refused_and_the_first_stands(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    first = place(coordinator, alice, stage, site)
    with pytest.raises(Conflict):
        place(coordinator, alice, stage, site, uuid=first.uuid, ends=date(2026, 11, 20))
    placing.change_dates(by=coordinator, placement=first, starts=FIRST, ends=date(2026, 11, 20))
    assert place(coordinator, alice, stage, site, uuid=first.uuid).ends == date(2026, 11, 20)


def test_student_is_placed_with_a_rota_or_not_at_all(
    alice: Enrolment, coordinator: Person, site: Site, stage: Stage
) -> None:
    offer(site, stage)
    clinical = reference.day_types()["clinical"]
    uuid = uuid4()

    def act(end: time) -> Placement:
        pattern = Pattern(
            weekdays=frozenset({0, 1, 2, 3, 4}), start=time(8), end=end, break_minutes=30
        )
        rota = arranging.Rota(pattern=pattern, day_type=clinical)
        return arranging.place_with_rota(
            by=coordinator,
            enrolment=alice,
            stage=stage,
            site=site,
            starts=FIRST,
            ends=LAST,
            uuid=uuid,
            rota=rota,
        )

    assert "48 hours" in refusal(lambda: act(time(20)))
    assert (Placement.objects.count(), PlannedShift.objects.count()) == (0, 0)
    for _ in range(2):
        act(time(16))
    # From tomorrow on: what was to begin before now is not planned any more.
    assert (Placement.objects.count(), PlannedShift.objects.count()) == (1, 13)
