"""Files beside an examination: put there, opened behind the same check as the log book, taken away."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logbooks.competencies import log_queries, policies
from logbooks.competencies.actions.evidence_files import put_beside, take_away
from logbooks.competencies.forms.log import FileForm, TakeBackForm
from logbooks.competencies.views.log import own_entry, student
from placements.models import Enrolment
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.core.given import kept_file


def add(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Put a picture or a PDF beside one of one's own examinations."""
    person, own = student(request)
    found = own_entry(own, entry)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*posted, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                put_beside(by=person, entry=found, data=data["evidence"].read(), uuid=data["uuid"])
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "The file is kept beside the examination.")
                return redirect("examination", entry)
    elif found.withdrawn:
        return redirect("examination", entry)
    return render(
        request, "competencies/log/add_file.html", {"entry": found, "form": form}, status=status
    )


@never_cache
@require_safe
def open_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """The file itself, for those who may open the log book; also one that was taken away after it was signed."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = log_queries.file(policies.enrolments(viewer), file)
    if found is None or (hasattr(found, "superseded_by") and not log_queries.is_signed(found)):
        raise Http404
    viewer.opened(found.examination.enrolment.person)
    return kept_file(log_queries.content_of(found), f"case-{found.examination.case_number}")


def remove(request: HttpRequest, file: UUID) -> HttpResponse:
    """Check, then take a file away."""
    person, own = student(request)
    mine = Enrolment.objects.filter(pk__in={row.enrolment_id for row in own})
    found = log_queries.file(mine, file)
    if found is None:
        raise Http404
    back = found.examination.entry.uuid
    form = TakeBackForm(request.POST or None, initial={"uuid": uuid4()})
    signed = log_queries.is_signed(found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                take_away(by=person, file=found, uuid=form.cleaned_data["uuid"])
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                gone = "left your log, and stays with what was signed" if signed else "is gone"
                messages.success(request, f"The file {gone}. The record says that it was there.")
                return redirect("examination", back)
    elif hasattr(found, "superseded_by"):
        return redirect("examination", back)
    return render(
        request,
        "competencies/log/remove_file.html",
        {"file": found, "form": form, "signed": signed},
        status=status,
    )
