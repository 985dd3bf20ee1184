"""Who writes the School's public pages."""

from school.core.decision import ALLOWED, Decision, refused
from school.people.middleware import Viewer
from school.people.roles import Permission

# School educators write; administrators look after the pages with them.
WRITERS = (Permission.PUBLISH_COURSES, Permission.GRANT_ROLES)


def may_write_pages(viewer: Viewer) -> Decision:
    """Whether the roles held today let somebody into the editor."""
    if any(viewer.may(permission) for permission in WRITERS):
        return ALLOWED
    return refused("School educators and administrators write the School’s pages.")
