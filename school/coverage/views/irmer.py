"""One site for an inspector: on a page, as a table to take away, and as a PDF by one click."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from school.core import clock, days
from school.core.asked_days import DaysForm
from school.core.decision import ALLOWED, refused
from school.core.files import writing
from school.core.models import Progress
from school.courses.views import demand, signed_in, status_of
from school.coverage import irmer, irmer_work, policies
from school.coverage.figures import said
from school.coverage.states import Question
from school.people.middleware import Viewer
from school.people.models import Person, Site
from school.people.roles import Permission

UNNAMED = (
    "Only site leads and workforce managers see who is trained and entitled to do what at a site."
)


def naming(request: HttpRequest, slug: str) -> tuple[Viewer, Person, Site]:
    """Who is looking, and at which site; 403 for who sees no site's people by name, 404 for another site's."""
    viewer, me = signed_in(request)
    _demand(viewer)
    sites = policies.sites_named(viewer).select_related("organisation")
    return viewer, me, get_object_or_404(sites, slug=slug)


def _demand(viewer: Viewer) -> None:
    demand(ALLOWED if viewer.may(Permission.SEE_TRAINING) else refused(UNNAMED))


@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """The sites whose people the viewer sees by name."""
    viewer, _ = signed_in(request)
    _demand(viewer)
    rows = policies.sites_named(viewer).select_related("organisation").order_by("name")
    return render(request, "coverage/irmer/sites.html", {"sites": rows})


@require_safe
def site(request: HttpRequest, site: str) -> HttpResponse:
    """Who works at a site, entitled to what, with the training behind it."""
    viewer, _, shown = naming(request, site)
    form = DaysForm(request.GET)
    context: dict[str, Any] = {"site": shown, "form": form, "members": None}
    asked = form.days()
    if asked:
        found = irmer.members(shown, *asked)
        viewer.opened(*(member.person for member in found))
        query = f"?{request.GET.urlencode()}"
        context |= irmer_work.words(shown, found, *asked) | {
            "days": asked,
            "csv": reverse("irmer_file", args=[site, "csv"]) + query,
            "xlsx": reverse("irmer_file", args=[site, "xlsx"]) + query,
        }
    return render(request, "coverage/irmer/site.html", context, status=status_of(form))


@require_safe
def site_file(request: HttpRequest, site: str, format: str) -> HttpResponseBase:
    """The same as a table: a row for each entitlement and each training."""
    viewer, _, shown = naming(request, site)
    asked = DaysForm(request.GET).days()
    if format not in writing.FORMATS or not asked:
        raise Http404
    found = irmer.members(shown, *asked)
    viewer.opened(*(member.person for member in found))
    about = writing.About(
        f"{shown.name} for an inspector", said(Question(*asked)), irmer.DEFINITION
    )
    name = f"irmer-{shown.slug}"
    return writing.table_response(name, irmer.COLUMNS, irmer.cells(found), about, format)


@require_POST
def make_pdf(request: HttpRequest, site: str) -> HttpResponse:
    """Asks for the PDF, which is made in the background."""
    _, me, shown = naming(request, site)
    as_of, known_on = (
        days.from_address(request.POST.get(name, "")) for name in ("as_of", "known_on")
    )
    if as_of is None or known_on is None or known_on > clock.today():
        raise Http404
    work = irmer_work.ask(by=me, site=shown, as_of=as_of, known_on=known_on)
    return redirect("progress", work.uuid)


@never_cache
@require_safe
def pdf(request: HttpRequest, site: str, work: UUID) -> HttpResponse:
    """The PDF, for whoever asked for it and still sees the site's people."""
    _, me, shown = naming(request, site)
    # Its link names the site that it is of: whoever sees that one no longer does not get it at another.
    get_object_or_404(Progress, uuid=work, owner=me.uuid, link=request.path)
    data = irmer_work.kept(work)
    if data is None:
        raise Http404
    name = f"irmer-{shown.slug}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)
