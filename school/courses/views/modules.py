"""Learning online: a part that is done, the quiz, and what came of an attempt. What is read stands in public pages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from school.core import ledger
from school.core.errors import DomainError
from school.courses import learning_queries as learning
from school.courses import papers
from school.courses.actions import learning as actions
from school.courses.forms.booking import StepForm
from school.courses.forms.modules import QuizForm, chosen_in, with_paper
from school.courses.models import Module, QuizAttempt
from school.courses.views import refuse, signed_in, status_of
from school.people.models import Person


def _module(uuid: UUID) -> Module:
    return get_object_or_404(learning.modules(), uuid=uuid)


@require_POST
def finish_part(request: HttpRequest, module: UUID, part: UUID) -> HttpResponse:
    """A part is done; on to the next one while something is left, or back to the module."""
    viewer, person = signed_in(request)
    found = _module(module)
    done = True
    try:
        actions.finish_part(by=person, module=found, part=part, uuid=_sent_under(request.POST))
    except DomainError as error:
        done = False
        messages.error(request, error.message)
    progress = learning.progress(found, viewer.me)
    if progress is None:
        return redirect("my_learning")
    return redirect(_on(progress, part) if done else progress.lessons.address)


def _on(progress: learning.Progress, part: UUID) -> str:
    """The next part in the order, as long as something is left to do; else the module's first page."""
    keys = [step.part.uuid for step in progress.steps]
    place = keys.index(part) + 1 if part in keys else len(keys)
    after = progress.steps[place:]
    if progress.next is not None and after:
        return after[0].part.address
    return progress.lessons.address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, module: UUID) -> HttpResponse:
    """The paper of the viewer's next attempt: the same however often it is opened, and marked once it is sent."""
    viewer, person = signed_in(request)
    found = _module(module)
    posted = request.POST if request.method == "POST" else None
    uuid = _sent_under(posted) if posted is not None else None
    before = learning.attempt_sent(uuid, viewer.me) if uuid else None
    if posted is not None and before is not None:
        return _sent_again(request, person, found, before)
    context: dict[str, Any] = {"module": found}
    try:
        context |= {"lessons": (lessons := actions.rule_published(found))}
        progress = actions.rule_open(person, viewer.me, found, lessons)
        paper = learning.paper(found, person, progress.number)
        actions.rule_bank_is_full(found, paper)
    except DomainError as error:
        context |= {"closed": error.message}
        status = error.status if posted is not None else 200
        return render(request, "courses/modules/quiz.html", context, status=status)
    form = QuizForm(posted, paper=paper)
    status = 200
    if posted is not None and (form.is_valid() or posted.get("shown") != paper.digest):
        try:
            attempt = _submit(posted, person, found)
        except DomainError as error:
            form = QuizForm(with_paper(posted, paper), paper=paper)
            status = refuse(form, error)
        else:
            return redirect("quiz_result", found.uuid, attempt.entry.uuid)
    context |= {"form": form, "progress": progress}
    return render(request, "courses/modules/quiz.html", context, status=status_of(form, status))


def _sent_under(posted: QueryDict) -> UUID:
    form = StepForm(posted)
    if not form.is_valid():
        raise Http404
    uuid: UUID = form.cleaned_data["uuid"]
    return uuid


def _submit(posted: QueryDict, person: Person, module: Module) -> QuizAttempt:
    return actions.submit_attempt(
        by=person,
        module=module,
        chosen=chosen_in(posted),
        shown=posted.get("shown", ""),
        uuid=_sent_under(posted),
    )


def _sent_again(
    request: HttpRequest, person: Person, module: Module, before: QuizAttempt
) -> HttpResponse:
    try:
        _submit(request.POST, person, module)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("quiz_result", before.module.uuid, before.entry.uuid)


@require_safe
def quiz_result(request: HttpRequest, module: UUID, attempt: UUID) -> HttpResponse:
    """What came of one of the viewer's attempts, question by question, and what comes next."""
    viewer, _ = signed_in(request)
    found = _module(module)
    sent = learning.attempt_sent(attempt, viewer.me)
    if sent is None or sent.module_id != found.pk:
        raise Http404
    progress = learning.progress(found, viewer.me)
    context = {
        "module": found,
        "attempt": sent,
        "lines": papers.lines(ledger.private_text(sent, "paper")),
        "progress": progress,
        "attainment": learning.attained_on(found, viewer.me, sent.entry.about_from),
        "may_again": progress is not None and progress.left != 0,
    }
    return render(request, "courses/modules/result.html", context)
