"""Behind a link to sign: public by its token, nameless until the code is typed, open in one browser for 15 minutes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from logbooks.competencies.actions import links
from logbooks.competencies.actions.remote import sign_by_link
from logbooks.competencies.actions.signing import Signing
from logbooks.competencies.forms.signing import SaidForm
from logbooks.competencies.models import SigningLink, SignOff
from logbooks.competencies.views.remote import Asked, as_typed
from logbooks.competencies.views.signing import left_page, offered, said_of
from placements.views.links.door import Door, Words, opened
from school.core.errors import DomainError
from school.core.forms import refuse

WORDS = Words(
    heading="Sign what a student can do",
    lead="Somebody asks you to sign competencies of a student on a PET-CT placement.",
    button="Open what there is to sign",
)


@never_cache
@sensitive_post_parameters("code")
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a link opens: looking changes nothing and names nobody; a POST types the code, or signs."""
    link, closed = opened(request, links.open_link, token)
    if link is None:
        return closed
    door = _door(request, token, link)
    if request.method == "POST" and "code" in request.POST:
        return door.type_code()
    if not door.is_open:
        return door.keep() if request.method == "POST" else door.show()
    asked = Asked(link.placement, link.person)
    if request.method != "POST":
        initial = as_typed(SaidForm, _typed(door))
        return _page(request, door, asked, _offered(asked, SaidForm(initial=initial)))
    form = _offered(asked, SaidForm(request.POST))
    status = 422
    if form.is_valid():
        answer, status = _sign(link, form)
        if answer is not None:
            return _done(request, door, link, asked, answer)
    return _page(request, door, asked, form, status=status)


@never_cache
@login_not_required
@require_POST
def send_sign_off_code(request: HttpRequest, token: str) -> HttpResponse:
    """Send the code to the link's own address."""
    link, closed = opened(request, links.open_link, token)
    if link is None:
        return closed
    return _door(request, token, link).send(links.send_code)


def _door(request: HttpRequest, token: str, link: SigningLink) -> Door:
    here, sends = (reverse(name, args=[token]) for name in ("sign_by_link", "send_sign_off_code"))
    return Door(request, link, here, sends, WORDS)


def _typed(door: Door) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in door.kept().items():
        data.setlist(name, values)
    return data


def _offered(asked: Asked, form: SaidForm) -> SaidForm:
    return offered(form, asked.placement, asked.capacities)


def _sign(link: SigningLink, form: SaidForm) -> tuple[Signing | None, int]:
    try:
        items, said = form.items(link.placement.uuid), form.said(SignOff.Proof.LINK_AND_CODE)
        return sign_by_link(link=link, items=items, said=said), 200
    except DomainError as error:
        return None, refuse(form, error)


def _page(
    request: HttpRequest, door: Door, asked: Asked, form: SaidForm, *, status: int = 200
) -> HttpResponse:
    context = asked.context(form) | {"door": door, "unlinked": True}
    return render(request, "competencies/remote/lines.html", context, status=status)


def _done(
    request: HttpRequest, door: Door, link: SigningLink, asked: Asked, answer: Signing
) -> HttpResponse:
    if answer.left:
        return left_page(request, link.placement, asked.lines, answer, here=door.here)
    if Asked(link.placement, link.person).lines:
        messages.success(request, said_of(answer))
        return redirect(door.here)
    door.shut()
    context = {"said": said_of(answer), "student": link.placement.enrolment.person}
    return render(request, "competencies/remote/done.html", context)
