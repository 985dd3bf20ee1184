"""What somebody is exempt from: given, ended and taken back by those who see the people of their site."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from school.core import clock, ledger
from school.core.errors import DomainError
from school.courses.views import refuse, signed_in, status_of
from school.coverage import policies
from school.coverage.actions.exempting import end_exemption, exempt
from school.coverage.forms.exempting import EndForm, ExemptionForm
from school.coverage.models import Exemption
from school.people.models import Person
from school.people.queries import identity, kept


def _of(request: HttpRequest, person: UUID) -> tuple[Person, Person]:
    """Who acts, and for whom; 404 for somebody whom they may not exempt."""
    viewer, me = signed_in(request)
    found = kept(get_object_or_404(Person.objects.select_related("book"), uuid=person))
    if not policies.may_exempt(viewer.hats, viewer.me, found):
        raise Http404
    viewer.opened(found)
    return me, found


@require_http_methods(["GET", "HEAD", "POST"])
def exemptions(request: HttpRequest, person: UUID) -> HttpResponse:
    """What somebody is and was exempt from, and a new exemption."""
    me, found = _of(request, person)
    initial = {"uuid": uuid4(), "starts": clock.today(), "requirement": request.GET.get("of")}
    form = ExemptionForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            exempt(by=me, person=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The exemption is kept.")
            return redirect("exemptions", found.uuid)
    rows = list(_rows(found))
    reasons = ledger.private_texts(rows, "reason")
    context = {
        "form": form,
        "person": found,
        "rows": [(row, reasons.get(row.pk, "")) for row in rows],
        "today": clock.today(),
    }
    return render(request, "coverage/exemptions.html", context, status=status_of(form, status))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, person: UUID, exemption: UUID) -> HttpResponse:
    """End an exemption earlier, or take back one that never held."""
    me, found = _of(request, person)
    row = get_object_or_404(_rows(found), entry__uuid=exemption)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4(), "ends": row.entry.about_to})  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            end_exemption(by=me, exemption=row, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The exemption is changed.")
            return redirect("exemptions", found.uuid)
    context = {
        "form": form,
        "title": "End an exemption",
        "kicker": f"{found.name}, {row.requirement.name}",
        "button": "Save",
        "back": reverse("exemptions", args=[found.uuid]),
        "back_text": f"Exemptions of {found.name}",
    }
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))


def _rows(person: Person) -> QuerySet[Exemption]:
    """What stands of somebody's exemptions, the last to end first."""
    rows: QuerySet[Exemption] = Exemption.objects.standing().filter(cancelled=False)
    found = rows.filter(person__in=identity(person)).select_related(
        "entry", "requirement", "person__book"
    )
    return found.order_by("-entry__about_to", "-pk")
