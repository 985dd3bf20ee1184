"""Who may see and examine the marks of OSCEs, and who may only read."""

from school.people.middleware import Viewer
from school.people.roles import Permission

UNSEEN = "Only programme leads and School educators examine the marks of OSCEs."
UNREAD = "Only programme leads, School educators and external examiners read OSCE exams."


def runs_osces(viewer: Viewer) -> bool:
    """Whether the viewer examines marks and sets standards."""
    return viewer.may(Permission.RUN_OSCES)


def reads_osces(viewer: Viewer) -> bool:
    """Whether the viewer reads frozen exams with their marks and standard; an external examiner does, without names of students."""
    return runs_osces(viewer) or viewer.may(Permission.READ_OSCES)
