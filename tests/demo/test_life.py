"""What a newcomer finds around the hours: nobody who is signed in as meets only empty pages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import Q

from placements import (
    arriving_queries,
    concerns_queries,
    cover_queries,
    evaluations_queries,
    interruption_queries,
    preferences_queries,
    radiation_queries,
    units_queries,
)
from placements.models import (
    CheckKind,
    Meeting,
    MeetingSignature,
    Placement,
    PlaceRequest,
    ReasonableAdjustment,
    SiteAuditAction,
    SiteGuide,
    WorkingPattern,
)
from school.core.models import LedgerEntry
from school.demo import builder
from school.people.models import UnitStay
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def test_personas_find_the_life_of_placements(demo: builder.Build, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 19, 12, tzinfo=UTC))
    who, home = demo.personas, demo.sites[demo.home]
    own = Placement.objects.filter(enrolment__person=who["student"], site=home)
    [batches] = [evaluations_queries.whole_batches(Q(site=home))[home.pk]]
    figures = evaluations_queries.site_figures(home, batches).all
    [ready] = arriving_queries.to_come(who["student"])
    signed = MeetingSignature.objects.filter(person=who["student"]).values("meeting")
    asked = preferences_queries.asked_now(who["student_2"])
    found = {
        "the student has shown": {one.kind for one in ready.answers if one.holds},
        "the student signs": [
            row.meeting_kind for row in Meeting.objects.filter(~Q(pk__in=signed), placement__in=own)
        ],
        "the student's dose": len(radiation_queries.readings(own.get().enrolment)),
        "the student needs": ReasonableAdjustment.objects.filter(
            enrolment__person=who["student"], for_supervisors=True
        ).count(),
        "the second student would like": asked and len(preferences_queries.preferred(asked[0])),
        "the educator is away": [
            row.entry.about_from for row in cover_queries.covers_of([who["practice_educator"].pk])
        ],
        "the lead sees lacking": [
            (row.placement.enrolment.person.name, row.missing)
            for row in arriving_queries.lacking(Q(site=home))
        ],
        "the lead has to do": SiteAuditAction.objects.filter(
            audit__site=home, done_on=None
        ).count(),
        "the lead is asked": list(
            PlaceRequest.objects.filter(site=home).values_list("state", flat=True)
        ),
        "the lead plans by": WorkingPattern.objects.filter(site=home).count(),
        "the supervisor reads": [
            row.fact.enrolment.person.name for row, _ in radiation_queries.declared_to([home.pk])
        ],
        "the tutor reads": [
            row.placement.enrolment.person for row in concerns_queries.still_open([who["university_tutor"].pk])
        ],
        "the tutor's paused": interruption_queries.standing().count(),
        "the coordinator compares": figures and figures.answers,
        "moved": [row.site for row in Placement.objects.exclude(moved_from=None)],
        "guides": SiteGuide.objects.exclude(induction="").count(),
    }  # fmt: skip
    assert found == {
        "the student has shown": set(CheckKind.values),
        "the student signs": [Meeting.Kind.MIDWAY],
        "the student's dose": 1,
        "the student needs": 1,
        "the second student would like": 3,
        "the educator is away": [date(2026, 11, 30)],
        "the lead sees lacking": [
            ("Gwen Imagine", [CheckKind.MANUAL_HANDLING.label, CheckKind.DOSE_BADGE.label])
        ],
        "the lead has to do": 2,
        "the lead is asked": ["offered", "asked"],
        "the lead plans by": 3,
        "the supervisor reads": ["Gwen Imagine"],
        "the tutor reads": [who["student_2"]],
        "the tutor's paused": 2,
        "the coordinator compares": 10,
        "moved": [home],
        "guides": len(demo.sites),
    }
    mobile = [site.pk for site in demo.sites if UnitStay.objects.filter(site=site).exists()]
    assert all(units_queries.stays([site], TODAY) for site in mobile)
    assert len(mobile) == 5
    # What the builder does by actions is known from the day on which it does it.
    assert not LedgerEntry.objects.filter(imported=True, known_from__gt=TODAY).exists()
