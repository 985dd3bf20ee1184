"""How far long work has come: started by the action that queues it, moved on by the task, seen by its owner.

Call these outside the work's own write transaction: inside it nobody sees them before it ends.
"""

from uuid import UUID

from school.core import clock
from school.core.models import Progress


def start(*, owner: UUID, title: str, total: int = 0) -> Progress:
    """A new piece of work, waiting; `total` is 0 while it is not known. `owner` is the actor's UUID."""
    return Progress.objects.create(owner=owner, title=title, total=total)


def move(work: UUID, done: int, *, total: int | None = None, message: str = "") -> None:
    """The work is under way and so much of it is done."""
    known = {} if total is None else {"total": total}
    Progress.objects.filter(uuid=work).update(
        state=Progress.State.RUNNING, done=done, message=message, updated_at=clock.now(), **known
    )


def finish(work: UUID, message: str, *, link: str = "") -> None:
    """The work is done: what came of it, and the address of the page that shows it."""
    _end(work, Progress.State.DONE, message, link)


def fail(work: UUID, message: str, *, link: str = "") -> None:
    """The work stopped: what is so, what was kept, and what to do."""
    _end(work, Progress.State.FAILED, message, link)


def _end(work: UUID, state: Progress.State, message: str, link: str) -> None:
    Progress.objects.filter(uuid=work).update(
        state=state, message=message, link=link, updated_at=clock.now()
    )
