"""Who is told of training that is due: each step once, until it is booked; and on Mondays who answers for them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from school.core import days
from school.courses.actions import booking as places
from school.coverage import reminding
from school.coverage.models import Reminded
from school.coverage.renewal import Period, Rule
from school.people import digests, quiet
from school.people.models import Mail, MailPreference, Person, PersonMerge
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests import records
from tests.courses import making
from tests.coverage.making import Staff, write
from tests.races import at_once

BEGAN = date(2024, 1, 1)
DONE = date(2026, 1, 7)
EXPIRES = date(2027, 1, 7)
# The window of three months opens, thirty days are left, and it lapsed; none of them a Monday.
OPENS, SOON, LAPSED = date(2026, 10, 7), date(2026, 12, 8), date(2027, 1, 8)
MONDAY = date(2027, 1, 11)


def at(day: date, clock: time = time(7, 10)) -> time_machine.travel:
    """As if it were that time of a day in London."""
    return time_machine.travel(datetime.combine(day, clock, days.LONDON), tick=False)


def told(day: date) -> list[Mail]:
    """The mails that the job owes on a day."""
    before = set(Mail.objects.values_list("pk", flat=True))
    with at(day):
        owed = reminding.remind.func()
        found = list(Mail.objects.exclude(pk__in=before).order_by("pk"))
        assert reminding.remind.func() == 0
    with at(day, quiet.DIGEST_AT):
        digests.gather_due(100)
    assert len(found) == owed
    return found


def subjects(day: date) -> list[str]:
    """What the mails of a day are about."""
    return [mail.subject for mail in told(day)]


@pytest.fixture
def staff(db: None) -> Iterator[Staff]:
    """Ann at North, asked for fire safety each year, which she has done."""
    with at(DONE):
        made = Staff()
        made.term("Ann", "North", "Radiographer", BEGAN)
        made.ask("fire", ["Fire"], BEGAN, active_months=12, window_months=3)
        made.attain("Ann", "Fire", DONE)
        yield made


def test_each_step_is_told_on_its_day_and_once(staff: Staff) -> None:
    around = [
        day + timedelta(days=more) for day in (OPENS, SOON, LAPSED) for more in (-1, 0, 1, 20)
    ]
    assert {day: found for day in around if (found := subjects(day))} == {
        OPENS: ["Time to renew fire"],
        SOON: ["fire lapses soon"],
        LAPSED: ["fire has lapsed"],
    }
    assert Reminded.objects.count() == 3


def test_all_that_is_new_on_a_day_is_one_mail(staff: Staff) -> None:
    """A first run, or an import of an old history, says what is due now and not what was due on the way."""
    staff.ask("water", ["Water"], BEGAN)
    staff.ask("wind", ["Wind"], BEGAN, active_months=12)
    staff.attain("Ann", "Wind", date(2025, 3, 1))
    [mail] = told(SOON)
    assert (mail.subject, mail.address) == (
        "Training: 3 things for you to do",
        staff.person("Ann").email,
    )
    assert mail.body.splitlines()[2:5] == [
        "- wind: lapsed. You were in date until 1 March 2026.",
        "- water: missing. There is no record that you have done it.",
        "- fire: lapses soon. You are in date until 7 January 2027.",
    ]
    assert mail.body.endswith("Your manager can book a place for you, or tell us if you did it already.")  # fmt: skip
    staff.ask("earth", ["Earth"], SOON + days.DAY, known=DONE)
    assert subjects(SOON + days.DAY) == ["earth is still to do"]


def test_who_has_an_account_is_led_to_their_passport(staff: Staff) -> None:
    staff.people["Bea"] = make.make_person("Bea Birch")
    staff.term("Bea", "North", "Radiographer", BEGAN)
    [mail] = told(DONE)
    assert mail.body.endswith("/coverage/passport/")
    assert mail.state == Mail.State.HELD


def test_nothing_is_told_of_what_is_booked_before_it_expires(staff: Staff) -> None:
    ann = staff.person("Ann")
    with at(OPENS - days.DAY):
        event = making.make_event(staff.course("Fire"), day=SOON + days.DAY)
        booking = making.ask(ann, event)
    assert [subjects(day) for day in (OPENS, SOON)] == [[], []]
    with at(SOON):
        places.give_up(by=ann, booking=booking, uuid=uuid4())
    assert subjects(SOON) == ["fire lapses soon"]
    with at(SOON):
        making.ask(ann, making.make_event(staff.course("Fire"), day=LAPSED + days.DAY))
    # What is booked for a day after it lapsed leaves a gap until then, but there is nothing left to do.
    assert subjects(LAPSED) == []


def test_void_brings_it_back_as_missing_each_time(staff: Staff) -> None:
    staff.ask("water", ["Water"], BEGAN)
    assert subjects(date(2026, 1, 9)) == ["water is still to do"]
    one = staff.attain("Ann", "Water", date(2026, 2, 3))
    staff.void(one, date(2026, 2, 10))
    assert subjects(date(2026, 2, 10)) == ["water is still to do"]
    assert subjects(date(2026, 2, 11)) == []
    two = staff.attain("Ann", "Water", date(2026, 3, 3))
    assert subjects(date(2026, 3, 4)) == []
    staff.void(two, date(2026, 3, 10))
    assert subjects(date(2026, 3, 10)) == ["water is still to do"]


def test_starter_is_told_after_their_grace(staff: Staff) -> None:
    staff.ask("water", ["Water"], BEGAN, grace_days=30)
    starts = date(2026, 2, 2)
    staff.term("Bea", "North", "Radiographer", starts)
    staff.attain("Bea", "Fire", starts)
    staff.attain("Ann", "Water", starts)
    assert [len(told(starts + timedelta(days=number))) for number in (0, 29, 30, 31)] == [
        0,
        0,
        1,
        0,
    ]


def test_exempt_away_and_left_are_not_told(staff: Staff) -> None:
    for name in ("Bea", "Cal", "Dee", "Eve"):
        staff.term(name, "North", "Radiographer", BEGAN)
        staff.attain(name, "Fire", DONE)
    staff.exempt("Bea", "fire", BEGAN)
    staff.away("Cal", SOON - timedelta(days=40), SOON + timedelta(days=3))
    Person.objects.filter(pk=staff.person("Dee").pk).update(left_on=DONE)
    Person.objects.filter(pk=staff.person("Eve").pk).update(email="")
    assert [mail.person for mail in told(SOON)] == [staff.person("Ann")]
    # Told when they are back, and when they have an address.
    assert told(SOON + timedelta(days=3)) == []
    assert [mail.person for mail in told(SOON + timedelta(days=4))] == [staff.person("Cal")]
    Person.objects.filter(pk=staff.person("Eve").pk).update(email="eve@example.org")
    assert [mail.person for mail in told(SOON + timedelta(days=8))] == [staff.person("Eve")]


def test_merged_person_is_told_once_as_the_one_who_is_kept(staff: Staff) -> None:
    staff.term("Bea", "North", "Radiographer", BEGAN)
    staff.attain("Bea", "Fire", DONE)
    assert len(told(OPENS)) == 2
    ann, bea = staff.person("Ann"), staff.person("Bea")
    write(PersonMerge(kept=bea, merged=ann), records.network_book(), OPENS, None, OPENS)
    Reminded.objects.filter(reader=bea).delete()
    assert told(OPENS + days.DAY) == []
    assert [mail.person for mail in told(SOON)] == [bea]


def test_what_a_digest_still_holds_is_said_anew_without_what_was_booked(staff: Staff) -> None:
    bea = staff.people["Bea"] = make.make_person("Bea Birch")
    staff.term("Bea", "North", "Radiographer", BEGAN)
    staff.ask("water", ["Water"], BEGAN)
    staff.attain("Ann", "Water", DONE)
    with at(DONE):
        digests.choose(by=bea, digest=MailPreference.Digest.WEEKLY, quiet_from=None, quiet_until=None)  # fmt: skip
    [mail] = told(DONE)
    assert mail.subject == "Training: 2 things for you to do"
    with at(DONE + days.DAY):
        making.ask(bea, making.make_event(staff.course("Fire"), day=DONE + timedelta(days=8)))
    again = told(DONE + timedelta(days=2))
    assert [one.subject for one in again] == ["water is still to do"]
    assert list(Mail.objects.filter(person=bea, kind=reminding.OWN)) == again
    with at(DONE + timedelta(days=2)):
        making.ask(bea, making.make_event(staff.course("Water"), day=DONE + timedelta(days=9)))
    assert told(DONE + timedelta(days=3)) == []
    assert not Mail.objects.filter(person=bea, kind=reminding.OWN).exists()


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_thing_once() -> None:
    staff = Staff()
    for name in ("Ann", "Bea", "Cal"):
        staff.term(name, "North", "Radiographer", BEGAN)
    staff.ask("fire", ["Fire"], BEGAN)
    owed = at_once([reminding.remind.func] * 3)
    assert sum(owed) == 3
    assert (Mail.objects.count(), Reminded.objects.count()) == (3, 3)


def test_job_killed_half_way_leaves_the_rest_to_its_next_run(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff.term("Bea", "North", "Radiographer", BEGAN)
    staff.ask("water", ["Water"], BEGAN)
    calls: list[int] = []
    tell = reminding.tell

    def kill_second(*given: object, **named: object) -> object:
        calls.append(1)
        owed = tell(*given, **named)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise KeyboardInterrupt
        return owed

    monkeypatch.setattr(reminding, "tell", kill_second)
    with at(DONE), pytest.raises(KeyboardInterrupt):
        reminding.remind.func()
    assert Mail.objects.count() == 1
    assert [mail.person for mail in told(DONE)] == [staff.person("Bea")]


# Who answers for them ---------------------------------------------------------------------------


@pytest.fixture
def led(staff: Staff) -> Staff:
    """Bea and Cal at North, Dee at South; Mo is in post at South and manages Eve there; each site has a lead."""
    for name in ("Bea", "Cal"):
        staff.term(name, "North", "Radiographer", BEGAN)
    staff.term("Dee", "South", "Radiographer", BEGAN)
    manager = staff.people["Mo"] = make.make_person("Mo Manager")
    staff.term("Mo", "South", "Radiographer", BEGAN)
    staff.term("Eve", "South", "Radiographer", BEGAN, manager=manager)
    for site in ("North", "South"):
        lead = staff.people[f"Lead {site}"] = make.make_person(f"Lead of {site}")
        make.make_grant(lead, SITE_LEAD, staff.site(site).scope)
    staff.attain("Cal", "Fire", date(2026, 1, 20))
    return staff


def digested(day: date) -> dict[str, str]:
    """What those who answer for others read, by their names."""
    return {mail.person.name: mail.body for mail in told(day) if mail.person and mail.kind == reminding.OTHERS}  # fmt: skip


def test_digest_names_who_is_behind_to_who_answers_for_them(led: Staff) -> None:
    assert digested(MONDAY - days.DAY) == {}
    found = digested(MONDAY)
    assert sorted(found) == ["Lead of North", "Lead of South", "Mo Manager"]
    assert found["Lead of North"].split("\n\n")[1:] == [
        "Staff Ann, Site North\n- fire: lapsed, in date until 7 January 2027",
        "Staff Bea, Site North\n- fire: missing",
        "Staff Cal, Site North\n- fire: lapses, in date until 20 January 2027, no place booked",
        "See them all:",
        f"{settings.WAGTAILADMIN_BASE_URL}/coverage/lapses/",
    ]
    assert found["Mo Manager"].split("\n\n")[1:] == [
        "Staff Eve, Site South\n- fire: missing",
        "See what they have booked, and book places for them:",
        f"{settings.WAGTAILADMIN_BASE_URL}/bookings/staff/",
    ]
    assert ["Staff Dee" in found["Lead of South"], "Mo Manager" in found["Lead of South"]] == [True, True]  # fmt: skip
    assert "Staff Ann" not in found["Lead of South"]


def test_next_digest_holds_what_is_new_and_is_not_sent_without(led: Staff) -> None:
    digested(MONDAY)
    assert digested(MONDAY + timedelta(days=7)) == {}
    found = digested(MONDAY + timedelta(days=14))
    assert list(found) == ["Lead of North"]
    assert found["Lead of North"].split("\n\n")[1:3] == [
        "Staff Cal, Site North\n- fire: lapsed, in date until 20 January 2027",
        "You were told before of 2 that are still so.",
    ]


def test_digest_leaves_out_what_is_booked_and_oneself(led: Staff) -> None:
    lead = led.people["Lead North"]
    led.term("Lead North", "North", "Radiographer", BEGAN)
    with at(MONDAY - days.DAY):
        event = making.make_event(led.course("Fire"), day=MONDAY + days.DAY)
        for name in ("Ann", "Bea", "Cal"):
            making.ask(led.person(name), event)
    # Who has left is nobody's to remind, though their post was never closed.
    Person.objects.filter(pk=led.person("Dee").pk).update(left_on=DONE)
    found = digested(MONDAY)
    assert "Lead of North" not in found
    assert "Staff Dee" not in found["Lead of South"]
    assert Mail.objects.filter(person=lead, kind=reminding.OWN).count() == 1


def test_who_no_longer_leads_or_has_no_account_reads_nothing(led: Staff) -> None:
    Person.objects.filter(name="Lead of North").update(left_on=MONDAY - days.DAY)
    Person.objects.filter(name="Mo Manager").update(user=None)
    assert list(digested(MONDAY)) == ["Lead of South"]


# When ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "opens", "soon"),
    [
        (Rule(active=Period(12), window=Period(3)), date(2026, 10, 7), date(2026, 12, 8)),
        (Rule(active=Period(12)), date(2026, 10, 9), date(2026, 12, 8)),
        # Told once where the two would come within a week, and never before it can be renewed.
        (Rule(active=Period(12), window=Period(1)), None, date(2026, 12, 8)),
        (Rule(active=Period(12), window=Period(days=7)), None, date(2026, 12, 31)),
        # Not on the day after it was done.
        (Rule(active=Period(3)), date(2026, 11, 22), date(2026, 12, 8)),
        (Rule(active=Period(1)), None, date(2026, 12, 23)),
    ],
)
def test_step_of_who_is_in_date(rule: Rule, opens: date | None, soon: date) -> None:
    found = {}
    for left in range(400, -1, -1):
        day = EXPIRES - timedelta(days=left)
        step = reminding.step_of(rule, EXPIRES, day)
        if step:
            found.setdefault(step, day)
    assert found == {Reminded.Step.SOON: soon} | ({Reminded.Step.OPEN: opens} if opens else {})


def test_run_asks_the_same_few_queries_however_many_there_are(staff: Staff) -> None:
    told(SOON)
    asked = []
    for number in (1, 6):
        for one in range(number):
            name = f"P{number}{one}"
            staff.term(name, "North", "Radiographer", BEGAN)
        told(SOON)
        with at(SOON), CaptureQueriesContext(connection) as found:
            assert reminding.remind.func() == 0
        asked.append(len(found))
    assert asked[0] == asked[1]
    assert asked[0] <= 12
