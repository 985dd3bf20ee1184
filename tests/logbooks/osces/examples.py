"""Published data, marks to try things on, and comparison to the last printed digit."""

import csv
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from logbooks.osces.analysis.marks import Mark
from logbooks.osces.analysis.reliability import reliability

DATA = Path(__file__).parent / "data"
OSCE = DATA / "osce_24_candidates_6_stations.csv"
BORDERLINE = Fraction(2)


def osce() -> list[Mark]:
    """The made-up exam of 24 candidates by 6 stations."""
    with OSCE.open() as file:
        return [
            made(
                row["candidate"], row["station"], row["mark"], row["global_1to5"],
                circuit=row["circuit"], examiner=row["examiner"], most=row["max_mark"],
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def made(
    candidate: str,
    station: str,
    mark: str | int | Fraction | None,
    grade: str | int | Fraction | None,
    *,
    circuit: str = "A",
    examiner: str = "E",
    most: str | int | Fraction = 20,
) -> Mark:
    """One row."""
    return Mark(
        candidate,
        circuit,
        station,
        examiner,
        Fraction(most),
        None if mark is None else Fraction(mark),
        None if grade is None else Fraction(grade),
    )


def station(*pairs: tuple[int, int], name: str = "S1") -> list[Mark]:
    """Rows of one station from (grade, mark)."""
    return [made(f"C{number}", name, mark, grade) for number, (grade, mark) in enumerate(pairs, 1)]


def strd(name: str) -> list[list[Fraction]]:
    """The data lines of a file of NIST StRD."""
    lines = (DATA / name).read_text().splitlines()[60:]
    return [[Fraction(word) for word in line.split()] for line in lines if line.strip()]


def table(name: str) -> list[list[Fraction]]:
    """The numbers of a CSV file, its header and first column left out."""
    with (DATA / name).open() as file:
        return [[Fraction(cell) for cell in row[1:]] for row in list(csv.reader(file))[1:]]


def shown(value: Fraction | float | None, like: str) -> str:
    """A figure rounded to as many digits as are printed."""
    assert value is not None
    with localcontext(prec=60):
        if isinstance(value, float):
            # Its shortest form: fifteen digits are all that a float has for certain.
            number = Decimal(repr(value))
        else:
            number = Decimal(value.numerator) / Decimal(value.denominator)
        return str(number.quantize(Decimal(like)))


def alpha_of(matrix: list[list[Fraction]]) -> Fraction | None:
    """Cronbach's alpha of candidates by stations."""
    return reliability([f"S{place}" for place in range(len(matrix[0]))], matrix).alpha


# Hypothesis --------------------------------------------------------------------------------------

whole = st.integers(0, 20).map(Fraction)
grades = st.integers(1, 5).map(Fraction)


@st.composite
def matrices(
    draw: st.DrawFn, rows: tuple[int, int] = (2, 8), columns: tuple[int, int] = (2, 5)
) -> list[list[Fraction]]:
    """Candidates by stations."""
    width = draw(st.integers(*columns))
    return draw(st.lists(st.lists(whole, min_size=width, max_size=width), min_size=rows[0], max_size=rows[1]))  # fmt: skip


@st.composite
def exams(draw: st.DrawFn, *, missing: bool = True) -> list[Mark]:
    """Rows of an exam: up to 9 candidates in two circuits, 4 stations; cells may be missing."""
    stations = [f"S{n}" for n in range(1, draw(st.integers(1, 4)) + 1)]
    people = draw(st.integers(1, 9))
    cell = st.tuples(st.none() | whole, st.none() | grades) if missing else st.tuples(whole, grades)
    rows: list[Mark] = []
    for number in range(1, people + 1):
        circuit = "AB"[number % 2]
        for name in stations:
            mark, grade = draw(cell)
            rows.append(
                made(f"C{number}", name, mark, grade, circuit=circuit, examiner=f"E{name}{circuit}")
            )
    return rows


def digits(pairs: Sequence[tuple[Fraction | float | None, str]]) -> None:
    """Every figure is what is printed beside it."""
    assert [shown(value, text) for value, text in pairs] == [text for _, text in pairs]
