"""Every kind of file that can be imported, and who may import which."""

from placements.imports.enrolments import ENROLMENTS
from placements.imports.hours import HOURS
from school.core.decision import ALLOWED, Decision, refused
from school.core.files import offered
from school.core.files.fates import Report
from school.core.files.importing import Kind, Reach
from school.core.files.offered import Offered
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
    elsewhere = _offered(kind.key)
    if elsewhere is not None:
        return elsewhere.hats(viewer)
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
    elsewhere = _offered(kind.key)
    if elsewhere is not None:
        return refused(elsewhere.refusal)
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
    return [kind for kind in everything() if may_import(viewer, kind)]


def everything() -> list[Kind]:
    """Every kind of file: those known here, and those that other apps offer."""
    return [*KINDS.values(), *(one.kind for one in offered.offered())]


def named(key: str) -> Kind | None:
    """The kind of a key, if there is still one."""
    elsewhere = _offered(key)
    return elsewhere.kind if elsewhere else KINDS.get(key)


def settle(key: str, report: Report) -> str:
    """The address of the page on which rows that wait can be settled; empty when there is none."""
    elsewhere = _offered(key)
    return elsewhere.settle(report) if elsewhere else ""


def _offered(key: str) -> Offered | None:
    if key in KINDS:
        return None
    return next((one for one in offered.offered() if one.kind.key == key), None)
