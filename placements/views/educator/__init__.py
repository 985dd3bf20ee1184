"""The practice educator's pages, and what signing on them has in common."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.http import Http404, HttpRequest, HttpResponse

from placements import lines as shown
from placements.actions.confirming import Answer, Item, Outcome, decide
from placements.forms.educator import ConfirmForm, SignedForm
from placements.forms.times import device_time
from placements.models import CurrentShift
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people import proof
from school.people.middleware import Viewer
from school.people.models import Person


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking."""
    return request.viewer  # type: ignore[attr-defined]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; an account without a person finds nothing here."""
    person = viewer_of(request).person
    if person is None:
        raise Http404
    return person


def confirm(
    request: HttpRequest, person: Person, form: ConfirmForm
) -> tuple[Answer | None, HttpResponse | None]:
    """Confirms what a form ticked: the answer, or where to go first, or neither when the form is wrong."""
    if not form.is_valid():
        return None, None
    lines = form.cleaned_data["line"]
    if form.wants_other_way:
        return None, proof.suspend(request, f"confirm {shown.shifts(len(lines))}")
    if not proved(form):
        return None, None
    seen = set(form.cleaned_data["seen"])
    batch = form.cleaned_data["batch"]
    answer = decide(
        by=person,
        items=[
            Item(shift=shift, uuid=uuid5(batch, str(shift)), breach_seen=shift in seen)
            for shift in lines
        ],
        outcome=Outcome.CONFIRMED,
        proof=form.way,
        device_time=device_time(form.cleaned_data["device_time"]),
    )
    return answer, None


def none_waits(versions: Iterable[str | UUID]) -> bool:
    """Whether none of these versions of shifts waits for a decision any more."""
    waiting = CurrentShift.objects.filter(state__in=CurrentShift.WAITING)
    return not waiting.filter(shift__entry__uuid__in=list(versions)).exists()


def proved(form: SignedForm) -> bool:
    """Whether the person has proved who they are; what is wrong stands at the form's field."""
    try:
        return form.prove()
    except DomainError as error:
        form.status = refuse(form, error)  # type: ignore[attr-defined]
        return False


def status_of(form: SignedForm) -> int:
    """The status of the page that shows a form again."""
    return getattr(form, "status", 422)
