"""Makes the personas able to sign in: a password, and an authenticator where their role asks for one."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from school.demo.personas import PASSWORD, PERSONAS, TOTP_SECRET, Persona
from school.people.models import User


def open_accounts() -> None:
    """Gives every persona the demo's password, and those who need it the demo's authenticator."""
    for persona in PERSONAS:
        user = account_of(persona)
        if not user.has_usable_password():
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        if persona.role.second_factor:
            Authenticator.objects.get_or_create(
                user=user,
                type=Authenticator.Type.TOTP,
                defaults={"data": {"secret": get_adapter().encrypt(TOTP_SECRET)}},
            )


def account_of(persona: Persona) -> User:
    """The account of a persona."""
    return User.objects.get(email=persona.email)
