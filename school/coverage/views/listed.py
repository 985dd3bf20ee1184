"""People by name: who is behind a figure, and whose training lapses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from school.core.days import DAY, add_months, long_date
from school.core.files import writing
from school.courses.views import status_of
from school.coverage import states
from school.coverage.asked_queries import names
from school.coverage.counting import Tally
from school.coverage.figures import figures
from school.coverage.forms import AWAY, BEHIND, ListForm
from school.coverage.listed import Listed, listed
from school.coverage.models import RequirementVersion
from school.coverage.over_time import ahead
from school.coverage.overview import Total, targets, total
from school.coverage.policies import sites_named
from school.coverage.states import GROUPS, KEYS, Narrowed, Order, Question, State
from school.coverage.views.common import DEFINITION, Asking, asking

PAGE = 50
COLUMNS = ("Person", "Site", "Requirement", "State", "In date until", "Marks", "Booked")
BEHIND_STATES = (State.EXPIRED, State.MISSING)
COUNTED = (State.IN_DATE, *BEHIND_STATES)
# How far ahead one looks.
HORIZONS = {"30": "30 days", "3": "3 months", "6": "6 months", "12": "12 months"}


def horizon(from_day: date, key: str) -> date:
    """The day that lies so far ahead."""
    return from_day + timedelta(days=30) if key == "30" else add_months(from_day, int(key))


@dataclass(frozen=True, slots=True)
class Lines(Sequence[Listed]):
    """The lines of a question as a list that a paginator cuts."""

    question: Question
    versions: dict[int, RequirementVersion]
    narrowed: Narrowed

    def __len__(self) -> int:
        return states.how_many(self.question, self.narrowed)

    def __getitem__(self, cut: Any) -> Any:
        some = replace(self.narrowed, first=cut.start, most=cut.stop - cut.start)
        return listed(self.question, self.versions, some)

    def in_parts(self) -> Iterator[Listed]:
        """All of them, some at a time."""
        place = 0
        while some := self[place : place + 1000]:
            yield from some
            place += 1000


@require_safe
def coverage_people(request: HttpRequest) -> HttpResponse:
    """The people behind a figure, each with the state and until when."""
    asked = asking(request, named=True)
    context: dict[str, Any] = {"days": asked.form, "asked": asked}
    if asked.question is None:
        return render(request, "coverage/people.html", context, status=status_of(asked.form))
    form, lines, said = _narrowed(request, asked)
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    asked.viewer.opened(*{row.person for row in page.object_list})
    query = request.GET.copy()
    query.pop("page", None)
    context |= {
        "form": form,
        "page": page,
        "said": said,
        "filtered": bool(said),
        "clear": reverse("coverage_people") + asked.with_days(),
        "back": reverse("coverage") + asked.with_days(),
        **_files("coverage_people_file", query),
    }
    return render(request, "coverage/people.html", context)


@require_safe
def coverage_people_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same as a file; everybody in it gets a row in the access log."""
    if format not in writing.FORMATS:
        raise Http404
    asked = asking(request, named=True)
    if asked.question is None:
        raise Http404
    _, lines, said = _narrowed(request, asked)
    return _file("Training of people", asked, lines, said, format)


def _file(
    title: str, asked: Asking, lines: Lines, said: list[str], format: str
) -> HttpResponseBase:
    rows = list(lines.in_parts())
    asked.viewer.opened(*{row.person for row in rows})
    about = writing.About(title, ", ".join([asked.said, *said]), DEFINITION)
    return writing.table_response(title, COLUMNS, (_cells(row) for row in rows), about, format)


def _cells(row: Listed) -> tuple[Any, ...]:
    marks = "; ".join(row.notes)
    return (
        row.person.name, row.site.name, row.version.requirement.name, row.state,
        row.line.expires, marks, row.booked,
    )  # fmt: skip


def _files(name: str, query: QueryDict) -> dict[str, str]:
    """The addresses of the same list as files."""
    asked = f"?{query.urlencode()}" if query else ""
    return {format: reverse(name, args=[format]) + asked for format in writing.FORMATS}


def _narrowed(request: HttpRequest, asked: Asking) -> tuple[ListForm, Lines, list[str]]:
    """The list that is asked for, and what it is narrowed to in words. 404 for a group that nobody knows."""
    assert asked.question is not None
    versions = asked.versions
    sites = {site.slug: site for site in sites_named(asked.viewer)}
    data = request.GET.copy()
    by, group = data.get("by", ""), data.get("group", "")
    if by == "site":
        # A cell of the heat map and the choice of a site are the same.
        data["site"] = data.get("site") or group
        by = group = ""
    form = ListForm(data, versions=versions.values(), sites=sites.values())
    question, narrowed, said = asked.question, Narrowed(order=Order.NAME), []
    if code := form.chosen("requirement"):
        [version] = [one for one in versions.values() if one.requirement.code == code]
        question = replace(question, requirements=(version.requirement_id,))
        said.append(version.requirement.name)
    if slug := form.chosen("site"):
        question = replace(question, sites=(sites[slug].pk,))
        said.append(sites[slug].name)
    if state := form.chosen("state"):
        narrowed = replace(narrowed, **_of_state(state))
        said.append(dict(form.fields["state"].choices)[state].lower())  # type: ignore[attr-defined]
    if by:
        narrowed, words = _of_group(narrowed, by, group)
        said.append(words)
    return form, Lines(question, versions, narrowed), said


def _of_state(state: str) -> dict[str, Any]:
    if state == AWAY:
        return {"states": COUNTED, "away": True}
    if state == BEHIND:
        return {"states": BEHIND_STATES, "away": False}
    return {"states": (State(state),)}


def _of_group(narrowed: Narrowed, by: str, group: str) -> tuple[Narrowed, str]:
    named = {str(key): (key, name) for key, name in names(by).items()}
    # PostgreSQL knows no text with a NUL in it.
    if by not in GROUPS or (by in KEYS and group not in named) or "\0" in group:
        raise Http404
    key, name = named.get(group, (group, group))
    return replace(narrowed, by=by, group=key), name


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come by a day: how many lapse, and the figure then, as it is and with what is booked."""

    label: str
    day: date
    lapses: int
    then: Total
    booked: Total


@require_safe
def coverage_lapses(request: HttpRequest) -> HttpResponse:
    """What lapses over the next months, who is behind already, and whose it is."""
    asked = asking(request)
    within = request.GET.get("within", "30")
    within = within if within in HORIZONS else "30"
    context: dict[str, Any] = {"days": asked.form, "asked": asked}
    if asked.question is None:
        return render(request, "coverage/lapses.html", context, status=status_of(asked.form))
    versions = asked.versions
    names_too = asked.sight.names != frozenset()
    until = horizon(asked.question.as_of, within)
    context |= {
        "ahead": _ahead(asked.question, versions),
        "within": HORIZONS[within],
        "until": until,
        "choices": [
            {"label": label, "url": asked.with_days(within=key), "current": key == within}
            for key, label in HORIZONS.items()
        ],
        "names": names_too,
        "address": reverse("coverage_lapses") + asked.with_days(),
        "behind": reverse("coverage_people") + asked.with_days(state=BEHIND),
        "back": reverse("coverage") + asked.with_days(),
        "said": asked.said,
    }
    if names_too:
        lines = _lapsing(asked, versions, until)
        page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
        asked.viewer.opened(*{row.person for row in page.object_list})
        query = request.GET.copy()
        query.pop("page", None)
        context |= {"page": page, **_files("coverage_lapses_file", query)}
    return render(request, "coverage/lapses.html", context)


@require_safe
def coverage_lapses_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """Whose training lapses, as a file."""
    if format not in writing.FORMATS:
        raise Http404
    asked = asking(request, named=True)
    within = request.GET.get("within", "30")
    if asked.question is None or within not in HORIZONS:
        raise Http404
    until = horizon(asked.question.as_of, within)
    lines = _lapsing(asked, asked.versions, until)
    said = [f"in date no longer on {long_date(until)}"]
    return _file("Training that lapses", asked, lines, said, format)


def _lapsing(asked: Asking, versions: dict[int, RequirementVersion], until: date) -> Lines:
    assert asked.question is not None
    question = replace(asked.question, sites=asked.sight.named_sites)
    narrowed = Narrowed(states=(State.IN_DATE,), expires_by=until - DAY, order=Order.SOONEST)
    return Lines(question, versions, narrowed)


def _ahead(question: Question, versions: dict[int, RequirementVersion]) -> list[Outlook]:
    """The next months; one query."""
    days = {key: horizon(question.as_of, key) for key in HORIZONS}
    found = ahead(question, list(days.values()))
    aimed = targets(versions)

    def summed(tallies: Sequence[Tally]) -> Total:
        # What begins to be required only later has no target yet.
        return total([one for one in figures(tallies) if one.requirement in aimed], aimed)

    return [
        Outlook(
            HORIZONS[key],
            day,
            found[day].lapses,
            summed(found[day].then),
            summed(found[day].booked),
        )
        for key, day in days.items()
    ]
