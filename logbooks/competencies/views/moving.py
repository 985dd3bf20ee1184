"""Moving a student to another version of their framework: what that changes, before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from logbooks.competencies import queries
from logbooks.competencies.actions.versions import move
from logbooks.competencies.forms.stages import MoveForm
from logbooks.competencies.models import Competency, CurrentCompetency, FrameworkVersion
from logbooks.competencies.views.common import is_own, person_of, readable
from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.core.forms import refuse


@dataclass(frozen=True, slots=True)
class Change:
    """What a move to a version changes for a student."""

    version: FrameworkVersion
    new: Sequence[Competency]
    gone: Sequence[Competency]
    # In other words, or at another level.
    worded: Sequence[Competency]
    # How many that are achieved go on counting.
    carried: int


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move_version(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Move a student to another version of the framework with a reason; for whoever keeps the log book."""
    person = person_of(request)
    found = readable(request, enrolment)
    now = queries.version_of(found)
    if is_own(request, found) or not found.kept or now is None:  # type: ignore[attr-defined]
        raise Http404
    others = list(
        now.framework.versions.filter(published_on__lte=clock.today())
        .exclude(pk=now.pk)
        .order_by("-number")
    )
    changes = _changes(found.pk, now, others)
    said = [(one.version, f"Version {one.version.number}: {one.version.title}") for one in changes]
    status = 200
    if request.method == "POST":
        form = MoveForm(request.POST, versions=said)
        status = 422
        if form.is_valid():
            chosen = next(one.version for one in changes if one.version.uuid == form.chosen)
            try:
                move(
                    by=person,
                    enrolment=found,
                    version=chosen,
                    reason=form.cleaned_data["reason"],
                    uuid=form.cleaned_data["uuid"],
                )
            except NotAllowed:
                raise
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(
                    request,
                    f"{found.person.name} works towards version {chosen.number} now, and is told.",
                )
                return redirect("log_book_of", found.uuid)
    else:
        form = MoveForm(initial={"uuid": uuid4()}, versions=said)
    context = {
        "form": form,
        "enrolment": found,
        "student": found.person,
        "version": now,
        "changes": changes,
    }
    return render(request, "competencies/stages/move.html", context, status=status)


def _changes(
    enrolment: int, now: FrameworkVersion, others: Sequence[FrameworkVersion]
) -> list[Change]:
    rows = Competency.objects.filter(version__in=[now, *others]).select_related("level")
    by_version: dict[int, dict[UUID, Competency]] = {}
    for row in rows.order_by("position"):
        by_version.setdefault(row.version_id, {})[row.identifier] = row
    before = by_version.get(now.pk, {})
    achieved = set(
        CurrentCompetency.objects.filter(
            enrolment=enrolment, state=CurrentCompetency.State.ACHIEVED
        ).values_list("competency__identifier", flat=True)
    )
    return [_change(one, before, by_version.get(one.pk, {}), achieved) for one in others]


def _change(
    version: FrameworkVersion,
    before: dict[UUID, Competency],
    after: dict[UUID, Competency],
    achieved: set[UUID],
) -> Change:
    return Change(
        version=version,
        new=[row for key, row in after.items() if key not in before],
        gone=[row for key, row in before.items() if key not in after],
        worded=[
            row
            for key, row in after.items()
            if key in before and _words(row) != _words(before[key])
        ],
        carried=len(achieved & after.keys()),
    )


def _words(row: Competency) -> tuple[str, str, str]:
    return row.title, row.description, row.level.code if row.level else ""
