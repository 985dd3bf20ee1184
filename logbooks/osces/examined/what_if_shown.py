"""Standards side by side as a page and a file show them: in words, and with every digit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any

from logbooks.osces.analysis.compared import (
    FIXED_MARK,
    Applied,
    Counts,
    Method,
    Rounding,
    Standard,
)
from logbooks.osces.analysis.marks import Marks
from logbooks.osces.analysis.standards import EARLIER, Outcome
from logbooks.osces.examined.shown import said, written

Found = Mapping[str, Applied]  # by the letter of the standard
METHODS = {
    Method.REGRESSION: "Borderline regression",
    Method.MEAN: "Mean of the borderline group",
    Method.MEDIAN: "Median of the borderline group",
    Method.ANGOFF: "What judges expect (modified Angoff)",
}
SOURCES = {FIXED_MARK: ", fixed", EARLIER: ", its earlier cut"}
ROUNDINGS = {
    Rounding.NEAREST: "to the nearest whole mark",
    Rounding.UP: "up",
    Rounding.DOWN: "down",
}
COUNTED: tuple[tuple[str, Callable[[Counts], float]], ...] = (
    ("Pass", lambda of: of.passed),
    ("Fail", lambda of: of.failed),
    ("Fail for the total", lambda of: of.below),
    ("Fail for too few stations", lambda of: of.too_few),
    ("Fail for a station that must be passed", lambda of: of.missed),
    ("Pass rate, per cent", lambda of: float(of.rate)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its head, a note beside it, and a cell for each standard with its letter."""

    head: str
    note: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class People:
    """Candidates: those who fail by some standard, those who pass by all, those who are not judged and why."""

    failing: tuple[Line, ...]
    passing: tuple[Line, ...]
    unjudged: tuple[tuple[str, str], ...]


def headline(found: Found) -> str:
    """How many would pass, in the order of the standards: "19, 15 or 14 of 24 would pass"."""
    counts = [one.counts for one in found.values() if one.counts]
    if not counts:
        return "No standard gives a result"
    *first, last = dict.fromkeys(str(one.passed) for one in counts)
    numbers = f"{', '.join(first)} or {last}" if first else last
    each = " by each standard" if not first and len(found) > 1 else ""
    return f"{numbers} of {counts[0].judged} would pass{each}"


def described(standard: Standard) -> str:
    """A standard in words: "Borderline regression + 1 SEM, S4 fixed at 9"."""
    percent = f"{plain(standard.percent)} per cent of the maximum"
    fixed = [f"{name} fixed at {plain(mark)}" for name, mark in standard.overrides.items()]
    more = f" + {plain(standard.k)} SEM" if standard.k else ""
    return ", ".join([METHODS.get(standard.method, percent) + more, *fixed])


def summary(found: Found) -> Iterator[Line]:
    """What each standard comes to; a row that says nothing of any standard is left out."""
    rows: Sequence[tuple[str, Callable[[Applied], str]]] = (
        ("Standard", lambda one: described(one.standard)),
        ("No result", lambda one: one.reason),
        ("Exam’s cut", lambda one: digits(one.exam.cut)),
        ("Pass mark, exact", lambda one: digits(one.exact.mark)),
        ("Pass mark, rounded", _rounded),
        ("Stations to pass", _minimum),
        ("Must be passed", lambda one: ", ".join(one.standard.must_pass)),
        ("Pass", lambda one: _counted(one, lambda of: f"{of.passed} of {of.judged}")),
        ("Fail", lambda one: _counted(one, lambda of: of.failed)),
        ("Fail for the total", lambda one: _counted(one, lambda of: of.below)),
        ("Fail for too few stations", lambda one: _counted(one, lambda of: of.too_few) if one.minimum else ""),
        ("Fail for a station that must be passed", lambda one: _counted(one, lambda of: of.missed) if one.standard.must_pass else ""),
        ("Pass rate", lambda one: _counted(one, lambda of: f"{said(of.rate, 1)} %")),
    )  # fmt: skip
    for head, cell in rows:
        cells = tuple((letter, cell(one)) for letter, one in found.items())
        if any(words for _, words in cells):
            yield Line(head, "", tuple((letter, words or "–") for letter, words in cells))


def cuts(marks: Marks, found: Found) -> Iterator[Line]:
    """Each station's cut by each standard, or why it has none."""
    for place, name in enumerate(marks.stations):
        cells = []
        for letter, one in found.items():
            station = one.exam.stations[place]
            words = f"None. {station.reason}" if station.cut is None else said(station.cut)
            cells.append((letter, words + SOURCES.get(station.source, "")))
        yield Line(name, f"of {plain(marks.maxima.get(name))}", tuple(cells))


def people(marks: Marks, found: Found) -> People:
    """The candidates with their outcome by each standard."""
    failing: list[Line] = []
    passing: list[Line] = []
    for place, name in enumerate(marks.candidates):
        own = {letter: one.outcomes[place] for letter, one in found.items() if one.counts}
        total = marks.total(name)
        if total is None or not own:
            continue
        cells = (
            ("Total", plain(total)),
            ("Stations", _stations(own)),
            *((letter, outcome(own[letter], one) if letter in own else "No result") for letter, one in found.items()),
        )  # fmt: skip
        failed = any(one.passed is False for one in own.values())
        (failing if failed else passing).append(Line(name, marks.brought(name), cells))
    lacking = {who: marks.lacking(who) for who in marks.candidates}
    unjudged = tuple((who, ", ".join(names)) for who, names in lacking.items() if names)
    return People(tuple(failing), tuple(passing), unjudged)


def outcome(one: Outcome, by: Applied) -> str:
    """An outcome in words: "Pass", "Fail: total 64 under 68.9"."""
    if one.passed is None:
        return "Not judged"
    against = []
    if one.below and one.total is not None and by.mark.mark is not None:
        against.append(f"total {plain(one.total)} under {_above(one.total, by.mark.mark)}")
    if one.too_few:
        of = len(by.exam.stations)
        against.append(f"{len(one.stations)} of {of} stations, {by.minimum} needed")
    if one.missed:
        against.append(f"{', '.join(one.missed)} must be passed")
    return f"Fail: {'; '.join(against)}" if against else "Pass"


def table(marks: Marks, found: Found) -> tuple[list[str], Iterator[list[Any]]]:
    """Everything as one table with a column for each standard, every digit kept."""

    def row(part: str, what: str, cell: Callable[[Applied], Any]) -> list[Any]:
        return [part, what, *(cell(one) for one in found.values())]

    def rows() -> Iterator[list[Any]]:
        yield row("Standard", "Standard", lambda one: described(one.standard))
        yield row("Standard", "Why there is no result", lambda one: one.reason)
        yield row("Standard", "Exam's cut", lambda one: _float(one.exam.cut))
        yield row("Standard", "Exam's cut, exact", lambda one: _fraction(one.exam.cut))
        yield row("Standard", "Pass mark before rounding", lambda one: _float(one.exact.mark))
        yield row("Standard", "Rounding", lambda one: one.standard.rounding.value)
        yield row("Standard", "Pass mark", lambda one: _float(one.mark.mark))
        yield row("Standard", "Stations predicted", lambda one: _float(one.predicted.stations) if one.predicted else None)  # fmt: skip
        yield row("Standard", "Stations to pass", lambda one: one.minimum)
        yield row("Standard", "Must be passed", lambda one: ", ".join(one.standard.must_pass))
        for what, count_of in COUNTED:
            yield row("Standard", what, lambda one, of=count_of: of(one.counts) if one.counts else None)  # type: ignore[misc]  # fmt: skip
        for place, name in enumerate(marks.stations):
            at = [one.exam.stations[place] for one in found.values()]
            yield ["Cut", name, *(_float(one.cut) for one in at)]
            yield ["Cut, exact", name, *(_fraction(one.cut) for one in at)]
            yield ["Cut from", name, *(one.reason or one.source for one in at)]
        for place, name in enumerate(marks.candidates):
            own = [(one.outcomes[place], one) for one in found.values()]
            if brought := marks.brought(name):
                yield ["Carried", name, *(brought for _ in own)]
            yield ["Total", name, *(_float(who.total) for who, _ in own)]
            yield ["Stations passed", name, *(len(who.stations) for who, _ in own)]
            yield ["Outcome", name, *(" ".join(who.reasons) if who.passed is None else outcome(who, one) for who, one in own)]  # fmt: skip

    return ["Part", "What", *found], rows()


def asked(found: Found) -> str:
    """The standards in words, for a file."""
    return "; ".join(f"{letter}: {described(one.standard)}" for letter, one in found.items())


def plain(value: Fraction | None) -> str:
    """A mark as it was written, without zeros that say nothing."""
    return "none" if value is None else f"{written(value).normalize():f}"


def digits(value: Fraction | float | None, most: int = 6) -> str:
    """A figure with its digits, without zeros at the end."""
    return "none" if value is None else said(value, most).rstrip("0").rstrip(".")


def _above(total: Fraction, mark: Fraction | float) -> str:
    """A pass mark in as many digits as show that it is above a total."""
    return next(words for most in count(2) if Fraction(words := digits(mark, most)) > total)


def _rounded(one: Applied) -> str:
    if one.standard.rounding is Rounding.NONE:
        return ""
    return f"{digits(one.mark.mark)}, {ROUNDINGS[one.standard.rounding]}"


def _minimum(one: Applied) -> str:
    if one.predicted is None:
        return str(one.minimum or "")
    raw = digits(one.predicted.stations)
    return "none" if one.minimum is None else f"{one.minimum} ({raw} predicted, rounded up)"


def _counted(one: Applied, count_of: Callable[[Counts], int | str]) -> str:
    return str(count_of(one.counts)) if one.counts else "none"


def _stations(own: Mapping[str, Outcome]) -> str:
    numbers = {letter: len(one.stations) for letter, one in own.items()}
    if len(set(numbers.values())) == 1:
        return str(next(iter(numbers.values())))
    return ", ".join(f"{letter} {number}" for letter, number in numbers.items())


def _float(value: Fraction | float | None) -> float | None:
    return None if value is None else float(value)


def _fraction(value: Fraction | None) -> str:
    return "" if value is None else str(value)
