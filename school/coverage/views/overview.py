"""The page of coverage: the figure, the map, the heat map and the trend."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from school.core import clock, days
from school.core.files import writing
from school.core.registries import Panel
from school.courses.views import status_of
from school.coverage import asked_queries as named
from school.coverage import counting, trending
from school.coverage.figures import Policy, figures
from school.coverage.overview import BY, SIDE_BY_SIDE, overview, targets, total
from school.coverage.policies import may_ask, sight
from school.coverage.states import GROUPS, Question, State
from school.coverage.views.common import DEFINITION, Asking, asking
from school.people.middleware import Viewer

COLUMNS = (
    "Group", "Requirement", "Target percent", "Adjusted: in date", "Adjusted: of", "Adjusted percent",
    "Headcount: in date", "Headcount: of", "Headcount percent", *(state.value.replace("_", " ").capitalize() for state in State),
    "Of these away for long",
)  # fmt: skip


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Who is in date for what is required: as of a day, as known on a day."""
    asked = asking(request)
    context: dict[str, Any] = {"form": asked.form, "asked": asked}
    if asked.question is None:
        return render(request, "coverage/coverage.html", context, status=status_of(asked.form))
    versions = asked.versions
    by, place = _by(request), _place(request, len(versions))
    found = overview(asked.question, versions, asked.sight, by, place)
    context |= {
        "found": found,
        "is_now": not asked.form.is_bound,
        "in_network": asked.sight.figures is None,
        "names": asked.sight.names != frozenset(),
        "by": by,
        "bys": [
            {"label": label, "url": asked.with_days(by=key), "current": key == by}
            for key, label in BY.items()
        ],
        "parts": _parts(asked, by, len(versions), place),
        "trend": reverse("coverage_trend") + asked.with_days(),
        "links": _links(asked),
        "csv": reverse("coverage_file", args=["csv"]) + asked.with_days(by=by),
        "xlsx": reverse("coverage_file", args=["xlsx"]) + asked.with_days(by=by),
        "definition": DEFINITION,
        "left_out": _left_out(asked),
    }
    return render(request, "coverage/coverage.html", context)


def _links(asked: Asking) -> list[tuple[str, str]]:
    """Where one goes on from the figure, as address and words."""
    assert asked.question is not None
    month = asked.question.as_of.replace(day=1) - days.DAY
    since = {"since": month.isoformat(), "since_known_on": min(month, asked.question.known_on)}
    found: list[tuple[str, str, dict[str, Any]]] = [
        *_later(asked.question),
        ("coverage_changes", f"What has changed since {days.long_date(month)}", since),
        ("coverage_lapses", "What lapses in the next 30 days, 3, 6 and 12 months", {}),
        ("attended", "Who attended in a window of time", {}),
        ("workforce", "The workforce itself, on any day", {}),
        ("reports", "Reports, and publishing this figure", {}),
    ]
    if asked.sight.has_names:
        found.append(("irmer_sites", "IR(ME)R: one site for an inspector", {}))
    if may_ask(asked.viewer):
        found.append(("requirements", "What is required", {}))
    # The others ask of days by their own names, or of none.
    dated = ("coverage_changes", "coverage_lapses", "workforce")
    return [
        (reverse(name) + (asked.with_days(**query) if name in dated else ""), said)
        for name, said, query in found
    ]


def _later(question: Question) -> list[tuple[str, str, dict[str, Any]]]:
    """What was recorded of a day gone by, since the figure was known or since that day: where it is asked as known today."""
    today = clock.today()
    if question.as_of >= today:
        return []
    known = question.known_on if question.known_on < today else question.as_of
    query = {
        "known_on": today.isoformat(),
        "since": question.as_of.isoformat(),
        "since_known_on": known.isoformat(),
    }
    words = f"What was recorded of that day after {days.long_date(known)}"
    return [("coverage_changes", words, query)]


def _left_out(asked: Asking) -> dict[str, str]:
    """The lists of whom the adjusted figure leaves out."""
    people = reverse("coverage_people")
    kinds = {"in_grace": "in_grace", "away": "away", "exempt": "exempt"}
    return {name: people + asked.with_days(state=kind) for name, kind in kinds.items()}


def _by(request: HttpRequest) -> str:
    by = request.GET.get("by", "site")
    return by if by in BY else "site"


def _place(request: HttpRequest, versions: int) -> int:
    """Which eight requirements are shown side by side."""
    typed = request.GET.get("part", "1")
    place = int(typed) - 1 if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0
    return place if 0 <= place * SIDE_BY_SIDE < versions else 0


def _parts(asked: Asking, by: str, versions: int, place: int) -> list[dict[str, Any]]:
    """The addresses of the other requirements, where there are more than stand side by side."""
    if versions <= SIDE_BY_SIDE:
        return []
    return [
        {
            "label": f"{first + 1} to {min(first + SIDE_BY_SIDE, versions)}",
            "url": asked.with_days(by=by, part=number + 1),
            "current": number == place,
        }
        for number, first in enumerate(range(0, versions, SIDE_BY_SIDE))
    ]


@require_safe
def coverage_trend(request: HttpRequest) -> HttpResponse:
    """The figure at each month's end; a part of the page of coverage, and a page of its own."""
    asked = asking(request)
    months = request.GET.get("months", "24")
    months = months if months in trending.MONTHS else "24"
    context: dict[str, Any] = {"form": asked.form, "asked": asked}
    if asked.question is not None:
        versions = asked.versions
        aimed = targets(versions)
        found = trending.totals(asked.question, int(months), aimed)
        last = found[asked.question.as_of]
        context |= {
            "chart": trending.chart(found, last.target or 90),
            "label": trending.MONTHS[months],
            "address": reverse("coverage_trend") + asked.with_days(),
            "choices": [
                {"label": label, "url": asked.with_days(months=key), "current": key == months}
                for key, label in trending.MONTHS.items()
            ],
        }
    part = bool(request.htmx) and asked.question is not None  # type: ignore[attr-defined]
    template = "coverage/_trend.html" if part else "coverage/trend.html"
    return render(request, template, context, status=status_of(asked.form))


@require_safe
def coverage_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The figures by one grouping as a file, with all that they are made of."""
    by = request.GET.get("by", "site")
    if format not in writing.FORMATS or by not in GROUPS:
        raise Http404
    asked = asking(request)
    if asked.question is None:
        raise Http404
    versions = asked.versions
    about = writing.About("Training coverage", asked.said, DEFINITION, made=clock.now())
    return writing.table_response(
        "training-coverage", COLUMNS, _rows(asked, versions, by), about, format
    )


def _rows(asked: Asking, versions: dict[int, Any], by: str) -> Iterator[tuple[Any, ...]]:
    assert asked.question is not None
    called = named.names(by)
    found = counting.counts(asked.question, [by, ""]).tallies
    for name, tallies in found.items():
        for figure in figures(tallies):
            version = versions[figure.requirement]
            adjusted, headcount = (figure.share(policy) for policy in Policy)
            group = "Everybody" if name == "" else called.get(figure.group, figure.group)
            yield (
                group, version.requirement.name, version.target_percent,
                adjusted.numerator, adjusted.denominator, adjusted.cell,
                headcount.numerator, headcount.denominator, headcount.cell,
                *figure.people.values(), sum(figure.away.values()),
            )  # fmt: skip


def home(viewer: Viewer) -> list[Panel]:
    """On the first page, later: the figure of what the viewer sees, and where it leads."""
    seen = sight(viewer)
    if seen is None:
        return []
    today = clock.today()
    found = figures(counting.tallies(Question(today, today, sites=seen.sites)))
    aimed = targets(named.versions(today, today))
    one = total([figure for figure in found if figure.requirement in aimed], aimed)
    return [Panel(20, "coverage/_home.html", {"total": one, "names": seen.has_names})]
