"""Moving a placement to another site and swapping two: what goes, what stays, what is refused, and many at once."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from placements import queries, reference, standing
from placements.actions import confirming, moving, placing
from placements.actions.arranging import Rota
from placements.actions.rota import Pattern
from placements.models import (
    CurrentShift,
    Enrolment,
    Placement,
    PlacementStep,
    PlaceOffer,
    PlannedShift,
    Shift,
    ShiftDecision,
    Stage,
    StageTally,
    Supervision,
)
from school.core import ledger
from school.core.errors import Conflict, DomainError
from school.people.models import Mail, Person, Site
from tests import factories as make
from tests.placements.browsers import browser
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRST, DAY, LAST = date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 27)
BEFORE = DAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _november(time_machine: Any) -> None:
    time_machine.move_to("2026-11-10 12:00 +0000", tick=True)


@pytest.fixture
def alice() -> Enrolment:
    return make.make_student("Alice Alder")


@pytest.fixture
def bob(alice: Enrolment) -> Enrolment:
    return make.make_student("Bob Birch")


@pytest.fixture
def farid(alice: Enrolment) -> Person:
    return make.make_coordinator()


@pytest.fixture
def oak(alice: Enrolment) -> Site:
    return make.make_site("Oak Infirmary")


@pytest.fixture
def elm(alice: Enrolment) -> Site:
    return make.make_site("Elm Hospital")


@pytest.fixture
def stage(alice: Enrolment) -> Stage:
    return Stage.objects.get(version=alice.version, year=3)


def offer(site: Site, stage: Stage, places: int = 1) -> PlaceOffer:
    return PlaceOffer.objects.create(
        site=site, stage=stage, starts=FIRST, ends=date(2026, 12, 18), places=places
    )


@pytest.fixture
def placement(alice: Enrolment, farid: Person, oak: Site, stage: Stage) -> Placement:
    """Alice at Oak for November, its only place."""
    offer(oak, stage)
    return place(farid, alice, stage, oak)


def place(by: Person, enrolment: Enrolment, stage: Stage, site: Site, **more: Any) -> Placement:
    values = {"starts": FIRST, "ends": LAST, "uuid": uuid4(), "confirmed": True, **more}
    return placing.place_student(by=by, enrolment=enrolment, stage=stage, site=site, **values)


def move(by: Person, placement: Placement, site: Site, day: date = DAY, **more: Any) -> Placement:
    values = {"ends": LAST, "uuid": uuid4(), "reason": "The scanner at Oak is down.", **more}
    return moving.move(by=by, placement=placement, site=site, day=day, **values)


def swap(
    by: Person, first: Placement, second: Placement, day: date = DAY, **more: Any
) -> tuple[Placement, Placement]:
    values = {"uuids": (uuid4(), uuid4()), "reason": "Both asked for it.", **more}
    return moving.swap(by=by, first=first, second=second, day=day, **values)


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.message, caught.value.field


def stays(enrolment: Enrolment) -> list[tuple[str, str, date, date]]:
    rows = Placement.objects.filter(enrolment=enrolment).order_by("pk")
    return [(row.site.name, row.state, row.starts, row.ends) for row in rows]


# Moving


def test_moving_ends_the_first_and_begins_one_linked_to_it(
    alice: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    uuid = uuid4()
    new = move(farid, placement, elm, uuid=uuid)
    assert (new.uuid, new.moved_from, new.stage) == (uuid, placement, stage)
    assert stays(alice) == [
        ("Oak Infirmary", "confirmed", FIRST, BEFORE),
        ("Elm Hospital", "planned", DAY, LAST),
    ]
    steps = list(PlacementStep.objects.order_by("entry__seq"))
    assert [(row.site.name, row.state, row.starts, row.ends) for row in steps[1:]] == stays(alice)
    assert (
        list(ledger.private_texts(steps[1:], "reason").values())
        == ["The scanner at Oak is down."] * 2
    )
    tally = StageTally.objects.get(enrolment=alice)
    assert (tally.plan_first, tally.plan_last) == (FIRST, LAST)


def test_what_was_worked_stays_where_it_was_worked(
    alice: Enrolment, farid: Person, oak: Site, elm: Site, stage: Stage
) -> None:
    dilys = make.make_educator(site=oak)
    placement = make.make_placement(alice, site=oak, educator=dilys, starts=FIRST, ends=LAST)
    offer(elm, stage)
    confirmed = make.make_shift(placement, date(2026, 11, 4))
    make.make_decision(dilys, confirmed)
    waiting = make.make_shift(placement, date(2026, 11, 5))
    for day in (13, 16, 17):
        make.plan_shift(placement, date(2026, 11, day))
    move(farid, placement, elm)
    assert (
        list(Shift.objects.values_list("site__name", "placement"))
        == [("Oak Infirmary", placement.pk)] * 2
    )
    assert [row.start.day for row in PlannedShift.objects.all()] == [13]
    tally = StageTally.objects.get(enrolment=alice)
    assert (tally.confirmed, tally.awaiting) == (450, 450)
    make.make_decision(dilys, waiting)
    assert StageTally.objects.get(enrolment=alice).confirmed == 900
    assert standing.rebuild(alice) == []


def test_shift_corrected_to_the_other_placement_was_worked_at_its_site(
    alice: Enrolment, farid: Person, oak: Site, elm: Site, stage: Stage
) -> None:
    placement = make.make_placement(alice, site=oak, starts=FIRST, ends=LAST)
    offer(elm, stage)
    shift = make.make_shift(placement, date(2026, 11, 4))
    other = move(farid, placement, elm, date(2026, 11, 6))
    still = make.make_shift(placement, date(2026, 11, 5), corrects=shift)
    assert still.site == oak
    assert make.make_shift(other, date(2026, 11, 9), corrects=still).site == elm


def test_rejected_shift_does_not_come_back_once_the_student_was_moved(
    alice: Enrolment, farid: Person, oak: Site, elm: Site, stage: Stage
) -> None:
    dilys = make.make_educator(site=oak)
    placement = make.make_placement(alice, site=oak, educator=dilys, starts=FIRST, ends=LAST)
    offer(elm, stage)
    before, since = (make.make_shift(placement, date(2026, 11, day)) for day in (5, 9))
    decisions = [
        make.make_decision(dilys, one, "rejected", comment="No.") for one in (before, since)
    ]
    move(farid, placement, elm, date(2026, 11, 9))

    def undo(decision: ShiftDecision) -> object:
        return confirming.undo(
            by=dilys, decision=decision, proof=ShiftDecision.Proof.PASSWORD, uuid=uuid4()
        )

    assert refusal(lambda: undo(decisions[1]))[0].startswith(f"The student was moved to {elm.name}")
    undo(decisions[0])
    assert CurrentShift.objects.get(shift=before).state == CurrentShift.State.AWAITING
    assert standing.rebuild(alice) == []


def test_moving_ends_who_supervises_there_and_leaves_who_had_ended(
    alice: Enrolment, farid: Person, placement: Placement, oak: Site, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    gone, there, later = (make.make_educator(name) for name in ("Gwen", "Dilys", "Lena"))
    for person, starts, ends in (
        (gone, FIRST, date(2026, 11, 6)),
        (there, FIRST, None),
        (later, date(2026, 11, 20), LAST),
    ):
        placing.supervise(
            by=farid,
            placement=placement,
            person=person,
            capacity="practice_educator",
            starts=starts,
            ends=ends,
        )
    new = move(farid, placement, elm)
    rows = Supervision.objects.standing().order_by("entry__about_from", "person__name")
    assert [(row.person.name, row.placement, row.entry.about_to) for row in rows] == [
        ("Dilys", placement, BEFORE),
        ("Gwen", placement, date(2026, 11, 6)),
        ("Lena", placement, date(2026, 11, 20)),
    ]
    assert not new.supervisions.exists()


def test_moving_before_the_first_day_withdraws_the_first_with_the_reason(
    alice: Enrolment, farid: Person, oak: Site, elm: Site, stage: Stage
) -> None:
    offer(oak, stage)
    offer(elm, stage)
    placement = place(farid, alice, stage, oak, starts=DAY)
    make.plan_shift(placement, DAY)
    move(farid, placement, elm)
    assert stays(alice) == [
        ("Oak Infirmary", "withdrawn", DAY, LAST),
        ("Elm Hospital", "planned", DAY, LAST),
    ]
    step = PlacementStep.objects.get(state="withdrawn")
    assert ledger.private_text(step, "reason") == "The scanner at Oak is down."
    assert not PlannedShift.objects.exists()


def test_moving_with_a_pattern_plans_the_new_site_or_nothing_at_all(
    alice: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    make.plan_shift(placement, DAY)
    clinical = reference.day_types()["clinical"]

    def rota(end: str, reason: str = "") -> Rota:
        days = frozenset(range(5))
        pattern = Pattern(
            weekdays=days, start=time(8), end=time.fromisoformat(end), break_minutes=30
        )
        return Rota(pattern=pattern, day_type=clinical, reason=reason)

    assert refusal(lambda: move(farid, placement, elm, rota=rota("20:00")))[1] == "reason"
    assert stays(alice) == [("Oak Infirmary", "confirmed", FIRST, LAST)]
    assert PlannedShift.objects.get().placement == placement
    new = move(farid, placement, elm, rota=rota("16:00"))
    assert [row.start.day for row in new.planned_shifts.all()] == [*range(16, 21), *range(23, 28)]
    assert PlannedShift.objects.count() == 10


def test_mistaken_move_that_is_withdrawn_lets_the_first_move_again(
    placement: Placement, farid: Person, oak: Site, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    wrong = move(farid, placement, elm)
    said = "This placement was moved to Elm Hospital already."
    assert refusal(lambda: move(farid, placement, elm)) == (said, "")
    placing.move_state(by=farid, placement=wrong, to=Placement.State.WITHDRAWN, reason="A slip.")
    placing.change_dates(by=farid, placement=placement, starts=FIRST, ends=LAST)
    right = move(farid, placement, elm, DAY + timedelta(days=1))
    assert list(placement.moved_to.order_by("pk")) == [wrong, right]
    assert queries.gone_to(placement) == right
    page = browser(farid).get(reverse("placement", args=[placement.uuid]))
    assert page.context["moved_to"] == {"uuid": right.uuid, "site": "Elm Hospital"}
    twice = Placement.objects.filter(pk=wrong.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.update(state=Placement.State.PLANNED, never_began=False)


def test_moving_twice_under_one_uuid_is_one_move_and_other_content_is_refused(
    alice: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    uuid = uuid4()
    first = move(farid, placement, elm, uuid=uuid)
    assert move(farid, placement, elm, uuid=uuid).pk == first.pk
    assert (Placement.objects.count(), PlacementStep.objects.count()) == (2, 3)
    with pytest.raises(Conflict):
        move(farid, placement, elm, uuid=uuid, ends=date(2026, 11, 26))
    assert refusal(lambda: move(farid, placement, elm)) == (
        "This placement was moved to Elm Hospital already.",
        "",
    )


def test_student_is_told_of_a_move_once_with_site_and_dates_alone(
    alice: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    uuid = uuid4()
    for _ in range(2):
        move(farid, placement, elm, uuid=uuid)
    mail = Mail.objects.get()
    assert (mail.person, mail.subject) == (alice.person, "Your placement changed")
    assert mail.body.splitlines()[0] == (
        "Your placement at Oak Infirmary ends on 15 November 2026. "
        "You are placed at Elm Hospital from 16 November 2026 to 27 November 2026."
    )
    assert "scanner" not in mail.body


def test_move_that_cannot_be_is_refused_and_changes_nothing(
    alice: Enrolment, farid: Person, placement: Placement, oak: Site, elm: Site, stage: Stage
) -> None:
    offered = offer(elm, stage)
    make.make_shift(placement, date(2026, 11, 9))
    for day, site, more, said in (
        (
            DAY,
            oak,
            {},
            (
                "Alice Alder is placed at Oak Infirmary. Choose another site, or change the dates.",
                "site",
            ),
        ),
        (
            date(2026, 11, 28),
            elm,
            {"ends": date(2026, 12, 4)},
            (
                "The placement at Oak Infirmary ends on 27 November 2026. Choose a day until then.",
                "day",
            ),
        ),
        (
            date(2026, 11, 9),
            elm,
            {},
            (
                "Alice Alder sent a shift at Oak Infirmary on 9 November 2026. "
                "Choose 10 November 2026 or later.",
                "day",
            ),
        ),
        (DAY, elm, {"reason": " "}, ("Enter why.", "why")),
        (
            DAY,
            elm,
            {"ends": date(2026, 12, 21)},
            (
                "Elm Hospital has no free place for Year 3 on 19 December 2026: 0 of 0 taken.",
                "starts",
            ),
        ),
    ):
        assert refusal(lambda: move(farid, placement, site, day, **more)) == said  # noqa: B023
    assert (stays(alice), PlacementStep.objects.count()) == (
        [("Oak Infirmary", "confirmed", FIRST, LAST)],
        1,
    )
    offered.delete()
    assert "no free place" in refusal(lambda: move(farid, placement, elm))[0]
    placing.move_state(by=farid, placement=placement, to=Placement.State.WITHDRAWN, reason="so")
    assert refusal(lambda: move(farid, placement, elm)) == (
        "This placement is withdrawn, so it stays as it is.",
        "",
    )


def test_move_that_fails_late_leaves_everything_as_it_was(
    alice: Enrolment,
    farid: Person,
    placement: Placement,
    elm: Site,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(elm, stage)
    make.plan_shift(placement, DAY)

    def broken(enrolments: list[int]) -> None:
        raise RuntimeError

    monkeypatch.setattr(standing, "refresh_tallies", broken)
    with pytest.raises(RuntimeError):
        move(farid, placement, elm)
    assert stays(alice) == [("Oak Infirmary", "confirmed", FIRST, LAST)]
    assert (PlacementStep.objects.count(), PlannedShift.objects.count()) == (1, 1)
    assert not Mail.objects.exists()


# Swapping


def test_swap_gives_each_what_is_left_of_the_others_place_with_no_place_free(
    alice: Enrolment,
    bob: Enrolment,
    farid: Person,
    placement: Placement,
    elm: Site,
    stage: Stage,
) -> None:
    offer(elm, stage)
    bobs = place(farid, bob, stage, elm, starts=date(2026, 11, 9), ends=date(2026, 12, 4))
    uuids = uuid4(), uuid4()
    first, second = swap(farid, placement, bobs, uuids=uuids, confirmed=True)
    assert (first.uuid, second.uuid) == uuids
    assert (first.moved_from, second.moved_from) == (placement, bobs)
    assert stays(alice) == [
        ("Oak Infirmary", "confirmed", FIRST, BEFORE),
        ("Elm Hospital", "confirmed", DAY, date(2026, 12, 4)),
    ]
    assert stays(bob) == [
        ("Elm Hospital", "confirmed", date(2026, 11, 9), BEFORE),
        ("Oak Infirmary", "confirmed", DAY, LAST),
    ]
    assert sorted(Mail.objects.values_list("person__name", flat=True)) == [
        "Alice Alder",
        "Bob Birch",
    ]


def test_swap_before_either_began_withdraws_both_and_keeps_each_places_dates(
    alice: Enrolment, bob: Enrolment, farid: Person, oak: Site, elm: Site, stage: Stage
) -> None:
    offer(oak, stage)
    offer(elm, stage)
    later = date(2026, 11, 23)
    alices = place(farid, alice, stage, oak, starts=DAY)
    bobs = place(farid, bob, stage, elm, starts=later, ends=date(2026, 12, 4))
    swap(farid, alices, bobs, date(2026, 11, 11))
    assert stays(alice) == [
        ("Oak Infirmary", "withdrawn", DAY, LAST),
        ("Elm Hospital", "planned", later, date(2026, 12, 4)),
    ]
    assert stays(bob)[1] == ("Oak Infirmary", "planned", DAY, LAST)


def rota(placement: Placement) -> list[tuple[datetime, int]]:
    rows = placement.planned_shifts.order_by("start")
    return [(row.start, row.break_minutes) for row in rows]


def test_swap_hands_each_rota_over_with_its_place(
    alice: Enrolment, bob: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    bobs = place(farid, bob, stage, elm)
    for number, day in enumerate((BEFORE, DAY, DAY + timedelta(days=2))):
        make.plan_shift(placement, day, start="08:00", break_minutes=number)
        make.plan_shift(bobs, day, start="09:00", break_minutes=10 + number)
    before = rota(placement)[1:], rota(bobs)[1:]
    first, second = swap(farid, placement, bobs)
    assert (rota(second), rota(first)) == before
    assert (len(rota(placement)), len(rota(bobs))) == (1, 1)


def test_swap_leaves_a_rota_behind_that_breaks_a_rule_for_who_comes(
    alice: Enrolment, bob: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    bobs = place(farid, bob, stage, elm)
    # Alice works until late on the day before, and Bob's rota begins early.
    make.plan_shift(placement, BEFORE, start="14:00", end="22:00")
    make.plan_shift(bobs, DAY, start="06:00", end="12:00")
    make.plan_shift(placement, DAY, start="09:00", end="15:00")
    first, second = swap(farid, placement, bobs)
    assert (rota(first), len(rota(second))) == ([], 1)


def test_swap_is_both_or_neither(
    alice: Enrolment, bob: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    bobs = place(farid, bob, stage, elm)
    Enrolment.objects.filter(pk=bob.pk).update(ends=date(2026, 11, 20))
    bobs.enrolment.refresh_from_db()
    said, _ = refusal(lambda: swap(farid, placement, bobs))
    assert said.startswith("Bob Birch is enrolled from")
    assert (len(stays(alice)), len(stays(bob)), Mail.objects.count()) == (1, 1, 0)


def test_swap_sent_again_is_one_and_with_other_content_refused(
    alice: Enrolment, bob: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    bobs = place(farid, bob, stage, elm)
    uuids = uuid4(), uuid4()
    first = swap(farid, placement, bobs, uuids=uuids)
    assert swap(farid, placement, bobs, uuids=uuids) == first
    assert Placement.objects.count() == 4
    for sent in (DAY + timedelta(days=1), DAY):
        other = uuids if sent != DAY else (uuids[1], uuids[0])
        with pytest.raises(Conflict, match="with other content"):
            swap(farid, placement, bobs, sent, uuids=other)


def test_only_placements_of_two_students_in_one_stage_are_swapped(
    alice: Enrolment, bob: Enrolment, farid: Person, placement: Placement, oak: Site, elm: Site
) -> None:
    second_year = make.make_placement(bob, year=2, site=elm)
    own = make.make_placement(alice, site=elm, starts=date(2026, 12, 7), ends=date(2026, 12, 11))
    for other in (second_year, own):
        assert refusal(lambda: swap(farid, placement, other)) == (  # noqa: B023
            "Choose the placement of another student of the same stage.",
            "other",
        )


# Withdrawing and other dates, sent twice


def test_withdrawing_twice_under_one_uuid_is_one_step_and_ends_who_supervises(
    alice: Enrolment, farid: Person, placement: Placement
) -> None:
    dilys = make.make_educator("Dilys")
    placing.supervise(
        by=farid, placement=placement, person=dilys, capacity="supervisor", starts=FIRST
    )
    uuid = uuid4()
    for _ in range(2):
        placing.move_state(
            by=farid,
            placement=placement,
            to=Placement.State.WITHDRAWN,
            reason="The scanner left.",
            uuid=uuid,
        )
    assert PlacementStep.objects.filter(state="withdrawn").count() == 1
    [row] = Supervision.objects.standing()
    assert row.entry.about_to == date(2026, 11, 10)
    [mail] = Mail.objects.all()
    assert mail.body.splitlines()[0] == (
        "Your placement at Oak Infirmary from 2 November 2026 was withdrawn. "
        "Hours that were confirmed there stay counted, at that site."
    )


def test_other_dates_sent_twice_under_one_uuid_are_one_step_and_one_mail(
    alice: Enrolment, farid: Person, placement: Placement
) -> None:
    uuid, ends = uuid4(), date(2026, 11, 20)
    for _ in range(2):
        placing.change_dates(by=farid, placement=placement, starts=FIRST, ends=ends, uuid=uuid)
    assert PlacementStep.objects.count() == 2
    [mail] = Mail.objects.all()
    assert mail.body.splitlines()[0] == (
        "Your placement at Oak Infirmary now runs from 2 November 2026 to 20 November 2026."
    )


def test_dates_sent_again_after_others_give_the_placement_as_it_stands(
    farid: Person, placement: Placement
) -> None:
    uuid, ends, newest = uuid4(), date(2026, 11, 20), date(2026, 11, 18)
    placing.change_dates(by=farid, placement=placement, starts=FIRST, ends=ends, uuid=uuid)
    placing.change_dates(by=farid, placement=placement, starts=FIRST, ends=newest, uuid=uuid4())
    again = placing.change_dates(by=farid, placement=placement, starts=FIRST, ends=ends, uuid=uuid)
    assert again.ends == newest


def test_confirming_sent_again_after_the_end_gives_the_placement_as_it_stands(
    farid: Person, placement: Placement
) -> None:
    Placement.objects.filter(pk=placement.pk).update(state=Placement.State.PLANNED)
    uuid, state = uuid4(), Placement.State
    placing.move_state(by=farid, placement=placement, to=state.CONFIRMED, uuid=uuid)
    placing.move_state(by=farid, placement=placement, to=state.COMPLETED, uuid=uuid4())
    again = placing.move_state(by=farid, placement=placement, to=state.CONFIRMED, uuid=uuid)
    assert again.state == state.COMPLETED


def test_move_under_the_uuid_of_a_placement_that_was_not_moved_is_refused(
    alice: Enrolment, farid: Person, placement: Placement, elm: Site, stage: Stage
) -> None:
    offer(elm, stage)
    Placement.objects.filter(pk=placement.pk).update(ends=DAY - timedelta(days=1))
    uuid = uuid4()
    place(farid, alice, stage, elm, starts=DAY, ends=LAST, uuid=uuid)
    with pytest.raises(Conflict):
        move(farid, placement, elm, uuid=uuid, ends=LAST)


def test_dates_of_a_withdrawn_placement_stay(
    alice: Enrolment, farid: Person, placement: Placement
) -> None:
    placing.move_state(by=farid, placement=placement, to=Placement.State.WITHDRAWN, reason="so")
    said = refusal(
        lambda: placing.change_dates(by=farid, placement=placement, starts=FIRST, ends=LAST)
    )
    assert said == ("This placement is withdrawn, so it stays as it is.", "")


# Many at once


def said_at_once(acts: list[Callable[[], object]]) -> list[str]:
    """What came of acts let go at the same instant, in order of words: "done", or why not."""
    return sorted(
        getattr(one, "message", repr(one)) if isinstance(one, BaseException) else "done"
        for one in at_once(acts)
    )


@pytest.mark.django_db(transaction=True)
def test_last_place_moved_to_by_three_at_once_goes_to_one() -> None:
    students = [make.make_student(name) for name in ("Alice Alder", "Bob Birch", "Cleo Cedar")]
    oak, elm = make.make_site("Oak Infirmary"), make.make_site("Elm Hospital")
    stage = Stage.objects.get(version=students[0].version, year=3)
    farid = make.make_coordinator()
    offer(oak, stage, 3)
    offer(elm, stage, 1)
    placements = [place(farid, one, stage, oak) for one in students]
    full = "Elm Hospital has no free place for Year 3 on 16 November 2026: 1 of 1 taken."
    assert said_at_once([lambda p=p: move(farid, p, elm) for p in placements]) == [
        full,
        full,
        "done",
    ]
    assert Placement.objects.filter(site=elm).count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_times_the_same_move_is_one_move() -> None:
    alice = make.make_student("Alice Alder")
    oak, elm = make.make_site("Oak Infirmary"), make.make_site("Elm Hospital")
    stage = Stage.objects.get(version=alice.version, year=3)
    farid = make.make_coordinator()
    offer(oak, stage)
    offer(elm, stage)
    placement = place(farid, alice, stage, oak)
    uuid = uuid4()

    def again() -> Placement:
        return move(farid, Placement.objects.get(pk=placement.pk), elm, uuid=uuid)

    assert said_at_once([again] * 10) == ["done"] * 10
    assert (Placement.objects.count(), Mail.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_swaps_that_cross_at_once_end_as_one_without_a_deadlock() -> None:
    students = [make.make_student(name) for name in ("Alice Alder", "Bob Birch")]
    sites = [make.make_site("Oak Infirmary"), make.make_site("Elm Hospital")]
    stage = Stage.objects.get(version=students[0].version, year=3)
    farid = make.make_coordinator()
    for site in sites:
        offer(site, stage)
    keys = [
        place(farid, student, stage, site).pk for student, site in zip(students, sites, strict=True)
    ]

    def crossing(first: int, second: int) -> Callable[[], object]:
        def act() -> object:
            rows = Placement.objects.select_related("enrolment__book", "site", "stage").in_bulk(
                keys
            )
            return swap(farid, rows[first], rows[second])

        return act

    came = said_at_once([crossing(*keys), crossing(*reversed(keys))] * 3)
    assert came.count("done") == 1
    assert {said.rpartition(" moved to ")[0] for said in came if said != "done"} == {
        "This placement was"
    }
    for site in sites:
        assert Placement.objects.filter(site=site, starts__lte=DAY, ends__gte=DAY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_move_and_a_new_placement_at_once_leave_a_student_at_one_place() -> None:
    alice = make.make_student("Alice Alder")
    names = ("Oak Infirmary", "Elm Hospital", "Ash Clinic")
    oak, elm, ash = (make.make_site(name) for name in names)
    stage = Stage.objects.get(version=alice.version, year=3)
    farid = make.make_coordinator()
    for site in (oak, elm, ash):
        offer(site, stage)
    placement = place(farid, alice, stage, oak, ends=date(2026, 11, 20))
    late = date(2026, 11, 23)
    came = said_at_once(
        [
            lambda: move(farid, placement, elm, ends=LAST),
            lambda: place(farid, alice, stage, ash, starts=late),
        ]
    )
    assert came.count("done") == 1
    there = Placement.objects.filter(enrolment=alice, starts__lte=late, ends__gte=late)
    assert there.count() == 1
