"""How signing in behaves here: nobody signs up by themselves, mail goes through the outbox, words are plain."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from school.core.compiled import compiled
from school.people import mail, proof
from school.people.models import User
from school.people.queries import hats, merges

WRONG_CODE = "That code does not match. Type the newest one again."


class Backend(AuthenticationBackend):
    """Signing in by email; brings the person along, so that a request costs two queries for both."""

    def get_user(self, user_id: int) -> User | None:
        for user in _user(pk=user_id):
            return user if self.user_can_authenticate(user) else None
        return None


@compiled
def _user(pk: Any) -> QuerySet[User]:
    """An account with its person, and with `has_merges`: whether somebody else is one with them, which is rare."""
    person = OuterRef("person")
    merge = merges().filter(Q(kept=person) | Q(merged=person))
    rows = User.objects.select_related("person__book").annotate(has_merges=Exists(merge))
    return rows.filter(pk=pk)


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up, mail through the outbox, one page for proving who you are."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Write to the person who invited you.",
        "email_password_mismatch": (
            "The email address and the password do not belong together. "
            "You can have a code sent to you instead."
        ),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "That is not the password of this account.",
        "too_many_login_attempts": (
            "That was tried too often for this account. Wait 5 minutes and try again."
        ),
        "rate_limited": "That was tried too often. Wait a minute and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe the message instead of talking to a mail server while somebody waits."""
        message = self.render_mail(template_prefix, email, context)
        mail.owe_message(message, kind=template_prefix.rsplit("/", 1)[-1])

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember whose browser this is, and lead to an act that waits for its owner."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        person = getattr(user, "person", None)
        if person is not None:
            proof.come_in(response, person.uuid, secure=settings.SESSION_COOKIE_SECURE)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_inactive"))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        if not user.is_authenticated:
            return []
        return [{"id": "prove", "description": "Prove it is you", "url": reverse("prove")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether a proof is needed before sign-in settings change.

        allauth counts an account with neither password nor authenticator as just proved. Here it
        is not, so the answer does not leave the question to allauth.
        """
        if proof.recent_proof(context.request) is None:
            raise ReauthenticationRequired
        return False


class MFAAdapter(DefaultMFAAdapter):
    """The second factor: plain words, and not to be taken away from those who need it."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": (
            "Your role needs a second step at sign-in, and this is your only one. "
            "Add another first, then take this one away."
        ),
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first.",
        "incorrect_code": WRONG_CODE,
    }

    def get_totp_issuer(self) -> str:
        return "School of Oncology"

    def _get_site_name(self) -> str:
        return "School of Oncology"

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "Passkey" if count == 0 else f"Passkey {count + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        person = getattr(authenticator.user, "person", None)
        others = Authenticator.objects.filter(
            user_id=authenticator.user_id, type__in=proof.MFA_WORDS
        ).exclude(pk=authenticator.pk)
        return others.exists() or not needs_second_factor(
            authenticator.user, hats(person) if person else []
        )


def needs_second_factor(user: User, held: list[Any]) -> bool:
    """Whether one of the roles, or the technical flags of Wagtail's admin, asks for a second factor."""
    return user.is_staff or user.is_superuser or any(hat.role.second_factor for hat in held)
