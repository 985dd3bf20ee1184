"""The pages of those who follow students: the list and why somebody is behind, interruptions, files, whole records."""

from django.http import HttpRequest

from placements.views.coordinator import demand
from school.core.decision import ALLOWED, Decision, refused
from school.people.middleware import Viewer
from school.people.roles import Permission


def may_follow(viewer: Viewer) -> Decision:
    """Whether the viewer follows students of a programme or cohort."""
    if viewer.person is not None and viewer.may(Permission.FOLLOW_STUDENTS):
        return ALLOWED
    return refused("This page is for university tutors and programme leads.")


def follower(request: HttpRequest) -> Viewer:
    """Who is looking at the students they follow; 403 for everybody else."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    demand(may_follow(viewer))
    return viewer
