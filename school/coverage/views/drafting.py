"""Drafts of requirements: written, tried on the people of today, published or thrown away."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school.core import clock, days
from school.core.charts import Column, Table
from school.core.errors import DomainError
from school.core.files import writing
from school.core.forms import sentence
from school.core.rows import with_seen
from school.courses.models import Course
from school.courses.views import looking, refuse, status_of
from school.coverage import whom, wording
from school.coverage.actions.drafting import (
    asking_of,
    codes_of,
    discard_draft,
    missing_courses,
    publish_draft,
    save_draft,
)
from school.coverage.figures import CONVENTIONS, Policy
from school.coverage.forms.drafting import DraftForm, TrialForm, first_day
from school.coverage.models import RequirementDraft, RequirementVersion
from school.coverage.states import State
from school.coverage.trying import Somebody, Tried, try_out
from school.coverage.views.common import seen_by
from school.coverage.views.requirements import asker, said_whom
from school.people.models import Person

# So many of a list are named on the page; the file names all.
SHOWN = 50
WORDS = {
    State.EXEMPT: "Exempt",
    State.IN_DATE: "In date",
    State.IN_GRACE: "In their grace as starters",
    State.EXPIRED: "Lapsed",
    State.MISSING: "Missing",
    None: "Not asked",
}
IN_FORCE, DRAFTED = "By the version in force", "By the draft"
COLUMNS = ("Name", "Sites", IN_FORCE, DRAFTED, "Expires", "Away 28 days or more")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Write a requirement that is not there yet."""
    return _save(request, asker(request), None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, draft: UUID) -> HttpResponse:
    """A draft as it is filled in."""
    person = asker(request)
    found = RequirementDraft.objects.filter(uuid=draft).first()
    if found is None:
        return _published(draft)
    return _save(request, person, found)


def _save(request: HttpRequest, person: Person, draft: RequirementDraft | None) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = DraftForm(posted, draft=draft, names=whom.Names())
    if draft is None:
        form.initial["uuid"] = uuid4()
    status = 200
    if posted is not None and form.is_valid():
        uuid = draft.uuid if draft else form.cleaned_data["uuid"]
        try:
            saved = save_draft(
                by=person, uuid=uuid, columns=form.columns(), changing=draft is not None
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            if "more" in posted:
                return redirect(reverse("requirement_draft", args=[saved.uuid]) + "#whom")
            messages.success(request, "The draft is saved. Try it before you publish it.")
            return redirect("try_requirement", saved.uuid)
    context = {
        "form": form,
        "draft": draft,
        "missing": [
            f"The catalogue has no course with the code “{code}”. Ask a School educator to make it, or choose another below."
            for code in (missing_courses(draft) if draft else [])
        ],
        "groups": [[form[name] for name in form.group(place)] for place in range(form.groups)],
        "courses": [form[f"course_{place}"] for place in range(form.courses)],
    }
    return render(request, "coverage/requirements/draft_form.html", context, status=status_of(form, status))  # fmt: skip


@require_POST
def discard(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Throw a draft away."""
    person = asker(request)
    found = get_object_or_404(RequirementDraft, uuid=draft)
    discard_draft(by=person, draft=found)
    messages.success(request, f"The draft of {found.name} is thrown away.")
    return redirect("requirements")


@require_safe
def trial(request: HttpRequest, draft: UUID) -> HttpResponse:
    """What a draft would do to the people of a day; nothing is written."""
    asker(request)
    found = with_seen(RequirementDraft.objects.filter(uuid=draft)).first()
    if found is None:
        return _published(draft)
    form, names = _asked_day(request, found), whom.Names()
    context: dict[str, Any] = {"form": form, "draft": found}
    try:
        asking = asking_of(found, names)
    except DomainError as error:
        context |= {"problem": error, **_said(found, names)}
        return render(request, "coverage/requirements/trial.html", context)
    context |= _said(found, names, asking.courses)
    if form.is_bound and not form.is_valid():
        return render(request, "coverage/requirements/trial.html", context, status=422)
    as_of = _day(form, found)
    tried = try_out(asking, as_of)
    lists = _lists(tried)
    looking(request).opened(*{one.person for _, _, people in lists for one in people[:SHOWN]})
    today = clock.today()
    context |= {
        "as_of": as_of,
        "tried": tried,
        "table": _table(tried),
        "lists": [
            (title, words, people[:SHOWN], len(people) - SHOWN) for title, words, people in lists
        ],
        "shares": [
            (word, figure.share(Policy.ADJUSTED), figure.share(Policy.HEADCOUNT))
            for word, figure in (
                ("By the version in force", tried.before),
                ("By the draft", tried.after),
            )
            if sum(figure.people.values())
        ],
        "conventions": CONVENTIONS,
        "past": asking.starts < today,
        "corrects": asking.before,
        "same": not asking.says_other,
        "seen": found.seen,
        **{
            kind: reverse("try_requirement_file", args=[found.uuid, kind])
            + f"?as_of={as_of.isoformat()}"
            for kind in writing.FORMATS
        },
    }
    return render(request, "coverage/requirements/trial.html", context)


@require_safe
def trial_file(request: HttpRequest, draft: UUID, format: str) -> HttpResponseBase:
    """Everybody of a trial as a file; each gets a row in the access log."""
    asker(request)
    if format not in writing.FORMATS:
        raise Http404
    found = get_object_or_404(RequirementDraft, uuid=draft)
    form = _asked_day(request, found)
    if form.is_bound and not form.is_valid():
        raise Http404
    as_of = _day(form, found)
    try:
        tried = try_out(asking_of(found), as_of)
    except DomainError as error:
        raise Http404 from error
    looking(request).opened(*(one.person for one in tried.people))
    about = writing.About(
        title=f"Trial of {found.name}",
        filtered=f"as of {days.long_date(as_of)}",
        definition="Nothing of it was published. " + " ".join(CONVENTIONS),
    )
    rows = (
        (one.person.name, ", ".join(one.sites), WORDS[one.before], WORDS[one.after], one.expires, "yes" if one.away else "")
        for one in tried.people
    )  # fmt: skip
    return writing.table_response(f"trial-{found.code}", COLUMNS, rows, about, format)


@require_POST
def publish(request: HttpRequest, draft: UUID) -> HttpResponse:
    """A draft becomes a version."""
    person = asker(request)
    try:
        version = publish_draft(by=person, draft=draft, seen=seen_by(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("try_requirement", draft)
    day = days.long_date(version.entry.about_from)
    messages.success(request, f"{version.requirement.name} is published. It is asked from {day}.")
    return redirect("requirement", version.requirement.uuid)


def _published(draft: UUID) -> HttpResponse:
    """Where a draft is that is a draft no more; 404 for one that was thrown away."""
    version = get_object_or_404(RequirementVersion, entry__uuid=draft)
    return redirect("requirement", version.requirement.uuid)


def _asked_day(request: HttpRequest, draft: RequirementDraft) -> TrialForm:
    asked = any(name.startswith("as_of") for name in request.GET)
    return TrialForm(request.GET if asked else None, initial={"as_of": first_day(draft)})


def _day(form: TrialForm, draft: RequirementDraft) -> Any:
    return (form.cleaned_data["as_of"] if form.is_bound else None) or first_day(draft)


def _said(
    draft: RequirementDraft, names: whom.Names, courses: Iterable[Course] | None = None
) -> dict[str, Any]:
    """What a draft says, in plain words."""
    found = Course.objects.filter(code__in=codes_of(draft)) if courses is None else courses
    titles = {one.code: one.title for one in found}
    how = wording.how_often(draft) if draft.decided else "not decided yet"
    rows = {
        "Asked of": sentence(said_whom(draft.whom, names)),
        "Satisfied by": ", or ".join(titles.get(code, f"{code} (not in the catalogue)") for code in codes_of(draft)) or "No course is chosen",
        "How long": sentence(how),
        "From": days.long_date(draft.starts) if draft.starts else "No first day yet",
        "To": days.long_date(draft.ends) if draft.ends else "While it lasts",
        "Target": f"{draft.target_percent} % in date",
        "Stands in": draft.source or "Not said yet",
    }  # fmt: skip
    sentences = wording.sentences(draft) if draft.decided else []
    return {
        "rows": [{"key": key, "value": value} for key, value in rows.items()],
        "sentences": sentences,
    }


def _table(tried: Tried) -> Table:
    """The counts by state; of a requirement that is asked of nobody today by the draft alone."""
    asked = [(IN_FORCE, tried.before)] if sum(tried.before.people.values()) else []
    shown = [*asked, (DRAFTED, tried.after)]
    return Table(
        caption="People by where they stand",
        columns=(Column("State"), *(Column(word, numeric=True) for word, _ in shown)),
        rows=tuple(
            (WORDS[state], *(figure.people[state] for _, figure in shown)) for state in State
        ),
    )


def _lists(tried: Tried) -> list[tuple[str, str, list[Somebody]]]:
    """Whose state the draft would change, by what it would become."""
    found = [
        ("Would be missing", "Asked of them, and they never had it.", tried.becoming(State.MISSING)),
        ("Would have expired", "They had it, and it has run out by this rule.", tried.becoming(State.EXPIRED)),
        ("Would be in date", "They have what satisfies it.", tried.becoming(State.IN_DATE)),
        ("Would be in their grace", "Starters, who have some days yet.", tried.becoming(State.IN_GRACE)),
        ("Exempt", "They are let off, for a reason on their record.", tried.becoming(State.EXEMPT)),
        ("No longer asked", "The version in force asks it of them, and the draft does not.", tried.no_longer()),
    ]  # fmt: skip
    return [(title, words, people) for title, words, people in found if people]
