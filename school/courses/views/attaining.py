"""Attainments: somebody's list, one of them with its certificate and badge, and taking either back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from school.core import days, squares
from school.core.codes import grouped
from school.core.errors import DomainError
from school.core.files import writing
from school.core.forms import sentence
from school.core.ledger import private_text
from school.courses import attained_queries as queries
from school.courses import certificates, policies
from school.courses.actions.attaining import void_attainment
from school.courses.actions.certifying import revoke_certificate
from school.courses.forms.attaining import LearnersFilterForm, ReasonForm
from school.courses.imports.sources import hats_for
from school.courses.models import Attainment, Certificate
from school.courses.views import demand, refuse, signed_in, status_of
from school.people.middleware import Viewer
from school.people.models import Person

PAGE = 25
COLUMNS = (
    "course",
    "completed on",
    "source",
    "credit minutes",
    "expires on",
    "state",
    "certificate",
)


@require_safe
def learners(request: HttpRequest) -> HttpResponse:
    """The people whose attainments the viewer keeps."""
    viewer, _ = signed_in(request)
    demand(policies.may_keep_records(viewer))
    form = LearnersFilterForm(request.GET)
    name = form.cleaned_data["name"].strip() if form.is_valid() else ""
    found = policies.learners(viewer).order_by("name", "pk")
    if name:
        found = found.filter(name__icontains=name)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "filtered": bool(name),
        "clear": reverse("learners"),
        "imports": bool(hats_for(viewer)),
        "teaches": bool(policies.may_teach(viewer)),
    }
    return render(request, "courses/attaining/learners.html", context)


@require_safe
def attainments(request: HttpRequest, person: UUID) -> HttpResponse:
    """What somebody attained."""
    viewer, found = _person(request, person)
    context = {
        "person": found,
        "own": found.pk in viewer.me,
        "rows": queries.listed(queries.of_people(viewer.identity(found))),
        "csv": reverse("attainments_file", args=[found.uuid, "csv"]),
        "xlsx": reverse("attainments_file", args=[found.uuid, "xlsx"]),
    }
    return render(request, "courses/attaining/attainments.html", context)


@require_safe
def attainments_file(request: HttpRequest, person: UUID, format: str) -> HttpResponseBase:
    """The same list to take away."""
    viewer, found = _person(request, person)
    if format not in writing.FORMATS:
        raise Http404
    rows = queries.listed(queries.of_people(viewer.identity(found)))
    about = writing.About(f"Attainments of {found.name}")
    cells = (
        (row.title, row.day, row.source, row.credit_minutes, row.expires_on, row.state, row.code)
        for row in rows
    )
    return writing.table_response("attainments", COLUMNS, cells, about, format)


@require_safe
def attainment(request: HttpRequest, attainment: UUID) -> HttpResponse:
    """One attainment: what it is, its certificate, and the page by which others check it."""
    viewer, found = _one(request, attainment)
    certificate = _certificate(found)
    void = getattr(found, "void", None)
    revocation = getattr(certificate, "revocation", None) if certificate else None
    [line] = queries.listed([found])
    stopped = revocation or void
    context: dict[str, Any] = {
        "attainment": found,
        "line": line,
        "own": found.person_id in viewer.me,
        "rows": _facts(found),
        "certificate": certificate,
        "makes_one": found.source in queries.CERTIFIED and void is None,
        "reason": private_text(stopped, "reason") if stopped else "",
        "may_void": void is None and _may_take_back(viewer, found),
        "may_revoke": certificate is not None and stopped is None and _may_take_back(viewer, found),
    }
    if certificate is not None:
        address = certificates.address(certificate.code)
        modules, square = squares.square(address)
        context |= {"address": address, "modules": modules, "square": square}
    return render(request, "courses/attaining/attainment.html", context)


@never_cache
@require_safe
def certificate_file(request: HttpRequest, attainment: UUID) -> HttpResponse:
    """The sealed PDF."""
    certificate = _issued(request, attainment)
    pdf = certificates.kept_pdf(certificate)
    name = f"certificate-{grouped(certificate.code)}.pdf"
    return _file(pdf, name, "application/pdf")


@never_cache
@require_safe
def badge_file(request: HttpRequest, attainment: UUID) -> HttpResponse:
    """The signed Open Badge."""
    certificate = _issued(request, attainment)
    badge = certificates.kept_badge(certificate)
    name = f"badge-{grouped(certificate.code)}.json"
    return _file(badge, name, "application/ld+json")


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, attainment: UUID) -> HttpResponse:
    """Revoke a certificate with its badge; the attainment stays."""
    viewer, found = _one(request, attainment)
    certificate = _certificate(found)
    if certificate is None or not _may_take_back(viewer, found):
        raise Http404
    return _take_back(
        request,
        found,
        act=lambda by, sent: revoke_certificate(by=by, certificate=certificate, **sent),
        title="Revoke the certificate",
        lead="Whoever checks its code or its badge is told that it was revoked. What the person attained stays on their record.",
        button="Revoke the certificate",
        done="The certificate is revoked. Whoever checks it sees that from now on.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, attainment: UUID) -> HttpResponse:
    """Make an attainment void, with its certificate and badge."""
    viewer, found = _one(request, attainment)
    if not _may_take_back(viewer, found):
        raise Http404
    return _take_back(
        request,
        found,
        act=lambda by, sent: void_attainment(by=by, attainment=found, **sent),
        title="Make the attainment void",
        lead="It counts no longer from today, and its certificate is revoked. It stays on record that it was there.",
        button="Make it void",
        done="The attainment is void.",
    )


def _take_back(
    request: HttpRequest,
    found: Attainment,
    *,
    act: Any,
    title: str,
    lead: str,
    button: str,
    done: str,
) -> HttpResponse:
    """A page that asks why, and what is taken back then."""
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"uuid": uuid4()})
    status = 200
    if request.method == "POST" and form.is_valid():
        _, by = signed_in(request)
        try:
            act(by, form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, done)
            return redirect("attainment", found.entry.uuid)
    context = {
        "form": form,
        "title": title,
        "kicker": f"{found.person.name}, {found.course_version.title}",
        "lead": lead,
        "button": button,
        "back": reverse("attainment", args=[found.entry.uuid]),
        "back_text": "The attainment",
    }
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))


def _person(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Person]:
    """Whose list it is; 404 for those whose attainments the viewer may not see."""
    viewer, _ = signed_in(request)
    found = get_object_or_404(Person, uuid=uuid)
    if not policies.may_see_attainments(viewer, found):
        raise Http404
    viewer.opened(found)
    return viewer, found


def _one(request: HttpRequest, uuid: UUID) -> tuple[Viewer, Attainment]:
    viewer, _ = signed_in(request)
    rows = Attainment.objects.standing().select_related(
        *queries.RELATED, "certificate__revocation", "certificate__entry", "void"
    )
    found = get_object_or_404(rows, entry__uuid=uuid)
    if not policies.may_see_attainments(viewer, found.person):
        raise Http404
    viewer.opened(found.person)
    return viewer, found


def _certificate(found: Attainment) -> Certificate | None:
    return getattr(found, "certificate", None)


def _issued(request: HttpRequest, uuid: UUID) -> Certificate:
    _, found = _one(request, uuid)
    certificate = _certificate(found)
    if certificate is None:
        raise Http404
    return certificate


def _may_take_back(viewer: Viewer, found: Attainment) -> bool:
    """Whether the viewer may revoke or make void: the action looks again."""
    if found.person_id in viewer.me or getattr(found, "void", None) is not None:
        return False
    if policies.may_teach(viewer):
        return True
    return found.source not in queries.CERTIFIED


def _facts(found: Attainment) -> list[dict[str, str]]:
    version = found.course_version
    rows = [
        ("Course", f"{version.title}, version {version.number}"),
        ("Completed", days.long_date(found.entry.about_from)),
        ("By", sentence(found.get_source_display())),
        ("Credit", days.in_words(version.credit_minutes)),
    ]
    if found.expires_on:
        rows.append(("Valid until", f"The end of {days.long_date(found.expires_on)}"))
    return [{"key": key, "value": value} for key, value in rows]


def _file(data: bytes | None, name: str, kind: str) -> HttpResponse:
    if data is None:
        raise DomainError(
            "The file of this certificate is missing where files are kept, or is not what was issued. "
            "Write to whoever looks after the portal: it can be brought back from a backup."
        )
    return HttpResponse(
        data,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
