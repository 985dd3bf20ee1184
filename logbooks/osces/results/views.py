"""The standard of an exam: what judges expect at its stations, and the board's decision, shown before it is recorded."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.osces import policies, sealing
from logbooks.osces.examined import what_if_shown
from logbooks.osces.examined.source import ExamSource, of_exam
from logbooks.osces.examined.views import exam_of
from logbooks.osces.results import actions, decided, judging
from logbooks.osces.results.forms import DecisionForm, RatingForm
from logbooks.osces.stations.views import keeper
from school.core.decision import ALLOWED, refused
from school.core.errors import DomainError
from school.courses.views import demand, refuse, signed_in, status_of
from school.people.models import Person

ONLY = "Only examiners of this exam, and those who run OSCEs, rate its stations."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standard(request: HttpRequest, exam: UUID) -> HttpResponse:
    """The board's decision: said in a form, shown with what it comes to, and then recorded."""
    source = exam_of(request, exam)
    sent = request.POST if request.method == "POST" else None
    form = DecisionForm(sent, source)
    context: dict[str, Any] = {"source": source, "form": form, "uuid": uuid4()}
    status = status_of(form)
    if form.is_bound and form.is_valid():
        choice = form.choice()
        uuid = _uuid(request)
        try:
            if request.POST.get("record"):
                actions.set_standard(
                    by=keeper(request),
                    source=source,
                    choice=choice,
                    seen=request.POST.get("seen", ""),
                    uuid=uuid,
                )
                messages.success(request, "The standard is set. Nobody sees a result before it is released.")  # fmt: skip
                return redirect("osce_standard", exam)
        except DomainError as error:
            status = refuse(form, error)
        context |= {"uuid": uuid} | _shown(source, decided.worked(source, choice))
    context["before"] = source.decision
    return render(request, "osces/results/standard.html", context, status=status)


def _shown(source: ExamSource, worked: decided.Worked) -> dict[str, Any]:
    found = {"": worked.applied}
    there = worked.applied.counts is not None
    return {
        "worked": worked,
        "headline": what_if_shown.headline(found) if there else "No result",
        "summary": list(what_if_shown.summary(found)),
        "cuts": list(what_if_shown.cuts(source.marks, found)),
        "seen": sealing.digest(worked.decision) if there else "",
    }


def _uuid(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("uuid", ""))
    except ValueError:
        return uuid4()


def _judging(request: HttpRequest, exam: UUID) -> tuple[Person, ExamSource]:
    """A judge and the exam; 403 for whoever is none, 404 for an exam that is not frozen."""
    viewer, me = signed_in(request)
    source = of_exam(exam)
    runs = policies.runs_osces(viewer)
    demand(ALLOWED if runs or (source and judging.may_judge(source.exam, me)) else refused(ONLY))
    if source is None:
        raise Http404
    return me, source


@never_cache
@require_safe
def ratings(request: HttpRequest, exam: UUID) -> HttpResponse:
    """The stations of an exam, with how many judges rated each."""
    me, source = _judging(request, exam)
    found, mine = judging.standing(source.exam), judging.uuids_of(me)
    lines = []
    for one in source.marked:
        rated = found.get(one.place.pk, [])
        own = judging.own(rated, mine)
        lines.append((one, len(rated), judging.judged(one, rated) if own else None))
    context = {"source": source, "lines": lines}
    return render(request, "osces/results/ratings.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: HttpRequest, exam: UUID, place: int) -> HttpResponse:
    """One station: a judge rates it, and sees the other judges' ratings only afterwards."""
    me, source = _judging(request, exam)
    station = next((one for one in source.marked if one.place.number == place), None)
    if station is None:
        raise Http404
    items = station.document.items
    rated = judging.standing(source.exam).get(station.place.pk, [])
    own = judging.own(rated, judging.uuids_of(me))
    sent = request.POST if request.method == "POST" else None
    first = {f"item-{key}": share // 10 for key, share in judging.said(own).items()} if own else {}
    form = RatingForm(sent, items=items, initial={"uuid": uuid4(), **first})
    status = status_of(form)
    if form.is_bound and form.is_valid():
        uuid = form.cleaned_data["uuid"] or uuid4()
        try:
            actions.rate(by=me, source=source, station=station, shares=form.shares(), uuid=uuid)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"Your rating of {station.short} is saved.")
            return redirect("osce_rating", exam, place)
    context: dict[str, Any] = {"source": source, "station": station, "form": form, "own": own}
    if own:
        found = judging.judged(station, rated)
        names = judging.names(rated)
        context |= {
            "judged": found,
            "judges": [
                (names.get(UUID(key), "Somebody"), mean * found.found.items)
                for key, mean in found.found.judges.items()
            ],
        }
    return render(request, "osces/results/rating.html", context, status=status)
