"""What staff see of the machinery: tasks that fail, mail that does not arrive, writes that conflict; and one's own long work."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from school.core import clock, jobs, upkeep
from school.core import views as core_views
from school.core.models import PORTAL, ConflictingWrite, JobRun, Progress, WorkerBeat
from school.people.addresses import people_at
from school.people.mail import is_secret, try_again
from school.people.models import Mail, Person, RefusedAddress
from school.people.policies import may_see_system

MOST = 50

# Mail that came back is no news after these days; its address stays in the list of addresses.
CAME_BACK_FOR = timedelta(days=14)

FAILED = {Mail.State.REFUSED: "Refused", Mail.State.CAME_BACK: "Came back"}

# A clock that runs writes a row each minute.
CLOCK_SILENT = timedelta(minutes=3)


def _demand_system(request: HttpRequest) -> None:
    decision = may_see_system(request.viewer)  # type: ignore[attr-defined]
    if not decision:
        raise PermissionDenied(decision.reason)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the pages, for the people who look after the portal."""
    _demand_system(request)
    return core_views.gallery(request)


@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """Whether the worker and the clock run, and what needs a person to look at it."""
    _demand_system(request)
    now = clock.now()
    last_due = dict(JobRun.objects.values_list("job").annotate(last=Max("due_at")))
    troubled = list(upkeep.troubled()[: MOST + 1])
    failing = [Mail.State.WAITING, Mail.State.SENDING, Mail.State.REFUSED]
    not_sent = Mail.objects.filter(
        Q(state__in=failing) | Q(state=Mail.State.CAME_BACK, sent_at__gte=now - CAME_BACK_FOR)
    )
    marks = list(RefusedAddress.objects.order_by("-since", "-pk")[: MOST + 1])
    whose = people_at(marks) if marks else {}
    conflicts = list(ConflictingWrite.objects.order_by("-received_at", "-pk")[: MOST + 1])
    unsent = list(not_sent.order_by("state", "-created_at")[: MOST + 1])
    names = dict(
        Person.objects.filter(uuid__in={write.actor for write in conflicts}).values_list(
            "uuid", "name"
        )
    )
    context = {
        "most": MOST,
        "workers": upkeep.alive().count(),
        "last_seen": WorkerBeat.objects.aggregate(last=Max("seen_at"))["last"],
        "clock_runs": any(now - due < CLOCK_SILENT for due in last_due.values()),
        "jobs": [{"name": job.name, "last": last_due.get(job.name)} for job in jobs.registered()],
        "tasks": [_task(task) for task in troubled[:MOST]],
        "more_tasks": len(troubled) > MOST,
        "mails": [_mail(mail) for mail in unsent[:MOST]],
        "more_mails": len(unsent) > MOST,
        "addresses": [
            {"mark": mark, "person": whose.get(mark.address.lower())} for mark in marks[:MOST]
        ],
        "more_addresses": len(marks) > MOST,
        "conflicts": [
            {
                "kind": write.kind,
                "who": "the portal" if write.actor == PORTAL else names.get(write.actor, "unknown"),
                "at": write.received_at,
            }
            for write in conflicts[:MOST]
        ],
        "more_conflicts": len(conflicts) > MOST,
    }
    return render(request, "people/system.html", context)


def _task(task: DBTaskResult) -> dict[str, object]:
    lines = task.traceback.strip().splitlines()
    return {
        "id": task.pk,
        "name": task.task_path.rsplit(".", 1)[-1].replace("_", " "),
        "attempts": len(task.worker_ids),
        "failed_at": task.finished_at,
        "next": task.run_after if task.status == "READY" else None,
        "error": lines[-1][:200],
    }


def _mail(mail: Mail) -> dict[str, object]:
    return {
        "uuid": mail.uuid,
        "subject": mail.subject,
        "address": mail.address,
        "failed": FAILED.get(Mail.State(mail.state)),
        "attempts": mail.attempts,
        "next": mail.not_before,
        "error": mail.error,
        "again": mail.state == Mail.State.WAITING
        or (mail.state == Mail.State.REFUSED and not is_secret(mail.kind)),
    }


@require_POST
def retry_task(request: HttpRequest, task: UUID) -> HttpResponse:
    """Queue a failed task again."""
    _demand_system(request)
    by = request.viewer.person.uuid  # type: ignore[attr-defined]
    if upkeep.start_over(task_id=task, by=by):
        messages.success(request, "The task was queued again.")
    else:
        messages.warning(request, "Nothing was queued: the task runs, or is done, by now.")
    return redirect("system")


@require_POST
def retry_mail(request: HttpRequest, mail: UUID) -> HttpResponse:
    """Queue a message again."""
    _demand_system(request)
    by = request.viewer.person.uuid  # type: ignore[attr-defined]
    if try_again(mail=get_object_or_404(Mail, uuid=mail), by=by):
        messages.success(request, "The message was queued again.")
    else:
        messages.warning(
            request, "Nothing was queued: the message is sent by now, or what it held is gone."
        )
    return redirect("system")


@require_safe
def progress(request: HttpRequest, work: UUID) -> HttpResponse:
    """How far a piece of long work has come; only for whoever asked for it."""
    person = request.viewer.person  # type: ignore[attr-defined]
    if person is None:
        raise Http404
    found = get_object_or_404(Progress, uuid=work, owner=person.uuid)
    moving = found.state in {Progress.State.WAITING, Progress.State.RUNNING}
    template = "people/progress_part.html" if request.htmx else "people/progress.html"  # type: ignore[attr-defined]
    return render(request, template, {"work": found, "moving": moving})
