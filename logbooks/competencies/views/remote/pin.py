"""The page on which somebody sets, changes or takes away their signing PIN, after a proof."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from logbooks.competencies.actions import pins
from logbooks.competencies.forms.remote import PinForm
from logbooks.competencies.views.common import person_of
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.people import proof


@never_cache
@sensitive_post_parameters("pin_password", "again_password")
@require_http_methods(["GET", "HEAD", "POST"])
@proof.signs
@proof.by_second_factor
def signing_pin(request: HttpRequest) -> HttpResponse:
    """Set, change or take away one's own PIN, by whoever supervises or assesses somebody or has one; 404 for others."""
    person = person_of(request)
    kept = pins.pin_of(person)
    if kept is None:
        try:
            pins.rule_signs(person)
        except NotAllowed:
            raise Http404 from None
    if request.method == "POST" and "remove" in request.POST:
        pins.remove_pin(by=person)
        messages.success(request, "Your signing PIN is gone. Nothing can be signed with it.")
        return redirect("sign_offs")
    if proof.strong_proof(request) is None:
        return proof.suspend(request, "set your signing PIN")
    status = 200
    form = PinForm(request.POST or None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                pins.set_pin(by=person, pin=form.cleaned_data["pin_password"])
                messages.success(request, "Your signing PIN is set. Tell it to nobody.")
                return redirect("sign_offs")
            except DomainError as error:
                status = refuse(form, error)
    return render(
        request, "competencies/remote/pin.html", {"form": form, "pin": kept}, status=status
    )
