"""What the pages of the log book have in common: who is looking, and whose log book it is."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from logbooks.competencies import policies
from placements import policies as placing
from placements.models import Enrolment
from school.core import clock
from school.core.compiled import compiled
from school.people.middleware import Viewer
from school.people.models import Person
from school.people.roles import SITE_LEAD, Permission


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking."""
    return request.viewer  # type: ignore[attr-defined]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; an account without a person finds nothing here."""
    person = viewer_of(request).person
    if person is None:
        raise Http404
    return person


def own_or_none(request: HttpRequest) -> Enrolment | None:
    """What the viewer is enrolled on, the one that goes on first; none when they never were."""
    person_of(request)
    today = clock.today()
    return max(
        _of(people=viewer_of(request).me),
        key=lambda row: (row.starts <= today <= row.ends, row.ends, row.pk),
        default=None,
    )


@compiled
def _of(people: Any) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(person__in=people)
    return rows.select_related("person", "cohort__programme__log_book_rules", "book")


def own_enrolment(request: HttpRequest) -> Enrolment:
    """The same; 404 for everybody who never was enrolled."""
    found = own_or_none(request)
    if found is None:
        raise Http404
    return found


def readable(request: HttpRequest, enrolment: UUID, **beside: Combinable) -> Enrolment:
    """An enrolment whose log book the viewer may read, noted as opened; 404 for everybody else.

    Annotated with `kept`, whether one of the viewer's roles keeps the log book, and with what is asked for beside it.
    """
    viewer = viewer_of(request)
    kept: Combinable = Value(False)
    if viewer.may(Permission.KEEP_LOG_BOOKS):
        kept = Exists(policies.kept(viewer).filter(pk=OuterRef("pk")))
    rows = policies.enrolments(viewer).annotate(kept=kept, **beside)
    found: Enrolment = get_object_or_404(
        rows.select_related("person", "cohort__programme", "book"), uuid=enrolment
    )
    viewer.opened(found.person)
    return found


def led_by(viewer: Viewer) -> list[int]:
    """The scopes of the sites that the viewer leads; asked for only where persons were merged."""
    if len(viewer.me) > 1:
        return placing.led_by(viewer.me)
    return [hat.scope.pk for hat in viewer.hats if hat.role == SITE_LEAD]


def is_own(request: HttpRequest, enrolment: Enrolment) -> bool:
    """Whether a log book is the viewer's own, merged persons included."""
    return enrolment.person_id in viewer_of(request).me
