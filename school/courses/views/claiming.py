"""Claims: bringing evidence, deciding about it, and the file itself behind the same check."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school.core import clock, days, evidence
from school.core.errors import DomainError
from school.core.files import writing
from school.core.ledger import private_text
from school.courses import catalogue, policies
from school.courses import claims_queries as queries
from school.courses.actions.claiming import accept_claim, claim_attainment, decline_claim
from school.courses.forms.attaining import ReasonForm
from school.courses.forms.claiming import AcceptForm, ClaimForm
from school.courses.models import Claim
from school.courses.views import demand, refuse, signed_in, status_of
from school.people.middleware import Viewer

PAGE = 25
COLUMNS = ("Person", "Course", "Completed on", "Given by", "Expires on", "Sent")


@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: HttpRequest) -> HttpResponse:
    """Bring evidence of what one learned elsewhere."""
    _, person = signed_in(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    courses = catalogue.courses(catalogue.Filter(), clock.today())
    form = ClaimForm(*posted, courses=courses, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            claim = claim_attainment(by=person, **form.sent())
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "Your evidence is sent. You hear by email what became of it.")
            return redirect("claim", claim.entry.uuid)
    context = {
        "form": form,
        "title": "Bring evidence from elsewhere",
        "lead": "What you learned outside the School counts once somebody who keeps your records has accepted the evidence.",
        "button": "Send the evidence",
        "back": reverse("my_learning"),
        "back_text": "My learning",
    }
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """The claims that wait for the viewer."""
    viewer, _ = signed_in(request)
    demand(policies.may_keep_records(viewer))
    page = Paginator(queries.waiting(viewer), PAGE).get_page(request.GET.get("page"))
    files = {kind: reverse("claims_file", args=[kind]) for kind in writing.FORMATS}
    return render(request, "courses/attaining/claims.html", {"page": page, **files})


@require_safe
def claims_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The same list as a file; everybody in it gets a row in the access log."""
    viewer, _ = signed_in(request)
    demand(policies.may_keep_records(viewer))
    if format not in writing.FORMATS:
        raise Http404
    rows = list(queries.waiting(viewer))
    viewer.opened(*{row.person for row in rows})
    given_by = queries.givers(rows)
    cells = (
        (row.person.name, row.course.title, row.entry.about_from, given_by.get(row.pk, ""),
         row.expires_on, row.entry.recorded_at)
        for row in rows
    )  # fmt: skip
    about = writing.About(title="Evidence to look at", filtered="what waits for a decision")
    return writing.table_response("claims", COLUMNS, cells, about, format)


@require_safe
def claim(request: HttpRequest, claim: UUID) -> HttpResponse:
    """One claim: what it says, its evidence, and what became of it."""
    viewer, found = _one(request, claim)
    return _page(request, viewer, found, ReasonForm(initial={"uuid": uuid4()}))


@require_POST
def accept(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Accept the evidence."""
    _, found = _decider(request, claim)
    _, by = signed_in(request)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was accepted. Use the button on this page.")
        return redirect("claim", claim)
    try:
        accept_claim(by=by, claim=found, uuid=form.cleaned_data["uuid"])
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The evidence is accepted: it is an attainment now.")
    return redirect("claim", claim)


@require_POST
def decline(request: HttpRequest, claim: UUID) -> HttpResponse:
    """Decline the evidence with a reason."""
    viewer, found = _decider(request, claim)
    _, by = signed_in(request)
    form, status = ReasonForm(request.POST), 422
    if form.is_valid():
        try:
            decline_claim(by=by, claim=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The evidence is declined, and the person is told why.")
            return redirect("claim", claim)
    return _page(request, viewer, found, form, status)


@never_cache
@require_safe
def claim_evidence(request: HttpRequest, claim: UUID) -> HttpResponse:
    """The file that came with a claim."""
    _, found = _one(request, claim)
    data = queries.file_of(found, claim)
    kind = evidence.kind_of(data) if data else None
    if data is None or kind is None:
        raise DomainError(
            "The file of this claim is missing where files are kept, or is not what was sent. "
            "Write to whoever looks after the portal: it can be brought back from a backup."
        )
    name = f"evidence-{found.course.code}-{found.entry.about_from.isoformat()}.{kind[1]}"
    return HttpResponse(
        data,
        content_type=kind[0],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _one(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Claim]:
    """A claim that the viewer may see; 404 for all others."""
    viewer, _ = signed_in(request)
    found = get_object_or_404(queries.claims(viewer), entry__uuid=uuid)
    viewer.opened(found.person)
    return viewer, found


def _decider(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Claim]:
    """The same, for those who decide about it; 404 for its own person."""
    viewer, found = _one(request, uuid)
    if found.person_id in viewer.me:
        raise Http404
    return viewer, found


def _page(
    request: HttpRequest, viewer: Viewer, found: Claim, form: ReasonForm, status: int = 200
) -> HttpResponse:
    decision = getattr(found, "decision", None)
    given_by, note = queries.words_of(found)
    rows = [
        ("Course", found.course.title),
        ("Completed", days.long_date(found.entry.about_from)),
        ("Given by", given_by),
    ]
    if found.expires_on:
        rows.append(("Expires", days.long_date(found.expires_on)))
    if note:
        rows.append(("Note", note))
    own = found.person_id in viewer.me
    context = {
        "claim": found,
        "own": own,
        "decision": decision,
        "reason": private_text(decision, "reason") if decision else "",
        "rows": [{"key": key, "value": value} for key, value in rows],
        "decides": decision is None and not own,
        "accept": AcceptForm(initial={"uuid": uuid4()}, auto_id="accept_%s"),
        "form": form,
    }
    return render(request, "courses/attaining/claim.html", context, status=status)
