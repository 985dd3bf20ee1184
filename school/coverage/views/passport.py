"""The passport: what training somebody needs, until when they have it, and what is next."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from school.core import clock, days
from school.core.asked_days import DaysForm
from school.core.registries import Panel
from school.courses.views import looking, signed_in, status_of
from school.coverage import states
from school.coverage.passport import needs
from school.coverage.policies import sight
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.queries import kept


@require_safe
def own_passport(request: HttpRequest) -> HttpResponse:
    """One's own passport."""
    _, person = signed_in(request)
    return _page(request, kept(person), is_own=True)


@require_safe
def passport(request: HttpRequest, person: UUID) -> HttpResponse:
    """Somebody else's, for whoever sees the people of a site where they are in post."""
    viewer = looking(request)
    shown = kept(get_object_or_404(Person, uuid=person))
    if viewer.person is not None and shown.pk in viewer.me:
        return _page(request, shown, is_own=True)
    if not _may_see(viewer, shown):
        raise Http404
    viewer.opened(shown)
    return _page(request, shown, is_own=False)


def _may_see(viewer: Viewer, person: Person) -> bool:
    seen = sight(viewer)
    if seen is None or seen.names == frozenset():
        return False
    if seen.names is None:
        return True
    return bool(seen.names & states.posts_of(person.pk))


def _page(request: HttpRequest, person: Person, *, is_own: bool) -> HttpResponse:
    form = DaysForm(request.GET)
    asked = form.days()
    context: dict[str, Any] = {"person": person, "is_own": is_own, "form": form}
    if asked is not None:
        found = needs(person, *asked)
        context |= {
            "needs": found,
            "to_do": sum(1 for need in found if need.to_do),
            "is_now": not form.is_bound,
            "said": f"as of {days.long_date(asked[0])}, as known on {days.long_date(asked[1])}",
        }
    return render(request, "coverage/passport.html", context, status=status_of(form))


def learning(viewer: Viewer) -> list[Panel]:
    """On the page of what one learns: what one needs, where anything is required of one."""
    if viewer.person is None or not viewer.hats:
        return []
    today = clock.today()
    found = needs(kept(viewer.person), today, today)
    if not found:
        return []
    to_do = [need for need in found if need.to_do]
    return [Panel(5, "coverage/_needs.html", {"needs": to_do[:4], "left": len(to_do), "all": len(found)})]  # fmt: skip
