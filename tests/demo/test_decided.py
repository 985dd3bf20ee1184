"""The demo's exam that is over: every sheet closed, a standard, its release, and an appeal."""

import pytest

from logbooks.osces.examined.source import ExamSource, of_exam
from logbooks.osces.models import AmendmentAsked, Appealed, Exam, Outcome, StationRated
from logbooks.osces.release.queries import standard
from school.core import ledger
from school.demo import builder, decided

pytestmark = pytest.mark.django_db


def past() -> ExamSource:
    found = of_exam(Exam.objects.get(title="Year 3 OSCE, first sitting").uuid)
    assert found
    return found


def test_every_sheet_is_closed_and_better_candidates_have_better_grades(
    demo: builder.Build,
) -> None:
    source = past()
    assert len(source.closed) == 120
    ranked = sorted(source.rows, key=lambda row: (row.mark or 0) / row.max_mark)
    worst, best = ranked[:30], ranked[-30:]
    assert sum(row.grade or 0 for row in worst) + 45 < sum(row.grade or 0 for row in best)


def test_every_finding_is_explained_in_words_for_its_kind(demo: builder.Build) -> None:
    source = past()
    kinds = {one.kind for one in source.findings}
    assert kinds == set(decided.EXPLAINED)
    assert len([one for one in source.findings if one.kind == "item not observed"]) == 2
    assert source.decision
    assert all(words for _, words in source.decision.said.explained)


def test_results_are_released_by_the_other_educator(demo: builder.Build) -> None:
    fact = standard(past().exam)
    assert fact
    people = [demo.personas[key].uuid for key in ("school_educator", "school_educator_2")]
    assert [fact.entry.actor, fact.released.entry.actor] == people
    outcomes = Outcome.objects.filter(superseded_by=None)
    assert (outcomes.count(), outcomes.filter(passed=None).count()) == (20, 0)
    assert outcomes.get(candidate__enrolment__person=demo.personas["student"]).passed
    assert 2 <= outcomes.filter(passed=False).count() <= 4


def test_one_amendment_was_accepted_and_one_appeal_waits(demo: builder.Build) -> None:
    [asked] = AmendmentAsked.objects.all()
    assert asked.accepted.entry.actor == demo.personas["school_educator"].uuid
    assert asked.entry.actor != asked.accepted.entry.actor
    [appeal] = Appealed.objects.select_related("outcome__candidate__enrolment")
    assert not hasattr(appeal, "answer")
    assert appeal.outcome.passed is False
    assert appeal.outcome.candidate.enrolment.person != demo.personas["student"]
    assert ledger.private_text(appeal, "words") == decided.APPEAL


def test_both_educators_rated_every_station(demo: builder.Build) -> None:
    assert StationRated.objects.count() == 12
