"""With me today: a practice educator's students of the week, and recording an induction."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from placements import educator_queries as reads
from placements.actions.placing import record_induction
from placements.arriving_queries import induction_list
from placements.forms.arriving import InductionForm
from placements.models import Placement
from placements.reasonable_adjustments_queries import of_people
from placements.views.educator import person_of, viewer_of
from school.core import clock
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people.queries import identity


@require_safe
def with_me_today(request: HttpRequest) -> HttpResponse:
    """The students on the rota or with a shift today and this week."""
    return _with_me_page(request)


def _with_me_page(
    request: HttpRequest, wrong: InductionForm | None = None, of: UUID | None = None
) -> HttpResponse:
    person_of(request)
    viewer = viewer_of(request)
    found = reads.with_me(viewer.me)
    needs = of_people(viewer, [row.person for row in found])
    viewer.opened(*(shown.person for shown in needs.values()))
    rows = [
        (
            row,
            _induction_form(row, wrong if row.placement == of else None),
            needs[row.person].words if row.person in needs else (),
        )
        for row in found
    ]
    context = {"rows": rows, "today": clock.today(), "form": wrong}
    status = 422 if wrong else 200
    return render(request, "placements/educator/with_me_today.html", context, status=status)


def _induction_form(row: reads.WithMe, wrong: InductionForm | None) -> InductionForm | None:
    if row.inducted:
        return None
    day = max(row.starts, clock.today() - timedelta(days=28))
    initial = {"day": min(day, clock.today()), "uuid": uuid4()}
    return wrong or InductionForm(
        initial=initial, items=row.to_cover, auto_id=f"id_{row.placement}_%s"
    )


@require_POST
def induct(request: HttpRequest, placement: UUID) -> HttpResponse:
    """Record that a student's site induction took place."""
    person = person_of(request)
    found = get_object_or_404(
        Placement.objects.filter(
            pk__in=reads.supervised(identity(person)).values("pk")
        ).select_related("enrolment__book", "enrolment__person", "site__guide"),
        uuid=placement,
    )
    items = induction_list(getattr(found.site, "guide", None))
    form = InductionForm(request.POST, items=items, auto_id=f"id_{placement}_%s")
    if form.is_valid():
        try:
            record_induction(
                by=person,
                placement=found,
                day=form.cleaned_data["day"],
                uuid=form.cleaned_data["uuid"],
                covered=form.cleaned_data.get("covered", []),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(
                request, f"The induction of {found.enrolment.person.name} is recorded."
            )
            return redirect("with_me_today")
    return _with_me_page(request, form, placement)
