"""Marks taken away: tables with every digit, all that was said on the sheets, and every figure as JSON."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logbooks.osces.analysis.analysed import CONVENTIONS, Analysis
from logbooks.osces.analysis.items import Asked, item_figures
from logbooks.osces.analysis.written import as_json
from logbooks.osces.examined import shown, what_if, what_if_shown
from logbooks.osces.examined.source import ExamSource, Source
from logbooks.osces.examined.views import asked_of, source_of
from school.core.files import writing

SHEET_HEADS = (
    "Candidate", "Circuit", "Site", "Station", "Examiner", "Item", "Words", "Maximum", "Mark", "Not observed",
    "Total of the sheet", "Grade",
)  # fmt: skip
ITEM_HEADS = (
    "Station", "Item", "Words", "Maximum", "Critical", "Marked", "Not observed", "Without marks", "Difficulty, per cent",
    "Difficulty, exact", "Correlation with the other items",
)  # fmt: skip


@never_cache
@require_safe
def file(request: HttpRequest, table: str, format: str, **at: UUID) -> HttpResponseBase:
    """A table of some marks, or every figure as JSON."""
    source = source_of(request, at)
    if table == "standards" and format in (*writing.FORMATS, "json"):
        return _standards(source, request.GET, format)
    form = asked_of(source, request.GET)
    if not form.is_valid() or table not in (*source.tables, "figures") or not source.rows:
        raise Http404
    wanted = form.wanted()
    if table == "figures" and format == "json":
        return HttpResponse(as_json(source.reported(wanted)), content_type="application/json")
    if table == "figures" or format not in writing.FORMATS:
        raise Http404
    asked = f"borderline grade {shown.written(wanted.borderline)}, groups by {wanted.group}"
    about = writing.About(f"OSCE {table} of {source.name}", asked, " ".join(CONVENTIONS))
    found = source.analysed(wanted) if table == "stations" else None
    heads, rows = _table(source, table, found)
    return writing.table_response(f"osce-{table}", heads, rows, about, format)


def _table(
    source: Source, table: str, found: Analysis | None
) -> tuple[list[str], Iterator[list[Any]]]:
    if found:
        return list(shown.STATION_HEADS), shown.station_rows(found)
    if table == "marks" or not isinstance(source, ExamSource):
        return shown.matrix(source.rows)
    if table == "sheets":
        return list(SHEET_HEADS), _sheets(source)
    return list(ITEM_HEADS), _items(source)


def _standards(source: Source, data: QueryDict, format: str) -> HttpResponseBase:
    asked = what_if.asked(source, data)
    if not asked.valid or not asked.found:
        raise Http404
    if format == "json":
        return HttpResponse(as_json(asked.found), content_type="application/json")
    borderline = shown.written(asked.examined.wanted().borderline)
    words = f"borderline grade {borderline}; {what_if_shown.asked(asked.found)}"
    about = writing.About(f"OSCE standards of {source.name}", words, " ".join(CONVENTIONS))
    heads, rows = what_if_shown.table(asked.marks, asked.found)
    return writing.table_response("osce-standards", heads, rows, about, format)


def _sheets(source: ExamSource) -> Iterator[list[Any]]:
    """A row for each item of each closed sheet: not observed is said, and a cell without either was left empty."""
    names = source.examiners
    for one in source.closed:
        sheet, closing = one.closing.sheet, one.closing
        for number, item in enumerate(one.station.document.items, start=1):
            unseen = item.key in one.marks and one.marks[item.key] is None
            yield [
                str(sheet.candidate.number), sheet.circuit, sheet.site, one.station.short, names[sheet.examiner_id], number,
                item.words, item.most, one.marks.get(item.key), "not observed" if unseen else "", closing.total, closing.grade,
            ]  # fmt: skip


def _items(source: ExamSource) -> Iterator[list[Any]]:
    for station in source.marked:
        items = list(enumerate(station.document.items, start=1))
        asked = [Asked(station.short, number, item.words, item.most, item.critical) for number, item in items]  # fmt: skip
        sheets = [
            {number: one.marks[item.key] for number, item in items if item.key in one.marks}
            for one in source.closed
            if one.station.short == station.short
        ]
        for one in item_figures(asked, sheets):
            share = one.difficulty
            yield [
                one.asked.station, one.asked.number, one.asked.words, one.asked.most, "yes" if one.asked.critical else "",
                one.given, one.not_observed, one.zero, None if share is None else float(share), "" if share is None else str(share),
                one.correlation,
            ]  # fmt: skip
