"""Who may see what of CPD: a person their own, a colleague what is shared with them, the School no words."""

from django.db.models import Q, QuerySet

from logbooks.cpd.models import Activity, GapReason, ImportedFile, Share
from school.core import clock
from school.people.middleware import Viewer
from school.people.models import Scope
from school.people.queries import Hat
from school.people.roles import Permission


def activities(viewer: Viewer) -> QuerySet[Activity]:
    """The activities that are the viewer's own, whatever became of them."""
    return Activity.objects.filter(person__in=viewer.me)


def gap_reasons(viewer: Viewer) -> QuerySet[GapReason]:
    """The viewer's own reasons of gaps."""
    return GapReason.objects.filter(person__in=viewer.me)


def imported_files(viewer: Viewer) -> QuerySet[ImportedFile]:
    """The viewer's own files of other tools."""
    return ImportedFile.objects.filter(person__in=viewer.me)


def shared_with(viewer: Viewer) -> QuerySet[Share]:
    """What is shared with the viewer now, the newest first."""
    return _open().filter(reader__in=viewer.me)


def shared_by(viewer: Viewer) -> QuerySet[Share]:
    """What the viewer shares now, the newest first."""
    return _open().filter(person__in=viewer.me)


def _open() -> QuerySet[Share]:
    """Shares through today or later that nobody ended, of what was not taken back."""
    rows = Share.objects.filter(ended_at=None, ends_on__gte=clock.today())
    rows = rows.filter(Q(activity=None) | Q(activity__taken_back_at=None))
    return rows.select_related("person", "reader", "activity", "profile__entry").order_by("-pk")


def may_follow(held: list[Hat]) -> bool:
    """Whether roles let somebody follow CPD for the School: of the whole network only."""
    return any(
        hat.scope.kind == Scope.Kind.NETWORK and Permission.FOLLOW_CPD in hat.role.permissions
        for hat in held
    )
