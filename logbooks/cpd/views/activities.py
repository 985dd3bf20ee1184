"""The list of one's activities, one of them, and writing, changing, taking one back."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from logbooks.cpd import queries
from logbooks.cpd.actions import activities as actions
from logbooks.cpd.cycles import countdown
from logbooks.cpd.forms.activities import ActivityFilter, ActivityForm, as_it_is
from logbooks.cpd.measure import measure
from logbooks.cpd.models import Activity
from logbooks.cpd.prompts import PROMPTS
from logbooks.cpd.views.common import own_activity, person_of, viewer_of
from school.core import clock, days
from school.core.errors import DomainError, NotAllowed
from school.core.files.writing import FORMATS, About, table_response
from school.core.forms import refuse

PAGE = 50
COLUMNS = (
    "first day", "last day", "activity", "type of learning", "hours", "what I did and learned",
    "what is better in my practice", "who benefits, and how", "recorded", "reference",
)  # fmt: skip


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """One's record: what waits, what the checks say, how long until the renewal, and all activities."""
    person_of(request)
    me, today = viewer_of(request).me, clock.today()
    found = measure(me, today)
    form = ActivityFilter(request.GET)
    chosen = form.chosen()
    rows = queries.activities(me, found.period, chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = urlencode(chosen)
    words = f"?{query}" if query else ""
    context = {
        "form": form,
        "filtered": bool(chosen),
        "page": page,
        "query": query,
        "list_url": request.path,
        "measure": found,
        "countdown": countdown(found.cycle, today) if found.cycle else None,
        "checked": queries.checked(me, found, today),
        "drafts": len(queries.drafts(queries.waiting(me))),
        "files": {name: reverse("cpd_file", args=[name]) + words for name in FORMATS},
    }
    return render(request, "cpd/activities.html", context)


@require_safe
def listed_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same list as CSV or XLSX."""
    person = person_of(request)
    if format not in FORMATS:
        raise Http404
    me = viewer_of(request).me
    form = ActivityFilter(request.GET)
    rows = queries.activities(me, measure(me, clock.today()).period, form.chosen())
    about = About(title=f"CPD of {person.name}", filtered=form.in_words())
    return table_response("cpd", COLUMNS, _cells(rows.iterator()), about, format)


def _cells(rows: Iterator[Activity]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.starts_on,
            row.ends_on,
            row.title,
            row.get_learning_display(),
            "" if row.minutes is None else days.in_hours(row.minutes),
            row.learned,
            row.practice,
            row.benefit,
            days.london_day(row.recorded_at),
            str(row.uuid),
        )


def add(request: HttpRequest) -> HttpResponse:
    """Write down an activity: what it was, its type, the day and how long; the reflection now or later."""
    person = person_of(request)
    form = ActivityForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": uuid4(), "starts_on": clock.today()},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.add_activity(
                    by=person, uuid=form.cleaned_data["uuid"], entered=form.entered()
                )
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "Your activity is in your record.")
                return redirect("cpd_activity", made.uuid)
    return render(request, "cpd/write.html", {"form": form}, status=status)


@require_safe
def shown(request: HttpRequest, activity: UUID) -> HttpResponse:
    """An activity against the five standards, its evidence, and its earlier versions."""
    found = own_activity(request, activity)
    scheme = measure(viewer_of(request).me, clock.today()).scheme
    prompts = PROMPTS[found.learning]
    boxes = {2: ("learned", prompts.learned), 3: ("practice", prompts.practice)}
    boxes[4] = ("benefit", prompts.benefit)
    files = queries.evidence_of(found)
    versions = list(found.history.order_by("-history_date", "-history_id"))
    context = {
        "activity": found,
        "scheme": scheme,
        "standards": [
            {
                "standard": one,
                "words": getattr(found, boxes[one.number][0]) if one.number in boxes else "",
                "prompt": boxes[one.number][1] if one.number in boxes else "",
            }
            for one in scheme.standards
        ],
        "files": files,
        "noticed": list(found.noticed.order_by("day", "pk")),
        "versions": versions[1:],
    }
    return render(request, "cpd/activity.html", context)


def change(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Change an activity, or write what one reflects; the version before stays in its history."""
    person = person_of(request)
    found = own_activity(request, activity)
    if request.method != "POST":
        if found.taken_back_at is not None:
            return redirect("cpd_activity", activity)
        form = ActivityForm(initial={**as_it_is(found), "seen": actions.version(found)})
        return render(request, "cpd/write.html", {"form": form, "activity": found})
    form = ActivityForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            actions.change_activity(
                by=person,
                activity=found,
                entered=form.entered(),
                seen=form.cleaned_data["seen"] or 0,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("cpd_activity", activity)
    return render(request, "cpd/write.html", {"form": form, "activity": found}, status=status)


@require_POST
def take_back(request: HttpRequest, activity: UUID) -> HttpResponse:
    """An activity counts no more; it can be brought back."""
    found = own_activity(request, activity)
    actions.take_back(by=person_of(request), activity=found)
    messages.success(request, "Taken back. It counts for nothing, and you can bring it back.")
    return redirect("cpd_activity", activity)


@require_POST
def bring_back(request: HttpRequest, activity: UUID) -> HttpResponse:
    """An activity that was taken back counts again."""
    found = own_activity(request, activity)
    actions.bring_back(by=person_of(request), activity=found)
    messages.success(request, "It counts again.")
    return redirect("cpd_activity", activity)
