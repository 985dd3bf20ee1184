"""Who may see a log book, and who may sign, revoke and keep frameworks."""

from collections.abc import Sequence

from django.db.models import QuerySet

from placements import policies as placing
from placements.models import Enrolment
from school.people.middleware import Viewer
from school.people.queries import Hat
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
