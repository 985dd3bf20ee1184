"""Every kind of file that can be imported, and who may import which."""

from placements.imports.enrolments import ENROLMENTS
from placements.imports.hours import HOURS
from school.core.decision import ALLOWED, Decision, refused
from school.core.files.importing import Kind, Reach
from school.people.imports.absences import ABSENCES
from school.people.imports.sites import SITES
from school.people.imports.staff import STAFF
from school.people.middleware import Viewer
from school.people.models import Scope
from school.people.queries import Hat
from school.people.roles import Permission

KINDS = {kind.key: kind for kind in (SITES, STAFF, ABSENCES, ENROLMENTS, HOURS)}

# What else a role must allow, beside importing, for kinds that are about students.
OF_STUDENTS = (ENROLMENTS.key, HOURS.key)


def hats_for(viewer: Viewer, kind: Kind) -> list[Hat]:
    """The viewer's roles that let them import a kind of file."""
    of_students = kind.key in OF_STUDENTS
    return [
        hat
        for hat in viewer.hats
        if Permission.IMPORT_RECORDS in hat.role.permissions
        and (
            Permission.PLACE_STUDENTS in hat.role.permissions
            if of_students
            else hat.scope.kind == Scope.Kind.NETWORK
        )
    ]


def may_import(viewer: Viewer, kind: Kind) -> Decision:
    """Whether the viewer may import a kind of file; sites and staff need a role on the whole network."""
    if hats_for(viewer, kind):
        return ALLOWED
    if kind.key in OF_STUDENTS:
        return refused("Only a placement coordinator imports students and their hours.")
    return refused("Only a role on the whole network imports sites and staff.")


def reach(viewer: Viewer, kind: Kind) -> Reach:
    """The scopes in which the viewer may import a kind of file; None for everywhere."""
    scopes = [hat.scope for hat in hats_for(viewer, kind)]
    if any(scope.kind == Scope.Kind.NETWORK for scope in scopes):
        return None
    return frozenset(scope.pk for scope in scopes)


def kinds_of(viewer: Viewer) -> list[Kind]:
    """The kinds of file that the viewer may import."""
    return [kind for kind in KINDS.values() if may_import(viewer, kind)]
