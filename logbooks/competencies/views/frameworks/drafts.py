"""An open draft: what it says, what it changes, its steps, and one competency of it at a time."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.competencies import document as documents
from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies.actions import frameworks as actions
from logbooks.competencies.document import Competency, Document
from logbooks.competencies.forms.frameworks import CompetencyForm, StepForm, competency_initial
from logbooks.competencies.models import FrameworkDraft
from logbooks.competencies.views.common import viewer_of
from logbooks.competencies.views.frameworks import downloads, file_of, keeper, said, shown
from school.core import clock
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people.models import Person


def _draft(uuid: UUID) -> FrameworkDraft:
    return get_object_or_404(queries.open_drafts(), uuid=uuid)


@require_safe
def draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """A draft with its problems, what it changes, and what may be done with it."""
    keeper(request)
    found = _draft(draft)
    document = queries.draft_document(found)
    last = queries.newest(found.framework)
    seen = documents.digest(document)
    own = queries.wrote(viewer_of(request).me, found)
    context = {
        "draft": found,
        "document": document,
        "last": last,
        "changes": documents.changes(queries.document_of(last), document) if last else None,
        "said": said(queries.problems(document)),
        "groups": shown(document, queries.tasks()),
        "downloads": downloads(document, clock.now()),
        "writing": found.state == FrameworkDraft.State.DRAFT,
        "own": own,
        "step": StepForm(initial={"seen": seen, "uuid": uuid4()}, auto_id=False),
    }
    return render(request, "competencies/frameworks/draft.html", context)


@require_safe
def draft_file(request: HttpRequest, draft: UUID, format: str) -> HttpResponse:
    """A draft as a file."""
    keeper(request)
    return file_of(queries.draft_document(_draft(draft)), "draft", format, clock.now())


def _step(
    request: HttpRequest, uuid: UUID, act: Callable[[Person, FrameworkDraft, StepForm], str]
) -> HttpResponse:
    """Takes a step with a draft and says what came of it."""
    person = keeper(request)
    # A closed one too: a step that is sent twice is answered twice.
    found = get_object_or_404(FrameworkDraft, uuid=uuid)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            messages.success(request, act(person, found, form))
        except DomainError as error:
            messages.error(request, error.message)
    else:
        messages.error(request, "Look at the draft as it is now, and do it again.")
    if queries.open_drafts().filter(pk=found.pk).exists():
        return redirect("framework_draft", found.uuid)
    return redirect("frameworks")


@require_POST
def submit(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Give a draft to a second reader."""

    def act(person: Person, found: FrameworkDraft, form: StepForm) -> str:
        actions.submit_draft(by=person, draft=found, seen=form.cleaned_data["seen"])
        return "The draft waits for a second reader."

    return _step(request, draft, act)


@require_POST
def give_back(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Give a draft back to be written on."""

    def act(person: Person, found: FrameworkDraft, form: StepForm) -> str:
        actions.return_draft(by=person, draft=found)
        return "The draft can be written on again."

    return _step(request, draft, act)


@require_POST
def drop(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Let a draft go."""

    def act(person: Person, found: FrameworkDraft, form: StepForm) -> str:
        actions.drop_draft(by=person, draft=found)
        return "The draft is dropped. What is published stays as it is."

    return _step(request, draft, act)


@require_POST
def publish(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Publish a draft that a second person has read."""

    def act(person: Person, found: FrameworkDraft, form: StepForm) -> str:
        version = actions.publish_draft(
            by=person,
            draft=found,
            uuid=form.cleaned_data["uuid"] or uuid4(),
            seen=form.cleaned_data["seen"],
        )
        return f"Version {version.number} of {version.framework} is published."

    return _step(request, draft, act)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Add a competency to a draft."""
    return _write(request, _draft_for(request, draft), None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, draft: UUID, competency: UUID) -> HttpResponse:
    """Word a competency of a draft anew."""
    found = _draft_for(request, draft)
    return _write(request, found, _competency(queries.draft_document(found), competency))


def _draft_for(request: HttpRequest, draft: UUID) -> FrameworkDraft:
    keeper(request)
    return _draft(draft)


def _competency(document: Document, uuid: UUID) -> Competency:
    for part in document.competencies:
        if part.identifier == uuid:
            return part
    raise Http404


def _write(request: HttpRequest, found: FrameworkDraft, before: Competency | None) -> HttpResponse:
    person = keeper(request)
    document = queries.draft_document(found)
    seen = documents.digest(document)
    form = CompetencyForm(
        request.POST if request.method == "POST" else None,
        initial=competency_initial(before, seen),
        document=document,
        tasks=queries.tasks(),
        competency=before,
    )
    status = 200
    if form.is_bound and form.is_valid():
        try:
            actions.put_competency(
                by=person,
                draft=found,
                code=before.code if before else "",
                wanted=form.wanted(),
                seen=form.cleaned_data["seen"],
            )
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The competency is saved in the draft.")
            return redirect("framework_draft", found.uuid)
    elif form.is_bound:
        status = 422
    context = {"form": form, "draft": found, "competency": before}
    return render(request, "competencies/frameworks/competency.html", context, status=status)


@require_POST
def remove(request: HttpRequest, draft: UUID, competency: UUID) -> HttpResponse:
    """Take a competency out of a draft."""
    found = _draft_for(request, draft)
    gone = _competency(queries.draft_document(found), competency)

    def act(person: Person, found: FrameworkDraft, form: StepForm) -> str:
        seen = form.cleaned_data["seen"]
        actions.remove_competency(by=person, draft=found, code=gone.code, seen=seen)
        return f"{gone.code} is taken out of the draft."

    return _step(request, draft, act)
