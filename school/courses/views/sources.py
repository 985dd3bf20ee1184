"""Where attainments come from: sources, their headings, and which course each of their titles is."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from school.core.errors import DomainError
from school.courses.actions.sources import map_titles, save_source
from school.courses.forms.sources import SourceForm, TitlesForm
from school.courses.imports.sources import AT_ONCE, REFUSAL, hats_for
from school.courses.models import Course, ImportSource, SourceTitle
from school.courses.views import refuse, signed_in, status_of
from school.people.models import Person


def _importer(request: HttpRequest) -> Person:
    viewer, person = signed_in(request)
    if not hats_for(viewer):
        raise PermissionDenied(REFUSAL)
    return person


@require_http_methods(["GET", "HEAD", "POST"])
def import_sources(request: HttpRequest) -> HttpResponse:
    """Every source, and a new one."""
    person = _importer(request)
    form = SourceForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status, done = _saved(request, form, person)
    if done is not None:
        return done
    context = {"form": form, "sources": ImportSource.objects.order_by("name")}
    return render(
        request, "courses/attaining/sources.html", context, status=status_of(form, status)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_source(request: HttpRequest, source: UUID) -> HttpResponse:
    """Change the name or the headings of a source."""
    person = _importer(request)
    found = get_object_or_404(ImportSource, uuid=source)
    form = SourceForm(
        request.POST if request.method == "POST" else None,
        initial={"uuid": found.uuid, "name": found.name, **found.columns},
    )
    status, done = _saved(request, form, person)
    if done is not None:
        return done
    context = {
        "form": form,
        "title": "Change a source",
        "kicker": found.name,
        "button": "Save",
        "back": reverse("import_source", args=[found.uuid]),
        "back_text": found.name,
    }
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))


def _saved(
    request: HttpRequest, form: SourceForm, person: Person
) -> tuple[int, HttpResponse | None]:
    if request.method != "POST" or not form.is_valid():
        return 200, None
    data = form.cleaned_data
    try:
        source = save_source(
            by=person, uuid=data["uuid"], name=data["name"], columns=form.columns()
        )
    except DomainError as error:
        return refuse(form, error), None
    messages.success(request, f"{source.name} is kept.")
    return 302, redirect("import_source", source.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def import_source(request: HttpRequest, source: UUID) -> HttpResponse:
    """Which course each title of a source is: those that files waited for, and those said before."""
    person = _importer(request)
    found = get_object_or_404(ImportSource, uuid=source)
    sent = request.POST if request.method == "POST" else request.GET
    known = list(
        SourceTitle.objects.filter(source=found).select_related("course").order_by("title")
    )
    asked = [title[:200] for title in sent.getlist("title") if title.strip()][:AT_ONCE]
    titles = [*dict.fromkeys([*asked, *sent.getlist("known")])]
    form = TitlesForm(
        request.POST if request.method == "POST" else None,
        titles=titles,
        courses=Course.objects.all(),
        initial={
            f"course_{titles.index(one.title)}": one.course.code
            for one in known
            if one.title in titles
        },
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            map_titles(by=person, source=found, courses=form.courses())
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Kept. Check the file again to see what its rows do now.")
            return redirect("import_source", found.uuid)
    context = {
        "source": found,
        "titles": titles,
        "form": form,
        "known": known,
        "kind": f"attainments-{found.uuid}",
    }
    return render(request, "courses/attaining/source.html", context, status=status_of(form, status))
