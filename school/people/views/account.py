"""Signing in, proving it is you, accepting an invitation, and the account's own page."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from school.core.errors import DomainError
from school.people import proof
from school.people.actions import accept_invitation, open_invitation, set_password
from school.people.adapter import MFAAdapter, needs_second_factor
from school.people.addresses import mark_of
from school.people.changing import waiting_change
from school.people.forms import AcceptForm, CodeProofForm, NewPasswordForm, PasswordProofForm


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Other pages for signing in lead to the one door."""
    target = _safe(request, request.GET.get("next", ""))
    query = f"?next={target}" if target else ""
    return redirect(f"{reverse('account_login')}{query}")


to_the_door = login_not_required(to_the_door)


def _safe(request: HttpRequest, address: str) -> str:
    allowed = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if allowed else ""


@never_cache
@sensitive_post_parameters("password", "code")
def prove(request: HttpRequest) -> HttpResponse:
    """Prove it is you: by password, passkey, authenticator app, or a code sent by email."""
    target = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    stronger = proof.asks_second_factor(target)
    ways = _ways(request, stronger=stronger)
    way = request.POST.get("way", "")
    forms: dict[str, Any] = {
        "password": PasswordProofForm(auto_id="id_password_%s"),
        "totp": CodeProofForm(auto_id="id_totp_%s"),
        "code": CodeProofForm(auto_id="id_code_%s"),
    }
    wrong = None
    if request.method == "POST" and way == "send" and "code" in ways:
        proof.send_code(request)
        return redirect(f"{reverse('prove')}?next={target}")
    if request.method == "POST" and way in ways:
        if way == "passkey":
            problem = _prove_by_passkey(request)
        else:
            wrong = forms[way] = type(forms[way])(request.POST, auto_id=f"id_{way}_%s")
            problem = _check(request, way, wrong)
        if problem is None:
            return redirect(target or "home")
        if way == "passkey":
            messages.error(request, problem)
    return render(
        request,
        "people/prove.html",
        {
            "forms": forms,
            "ways": ways,
            "next": target,
            "wrong": wrong,
            "has_errors": wrong is not None,
            "second_step": "password" not in ways and "code" not in ways,
            "stronger": stronger,
            "code_was_sent": proof.code_was_sent(request),
            "options": begin_authentication(request.user) if "passkey" in ways else None,
        },
    )


def _ways(request: HttpRequest, *, stronger: bool) -> set[str]:
    user = proof.account_of(request)
    ways = proof.second_factors(user)
    viewer = request.viewer  # type: ignore[attr-defined]
    second_step = needs_second_factor(user, viewer.hats) and not proof.used_second_factor(request)
    if ways and (second_step or stronger):
        return ways
    return ways | {"code"} | ({"password"} if user.has_usable_password() else set())


def _check(request: HttpRequest, way: str, form: Any) -> str | None:
    """What is wrong with a password or code; None when it proves the person."""
    field = "password" if way == "password" else "code"
    problem = (
        "That is not the password of this account."
        if way == "password"
        else MFAAdapter.error_messages["incorrect_code"]
    )
    if not form.is_valid():
        return "Nothing was typed."
    checks = {
        "password": proof.prove_by_password,
        "totp": proof.prove_by_totp,
        "code": proof.prove_by_emailed_code,
    }
    try:
        if checks[way](request, form.cleaned_data[field]):
            return None
    except DomainError as error:
        problem = error.message
    form.add_error(field, problem)
    return str(problem)


def _prove_by_passkey(request: HttpRequest) -> str | None:
    form = ReauthenticateWebAuthnForm(user=request.user, data=request.POST)
    try:
        if form.is_valid():
            form.save()
            return None
    except ValidationError:
        pass
    return "That passkey could not be used. Nothing was changed; try again or prove it another way."


@never_cache
@sensitive_post_parameters("password")
@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link: looking changes nothing, the button makes the account."""
    try:
        found = open_invitation(token)
    except DomainError as error:
        return render(request, "people/invitation_closed.html", {"error": error}, status=410)
    form = AcceptForm(request.POST or None)
    if request.user.is_authenticated:
        return render(request, "people/invitation_other.html", {"invitation": found}, status=409)
    if request.method == "POST" and form.is_valid():
        way = form.cleaned_data["way"]
        password = form.cleaned_data["password"] if way == AcceptForm.PASSWORD else None
        try:
            user = accept_invitation(token=token, password=password)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            record_authentication(request, user, method="code", email=user.email)
            messages.success(request, "Your account is ready and you are signed in.")
            target = reverse("mfa_add_webauthn") if way == AcceptForm.PASSKEY else None
            return perform_login(request, Login(user=user, redirect_url=target, email=user.email))
    return render(request, "people/invitation.html", {"form": form, "invitation": found})


@never_cache
@sensitive_post_parameters("password")
def password(request: HttpRequest) -> HttpResponse:
    """Set or change the password, after a proof, which may be a code sent by email."""
    if proof.recent_proof(request) is None:
        return redirect(f"{reverse('prove')}?next={reverse('password')}")
    user = proof.account_of(request)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_password(user=user, password=form.cleaned_data["password"])
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            update_session_auth_hash(request, user)
            messages.success(
                request, "Your password is set. Every other device has been signed out."
            )
            return redirect("mfa_index")
    return render(request, "people/password.html", {"form": form})


@require_POST
def wear_hat(request: HttpRequest, role: str, scope: UUID) -> HttpResponse:
    """Put on another of one's hats."""
    viewer = request.viewer  # type: ignore[attr-defined]
    chosen = next(
        (hat for hat in viewer.hats if hat.role.key == role and hat.scope.uuid == scope), None
    )
    if chosen is None:
        raise Http404
    request.session["hat"] = chosen.key
    return redirect("home")


class HowYouSignIn(IndexView):
    """The account page: second factor, password, devices."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        viewer = self.request.viewer
        needed = needs_second_factor(user, viewer.hats)
        context["missing"] = needed and not proof.authenticator_types(user)
        context["has_password"] = user.has_usable_password()
        context["mark"] = mark_of(viewer.person) if viewer.person else None
        context["address_change"] = waiting_change(viewer.person) if viewer.person else None
        return context


class AddApp(ActivateTOTPView):
    """Set up an authenticator app; its first code counts as this session's second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _count_as_second_factor(self.request, Authenticator.Type.TOTP)
        return response


class AddPasskey(AddWebAuthnView):
    """Add a passkey; making it counts as this session's second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _count_as_second_factor(self.request, Authenticator.Type.WEBAUTHN)
        return response


class RemovePasskey(RemoveWebAuthnView):
    """Take a passkey away, unless it is the only second factor of somebody who needs one."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = MFAAdapter()
        if not adapter.can_delete_authenticator(self.object):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        return response


def _count_as_second_factor(request: HttpRequest, kind: Authenticator.Type) -> None:
    newest = Authenticator.objects.filter(user_id=request.user.pk, type=kind).latest("pk")
    newest.user = request.user
    post_authentication(request, newest, reauthenticated=True)
