"""An analysis as text for a terminal and as JSON with every digit."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from logbooks.osces.analysis.analysed import Analysis, StationAnalysis

NONE = "–"


def as_json(analysis: Analysis) -> str:
    """Every figure to full precision; an exact one as {"value": 1.0406…, "exact": "205/197"}, a missing one as null."""
    return json.dumps(_plain(analysis), indent=2, ensure_ascii=False, allow_nan=False)


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


def as_table(analysis: Analysis) -> str:
    """Readable text: stations, exam, pass marks, groups, what is amiss with the data, and the conventions."""
    return "\n".join(_lines(analysis)) + "\n"


def _lines(analysis: Analysis) -> Iterator[str]:
    yield f"Stations, by borderline regression at grade {_number(analysis.borderline, 'g')}"
    yield ""
    yield from _table(
        [
            "station",
            "max",
            "n",
            "slope",
            "intercept",
            "R²",
            "cut",
            "exact|cut",
            "SE",
            "borderline|n",
            "group|mean",
            "group|median",
            "fails",
        ],
        [_cut_cells(one) for one in analysis.stations],
    )
    yield ""
    yield f"Stations, quality; groups by {analysis.by}"
    yield ""
    yield from _table(
        [
            "station",
            "alpha|without",
            "correlation|with|others",
            "slope|exact",
            "groups’|variation|%",
            "F",
            "p",
        ],
        [_quality_cells(one) for one in analysis.stations],
    )
    for one in analysis.stations:
        for said in one.quality.judged:
            if said.verdict != "good":
                yield f"  {one.cut.station}: {said.metric} {_number(said.value, '.4g')} ({said.verdict}). {said.words}"
    yield ""
    yield from _exam(analysis)
    for at in analysis.at_marks:
        yield ""
        yield f"Pass mark: cut + {_number(at.pass_mark.k, 'g')} SEM = {_number(at.pass_mark.mark)} {at.pass_mark.reason}".rstrip()
        yield f"  stations passed, foretold: {_number(at.predicted.stations)} {at.predicted.reason}".rstrip()
        failed = [one.candidate for one in at.outcomes if one.passed is False]
        undecided = [one.candidate for one in at.outcomes if one.passed is None]
        yield f"  below: {len(failed)} {_listed(failed)}".rstrip()
        if undecided:
            yield f"  cannot be said: {len(undecided)} {_listed(undecided)}"
    for name, groups in analysis.groups.items():
        if groups:
            yield ""
            yield f"By {name}: mean mark in percent, and of the same candidates elsewhere"
            yield ""
            yield from _table(
                [name, "candidates", "marks", "here", "elsewhere", "difference", "grades"],
                [
                    [
                        one.group,
                        str(one.candidates),
                        str(one.marks),
                        _number(one.here, ".2f"),
                        _number(one.elsewhere, ".2f"),
                        _number(one.difference, "+.2f"),
                        ", ".join(_number(grade, "g") for grade in one.grades),
                    ]
                    for one in groups
                ],
            )
    yield from _listing("Warnings", analysis.warnings)
    yield from _listing("The data", [note.words for note in analysis.notes] or ["Nothing amiss."])
    yield from _listing("Conventions", analysis.conventions)


def _cut_cells(one: StationAnalysis) -> list[str]:
    cut, line = one.cut, one.cut.line
    return [
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
    ]


def _quality_cells(one: StationAnalysis) -> list[str]:
    variation = one.quality.variation
    return [
        one.cut.station,
        _number(one.without.alpha),
        _number(one.without.correlation),
        _exact(one.cut.line.slope if one.cut.line else None),
        _number(variation.share, ".4f"),
        _number(variation.statistic),
        _number(variation.p),
    ]


def _exam(analysis: Analysis) -> Iterator[str]:
    reliable, general, draws = analysis.reliability, analysis.generalizability, analysis.bootstrap
    yield f"Exam: {analysis.candidates} candidates, {analysis.complete} with a mark at every station"
    yield f"  cut {_number(analysis.standard.cut)} {analysis.standard.reason}".rstrip()
    yield f"  SE of the cut: {_number(analysis.se_independent)} (independent stations)"
    yield f"  SE of the cut: {_number(analysis.jackknife.se)} (jackknife) {analysis.jackknife.reason}".rstrip()
    yield f"  SE of the cut: {_number(draws.se)} (bootstrap, {draws.draws} draws, seed {draws.seed}, {draws.without_cut} without a cut) {draws.reason}".rstrip()
    if draws.percentiles:
        low, *_, high = draws.percentiles
        yield f"  95 % of the draws: {_number(low)} to {_number(high)}"
    yield f"  alpha {_number(reliable.alpha, '.12f')} {reliable.reason}".rstrip()
    yield f"  SD of the total {_number(reliable.total_sd)}, SEM {_number(reliable.sem)}"
    if general.coefficients:
        named = ", ".join(f"{c.effect} {_number(c.estimate)}" for c in general.components)
        yield f"  variance components: {named}"
        for one in (general.coefficients, *general.study):
            yield f"  {one.sizes['s']} stations: E rho² {_number(one.e_rho2)}, Phi {_number(one.phi)}"
    else:
        yield f"  generalizability {NONE} {general.reason}"
    for said in analysis.judged:
        yield f"  {said.metric} ({said.verdict}): {said.words}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need; `|` in a head is a space. The first is on the left, all others on the right."""
    titled = [[head.replace("|", " ") for head in heads], *rows]
    widths = [max(map(len, column)) for column in zip(*titled, strict=True)]
    for row in titled:
        cells = [
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells).rstrip()


def _listing(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield ""
        yield title
        for line in lines:
            yield f"  - {line}"


def _listed(names: Sequence[str]) -> str:
    return f"({', '.join(names)})" if names else ""


def _number(value: Fraction | float | None, form: str = ".6f") -> str:
    return NONE if value is None else format(float(value), form)


def _exact(value: Fraction | None) -> str:
    return NONE if value is None else str(value)
