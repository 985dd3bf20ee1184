"""Online modules as School educators look after them: how the quiz is passed, its bank, and how its questions did."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from school.core import registries
from school.core.errors import DomainError
from school.core.files import writing
from school.courses import item_statistics
from school.courses import modules_queries as queries
from school.courses.actions.modules import retire_question, save_module, save_question
from school.courses.forms.modules import (
    ModuleForm,
    QuestionForm,
    module_initial,
    question_initial,
)
from school.courses.models import CourseVersion, Module, Question
from school.courses.modules_queries import BankLine
from school.courses.views import refuse, status_of
from school.courses.views.teaching import teacher

COLUMNS = ("Question", "Retired", "Times asked", "People", "Facility, %", "Discrimination")


def _module(uuid: UUID) -> Module:
    found = queries.module_by(uuid)
    if found is None:
        raise Http404
    return found


def make(request: HttpRequest, version: UUID) -> HttpResponse:
    """Make the online module of a version."""
    found = get_object_or_404(CourseVersion.objects.select_related("course"), uuid=version)
    return _save(request, found, None)


def change(request: HttpRequest, module: UUID) -> HttpResponse:
    """Change how a module's quiz is drawn and passed."""
    found = _module(module)
    return _save(request, found.version, found)


def _save(request: HttpRequest, version: CourseVersion, module: Module | None) -> HttpResponse:
    _, person = teacher(request)
    posted = request.POST if request.method == "POST" else None
    form = ModuleForm(posted, initial=module_initial(module))
    status = 200
    if posted is not None and form.is_valid():
        sent = form.cleaned_data | ({"uuid": module.uuid} if module else {})
        try:
            saved = save_module(by=person, version=version, **sent)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The module is saved.")
            return redirect("taught_module", saved.uuid)
    context = {"form": form, "module": module, "version": version}
    return render(
        request, "courses/modules/module_form.html", context, status=status_of(form, status)
    )


@require_safe
def module(request: HttpRequest, module: UUID) -> HttpResponse:
    """A module: how its quiz is passed, what is published of it, and the questions of its bank."""
    teacher(request)
    found = _module(module)
    questions = queries.bank(found)
    in_use = [one for one in questions if not one.retired]
    context = {
        "module": found,
        "in_use": in_use,
        "retired": [one for one in questions if one.retired],
        "short": max(0, found.asked - len(in_use)),
        "lessons": registries.lessons([found.pk]).get(found.pk),
        "desk": registries.desk(found),
    }
    return render(request, "courses/modules/module.html", context)


def add(request: HttpRequest, module: UUID) -> HttpResponse:
    """Put a question into the bank."""
    return _write(request, _module(module), None)


def question(request: HttpRequest, question: UUID) -> HttpResponse:
    """Change a question of the bank; papers that were sent keep its old words."""
    rows = Question.objects.select_related("module__version__course").prefetch_related("answers")
    found = get_object_or_404(rows, uuid=question)
    return _write(request, found.module, found)


def _write(request: HttpRequest, module: Module, question: Question | None) -> HttpResponse:
    _, person = teacher(request)
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted, initial=question_initial(question))
    status = 200
    if posted is not None and form.is_valid():
        sent = form.sent() | ({"uuid": question.uuid} if question else {})
        try:
            save_question(by=person, module=module, changing=question is not None, **sent)
        except DomainError as error:
            status = refuse(form, error)
        else:
            messages.success(request, "The question is saved.")
            return redirect("taught_module", module.uuid)
    context = {"form": form, "module": module, "question": question}
    return render(
        request, "courses/modules/question_form.html", context, status=status_of(form, status)
    )


@require_POST
def retire(request: HttpRequest, question: UUID) -> HttpResponse:
    """Ask a question no more; or again, when it says `again`."""
    _, person = teacher(request)
    found = get_object_or_404(Question.objects.select_related("module"), uuid=question)
    retired = "again" not in request.POST
    retire_question(by=person, question=found, retired=retired)
    said = "The question is asked no more." if retired else "The question is asked again."
    messages.success(request, said)
    return redirect("taught_module", found.module.uuid)


@require_safe
def figures(request: HttpRequest, module: UUID) -> HttpResponse:
    """How the quiz and its questions did, once enough people have tried."""
    teacher(request)
    found = _module(module)
    results = queries.results(found)
    context = {
        "module": found,
        "enough": item_statistics.ENOUGH,
        "figures": _figures(results.figures) if results.figures else [],
        "lines": results.lines,
        "csv": reverse("module_figures_file", args=[found.uuid, "csv"]),
        "xlsx": reverse("module_figures_file", args=[found.uuid, "xlsx"]),
    }
    return render(request, "courses/modules/figures.html", context)


def _figures(found: item_statistics.Figures) -> list[dict[str, Any]]:
    return [
        {"label": "People", "value": found.people},
        {"label": "Attempts", "value": found.attempts},
        {"label": "Attempts passed", "value": f"{found.pass_percent} %"},
        {"label": "Median score", "value": f"{found.median_score} %"},
    ]


@require_safe
def figures_file(request: HttpRequest, module: UUID, format: str) -> HttpResponseBase:
    """How the questions did, as a file."""
    teacher(request)
    if format not in writing.FORMATS:
        raise Http404
    found = _module(module)
    about = writing.About(
        title=f"Questions of {found.version.title}",
        definition=f"Each person’s first answer. Shown from {item_statistics.ENOUGH} people on. Discrimination: "
        "correlation with the rest of the paper.",
    )
    name = f"questions-{slugify(found.version.title)}"
    rows = map(_cells, queries.results(found).lines)
    return writing.table_response(name, COLUMNS, rows, about, format)


def _cells(line: BankLine) -> Sequence[Any]:
    item, question = line.item, line.question
    shown = item.facility is not None
    return (
        question.text,
        "Yes" if question.retired else "",
        item.asked if shown else None,
        item.people if shown else None,
        item.facility,
        item.discrimination,
    )
