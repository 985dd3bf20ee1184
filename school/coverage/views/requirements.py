"""Requirements as they are asked: in force, to come and ended, each with its versions in plain words."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from school.core import clock
from school.courses.models import Course
from school.courses.views import demand, signed_in
from school.coverage import counting, whom, wording
from school.coverage.actions.drafting import begin_next
from school.coverage.figures import Policy, figures
from school.coverage.models import Requirement, RequirementDraft, RequirementVersion
from school.coverage.policies import may_ask
from school.coverage.states import Question
from school.people.models import Person


def asker(request: HttpRequest) -> Person:
    """Who says what is required; 403 for others."""
    viewer, person = signed_in(request)
    demand(may_ask(viewer))
    return person


@dataclass(frozen=True, slots=True)
class Row:
    """A version as a page shows it."""

    version: RequirementVersion
    how: str
    whom: str
    courses: str = ""
    sentences: tuple[str, ...] = ()
    corrected_on: date | None = None


@require_safe
def requirements(request: HttpRequest) -> HttpResponse:
    """Every requirement by whether it is in force today, and the drafts."""
    asker(request)
    today, names = clock.today(), whom.Names()
    found: dict[int, list[RequirementVersion]] = {}
    for version in _versions().standing():  # type: ignore[attr-defined]
        found.setdefault(version.requirement_id, []).append(version)
    in_force: list[Row] = []
    to_come: list[Row] = []
    ended: list[Row] = []
    for versions in found.values():
        begun = [one for one in versions if one.entry.about_from <= today]
        now = begun[-1] if begun else versions[0]
        gone = now.entry.about_to is not None and now.entry.about_to < today
        following = [one for one in versions if one.entry.about_from > today]
        into = to_come if following and (gone or not begun) else ended if gone else in_force
        into.append(_row(following[0] if into is to_come else now, names))
    context = {
        "lists": [
            ("In force today", in_force),
            ("To come", to_come),
            ("Ended", ended),
        ],
        "drafts": RequirementDraft.objects.all(),
        "any": bool(found),
    }
    return render(request, "coverage/requirements/requirements.html", context)


@require_safe
def requirement(request: HttpRequest, requirement: UUID) -> HttpResponse:
    """A requirement with its versions over time, and how it stands today."""
    asker(request)
    found = get_object_or_404(Requirement, uuid=requirement)
    names, today = whom.Names(), clock.today()
    titles = dict(Course.objects.values_list("code", "title"))
    versions = list(_versions().filter(requirement=found).select_related("superseded_by__entry"))
    rows = [_row(one, names, titles) for one in reversed(versions)]
    asked = figures(counting.tallies(Question(today, today, (found.pk,))))
    figure = asked[0] if asked else None
    context = {
        "requirement": found,
        "rows": [row for row in rows if row.corrected_on is None],
        "corrected": [row for row in rows if row.corrected_on is not None],
        "asked": sum(figure.people.values()) if figure else 0,
        "adjusted": figure.share(Policy.ADJUSTED) if figure else None,
        "headcount": figure.share(Policy.HEADCOUNT) if figure else None,
        "drafts": RequirementDraft.objects.filter(code=found.code),
        "today": today,
        "uuid": uuid4(),
    }
    return render(request, "coverage/requirements/requirement.html", context)


@require_POST
def next_version(request: HttpRequest, requirement: UUID) -> HttpResponse:
    """Begin a draft that says what the last version says."""
    person = asker(request)
    found = get_object_or_404(Requirement, uuid=requirement)
    try:
        uuid = UUID(request.POST.get("uuid", ""))
    except ValueError:
        uuid = uuid4()
    draft = begin_next(by=person, requirement=found, uuid=uuid)
    return redirect("requirement_draft", draft.uuid)


def _versions() -> QuerySet[RequirementVersion]:
    rows: QuerySet[RequirementVersion] = RequirementVersion.objects.select_related(
        "entry", "requirement"
    )
    return rows.order_by("requirement__name", "entry__about_from", "pk")


def _row(
    version: RequirementVersion, names: whom.Names, titles: dict[str, str] | None = None
) -> Row:
    before = getattr(version, "superseded_by", None) if titles is not None else None
    return Row(
        version,
        wording.how_often(version),
        said_whom(version.whom, names),
        ", or ".join((titles or {}).get(code, code) for code in version.courses.split(",")),
        tuple(wording.sentences(version)),
        before.entry.known_from if before is not None else None,
    )


def said_whom(words: str, names: whom.Names) -> str:
    """Of whom it is asked, in plain words; the words as they stand where they name what is no longer held."""
    try:
        groups: list[dict[str, Any]] = whom.read(words, names)
    except ValueError:
        return words
    return wording.whom(groups)
