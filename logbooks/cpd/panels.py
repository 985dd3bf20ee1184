"""On somebody's pages: what waits in their CPD, what is shared with them, and the School's view of it."""

from collections.abc import Sequence

from logbooks.cpd import policies, queries
from logbooks.cpd.cycles import State, countdown
from logbooks.cpd.measure import measure
from logbooks.cpd.models import HelpAsked
from school.core import clock
from school.core.days import add_months
from school.core.registries import Panel
from school.people.middleware import Viewer

OWN = 40
SHARED = 41
SCHOOL = 48
# So long before a window opens, a card says when.
SOON_MONTHS = 6


def home(viewer: Viewer) -> Sequence[Panel]:
    """Everybody's way to their CPD: drafts that wait, and the window when it is near; two queries."""
    if viewer.person is None:
        return []
    today = clock.today()
    cycle = measure(viewer.me, today).cycle
    said = countdown(cycle, today) if cycle else None
    near = said and cycle and (said.state is State.OPEN or cycle.window_opens <= add_months(today, SOON_MONTHS))  # fmt: skip
    return _own(viewer, said.words if said and near else "")


def learning(viewer: Viewer) -> Sequence[Panel]:
    """The same way beside what somebody learns, without the window; one query."""
    return _own(viewer, "") if viewer.person else []


def _own(viewer: Viewer, window: str) -> list[Panel]:
    waiting = len(queries.drafts(queries.waiting(viewer.me)))
    return [Panel(OWN, "cpd/panel.html", {"drafts": waiting, "countdown": window})]


def shared(viewer: Viewer) -> Sequence[Panel]:
    """How much is shared with the viewer; one query."""
    number = policies.shared_with(viewer).count() if viewer.person else 0
    return [Panel(SHARED, "cpd/sharing/panel.html", {"number": number})] if number else []


def school(viewer: Viewer) -> Sequence[Panel]:
    """How many wait for help, for who follows CPD for the School; one query."""
    if not policies.may_follow(viewer.hats):
        return []
    waiting = HelpAsked.objects.filter(seen_to_at=None).count()
    return [Panel(SCHOOL, "cpd/school_panel.html", {"waiting": waiting})]
