"""Drafts of what the portal noticed: each month of a kind is kept, written about, or dismissed."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from logbooks.cpd import queries
from logbooks.cpd.actions import noticed as actions
from logbooks.cpd.actions.activities import add_activity
from logbooks.cpd.forms.activities import ActivityForm
from logbooks.cpd.models import Noticed
from logbooks.cpd.noticed import KINDS
from logbooks.cpd.queries import Draft
from logbooks.cpd.views.common import person_of, viewer_of
from school.core import days
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse

# As many drafts as are shown at once; the next come when these are settled.
SHOWN = 30


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits to be kept or dismissed, and what was dismissed."""
    person_of(request)
    me = viewer_of(request).me
    found = queries.drafts(queries.waiting(me))
    gone = queries.drafts(Noticed.objects.filter(person__in=me, dismissed=True))
    context = {
        "drafts": [{"draft": one, "uuid": uuid4()} for one in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "dismissed": gone[:SHOWN],
    }
    return render(request, "cpd/noticed.html", context)


def write(request: HttpRequest) -> HttpResponse:
    """Keep a draft as an activity, changed and with one's own words."""
    person = person_of(request)
    draft = _sent(request) if request.method == "POST" else _named(request)
    if request.method != "POST":
        if draft is None:
            messages.info(request, "This draft was kept or dismissed already.")
            return redirect("cpd_noticed")
        form = ActivityForm(initial=_initial(draft))
        return render(request, "cpd/write.html", {"form": form, "draft": draft, "keys": draft.keys})
    form = ActivityForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            made = add_activity(
                by=person,
                uuid=form.cleaned_data["uuid"],
                entered=form.entered(),
                keeps=_keys(request),
            )
        except NotAllowed:
            raise
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Kept in your record.")
            if form.opens_words:
                return redirect("cpd_activity", made.uuid)
            return redirect("cpd_noticed")
    return render(
        request,
        "cpd/write.html",
        {"form": form, "draft": draft, "keys": _keys(request)},
        status=status,
    )


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Let a draft go; it can be offered again."""
    actions.dismiss(by=person_of(request), keys=_keys(request))
    messages.success(request, "Dismissed. You find it below the drafts.")
    return redirect("cpd_noticed")


@require_POST
def offer_again(request: HttpRequest) -> HttpResponse:
    """A draft that was dismissed waits again."""
    actions.offer_again(by=person_of(request), keys=_keys(request))
    messages.success(request, "It waits with your drafts again.")
    return redirect("cpd_noticed")


def _keys(request: HttpRequest) -> list[UUID]:
    """What a draft is made of, as the page that was sent knew it; 404 for what is no key, and for none."""
    try:
        found = [UUID(key) for key in request.POST.getlist("key")]
    except ValueError:
        raise Http404 from None
    if not found:
        raise Http404
    return found


def _named(request: HttpRequest) -> Draft | None:
    """The draft of a kind and month: its keys would make an address longer than a web server reads. 404 for what is none."""
    kind, month = request.GET.get("kind"), days.from_address(request.GET.get("month", ""))
    if kind not in KINDS or month is None:
        raise Http404
    last = days.add_months(month.replace(day=1), 1) - days.DAY
    rows = queries.waiting(viewer_of(request).me)
    found = queries.drafts(rows.filter(kind=kind, day__range=(month.replace(day=1), last)))
    return found[0] if found else None


def _sent(request: HttpRequest) -> Draft | None:
    """The draft of the keys that were sent; none when nothing of it waits, or it is not one draft."""
    rows = queries.waiting(viewer_of(request).me).filter(key__in=_keys(request))
    found = queries.drafts(rows)
    return found[0] if len(found) == 1 else None


def _initial(draft: Draft) -> dict[str, object]:
    return {
        "uuid": uuid4(),
        "title": draft.title,
        "learning": draft.learning,
        "starts_on": draft.first,
        "ends_on": draft.last if draft.last != draft.first else None,
        "minutes": draft.minutes,
    }
