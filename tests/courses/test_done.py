"""What is told of learning: each completed course once, as it stands, and who published a course."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from logbooks.cpd.models import Noticed
from school.core import clock, ledger
from school.core.ledger import Draft
from school.courses import done
from school.courses.actions import attending, teaching
from school.courses.actions.attaining import void_attainment
from school.courses.models import Attainment, CourseVersion
from school.people.models import Person
from tests.courses import day, making
from tests.courses.attained import DAY, attain
from tests.factories import make_person
from tests.logbooks.cpd.told import drafts, hear

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

Source = Attainment.Source
TITLE = "Introductory Day"


@pytest.fixture
def alice() -> Person:
    return make_person("Alice Amber")


@pytest.fixture
def version() -> CourseVersion:
    return making.make_version()


def imported(
    person: Person, version: CourseVersion, before: Attainment | None = None, *, day: int = 0
) -> Attainment:
    """A line of a file, perhaps one that says otherwise than before."""
    fact = Attainment(
        person=person, course_version=version, source=Source.IMPORT, supersedes=before
    )
    about = DAY + timedelta(days=day)
    with ledger.writing(person.book) as pen:
        pen.append([Draft(fact=fact, book=person.book, about_from=about)], by=person.uuid)
    return fact


@pytest.mark.parametrize(
    ("source", "kind"),
    [(Source.MODULE, "module"), (Source.CLAIM, "course"), (Source.IMPORT, "course")],
)
def test_attainment_is_told_with_its_credit(
    alice: Person, version: CourseVersion, source: Source, kind: str
) -> None:
    fact = attain(alice, version, source=source)
    assert drafts(alice) == [(kind, TITLE, DAY.isoformat(), 360)]
    assert Noticed.objects.get(person=alice).key == fact.entry.uuid


def test_attended_event_is_told_on_its_day() -> None:
    teacher, event, [booking] = day.made("Alice Amber")
    first, second = day.sessions(event)
    with day.at("16:30"):
        day.tick(teacher, event, (booking, first), (booking, second))
        day.close(teacher, event)
    held = making.day_of(event)
    title = event.version.title
    assert drafts(booking.person) == [("course", title, held.isoformat(), 360)]


def test_event_attended_in_part_is_told_until_it_is_whole() -> None:
    teacher, event, [booking] = day.made("Alice Amber")
    first, second = day.sessions(event)
    with day.at("16:30"):
        day.tick(teacher, event, (booking, first))
        assert drafts(booking.person) == []
        day.close(teacher, event)
    held, title = making.day_of(event).isoformat(), event.version.title
    assert drafts(booking.person) == [("course", f"{title}, in part", held, 180)]
    said = {"by": teacher, "booking": booking, "reason": "The list was wrong."}
    with day.at("10:00", days=1):
        attending.correct(session=second, present=True, uuid=uuid4(), **said)
        assert drafts(booking.person) == [("course", title, held, 360)]
        attending.correct(session=second, present=False, uuid=uuid4(), **said)
        assert drafts(booking.person) == [("course", f"{title}, in part", held, 180)]
        attending.correct(session=first, present=False, uuid=uuid4(), **said)
    assert drafts(booking.person) == []


def test_excused_person_is_told_what_they_were_there_for() -> None:
    teacher, event, [alice, bob] = day.made("Alice Amber", "Bob Birch")
    with day.at("12:30"):
        day.tick(teacher, event, (alice, day.sessions(event)[0]))
        for booking in (alice, bob):
            attending.excuse(by=teacher, booking=booking, reason="Called to the ward.")
    day.close(teacher, event)
    assert day.states(alice, bob) == ["excused", "excused"]
    assert [minutes for *_, minutes in drafts(alice.person)] == [180]
    assert drafts(bob.person) == []


def test_void_attainment_goes(alice: Person, version: CourseVersion) -> None:
    fact = attain(alice, version)
    assert len(drafts(alice)) == 1
    void_attainment(by=making.make_teacher(), attainment=fact, reason="A mistake.", uuid=uuid4())
    assert drafts(alice) == []


def test_superseding_import_is_the_same_on_its_new_day(
    alice: Person, version: CourseVersion
) -> None:
    first = imported(alice, version)
    hear()
    second = imported(alice, version, first, day=2)
    third = imported(alice, version, second, day=4)
    later = (DAY + timedelta(days=4)).isoformat()
    assert drafts(alice) == [("course", TITLE, later, 360)]
    assert Noticed.objects.get(person=alice).key == first.entry.uuid
    told = [done.attained([fact.entry.uuid]) for fact in (first, second, third)]
    assert told[0] == told[1] == told[2]


def test_many_are_read_with_as_many_queries_as_one(alice: Person, version: CourseVersion) -> None:
    facts = [attain(alice, version, day=DAY + timedelta(days=n)).entry.uuid for n in range(5)]
    counts = []
    for some in (facts[:1], facts):
        with CaptureQueriesContext(connection) as queries:
            assert len(done.attained(some)) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_publishing_a_course_is_told_once_to_whoever_publishes() -> None:
    teacher = making.make_teacher()
    version = making.make_version(by=teacher)
    today = clock.today()
    published = ("publishing", f"{TITLE} published", today.isoformat(), None)
    assert drafts(teacher) == [published]
    sent = {
        "published_on": version.published_on,
        "outcomes": version.outcomes.splitlines(),
        "credit_minutes": version.credit_minutes,
    }
    teaching.publish_version(by=teacher, course=version.course, uuid=version.uuid, **sent)
    assert drafts(teacher) == [published]
    assert Noticed.objects.get().key == version.uuid
