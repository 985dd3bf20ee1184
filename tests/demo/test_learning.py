"""The School in the demo: true to its own facts and rules, and something of it for everyone who is signed in as."""

from datetime import date, time

import pytest
from django.db.models import Count, F, Q
from wagtail.models import WorkflowState

from cms.models import CoursePage, EventPage
from school.core import days, ledger, registries
from school.courses import evaluation_queries, queries, standing
from school.courses.models import (
    Attainment,
    Booking,
    Certificate,
    Claim,
    Course,
    Event,
)
from school.demo import builder
from school.people.models import Person, PostTerm
from school.people.queries import identity
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db

State = Booking.State
TAUGHT = 11


def coming() -> list[Event]:
    """The open events after the demo's today."""
    starts = days.end_of_day(TODAY)
    return list(Event.objects.filter(state=Event.State.OPEN, starts__gt=starts))


def test_bookings_and_events_stand_on_their_steps(demo: builder.Build) -> None:
    assert standing.rebuild() == []


def test_no_event_has_more_people_than_places(demo: builder.Build) -> None:
    taken = Q(bookings__state__in=(*Booking.TAKES_PLACE, *Booking.AFTERWARDS))
    rows = Event.objects.annotate(taken=Count("bookings", filter=taken))
    assert not rows.filter(taken__gt=F("capacity")).exists()


def test_nobody_waits_where_places_are_free(demo: builder.Build) -> None:
    assert [event for event in coming() if queries.line(event) and queries.free(event)] == []


def test_live_bookings_meet_what_is_asked_of_them(demo: builder.Build) -> None:
    found = []
    live = Booking.objects.filter(state__in=Booking.LIVE, event__in=coming())
    for booking in live.select_related("event__version__course", "person"):
        event, person = booking.event, booking.person
        found += queries.missing(event.version, identity(person), days.london_day(event.starts))
        own = set(event.sessions.values_list("starts", "ends"))
        for one in registries.clashes(identity(person), event.starts, event.ends):
            if any(one.start < ends and starts < one.end for starts, ends in own - {(one.start, one.end)}):  # fmt: skip
                found.append(f"{booking}: {one.what}")
    assert found == []


def test_events_are_there_in_every_state_that_a_newcomer_should_meet(demo: builder.Build) -> None:
    open_events = coming()
    noon = days.instant(TODAY, time(12))
    shown = {
        "places left": any(queries.free(one) > 1 and not one.needs_approval for one in open_events),
        "full": any(queries.line(one) for one in open_events),
        "deadline near": any((one.closes - noon).days < 2 for one in open_events),
        "not open yet": any(one.opens > noon for one in open_events),
        "approval": any(one.needs_approval for one in open_events),
        "two days": any(one.sessions.count() > 2 for one in open_events),
        "cancelled": Event.objects.filter(state=Event.State.CANCELLED).count(),
        "draft": Event.objects.filter(state=Event.State.DRAFT).count(),
        "to close": Event.objects.filter(
            state=Event.State.OPEN, ends__lt=days.start_of_day(TODAY)
        ).count(),
    }
    assert shown == {
        "places left": True,
        "full": True,
        "deadline near": True,
        "not open yet": True,
        "approval": True,
        "two days": True,
        "cancelled": 1,
        "draft": 1,
        "to close": 1,
    }


def test_personas_find_something_on_their_learning(demo: builder.Build) -> None:
    who = demo.personas
    radiographer = who["practice_educator"]
    booked = {
        key: sorted(Booking.objects.filter(person=person).values_list("state", flat=True))
        for key, person in who.items()
    }
    assert booked == {
        "student": ["attended", "booked"],
        "student_2": ["waiting"],
        "practice_educator": ["attended", "attended", "booked", "held"],
        "site_lead": ["attended", "booked"],
        "radiation_protection": ["attended", "attended", "booked", "by_school"],
        "coordinator": [],
        "university_tutor": ["booked"],
        "programme_lead": [],
        "school_educator": [],
        "school_educator_2": [],
        "workforce_manager": ["booked"],
        "report_viewer": [],
        "workforce_manager_2": [],
        "external_examiner": [],
        "administrator": [],
    }
    [claim] = Claim.objects.all()
    assert (claim.person, claim.course.code) == (radiographer, "teaching-students")
    assert ledger.private_text(claim, "words").startswith("University of Cumbria\n")
    certified = Certificate.objects.values_list("attainment__person", flat=True)
    assert set(certified) == {
        who[key].pk for key in ("student", "practice_educator", "radiation_protection")
    }


def test_record_shows_the_version_of_then(demo: builder.Build) -> None:
    rows = Attainment.objects.filter(person=demo.personas["practice_educator"])
    held = {
        (row.course_version.course.code, row.course_version.number): row.entry.about_from
        for row in rows.select_related("course_version__course", "entry")
    }
    assert held["dementia-skills", 1] == date(2016, 10, 12)
    assert Course.objects.get(code="dementia-skills").versions.count() == 2


def test_site_lead_is_asked_about_their_staff(demo: builder.Build) -> None:
    asked = Booking.objects.filter(state=State.REQUESTED)
    approvers = {person.name for one in asked for person in queries.approvers(one.person)}
    assert (asked.count(), approvers) == (2, {demo.personas["site_lead"].name})


def test_evaluations_of_older_events_can_be_read(demo: builder.Build) -> None:
    older = Event.objects.filter(
        state=Event.State.CLOSED, starts__gt=days.start_of_day(date(2020, 1, 1))
    )
    read = [evaluation_queries.results(event).counted for event in older]
    assert sorted(read) == [5, 5, 5, 5, 5, 5, 10]


def test_pages_are_public_but_one_that_waits_for_its_reader(demo: builder.Build) -> None:
    assert CoursePage.objects.live().count() == TAUGHT
    draft = EventPage.objects.get(live=False)
    assert draft.event.state == Event.State.DRAFT
    [waiting] = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
    assert waiting.object_id == str(draft.pk)


# The series of 2016 ------------------------------------------------------------------------------


def workforce_on(day: date) -> set[Person]:
    """Who had a post on a day."""
    terms = PostTerm.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=day), entry__about_from__lte=day
    )
    return {term.post.person for term in terms.select_related("post__person")}


def attended_in(first: date, last: date) -> set[Person]:
    """Who attained the skills course in a window."""
    rows = queries.attainments().filter(
        course_version__course__code="dementia-skills", entry__about_from__range=(first, last)
    )
    return {row.person for row in rows.select_related("person")}


def test_over_thirty_percent_of_the_workforce_attended_in_late_2016(demo: builder.Build) -> None:
    there = workforce_on(date(2016, 12, 31))
    came = attended_in(date(2016, 10, 1), date(2016, 12, 31))
    assert (len(workforce_on(date(2015, 12, 31))), len(there), len(came)) == (120, 150, 53)
    assert came <= there
    assert len(came & there) / len(there) > 0.3


def test_series_is_told_as_it_was_known_then(demo: builder.Build) -> None:
    rows = Attainment.objects.filter(course_version__course__code="dementia-skills")
    entries = [row.entry for row in rows.select_related("entry")]
    assert {entry.imported for entry in entries} == {True}
    known = [(entry.known_from - entry.about_from).days for entry in entries]
    # Of three who attended elsewhere the School heard weeks later.
    assert sorted(known) == [1] * 50 + [59, 59, 84]


def test_workforce_of_2016_came_on_mobile_units(demo: builder.Build) -> None:
    crews = PostTerm.objects.standing().filter(entry__about_from__lte=date(2016, 12, 31))
    assert set(crews.values_list("crew", flat=True)) == {"mobile"}
