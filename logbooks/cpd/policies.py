"""Who may see what of CPD: a person their own, a colleague what is shared with them, the School no words."""

from django.db.models import QuerySet

from logbooks.cpd.models import Activity
from school.people.middleware import Viewer


def activities(viewer: Viewer) -> QuerySet[Activity]:
    """The activities that are the viewer's own, whatever became of them."""
    return Activity.objects.filter(person__in=viewer.me)
