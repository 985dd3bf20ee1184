"""Importing files: send one, see what each row would do, write it; each step can be left and come back to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from placements.imports import kept, work
from placements.imports.kept import KeptImport, State
from placements.imports.kinds import kinds_of, may_import, named, reach, settle
from school.core.files import rows as columns
from school.core.files.fates import MEANING, Fate
from school.core.files.forms import ImportForm
from school.core.files.importing import Kind
from school.core.files.writing import FORMATS, About, table_response
from school.core.models import Progress
from school.people.middleware import Viewer

# More findings than this are for the file that can be taken away.
SHOWN = 100


def _viewer(request: HttpRequest) -> Viewer:
    """Who imports; 403 for those who may import nothing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.person is None or not kinds_of(viewer):
        raise PermissionDenied("Your role imports no files.")
    return viewer


def _own(request: HttpRequest, key: UUID) -> KeptImport:
    """The viewer's own import; 404 for everybody else's."""
    viewer = _viewer(request)
    one = kept.get(key)
    if one is None or viewer.person is None or one.owner != viewer.person.uuid:
        raise Http404
    decision = may_import(viewer, _kind(one.kind))
    if not decision:
        raise PermissionDenied(decision.reason)
    return one


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The kinds of file, and the viewer's imports of the last seven days."""
    viewer = _viewer(request)
    mine = kept.of(viewer.person.uuid) if viewer.person else []
    context = {
        "kinds": kinds_of(viewer),
        "mine": [{"import": one, "kind": _kind_name(one), "said": _said(one)} for one in mine],
    }
    return render(request, "placements/imports/imports.html", context)


def _kind(key: str) -> Kind:
    """The kind of a key; 404 when there is none, or no longer."""
    found = named(key)
    if found is None:
        raise Http404
    return found


def _kind_name(one: KeptImport) -> str:
    found = named(one.kind)
    return found.name if found else "Imported no longer"


def _said(one: KeptImport) -> str:
    report = one.found()
    return {
        State.CHECKING: "Being checked",
        State.CHECKED: f"Checked, not written. {report.summary() if report else ''}",
        State.WRITING: "Being written",
        State.WRITTEN: report.outcome() if report else "",
        State.REFUSED: one.problem,
    }[one.state]


def new(request: HttpRequest, kind: str) -> HttpResponse:
    """What a kind of file holds, and the field to send one."""
    viewer = _viewer(request)
    chosen = _kind(kind)
    decision = may_import(viewer, chosen)
    if not decision:
        raise PermissionDenied(decision.reason)
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid() and viewer.person is not None:
        sent = form.cleaned_data["file"]
        one = kept.keep(
            kind, sent.name, sent.read(), owner=viewer.person.uuid, reach=reach(viewer, chosen)
        )
        work.check(one)
        return redirect("import", one.uuid)
    context = {
        "kind": chosen,
        "about": chosen.row.ABOUT,
        "form": form,
        "columns": columns.described(chosen.row),
    }
    return render(
        request, "placements/imports/new.html", context, status=422 if form.errors else 200
    )


@require_safe
def shown(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far an import has come, what each row would do, and the button that writes it."""
    one = _own(request, key)
    report = one.found()
    context: dict[str, Any] = {
        "import": one,
        "kind": _kind(one.kind),
        "report": report,
        "work": _progress(one),
    }
    if report is not None and not one.under_way:
        findings = report.ordered_findings()
        context |= {
            "counts": [
                {"fate": fate, "count": count, "meaning": MEANING[fate]}
                for fate, count in report.counts.items()
            ],
            "findings": [{"fate": report.fates[f.number], "finding": f} for f in findings[:SHOWN]],
            "more": max(0, len(findings) - SHOWN),
            "refused": report.counts[Fate.REFUSED],
            "waits": report.counts[Fate.WAITS],
            "settle": settle(one.kind, report),
            "can_write": one.state == State.CHECKED and report.to_write > 0,
        }
    part = bool(request.htmx) and one.under_way  # type: ignore[attr-defined]
    if request.htmx and not one.under_way:  # type: ignore[attr-defined]
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    template = "placements/imports/_progress.html" if part else "placements/imports/import.html"
    return render(request, template, context)


def _progress(one: KeptImport) -> Progress | None:
    """How far the work on an import has come; none when nothing is under way."""
    return Progress.objects.filter(uuid=one.work).first() if one.under_way and one.work else None


@require_POST
def write(request: HttpRequest, key: UUID) -> HttpResponse:
    """Writes what was checked, within what the viewer may reach now."""
    one = _own(request, key)
    report = one.found()
    if one.state != State.CHECKED or report is None:
        messages.info(request, "This import is not waiting to be written.")
        return redirect("import", key)
    without_refused = request.POST.get("without_refused") == "yes"
    if report.counts[Fate.REFUSED] and not without_refused:
        messages.warning(
            request,
            "Nothing was written: rows were refused, and you did not ask to leave them out.",
        )
        return redirect("import", key)
    reached = reach(_viewer(request), _kind(one.kind))
    one.reach = None if reached is None else sorted(reached)
    work.write(one, without_refused=without_refused)
    return redirect("import", key)


@require_POST
def discard(request: HttpRequest, key: UUID) -> HttpResponse:
    """Deletes an import that is not under way, and its file."""
    one = _own(request, key)
    if one.under_way:
        messages.info(request, "This import is under way. Wait until it has ended.")
        return redirect("import", key)
    one.discard()
    messages.success(request, f"{one.file} was deleted here. Records that were written stay.")
    return redirect("imports")


@require_safe
def rows(request: HttpRequest, key: UUID, format: str) -> HttpResponseBase:
    """The rows that wait or were refused, as a file."""
    one = _own(request, key)
    report = one.found()
    if report is None or format not in FORMATS:
        raise Http404
    head, table = report.table()
    about = About(f"{report.kind}: {one.file}", "only rows that wait or were refused")
    return table_response(f"{one.kind}-rows-to-settle", head, table, about, format)
