"""Bringing in a framework from a file: first every problem and repair is shown, then it becomes a draft."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from logbooks.competencies import document as documents
from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies.actions.frameworks import replace_draft, start_draft
from logbooks.competencies.document import Document, Line, Sort
from logbooks.competencies.formats import FORMATS, own
from logbooks.competencies.forms.frameworks import FileForm, KeepForm
from logbooks.competencies.models import FrameworkDraft
from logbooks.competencies.views.frameworks import keeper, said
from school.core.errors import DomainError
from school.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def import_framework(request: HttpRequest) -> HttpResponse:
    """Send a file, and see what would become of it. Nothing is written."""
    keeper(request)
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "competencies/frameworks/import.html", {"form": form}, status=status)
    sent = form.cleaned_data["file"]
    reading = FORMATS[form.cleaned_data["format"]].read(sent.read())
    lines: list[Line] = list(reading.lines)
    if reading.document is not None:
        lines += queries.problems(reading.document)
    refused = any(line.sort == Sort.PROBLEM for line in lines)
    context = {"form": form, "file": sent.name, "said": said(lines), "refused": refused}
    if reading.document is not None and not refused:
        context |= _to_keep(reading.document)
    status = 422 if refused else 200
    return render(request, "competencies/frameworks/checked.html", context, status=status)


def _open(document: Document) -> FrameworkDraft | None:
    return queries.open_drafts().filter(framework__code=document.code).first()


def _to_keep(document: Document) -> dict[str, object]:
    """What the page needs to let a document become a draft, or take the place of the one that is open."""
    draft = _open(document)
    initial = {
        "content": documents.canonical(document),
        "uuid": uuid4(),
        "seen": documents.digest(queries.draft_document(draft)) if draft else "",
    }
    return {"document": document, "draft": draft, "keep": KeepForm(initial=initial)}


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Make a draft of what was read, which is read and checked once more."""
    person = keeper(request)
    form = KeepForm(request.POST)
    if not form.is_valid():
        messages.error(request, "What was read did not arrive whole. Send the file again.")
        return redirect("import_framework")
    data = form.cleaned_data
    reading = own.read_json(data["content"].encode(errors="replace"))
    if reading.document is None:
        messages.error(request, reading.of(Sort.PROBLEM)[0].words)
        return redirect("import_framework")
    try:
        draft = _keep(person, reading.document, data["uuid"], data["seen"])
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("import_framework")
    messages.success(request, f"The draft of {draft.framework} holds what the file says.")
    return redirect("framework_draft", draft.uuid)


def _keep(person: Person, document: Document, uuid: UUID, seen: str) -> FrameworkDraft:
    before = _open(document) if seen else None
    if before is None:
        return start_draft(by=person, document=document, uuid=uuid)
    return replace_draft(by=person, draft=before, document=document, seen=seen)
