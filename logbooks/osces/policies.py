"""Who may see and examine the marks of OSCEs."""

from school.people.middleware import Viewer
from school.people.roles import Permission

UNSEEN = "Only programme leads and School educators examine the marks of OSCEs."


def runs_osces(viewer: Viewer) -> bool:
    """Whether the viewer examines marks and sets standards."""
    return viewer.may(Permission.RUN_OSCES)
