"""The demo's events to come, in every state that a newcomer should meet, with something of each persona's."""

from datetime import date, time, timedelta

from school.core import days
from school.courses.models import Booking, Event
from school.demo.diary import Diary
from school.demo.gathering import DAY, EVENING, FULL_DAY, LUNCH, MORNING

State = Booking.State
JOINING = (
    "Come to the main reception and ask for PET-CT. Coffee from 09:00; lunch is there for everyone.\n"
    "Parking is scarce: the bus stops at the door."
)
ONLINE = "The room opens ten minutes before. A headset helps, a camera is welcome."
LINK = "https://meet.demo.example/"
SCANNER = "The scanner at the site is being replaced that week. There is another date at the Freeman Hospital."


def build_coming(diary: Diary) -> list[Event]:
    """The events to come, from today's to one in three months that is a draft; gives those with a public page."""
    return [
        _today(diary),
        _soon_closing(diary),
        _full(diary),
        _evening(diary),
        _cancelled(diary),
        *_with_places(diary),
        _held(diary),
        _approved(diary),
        _tier_2(diary),
        _tier_3(diary),
        _opens_later(diary),
        _draft(diary),
    ]


def _today(diary: Diary) -> Event:
    """An hour online at lunch, today unless nobody works: its register can be opened."""
    day = diary.day(0)
    event = diary.made.hold(
        diary.version("cpd-profile"),
        [day],
        LUNCH,
        capacity=30,
        link=f"{LINK}lunch",
        joining=ONLINE,
        closes=days.instant(day, time(12)),
    )
    diary.places(event, diary.some(9))
    return event


def _soon_closing(diary: Diary) -> Event:
    day = diary.day(5)
    event = diary.made.hold(
        diary.version("pet-ct-seminar"),
        [day],
        EVENING,
        capacity=40,
        link=f"{LINK}seminar",
        joining=ONLINE,
        closes=days.instant(min(diary.run.today + DAY, day), time(17)),
    )
    diary.places(event, [diary.persona("site_lead"), *diary.some(13)])
    return event


def _full(diary: Diary) -> Event:
    """An Introductory Day with a waiting list, on which is a student."""
    event = diary.made.hold(
        diary.version("pet-ct-introductory-day"),
        [diary.day(16)],
        FULL_DAY,
        site=diary.site("Leeds"),
        venue="Bexley Wing, room 3",
        joining=JOINING,
        capacity=12,
    )
    diary.places(event, diary.some(12), asked=40)
    waiting = [*diary.some(2), diary.persona("student_2"), *diary.some(1)]
    for number, person in enumerate(waiting):
        asked = diary.run.today - timedelta(days=9 - number)
        diary.made.book(event, person, State.WAITING, asked=asked)
    return event


def _evening(diary: Diary) -> Event:
    event = diary.made.hold(
        diary.version("cpd-profile"),
        [diary.day(9)],
        EVENING,
        capacity=30,
        link=f"{LINK}profile",
        joining=ONLINE,
    )
    keys = ("student", "radiation_protection", "workforce_manager", "university_tutor")
    diary.places(event, [*(diary.persona(key) for key in keys), *diary.some(8)])
    return event


def _cancelled(diary: Diary) -> Event:
    event = diary.made.hold(
        diary.version("radiation-safety-injection-room"),
        [diary.day(13)],
        FULL_DAY,
        site=diary.site("Southampton"),
        venue="Seminar room",
        capacity=14,
        state=Event.State.CANCELLED,
        reason=SCANNER,
    )
    for person in [diary.persona("radiation_protection"), *diary.some(5)]:
        asked = diary.run.today - timedelta(days=20)
        states = (State.BOOKED, State.CANCELLED_BY_SCHOOL)
        diary.made.book(event, person, *states, asked=asked, reason=SCANNER)
    return event


def _with_places(diary: Diary) -> list[Event]:
    """Days with places left in four regions."""
    wanted = (
        ("pet-ct-introductory-day", 24, "Cumberland", "Education centre, room 2", 16, 8),
        ("pet-ct-introductory-day", 45, "Queen Elizabeth", "Postgraduate centre", 16, 3),
        ("amyloid-pet", 38, "Addenbrooke", "Seminar room 1", 20, 8),
        ("dementia-skills", 60, "Royal Stoke", "Education centre", 18, 0),
        ("radiation-safety-injection-room", 66, "Kent", "Seminar room", 14, 2),
    )
    found = []
    for code, after, where, venue, capacity, booked in wanted:
        event = diary.made.hold(
            diary.version(code),
            [diary.day(after)],
            FULL_DAY,
            site=diary.site(where),
            venue=venue,
            joining=JOINING,
            capacity=capacity,
        )
        diary.places(event, diary.some(booked))
        found.append(event)
    first_tier = [person for person in diary.tiers[1] if person in diary.staff]
    diary.places(found[3], diary.some(5, first_tier))
    return found


def _held(diary: Diary) -> Event:
    """A place became free and is held for the radiographer among the personas; three more wait."""
    event = diary.made.hold(
        diary.version("radiation-safety-injection-room"),
        [diary.day(30)],
        FULL_DAY,
        site=diary.site("Freeman"),
        venue="Northern Centre for Cancer Care, level 2",
        joining=JOINING,
        capacity=10,
        hold_for=timedelta(days=6),
    )
    diary.places(event, diary.some(9), asked=45)
    run = diary.run
    held = (State.WAITING, State.HELD)
    until = days.instant(run.today + timedelta(days=5), time(17))
    asked = run.today - timedelta(days=21)
    radiographer = diary.persona("practice_educator")
    diary.made.book(event, radiographer, *held, asked=asked, held_until=until)
    for number, person in enumerate(diary.some(3)):
        asked = run.today - timedelta(days=18 - number)
        diary.made.book(event, person, State.WAITING, asked=asked)
    return event


def _approved(diary: Diary) -> Event:
    """Managers are asked: two of the staff of the site lead among the personas wait for an answer."""
    event = diary.made.hold(
        diary.version("teaching-students"),
        [diary.day(33)],
        FULL_DAY,
        site=diary.site("Northern General"),
        venue="Clock Tower building, room 4",
        joining=JOINING,
        capacity=12,
        needs_approval=True,
    )
    approved = (State.REQUESTED, State.BOOKED)
    for person in diary.some(4):
        asked = diary.run.today - timedelta(days=12)
        diary.made.book(event, person, *approved, asked=asked)
    for number, person in enumerate(diary.here[:2]):
        asked = diary.run.today - timedelta(days=3 - number)
        diary.made.book(event, person, State.REQUESTED, asked=asked)
    declined = (State.REQUESTED, State.DECLINED)
    reason = "We are two short that week. There is a date in spring: ask again."
    asked = diary.run.today - timedelta(days=8)
    diary.made.book(event, diary.here[2], *declined, asked=asked, reason=reason)
    return event


def _tier_2(diary: Diary) -> Event:
    """Two places left for those who have the first tier."""
    event = diary.made.hold(
        diary.version("dementia-tier-2"),
        [diary.day(27)],
        FULL_DAY,
        site=diary.site("Glenfield"),
        venue="Clinical education centre",
        joining=JOINING,
        capacity=12,
    )
    only_first = [person for person in diary.tiers[1] if person not in diary.tiers[2]]
    staff = [person for person in only_first if person in diary.staff]
    diary.places(event, [diary.persona("practice_educator"), *diary.some(9, staff)])
    return event


def _tier_3(diary: Diary) -> Event:
    """Two days with three weeks between them."""
    event = diary.made.hold(
        diary.version("dementia-tier-3"),
        [diary.day(40), diary.day(62)],
        FULL_DAY,
        site=diary.site("Bradford"),
        venue="Lecture theatre, main building",
        joining=JOINING,
        capacity=10,
    )
    diary.places(event, diary.some(4, diary.tiers[2]))
    return event


def _opens_later(diary: Diary) -> Event:
    opens = diary.run.today + timedelta(days=14)
    return diary.made.hold(
        diary.version("positioning-and-motion"),
        [diary.day(70)],
        MORNING,
        site=diary.site("Plymouth"),
        venue="PET-CT waiting area and scanner room",
        capacity=8,
        opened=opens,
    )


def _draft(diary: Diary) -> Event:
    day: date = diary.day(90)
    return diary.made.hold(
        diary.version("pet-ct-introductory-day"),
        [day],
        FULL_DAY,
        site=diary.site("Norfolk"),
        venue="Benjamin Gooch lecture theatre",
        capacity=16,
        state=Event.State.DRAFT,
    )
