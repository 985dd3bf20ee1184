"""Hours of placements as figures: how soon decided, and against the band, as the record books say it one by one."""

from datetime import date

import pytest

from placements import as_known, books
from placements.models import Adjustment, BroughtForward, QueryReply
from school.core.days import london_day
from school.core.share import Share
from school.coverage import placement_hours
from school.coverage.placement_hours import Banded
from school.coverage.states import Question
from tests.placements.test_as_known import Story, ago

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Story:
    """Hours that were corrected, queried, answered, undone, taken back, brought on paper and adjusted."""
    told = Story()
    network = told.network
    monkeypatch.setattr(
        "placements.reference.day_types", lambda: {network.day_type.code: network.day_type}
    )
    first = told.shift(ago(50), ago(50))
    decision = told.decide(first, "queried", ago(45))
    told.write(QueryReply(decision=decision), ago(50), ago(44))
    second = told.shift(ago(50), ago(40), end="12:30", supersedes=first)
    confirmed = told.decide(second, "confirmed", ago(35))
    told.decide(second, "undone", ago(30), supersedes=confirmed)
    other = told.shift(ago(49), ago(48))
    told.decide(other, "confirmed", ago(46))
    back = told.shift(ago(47), ago(47))
    told.shift(ago(47), ago(42), supersedes=back, withdrawn=True)
    told.shift(ago(20), ago(20))
    hashed = {"signed_by_hash": "x" * 64, "scan_hash": "x" * 64}
    paper = BroughtForward(
        enrolment=network.enrolment, stage=network.stage, part="clinical", minutes=600,
        sighted_by=network.bob, **hashed,
    )  # fmt: skip
    told.write(paper, ago(60), ago(38), until=ago(41))
    adjusted = Adjustment(
        enrolment=network.enrolment, stage=network.stage, minutes=-90, second_person=network.bob,
        reason_hash="x" * 64,
    )  # fmt: skip
    told.write(adjusted, ago(28), ago(25), until=ago(25))
    return told


ASKED = [(0, known) for known in (50, 46, 45, 44, 42, 38, 35, 30, 25, 0)]
ASKED += [(as_of, 0) for as_of in (60, 50, 49, 41, 26)]


def test_counted_hours_are_those_of_the_book(story: Story) -> None:
    stage = story.network.stage
    for as_of, known in ASKED:
        cohorts, _ = placement_hours.banded(Question(ago(as_of), ago(known)))
        counted = story.totals(ago(as_of), ago(known)).counted
        assert [one.minutes for one in cohorts] == ([counted] if counted else []), (as_of, known)
        for one in cohorts:
            below = counted < stage.minimum_minutes
            over = counted > stage.maximum_minutes
            told = (one.students, one.below, one.inside, one.over)
            assert told == (1, int(below), int(not below and not over), int(over))


def test_a_sites_hours_are_those_worked_there_and_the_band_is_of_all_hours(story: Story) -> None:
    [cohort], [site] = placement_hours.banded(Question(ago(0), ago(0)))
    network = story.network
    assert cohort == Banded(network.enrolment.cohort_id, 1, 1, 0, 0, 1, 480 + 600 - 90, 480, 960)
    assert (site.group, site.minutes, site.students) == (network.site.pk, 480, 1)
    assert (site.below, site.inside, site.over) == (cohort.below, cohort.inside, cohort.over)
    asked = Question(ago(0), ago(0), sites=(network.site.pk,))
    assert [one.minutes for one in placement_hours.banded(asked)[0]] == [480]
    assert placement_hours.banded(Question(ago(0), ago(0), sites=(-1,))) == ([], [])


def judged(story: Story, as_of: date, known_on: date) -> list[tuple[date, date | None]]:
    book = books.read([story.book.pk], books.HOURS, known_on)[story.book.pk]
    pairs = as_known.judged(book, ago(0))
    return [pair for pair in pairs if pair[0] <= as_of]


def test_items_are_those_of_the_book(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[list[tuple[date, date | None]]] = []
    kept = placement_hours.tally

    def noting(items: list, today: date, limit: int = 5) -> object:  # type: ignore[type-arg]
        taken.append([(london_day(a), london_day(b) if b else None) for a, b in items])
        return kept(items, today, limit)

    monkeypatch.setattr(placement_hours, "tally", noting)
    for as_of, known in ASKED:
        taken.clear()
        placement_hours.decided(Question(ago(as_of), ago(known)))
        found = taken[0] if taken else []
        expected = judged(story, ago(as_of), ago(known))
        assert sorted(found, key=str) == sorted(expected, key=str), (as_of, known)


def test_all_sites_stand_before_each(story: Story) -> None:
    everybody, site = placement_hours.decided(Question(ago(0), ago(0)))
    assert (everybody.site, site.site) == (None, story.network.site.pk)
    assert everybody.within == site.within
    assert (everybody.within.share, everybody.within.enough) == (Share(3, 5), True)
    assert placement_hours.decided(Question(ago(0), ago(0), sites=(-1,))) == []
    assert placement_hours.decided(Question(ago(400), ago(0))) == []
