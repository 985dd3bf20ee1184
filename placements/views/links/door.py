"""The door of a link: it names nobody until the code is typed, and then stands open in one browser for 15 minutes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from placements.forms.links import CodeForm
from school.core.errors import DomainError
from school.core.forms import refuse
from school.people import link_codes
from school.people.models.links import CodedLink

PROVED = "confirmation_links"
KEPT = "confirmation_kept"
PROOF_LIFE = 15 * 60

Link = TypeVar("Link", bound=CodedLink)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on the door: its heading, what is asked of whoever opens it, and the button that opens it."""

    heading: str
    lead: str
    button: str


@dataclass(frozen=True, slots=True)
class Door:
    """The door of a link in a browser; `here` is the address of what lies behind it, `sends` that which sends the code."""

    request: HttpRequest
    link: CodedLink
    here: str
    sends: str
    words: Words

    @property
    def is_open(self) -> bool:
        """Whether the code was typed in this browser in the last 15 minutes."""
        at = self.request.session.get(PROVED, {}).get(str(self.link.uuid), 0)
        return 0 <= time.time() - at < PROOF_LIFE

    def show(
        self, form: CodeForm | None = None, *, status: int = 200, problem: str = ""
    ) -> HttpResponse:
        """The door, with a button for the code or a box for it."""
        context = {
            "form": form or CodeForm(),
            "door": self,
            "sent": link_codes.code_was_sent(self.link),
            "kept": KEPT in self.request.session,
            "problem": problem,
            "has_errors": bool(problem),
        }
        return render(self.request, "placements/links/door.html", context, status=status)

    def send(self, send_code: Callable[..., None]) -> HttpResponse:
        """Have the code sent; a link that has sent its last one is closed by that."""
        try:
            send_code(link=self.link)
        except DomainError as error:
            self.link.refresh_from_db(fields=["failed_at"])
            if self.link.failed_at:
                return closed(self.request, error)
            return self.show(status=error.status, problem=error.message)
        return redirect(self.here)

    def type_code(self) -> HttpResponse:
        """Try what was typed; the right code leads to what was kept, or to what lies behind."""
        form = CodeForm(self.request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            link_codes.prove(link=self.link, code=form.cleaned_data["code"])
        except DomainError as error:
            return self.show(form, status=refuse(form, error))
        session = self.request.session
        session.cycle_key()
        session[PROVED] = {**session.get(PROVED, {}), str(self.link.uuid): int(time.time())}
        return redirect(session.get(KEPT, {}).get("path", [""])[0] or self.here)

    def keep(self) -> HttpResponse:
        """What was sent after the proof had run out waits in this browser's session for the next code."""
        fields = {
            name: values
            for name, values in self.request.POST.lists()
            if name != "csrfmiddlewaretoken"
        }
        self.request.session[KEPT] = {**fields, "path": [self.request.path]}
        return redirect(self.here)

    def kept(self) -> dict[str, Any]:
        """What was kept so, once."""
        found: dict[str, Any] = self.request.session.pop(KEPT, {})
        return found

    def shut(self) -> None:
        """Nothing waits behind it any more: this browser's proof ends."""
        self.request.session.pop(PROVED, None)


def opened(
    request: HttpRequest, find: Callable[[str], Link], token: str
) -> tuple[Link | None, HttpResponse]:
    """The link of a token, or none with the page that says why it opens nothing."""
    try:
        return find(token), HttpResponse()
    except DomainError as error:
        return None, closed(request, error)


def closed(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page of a link that opens nothing."""
    return render(request, "placements/links/closed.html", {"error": error}, status=410)
