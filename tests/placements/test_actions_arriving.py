"""What a site asks and tells, checks that were shown, and the induction with its list."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from placements import arriving_queries as queries
from placements import arriving_tasks
from placements.actions.arriving import record_check, set_site, withdraw_check
from placements.actions.placing import record_induction
from placements.arriving_tasks import look_ahead
from placements.models import Check, Placement, SiteCheck, SiteGuide
from placements.readiness import State
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Mail, Person, User
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def bob() -> Person:
    return make.make_educator("Bob Birch")


@pytest.fixture
def placement(bob: Person) -> Placement:
    today = clock.today()
    return make.make_placement(
        starts=today + timedelta(days=14), ends=today + timedelta(days=40), educator=bob, inducted=False
    )  # fmt: skip


def ask(placement: Placement, **checks: int | None) -> None:
    set_site(by=placement.enrolment.person, site=placement.site, checks=checks, guide={})


def show(by: Person, placement: Placement, kind: str = "dbs", **given: Any) -> Check:
    wanted = {
        "since": clock.today() - timedelta(days=30),
        "until": None,
        "reference": "",
        "uuid": uuid4(),
        **given,
    }
    return record_check(
        by=by, enrolment=placement.enrolment, kind=kind, site=placement.site, **wanted
    )


def states(placement: Placement) -> dict[str, State]:
    [ready] = queries.readiness(Placement.objects.filter(pk=placement.pk))
    return {answer.kind: answer.state for answer in ready.answers}


# What a site asks and tells


def test_site_asks_for_what_it_was_set_to_last(placement: Placement, bob: Person) -> None:
    site = placement.site
    set_site(by=bob, site=site, checks={"dbs": 36, "dose_badge": None}, guide={"dress": "Tunic"})
    set_site(by=bob, site=site, checks={"dbs": 12}, guide={"dress": "Tunic", "bring": "Badge"})
    assert list(SiteCheck.objects.values_list("kind", "months")) == [("dbs", 12)]
    guide = SiteGuide.objects.get()
    assert (guide.dress, guide.bring) == ("Tunic", "Badge")
    assert SiteCheck.history.filter(kind="dose_badge").count() == 2
    assert SiteGuide.history.count() == 2


def test_site_that_is_saved_unchanged_leaves_no_history(placement: Placement, bob: Person) -> None:
    for _ in range(2):
        set_site(by=bob, site=placement.site, checks={"dbs": 36}, guide={"dress": "Tunic"})
    assert (SiteCheck.history.count(), SiteGuide.history.count()) == (1, 1)


def test_induction_list_has_each_line_once() -> None:
    guide = SiteGuide(induction="Fire exits\n\n  Lockers \nFire exits")
    assert queries.induction_list(guide) == ["Fire exits", "Lockers"]


# Checks


def test_check_without_a_last_day_gets_the_months_of_the_site(
    placement: Placement, bob: Person
) -> None:
    ask(placement, dbs=36)
    check = show(bob, placement, since=date(2026, 1, 31))
    assert check.entry.about_to == days.add_months(date(2026, 1, 31), 36)
    assert (check.site, check.person) == (None, bob)


def test_check_keeps_the_last_day_that_is_typed(placement: Placement, bob: Person) -> None:
    ask(placement, dbs=36)
    until = clock.today() + timedelta(days=20)
    assert show(bob, placement, until=until).entry.about_to == until
    assert states(placement) == {"dbs": State.EXPIRES}


@pytest.mark.parametrize("kind", ["local_rules", "dose_badge"])
def test_local_check_counts_at_its_site_only(placement: Placement, bob: Person, kind: str) -> None:
    check = show(bob, placement, kind, reference="Badge 14")
    assert check.site == placement.site
    assert ledger.private_text(check, "reference") == "Badge 14"
    ask(placement, **{kind: None})
    assert states(placement) == {kind: State.HELD}
    Placement.objects.filter(pk=placement.pk).update(site=make.make_site("Oak Hospital"))
    placement.refresh_from_db()
    ask(placement, **{kind: None})
    assert states(placement) == {kind: State.MISSING}


def test_check_sent_twice_is_one(placement: Placement, bob: Person) -> None:
    uuid = uuid4()
    assert show(bob, placement, uuid=uuid).pk == show(bob, placement, uuid=uuid).pk
    assert Check.objects.count() == 1


def test_corrected_check_stands_in_place_of_the_first(placement: Placement, bob: Person) -> None:
    ask(placement, dbs=None)
    over = clock.today() - timedelta(days=1)
    first = show(bob, placement, until=over)
    assert states(placement) == {"dbs": State.MISSING}
    second = show(bob, placement, until=None, corrects=first)
    assert states(placement) == {"dbs": State.HELD}
    assert list(Check.objects.standing()) == [second]


def test_check_is_corrected_once(placement: Placement, bob: Person) -> None:
    first = show(bob, placement)
    show(bob, placement, corrects=first)
    with pytest.raises(Conflict, match="changed since you opened the page"):
        show(bob, placement, corrects=first)


def test_withdrawn_check_counts_no_more(placement: Placement, bob: Person) -> None:
    ask(placement, dbs=None)
    withdraw_check(by=bob, check=show(bob, placement), uuid=uuid4())
    assert states(placement) == {"dbs": State.MISSING}
    assert queries.shown_by([placement.enrolment]) == []
    assert Check.objects.count() == 2


def test_nobody_records_their_own_check(placement: Placement) -> None:
    with pytest.raises(NotAllowed, match="Somebody else records"):
        show(placement.enrolment.person, placement)


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(1, None, "since"), (-1, -2, "until")],
)
def test_check_with_days_that_cannot_be_is_refused(
    placement: Placement, bob: Person, since: int, until: int | None, field: str
) -> None:
    today = clock.today()
    ends = None if until is None else today + timedelta(days=until)
    with pytest.raises(DomainError) as refused:
        show(bob, placement, since=today + timedelta(days=since), until=ends)
    assert refused.value.field == field


# Induction


def test_induction_keeps_what_was_gone_through_and_what_was_not(bob: Person) -> None:
    placement = make.make_placement(educator=bob, inducted=False)
    guide = {"induction": "Fire exits\nControlled areas"}
    set_site(by=bob, site=placement.site, checks={}, guide=guide)
    fact = record_induction(
        by=bob, placement=placement, day=clock.today(), covered=["Fire exits", "Somewhere else"]
    )
    assert ledger.private_text(fact, "items") == "Fire exits\nNot covered: Controlled areas"


def test_induction_where_the_site_has_no_list_has_none(bob: Person) -> None:
    placement = make.make_placement(educator=bob, inducted=False)
    fact = record_induction(by=bob, placement=placement, day=clock.today())
    assert (ledger.private_text(fact, "items"), fact.items_hash) == ("", "")


# The look ahead


def told(kind: str) -> list[str]:
    return [mail.address for mail in Mail.objects.filter(kind=kind).order_by("pk")]


def test_student_and_coordinator_are_told_once_a_fortnight_ahead(placement: Placement) -> None:
    esme = make.make_coordinator("Esme Elder")
    ask(placement, dbs=36, dose_badge=None)
    assert (look_ahead.func(), look_ahead.func()) == (2, 0)
    assert told("not_ready") == [placement.enrolment.person.user.email]  # type: ignore[union-attr]
    assert told("students_not_ready") == [esme.user.email]  # type: ignore[union-attr]
    name = placement.enrolment.person.name
    assert [m.pk for m in Mail.objects.all() if name in m.subject + m.body] == []


def test_coordinator_hears_once_of_a_student_without_an_address(placement: Placement) -> None:
    esme = make.make_coordinator("Esme Elder")
    ask(placement, dbs=36)
    student = placement.enrolment.person
    User.objects.filter(person=student).update(email="")
    assert (look_ahead.func(), look_ahead.func()) == (2, 0)
    assert told("students_not_ready") == [esme.user.email]  # type: ignore[union-attr]
    kept = Mail.objects.get(kind="not_ready")
    assert (kept.person, kept.address, kept.state) == (student, "", "kept")


def test_look_ahead_cut_off_half_way_tells_everybody_the_next_time(
    placement: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_coordinator("Esme Elder")
    ask(placement, dbs=36)

    def cut_off(fresh: list[object]) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(arriving_tasks, "_tell_coordinators", cut_off)
        with pytest.raises(KeyboardInterrupt):
            look_ahead.func()
    assert not Mail.objects.exists()
    assert look_ahead.func() == 2


def test_coordinator_hears_of_those_who_are_new_later_on_the_same_day(
    placement: Placement,
) -> None:
    esme = make.make_coordinator("Esme Elder")
    ask(placement, dbs=36)
    look_ahead.func()
    make.make_placement(make.make_student("Ben Beech"), starts=placement.starts, ends=placement.ends, inducted=False)  # fmt: skip
    assert look_ahead.func() == 2
    assert told("students_not_ready") == [esme.user.email] * 2  # type: ignore[union-attr]


def test_nobody_is_told_more_than_a_fortnight_ahead(placement: Placement) -> None:
    ask(placement, dbs=36)
    Placement.objects.update(starts=clock.today() + timedelta(days=15))
    assert look_ahead.func() == 0


def test_nobody_is_told_when_nothing_is_lacking(placement: Placement, bob: Person) -> None:
    ask(placement, dbs=36)
    show(bob, placement)
    assert look_ahead.func() == 0


@pytest.mark.parametrize(("started", "mails"), [(0, 0), (1, 1)])
def test_induction_is_missing_after_the_first_day(bob: Person, started: int, mails: int) -> None:
    first = clock.today() - timedelta(days=started)
    make.make_placement(starts=first, educator=bob, inducted=False)
    assert look_ahead.func() == mails


def test_mail_about_one_placement_does_not_stand_for_another(placement: Placement) -> None:
    ask(placement, dbs=36)
    assert look_ahead.func() == 1
    make.make_placement(make.make_student("Ben Beech"), starts=placement.starts, ends=placement.ends, inducted=False)  # fmt: skip
    assert look_ahead.func() == 1
