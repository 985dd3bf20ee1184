"""What has changed since: two days of coverage, and the people who make the difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from school.core import days
from school.core.files import writing
from school.core.share import Share
from school.courses.views import demand, signed_in
from school.coverage import changes, counting, policies, standing, told
from school.coverage.changes import Changes
from school.coverage.figures import CONVENTIONS, Policy, figures
from school.coverage.forms.reports import ChangesForm
from school.coverage.policies import Sight
from school.coverage.states import Question
from school.coverage.views.reports import may_look

MOST = 500
COLUMNS = (
    "Person", "Requirement", "Site", "Why", "Before", "After",
    "In date, adjusted", "Of, adjusted", "In date, headcount", "Of, headcount",
)  # fmt: skip


@dataclass(slots=True)
class _Asked:
    """The two questions of an address, and what lies between them."""

    form: ChangesForm
    seen: Sight
    questions: tuple[Question, Question] | None = None

    def between(self) -> Changes:
        """Every change; none while the days cannot be read."""
        return changes.between(*self.questions) if self.questions else Changes()

    @property
    def words(self) -> list[str]:
        """What is compared, as phrases."""
        if self.questions is None:
            return []
        return [
            f"{days.long_date(one.as_of)}, as known on {days.long_date(one.known_on)}"
            for one in self.questions
        ]


def _asked(request: HttpRequest) -> _Asked:
    viewer, _ = signed_in(request)
    demand(may_look(viewer))
    seen = policies.sight(viewer)
    assert seen is not None  # demanded above
    form = ChangesForm(request.GET)
    if not form.is_bound:
        form = ChangesForm({name: day.isoformat() for name, day in form.initial.items()})
    if not form.is_valid():
        return _Asked(form, seen)
    said = form.cleaned_data
    wanted = (said["requirement"].pk,) if said["requirement"] else ()
    standing.bring_up()
    before, after = (
        Question(as_of, known_on, wanted, seen.sites, is_brought_up=True)
        for as_of, known_on in (
            (said["since"], said["since_known_on"]),
            (said["as_of"], said["known_on"]),
        )
    )
    return _Asked(form, seen, (before, after))


@require_safe
def coverage_changes(request: HttpRequest) -> HttpResponse:
    """The reasons with their counts, and the people at sites whose people the viewer sees."""
    asked = _asked(request)
    found = asked.between()
    mine = told.seen_of(found.by_site, asked.seen)
    lines = told.lines_of(mine, Policy.ADJUSTED, MOST)
    request.viewer.opened(*[one.person for one in lines])  # type: ignore[attr-defined]
    sums = [
        {"one": one, "headcount": other}
        for one, other in zip(*(found.summed(policy) for policy in Policy), strict=True)
    ]
    query = request.GET.urlencode()
    files = {
        kind: f"{reverse('coverage_changes_file', args=[kind])}?{query}" for kind in writing.FORMATS
    }
    context: dict[str, Any] = {
        "form": asked.form,
        "words": asked.words,
        "sums": sums,
        "shares": _shares(asked, found),
        "lines": lines,
        "more": len(mine) - len(lines),
        "unnamed": len(found.by_site) - len(mine),
        "names": asked.seen.names != frozenset(),
        **files,
    }
    status = 200 if asked.questions else 422
    return render(request, "coverage/changes.html", context, status=status)


def _shares(asked: _Asked, changed: Changes) -> list[tuple[str, Share, Share]]:
    """The figures of everybody before and after, under the name of each policy; a query for those before, to which the changes are added."""
    if asked.questions is None:
        return []
    before = figures(counting.tallies(asked.questions[0]))
    found = []
    for policy in Policy:
        shares = [one.share(policy) for one in before]
        was = Share(sum(one.numerator for one in shares), sum(one.denominator for one in shares))
        sums = changed.summed(policy)
        now = Share(
            was.numerator + sum(one.numerator for one in sums),
            was.denominator + sum(one.of for one in sums),
        )
        found.append((policy.value.capitalize(), was, now))
    return found


@require_safe
def coverage_changes_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The people as a file."""
    asked = _asked(request)
    if format not in writing.FORMATS or asked.questions is None:
        raise Http404
    found = told.seen_of(asked.between().by_site, asked.seen)
    about = writing.About(
        title="What has changed in training coverage",
        filtered=f"from {asked.words[0]}, to {asked.words[1]}; sites whose people you see",
        definition=" ".join(CONVENTIONS),
    )
    lines = told.lines_of(found, Policy.ADJUSTED)
    request.viewer.opened(*[one.person for one in lines])  # type: ignore[attr-defined]
    heads = told.lines_of(found, Policy.HEADCOUNT)
    return writing.table_response("coverage-changes", COLUMNS, _rows(lines, heads), about, format)


def _rows(lines: list[told.Told], heads: list[told.Told]) -> Iterator[tuple[Any, ...]]:
    for line, head in zip(lines, heads, strict=True):
        yield (
            line.person.name, line.requirement, line.site, line.words, line.before, line.after,
            line.numerator, line.of, head.numerator, head.of,
        )  # fmt: skip
