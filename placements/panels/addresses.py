"""The card that says whom mail does not reach: to a student of their supervisors, to a coordinator of everybody they place."""

from placements import addresses_queries as reads
from school.core.registries import Panel
from school.people.middleware import Viewer
from school.people.roles import Permission

# Below what is to do, beside what waits.
WHERE = 25


def home(viewer: Viewer) -> list[Panel]:
    """The card of the hat that is worn; none when every address is good."""
    held = viewer.hat.role.permissions if viewer.hat and viewer.person else frozenset()
    if Permission.PLACE_STUDENTS in held:
        people = reads.of_placed(viewer)
        return (
            [Panel(WHERE, "placements/addresses/panel_placed.html", {"people": people})]
            if people
            else []
        )
    if Permission.LOG_OWN_HOURS in held:
        assert viewer.person is not None  # a hat is a person's
        mentors = reads.supervisors_of(viewer.person)
        context = {"names": [mentor.name for mentor in mentors]}
        return [Panel(WHERE, "placements/addresses/panel_own.html", context)] if mentors else []
    return []
