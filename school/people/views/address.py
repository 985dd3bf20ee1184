"""Changing one's own address, the page behind the link that confirms it, and correcting somebody's name, address and last day."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from school.core.errors import DomainError
from school.people import changing, proof
from school.people.addresses import address_of
from school.people.forms import AddressForm, CorrectForm
from school.people.models import Person
from school.people.policies import may_manage_people
from school.people.views.people import demand


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proof.signs
@proof.by_second_factor
def change_address(request: HttpRequest) -> HttpResponse:
    """Have a link sent to the address one wants to sign in with, after a proof."""
    person: Person | None = request.viewer.person  # type: ignore[attr-defined]
    if person is None:
        raise Http404
    if request.method == "POST" and "stop" in request.POST:
        changing.stop_change(by=person)
        messages.success(request, "The link no longer works. Your address stays as it is.")
        return redirect("mfa_index")
    if proof.strong_proof(request) is None:
        return proof.suspend(request, "change your address")
    status = 200
    form = AddressForm(request.POST or proof.kept_form(request))
    if request.method == "POST":
        form = AddressForm(request.POST)
        status = 422
        try:
            if form.is_valid():
                email = form.cleaned_data["email"]
                with proof.counting_mail(request):
                    changing.ask_for_address(email=email, by=person)
                proof.drop(person.uuid, request.POST.get(proof.RESUME_FIELD, ""))
                messages.success(
                    request,
                    f"A link is on its way to {email}. Your address changes when you open it.",
                )
                return redirect("mfa_index")
        except DomainError as error:
            form.add_error(error.field or None, error.message)
    context = {"form": form, "waiting": changing.waiting_change(person)}
    return render(request, "people/change_address.html", context, status=status)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: looking changes nothing, the button changes the address."""
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        change = changing.open_change(token)
        if change.asked_by == change.person and not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        changing.rule_own_link(change, viewer.person)
        if request.method == "POST":
            person = changing.confirm_address(token=token, by=viewer.person)
            messages.success(request, f"The address of {person.name} is {person.email} now.")
            return redirect("mfa_index" if viewer.person == person else "account_login")
    except DomainError as error:
        return render(request, "people/invitation_closed.html", {"error": error}, status=410)
    return render(
        request,
        "people/confirm_address.html",
        {"change": change, "old": address_of(change.person)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, person: UUID) -> HttpResponse:
    """Change somebody's name or address, or give their last day, for administrators."""
    viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_manage_people(viewer))
    shown = get_object_or_404(Person.objects.select_related("user"), uuid=person)
    changing.rule_corrects_others(shown, viewer.person)
    status = 200
    form = CorrectForm(
        initial={"name": shown.name, "email": address_of(shown), "left_on": shown.left_on}
    )
    if request.method == "POST":
        form = CorrectForm(request.POST)
        status = 422
        try:
            if form.is_valid():
                change = changing.correct(person=shown, by=viewer.person, **form.cleaned_data)
                told = "Name, address and last day are as you typed them."
                if change:
                    told = (
                        f"A link is on its way to {change.email}. The address changes when it is "
                        "opened there. The rest is as you typed it."
                    )
                messages.success(request, told)
                return redirect("person_roles", shown.uuid)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
    return render(
        request, "people/correct_person.html", {"form": form, "person": shown}, status=status
    )
