"""One-click sign-in as an invented person: exists only where the demo is installed and its addresses are used."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from school.demo.accounts import account_of
from school.demo.personas import PASSWORD, PERSONAS
from school.people import proof


@login_not_required
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Everyone there is to sign in as."""
    return render(request, "demo/choose.html", {"personas": PERSONAS, "password": PASSWORD})


@login_not_required
@require_POST
def sign_in_as(request: HttpRequest, key: str) -> HttpResponse:
    """Signs in as a persona, as if they had just given their password and, where asked for, a code."""
    persona = next((one for one in PERSONAS if one.key == key), None)
    if persona is None:
        raise Http404
    logout(request)
    user = account_of(persona)
    login(request, user)
    if persona.role.second_factor:
        record_authentication(request, user, method="mfa", type="totp")
    record_authentication(request, user, method="password", email=user.email)
    response = redirect("home")
    proof.come_in(response, user.person.uuid, secure=settings.SESSION_COOKIE_SECURE)
    return response
