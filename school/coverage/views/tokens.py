"""The page on which somebody makes and ends the tokens of other systems."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from school.core import clock
from school.core.errors import DomainError
from school.courses.views import refuse, signed_in, status_of
from school.coverage.actions.tokens import end_token, make_token
from school.coverage.forms import TokenForm
from school.coverage.models import ApiToken
from school.coverage.policies import UNSEEN, sight
from school.people import proof
from school.people.models import Person

# How long a token works unless its maker says otherwise.
USUAL = timedelta(days=90)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def coverage_tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens; a POST ends one, or makes one, whose secret is in the answer and never again."""
    viewer, person = signed_in(request)
    if sight(viewer) is None:
        raise PermissionDenied(UNSEEN)
    if request.method == "POST" and "end" in request.POST:
        return _end(request, person)
    initial = {
        "uuid": uuid4(),
        "scope": ApiToken.Scope.FIGURES,
        "expires_on": clock.today() + USUAL,
    }
    form = TokenForm(request.POST if request.method == "POST" else None, initial=initial)
    made, secret, status = None, "", 200
    if form.is_bound and form.is_valid():
        if proof.strong_proof(request) is None:
            proof.keep(request, person.uuid)
            return redirect(f"{reverse('prove')}?next={reverse('resume')}")
        try:
            made, secret = make_token(by=person, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            form = TokenForm(None, initial=initial)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": ApiToken.objects.filter(person=person).order_by(
            F("ended_at").asc(nulls_first=True), "-created_at"
        ),
        "today": clock.today(),
        "address": request.build_absolute_uri(reverse("coverage_api:csv")),
    }
    return render(request, "coverage/tokens.html", context, status=status_of(form, status))


def _end(request: HttpRequest, person: Person) -> HttpResponse:
    try:
        key = UUID(request.POST["end"])
    except ValueError:
        raise Http404 from None
    token = ApiToken.objects.filter(person=person, uuid=key).first()
    if token is None:
        raise Http404
    end_token(by=person, token=token)
    messages.success(request, f"The token of {token.name} opens nothing any more.")
    return redirect("coverage_tokens")
