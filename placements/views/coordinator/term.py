"""Placing a cohort for a term: a proposal for everyone, changed as one likes, saved whole or not at all."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from placements import policies, term, term_queries
from placements.actions.arranging import PlacesRefused, Wanted, place_cohort
from placements.calendar_queries import COHORT
from placements.forms.term import PlacesForm, TermForm
from placements.views.coordinator import acting, demand, status_of, watcher
from school.people.middleware import Viewer
from school.people.models import Site


def fill_term(request: HttpRequest) -> HttpResponse:
    """Choose a cohort, a year and days; then look at who is proposed for which site, and save."""
    viewer = watcher(request)
    demand(policies.may_place_students(viewer))
    term_form = TermForm(request.GET or None, cohorts=term_queries.cohorts(viewer))
    context: dict[str, Any] = {"term_form": term_form}
    status = status_of(term_form)
    if request.GET and term_form.is_valid():
        form, left_out = _places_form(request, viewer, term_form.cleaned_data)
        viewer.opened(*(row.person for row in form.students))
        if (
            request.method == "POST"
            and form.is_valid()
            and _placed(request, viewer, form, term_form)
        ):
            return redirect(request.get_full_path())
        asked = term_form.cleaned_data
        shown = {"view": COHORT, "from": asked["starts"], "cohort": asked["cohort"].name}
        seen = f"{reverse('calendar')}?{urlencode(shown)}"
        context |= {"form": form, "asked": asked, "seen": seen, "left_out": left_out}
        status = status_of(form)
    return render(request, "placements/coordinator/term.html", context, status=status)


def _places_form(
    request: HttpRequest, viewer: Viewer, asked: dict[str, Any]
) -> tuple[PlacesForm, list[str]]:
    """A site for each student to place, and sentences on those who are left out."""
    stage, starts, ends = asked["stage"], asked["starts"], asked["ends"]
    students, left_out = term_queries.to_place(viewer, asked["cohort"], stage, starts, ends)
    free = term_queries.free_all_along(stage, starts, ends)
    wishes, names = term_queries.wishes(students)
    form = PlacesForm(
        request.POST if request.method == "POST" else None,
        students=students,
        free=free,
        proposal=term.proposed(list(wishes.values()), {one.site.pk: one.places for one in free}),
        words={pk: term_queries.said(student, names) for pk, student in wishes.items()},
        may_name=policies.managed_enrolments(viewer).filter(cohort=asked["cohort"]),
    )
    return form, left_out


def _sent_before(form: PlacesForm) -> bool:
    """Whether a site was chosen for students who need none any more: the same form came twice."""
    names = (name for name, value in form.data.items() if name.startswith("site_") and value)
    return any(name not in form.fields for name in names)


def _placed(request: HttpRequest, viewer: Viewer, form: PlacesForm, term_form: TermForm) -> bool:
    asked, chosen = term_form.cleaned_data, form.chosen()
    if not chosen and _sent_before(form):
        messages.info(request, "They are placed already.")
        return True
    if not chosen:
        form.add_error(None, "Choose a site for one student at least.")
        return False
    sites = {
        site.slug: site for site in Site.objects.filter(slug__in={slug for _, slug, _ in chosen})
    }
    try:
        place_cohort(
            by=acting(viewer),
            wanted=[Wanted(enrolment, sites[slug], uuid) for enrolment, slug, uuid in chosen],
            stage=asked["stage"],
            starts=asked["starts"],
            ends=asked["ends"],
            confirmed=form.cleaned_data["confirmed"],
        )
    except PlacesRefused as error:
        for enrolment, sentence in error.found.items():
            form.add_error(f"site_{enrolment.hex}", sentence)
        return False
    number = len(chosen)
    messages.success(
        request,
        f"{number} student{' is' if number == 1 else 's are'} placed. Name who supervises them next.",
    )
    return True
