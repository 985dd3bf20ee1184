"""The dementia skills course in the last months of 2016, which a third of the network's workforce attended."""

import random
from datetime import date

from school.courses.models import Booking, CourseVersion, Event
from school.demo.gathering import FULL_DAY, Gathering
from school.demo.run import Build
from school.people.models import Person

State = Booking.State
COURSE = "dementia-skills"
# The days, and where, by a part of the site's name.
HELD = (
    (date(2016, 10, 12), "Cumberland"),
    (date(2016, 10, 26), "Clatterbridge"),
    (date(2016, 11, 9), "Glenfield"),
    (date(2016, 11, 22), "Leeds"),
    (date(2016, 12, 1), "Southampton"),
    (date(2016, 12, 13), "Maidstone"),
)
PLACES, BOOKED = 12, 9
# What came of the bookings that did not lead to attendance, by their number.
PARTLY, ABSENT = (10, 25, 40), (50,)


def build_series(run: Build, copy: int, workforce: list[Person]) -> None:
    """Six days of the course, each with nine of those who worked in the network then."""
    rng = random.Random(f"{run.seed} {run.today} {run.scale} {copy} series")
    version = CourseVersion.objects.get(course__code=COURSE, number=1)
    # The personas come first in the workforce of then, and to the first day, at their own site.
    own = [person for person in workforce if person in run.personas.values()]
    others = [person for person in workforce if person not in own]
    comers = [*own, *rng.sample(others, len(HELD) * BOOKED - len(own))]
    made = Gathering(run)
    for place, (day, where) in enumerate(HELD):
        event = made.hold(
            version,
            [day],
            FULL_DAY,
            state=Event.State.CLOSED,
            site=next(site for site in run.sites if where in site.name),
            venue="Seminar room",
            capacity=PLACES,
        )
        for number in range(place * BOOKED, (place + 1) * BOOKED):
            made.attended(event, comers[number], _outcome(number))
    made.write()


def _outcome(number: int) -> Booking.State:
    if number in ABSENT:
        return State.ABSENT
    return State.PARTLY if number in PARTLY else State.ATTENDED
