"""Behind a link: public by its token, nameless until the code is typed, open in one browser for 15 minutes."""

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
from placements.forms.links import LinkConfirmForm, LinkReasonForm
from placements.forms.times import device_time
from placements.models import ConfirmationLink
from placements.views.links.door import Door, Words, opened

WORDS = Words(
    heading="Confirm a student’s hours",
    lead="Somebody asks you to confirm hours of a PET-CT placement.",
    button="Open the hours",
)


@never_cache
@sensitive_post_parameters("code")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a link opens: looking changes nothing and names nobody; a POST types the code, or confirms."""
    link, closed = opened(request, links.open_link, token)
    if link is None:
        return closed
    door = _door(request, token, link)
    if request.method != "POST":
        if not door.is_open:
            return door.show()
        return _lines_page(request, token, link, _kept_form(door))
    if "code" in request.POST:
        return door.type_code()
    form = LinkConfirmForm(request.POST)
    if not door.is_open:
        return door.keep()
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
    link, closed = opened(request, links.open_link, token)
    if link is None:
        return closed
    return _door(request, token, link).send(links.send_code)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def query_by_link(request: HttpRequest, token: str, shift: UUID) -> HttpResponse:
    """Query one shift of a link with a reason."""
    link, closed = opened(request, links.open_link, token)
    if link is None:
        return closed
    door = _door(request, token, link)
    if not door.is_open:
        return redirect(door.here) if request.method != "POST" else door.keep()
    line = next((line for line in reads.lines(link) if line.uuid == shift), None)
    if line is None:
        raise Http404
    kept = door.kept() if request.method != "POST" else {}
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


def _door(request: HttpRequest, token: str, link: ConfirmationLink) -> Door:
    here, sends = (reverse(name, args=[token]) for name in ("confirm_by_link", "send_link_code"))
    return Door(request, link, here, sends, WORDS)


def _kept_form(door: Door) -> LinkConfirmForm:
    kept = door.kept()
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
    _door(request, token, link).shut()
    return render(request, "placements/links/done.html", {"said": said})
