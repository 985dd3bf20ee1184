"""What one shares with a line manager, and what is shared with oneself."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logbooks.cpd import policies, queries
from logbooks.cpd.actions import sharing as actions
from logbooks.cpd.files import evidence_file, profile_file
from logbooks.cpd.forms.sharing import ShareForm
from logbooks.cpd.models import Activity, Profile, Share
from logbooks.cpd.profile import pages
from logbooks.cpd.profile.queries import opened, profiles
from logbooks.cpd.views.common import own_activity, person_of, viewer_of
from logbooks.cpd.views.frozen import MISSING
from school.core import clock
from school.core.codes import grouped
from school.core.days import add_months
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse
from school.core.given import kept_file
from school.people.queries import line_managers

PAGE = 50


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is to be shared; with neither it is the list without its words."""

    activity: Activity | None = None
    profile: Profile | None = None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """Share an activity, a frozen profile or the list without its words; what is shared, with whom, until when."""
    person, viewer = person_of(request), viewer_of(request)
    thing = _thing(request)
    managers = list(line_managers(viewer.me).exclude(user=None))
    initial = {"uuid": uuid4(), "ends_on": add_months(clock.today(), 1)}
    if len(managers) == 1:
        initial["reader"] = str(managers[0].uuid)
    form = ShareForm(request.POST or None, managers=managers, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = actions.share(
                    by=person, activity=thing.activity, profile=thing.profile, **form.cleaned_data
                )
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, f"Shared with {made.reader.name}.")
                return redirect("cpd_share")
    context = {
        "form": form,
        "thing": thing,
        "managers": managers,
        "shares": policies.shared_by(viewer),
    }
    return render(request, "cpd/sharing/share.html", context, status=status)


@require_POST
def end(request: HttpRequest, share: UUID) -> HttpResponse:
    """Nobody reads it by this share from now on; ended twice it is ended."""
    person = person_of(request)
    found = get_object_or_404(Share, person__in=viewer_of(request).me, uuid=share)
    actions.end(by=person, share=found)
    messages.success(request, f"{found.reader.name} can read it no longer.")
    return redirect("cpd_share")


def _thing(request: HttpRequest) -> _Thing:
    """What the address names, of one's own; 404 for everybody else's and for what was taken back."""
    activity, profile = (_key(request, name) for name in ("activity", "profile"))
    if activity is not None:
        found = own_activity(request, activity)
        if found.taken_back_at is not None:
            raise Http404
        return _Thing(activity=found)
    if profile is not None:
        return _Thing(profile=get_object_or_404(profiles(viewer_of(request)), entry__uuid=profile))
    return _Thing()


def _key(request: HttpRequest, name: str) -> UUID | None:
    said = request.GET.get(name)
    try:
        return UUID(said) if said else None
    except ValueError:
        raise Http404 from None


# For whoever it is shared with ------------------------------------------------------------------


@never_cache
@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """What is shared with the viewer now."""
    person_of(request)
    context = {"shares": policies.shared_with(viewer_of(request))}
    return render(request, "cpd/sharing/shared.html", context)


@never_cache
@require_safe
def shared_thing(request: HttpRequest, share: UUID) -> HttpResponse:
    """What somebody shares, as it is now; a profile as it was frozen."""
    found = _shared(request, share)
    if found.activity is not None:
        files = queries.evidence_of(found.activity)
        context = {"share": found, "activity": found.activity, "files": files}
        return render(request, "cpd/sharing/activity.html", context)
    if found.profile is not None:
        said = opened(found.profile)
        if said is None:
            raise DomainError(MISSING)
        code = grouped(found.profile.code)
        context = {"share": found, "shown": pages.shown(said), "code": code}
        return render(request, "cpd/sharing/profile.html", context)
    rows = queries.without_words(viewer_of(request).identity(found.person))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "cpd/sharing/list.html", {"share": found, "page": page})


@never_cache
@require_safe
def shared_evidence(request: HttpRequest, share: UUID, file: UUID) -> HttpResponse:
    """A file that shows an activity that is shared."""
    found = _shared(request, share)
    if found.activity is None:
        raise Http404
    evidence = get_object_or_404(found.activity.evidence.filter(taken_back_at=None), uuid=file)
    return kept_file(evidence_file(evidence), evidence.title[:80])


@never_cache
@require_safe
def shared_pdf(request: HttpRequest, share: UUID) -> HttpResponse:
    """The PDF of a frozen profile that is shared."""
    found = _shared(request, share)
    if found.profile is None:
        raise Http404
    return kept_file(profile_file(found.profile, "pdf"), f"cpd-profile-{grouped(found.profile.code)}")  # fmt: skip


def _shared(request: HttpRequest, key: UUID) -> Share:
    """What is shared with the viewer now, noted as opened; 404 for everybody else and afterwards."""
    person_of(request)
    viewer = viewer_of(request)
    found = get_object_or_404(policies.shared_with(viewer), uuid=key)
    viewer.opened(found.person)
    return found
