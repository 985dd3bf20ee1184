"""Pictures of an analysis: how the exam's cut would move with other candidates, and who marked harder or easier."""

from collections.abc import Sequence
from dataclasses import dataclass

from logbooks.osces.analysis.analysed import Analysis
from logbooks.osces.analysis.marks import Marks
from logbooks.osces.analysis.resampling import bootstrap_cuts
from logbooks.osces.examined.shown import said
from school.core import charts
from school.core.charts import Column, Columns, Fitted, Scatter, Spot, Table

BINS = 24
TINY = 1e-9  # marks; what floats differ by is no difference
TENTHS = range(0, 101, 10)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What there is to draw; None where there is nothing."""

    bootstrap: Columns | None
    jackknife: Columns | None
    examiners: Scatter | None

    @property
    def columns(self) -> list[Columns]:
        """How sure the cut is."""
        return [one for one in (self.bootstrap, self.jackknife) if one]


def pictures(marks: Marks, found: Analysis) -> Pictures:
    """Every picture of the exam as a whole; the draws are those of the analysis again."""
    return Pictures(_bootstrap(marks, found), _jackknife(found), _examiners(found))


def _bootstrap(marks: Marks, found: Analysis) -> Columns | None:
    draws = found.bootstrap
    if not draws.percentiles:
        return None
    cuts = [one.cut for one in found.stations]
    values = bootstrap_cuts(marks, cuts, found.borderline, draws.draws, draws.seed)
    low, *_, high = draws.percentiles
    bins = _binned([float(one) for one in values])
    return charts.columns(
        title="The cut with candidates drawn anew",
        desc=f"{len(values):,} draws of as many candidates. 95 of 100 give a cut from {said(low)} to {said(high)}; the standard error is {said(draws.se)}.",
        kinds=("confirmed",),
        counts=[(said(start), (number,)) for start, _, number in bins],
        table=Table(
            "Draws by the cut that they give",
            (Column("From"), Column("To", numeric=True), Column("Draws", numeric=True)),
            [(said(start), said(end), f"{number:,}") for start, end, number in bins],
        ),
    )


def _jackknife(found: Analysis) -> Columns | None:
    left = found.jackknife.without
    if not left:
        return None
    bins = _binned([cut for _, cut in left])
    low, high = min(cut for _, cut in left), max(cut for _, cut in left)
    return charts.columns(
        title="The cut without each candidate in turn",
        desc=f"Without one of {len(left)} candidates the cut lies from {said(low)} to {said(high)}; the standard error is {said(found.jackknife.se)}.",
        kinds=("confirmed",),
        counts=[(said(start), (number,)) for start, _, number in bins],
        table=Table(
            "The cut without each candidate",
            (Column("Without"), Column("Cut", numeric=True)),
            [(name, said(cut)) for name, cut in left],
        ),
    )


def _examiners(found: Analysis) -> Scatter | None:
    groups = [one for one in found.groups.get("examiner", ()) if one.elsewhere is not None]
    if not groups:
        return None
    return charts.scatter(
        title="What examiners gave, and what the same candidates got elsewhere",
        desc="Mean marks in per cent: elsewhere across, here up the side. Above the line an examiner gave more than others gave the same candidates.",
        spots=[Spot(float(one.elsewhere or 0), float(one.here)) for one in groups],
        places=[float(tenth) for tenth in TENTHS],
        most=100.0,
        fitted=Fitted([(0.0, 0.0, 0.0), (100.0, 100.0, 0.0)], 0.0, None, ""),
        table=Table(
            "Mean marks in per cent by examiner",
            (
                Column("Examiner"),
                Column("Candidates", numeric=True),
                Column("Here", numeric=True),
                Column("Elsewhere", numeric=True),
                Column("Here less elsewhere", numeric=True),
            ),
            [
                (
                    one.group,
                    one.candidates,
                    said(one.here, 1),
                    said(one.elsewhere, 1),
                    _signed(float(one.difference or 0)),
                )
                for one in groups
            ],
        ),
    )


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _binned(values: Sequence[float]) -> list[tuple[float, float, int]]:
    """Where each column begins and ends, and how many values are in it; the last one holds its end too."""
    low, high = min(values), max(values)
    if high - low < TINY:
        return [(low, high, len(values))]
    width = (high - low) / BINS
    counts = [0] * BINS
    for value in values:
        counts[min(int((value - low) / width), BINS - 1)] += 1
    return [(low + n * width, low + (n + 1) * width, number) for n, number in enumerate(counts)]
