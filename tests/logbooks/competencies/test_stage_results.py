"""Results of exams held here as they count towards a stage, in place of results from elsewhere."""

from typing import Any

import pytest

from logbooks.competencies import stage_changes, stage_queries
from logbooks.competencies.models import StageSignOff
from logbooks.osces.models import Outcome
from tests.logbooks.competencies.staged import Staged
from tests.logbooks.competencies.staged import here as here
from tests.logbooks.competencies.staged import media as media
from tests.logbooks.competencies.test_views_sign_off import page, queries_of
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.release.made import decided, recorded, released
from tests.placements.test_views_educator import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(here: Staged) -> Staged:
    """Everything stands but the OSCE."""
    here.fulfil(but="results")
    here.record("dispensing-simulation")
    return here


def sat(here: Staged, total: int, **changed: Any) -> Day:
    """The student sat an exam of two stations with so many marks at each, under a standard that is not released."""
    made = day(candidates=1, **changed)
    (candidate,) = made.candidates
    candidate.enrolment = here.enrolment
    candidate.save()
    for station in made.stations:
        close(made, candidate, station, total, 3)
    return made


def test_released_outcome_stands_in_for_a_result_from_elsewhere(ready: Staged) -> None:
    made = sat(ready, 4)
    standard = recorded(made)
    assert ready.missing == ["osce"]
    released(made, standard)
    assert ready.missing == []
    signed = ready.sign()
    outcome = Outcome.objects.get()
    assert f"{outcome.entry.uuid} {outcome.entry.hash}" in signed.rests_on.splitlines()


def test_exam_of_another_year_says_nothing_of_this_one(ready: Staged) -> None:
    made = sat(ready, 4)
    made.exam.year = 2
    made.exam.save()
    released(made, recorded(made))
    assert ready.missing == ["osce"]
    rests = stage_queries.rests_of(ready.enrolment, ready.standing)
    assert rests
    assert dict(rests.held) == {}


def test_outcome_that_failed_counts_before_a_result_from_elsewhere(ready: Staged) -> None:
    made = sat(ready, 1)
    first = recorded(made)
    released(made, first)
    assert ready.missing == ["osce"]
    ready.record("osce")
    assert ready.missing == ["osce"]
    released(made, recorded(made, decided(made, needed=1), after=first))
    assert ready.missing == []
    rests = stage_queries.rests_of(ready.enrolment, ready.standing)
    assert rests
    assert [row.task.code for row in rests.results] == ["dispensing-simulation"]
    assert list(rests.held) == ["osce"]


def test_outcome_that_says_nothing_leaves_the_result_from_elsewhere(ready: Staged) -> None:
    made = sat(ready, 4)
    said = decided(made)
    nothing = [{**_fields(one), "passed": None} for one in said.results]
    results = tuple(type(one)(**own) for one, own in zip(said.results, nothing, strict=True))
    released(made, recorded(made, decided(made, results=results)))
    assert ready.missing == ["osce"]
    ready.record("osce")
    assert ready.missing == []


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_sign_off_says_that_the_outcome_it_rests_on_was_followed(ready: Staged) -> None:
    made = sat(ready, 4)
    first = recorded(made)
    released(made, first)
    ready.sign()
    signed = StageSignOff.objects.get()
    minutes, version = ready.standing.minutes, ready.standing.version
    assert version
    assert stage_changes.changes_of(signed, minutes, version) == []
    released(made, recorded(made, after=first))
    [change] = stage_changes.changes_of(signed, minutes, version)
    assert change.words.startswith(
        "Rests on the result of an exam, which was followed by another on"
    )


def test_stage_page_shows_it_and_asks_for_no_other_result(ready: Staged) -> None:
    address = f"/log-books/{ready.enrolment.uuid}/stages/{ready.stage.uuid}/"
    cara, amara = browser(ready.cara), browser(ready.signers.amara)
    assert "results/osce/" in page(cara, address)
    made = sat(ready, 1)
    standard = recorded(made)
    assert "Not passed" not in page(amara, address)
    released(made, standard)
    shown = page(cara, address)
    assert ("Not passed" in shown, "results/osce/" in shown, "/osces/results/" in shown) == (True, False, False)  # fmt: skip
    assert '<a href="#held">No achieved result is recorded</a>' in shown
    assert f"/osces/results/{made.candidates[0].uuid}/" in page(amara, address)
    assert queries_of(cara, address) <= 12
    assert queries_of(amara, address) <= 12


def test_sign_page_says_what_was_passed_here(ready: Staged) -> None:
    made = sat(ready, 4)
    released(made)
    shown = page(browser(ready.cara), f"/sign-offs/{ready.placement.uuid}/stage/")
    assert f"{made.exam.title}: passed" in shown
