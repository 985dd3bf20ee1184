"""Whole stages in the demo: earlier years are signed, one waits for a newcomer, and what comes from elsewhere and from paper has its document."""

import pytest

from logbooks.competencies import paper, stage_queries, standing
from logbooks.competencies.models import ExternalResult, SignOff, StageSignOff
from placements.models import Enrolment
from school.core import documents
from school.demo import builder

pytestmark = pytest.mark.django_db


def of(demo: builder.Build, persona: str) -> Enrolment:
    return Enrolment.objects.get(person=demo.personas[persona])


def test_earlier_years_of_the_personas_are_signed_and_stand(demo: builder.Build) -> None:
    signed = StageSignOff.objects.select_related("enrolment__person", "stage", "framework_version")
    years = {key: sorted(row.stage.year for row in signed.filter(enrolment=of(demo, key))) for key in ("student", "student_2")}  # fmt: skip
    assert years == {"student": [1, 2], "student_2": [1]}
    for row in signed:
        found = stage_queries.of_stage(row.enrolment, row.stage)
        rests = stage_queries.rests_of(row.enrolment, found)
        assert rests is not None
        assert (found.missing, row.rests_on, row.minutes) == ([], rests.text, rests.minutes)


def test_a_stage_waits_for_the_lead_of_the_personas_site(demo: builder.Build) -> None:
    lead = demo.personas["site_lead"]
    ready = stage_queries.ready_for([lead.pk])
    assert {row.site for row in ready} == {demo.sites[demo.home]}


def test_result_from_elsewhere_has_a_second_go_and_its_document(demo: builder.Build) -> None:
    first, second = ExternalResult.objects.filter(enrolment=of(demo, "student")).order_by("pk")
    assert (first.outcome, second.outcome, second.supersedes) == ("not_yet", "achieved", first)
    for row in ExternalResult.objects.select_related("enrolment"):
        name = stage_queries.name_of(row.enrolment, row.document)
        assert documents.kept(stage_queries.FOLDER, name, row.document)


def test_first_year_of_a_persona_stands_on_paper_with_its_scan(demo: builder.Build) -> None:
    enrolment = of(demo, "student")
    rows = SignOff.objects.filter(proof="paper").select_related("competency", "person")
    assert {(row.enrolment, row.competency.year, row.person) for row in rows} == {
        (enrolment, 1, demo.personas["programme_lead"])
    }
    for row in rows:
        assert documents.kept(paper.FOLDER, stage_queries.name_of(enrolment, row.scan), row.scan)
    assert standing.rebuild(enrolment) == []
