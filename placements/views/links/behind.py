"""Behind a link: public by its token, nameless until the code is typed, open in one browser for 15 minutes."""

import time
from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from placements import confirmation_links as reads
from placements import lines as shown
from placements.actions import links
from placements.actions.confirming import WORDINGS, Answer, Item, Outcome
from placements.forms.links import CodeForm, LinkConfirmForm, LinkReasonForm
from placements.forms.times import device_time
from placements.models import ConfirmationLink
from school.core.errors import DomainError
from school.core.forms import refuse

PROVED = "confirmation_links"
KEPT = "confirmation_kept"
PROOF_LIFE = 15 * 60


@never_cache
@sensitive_post_parameters("code")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a link opens: looking changes nothing and names nobody; a POST types the code, or confirms."""
    link, closed = _open(request, token)
    if link is None:
        return closed
    if request.method != "POST":
        if not _is_proved(request, link):
            return _door(request, token, link, CodeForm())
        return _lines_page(request, token, link, _kept_form(request, link))
    if "code" in request.POST:
        return _type_code(request, token, link)
    form = LinkConfirmForm(request.POST)
    if not _is_proved(request, link):
        return _keep(request, token, link)
    if not form.is_valid():
        return _lines_page(request, token, link, form, status=422)
    seen = set(form.cleaned_data["seen"])
    items = [
        Item(
            shift=shift,
            uuid=uuid5(form.cleaned_data["batch"], str(shift)),
            breach_seen=shift in seen,
        )
        for shift in form.cleaned_data["line"]
    ]
    answer = links.decide_by_link(
        link=link,
        items=items,
        outcome=Outcome.CONFIRMED,
        device_time=device_time(form.cleaned_data["device_time"]),
    )
    return _done(request, token, link, answer, "confirmed")


@never_cache
@login_not_required
@require_POST
def send_link_code(request: HttpRequest, token: str) -> HttpResponse:
    """Send the code to the link's own address."""
    link, closed = _open(request, token)
    if link is None:
        return closed
    try:
        links.send_code(link=link)
    except DomainError as error:
        link, closed = _open(request, token)
        if link is None:
            return closed
        form = CodeForm()
        return _door(request, token, link, form, status=error.status, problem=error.message)
    return redirect("confirm_by_link", token)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def query_by_link(request: HttpRequest, token: str, shift: UUID) -> HttpResponse:
    """Query one shift of a link with a reason."""
    link, closed = _open(request, token)
    if link is None:
        return closed
    if not _is_proved(request, link):
        return (
            redirect("confirm_by_link", token)
            if request.method != "POST"
            else _keep(request, token, link)
        )
    line = next((line for line in reads.lines(link) if line.uuid == shift), None)
    if line is None:
        raise Http404
    kept = request.session.pop(KEPT, {}) if request.method != "POST" else {}
    initial = {"batch": uuid4(), "comment": "".join(kept.get("comment", []))}
    form = LinkReasonForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            uuid = uuid5(form.cleaned_data["batch"], str(shift))
            answer = links.decide_by_link(
                link=link,
                items=[Item(shift=shift, uuid=uuid)],
                outcome=Outcome.QUERIED,
                comment=form.cleaned_data["comment"],
                device_time=device_time(form.cleaned_data["device_time"]),
            )
            if not answer.left:
                return _done(request, token, link, answer, "queried")
            form.add_error(None, answer.left[0][1])
    context = {
        "form": form,
        "line": line,
        "wording": WORDINGS[Outcome.QUERIED],
        "back": reverse("confirm_by_link", args=[token]),
    }
    return render(request, "placements/links/query.html", context, status=status)


def _open(request: HttpRequest, token: str) -> tuple[ConfirmationLink | None, HttpResponse]:
    try:
        return links.open_link(token), HttpResponse()
    except DomainError as error:
        return None, render(request, "placements/links/closed.html", {"error": error}, status=410)


def _is_proved(request: HttpRequest, link: ConfirmationLink) -> bool:
    """Whether the code was typed in this browser in the last 15 minutes."""
    at = request.session.get(PROVED, {}).get(str(link.uuid), 0)
    return 0 <= time.time() - at < PROOF_LIFE


def _door(
    request: HttpRequest,
    token: str,
    link: ConfirmationLink,
    form: CodeForm,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "token": token,
        "sent": links.code_was_sent(link),
        "kept": KEPT in request.session,
        "problem": problem,
        "has_errors": bool(problem),
    }
    return render(request, "placements/links/door.html", context, status=status)


def _type_code(request: HttpRequest, token: str, link: ConfirmationLink) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            links.prove(link=link, code=form.cleaned_data["code"])
        except DomainError as error:
            return _door(request, token, link, form, status=refuse(form, error))
        request.session.cycle_key()
        proved = request.session.get(PROVED, {})
        request.session[PROVED] = {**proved, str(link.uuid): int(time.time())}
        kept = request.session.get(KEPT, {})
        target = kept.get("path", [""])[0]
        return redirect(target or reverse("confirm_by_link", args=[token]))
    return _door(request, token, link, form, status=422)


def _keep(request: HttpRequest, token: str, link: ConfirmationLink) -> HttpResponse:
    """What was sent after the proof had run out waits in this browser's session for the next code."""
    fields = {
        name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
    }
    request.session[KEPT] = {**fields, "path": [request.path]}
    return redirect("confirm_by_link", token)


def _kept_form(request: HttpRequest, link: ConfirmationLink) -> LinkConfirmForm:
    kept = request.session.pop(KEPT, {})
    initial = {"batch": uuid4(), "line": kept.get("line", []), "seen": kept.get("seen", [])}
    return LinkConfirmForm(initial=initial)


def _lines_page(
    request: HttpRequest,
    token: str,
    link: ConfirmationLink,
    form: LinkConfirmForm,
    *,
    status: int = 200,
    left: Sequence[tuple[Item, str]] = (),
    decided: int = 0,
) -> HttpResponse:
    lines = reads.lines(link)
    reasons = {item.shift: reason for item, reason in left}
    ticked, seen = _values(form, "line"), _values(form, "seen")
    for line in lines:
        line.ticked = str(line.uuid) in ticked
        line.seen = str(line.uuid) in seen
        line.problem = reasons.get(line.uuid, "")
    waiting = [line for line in lines if line.waits]
    context = {
        "form": form,
        "token": token,
        "link": link,
        "lines": lines,
        "waiting": waiting,
        "ticked": [line for line in waiting if line.ticked],
        "in_total": shown.in_total([line for line in waiting if line.ticked]),
        "decided": decided,
        "left": left,
        "wording": WORDINGS[Outcome.CONFIRMED],
    }
    return render(request, "placements/links/lines.html", context, status=status)


def _values(form: forms.Form, name: str) -> set[str]:
    return {str(value) for value in form[name].value() or ()}


def _done(
    request: HttpRequest, token: str, link: ConfirmationLink, answer: Answer, word: str
) -> HttpResponse:
    number = len(answer.decided)
    if answer.left:
        form = LinkConfirmForm(initial={"batch": uuid4()})
        status = 200 if number else 422
        return _lines_page(
            request, token, link, form, status=status, left=answer.left, decided=number
        )
    waiting = len(reads.still_waiting(reads.lines(link)))
    said = f"{shown.shifts(number)} {word}."
    if waiting:
        messages.success(request, said)
        return redirect("confirm_by_link", token)
    request.session.pop(PROVED, None)
    return render(request, "placements/links/done.html", {"said": said})
