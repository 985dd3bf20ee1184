"""The board's decision and the judges' ratings as facts: whole or not at all, by whom, and only as shown."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from logbooks.osces import sealing
from logbooks.osces.analysis.compared import Method, Rounding, Standard
from logbooks.osces.examined.source import ExamSource
from logbooks.osces.models import StandardSet, StationRated
from logbooks.osces.release import shown
from logbooks.osces.release.cohort import cohort
from logbooks.osces.results import actions, decision, history, judging, queries
from logbooks.osces.results.decided import Choice, worked
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person
from tests.factories import make_person
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.results.made import explained, reference, source
from tests.logbooks.osces.stations.made import educator, item, small

pytestmark = pytest.mark.django_db
CUT = Standard(Method.PERCENT, Fraction(60))


def choice(found: ExamSource, standard: Standard = CUT, **changed: object) -> Choice:
    said = Choice(standard, ("Ada Chair", "Ben Member"), "As last year.", explained(found), True, False)  # fmt: skip
    return replace(said, **changed)  # type: ignore[arg-type]


def decide(made: Day, said: Choice | None = None, uuid: UUID | None = None, **by: Person) -> StandardSet:  # fmt: skip
    found = source(made)
    said = said or choice(found)
    return actions.set_standard(
        by=by.get("by", made.writer),
        source=found,
        choice=said,
        seen=sealing.digest(worked(found, said).decision),
        uuid=uuid or uuid4(),
    )


def marked(candidates: int = 3) -> Day:
    """Two stations where everybody has a mark and a grade."""
    made = day(stations=2, candidates=candidates)
    for place, one in enumerate(made.candidates):
        for station in made.stations:
            close(made, one, station, min(2 + place, 5), min(1 + place, 5))
    return made


@pytest.mark.engine
def test_decision_is_kept_whole() -> None:
    made = marked()
    fact = decide(made)
    assert queries.standing(made.exam) == fact
    said = decision.from_canonical(fact.document)
    assert fact.digest == sealing.digest_of(fact.document)
    assert (said.method, said.percent, said.pass_mark) == ("percent", "60", "6")
    assert said.attendance == ("Ada Chair", "Ben Member")
    assert said.comparison
    assert not said.resits_carry
    assert [one.passed for one in said.results] == [False, True, True]
    assert [one.number for one in said.results] == [101, 102, 103]
    first = said.results[0]
    assert first.reasons == ("The total is below the pass mark.",)
    assert (first.stations[0].station, first.stations[0].mark, first.stations[0].cut) == ("S1", "2", "3")  # fmt: skip
    assert first.domains == (("No domain", "4", 10),)
    assert len(said.closings) == 6
    assert len(said.explained) == len(source(made).findings)
    assert said.result(made.candidates[0].uuid) == first


def test_domains_of_two_sheets_at_a_station_are_their_mean() -> None:
    other = make_person("Second Examiner")
    items = (
        item(1, domain="Safety"),
        item(2, "Greets", domain="Care"),
        item(3, "Listens", domain="Care"),
    )
    made = day(stations=2, candidates=6, document=small(items=items), beside=other)
    for one in made.candidates:
        for station in made.stations:
            close(made, one, station, 4, 3)
    close(made, made.candidates[0], made.stations[0], 1, 2, examiner=other)
    results = decision.from_canonical(decide(made).document).results
    assert results[0].domains == (("Care", "3", 8), ("Safety", "7/2", 4))
    assert results[0].total == str(sum(Fraction(own) for _, own, _ in results[0].domains))
    assert results[1].domains == (("Care", "4", 8), ("Safety", "4", 4))
    found = cohort(results)
    assert found
    assert found.domains.keys() == {("Care", 8), ("Safety", 4)}
    lines = shown.domains(results[0], found)
    assert [(line.mark, bool(line.cohort)) for line in lines] == [("3 of 8", True), ("3.5 of 4", True)]  # fmt: skip


def test_example_decides_as_the_reference_does() -> None:
    made = reference()
    found = source(made)
    standard = Standard(Method.REGRESSION, rounding=Rounding.NONE, k=Fraction(1))
    fact = decide(made, choice(found, standard))
    said = decision.from_canonical(fact.document)
    assert dict(said.cuts)["S4"] == "3463/407"
    assert said.exact.startswith("72.934545")
    assert sum(one.passed is True for one in said.results) == 15
    station = made.stations[3].place.version.station  # type: ignore[union-attr]
    [held] = history.of_station(station.pk)
    assert held.cut == Fraction(3463, 407)
    assert held.failures == 5
    assert held.r_squared is not None
    assert f"{float(held.r_squared):.6f}" == "0.572465"


def test_same_decision_sent_twice_is_one_and_a_new_one_supersedes() -> None:
    made = marked()
    found = source(made)
    said, uuid = choice(found), uuid4()
    first = decide(made, said, uuid)
    assert decide(made, said, uuid) == first
    with pytest.raises(Conflict, match="just this already"):
        decide(made, said)
    second = decide(made, replace(said, reasons="We looked again."))
    assert second.supersedes == first
    assert queries.standing(made.exam) == second
    assert decide(made, said, uuid) == first, "a retry after that is still answered"
    assert StandardSet.objects.count() == 2


def test_decision_needs_the_permission() -> None:
    made = marked()
    with pytest.raises(NotAllowed):
        decide(made, by=made.examiners[0][0])
    assert not StandardSet.objects.exists()


def test_finding_without_an_explanation_stops_the_decision() -> None:
    extra = day(stations=2, candidates=2)
    close(extra, extra.candidates[0], extra.stations[0], 4, 3)
    close(extra, extra.candidates[0], extra.stations[1], 4, 3)
    found = source(extra)
    quiet: Mapping[str, str] = {**explained(found), found.findings[0].key: " "}
    with pytest.raises(DomainError, match="Explain this, or mend it") as error:
        decide(extra, choice(found, explained=quiet))
    assert error.value.field == f"explain-{found.findings[0].key}"
    assert decide(extra, choice(found))


def test_without_a_result_nothing_is_decided() -> None:
    made = day(stations=2, candidates=2)
    with pytest.raises(DomainError, match="No sheet is closed at: S1, S2"):
        decide(made)
    close(made, made.candidates[0], made.stations[0], 4, 3)
    with pytest.raises(DomainError, match="No sheet is closed at: S2"):
        decide(made)
    close(made, made.candidates[1], made.stations[1], 4, 3)
    with pytest.raises(DomainError, match="Nobody has a mark at every station"):
        decide(made)
    close(made, made.candidates[0], made.stations[1], 4, 3)
    found = source(made)
    with pytest.raises(DomainError, match="gives no result"):
        decide(made, choice(found, Standard(Method.REGRESSION)))
    assert not StandardSet.objects.exists()


def test_marks_that_changed_since_they_were_shown_stop_the_decision() -> None:
    made = marked()
    found = source(made)
    said = choice(found)
    seen = sealing.digest(worked(found, said).decision)
    late = make_person("Stray Examiner")
    close(made, made.candidates[0], made.stations[0], 5, 5, examiner=late)
    now = source(made)
    with pytest.raises(Conflict, match="not what was shown"):
        actions.set_standard(
            by=made.writer,
            source=now,
            choice=replace(said, explained=explained(now)),
            seen=seen,
            uuid=uuid4(),
        )


def test_nobody_is_named_by_their_nhs_number() -> None:
    made = marked()
    with pytest.raises(DomainError, match="NHS number"):
        decide(made, choice(source(made), reasons="Look at 943 476 5919."))
    with pytest.raises(DomainError, match="NHS number"):
        decide(made, choice(source(made), attendance=("Ada Chair", "943 476 5919")))
    assert not StandardSet.objects.exists()


def test_digits_of_a_fraction_are_no_nhs_number() -> None:
    made = marked()
    fact = decide(made, choice(source(made), Standard(Method.PERCENT, Fraction(9434765919, 10**10))))  # fmt: skip
    assert "9434765919/" in fact.document


def test_earlier_cut_of_a_station_stands_in() -> None:
    made = marked()
    decide(made)
    later = source(made)
    station = made.stations[0].place.version.station  # type: ignore[union-attr]
    [held] = history.of_station(station.pk)
    assert (held.cut, held.difficulty, held.failures) == (3, 60, 1)
    assert not later.given.earlier, "not its own"


# Judges ------------------------------------------------------------------------------------------


def shares(made: Day, *own: int) -> dict[UUID, int]:
    items = made.stations[0].document.items
    return {item.key: share for item, share in zip(items, own, strict=True)}


def rate(made: Day, by: Person, *own: int, uuid: UUID | None = None) -> StationRated:
    return actions.rate(
        by=by,
        source=source(made),
        station=made.stations[0],
        shares=shares(made, *own),
        uuid=uuid or uuid4(),
    )


@pytest.mark.engine
def test_judges_ratings_come_to_a_cut_with_its_error() -> None:
    made = day(stations=2, candidates=1)
    rate(made, made.writer, 500, 500, 500)
    rate(made, made.examiners[0][0], 1000, 500, 0)
    ratings = judging.standing(made.exam)[made.stations[0].place.pk]
    found = judging.judged(made.stations[0], ratings)
    assert found.cut == Fraction(11, 4)
    assert found.se == pytest.approx(0.25)
    assert [spread for _, spread in found.items] == [(50, 75, 100), (50, 50, 50), (0, 25, 50)]
    assert source(made).given.judged == {"S1": Fraction(11, 4)}


def test_judges_later_rating_supersedes_their_own_alone() -> None:
    made = day(stations=2, candidates=1)
    uuid = uuid4()
    first = rate(made, made.writer, 500, 500, 500, uuid=uuid)
    other = rate(made, made.reader, 100, 100, 100)
    assert rate(made, made.writer, 500, 500, 500, uuid=uuid) == first
    second = rate(made, made.writer, 600, 600, 600)
    assert second.supersedes == first
    assert judging.standing(made.exam)[made.stations[0].place.pk] == [other, second]
    assert rate(made, made.writer, 500, 500, 500, uuid=uuid) == first


def test_only_judges_rate() -> None:
    made = day(stations=2, candidates=1)
    with pytest.raises(NotAllowed):
        rate(made, make_person("Somebody Else"), 500, 500, 500)
    assert rate(made, educator("Edie Educator"), 500, 500, 500)


@pytest.mark.parametrize("own", [{}, {0: 1001}, {0: -1}])
def test_every_item_is_rated(own: dict[int, int]) -> None:
    made = day(stations=2, candidates=1)
    given = shares(made, 500, 500, 500)
    items = list(given)
    wrong = {items[0]: 500} if not own else {**given, items[0]: own[0]}
    with pytest.raises(DomainError, match="Rate every item"):
        actions.rate(
            by=made.writer,
            source=source(made),
            station=made.stations[0],
            shares=wrong,
            uuid=uuid4(),
        )


def test_decision_by_judges() -> None:
    made = marked()
    found = source(made)
    with pytest.raises(DomainError, match="gives no result"):
        decide(made, choice(found, Standard(Method.ANGOFF)))
    rate(made, made.writer, 500, 500, 500)
    actions.rate(
        by=made.writer,
        source=source(made),
        station=made.stations[1],
        shares=shares(made, 1000, 0, 0),
        uuid=uuid4(),
    )
    said = decision.from_canonical(
        decide(made, choice(source(made), Standard(Method.ANGOFF))).document
    )
    assert dict(said.cuts) == {"S1": "5/2", "S2": "2"}
