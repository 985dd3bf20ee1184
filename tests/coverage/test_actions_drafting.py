"""Drafts of requirements: saved, thrown away, begun from what stands, and published once and for all."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.coverage.actions.drafting import (
    asking_of,
    begin_next,
    discard_draft,
    missing_courses,
    publish_draft,
    save_draft,
)
from school.coverage.models import Requirement, RequirementDraft, RequirementVersion
from school.people.models import Person
from school.people.roles import SITE_LEAD
from tests.coverage.making import Staff, manager
from tests.people.cast import a_person, holds

pytestmark = pytest.mark.django_db

FIRST = date(2026, 4, 1)
SAID: dict[str, Any] = {
    "code": "fire",
    "name": "Fire safety",
    "courses": "a",
    "decided": True,
    "active_months": 24,
    "source": "Policy 14",
    "starts": FIRST,
}


def draft(by: Person, **said: Any) -> RequirementDraft:
    """A draft of fire safety, satisfied by course A."""
    if not said.pop("no_course", False):
        Staff().course("A")
    return save_draft(by=by, uuid=uuid4(), columns=SAID | said)


def publish(by: Person, one: RequirementDraft) -> RequirementVersion:
    """The version that a draft becomes, read as it is."""
    return publish_draft(by=by, draft=one.uuid, seen=one.history.latest().history_id)


def test_published_draft_is_a_version_under_its_own_uuid() -> None:
    by = manager()
    one = draft(by, whom="crew=mobile", grace_days=30, target_percent=95)
    version = publish(by, one)
    assert (version.entry.uuid, version.entry.actor) == (one.uuid, by.uuid)
    assert (version.entry.about_from, version.entry.known_from) == (FIRST, clock.today())
    assert (version.whom, version.courses) == ("crew=mobile", "a")
    assert (version.active_months, version.grace_days, version.target_percent) == (24, 30, 95)
    assert [row.crew for row in version.groups.all()] == ["mobile"]
    assert [row.course.code for row in version.accepted.all()] == ["a"]
    assert not RequirementDraft.objects.exists()


def test_published_twice_it_is_one_version() -> None:
    by = manager()
    one = draft(by)
    seen = one.history.latest().history_id
    first = publish_draft(by=by, draft=one.uuid, seen=seen)
    assert publish_draft(by=by, draft=one.uuid, seen=seen) == first
    assert RequirementVersion.objects.count() == 1


def test_what_was_changed_meanwhile_is_read_again() -> None:
    by = manager()
    one = draft(by)
    seen = one.history.latest().history_id
    save_draft(by=by, uuid=one.uuid, columns=SAID | {"target_percent": 99}, changing=True)
    with pytest.raises(Conflict, match="changed this draft meanwhile"):
        publish_draft(by=by, draft=one.uuid, seen=seen)
    assert not RequirementVersion.objects.exists()


def test_thrown_away_it_is_not_published() -> None:
    by = manager()
    one = draft(by)
    discard_draft(by=by, draft=one)
    with pytest.raises(Conflict, match="thrown away"):
        publish_draft(by=by, draft=one.uuid, seen=1)
    assert RequirementDraft.history.filter(uuid=one.uuid).latest().history_type == "-"


def test_next_version_begins_as_the_last_one_and_corrects_only_on_its_day() -> None:
    by = manager()
    first = publish(by, draft(by))
    begun = begin_next(by=by, requirement=first.requirement, uuid=uuid4())
    assert (begun.active_months, begun.courses, begun.starts) == (24, "a", None)
    with pytest.raises(DomainError, match="first day") as refused:
        asking_of(begun)
    assert refused.value.field == "starts"
    later = FIRST + timedelta(days=365)
    columns = SAID | {"starts": later, "active_months": 12}
    save_draft(by=by, uuid=begun.uuid, columns=columns, changing=True)
    second = publish(by, RequirementDraft.objects.get())
    assert second.supersedes is None
    third = publish(by, draft(by, no_course=True, starts=later, active_months=36))
    assert third.supersedes == second
    assert RequirementVersion.objects.standing().count() == 2
    with pytest.raises(DomainError, match="says the same"):
        publish(by, draft(by, no_course=True, starts=later, active_months=36))
    marked = draft(by, no_course=True, starts=later, active_months=36, radiation=True)
    assert publish(by, marked) == third, "no version is made of it"
    first.requirement.refresh_from_db()
    assert first.requirement.radiation
    assert not RequirementDraft.objects.filter(uuid=marked.uuid).exists()


def test_nothing_undecided_is_published() -> None:
    by = manager()
    Staff().course("A")
    for said, field in (
        ({"decided": False}, "shape"),
        ({"starts": None}, "starts"),
        ({"source": ""}, "source"),
        ({"courses": ""}, "courses"),
        ({"courses": "a|not-there"}, "courses"),
    ):
        one = save_draft(by=by, uuid=uuid4(), columns=SAID | said)
        with pytest.raises(DomainError) as refused:
            publish(by, one)
        assert refused.value.field == field
    assert not Requirement.objects.exists()


def test_courses_that_are_not_there_are_named() -> None:
    by = manager()
    one = draft(by, courses="a|b|not-there")
    assert missing_courses(one) == ["b", "not-there"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"ends": FIRST - timedelta(days=1)}, "ends"),
        ({"renewal": "fixed", "active_months": 12}, "due_on"),
        ({"whom": "crew=flying"}, "whom"),
    ],
)
def test_draft_that_cannot_be_is_refused(said: dict[str, Any], field: str) -> None:
    by = manager()
    with pytest.raises(DomainError) as refused:
        draft(by, **said)
    assert refused.value.field == field


def test_two_drafts_of_a_requirement_call_it_the_same() -> None:
    by = manager()
    draft(by)
    with pytest.raises(DomainError, match="Another draft calls this"):
        draft(by, no_course=True, name="Fires")


def test_sent_again_with_other_content_is_a_conflict() -> None:
    by = manager()
    one = draft(by)
    assert save_draft(by=by, uuid=one.uuid, columns=SAID) == one
    with pytest.raises(Conflict):
        save_draft(by=by, uuid=one.uuid, columns=SAID | {"name": "Other"})


def test_only_a_workforce_manager_of_the_network_says_what_is_required() -> None:
    by = manager()
    one = draft(by)
    lead = a_person("Lee Lead")
    holds(lead, SITE_LEAD, Staff().site("Elm").scope)
    calls: list[Any] = [
        lambda: draft(lead, no_course=True),
        lambda: discard_draft(by=lead, draft=one),
        lambda: publish(lead, one),
        lambda: begin_next(by=lead, requirement=Requirement(code="x", name="X"), uuid=uuid4()),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
    assert RequirementDraft.objects.count() == 1
