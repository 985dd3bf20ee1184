"""A student's evaluation of a placement, and what sites and the School see of many together."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from placements import evaluations_queries as queries
from placements import policies
from placements.actions.evaluations import evaluate as give
from placements.actions.evaluations import rule_over, rule_still_changeable
from placements.evaluations import ENOUGH, Figures, priorities
from placements.forms.evaluations import LEVELS, EvaluationForm
from placements.models import Placement, PlacementEvaluation
from placements.views.coordinator import demand, refuse, status_of
from placements.views.educator import person_of, viewer_of
from school.core import charts, ledger
from school.core.charts.bars import per_cent
from school.core.errors import DomainError
from school.core.files import writing
from school.people.models import Site
from school.people.queries import identity

# A student's own ---------------------------------------------------------------------------------


@never_cache
def evaluate(request: HttpRequest, placement: UUID) -> HttpResponse:
    """One's own placement: the ten questions, or what was given when it cannot be changed any more."""
    person = person_of(request)
    own = Placement.objects.filter(enrolment__person__in=identity(person))
    found = get_object_or_404(
        own.select_related("site", "stage", "enrolment__book"), uuid=placement
    )
    before, until = queries.newest(found), queries.changeable_until(found)
    closed = ""
    try:
        rule_over(found)
        rule_still_changeable(until)
    except DomainError as error:
        closed = error.message
    form = EvaluationForm(
        request.POST if request.method == "POST" else None, initial=_initial(before)
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            give(
                by=person,
                placement=found,
                ratings=form.ratings(),
                comment=form.cleaned_data["comment"],
                uuid=form.cleaned_data["uuid"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"Your evaluation of {found.site.name} is kept.")
            return redirect("evaluate", found.uuid)
    context = {
        "placement": found,
        "form": form,
        "closed": closed,
        "until": until,
        "given": _given(before) if before else [],
        "comment": ledger.private_text(before, "comment") if before else "",
    }
    return render(
        request, "placements/evaluations/evaluate.html", context, status=status_of(form, status)
    )


def _initial(before: PlacementEvaluation | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"uuid": uuid4()}
    if before:
        initial["comment"] = ledger.private_text(before, "comment")
        for one in priorities():
            initial[f"priority_{one.number}"] = before.ratings[one.number - 1]
    return initial


def _given(before: PlacementEvaluation) -> list[tuple[str, str]]:
    said = dict(LEVELS)
    return [(one.name, said[before.ratings[one.number - 1]]) for one in priorities()]


# A site's ----------------------------------------------------------------------------------------


@never_cache
def site_evaluations(request: HttpRequest, site: UUID) -> HttpResponse:
    """The averages of a site, and, for who may read them, the comments without names."""
    viewer = viewer_of(request)
    shown = get_object_or_404(Site, uuid=site)
    demand(policies.may_see_evaluations(viewer, shown))
    here = Q(site=shown)
    own = policies.is_at_site(viewer, shown)
    found = queries.whole_batches(here if own else here & queries.readable(viewer))
    comments: list[str] = []
    if policies.may_read_evaluations(viewer):
        read = found
        if own:
            read = queries.whole_batches(here & queries.readable(viewer))
        comments = queries.comments(read.get(shown.pk, []))
    figures = queries.site_figures(shown, found.get(shown.pk, []))
    context = {
        "site": shown,
        "enough": ENOUGH,
        "figures": figures.all,
        "rows": _rows(figures.all, "all") if figures.all else [],
        "years": [
            {"year": year, "answers": one.answers, "rows": _rows(one, f"y{year}")}
            for year, one in figures.years.items()
            if one and figures.all and one.answers < figures.all.answers
        ],
        "comments": comments,
        "reads": bool(policies.may_read_evaluations(viewer)),
        "watches": bool(policies.may_watch_students(viewer)),
    }
    return render(request, "placements/evaluations/site.html", context)


def _rows(figures: Figures, prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "question": one.question,
            "average": average,
            "id": f"{prefix}-{one.number}",
            "bar": charts.Share(
                title=f"{one.name}: {average} of 5, the average of {figures.answers} answers",
                numerator=round(average * figures.answers),
                denominator=5 * figures.answers,
                width=per_cent(average, 5),
                words=f"{average} of 5",
                standard=None,
            ),
        }
        for one, average in zip(priorities(), figures.averages, strict=True)
    ]


# The School's ------------------------------------------------------------------------------------


@never_cache
def evaluations(request: HttpRequest) -> HttpResponse:
    """The averages of every site that the viewer reads."""
    viewer = viewer_of(request)
    demand(policies.may_read_evaluations(viewer))
    context = {
        "rows": [
            {
                "site": row.site,
                "answers": row.all.answers,
                "averages": [
                    (one.name, average)
                    for one, average in zip(priorities(), row.all.averages, strict=True)
                ],
            }
            for row in queries.all_figures(viewer)
            if row.all
        ],
        "priorities": priorities(),
        "enough": ENOUGH,
        "csv": reverse("evaluations_file", args=["csv"]),
        "xlsx": reverse("evaluations_file", args=["xlsx"]),
    }
    return render(request, "placements/evaluations/evaluations.html", context)


def evaluations_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same averages as a file, all years together and each year that can be shown apart."""
    viewer = viewer_of(request)
    demand(policies.may_read_evaluations(viewer))
    if format not in writing.FORMATS:
        raise Http404
    columns = ("Site", "Years", "Answers", *(one.name for one in priorities()))
    about = writing.About(
        title="Evaluations by site",
        definition=(
            f"Averages of answers from 1 to 5, over whole batches of {ENOUGH} students or more; "
            "later answers wait for the next whole batch. A year stands apart where a batch was of "
            "that year only. Priorities: Safe Learning Environment Charter, NHS England."
        ),
    )
    cells = _cells(queries.all_figures(viewer))
    return writing.table_response("evaluations", columns, cells, about, format)


def _cells(sites: list[queries.SiteFigures]) -> Iterator[tuple[Any, ...]]:
    for row in sites:
        shown = {"all": row.all, **{f"year {year}": one for year, one in row.years.items()}}
        for years, one in shown.items():
            if one:
                yield (row.site.name, years, one.answers, *one.averages)
