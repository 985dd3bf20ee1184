"""Results in words and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils.html import format_html
from django.utils.safestring import SafeString

from logbooks.osces.day.queries import Marked
from logbooks.osces.release.cohort import Cohort, Middle
from logbooks.osces.results.decision import Decision, Result
from logbooks.osces.stations.document import Grade

WIDTH, HEIGHT = 200, 24
METHODS = {
    "regression": "Borderline regression",
    "mean": "Mean of the borderline group",
    "median": "Median of the borderline group",
    "angoff": "Modified Angoff",
}
ROUNDINGS = {"nearest": "rounded to the nearest mark", "up": "rounded up", "down": "rounded down"}
OUTCOMES = {True: "Passed", False: "Did not pass", None: "No result"}


@dataclass(frozen=True, slots=True)
class Line:
    """A station, a domain or the total: the own mark, the cut and the grade in words, where the cohort is, and the exam that it is carried from."""

    title: str
    mark: str
    cut: str = ""
    passed: bool | None = None
    grade: str = ""
    cohort: str = ""
    picture: SafeString | str = ""
    carried: str = ""
    comments: Sequence[str] = ()


def number(value: Fraction | str | None) -> str:
    """A figure in at most two decimals, a half rounded up; "none" where there is none."""
    if value is None:
        return "none"
    hundredths = Decimal(floor(Fraction(value) * 100 + Fraction(1, 2))).scaleb(-2)
    return f"{hundredths.normalize():f}"


def grade_name(scale: Sequence[Grade], grade: str | None) -> str:
    """What a grade is called; the mean of two examiners lies between two names."""
    if grade is None:
        return ""
    value = Fraction(grade)
    below = [one.name for one in scale if one.number <= value]
    above = [one.name for one in scale if one.number >= value]
    if not (below and above):
        return number(value)
    return below[-1] if below[-1] == above[0] else f"between {below[-1]} and {above[0]}"


def standard(said: Decision) -> list[tuple[str, str]]:
    """What a board decided, heading by heading."""
    mark, exact = number(said.pass_mark), number(said.exact)
    rounding = ROUNDINGS.get(said.rounding)
    sem = Fraction(said.sem)
    method = METHODS.get(said.method, f"{number(said.percent)} % of the marks of each station")
    own = ", ".join(f"{name} {number(cut)}" for name, cut in said.overrides)
    asked = []
    if said.needed:
        asked.append(f"{said.needed} stations passed")
    if said.must_pass:
        asked.append(f"{', '.join(said.must_pass)} passed")
    found = [
        ("Pass mark", f"{mark}, {rounding} from {exact}" if rounding else mark),
        ("Method", f"{method}{f', and {number(sem)} SEM' if sem else ''}"),
        ("Set for one station by itself", own),
        ("Cuts", ", ".join(f"{name} {number(cut)}" for name, cut in said.cuts)),
        ("Also asked", " and ".join(asked)),
        ("Resits", "Carry the stations passed" if said.resits_carry else "Carry nothing"),
        ("Who was there", ", ".join(said.attendance)),
        ("Why", said.reasons),
    ]
    return [(head, words) for head, words in found if words]


def lines(
    result: Result,
    stations: Sequence[Marked],
    comments: Sequence[tuple[int, str]],
    cohort: Cohort | None,
) -> list[Line]:
    """The stations of a result, in order."""
    by = {one.short: one for one in stations}
    found = []
    for at in result.stations:
        here = by[at.station]
        middle = cohort.stations.get(at.station) if cohort and not at.carried else None
        found.append(
            Line(
                title=f"{at.station} {at.title}",
                mark=_of(at.mark, at.most),
                cut=number(at.cut),
                passed=at.passed,
                grade=grade_name(here.document.scale, at.grade),
                cohort=middle_words(middle),
                picture=picture(at.mark, at.most, middle),
                carried=at.carried,
                comments=[words for place, words in comments if place == here.place.number],
            )
        )
    return found


def domains(result: Result, cohort: Cohort | None) -> list[Line]:
    """The domains of a result."""
    found = []
    for name, own, most in result.domains:
        middle = cohort.domains.get((name, most)) if cohort else None
        found.append(
            Line(
                title=name or "Other",
                mark=_of(own, most),
                cohort=middle_words(middle),
                picture=picture(own, most, middle),
            )
        )
    return found


def most_of(result: Result) -> int:
    """The most marks of the whole exam."""
    return sum(at.most for at in result.stations)


def total(result: Result, cohort: Cohort | None) -> Line:
    """The total, of the most marks of all stations."""
    most, middle = most_of(result), cohort.total if cohort else None
    return Line(
        title="Total",
        mark=_of(result.total, most),
        cohort=middle_words(middle),
        picture=picture(result.total, most, middle),
    )


def _of(mark: str | None, most: int) -> str:
    return "no mark" if mark is None else f"{number(mark)} of {most}"


def middle_words(middle: Middle | None) -> str:
    """Where the middle half of the cohort lies."""
    if middle is None:
        return ""
    return f"{number(middle.low)} to {number(middle.high)}, middle {number(middle.median)}"


def picture(mark: str | None, most: int, middle: Middle | None) -> SafeString | str:
    """The own mark as a dot over the middle half of the cohort; what it shows stands beside it in words."""
    if middle is None or not most:
        return ""

    def at(value: Fraction | str) -> str:
        return f"{8 + float(Fraction(value)) / most * (WIDTH - 16):.1f}"

    width = float(middle.high - middle.low) / most * (WIDTH - 16)
    own = format_html('<circle class="f-petrol" cx="{}" cy="12" r="5"/>', at(mark)) if mark else ""
    return format_html(
        '<svg class="soo-among" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true" focusable="false">'
        '<line class="s-strong w-1" x1="8" x2="{end}" y1="12" y2="12"/>'
        '<rect class="f-mist s-petrol w-1" x="{low}" y="4" width="{width}" height="16"/>'
        '<line class="s-petrol w-2" x1="{mid}" x2="{mid}" y1="4" y2="20"/>{own}</svg>',
        w=WIDTH,
        h=HEIGHT,
        end=WIDTH - 8,
        low=at(middle.low),
        width=f"{max(width, 2):.1f}",
        mid=at(middle.median),
        own=own,
    )
