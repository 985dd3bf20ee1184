"""Calendar feeds, read with other programs: Python's icalendar and Debian's khal."""

import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from school.core import days
from school.core.days import WallTime
from school.courses import calendars
from school.courses.actions import booking, teaching
from school.courses.actions.calendars import make_feed, renew_feed
from school.courses.models import Booking, CalendarFeed, Event, Label
from school.people.models import Person
from tests import factories as make
from tests.courses import making

pytestmark = pytest.mark.django_db

# The clocks go back in the night between.
SATURDAY, MONDAY = date(2026, 10, 24), date(2026, 10, 26)


@pytest.fixture(autouse=True)
def _october(time_machine: Any) -> None:
    time_machine.move_to("2026-10-01 12:00 +0000", tick=True)


@pytest.fixture
def teacher() -> Person:
    return making.make_teacher()


@pytest.fixture
def alice() -> Person:
    return make.make_person("Alice Amber")


@pytest.fixture
def event(teacher: Person) -> Event:
    """A seminar on both days, from 09:00 to 12:00."""
    when = sessions()
    made = teaching.make_event(
        by=teacher,
        version=making.make_version("Seminar", by=teacher),
        details=making.details(when[0].starts),
        sessions=when,
        uuid=uuid4(),
    )
    return teaching.open_event(by=teacher, event=made, uuid=uuid4())


def sessions(begins: str = "09:00") -> list[teaching.When]:
    return [
        teaching.When(*make.span(SATURDAY, begins, "12:00"), "First day"),
        teaching.When(*make.span(MONDAY, begins, "12:00"), "Second day"),
    ]


def own(person: Person) -> bytes:
    """A person's feed as a program fetches it."""
    return Client().get(reverse("person_feed", args=[make_feed(by=person).token])).content


def entries(feed: bytes) -> list[Any]:
    """The entries of a feed, as another program reads them."""
    return list(Calendar.from_ical(feed).walk("VEVENT"))


def found(query: str = "") -> list[Any]:
    """The entries of the catalogue's feed."""
    return entries(Client().get(f"{reverse('courses_feed')}?{query}").content)


def test_local_times_are_right_on_both_sides_of_a_clock_change(alice: Person, event: Event) -> None:
    making.ask(alice, event)
    calendar = Calendar.from_ical(own(alice))
    assert calendar["METHOD"] == "PUBLISH"
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/London"]
    starts = [one.decoded("DTSTART") for one in calendar.walk("VEVENT")]
    assert [f"{one:%d %H:%M}" for one in starts] == ["24 09:00", "26 09:00"]
    assert [one.astimezone(UTC).hour for one in starts] == [8, 9]


def test_rules_that_the_file_carries_are_those_of_the_zone() -> None:
    """Goes wrong elsewhere: a calendar file without time-zone rules."""
    carried = Calendar.from_ical(calendars.LONDON).to_tz(lookup_tzid=False)
    differ = []
    for year in range(2016, 2037):
        for month in (3, 10):
            first = datetime(year, month, 20, tzinfo=days.LONDON)
            for hour in range(12 * 24):
                wall = (first + timedelta(hours=hour)).replace(tzinfo=None)
                if days.wall_time(wall.date(), wall.time()) is WallTime.ONCE:
                    at = wall.replace(tzinfo=days.LONDON)
                    if at.utcoffset() != wall.replace(tzinfo=carried).utcoffset():
                        differ.append(wall)
    assert differ == []


def test_entry_that_moves_keeps_its_name_and_counts_up(
    alice: Person, event: Event, teacher: Person
) -> None:
    making.ask(alice, event)
    before = entries(own(alice))
    teaching.change_event(
        by=teacher,
        event=event,
        details=making.details(sessions("10:00")[0].starts),
        sessions=sessions("10:00"),
        uuid=uuid4(),
    )
    after = entries(own(alice))
    assert [one["UID"] for one in after] == [one["UID"] for one in before]
    assert [one["SEQUENCE"] for one in after] == [one["SEQUENCE"] + 1 for one in before]
    assert [one.decoded("DTSTART").hour for one in after] == [10, 10]
    assert [one["SEQUENCE"] for one in found()] == [2, 2]


def test_cancelled_event_disappears_from_both_feeds(
    alice: Person, event: Event, teacher: Person
) -> None:
    making.ask(alice, event)
    assert [len(entries(own(alice))), len(found())] == [2, 2]
    teaching.cancel_event(by=teacher, event=event, reason="No tracer", uuid=uuid4())
    assert [len(entries(own(alice))), len(found())] == [0, 0]


def test_place_that_is_held_is_tentative_and_one_given_up_is_gone(
    alice: Person, event: Event, teacher: Person, time_machine: Any
) -> None:
    bob = make.make_person("Bob Birch")
    event.capacity = 1
    event.save()
    taken, waiting = making.ask(alice, event), making.ask(bob, event)
    assert [len(entries(own(alice))), len(entries(own(bob)))] == [2, 0]
    booking.give_up(by=alice, booking=taken, uuid=uuid4())
    assert entries(own(alice)) == []
    held = entries(own(bob))
    assert [(str(one["STATUS"]), str(one["SUMMARY"])) for one in held] == [
        ("TENTATIVE", "Place held: Seminar: First day"),
        ("TENTATIVE", "Place held: Seminar: Second day"),
    ]
    booking.take_place(by=bob, booking=Booking.objects.get(pk=waiting.pk), uuid=uuid4())
    taken_now = entries(own(bob))
    assert [str(one["STATUS"]) for one in taken_now] == ["CONFIRMED", "CONFIRMED"]
    assert [one["SEQUENCE"] for one in taken_now] == [one["SEQUENCE"] + 1 for one in held]


def test_feed_of_the_catalogue_holds_what_its_filter_finds(event: Event, teacher: Person) -> None:
    other = making.make_version("Basics", by=teacher)
    making.make_event(other, by=teacher, day=date(2026, 10, 20))
    making.make_event(other, by=teacher, day=date(2026, 10, 21), opened=False)
    event.version.course.labels.add(
        Label.objects.create(kind=Label.Kind.TOPIC, slug="lymphoma", name="Lymphoma")
    )
    assert len(found()) == 4
    assert [str(one["SUMMARY"]) for one in found("topic=lymphoma")] == [
        "Seminar: First day",
        "Seminar: Second day",
    ]
    assert len(found("until=2026-10-23")) == 2
    assert found("format=module") == []


def test_event_that_no_fact_opened_is_in_no_feed(
    alice: Person, event: Event, teacher: Person
) -> None:
    draft = making.make_event(event.version, by=teacher, opened=False)
    Event.objects.filter(pk=draft.pk).update(state=Event.State.OPEN)
    for one in (event, draft):
        making.ask(alice, one)
    assert [len(entries(own(alice))), len(found())] == [2, 2]


def test_old_address_is_closed_when_a_new_one_is_made(alice: Person) -> None:
    old = make_feed(by=alice)
    assert make_feed(by=alice) == old
    new = renew_feed(by=alice)
    answers = [Client().get(f"/calendars/{token}.ics") for token in (old.token, new.token)]
    assert [answer.status_code for answer in answers] == [404, 200]
    assert answers[1]["Content-Type"] == "text/calendar; charset=utf-8"
    assert alice.user is not None
    alice.user.is_active = False
    alice.user.save()
    assert Client().get(f"/calendars/{new.token}.ics").status_code == 404


def test_program_that_has_the_feed_hears_that_nothing_changed(alice: Person, event: Event) -> None:
    making.ask(alice, event)
    address = reverse("person_feed", args=[make_feed(by=alice).token])
    first = Client().get(address)
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_person_makes_the_address_on_the_page_that_shows_it(alice: Person) -> None:
    browser = Client()
    assert alice.user is not None
    browser.force_login(alice.user)
    page = reverse("my_calendar")
    assert b"Make my address" in browser.get(page).content
    browser.post(reverse("make_my_calendar"))
    first = CalendarFeed.objects.get(person=alice).token
    assert f"/calendars/{first}.ics".encode() in browser.get(page).content
    browser.post(reverse("renew_my_calendar"))
    assert f"/calendars/{first}.ics".encode() not in browser.get(page).content


def khal(home: Path, feed: bytes, zone: str) -> list[str]:
    """What khal lists of a calendar that holds the feed, on a clock of a zone."""
    program = shutil.which("khal")
    assert program is not None
    where = home / zone.replace("/", "-")
    (where / "items").mkdir(parents=True)
    (where / "feed.ics").write_bytes(feed)
    (where / "config").write_text(
        f"[calendars]\n[[school]]\npath = {where}/items\n"
        f"[sqlite]\npath = {where}/khal.db\n"
        f"[locale]\nlocal_timezone = {zone}\ndefault_timezone = {zone}\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "[default]\ndefault_calendar = school\n"
    )
    environment = {"HOME": str(where), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [program, "--config", str(where / "config"), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    run("import", "--batch", "-a", "school", str(where / "feed.ics"))
    shape = "{start-date} {start-time} {end-time} {title}"
    listed = run("list", "--day-format", "", "--format", shape, "2026-10-23", "2026-10-28")
    return [line for line in listed.splitlines() if line.strip() and "No events" not in line]


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("khal") is None, reason="Debian's package khal is not installed on this machine"
)
def test_khal_shows_the_right_times_and_no_cancelled_event(
    alice: Person, event: Event, teacher: Person, tmp_path: Path
) -> None:
    making.ask(alice, event)
    feed = own(alice)
    assert khal(tmp_path / "booked", feed, "Europe/London") == [
        "2026-10-24 09:00 12:00 Seminar: First day",
        "2026-10-26 09:00 12:00 Seminar: Second day",
    ]
    assert khal(tmp_path / "booked", feed, "UTC") == [
        "2026-10-24 08:00 11:00 Seminar: First day",
        "2026-10-26 09:00 12:00 Seminar: Second day",
    ]
    teaching.cancel_event(by=teacher, event=event, reason="No tracer", uuid=uuid4())
    assert khal(tmp_path / "cancelled", own(alice), days.LONDON.key) == []
