"""Checks and writes imports in the background, so that they can be left and come back to."""

from uuid import UUID

from django_tasks import task

from placements.imports import kept
from placements.imports.kept import KeptImport, State
from placements.imports.kinds import named
from school.core import progress
from school.core.errors import DomainError
from school.core.files import importing
from school.core.files.fates import Report

STEPS = 5


def check(one: KeptImport) -> None:
    """Queues the dry run of a file that was just kept."""
    _queue(one, State.CHECKING, "Checking", without_refused=False)


def write(one: KeptImport, *, without_refused: bool) -> None:
    """Queues the writing of a file that was checked."""
    _queue(one, State.WRITING, "Writing", without_refused=without_refused)


def _queue(one: KeptImport, state: State, doing: str, *, without_refused: bool) -> None:
    one.state, one.problem = state, ""
    one.work = progress.start(owner=one.owner, title=f"{doing} {one.file}"[:200], total=STEPS).uuid
    one.save()
    carry_out.enqueue(str(one.uuid), without_refused)


@task()
def carry_out(key: str, without_refused: bool) -> None:
    """Checks or writes one kept import. Run again after a kill it starts anew: what was written is then the same."""
    one = kept.get(UUID(key))
    if one is None or not one.under_way or one.work is None:
        return
    work, kind = one.work, named(one.kind)
    if kind is None:
        progress.fail(work, "Files of this kind are imported no longer.")
        return
    try:
        report = importing.run(
            kind,
            one.data(),
            one.file,
            by=one.owner,
            commit=one.state == State.WRITING,
            without_refused=without_refused,
            reach=one.scopes,
            progress=lambda doing, done, of: progress.move(work, done, total=of, message=doing),
        )
    except DomainError as error:
        one.state, one.problem = State.REFUSED, error.message
        one.save()
        progress.fail(work, error.message[:500])
        return
    _finish(one, report)
    progress.finish(work, report.summary())


def _finish(one: KeptImport, report: Report) -> None:
    one.report = report.as_json()
    one.state = State.WRITTEN if report.written else State.CHECKED
    one.save()
    if report.written:
        one.forget_file()


@task()
def delete_old() -> int:
    """Delete files of imports that nobody carried out within seven days."""
    return kept.delete_old()
