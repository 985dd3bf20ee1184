"""Reports of training coverage: the list, drafting, checking, publishing, and repeating one each month."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school.core import clock, days
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import DomainError
from school.core.rows import with_seen
from school.courses.views import demand, refuse, signed_in, status_of
from school.coverage import policies, publishing_work
from school.coverage.actions import reporting, sending
from school.coverage.forms.reports import ReportForm, ScheduleForm, StepForm
from school.coverage.models import Publication, Report, Schedule
from school.coverage.views.common import seen_by
from school.people.middleware import Viewer
from school.people.models import Person


def may_look(viewer: Viewer) -> Decision:
    """Whether the viewer sees any training coverage."""
    return ALLOWED if policies.sight(viewer) else refused(policies.UNSEEN)


def publisher(request: HttpRequest) -> tuple[Viewer, Person]:
    """Who is looking, when they draft, check and publish; 403 for everybody else."""
    viewer, person = signed_in(request)
    demand(policies.may_publish(viewer))
    return viewer, person


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What was published; for those who publish what is drafted, too."""
    viewer, _ = signed_in(request)
    demand(may_look(viewer))
    publishes = bool(policies.may_publish(viewer))
    found = policies.publications(viewer).select_related("report__schedule", "withdrawal")
    drafts = Report.objects.filter(publications=None).select_related("drafted_by", "reviewed_by")
    context = {
        "rows": found.order_by("-pk")[:100],
        "publishes": publishes,
        "drafts": drafts.order_by("-created_at") if publishes else [],
    }
    return render(request, "coverage/reports/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, report: UUID | None = None) -> HttpResponse:
    """Draft a report, or change one that is not published yet."""
    _, person = publisher(request)
    found = get_object_or_404(_drafts(), uuid=report) if report else None
    form = ReportForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = reporting.draft_report(by=person, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            return redirect("report", made.uuid)
    context = {"form": form, "found": found}
    return render(request, "coverage/reports/draft.html", context, status=status_of(form, status))


def _drafts() -> Any:
    return Report.objects.filter(publications=None)


def _initial(report: Report | None) -> dict[str, Any]:
    today = clock.today()
    if report is None:
        return {
            "uuid": uuid4(),
            "as_of": today,
            "known_on": today,
            "audience": Report.Audience.OUTSIDE,
            "grouped_by": Report.By.REGION,
            "policy": "adjusted",
        }
    names = ("uuid", "title", "for_whom", "as_of", "known_on", "audience", "grouped_by", "policy")
    chosen = {name: getattr(report, name) for name in names}
    return {
        **chosen,
        "requirements": [one.code for one in report.requirements.all()],
        "sites": [one.slug for one in report.sites.all()],
    }


@require_safe
def report(request: HttpRequest, report: UUID) -> HttpResponse:
    """All that a draft says, to be checked by a second person and published."""
    _, person = publisher(request)
    rows = with_seen(Report.objects.select_related("drafted_by", "reviewed_by"))
    found = get_object_or_404(rows, uuid=report)
    newest = found.publications.order_by("-pk").first()
    if newest is not None:
        return redirect("publication", newest.uuid)
    own = found.drafted_by_id == person.pk
    context = {
        "report": found,
        "rows": _rows(found),
        "own": own,
        "form": StepForm(initial={"uuid": uuid4()}),
        "alone": own and not _others(person),
        "beside": _beside(found),
        "figures": f"{reverse('coverage')}?{urlencode(_days_of(found))}",
    }
    return render(request, "coverage/reports/report.html", context)


def _others(person: Person) -> bool:
    """Whether anybody else can check what somebody drafted."""
    return policies.checkers().exclude(pk=person.pk).exists()


def _days_of(report: Report) -> dict[str, str]:
    """The days of a report as the page of coverage asks for them."""
    return {"as_of": report.as_of.isoformat(), "known_on": report.known_on.isoformat()}


def _beside(report: Report) -> list[tuple[UUID, str]]:
    """What went outside of the same day: together they can say more of few people than each alone."""
    if report.audience != Report.Audience.OUTSIDE:
        return []
    rows = Publication.objects.filter(
        entry__about_from=report.as_of, audience=Report.Audience.OUTSIDE, withdrawal=None
    )
    return list(rows.values_list("entry__uuid", "report__title").order_by("report__title", "pk"))


def _rows(report: Report) -> list[dict[str, str]]:
    requirements = [one.name for one in report.requirements.all()]
    sites = [one.name for one in report.sites.order_by("name")]
    checked = ""
    if report.reviewed_by and report.reviewed_at:
        checked = (
            f"{report.reviewed_by.name}, {days.long_date(days.london_day(report.reviewed_at))}"
        )
    return [
        {"key": "For whom", "value": report.for_whom},
        {"key": "As of", "value": days.long_date(report.as_of)},
        {"key": "As it was known on", "value": days.long_date(report.known_on)},
        {"key": "Where it goes", "value": report.get_audience_display()},
        {"key": "Figures by", "value": report.get_grouped_by_display()},
        {"key": "Figure", "value": report.get_policy_display()},
        {"key": "Requirements", "value": ", ".join(requirements) or "All"},
        {"key": "Sites", "value": ", ".join(sites) or "The whole network"},
        {"key": "Drafted by", "value": report.drafted_by.name},
        {"key": "Checked by", "value": checked or "Nobody yet"},
    ]


@require_POST
def review(request: HttpRequest, report: UUID) -> HttpResponse:
    """A second person says that a draft can go out."""
    _, person = publisher(request)
    found = get_object_or_404(Report, uuid=report)
    try:
        reporting.review_report(by=person, report=found, seen=seen_by(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The report is checked. It can be published now.")
    return redirect("report", found.uuid)


@require_POST
def publish(request: HttpRequest, report: UUID) -> HttpResponse:
    """Publish a checked draft, in the background."""
    _, person = publisher(request)
    found = get_object_or_404(Report, uuid=report)
    form = StepForm(request.POST)
    if not form.is_valid():
        return redirect("report", found.uuid)
    try:
        work = publishing_work.ask(by=person, report=found, uuid=form.cleaned_data["uuid"])
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("report", found.uuid)
    return redirect("progress", work.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def monthly(request: HttpRequest, report: UUID) -> HttpResponse:
    """Publish a report again each month, to chosen people."""
    _, person = publisher(request)
    rows = Report.objects.filter(publications__isnull=False).distinct()
    found = get_object_or_404(rows, uuid=report)
    schedule = Schedule.objects.filter(report=found).first()
    initial: dict[str, Any] = {"day_of_month": 5, "active": True}
    if schedule:
        keys = [str(one.uuid) for one in schedule.recipients.all()]
        initial = {
            "day_of_month": schedule.day_of_month,
            "recipients": keys,
            "active": schedule.active,
        }
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        readers=policies.readers(found),
        initial=initial,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            sending.save_schedule(by=person, report=found, **form.cleaned_data)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "It is saved.")
            return redirect("reports")
    context = {
        "form": form,
        "title": "Publish each month",
        "kicker": found.title,
        "lead": "On the morning of that day it is published again as of the last day of the month before, as it is "
        "known then, and goes to these people with a note of what moved. Where the day has passed this month, "
        "the first one follows tomorrow morning.",
        "button": "Save",
        "back": reverse("reports"),
        "back_text": "Reports of training coverage",
    }
    return render(request, "courses/attaining/form.html", context, status=status_of(form, status))
