"""An analysis as text for a terminal and as JSON with every digit."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Any

from logbooks.osces.analysis.analysed import Analysis, AtMark, StationAnalysis
from logbooks.osces.analysis.quality import GroupQuality, Verdict

NONE = "–"
CUT_HEADS = (
    "station", "max", "n", "slope", "intercept", "R²", "cut", "exact cut", "SE", "borderline n", "group mean",
    "group median", "fails",
)  # fmt: skip
QUALITY_HEADS = (
    "station", "alpha without", "correlation with others", "slope exact", "groups’ variation %", "F", "p",
)  # fmt: skip
GROUP_HEADS = ("candidates", "marks", "here", "elsewhere", "difference", "grades")


def as_json(found: object) -> str:
    """Every figure of a result to full precision; an exact one as {"value": 1.0406…, "exact": "205/197"}, a missing one as null."""
    return json.dumps(_plain(found), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return {"value": float(value), "exact": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: a table, if it has heads, and sentences below it. Figures are text with the digits that are printed."""

    title: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row with the head of every cell beside it."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def as_table(analysis: Analysis) -> str:
    """Readable text: stations, exam, pass marks, groups, what is amiss with the data, and the conventions."""
    parts = []
    for section in sections(analysis):
        lines = [section.title]
        if section.heads:
            lines += ["", *_table(section.heads, section.rows)]
        parts.append("\n".join([*lines, *(f"  {line}" for line in section.lines)]))
    return "\n\n".join(parts) + "\n"


def sections(analysis: Analysis) -> Iterator[Section]:
    """The report, part by part: on the screen, on paper and in a terminal it says the same."""
    yield Section(
        f"Stations, by borderline regression at grade {_number(analysis.borderline, 'g')}",
        CUT_HEADS,
        tuple(_cut_cells(one) for one in analysis.stations),
        tuple(
            f"{one.cut.station}: {one.cut.reason}" for one in analysis.stations if one.cut.reason
        ),
    )
    yield Section(
        f"Stations, quality; groups by {analysis.by}",
        QUALITY_HEADS,
        tuple(_quality_cells(one) for one in analysis.stations),
        tuple(
            f"{one.cut.station}: {said.metric} {_number(said.value, '.4g')} ({said.verdict}). {said.words}"
            for one in analysis.stations
            for said in one.quality.judged
            if said.verdict != Verdict.GOOD
        ),
    )
    everybody = (
        f"{analysis.candidates} candidates, {analysis.complete} with a mark at every station"
    )
    yield Section(f"Exam: {everybody}", lines=tuple(_exam(analysis)))
    for at in analysis.at_marks:
        title = f"Pass mark: cut + {_number(at.pass_mark.k, 'g')} SEM = {_number(at.pass_mark.mark)} {at.pass_mark.reason}"
        yield Section(title.rstrip(), lines=tuple(_passing(at)))
    for name, groups in analysis.groups.items():
        if groups:
            yield Section(
                f"By {name}: mean mark in percent, and of the same candidates elsewhere",
                (name, *GROUP_HEADS),
                tuple(_group_cells(one) for one in groups),
            )
    if analysis.warnings:
        yield Section("Warnings", lines=analysis.warnings)
    amiss = tuple(note.words for note in analysis.notes)
    yield Section("The data", lines=amiss or ("Nothing amiss.",))
    yield Section("Conventions", lines=analysis.conventions)


def _passing(at: AtMark) -> Iterator[str]:
    yield f"stations passed, foretold: {_number(at.predicted.stations)} {at.predicted.reason}".rstrip()
    failed = [one.candidate for one in at.outcomes if one.passed is False]
    undecided = [one.candidate for one in at.outcomes if one.passed is None]
    yield f"below: {len(failed)} {_listed(failed)}".rstrip()
    if undecided:
        yield f"cannot be said: {len(undecided)} {_listed(undecided)}"


def _group_cells(one: GroupQuality) -> tuple[str, ...]:
    return (
        one.group,
        str(one.candidates),
        str(one.marks),
        _number(one.here, ".2f"),
        _number(one.elsewhere, ".2f"),
        _number(one.difference, "+.2f"),
        ", ".join(_number(grade, "g") for grade in one.grades),
    )


def _cut_cells(one: StationAnalysis) -> tuple[str, ...]:
    cut, line = one.cut, one.cut.line
    return (
        cut.station,
        _number(cut.max_mark, "g"),
        str(cut.n),
        _number(line.slope if line else None),
        _number(line.intercept if line else None),
        _number(line.r_squared if line else None),
        _number(one.standard.cut),
        _exact(one.standard.cut),
        _number(cut.se),
        str(cut.borderline_n),
        _number(one.group.mean),
        _number(one.group.median, "g"),
        NONE if one.quality.failures is None else str(one.quality.failures),
    )


def _quality_cells(one: StationAnalysis) -> tuple[str, ...]:
    variation = one.quality.variation
    return (
        one.cut.station,
        _number(one.without.alpha),
        _number(one.without.correlation),
        _exact(one.cut.line.slope if one.cut.line else None),
        _number(variation.share, ".4f"),
        _number(variation.statistic),
        _number(variation.p),
    )


def _exam(analysis: Analysis) -> Iterator[str]:
    reliable, general, draws = analysis.reliability, analysis.generalizability, analysis.bootstrap
    yield f"cut {_number(analysis.standard.cut)} {analysis.standard.reason}".rstrip()
    yield f"SE of the cut: {_number(analysis.se_independent)} (independent stations)"
    yield f"SE of the cut: {_number(analysis.jackknife.se)} (jackknife) {analysis.jackknife.reason}".rstrip()
    yield f"SE of the cut: {_number(draws.se)} (bootstrap, {draws.draws} draws, seed {draws.seed}, {draws.without_cut} without a cut) {draws.reason}".rstrip()
    if draws.percentiles:
        low, *_, high = draws.percentiles
        yield f"95 % of the draws: {_number(low)} to {_number(high)}"
    yield f"alpha {_number(reliable.alpha, '.12f')} {reliable.reason}".rstrip()
    yield f"SD of the total {_number(reliable.total_sd)}, SEM {_number(reliable.sem)}"
    if general.coefficients:
        named = ", ".join(f"{c.effect} {_number(c.estimate)}" for c in general.components)
        yield f"variance components: {named}"
        own = general.coefficients
        for one in (own, *(other for other in general.study if other.sizes != own.sizes)):
            yield f"{one.sizes['s']} stations: E rho² {_number(one.e_rho2)}, Phi {_number(one.phi)}"
    else:
        yield f"generalizability {NONE} {general.reason}"
    for said in analysis.judged:
        yield f"{said.metric} ({said.verdict}): {said.words}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need, the first on the left, all others on the right."""
    titled = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*titled, strict=True)]
    for row in titled:
        cells = [
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells).rstrip()


def _listed(names: Sequence[str]) -> str:
    return f"({', '.join(names)})" if names else ""


def _number(value: Fraction | float | None, form: str = ".6f") -> str:
    return NONE if value is None else format(float(value), form)


def _exact(value: Fraction | None) -> str:
    return NONE if value is None else str(value)
