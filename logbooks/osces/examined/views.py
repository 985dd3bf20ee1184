"""Marks examined on a page: those of a file that somebody sent, and those of an exam that was held here."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.osces import mark_file
from logbooks.osces.analysis.written import sections
from logbooks.osces.examined import kept, shown, uncertain, what_if, what_if_shown
from logbooks.osces.examined import pdf as reports
from logbooks.osces.examined.forms import MarksForm, WantedForm
from logbooks.osces.examined.kept import Wanted
from logbooks.osces.examined.source import ExamSource, FileSource, Source, of_exam, of_file
from logbooks.osces.stations.views import keeper
from school.core.errors import DomainError
from school.core.files import writing
from school.core.tasks import KEPT_DAYS
from school.core.templatetags.soo import problems
from school.courses.views import refuse, status_of


@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest) -> HttpResponse:
    """Send a file of marks. A file with findings is not kept."""
    me = keeper(request)
    form = MarksForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {"form": form, "days": KEPT_DAYS}
    status = status_of(form)
    if form.is_bound and form.is_valid():
        sent, wanted = form.cleaned_data["file"], form.wanted()
        data = sent.read()
        try:
            read = mark_file.read(data)
            if not read.findings:
                kept.rule_not_too_many(read.marks)
                kept.rule_grade_is_there(read.marks, wanted.borderline)
                key = kept.keep(owner=me.uuid, name=sent.name, data=data)
                source = FileSource(key, sent.name)
                return redirect(source.url("osce_analysis") + query_of(source, wanted))
            context |= {"findings": read.findings, "has_errors": True}
            status = 422
        except DomainError as error:
            error.field = error.field or "file"
            status = refuse(form, error)
    return render(request, "osces/examined/marks.html", context, status=status)


def query_of(source: Source, wanted: Wanted) -> str:
    """How marks are examined, for an address."""
    asked = {"sem": shown.written(wanted.sem), "group": wanted.group}
    if source.borderline is None:
        asked = {"borderline": shown.written(wanted.borderline), **asked}
    return f"?{urlencode(asked)}"


def source_of(request: HttpRequest, at: dict[str, UUID]) -> Source:
    """The marks that an address is about; 404 for another's file, and for an exam that is not frozen."""
    me = keeper(request)
    found = of_exam(at["exam"]) if "exam" in at else of_file(me.uuid, at["key"])
    if found is None:
        raise Http404
    return found


def exam_of(request: HttpRequest, key: UUID) -> ExamSource:
    """The marks of a frozen exam; 404 for any other."""
    keeper(request)
    found = of_exam(key)
    if found is None:
        raise Http404
    return found


def asked_of(source: Source, data: Any) -> WantedForm:
    """How marks are to be analysed; those of an exam need nobody to say it."""
    said = data if source.borderline is None else what_if.EXAMINED | data.dict()
    return WantedForm(said, borderline=source.borderline)


@never_cache
@require_safe
def analysis(request: HttpRequest, **at: UUID) -> HttpResponse:
    """Every figure of some marks."""
    source = source_of(request, at)
    form = asked_of(source, request.GET)
    context: dict[str, Any] = {"form": form, "source": source}
    if form.is_valid() and source.rows:
        wanted = form.wanted()
        found = source.reported(wanted)
        query = query_of(source, wanted)
        stations = [
            {
                "one": one,
                "cut": shown.said(one.standard.cut),
                "se": shown.said(one.cut.se),
                "r_squared": shown.said(one.cut.line.r_squared if one.cut.line else None),
                "between": shown.per_cent(one.quality.variation.share),
                "url": source.url("osce_station", place=place) + query,
            }
            for place, one in enumerate(found.stations, start=1)
        ]
        context |= {
            "found": found,
            "stations": stations,
            "passings": shown.passings(found),
            "cut": shown.said(found.standard.cut),
            "most": sum(float(one.cut.max_mark or 0) for one in found.stations),
            "se": shown.said(found.jackknife.se),
            "alpha": shown.said(found.reliability.alpha),
            "sem": shown.said(found.reliability.sem),
            "sections": list(sections(found)),
            "pictures": uncertain.pictures(source.marks, found),
            "pdf": source.url("osce_make_pdf"),
            "what_if": source.url("osce_what_if") + query,
            "figures": source.url("osce_file", table="figures", format="json") + query,
            "tables": [
                {
                    kind: source.url("osce_file", table=table, format=kind) + query
                    for kind in writing.FORMATS
                }
                | {"name": table}
                for table in source.tables
            ],
        }
    return render(request, "osces/examined/analysis.html", context, status=status_of(form))


@never_cache
@require_safe
def data_quality(request: HttpRequest, exam: UUID) -> HttpResponse:
    """What is amiss with the data of an exam, and what to do."""
    source = exam_of(request, exam)
    context = {"source": source, "findings": source.findings}
    return render(request, "osces/examined/quality.html", context)


@never_cache
@require_safe
def what_if_page(request: HttpRequest, **at: UUID) -> HttpResponse:
    """Up to three standards side by side on some marks, as the address asks for them."""
    source = source_of(request, at)
    asked = what_if.asked(source, request.GET)
    forms, examined, found = asked.forms, asked.examined, asked.found
    status = max(status_of(form) for form in (examined, *forms))
    analysed = query_of(source, examined.wanted()) if examined.is_valid() else ""
    context: dict[str, Any] = {
        "name": source.name,
        "forms": forms,
        "examined": examined,
        "problems": [problem for form in (examined, *forms) for problem in problems(form)],
        "back": source.url("osce_analysis") + analysed,
    }
    if found:
        query = f"?{request.GET.urlencode()}"
        context |= {
            "found": found,
            "headline": what_if_shown.headline(found),
            "summary": list(what_if_shown.summary(found)),
            "cuts": list(what_if_shown.cuts(asked.marks, found)),
            "people": what_if_shown.people(asked.marks, found),
            "stations": len(asked.marks.stations),
        }
        if asked.valid:
            context |= {
                kind: source.url("osce_file", table="standards", format=kind) + query
                for kind in (*writing.FORMATS, "json")
            }
    return render(request, "osces/examined/what_if.html", context, status=status)


@never_cache
@require_safe
def station(request: HttpRequest, place: int, **at: UUID) -> HttpResponse:
    """One station: its marks against the grades with the line, and its figures."""
    source = source_of(request, at)
    form = asked_of(source, request.GET)
    if not form.is_valid():
        raise Http404
    wanted = form.wanted()
    found = source.analysed(wanted)
    if not 1 <= place <= len(found.stations):
        raise Http404
    one = found.stations[place - 1]
    line = one.cut.line
    context = {
        "name": source.name,
        "back": source.url("osce_analysis") + query_of(source, wanted),
        "one": one,
        "wanted": wanted,
        "plot": shown.plot(one, source.rows, wanted.borderline),
        "cut": shown.said(one.standard.cut),
        "most": f"{float(one.cut.max_mark or 0):g}",
        "se": shown.said(one.cut.se),
        "line": shown.equation(line),
        "r_squared": shown.said(line.r_squared if line else None),
        "mean": shown.said(one.group.mean),
        "median": shown.said(one.group.median, 1),
        "between": shown.per_cent(one.quality.variation.share),
        "p": shown.said(one.quality.variation.p, 3),
        "look": shown.to_look_at(one),
    }
    return render(request, "osces/examined/station.html", context)


@require_POST
def make_pdf(request: HttpRequest, **at: UUID) -> HttpResponse:
    """Asks for the report as a PDF, which is made in the background."""
    source = source_of(request, at)
    form = asked_of(source, request.POST)
    if not form.is_valid():
        raise Http404
    work = reports.ask(by=keeper(request), source=source, wanted=form.wanted())
    return redirect("progress", work.uuid)


@never_cache
@require_safe
def pdf(request: HttpRequest, work: UUID, **at: UUID) -> HttpResponse:
    """The report, for whoever may examine the marks."""
    data = reports.kept(source_of(request, at).key, work)
    if data is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="osce-marks.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)
