"""How a person proves, at the act, who they are; and how an act that was interrupted for it is kept."""

import hashlib
import secrets
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve, reverse

from school.core.errors import DomainError
from school.people import mail
from school.people.models import User

CODE_LIFE = 15 * 60
CODE_TRIES = 5
CODE_KEY = "proof_code"

OWNER_COOKIE = "soo_owner"
OWNER_LIFE = 60 * 60 * 24 * 30
KEPT_LIFE = 60 * 60 * 24 * 3
KEPT_ACTS = 5
KEPT_SIZE = 200_000
RESUME_FIELD = "resumed_act"
KEPT_IN_ADDRESS = "kept"

MFA_WORDS = {Authenticator.Type.TOTP: "totp", Authenticator.Type.WEBAUTHN: "passkey"}
METHOD_WORDS = {"password": "password", "code": "emailed_code"}
ALL_WAYS = frozenset({*MFA_WORDS.values(), *METHOD_WORDS.values()})


class TooManyTries(DomainError):
    """Somebody tried too often; the account and the address are counted apart."""

    status = 429


View = TypeVar("View", bound=Callable[..., Any])


# How the person proved it


def account_of(request: HttpRequest) -> User:
    """The account that is signed in, on pages that ask for one."""
    assert isinstance(request.user, User)
    return request.user


def recent_proof(
    request: HttpRequest, among: Container[str] = ALL_WAYS, *, within: int | None = None
) -> str | None:
    """The way of the newest proof in this session, when it is less than 15 minutes old, or `within` so many seconds.

    "password", "passkey", "totp" or "emailed_code"; a recovery code opens the door but is no proof
    at an act. Nobody counts as proved who gave no proof, whatever their account lacks.
    """
    for record in reversed(get_authentication_records(request, request.user)):
        word = _word(record)
        if word in among:
            age = time.time() - float(record["at"])
            most = app_settings.REAUTHENTICATION_TIMEOUT if within is None else within
            return word if 0 <= age < most else None
    return None


def strong_proof(request: HttpRequest) -> str | None:
    """The same, but by a second factor for whoever has one: their password alone is not enough."""
    return recent_proof(request, second_factors(account_of(request)) or ALL_WAYS)


def _word(record: dict[str, Any]) -> str:
    if record.get("method") == "mfa":
        return MFA_WORDS.get(record.get("type", ""), "")
    return METHOD_WORDS.get(record.get("method", ""), "")


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session went through an authenticator app, a passkey or a recovery code."""
    return any(
        record.get("method") == "mfa"
        for record in get_authentication_records(request, request.user)
    )


def authenticator_types(user: AbstractBaseUser) -> set[str]:
    """Which of "totp" and "webauthn" a person has set up, in one query."""
    return set(
        Authenticator.objects.filter(user_id=user.pk, type__in=MFA_WORDS).values_list(
            "type", flat=True
        )
    )


def second_factors(user: AbstractBaseUser) -> set[str]:
    """The same in the words of a proof: "totp" and "passkey"."""
    return {MFA_WORDS[Authenticator.Type(found)] for found in authenticator_types(user)}


def prove_by_password(request: HttpRequest, password: str) -> bool:
    """Whether the password is right; when it is, the session remembers the proof.

    Raises TooManyTries, counted per account.
    """
    _count(request, "reauthenticate", "password")
    user = account_of(request)
    if not user.has_usable_password() or not user.check_password(password):
        return False
    reauthenticate_by_password(request)
    return True


def prove_by_totp(request: HttpRequest, code: str) -> bool:
    """Whether the code of the authenticator app is right. Raises TooManyTries."""
    _count(request, "reauthenticate", "totp")
    found = Authenticator.objects.filter(
        user_id=request.user.pk, type=Authenticator.Type.TOTP
    ).first()
    if found is None or not found.wrap().validate_code(code):
        return False
    found.user = request.user
    post_authentication(request, found, reauthenticated=True)
    return True


def send_code(request: HttpRequest) -> None:
    """Send a code to the account's own address; only its salted hash stays. Raises TooManyTries."""
    _count(request, "send_proof_code", "code")
    code, salt = f"{secrets.randbelow(1_000_000):06d}", secrets.token_hex(16)
    request.session[CODE_KEY] = {
        "hash": _sealed(salt, code),
        "salt": salt,
        "at": time.time(),
        "left": CODE_TRIES,
        "user": request.user.pk,
    }
    mail.owe(
        address=account_of(request).email,
        kind="proof_code",
        subject="Your code for the School of Oncology",
        body=(
            f"Your code is {code}.\n\n"
            "It holds for 15 minutes and proves that it is you who acts. If you did not ask for it, "
            "somebody is signed in as you: sign in and change your password."
        ),
        person=getattr(request.user, "person", None),
    )


def code_was_sent(request: HttpRequest) -> bool:
    """Whether a code that can still be used is on its way."""
    kept = request.session.get(CODE_KEY)
    return bool(kept and kept["user"] == request.user.pk and time.time() - kept["at"] < CODE_LIFE)


def prove_by_emailed_code(request: HttpRequest, code: str) -> bool:
    """Whether the code is the one that was sent; it works once, and 5 wrong ones end it."""
    _count(request, "reauthenticate", "code")
    kept = request.session.get(CODE_KEY)
    if kept is None or not code_was_sent(request):
        raise DomainError("That code has run out. Send yourself another one.", field="code")
    typed = "".join(code.split())
    if not compare_user_code(actual=_sealed(kept["salt"], typed), expected=kept["hash"]):
        kept["left"] -= 1
        request.session[CODE_KEY] = kept
        if kept["left"] <= 0:
            del request.session[CODE_KEY]
        return False
    del request.session[CODE_KEY]
    record_authentication(
        request, request.user, method="code", email=account_of(request).email, reauthenticated=True
    )
    return True


@contextmanager
def counting_mail(request: HttpRequest) -> Iterator[None]:
    """Around sending to an address that was typed: a mistyped one counts as a guess alone, and what was sent as a mail.

    Raises TooManyTries before anything is sent.
    """
    _count(request, "type_address", "")
    _count(request, "send_proof_code", "", dry_run=True)
    yield
    ratelimit.consume(request, action="send_proof_code", user=request.user)


def _sealed(salt: str, code: str) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()


def _count(request: HttpRequest, action: str, field: str, *, dry_run: bool = False) -> None:
    if not ratelimit.consume(request, action=action, user=request.user, dry_run=dry_run):
        raise TooManyTries(
            "That was tried too often. Wait 5 minutes and try again; nothing is lost.", field=field
        )


# Acts that were interrupted


@dataclass(frozen=True, slots=True)
class Act:
    """A form that was sent when a proof or a sign-in was missing: where to, and every field but secrets."""

    uuid: str
    path: str
    what: str
    fields: list[tuple[str, str]]
    had_files: bool
    kept_at: float
    signs: bool = False

    @property
    def page(self) -> str:
        """The page that the form stood on."""
        return self.path.partition("?")[0]

    @property
    def typed(self) -> QueryDict:
        """What was filled in, as a form takes it."""
        data = QueryDict(mutable=True)
        for name, value in self.fields:
            data.appendlist(name, value)
        return data

    @property
    def page_filled_in(self) -> str:
        """The address of that page with what was typed filled in again."""
        return f"{self.page}?{KEPT_IN_ADDRESS}={self.uuid}"


def signs(view: View) -> View:
    """Marks a page on which people sign.

    An interrupted act of such a page is finished on the page itself, where every line and the words
    are seen before the button is pressed; its view fills in what `kept_form` gives.
    """
    view.signs = True  # type: ignore[attr-defined]
    return view


def settled(rule: Callable[..., bool]) -> Callable[[View], View]:
    """Marks a page whose act somebody else may settle first: `rule` is given what was typed, and what the address names."""

    def mark(view: View) -> View:
        view.settled = rule  # type: ignore[attr-defined]
        return view

    return mark


def by_second_factor(view: View) -> View:
    """Marks a page that asks whoever has a second factor for it, see `strong_proof`."""
    view.by_second_factor = True  # type: ignore[attr-defined]
    return view


def asks_second_factor(address: str) -> bool:
    """Whether the page of an address is marked so."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return False
    return getattr(match.func, "by_second_factor", False)


def _key(owner: UUID) -> str:
    return f"interrupted:{owner}"


def kept_acts(owner: UUID) -> list[Act]:
    """What waits for its owner, newest first."""
    rows = cache.get(_key(owner), [])
    return [Act(**{**row, "fields": [tuple(pair) for pair in row["fields"]]}) for row in rows]


def keep(request: HttpRequest, owner: UUID, what: str = "") -> Act | None:
    """Keep what was sent for the person whose form it is; none when there is nothing or it is too long."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", RESUME_FIELD) and "password" not in name
    ]
    if (
        request.method != "POST"
        or sum(len(name) + len(value) for name, value in fields) > KEPT_SIZE
    ):
        return None
    act = Act(
        uuid=str(uuid4()),
        path=request.get_full_path(),
        what=what or "send what you had filled in",
        fields=fields,
        had_files=bool(request.FILES),
        kept_at=time.time(),
        signs=_is_signed(request),
    )
    replaced = request.POST.get(RESUME_FIELD, "")
    others = [other for other in kept_acts(owner) if other.uuid != replaced]
    _put(owner, [act, *others][:KEPT_ACTS])
    return act


def _is_signed(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and getattr(match.func, "signs", False)


def kept_form(request: HttpRequest) -> QueryDict | None:
    """What its owner had typed on this page when it was interrupted, for the page to fill in again."""
    person = getattr(request.user, "person", None)
    wanted = request.GET.get(KEPT_IN_ADDRESS)
    if person is None or not wanted:
        return None
    for act in kept_acts(person.uuid):
        if act.uuid == wanted and act.page == request.path:
            data = act.typed
            data[RESUME_FIELD] = act.uuid
            return data
    return None


def drop(owner: UUID, uuid: str) -> None:
    """Forget an act: it was finished, or its owner threw it away."""
    _put(owner, [act for act in kept_acts(owner) if act.uuid != uuid])


def _put(owner: UUID, acts: list[Act]) -> None:
    if acts:
        cache.set(_key(owner), [asdict(act) for act in acts], KEPT_LIFE)
    else:
        cache.delete(_key(owner))


def suspend(request: HttpRequest, what: str = "") -> HttpResponse:
    """Keep the act and ask for a proof; afterwards it is finished where it stood, or with one button.

    What is signed is seen again first (see `signs`). `what` completes "You were about to …".
    """
    person = getattr(request.user, "person", None)
    act = keep(request, person.uuid, what) if person else None
    back = request.get_full_path()
    if act:
        back = act.page_filled_in if act.signs else reverse("resume")
    return HttpResponseRedirect(f"{reverse('prove')}?next={back}")


# Whose browser it was, for acts that are sent when nobody is signed in any more


def come_in(response: HttpResponse, owner: UUID, *, secure: bool) -> None:
    """After a sign-in: lead to an act that waits for its owner, and remember whose browser this is."""
    if kept_acts(owner):
        response["Location"] = reverse("resume")
    remember_owner(response, owner, secure=secure)


def remember_owner(response: HttpResponse, owner: UUID, *, secure: bool) -> None:
    """Note in a signed cookie who signed in here last.

    A form of an earlier person on the same browser cannot come in under a later one's name:
    signing in changes the CSRF secret, and such a form is refused before it is looked at.
    """
    response.set_cookie(
        OWNER_COOKIE,
        signing.dumps(str(owner), salt=OWNER_COOKIE),
        max_age=OWNER_LIFE,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def remembered_owner(request: HttpRequest) -> UUID | None:
    """Who signed in last on this browser."""
    try:
        return UUID(
            signing.loads(
                request.COOKIES.get(OWNER_COOKIE, ""), salt=OWNER_COOKIE, max_age=OWNER_LIFE
            )
        )
    except (signing.BadSignature, ValueError):
        return None
