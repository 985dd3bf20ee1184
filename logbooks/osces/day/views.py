"""The day of an exam made ready: an overview, candidates with their needs, sessions with examiners, and conflicts."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from logbooks.osces import policies
from logbooks.osces.day import actions, asking, people, queries
from logbooks.osces.day.announced import from_canonical
from logbooks.osces.day.forms import (
    CircuitRows,
    CohortForm,
    ConflictForm,
    NeedsForm,
    SessionForm,
    filled,
    filled_rows,
    needs_of,
)
from logbooks.osces.day.plan import Plan, Session
from logbooks.osces.exams import queries as exams
from logbooks.osces.models import Candidate, Exam
from logbooks.osces.stations.views import keeper
from placements.models import Cohort
from placements.policies import enrolments_with
from school.core.errors import DomainError
from school.core.forms import refuse
from school.courses.views import looking, signed_in
from school.people.models import Person
from school.people.roles import Permission


def exam_of(key: UUID) -> Exam:
    """A frozen exam; 404 for any other."""
    return get_object_or_404(exams.kept().filter(state=Exam.State.FROZEN), uuid=key)


@require_safe
def day(request: HttpRequest, exam: UUID) -> HttpResponse:
    """What is ready for the day, and what is to do next."""
    keeper(request)
    return overview(request, exam_of(exam))


def overview(request: HttpRequest, found: Exam, refused: DomainError | None = None) -> HttpResponse:
    """The day with its next step, and with why a timetable was refused."""
    written = asking.written(found)
    standing = queries.timetabled(found)
    said = from_canonical(standing.document) if standing else None
    problems = written.problems
    context = {
        "exam": found,
        "written": written,
        "problems": problems,
        "said": said,
        "standing": standing,
        "stale": said and (problems or queries.is_stale(said, written.asked)),
        "begun": said and queries.has_begun(said),
        "refused": refused,
        "has_errors": refused is not None,
        "uuid": uuid4(),
    }
    status = refused.status if refused else 200
    return render(request, "osces/day/day.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def candidates(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Everybody who is examined, with their numbers and needs; a cohort is added here."""
    me, found, viewer = keeper(request), exam_of(exam), looking(request)
    mine = enrolments_with(viewer, Permission.RUN_OSCES)
    cohorts = Cohort.objects.filter(
        pk__in=mine.filter(starts__lte=found.day, ends__gte=found.day).values("cohort")
    ).order_by("-starts", "name")
    form = CohortForm(request.POST or None, cohorts=cohorts)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                added = actions.add_candidates(
                    by=me, exam=found, cohort=form.cleaned_data["cohort"]
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                words = "1 candidate is" if len(added) == 1 else f"{len(added)} candidates are"
                messages.success(request, f"{words} added.")
                return redirect("osce_candidates", found.uuid)
    rows = list(queries.everybody(found))
    viewer.opened(*(row.enrolment.person for row in rows))
    context = {"exam": found, "form": form, "rows": rows, "has_errors": status != 200}
    return render(request, "osces/day/candidates.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def candidate(request: HttpRequest, exam: UUID, candidate: UUID) -> HttpResponse:
    """The needs of a candidate, and whether they are examined."""
    me, found = keeper(request), exam_of(exam)
    row: Candidate = get_object_or_404(queries.everybody(found), uuid=candidate)
    sessions = [one.name for one in asking.plan_of(found).sessions]
    if row.session and row.session not in sessions:
        sessions.append(row.session)
    changing = request.method == "POST" and "withdrawn" not in request.POST
    form = NeedsForm(request.POST if changing else None, initial=needs_of(row), sessions=sessions)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if not changing:
                out = request.POST["withdrawn"] == "yes"
                (actions.withdraw if out else actions.take_back_in)(by=me, candidate=row)
            elif form.is_valid():
                actions.change_needs(by=me, candidate=row, **form.needs(found.day))
        except DomainError as error:
            status = refuse(form, error) if changing else error.status
            if not changing:
                messages.error(request, error.message)
                return redirect("osce_candidate", found.uuid, row.uuid)
        if status == 422 and not (changing and form.errors):
            messages.success(request, f"{row} is saved.")
            return redirect("osce_candidates", found.uuid)
    looking(request).opened(row.enrolment.person)
    context = {"exam": found, "form": form, "row": row, "has_errors": status != 200}
    return render(request, "osces/day/candidate.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Write a new session."""
    me, found = keeper(request), exam_of(exam)
    return _session(request, me, found, None)


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, exam: UUID, number: int) -> HttpResponse:
    """Write on a session, or take it out."""
    me, found = keeper(request), exam_of(exam)
    if not 1 <= number <= len(asking.plan_of(found).sessions):
        raise Http404
    return _session(request, me, found, number - 1)


def _session(request: HttpRequest, me: Person, found: Exam, place: int | None) -> HttpResponse:
    plan = asking.plan_of(found)
    before = plan.sessions[place] if place is not None else None
    stations = queries.marked(found)
    names = {one.uuid: one for one in Person.objects.filter(uuid__in=plan.examiners)}
    sent = request.POST if request.method == "POST" else None
    form = SessionForm(sent, initial=filled(before, queries.seen(found.plan)))
    rows = CircuitRows(
        sent,
        initial=filled_rows(before, names),
        form_kwargs={"stations": [one.name for one in stations]},
        prefix="circuit",
    )
    if before and before.circuits and "more" not in request.GET:
        rows.extra = 0
    status = 200
    if sent is not None:
        status = 422
        valid = form.is_valid()
        if "remove" in sent or (rows.is_valid() and valid):
            said = None if "remove" in sent else form.session(found.day, rows.circuits())
            changed = _with(plan, place, said)
            seen = sent.get("seen", "")
            try:
                actions.save_plan(by=me, exam=found, plan=changed, seen=seen)
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, "The sessions are saved.")
                if "more" in sent:
                    number = len(changed.sessions) if place is None else place + 1
                    page = reverse("osce_session", args=[found.uuid, number])
                    return redirect(f"{page}?more=1")
                return redirect("osce_day", found.uuid)
    context = {
        "exam": found,
        "form": form,
        "rows": rows,
        "before": before,
        "likely": people.likely(),
        "has_errors": status != 200,
    }
    return render(request, "osces/day/session.html", context, status=status)


def _with(plan: Plan, place: int | None, said: Session | None) -> Plan:
    """A plan with a session written anew, added, or taken out."""
    rows: list[Any] = list(plan.sessions)
    at = slice(len(rows), None) if place is None else slice(place, place + 1)
    rows[at] = [said] if said else []
    return Plan(tuple(rows))


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest, exam: UUID) -> HttpResponse:
    """Who must not meet whom: all of it for who runs OSCEs; for an examiner their own, once a timetable gives them candidates."""
    viewer, me = signed_in(request)
    runs = policies.runs_osces(viewer)
    found = exam_of(exam)
    examiners = Person.objects.filter(uuid__in=asking.plan_of(found).examiners).order_by("name")
    if not runs:
        examiners = examiners.filter(pk__in=viewer.me)
        if not examiners:
            raise Http404
    # A conflict with somebody who has withdrawn since is still taken back.
    rows = queries.everybody(found) if "back" in request.POST else queries.candidates(found)
    if not runs:
        # An examiner learns of no candidate but those whom the timetable gives them.
        mine = {
            candidate for examiner, candidate in queries.conflicts(found) if examiner == me.uuid
        }
        rows = rows.filter(uuid__in=mine | queries.met_by(found, me))
    form = ConflictForm(request.POST or None, examiners=examiners, candidates=rows)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            holds = "back" not in request.POST
            try:
                actions.declare_conflict(
                    by=me,
                    exam=found,
                    examiner=data["examiner"],
                    candidate=data["candidate"],
                    holds=holds,
                    uuid=data["uuid"] or uuid4(),
                )
            except DomainError as error:
                status = refuse(form, error)
            else:
                words = "The conflict is declared." if holds else "The conflict is taken back."
                messages.success(request, words)
                return redirect("osce_conflicts", found.uuid)
    shown = [
        one for one in queries.conflicts(found).values() if runs or one.examiner.pk in viewer.me
    ]
    context = {
        "exam": found,
        "form": form,
        "runs": runs,
        "shown": [(one, uuid4()) for one in shown],
        "has_errors": status != 200,
    }
    return render(request, "osces/day/conflicts.html", context, status=status)
