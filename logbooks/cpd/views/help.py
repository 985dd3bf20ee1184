"""Asking the School for help, and saying that it was seen to."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from logbooks.cpd import policies
from logbooks.cpd.actions import help as actions
from logbooks.cpd.forms.sharing import HelpForm
from logbooks.cpd.models import HelpAsked
from logbooks.cpd.views.common import person_of, viewer_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the School for help; what it will see is said before."""
    person, me = person_of(request), viewer_of(request).me
    form = HelpForm(request.POST or None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            actions.ask(by=person, uuid=form.cleaned_data["uuid"])
            messages.success(request, "The School sees that you asked.")
            return redirect("cpd_ask_help")
        form, status = HelpForm(initial={"uuid": uuid4()}), 422
    waiting = HelpAsked.objects.filter(person__in=me, seen_to_at=None).first()
    context = {"form": form, "waiting": waiting, "has_errors": status == 422}
    return render(request, "cpd/help.html", context, status=status)


@require_POST
def see_to(request: HttpRequest, asked: UUID) -> HttpResponse:
    """The School saw to it, or whoever asked needs it no longer."""
    person, viewer = person_of(request), viewer_of(request)
    rows = HelpAsked.objects.select_related("person")
    if not policies.may_follow(viewer.hats):
        rows = rows.filter(person__in=viewer.me)
    found = get_object_or_404(rows, uuid=asked)
    actions.see_to(by=person, asked=found)
    own = found.person_id in viewer.me
    messages.success(request, "You ask for help no longer." if own else f"Seen to: {found.person.name}.")  # fmt: skip
    return redirect("cpd_ask_help" if own else "cpd_school")
