"""The demo's events of the past: registers that the School closes now, one still to close, and older ones."""

from datetime import timedelta
from typing import Any

from school.courses import register_queries as register
from school.courses.actions import attending, certifying
from school.courses.models import Attainment, Booking, Event
from school.demo.coming import JOINING
from school.demo.diary import Diary
from school.demo.gathering import EVENING, FULL_DAY, Gathering
from school.demo.run import write

State = Booking.State
COMMENTS = (
    "The hour in the control room was the best part.",
    "More time for questions, less history.",
    "",
    "I had no idea what patients go through before they reach the table.",
    "The room was cold.",
)
# Whose certificates are there at once; those of the others are made when the worker runs.
CERTIFIED = ("student", "practice_educator", "radiation_protection")
# The course, how many days ago, where (nowhere: online), how many came, and how many of them in part.
OLDER = (
    ("pet-ct-seminar", 75, "", 16, 0),
    ("dementia-tier-2", 130, "Coventry", 8, 1),
    ("amyloid-pet", 190, "Musgrove", 11, 0),
    ("teaching-students", 260, "James Cook", 9, 1),
    ("pet-ct-introductory-day", 330, "Maidstone", 14, 3),
)


def build_past(diary: Diary) -> tuple[list[Event], Event]:
    """The events whose registers are closed now, and the one whose is still to close."""
    _older(diary)
    return [_introductory(diary), _amyloid(diary)], _to_close(diary)


def keep_registers(diary: Diary, over: list[Event], open_still: Event) -> None:
    """Keeps the registers as the School educator does, and certifies what the personas attained."""
    by, own = diary.persona("school_educator"), set(diary.run.personas.values())
    for event in over:
        # One came in part and one did not: none of the personas, who stand first.
        *there, half, _ = sorted(register.with_place(event), key=lambda one: one.person not in own)
        _tick(diary, event, there)
        _tick(diary, event, [half], sessions=1)
        attending.close_register(by=by, event=event, uuid=diary.run.uuid())
        _evaluated(diary, there)
    _tick(diary, open_still, list(register.with_place(open_still))[:5])
    certified = [diary.persona(key) for key in CERTIFIED]
    for attainment in Attainment.objects.filter(person__in=certified, booking__event__in=over):
        certifying.issue_certificate(attainment.entry.uuid)


def _evaluated(diary: Diary, there: list[Booking]) -> None:
    """What some thought of it so far; the personas have still to say."""
    said = Gathering(diary.run)
    others = [one for one in there if one.person not in diary.run.personas.values()]
    for number, booking in enumerate(others[:6]):
        _evaluate(diary, said, booking, number)
    write(said.drafts)


def _evaluate(diary: Diary, made: Gathering, booking: Booking, number: int) -> None:
    ratings = "".join(diary.rng.choices("3445555", k=5))
    made.evaluate(booking, ratings, COMMENTS[number % len(COMMENTS)])


def _introductory(diary: Diary) -> Event:
    """On a Friday, so that students could come; whoever was there can still say what they think."""
    event = diary.made.hold(
        diary.version("pet-ct-introductory-day"),
        [diary.friday(9)],
        FULL_DAY,
        site=diary.site("Cumberland"),
        venue="Education centre, room 2",
        joining=JOINING,
        capacity=12,
    )
    keys = ("student", "radiation_protection")
    diary.places(event, [*(diary.persona(key) for key in keys), *diary.some(9)], asked=40)
    return event


def _amyloid(diary: Diary) -> Event:
    """Last week; a radiographer among the personas was there."""
    event = diary.made.hold(
        diary.version("amyloid-pet"),
        [diary.day(-6)],
        FULL_DAY,
        site=diary.site("James Cook"),
        venue="Seminar room, level 1",
        joining=JOINING,
        capacity=14,
    )
    diary.places(event, [diary.persona("practice_educator"), *diary.some(7)], asked=40)
    return event


def _to_close(diary: Diary) -> Event:
    """Held the other day; half of those who came are ticked."""
    event = diary.made.hold(
        diary.version("pet-ct-introductory-day"),
        [diary.day(-2)],
        FULL_DAY,
        site=diary.site("Castle Hill"),
        venue="Queen’s Centre, seminar room",
        joining=JOINING,
        capacity=12,
    )
    diary.places(event, diary.some(9), asked=40)
    return event


def _older(diary: Diary) -> None:
    """Brought in as they were: who came, what it made, and what they thought of it."""
    made, rng = diary.made, diary.rng
    for code, before, where, comers, in_part in OLDER:
        columns: dict[str, Any] = {}
        if where:
            columns = {"site": diary.site(where), "venue": "Seminar room"}
        event = made.hold(
            diary.version(code),
            [diary.day(-before)],
            FULL_DAY if where else EVENING,
            state=Event.State.CLOSED,
            capacity=comers + 4,
            opened=diary.run.today - timedelta(days=before + 90),
            **columns,
        )
        # Older events have people of whom some come again: nobody is kept from that.
        among = diary.tiers[1] if code == "dementia-tier-2" else diary.staff
        for number, person in enumerate(rng.sample(among, comers)):
            outcome = State.PARTLY if number < in_part else State.ATTENDED
            booking = made.attended(event, person, outcome)
            if number % 3:
                _evaluate(diary, made, booking, number)


def _tick(diary: Diary, event: Event, bookings: list[Booking], sessions: int = 2) -> None:
    seen = [
        attending.Seen(booking, session, diary.run.uuid())
        for session in list(event.sessions.all())[:sessions]
        for booking in bookings
    ]
    attending.tick(by=diary.persona("school_educator"), event=event, seen=seen)
