"""Standards and releases for tests: a decision by hand over the sheets that are closed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from logbooks.osces import sealing
from logbooks.osces.marking import queries as marking
from logbooks.osces.marking.queries import Closed
from logbooks.osces.models import Candidate, MarkEvent, MarkSheet, ResultsReleased, StandardSet
from logbooks.osces.release import actions
from logbooks.osces.results.decision import AtStation, Decision, Result
from school.core import ledger
from school.core.ledger import Draft
from school.people.models import Person
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import close

CUT = 3


def marked(totals: Sequence[Sequence[int]], **changed: Any) -> Day:
    """A day on which each candidate got these marks, station by station, and as the grade one less or 1."""
    made = day(stations=len(totals[0]), candidates=len(totals), **changed)
    for candidate, own in zip(made.candidates, totals, strict=True):
        for station, total in zip(made.stations, own, strict=True):
            close(made, candidate, station, total, max(total - 1, 1))
    return made


def decided(made: Day, *, needed: int | None = None, **changed: Any) -> Decision:
    """Each station is passed with CUT marks, the whole with the sum of the cuts unless told otherwise."""
    sheets: dict[int, list[Closed]] = {}
    for one in marking.closed(made.exam):
        sheets.setdefault(one.closing.sheet.candidate_id, []).append(one)
    mark = needed or CUT * len(made.stations)
    said: dict[str, Any] = {
        "method": "percent",
        "percent": "60",
        "overrides": (),
        "sem": "0",
        "rounding": "none",
        "minimum": "0",
        "must_pass": (),
        "borderline": 2,
        "cuts": tuple((one.short, str(CUT)) for one in made.stations),
        "exact": str(mark),
        "pass_mark": str(mark),
        "needed": 0,
        "attendance": ("Bella Board", "Boris Board"),
        "reasons": "As in the years before.",
        "explained": (),
        "comparison": True,
        "resits_carry": True,
        "closings": tuple(one.closing.entry.uuid for own in sheets.values() for one in own),
        "results": tuple(
            _result(made, one, sheets[one.pk], mark) for one in made.candidates if one.pk in sheets
        ),
        **changed,
    }
    return Decision(**said)


def _result(made: Day, candidate: Candidate, own: Sequence[Closed], needed: int) -> Result:
    by: Mapping[str, Closed] = {one.station.short: one for one in own}
    stations = tuple(
        AtStation(
            station=one.short,
            title=one.document.title,
            mark=str(by[one.short].closing.total),
            most=one.document.most,
            cut=str(CUT),
            grade=str(by[one.short].closing.grade),
            passed=(by[one.short].closing.total or 0) >= CUT,
        )
        for one in made.stations
        if one.short in by
    )
    total = sum(Fraction(one.mark or 0) for one in stations)
    passed = total >= needed
    return Result(
        candidate=candidate.uuid,
        number=candidate.number,
        total=str(total),
        passed=passed,
        reasons=() if passed else (f"The total is below the pass mark of {needed}.",),
        stations=stations,
        domains=(("Safety", str(total), sum(one.most for one in stations)),),
    )


def recorded(
    made: Day, said: Decision | None = None, *, by: Person | None = None, after: StandardSet | None = None
) -> StandardSet:  # fmt: skip
    """The board's decision as a fact; the writer of the exam records it, unless told otherwise."""
    said = said or decided(made)
    text = sealing.canonical(said)
    fact = StandardSet(
        exam=made.exam, document=text, digest=sealing.digest_of(text), supersedes=after
    )
    with ledger.writing(made.exam.book) as pen:
        draft = Draft(fact=fact, book=made.exam.book, about_from=made.exam.day, uuid=uuid4())
        pen.append([draft], by=(by or made.writer).uuid)
    return fact


def released(made: Day, standard: StandardSet | None = None) -> ResultsReleased:
    """The reader of the exam releases the results."""
    return actions.release(by=made.reader, standard=standard or recorded(made), uuid=uuid4())


def tap(
    sheet: MarkSheet, number: int, part: str, value: int | None = None, *, words: str = "", **said: Any
) -> MarkEvent:  # fmt: skip
    """A tap of the sheet's examiner on one device, or words."""
    kind = MarkEvent.Said.WORDS if words else MarkEvent.Said.MARK
    fact = MarkEvent(
        **{"sheet": sheet, "device": UUID(int=7), "number": number, "part": part, "value": value, "said": kind, **said}
    )  # fmt: skip
    with ledger.writing(sheet.book) as pen:
        draft = Draft(fact=fact, book=sheet.book, about_from=sheet.exam.day, texts={"words": words})
        pen.append([draft], by=sheet.examiner.uuid)
    return fact
