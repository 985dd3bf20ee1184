"""Publishes in the background: reports that somebody asked for, and those that are due each month."""

import logging
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from school.core import clock, days, progress
from school.core.errors import DomainError
from school.core.models import Progress
from school.coverage import frozen, later
from school.coverage.actions import reporting, sending
from school.coverage.models import Publication, Report, Schedule
from school.people.models import Person

logger = logging.getLogger(__name__)

STEPS = ("Freezing the rows", "Making the documents")


def ask(*, by: Person, report: Report, uuid: UUID) -> Progress:
    """Queues the publishing of a checked report. Raises NotAllowed, Conflict, DomainError."""
    reporting.rule_publishes(by)
    reporting.rule_unpublished(report)
    reporting.rule_reviewed(report)
    with transaction.atomic():
        work = progress.start(owner=by.uuid, title=f"Publishing {report}"[:200], total=len(STEPS))
        make.enqueue(str(uuid), str(report.uuid), str(by.uuid), str(work.uuid))
    return work


@task()
def make(uuid: str, report: str, by: str, work: str) -> None:
    """Publishes one report with its documents. Run again after a kill it goes on where it was."""
    asked = UUID(work)
    progress.move(asked, 0, message=STEPS[0])
    try:
        found = reporting.publish_report(
            by=Person.objects.get(uuid=by),
            report=Report.objects.get(uuid=report),
            uuid=UUID(uuid),
        )
    except DomainError as error:
        progress.fail(asked, error.message[:500], link=reverse("report", args=[report]))
        return
    progress.move(asked, 1, message=STEPS[1])
    reporting.make_files(publication=found)
    progress.finish(
        asked, "The report is published.", link=reverse("publication", args=[found.uuid])
    )


@task()
def publish_due() -> int:
    """Queues each report whose day of the month has come; gives how many."""
    today = clock.today()
    due = Schedule.objects.filter(active=True, day_of_month__lte=today.day).select_related("report")
    waiting = [one for one in due if not _is_done(one)]
    for schedule in waiting:
        publish_month.enqueue(str(schedule.report.uuid))
    return len(waiting)


def _is_done(schedule: Schedule) -> bool:
    """Whether the month is published and sent, or the newest publication was taken back: then nothing follows it by itself."""
    rows = Publication.objects.filter(report=schedule.report)
    month = rows.filter(entry__uuid=uuid5(schedule.report.uuid, _as_of()))
    if month.filter(files__isnull=False, sendings__isnull=False).exists():
        return True
    newest = rows.select_related("withdrawal").order_by("-pk").first()
    return newest is not None and getattr(newest, "withdrawal", None) is not None


def _as_of() -> str:
    """The last day of the month before this one."""
    return (clock.today().replace(day=1) - days.DAY).isoformat()


@task()
def publish_month(report: str) -> None:
    """Publishes a report for the month before, and sends it with a note of what moved; run again it does what is left."""
    schedule = Schedule.objects.select_related("report").get(report__uuid=report)
    if not schedule.active:
        return
    as_of = clock.today().replace(day=1) - days.DAY
    try:
        found = reporting.publish_month(schedule=schedule, as_of=as_of)
        reporting.make_files(publication=found)
        sending.send_month(publication=found, schedule=schedule, words=moved(found))
    except DomainError as error:
        logger.warning("The monthly report %s was not published: %s", report, error.message)


def moved(publication: Publication) -> str:
    """What moved since the publication of the same report before, as the words of a mail; it holds no name."""
    published = frozen.opened(publication)
    said = [f"“{published.title}” was published as of {days.long_date(published.as_of)}."]
    before = later.before(publication)
    if before is None:
        return said[0]
    found = later.since(before, publication).summed(published.policy)
    said.append(f"Since {days.long_date(before.entry.about_from)}:")
    said += [f"{one.words}: {len(one.people)}" for one in found] or ["Nothing moved."]
    return "\n".join(said)
