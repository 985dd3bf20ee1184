"""A board's decision worked out: a standard applied to the marks of an exam, as the document that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from logbooks.osces.analysis.compared import Applied, Standard, applied
from logbooks.osces.analysis.standards import Outcome
from logbooks.osces.examined.source import ExamSource
from logbooks.osces.exams.blueprint import NO_DOMAIN
from logbooks.osces.marking.queries import Closed
from logbooks.osces.models import Candidate
from logbooks.osces.results.decision import AtStation, Decision, Result


@dataclass(frozen=True, slots=True)
class Choice:
    """What a board says: `explained` is what it says to each finding, by its key."""

    standard: Standard
    attendance: tuple[str, ...]
    reasons: str
    explained: Mapping[str, str]
    comparison: bool
    resits_carry: bool


@dataclass(frozen=True, slots=True)
class Worked:
    """What a choice comes to."""

    applied: Applied
    decision: Decision


def worked(source: ExamSource, choice: Choice) -> Worked:
    """The decision on the marks as they are now."""
    wanted, borderline = choice.standard, source.borderline
    found = applied(source.marks, wanted, borderline, source.given)
    return Worked(
        found,
        Decision(
            method=wanted.method,
            percent=str(wanted.percent),
            overrides=tuple((name, str(mark)) for name, mark in wanted.overrides.items()),
            sem=str(wanted.k),
            rounding=wanted.rounding,
            minimum=str(wanted.minimum),
            must_pass=tuple(wanted.must_pass),
            borderline=int(borderline),
            cuts=tuple((one.station, _text(one.cut)) for one in found.exam.stations),
            exact=_text(found.exact.mark) or "",
            pass_mark=_text(found.mark.mark) or "",
            needed=found.minimum or 0,
            attendance=choice.attendance,
            reasons=choice.reasons,
            explained=tuple(
                (one.words, choice.explained.get(one.key, "")) for one in source.findings
            ),
            comparison=choice.comparison,
            resits_carry=choice.resits_carry,
            closings=tuple(one.closing.entry.uuid for one in source.closed),
            results=tuple(_results(source, found)),
        ),
    )


def _results(source: ExamSource, found: Applied) -> list[Result]:
    people = {one.number: one for one in source.candidates}
    people |= {one.closing.sheet.candidate.number: one.closing.sheet.candidate for one in source.closed}  # fmt: skip
    outcomes = {one.candidate: one for one in found.outcomes}
    cuts = {one.station: one.cut for one in found.exam.stations}
    domains = _domains(source)
    return [
        _result(source, person, outcomes.get(str(number)), cuts, domains.get(str(number), {}))
        for number, person in sorted(people.items())
    ]


def _result(
    source: ExamSource,
    person: Candidate,
    outcome: Outcome | None,
    cuts: Mapping[str, Fraction | None],
    domains: Mapping[str, tuple[Fraction, int]],
) -> Result:
    name = str(person.number)
    stations = []
    for one in source.marked:
        cell = source.marks.counting(name, one.short)
        carried = cell.carried if cell else ""
        mark = cell.mark if cell else None
        # What was passed before asks for no cut of this exam.
        cut = None if carried else cuts.get(one.short)
        # The rows count grades from the first station's borderline; this is the grade that was given.
        shift = source.borderline - one.document.borderline.number
        grade = cell.grade - shift if cell and cell.grade is not None else None
        stations.append(
            AtStation(
                station=one.short,
                title=one.document.title,
                mark=_text(mark),
                most=one.document.most,
                cut=_text(cut),
                grade=_text(grade),
                passed=bool(carried) or (None if mark is None or cut is None else mark >= cut),
                carried=carried,
            )
        )
    return Result(
        candidate=person.uuid,
        number=person.number,
        total=_text(outcome.total) if outcome else None,
        passed=outcome.passed if outcome else None,
        reasons=outcome.reasons if outcome else ("No mark at any station.",),
        stations=tuple(stations),
        domains=tuple((name, str(own), most) for name, (own, most) in sorted(domains.items())),
    )


def _domains(source: ExamSource) -> dict[str, dict[str, tuple[Fraction, int]]]:
    """Marks and the most marks by candidate and domain, over the sheets that are used.

    Where both examiners of a station closed a sheet, the marks are the mean of the two, as they are in the total.
    """
    cells: dict[tuple[str, str], list[Closed]] = {}
    for one in source.closed:
        at = str(one.closing.sheet.candidate.number), one.station.short
        if at in source.marks.cells and one.closing.total is not None:
            cells.setdefault(at, []).append(one)
    found: dict[str, dict[str, tuple[Fraction, int]]] = {}
    for (name, _), sheets in cells.items():
        own = found.setdefault(name, {})
        for item in sheets[0].station.document.items:
            domain = item.domain or NO_DOMAIN
            marks, most = own.get(domain, (Fraction(0), 0))
            given = sum(one.marks.get(item.key) or 0 for one in sheets)
            own[domain] = marks + Fraction(given, len(sheets)), most + item.most
    return found


def _text(value: Fraction | float | None) -> str | None:
    """Exact as a fraction; the shortest text of a float."""
    return None if value is None else str(value)
