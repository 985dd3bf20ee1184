"""Freezing a profile, what a frozen one says, its files, and what differs from one to another."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.cpd.files import PROFILE_FILES, profile_file
from logbooks.cpd.forms.profiles import FreezeForm
from logbooks.cpd.models import Profile
from logbooks.cpd.profile import pages, queries, work
from logbooks.cpd.profile.compare import compared
from logbooks.cpd.profile.document import Document, problems
from logbooks.cpd.views.asked import asked
from logbooks.cpd.views.common import person_of, viewer_of
from school.core.codes import grouped
from school.core.errors import DomainError

# How each file is sent, and what it is in words.
FILES: Mapping[str, tuple[str, str]] = {
    "pdf": ("application/pdf", "PDF, to read and send"),
    "zip": ("application/zip", "ZIP, the PDF with your evidence"),
    "json": ("application/json", "JSON, for another system"),
}
MISSING = (
    "The file is missing where files are kept, or is not what was frozen. "
    "Write to whoever looks after the portal: it can be brought back from a backup."
)

# The page on which each problem is put right.
STEPS = {"choose": "cpd_choose", "write": "cpd_write_profile"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cpd_check_profile(request: HttpRequest) -> HttpResponse:
    """The profile as it will be, with what the checks say; a POST freezes it."""
    by = asked(request)
    draft = queries.draft_of(by.me, by.by.period)
    made_of = queries.material(by.person, by.me, by.by, draft, by.today)
    said, mark = queries.said(made_of)
    fresh = FreezeForm(initial={"uuid": uuid4(), "seen": mark})
    form, error, status = FreezeForm(request.POST or None), "", 200
    if request.method == "POST":
        if not form.is_valid():
            error, status = "Open this page again, then freeze the profile.", 422
        else:
            try:
                found = work.ask(
                    by=by.person, said=said, until=min(by.today, by.by.period[1]), **form.cleaned_data
                )  # fmt: skip
            except DomainError as refusal:
                error, status = refusal.message, refusal.status
            else:
                return redirect("progress", found.uuid)
    stops = [(one, by.at(STEPS[one.step])) for one in problems(said)]
    context = {
        **by.frame,
        "form": fresh,
        "error": error,
        "has_errors": bool(error),
        "stops": stops,
        "findings": made_of.findings(),
        "shown": pages.shown(said),
        "missing": [one for one in said["evidence"] if one["missing"]],
    }
    return render(request, "cpd/profile/check.html", context, status=status)


@never_cache
@require_safe
def cpd_frozen_profile(request: HttpRequest, profile: UUID) -> HttpResponse:
    """What a frozen profile says, and its files."""
    found = _profile(request, profile)
    context = {
        "profile": found,
        "code": grouped(found.code),
        "mine": found.person_id in viewer_of(request).me,
        "files": [(ending, FILES[ending][1]) for ending in FILES],
        "shown": pages.shown(_said(found)),
    }
    return render(request, "cpd/profile/frozen.html", context)


@never_cache
@require_safe
def cpd_frozen_file(request: HttpRequest, profile: UUID, ending: str) -> HttpResponse:
    """One of the files of a frozen profile."""
    if ending not in PROFILE_FILES:
        raise Http404
    found = _profile(request, profile)
    data = profile_file(found, ending)
    if data is None:
        raise DomainError(MISSING)
    name = f"cpd-profile-{grouped(found.code)}.{ending}"
    return HttpResponse(
        data,
        content_type=FILES[ending][0],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@require_safe
def cpd_compare_profiles(request: HttpRequest, profile: UUID, other: UUID) -> HttpResponse:
    """What differs from one frozen profile to another, the older one first."""
    pair = [_profile(request, key) for key in (profile, other)]
    before, after = sorted(pair, key=lambda one: (one.entry.known_from, one.pk))
    old, new = _said(before), _said(after)
    differs = compared(old, new)
    context: dict[str, Any] = {
        "before": before,
        "after": after,
        "codes": (grouped(before.code), grouped(after.code)),
        "lists": [
            ("Described", _lines(differs.chosen)),
            ("All activities", _lines(differs.activities)),
            ("Evidence", _lines(differs.evidence)),
        ],
        "texts": differs.texts.values(),
    }
    return render(request, "cpd/profile/compare.html", context)


def _lines(changed: Any) -> list[tuple[str, Document]]:
    """Each thing that differs, with what became of it."""
    said = {"Added": changed.added, "Left out": changed.gone, "Changed": changed.other}
    return [(word, _dated(one)) for word, rows in said.items() for one in rows]


def _dated(one: Document) -> Document:
    return pages.activity(one) if "from" in one else one


def _profile(request: HttpRequest, key: UUID) -> Profile:
    """A frozen profile that the viewer may read, noted as opened; 404 for everybody else."""
    person_of(request)
    viewer = viewer_of(request)
    found: Profile = get_object_or_404(queries.profiles(viewer), entry__uuid=key)
    viewer.opened(found.person)
    return found


def _said(profile: Profile) -> Document:
    said = queries.opened(profile)
    if said is None:
        raise DomainError(MISSING)
    return said
