"""Files of other tools: send one, say how its columns are read, see what each row would do, write it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from logbooks.cpd import policies
from logbooks.cpd.actions.importing import (
    Looked,
    data_of,
    keep_file,
    look,
    say_columns,
    write_file,
)
from logbooks.cpd.files import KEPT_DAYS
from logbooks.cpd.forms.importing import ColumnsForm, WriteForm
from logbooks.cpd.importing import mapping
from logbooks.cpd.importing.mapping import Asked
from logbooks.cpd.learning import Learning
from logbooks.cpd.models import ImportedFile
from logbooks.cpd.views.common import person_of, viewer_of
from school.core.errors import DomainError
from school.core.files.fates import Fate
from school.core.files.forms import ImportForm
from school.core.forms import refuse

# More findings and new activities than this are not named one by one.
SHOWN = 100
MEANING = {
    Fate.NEW: "comes into your record",
    Fate.SAME: "is there already, or twice in the file",
    Fate.WAITS: "is there in another way, and is left as it is",
    Fate.REFUSED: "cannot be used as it stands",
}


def own(request: HttpRequest, file: UUID) -> tuple[ImportedFile, bytes]:
    """The viewer's own file that waits, with its bytes; 404 for everybody else's, and when it is gone."""
    person_of(request)
    found = get_object_or_404(policies.imported_files(viewer_of(request)), uuid=file)
    data = data_of(found.uuid)
    if data is None:
        raise Http404
    return found, data


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Send a file."""
    person = person_of(request)
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            file, whole = keep_file(by=person, name=sent.name, data=sent.read())
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("cpd_import_file" if whole else "cpd_import_columns", file.uuid)
    context = {"form": form, "days": KEPT_DAYS, "columns": mapping.COLUMNS.values()}
    return render(request, "cpd/importing/send.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, file: UUID) -> HttpResponse:
    """Say which column of the file is which here, and which word which type of learning."""
    found, data = own(request, file)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        headings=found.headings,
        asked=Asked(found.columns, found.types),
        read=lambda heading: mapping.cells_of(data, heading),
    )
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            say_columns(by=person_of(request), file=found, asked=form.asked())
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("cpd_import_file", file)
    context = {"form": form, "file": found}
    return render(request, "cpd/importing/columns.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, file: UUID) -> HttpResponse:
    """What each row would do; a POST writes what is new."""
    found, data = own(request, file)
    person = person_of(request)
    if not all(name in found.columns for name in mapping.NEEDED):
        return redirect("cpd_import_columns", file)
    try:
        looked = look(by=person, file=found, data=data)
    except DomainError as error:
        context = {"file": found, "problem": error.message}
        return render(request, "cpd/importing/preview.html", context, status=error.status)
    form = WriteForm(
        request.POST if request.method == "POST" else None,
        refused=looked.report.counts[Fate.REFUSED],
        warned=bool(looked.warnings),
    )
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            report = write_file(
                by=person,
                file=found,
                data=data,
                without_refused=said.get("without_refused", False),
                words_checked=said.get("words_checked", False),
            )
        except DomainError as error:
            status = form.take(error)
        else:
            messages.success(request, report.outcome())
            return redirect("cpd_import")
    context = {"file": found, "form": form, **_shown(looked)}
    return render(request, "cpd/importing/preview.html", context, status=status)


def _shown(looked: Looked) -> dict[str, Any]:
    report = looked.report
    found = report.ordered_findings()
    return {
        "report": report,
        "counts": [
            {"fate": fate, "count": report.counts[fate], "meaning": meaning}
            for fate, meaning in MEANING.items()
        ],
        "findings": [{"fate": report.fates[one.number], "finding": one} for one in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "warnings": looked.warnings[:SHOWN],
        "more_warnings": max(0, len(looked.warnings) - SHOWN),
        "new": report.counts[Fate.NEW],
        "coming": [
            {"number": number, "entered": one, "learning": Learning(one.learning).words}
            for number, one in sorted(looked.new.items())[:SHOWN]
        ],
        "more_coming": max(0, len(looked.new) - SHOWN),
    }
