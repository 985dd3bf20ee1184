"""The frameworks, and a published version with its groups and competencies."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies import policies
from logbooks.competencies.actions.frameworks import start_draft
from logbooks.competencies.forms.frameworks import StepForm
from logbooks.competencies.models import FrameworkVersion
from logbooks.competencies.views.common import viewer_of
from logbooks.competencies.views.frameworks import downloads, file_of, keeper, shown
from school.core import days
from school.core.errors import DomainError


def _version(uuid: UUID) -> FrameworkVersion:
    rows = FrameworkVersion.objects.select_related("framework", "written_by", "reviewed_by")
    return get_object_or_404(rows, uuid=uuid)


@require_safe
def frameworks(request: HttpRequest) -> HttpResponse:
    """Every framework with its versions and its open draft."""
    keeper(request)
    context = {"lines": queries.listed(), "rules": policies.kept_rules(viewer_of(request).hats)}
    return render(request, "competencies/frameworks/frameworks.html", context)


@require_safe
def version(request: HttpRequest, version: UUID) -> HttpResponse:
    """A published version."""
    keeper(request)
    found = _version(version)
    document = queries.document_of(found)
    draft = queries.open_drafts().filter(framework=found.framework).first()
    context = {
        "version": found,
        "document": document,
        "groups": shown(document, queries.tasks()),
        "downloads": downloads(document, days.start_of_day(found.published_on)),
        "draft": draft,
        "step": StepForm(initial={"seen": found.digest, "uuid": uuid4()}, auto_id=False),
    }
    return render(request, "competencies/frameworks/version.html", context)


@require_safe
def version_file(request: HttpRequest, version: UUID, format: str) -> HttpResponse:
    """A published version as a file."""
    keeper(request)
    found = _version(version)
    moment = days.start_of_day(found.published_on)
    return file_of(queries.document_of(found), f"version-{found.number}", format, moment)


@require_POST
def start(request: HttpRequest, version: UUID) -> HttpResponse:
    """Begin the next version from a published one."""
    person = keeper(request)
    found = _version(version)
    form = StepForm(request.POST)
    uuid = form.cleaned_data["uuid"] if form.is_valid() else None
    try:
        draft = start_draft(by=person, document=queries.document_of(found), uuid=uuid or uuid4())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("framework_version", found.uuid)
    return redirect("framework_draft", draft.uuid)
