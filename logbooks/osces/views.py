"""Marks that were given elsewhere: sent as a file, examined on a page, and taken away."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.osces import (
    mark_file,
    marks_kept,
    marks_pdf,
    marks_shown,
    policies,
    what_if,
    what_if_shown,
)
from logbooks.osces.analysis.analysed import CONVENTIONS
from logbooks.osces.analysis.written import as_json, sections
from logbooks.osces.forms import MarksForm, WantedForm
from logbooks.osces.marks_kept import Wanted
from school.core.decision import ALLOWED, refused
from school.core.errors import DomainError
from school.core.files import writing
from school.core.tasks import KEPT_DAYS
from school.core.templatetags.soo import problems
from school.courses.views import demand, refuse, signed_in, status_of
from school.people.models import Person

TABLES = ("stations", "marks")


def _examiner(request: HttpRequest) -> Person:
    """Who examines marks; 403 for whoever does not."""
    viewer, me = signed_in(request)
    demand(ALLOWED if policies.runs_osces(viewer) else refused(policies.UNSEEN))
    return me


@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: HttpRequest) -> HttpResponse:
    """Send a file of marks. A file with findings is not kept."""
    me = _examiner(request)
    form = MarksForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    context: dict[str, Any] = {"form": form, "days": KEPT_DAYS}
    status = status_of(form)
    if form.is_bound and form.is_valid():
        sent, wanted = form.cleaned_data["file"], form.wanted()
        data = sent.read()
        try:
            read = mark_file.read(data)
            if not read.findings:
                marks_kept.rule_not_too_many(read.marks)
                marks_kept.rule_grade_is_there(read.marks, wanted.borderline)
                key = marks_kept.keep(owner=me.uuid, name=sent.name, data=data)
                return redirect(reverse("osce_analysis", args=[key]) + _query(wanted))
            context["findings"] = read.findings
            status = 422
        except DomainError as error:
            error.field = error.field or "file"
            status = refuse(form, error)
    return render(request, "osces/marks.html", context, status=status)


def _query(wanted: Wanted) -> str:
    asked = {
        "borderline": marks_shown.written(wanted.borderline),
        "sem": marks_shown.written(wanted.sem),
        "group": wanted.group,
    }
    return f"?{urlencode(asked)}"


def _kept(request: HttpRequest, key: UUID) -> tuple[Person, str, WantedForm]:
    """Whose file it is, what it is called, and how it is to be analysed; 404 for anybody else's."""
    me = _examiner(request)
    name = marks_kept.name_of(owner=me.uuid, key=key)
    if name is None:
        raise Http404
    return me, name, WantedForm(request.GET)


@never_cache
@require_safe
def analysis(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every figure of a file of marks."""
    _, name, form = _kept(request, key)
    context: dict[str, Any] = {"form": form, "name": name, "key": key}
    if form.is_valid():
        wanted = form.wanted()
        found = marks_kept.analysed(key, wanted)
        query = _query(wanted)
        stations = [
            {
                "one": one,
                "cut": marks_shown.said(one.standard.cut),
                "se": marks_shown.said(one.cut.se),
                "r_squared": marks_shown.said(one.cut.line.r_squared if one.cut.line else None),
                "between": marks_shown.said(one.quality.variation.share, 1),
                "url": reverse("osce_station", args=[key, place]) + query,
            }
            for place, one in enumerate(found.stations, start=1)
        ]
        context |= {
            "found": found,
            "stations": stations,
            "passings": marks_shown.passings(found),
            "cut": marks_shown.said(found.standard.cut),
            "most": sum(float(one.cut.max_mark or 0) for one in found.stations),
            "se": marks_shown.said(found.jackknife.se),
            "alpha": marks_shown.said(found.reliability.alpha),
            "sem": marks_shown.said(found.reliability.sem),
            "sections": list(sections(found)),
            "query": query,
            "what_if": reverse("osce_what_if", args=[key]) + query,
            "tables": [
                {
                    kind: reverse("osce_file", args=[key, table, kind]) + query
                    for kind in writing.FORMATS
                }
                | {"name": table}
                for table in TABLES
            ],
        }
    return render(request, "osces/analysis.html", context, status=status_of(form))


@never_cache
@require_safe
def what_if_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Up to three standards side by side on a file of marks, as the address asks for them."""
    _, name, _ = _kept(request, key)
    asked = what_if.asked(key, request.GET)
    forms, examined, found = asked.forms, asked.examined, asked.found
    status = max(status_of(form) for form in (examined, *forms))
    analysed = _query(examined.wanted()) if examined.is_valid() else ""
    context: dict[str, Any] = {
        "name": name,
        "forms": forms,
        "examined": examined,
        "problems": [problem for form in (examined, *forms) for problem in problems(form)],
        "back": reverse("osce_analysis", args=[key]) + analysed,
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
                kind: reverse("osce_file", args=[key, "standards", kind]) + query
                for kind in (*writing.FORMATS, "json")
            }
    return render(request, "osces/what_if.html", context, status=status)


def _standards(key: UUID, name: str, data: QueryDict, format: str) -> HttpResponseBase:
    asked = what_if.asked(key, data)
    if not asked.valid or not asked.found:
        raise Http404
    if format == "json":
        return HttpResponse(as_json(asked.found), content_type="application/json")
    borderline = marks_shown.written(asked.examined.wanted().borderline)
    words = f"borderline grade {borderline}; {what_if_shown.asked(asked.found)}"
    about = writing.About(f"OSCE standards of {name}", words, " ".join(CONVENTIONS))
    heads, rows = what_if_shown.table(asked.marks, asked.found)
    return writing.table_response("osce-standards", heads, rows, about, format)


@never_cache
@require_safe
def station(request: HttpRequest, key: UUID, place: int) -> HttpResponse:
    """One station: its marks against the grades with the line, and its figures."""
    _, name, form = _kept(request, key)
    if not form.is_valid():
        raise Http404
    wanted = form.wanted()
    found = marks_kept.analysed(key, wanted)
    if not 1 <= place <= len(found.stations):
        raise Http404
    one = found.stations[place - 1]
    line = one.cut.line
    context = {
        "name": name,
        "back": reverse("osce_analysis", args=[key]) + _query(wanted),
        "one": one,
        "wanted": wanted,
        "plot": marks_shown.plot(one, marks_kept.marks(key), wanted.borderline),
        "cut": marks_shown.said(one.standard.cut),
        "most": f"{float(one.cut.max_mark or 0):g}",
        "se": marks_shown.said(one.cut.se),
        "line": marks_shown.equation(line),
        "r_squared": marks_shown.said(line.r_squared if line else None),
        "mean": marks_shown.said(one.group.mean),
        "median": marks_shown.said(one.group.median, 1),
        "between": marks_shown.said(one.quality.variation.share, 1),
        "p": marks_shown.said(one.quality.variation.p, 3),
        "look": marks_shown.to_look_at(one),
    }
    return render(request, "osces/station.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, key: UUID, table: str, format: str) -> HttpResponseBase:
    """The stations with every digit, the marks, or standards side by side, as a table; every figure as JSON."""
    _, name, form = _kept(request, key)
    if table == "standards" and format in (*writing.FORMATS, "json"):
        return _standards(key, name, request.GET, format)
    if not form.is_valid() or table not in (*TABLES, "figures"):
        raise Http404
    wanted = form.wanted()
    found = marks_kept.analysed(key, wanted)
    if table == "figures" and format == "json":
        return HttpResponse(as_json(found), content_type="application/json")
    if table == "figures" or format not in writing.FORMATS:
        raise Http404
    asked = f"borderline grade {marks_shown.written(wanted.borderline)}, groups by {wanted.group}"
    about = writing.About(f"OSCE {table} of {name}", asked, " ".join(found.conventions))
    if table == "stations":
        heads, rows = list(marks_shown.STATION_HEADS), marks_shown.station_rows(found)
    else:
        heads, rows = marks_shown.matrix(marks_kept.marks(key))
    return writing.table_response(f"osce-{table}", heads, rows, about, format)


@require_POST
def make_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """Asks for the report as a PDF, which is made in the background."""
    me = _examiner(request)
    name = marks_kept.name_of(owner=me.uuid, key=key)
    form = WantedForm(request.POST)
    if name is None or not form.is_valid():
        raise Http404
    work = marks_pdf.ask(by=me, key=key, name=name, wanted=form.wanted())
    return redirect("progress", work.uuid)


@never_cache
@require_safe
def pdf(request: HttpRequest, key: UUID, work: UUID) -> HttpResponse:
    """The report, for whoever sent the marks."""
    _kept(request, key)
    data = marks_pdf.kept(key, work)
    if data is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="osce-marks.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)
