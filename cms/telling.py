"""What writers are told of pages that wait to be read, and of what became of theirs."""

from django.conf import settings
from django.urls import reverse
from wagtail.models import TaskState

from school.people.models import Person
from school.people.queries import grants
from school.people.roles import ROLES, Permission
from school.people.telling import tell

READERS = [key for key, role in ROLES.items() if Permission.PUBLISH_COURSES in role.permissions]


def tell_readers(state: TaskState) -> None:
    """Tell the others who write courses that a page waits for a second reader, once for each time."""
    people = Person.objects.filter(pk__in=grants().filter(role__in=READERS).values("person"))
    for person in people.select_related("user").exclude(user=state.revision.user_id):
        tell(
            person,
            "page_to_review",
            "A page waits for a second reader",
            f"“{_title(state)}” was submitted. Read it, then approve it or ask for changes.",
            _address(state),
            once_key=f"page_to_review:{state.pk}:{person.pk}",
        )


def tell_writer(state: TaskState, *, approved: bool) -> None:
    """Tell whoever submitted a page what the second reader said."""
    person = getattr(state.workflow_state.requested_by, "person", None)
    if person is None:
        return
    words = f"“{_title(state)}” was approved." if approved else f"“{_title(state)}” came back."
    if state.comment:
        words = f"{words}\n\nThe reader’s words: {state.comment}"
    tell(
        person,
        "page_reviewed",
        "Your page was approved" if approved else "Your page came back with questions",
        words,
        _address(state),
        once_key=f"page_reviewed:{state.pk}",
    )


def _title(state: TaskState) -> str:
    return str(state.workflow_state.content_object.title)


def _address(state: TaskState) -> str:
    page = reverse("wagtailadmin_pages:edit", args=[state.workflow_state.object_id])
    return f"{settings.WAGTAILADMIN_BASE_URL}{page}"
