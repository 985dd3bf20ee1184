"""Who may see whom, and who may invite, give and end roles."""

from collections.abc import Callable
from typing import Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from school.core.decision import ALLOWED, Decision, refused
from school.people.models import Person
from school.people.roles import PRACTICE_EDUCATOR, STUDENT, Permission


class Viewer(Protocol):
    """What a policy asks of the one who looks: school.people.middleware.Viewer answers."""

    @property
    def person(self) -> Person | None: ...

    def may(self, permission: Permission) -> bool: ...


# Each app that keeps records of people says whose a viewer may open, as a queryset of persons; it is
# called with the viewer of the request, of whom an app may ask more than the policies here do.
_visible: list[Callable[..., QuerySet[Person]]] = []

# Whom a coordinator may invite by the role they are given.
PLACED_ROLES = frozenset({STUDENT.key, PRACTICE_EDUCATOR.key})


def offer_visible(provider: Callable[..., QuerySet[Person]]) -> None:
    """Say whose records a viewer may open beside their own."""
    _visible.append(provider)


def visible_people(viewer: Viewer) -> QuerySet[Person]:
    """The persons whose record the viewer may open: themselves, and whom the apps name."""
    if viewer.person is None:
        return Person.objects.none()
    condition = Q(pk=viewer.person.pk)
    for provider in _visible:
        condition |= Q(Exists(provider(viewer).filter(pk=OuterRef("pk"))))
    return Person.objects.filter(condition)


def may_manage_people(viewer: Viewer) -> Decision:
    """Whether the viewer may list everyone, give and end roles, and open and close accounts."""
    if viewer.may(Permission.GRANT_ROLES):
        return ALLOWED
    return refused("Only an administrator gives and ends roles.")


def may_invite(viewer: Viewer) -> Decision:
    """Whether the viewer may invite anybody at all; the action looks at whom."""
    if viewer.may(Permission.GRANT_ROLES) or viewer.may(Permission.PLACE_STUDENTS):
        return ALLOWED
    return refused("Only an administrator or a placement coordinator invites people.")


def may_see_system(viewer: Viewer) -> Decision:
    """Whether the viewer may see how the machinery does and queue again what failed."""
    if viewer.person is not None and viewer.may(Permission.SEE_SYSTEM):
        return ALLOWED
    return refused("Only an administrator looks after the system.")
