"""Two persons who are one: find the other, look at both, make them one, and undo it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from school.core.errors import DomainError
from school.people.forms import AgainForm, FindOtherForm
from school.people.merging import check_merge, merge_people, undo_merge
from school.people.models import Person, PersonMerge
from school.people.policies import may_manage_people
from school.people.queries import identity, merges_of
from school.people.views.people import PAGE, demand, lines


def find_other(request: HttpRequest, person: UUID) -> HttpResponse:
    """Whom a person is one with, and a search for somebody else who is the same."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    shown = get_object_or_404(Person, uuid=person)
    form = FindOtherForm(request.GET or None)
    found: list[Person] = []
    if form.is_valid():
        who = form.cleaned_data["who"].strip()
        others = Person.objects.exclude(pk__in=[*identity(shown), *identity(viewer.person)])
        named = others.filter(Q(name__icontains=who) | Q(email__iexact=who))
        found = list(named.select_related("user").order_by("name", "pk")[:PAGE])
    context = {
        "form": form,
        "person": shown,
        "merges": [
            {"merge": merge, "other": other, "form": AgainForm(initial={"uuid": uuid4()})}
            for merge, other in merges_of(shown)
        ],
        "listed": lines(found),
        "asked": form.is_valid(),
        "most": PAGE if len(found) == PAGE else 0,
    }
    return render(request, "people/find_other.html", context)


def merge(request: HttpRequest, person: UUID, other: UUID) -> HttpResponse:
    """Both persons side by side, the first of whom is kept; shows no record."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    people = Person.objects.select_related("user")
    kept, merged = get_object_or_404(people, uuid=person), get_object_or_404(people, uuid=other)
    form = AgainForm(request.POST or None, initial={"uuid": uuid4()})
    problem = ""
    try:
        if request.method == "POST" and form.is_valid():
            merge_people(kept=kept, merged=merged, by=viewer.person, uuid=form.cleaned_data["uuid"])
            messages.success(request, f"{kept.name} and {merged.name} are one person now.")
            return redirect("find_other", kept.uuid)
        check_merge(kept=kept, merged=merged, by=viewer.person)
    except DomainError as error:
        problem = error.message
    context = {
        "form": form,
        "kept": kept,
        "merged": merged,
        "both": lines([kept, merged]),
        "closes": merged.user is not None and merged.user.is_active,
        "problem": problem,
    }
    return render(request, "people/merge.html", context)


@require_POST
def undo(request: HttpRequest, person: UUID, merge: UUID) -> HttpResponse:
    """Make two persons of one again."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    theirs = PersonMerge.objects.filter(Q(kept__uuid=person) | Q(merged__uuid=person), undone=False)
    done = get_object_or_404(theirs.select_related("kept", "merged"), entry__uuid=merge)
    form = AgainForm(request.POST)
    if form.is_valid():
        undo_merge(merge=done, by=viewer.person, uuid=form.cleaned_data["uuid"])
        messages.success(
            request,
            f"{done.kept.name} and {done.merged.name} are two people again. An account that was "
            "closed stays closed until you reopen it.",
        )
    return redirect("find_other", person)
