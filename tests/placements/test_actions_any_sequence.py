"""Any sequence of what a coordinator, a student and a site lead do keeps capacity and every confirmed minute where it was worked."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from placements import standing
from placements.actions import confirming, moving, placing
from placements.models import (
    CurrentShift,
    Enrolment,
    Placement,
    PlaceOffer,
    Shift,
    ShiftDecision,
    Stage,
    StageTally,
)
from school.core.errors import DomainError
from school.people.models import Site
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.games import play

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

FIRST, TODAY = date(2026, 10, 26), date(2026, 11, 10)
WINDOW = [FIRST + timedelta(days=n) for n in range(56)]
PLACES = {"Oak Infirmary": 1, "Elm Hospital": 1, "Ash Clinic": 2}

students = st.integers(0, 2)
sites = st.integers(0, 2)
stages = st.sampled_from([3, 3, 3, 2])
# Half of the days lie around today, where what was worked and what is to come meet.
starts = st.sampled_from([*WINDOW[::7], *WINDOW[12:20]])
lengths = st.sampled_from([0, 4, 11, 18])
some = st.integers(0, 30)


# The versions of shifts that stand confirmed: whose, of which stage, their minutes, their site.
Confirmed = dict[UUID, tuple[int, int, int, str]]


class World:
    """Three students, three sites with places for two stages, and who decides."""

    def __init__(self) -> None:
        names = ("Alice Alder", "Bob Birch", "Cleo Cedar")
        self.students = [make.make_student(name, account=False) for name in names]
        self.stages = {
            row.year: row for row in Stage.objects.filter(version=self.students[0].version)
        }
        self.sites = [make.make_site(name) for name in PLACES]
        self.farid = make.make_coordinator()
        self.lead = make.make_person("Lena Lead")
        for site in self.sites:
            make.make_grant(self.lead, SITE_LEAD, site.scope)
            for year in (2, 3):
                PlaceOffer.objects.create(
                    site=site,
                    stage=self.stages[year],
                    starts=WINDOW[0],
                    ends=WINDOW[-1],
                    places=PLACES[site.name],
                )
        self.confirmed: Confirmed = {}
        for student, site in zip(self.students[:2], self.sites[:2], strict=True):
            row = self.place(student, 3, site, FIRST, 32)
            for n in range(2):
                shift = make.make_shift(row, FIRST + timedelta(days=n))
                self.confirm(shift, self.confirmed)

    def place(
        self, student: Enrolment, year: int, site: Site, start: date, length: int
    ) -> Placement:
        return placing.place_student(
            by=self.farid,
            enrolment=student,
            stage=self.stages[year],
            site=site,
            starts=start,
            ends=start + timedelta(days=length),
            uuid=uuid4(),
            confirmed=True,
        )

    def confirm(self, shift: Shift, confirmed: Confirmed) -> None:
        row = shift.placement
        if not row.inductions.exists():
            placing.record_induction(by=self.lead, placement=row, day=min(row.starts, TODAY))
        make.make_decision(self.lead, shift)
        confirmed[shift.entry.uuid] = (
            row.enrolment_id,
            row.stage_id,
            CurrentShift.objects.get(shift=shift).minutes,
            row.site.name,
        )


def machine(world: World) -> type[RuleBasedStateMachine]:
    """The machine that plays on a world; every run is rolled back."""

    class Playing(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            self.confirmed = dict(world.confirmed)

        def teardown(self) -> None:
            try:
                for student in world.students:
                    assert standing.rebuild(student) == []
            finally:
                transaction.set_rollback(True)
                self.transaction.__exit__(None, None, None)

        # What happens

        @rule(student=students, year=stages, site=sites, start=starts, length=lengths)
        def place(self, student: int, year: int, site: int, start: date, length: int) -> None:
            with suppress(DomainError):
                world.place(world.students[student], year, world.sites[site], start, length)

        @rule(n=some, site=sites, after=st.integers(-3, 25), longer=st.sampled_from([0, 0, 9]))
        def move(self, n: int, site: int, after: int, longer: int) -> None:
            row = self.placement(n)
            with suppress(DomainError):
                moving.move(
                    by=world.farid,
                    placement=row,
                    site=world.sites[site],
                    day=min(row.ends, row.starts + timedelta(days=after)),
                    ends=row.ends + timedelta(days=longer),
                    uuid=uuid4(),
                    reason="so it goes",
                    confirmed=bool(n % 2),
                )

        @precondition(lambda self: self.pairs())
        @rule(n=some, after=st.integers(-3, 25))
        def swap(self, n: int, after: int) -> None:
            pairs = self.pairs()
            first, second = pairs[n % len(pairs)]
            with suppress(DomainError):
                moving.swap(
                    by=world.farid,
                    first=first,
                    second=second,
                    day=min(first.ends, second.ends, first.starts + timedelta(days=after)),
                    uuids=(uuid4(), uuid4()),
                    reason="both asked",
                )

        @rule(n=some, first=st.sampled_from([-7, 0, 0, 3]), last=st.sampled_from([-7, -3, 0, 7]))
        def change_dates(self, n: int, first: int, last: int) -> None:
            row = self.placement(n)
            with suppress(DomainError):
                placing.change_dates(
                    by=world.farid,
                    placement=row,
                    starts=row.starts + timedelta(days=first),
                    ends=row.ends + timedelta(days=last),
                )

        @precondition(lambda self: len(self.placements()) > 2)
        @rule(n=some)
        def withdraw(self, n: int) -> None:
            with suppress(DomainError):
                placing.move_state(
                    by=world.farid,
                    placement=self.placement(n),
                    to=Placement.State.WITHDRAWN,
                    reason="so it goes",
                )

        @rule(n=some, back=st.integers(0, 14))
        def log(self, n: int, back: int) -> None:
            with suppress(DomainError):
                make.make_shift(self.placement(n), TODAY - timedelta(days=back), "06:00", "11:00")

        @precondition(lambda self: self.shifts("awaiting"))
        @rule(n=some)
        def decide(self, n: int) -> None:
            waiting = self.shifts("awaiting")
            world.confirm(waiting[n % len(waiting)], self.confirmed)

        @precondition(lambda self: self.shifts("confirmed"))
        @rule(n=some, elsewhere=some)
        def correct(self, n: int, elsewhere: int) -> None:
            rows = self.shifts("confirmed")
            shift = rows[n % len(rows)]
            own = list(Placement.objects.filter(enrolment=shift.placement.enrolment_id))
            with suppress(DomainError):
                make.make_shift(
                    own[elsewhere % len(own)],
                    shift.entry.about_from,
                    "12:00",
                    "15:00",
                    0,
                    corrects=shift,
                )
                del self.confirmed[shift.entry.uuid]

        @precondition(lambda self: self.shifts("confirmed"))
        @rule(n=some)
        def undo(self, n: int) -> None:
            rows = self.shifts("confirmed")
            shift = rows[n % len(rows)]
            confirming.undo(
                by=world.lead,
                decision=ShiftDecision.objects.get(current__shift=shift),
                proof=ShiftDecision.Proof.PASSWORD,
                uuid=uuid4(),
            )
            del self.confirmed[shift.entry.uuid]

        # What always holds

        @invariant()
        def no_place_is_taken_twice(self) -> None:
            taken: dict[tuple[int, int, date], int] = {}
            at: dict[tuple[int, date], int] = {}
            for row in Placement.objects.exclude(state="withdrawn"):
                assert row.starts <= row.ends
                for day in WINDOW:
                    if row.starts <= day <= row.ends:
                        place = (row.site_id, row.stage_id, day)
                        taken[place] = taken.get(place, 0) + 1
                        student = (row.enrolment_id, day)
                        at[student] = at.get(student, 0) + 1
            offered = {site.pk: PLACES[site.name] for site in world.sites}
            assert {key for key, count in taken.items() if count > offered[key[0]]} == set()
            assert {key for key, count in at.items() if count > 1} == set()

        @invariant()
        def every_confirmed_minute_counts_where_it_was_worked(self) -> None:
            rows = Shift.objects.filter(current__state="confirmed").select_related(
                "current", "site", "placement__site"
            )
            assert {
                row.entry.uuid: (
                    row.placement.enrolment_id,
                    row.placement.stage_id,
                    row.current.minutes,
                    row.site.name,
                )
                for row in rows
            } == self.confirmed
            sums: dict[tuple[int, int], int] = {}
            for student, stage, minutes, _ in self.confirmed.values():
                sums[student, stage] = sums.get((student, stage), 0) + minutes
            tallies = StageTally.objects.values_list("enrolment", "stage", "confirmed")
            assert {(one, of): minutes for one, of, minutes in tallies if minutes} == sums

        # How

        def placements(self) -> list[Placement]:
            rows = Placement.objects.select_related(
                "site", "stage", "enrolment__book", "enrolment__person", "enrolment__cohort"
            )
            return list(rows.order_by("-pk"))

        def placement(self, n: int) -> Placement:
            """One that can still change, as long as there is one; now and then any."""
            every = self.placements()
            active = self.still_open()
            rows = active if active and n % 8 else every
            return rows[n % len(rows)]

        def still_open(self) -> list[Placement]:
            moved = Placement.objects.exclude(moved_from=None).values_list("moved_from", flat=True)
            rows = [row for row in self.placements() if row.state in Placement.ACTIVE]
            return [row for row in rows if row.pk not in set(moved)]

        def pairs(self) -> list[tuple[Placement, Placement]]:
            """The placements of two students that could be swapped if the rest allows it."""
            rows = self.still_open()
            return [
                (one, other)
                for one, other in permutations(rows, 2)
                if one.stage_id == other.stage_id and one.enrolment_id != other.enrolment_id
            ]

        def shifts(self, state: str) -> list[Shift]:
            return list(Shift.objects.filter(current__state=state).order_by("pk"))

    return Playing


def test_any_sequence_keeps_capacity_and_every_confirmed_minute_at_its_site(
    time_machine: Any,
) -> None:
    time_machine.move_to(f"{TODAY} 12:00 +0000", tick=True)
    play(machine(World()), games=20, steps=15)
