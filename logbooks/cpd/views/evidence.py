"""Files that show an activity: put there, opened by their person alone, taken away."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from logbooks.cpd import policies
from logbooks.cpd.actions import evidence as actions
from logbooks.cpd.files import evidence_file
from logbooks.cpd.forms.activities import EvidenceForm
from logbooks.cpd.models import Evidence
from logbooks.cpd.views.common import own_activity, person_of, viewer_of
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.core.given import kept_file


def add(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Put a file beside one of one's own activities."""
    person = person_of(request)
    found = own_activity(request, activity)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EvidenceForm(*posted, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                actions.put_beside(
                    by=person,
                    activity=found,
                    title=data["title"],
                    data=data["file"].read(),
                    uuid=data["uuid"],
                )
            except NotAllowed:
                raise
            except DomainError as error:
                error.field = error.field.replace("evidence", "file")
                status = refuse(form, error)
            else:
                messages.success(request, "The file is kept beside the activity.")
                return redirect("cpd_activity", activity)
    context = {"activity": found, "form": form}
    return render(request, "cpd/add_evidence.html", context, status=status)


@never_cache
@require_safe
def open_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """The file itself, for whom the activity is."""
    found = _own(request, file)
    return kept_file(evidence_file(found), found.title[:80])


@require_POST
def remove(request: HttpRequest, file: UUID) -> HttpResponse:
    """Take a file away from its activity."""
    found = _own(request, file)
    actions.take_away(by=person_of(request), file=found)
    messages.success(request, "The file was taken away. A frozen profile that has it keeps it.")
    return redirect("cpd_activity", found.activity.uuid)


def _own(request: HttpRequest, file: UUID) -> Evidence:
    rows = Evidence.objects.filter(activity__in=policies.activities(viewer_of(request)))
    return get_object_or_404(rows.select_related("activity"), uuid=file)
