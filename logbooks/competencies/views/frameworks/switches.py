"""How the log books of a programme are signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from logbooks.competencies import policies
from logbooks.competencies.actions.switches import SWITCHES, WAYS, switch, switched_on
from logbooks.competencies.forms.switches import SwitchesForm, switches_initial
from logbooks.competencies.models import LogBookRules
from logbooks.competencies.views.common import viewer_of
from logbooks.competencies.views.frameworks import keeper
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse

NAMES = {**WAYS, "separate_assessor": "Supervisor and final assessor are two people"}


@dataclass(frozen=True, slots=True)
class Change:
    """Switches that somebody turned at one moment; `name` is empty for the portal itself."""

    at: datetime
    name: str
    on: list[str]
    off: list[str]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off_ways(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Say in which ways a programme's competencies are signed, and see who changed it when."""
    person = keeper(request)
    rows = policies.kept_rules(viewer_of(request).hats)
    rules = get_object_or_404(rows, programme__uuid=programme)
    status = 200
    if request.method == "POST":
        form = SwitchesForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                switch(by=person, rules=rules, on=form.wanted(), seen=form.was())
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "Kept. It holds from now on; what was signed stands.")
                return redirect("sign_off_ways", programme)
    else:
        form = SwitchesForm(initial=switches_initial(switched_on(rules)))
    context = {"form": form, "rules": rules, "changes": list(_changes(rules))}
    return render(request, "competencies/frameworks/ways.html", context, status=status)


def _changes(rules: LogBookRules) -> Iterator[Change]:
    rows = list(rules.history.select_related("history_user__person").order_by("-history_date")[:21])
    for row, before in pairwise(rows):
        turned = [name for name in SWITCHES if getattr(row, name) != getattr(before, name)]
        if turned:
            person = getattr(row.history_user, "person", None)
            yield Change(
                at=row.history_date,
                name=person.name if person else "",
                on=[NAMES[name] for name in turned if getattr(row, name)],
                off=[NAMES[name] for name in turned if not getattr(row, name)],
            )
