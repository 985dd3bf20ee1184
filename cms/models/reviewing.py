"""Who looks at a page of the School's teaching before it goes out."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page, Task, TaskState, WorkflowState

from cms import policies, telling
from school.people.models import User


class SecondReader(Task):
    """A page goes out when somebody who did not write its newest version has read it.

    Every writer of pages may be the second reader. Until then nobody else changes the page.
    """

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        """What a second reader may do: the name, the words, and whether a comment is asked for."""
        if not policies.may_approve(user, obj):
            return []
        return [("reject", "Ask for changes", True), ("approve", "Approve", False)]

    def locked_for_user(self, obj: Page, user: User) -> bool:
        return not policies.may_approve(user, obj)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> QuerySet[TaskState]:
        waiting: QuerySet[TaskState] = self.task_states.filter(
            status=TaskState.STATUS_IN_PROGRESS
        ).exclude(revision__user=user)
        return waiting

    def start(self, workflow_state: WorkflowState, user: User | None = None) -> TaskState:
        """A page was submitted: the others who write courses hear of it."""
        with transaction.atomic():
            state: TaskState = super().start(workflow_state, user=user)
            telling.tell_readers(state)
        return state

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        """Approved or sent back; whoever submitted the page hears of it.

        A reader who changed the page first has become its writer, so that another reads it.
        """
        decision = policies.may_approve(user, task_state.workflow_state.content_object)
        if not decision:
            raise PermissionDenied(decision.reason)
        super().on_action(task_state, user, action_name, **kwargs)
        telling.tell_writer(task_state, approved=action_name == "approve")

    @classmethod
    def get_description(cls) -> str:
        """What the task is, for the editor's lists."""
        return "Somebody other than the writer of the newest version approves it."
