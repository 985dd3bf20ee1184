"""Who may see a log book, and who may sign, revoke and keep frameworks."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from logbooks.competencies.models import LogBookRules
from placements import policies as placing
from placements.models import Enrolment
from school.people.middleware import Viewer
from school.people.models import Scope
from school.people.queries import Hat, scopes_with
from school.people.roles import Permission


def enrolments(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose log books the viewer may open: those whose placement records they may."""
    return placing.enrolments(viewer)


def kept(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose sign-offs the viewer may revoke, and say of which what does not apply."""
    return placing.enrolments_with(viewer, Permission.KEEP_LOG_BOOKS)


def keeps_frameworks(viewer: Viewer) -> bool:
    """Whether the viewer writes, reviews and publishes frameworks."""
    return keeps(viewer.hats)


def keeps(held: Sequence[Hat]) -> bool:
    """The same of the roles that somebody holds."""
    return any(Permission.KEEP_LOG_BOOKS in hat.role.permissions for hat in held)


def kept_rules(held: Sequence[Hat]) -> QuerySet[LogBookRules]:
    """The rules of the programmes whose log books somebody with these roles keeps, by the programmes' names."""
    kept = Q(pk__in=[])
    for scope in scopes_with(list(held), Permission.KEEP_LOG_BOOKS):
        everywhere = scope.kind == Scope.Kind.NETWORK
        kept |= Q(pk__isnull=False) if everywhere else Q(programme__scope=scope)
    rows = LogBookRules.objects.filter(kept).select_related("programme", "framework")
    return rows.order_by("programme__name")
