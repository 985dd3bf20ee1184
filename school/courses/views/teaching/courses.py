"""Courses as School educators look after them: the list, a course with its versions, and the next version."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from school.core import clock, days, registries
from school.core.errors import DomainError
from school.core.files import writing
from school.courses import learners_queries as learned
from school.courses import teaching_queries as taught
from school.courses.actions.teaching import publish_version, save_course
from school.courses.forms.teaching import CoursesFilterForm
from school.courses.forms.teaching.courses import (
    CourseForm,
    VersionForm,
    course_initial,
    version_initial,
)
from school.courses.models import Course
from school.courses.teaching_queries import WantedEvents
from school.courses.views import refuse, status_of
from school.courses.views.teaching import files_of, page_of, teacher, typed

COLUMNS = ("Course", "Code", "Level", "Labels", "Versions", "Events coming", "Next event", "No longer offered from")  # fmt: skip
LEARNERS = ("Name", "Event", "Where", "State", "Asked for", "Hours attended", "Attained on", "By", "Valid until", "Certificate")  # fmt: skip
# How many of a course's events its page names.
SHOWN = 10


def courses(request: HttpRequest) -> HttpResponse:
    """The courses, narrowed and sorted."""
    teacher(request)
    form = CoursesFilterForm(request.GET)
    wanted = form.wanted()
    context = {
        "form": form,
        "said": form.said(wanted),
        "filtered": bool(request.GET),
        "page": page_of(request, taught.taught_courses(wanted)),
        **files_of(request, "taught_courses_file"),
    }
    return render(request, "courses/teaching/courses.html", context)


def courses_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The list as a file, narrowed as the page is."""
    teacher(request)
    if format not in writing.FORMATS:
        raise Http404
    form = CoursesFilterForm(request.GET)
    wanted = form.wanted()
    about = writing.About(title="Courses", filtered=form.said(wanted))
    rows = map(_cells, taught.taught_courses(wanted))
    return writing.table_response("courses", COLUMNS, rows, about, format)


def _cells(row: Any) -> Sequence[Any]:
    words = ", ".join(label.name for label in row.labels.all())
    return (
        row.title, row.code, row.get_level_display(), words, row.newest, row.coming,
        days.london_day(row.next) if row.next else None, row.retired_on,
    )  # fmt: skip


def make(request: HttpRequest) -> HttpResponse:
    """Make a course; its first version comes next."""
    teacher(request)
    return _save(request, None)


def change(request: HttpRequest, course: UUID) -> HttpResponse:
    """Change what stands of a course beside its versions."""
    teacher(request)
    return _save(request, get_object_or_404(Course, uuid=course))


def _save(request: HttpRequest, course: Course | None) -> HttpResponse:
    _, person = teacher(request)
    posted = request.POST if request.method == "POST" else None
    form = CourseForm(posted, initial=course_initial(course) if course else {"uuid": uuid4()})
    status = 200
    if posted is not None and form.is_valid():
        sent = form.sent() | ({"uuid": course.uuid} if course else {})
        try:
            saved = save_course(by=person, changing=course is not None, **sent)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"{saved.title} is saved.")
            return redirect("taught_course", saved.uuid)
    context = {"form": form, "course": course}
    return render(request, "courses/teaching/course_form.html", context, status=status_of(form, status))  # fmt: skip


def course(request: HttpRequest, course: UUID) -> HttpResponse:
    """A course: what stands of it, its versions and its events."""
    teacher(request)
    found = get_object_or_404(Course.objects.prefetch_related("labels"), uuid=course)
    wanted = WantedEvents(which=taught.ALL, course=str(found.uuid))
    events = list(taught.event_lines(taught.taught_events(wanted)[: SHOWN + 1]))
    today = clock.today()
    context = {
        "course": found,
        "labels": [label.name for label in found.labels.all()],
        "retired": found.retired_on is not None and found.retired_on <= today,
        "versions": taught.versions(found),
        "events": events[:SHOWN],
        "more": len(events) > SHOWN,
        "public": registries.link(found),
        "desk": registries.desk(found),
        **files_of(request, "course_learners_file", found.uuid),
    }
    return render(request, "courses/teaching/course.html", context)


def learners_file(request: HttpRequest, course: UUID, format: str) -> HttpResponseBase:
    """Who booked, attended and attained a course, as a file; everybody in it gets a row in the access log."""
    viewer, _ = teacher(request)
    if format not in writing.FORMATS:
        raise Http404
    found = get_object_or_404(Course, uuid=course)
    learners = learned.of_course(found)
    viewer.opened(*{one.person for one in learners})
    about = writing.About(
        title=f"Learners of {found.title}",
        definition="A line for each booking of its events, and for each attainment without one; what was made void is left out.",
    )
    rows = map(_learner_cells, learners)
    return writing.table_response(f"learners-{found.code}", LEARNERS, rows, about, format)


def _learner_cells(one: learned.Learner) -> Sequence[Any]:
    return (
        one.person.name, one.starts, one.where, one.state, one.asked_at, one.hours,
        one.attained_on, one.source, one.expires_on, one.certificate,
    )  # fmt: skip


def publish(request: HttpRequest, course: UUID) -> HttpResponse:
    """Write the next version of a course, read it once more, and publish it: then it stays what it is."""
    _, person = teacher(request)
    rows: QuerySet[Course] = Course.objects.all()
    found = get_object_or_404(rows, uuid=course)
    versions = taught.versions(found)
    last = versions[0] if versions else None
    posted = request.POST if request.method == "POST" else None
    form = VersionForm(posted, course=found, initial=version_initial(last) | {"uuid": uuid4()})
    context: dict[str, Any] = {
        "form": form,
        "course": found,
        "number": last.number + 1 if last else 1,
        "last": last,
    }
    if posted is None or "change" in posted:
        if posted is not None:
            form.is_valid()
        return render(request, "courses/teaching/version_form.html", context)
    status = 200
    if form.is_valid():
        if "publish" not in posted:
            context |= {"typed": typed(request), "rows": _answers(found, form)}
            return render(request, "courses/teaching/version_check.html", context)
        try:
            version = publish_version(by=person, course=found, **form.sent())
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, f"{version} is published.")
            return redirect("taught_course", found.uuid)
    return render(request, "courses/teaching/version_form.html", context, status=status_of(form, status))  # fmt: skip


def _answers(course: Course, form: VersionForm) -> list[dict[str, Any]]:
    sent = form.sent()
    expiry = f"{sent['valid_months']} months" if sent["valid_months"] else "None is printed"
    first = ", ".join(one.title for one in sent["prerequisites"])
    said = {
        "Title on certificates": course.title,
        "Holds from": days.long_date(sent["published_on"]),
        "CPD credit": days.in_words(sent["credit_minutes"]),
        "Certificates expire after": expiry,
        "Attendance needed": f"{sent['attendance_percent']} % of the sessions’ time",
        "Asks for first": first or "Nothing",
    }
    return [{"key": key, "value": value} for key, value in said.items()]
