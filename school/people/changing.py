"""Changes somebody's name, address and last day; an address that signs somebody in changes only by a link sent to it."""

import secrets
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from school.core import clock, days
from school.core.errors import DomainError, NotAllowed
from school.people import mail
from school.people.actions import token_hash
from school.people.models import (
    AddressChange,
    Invitation,
    Mail,
    Person,
    RefusedAddress,
    Scope,
    User,
)
from school.people.queries import hats, identity, scopes_with
from school.people.roles import Permission

LINK_DAYS = 3
SUBJECT = "Your address at the School of Oncology"


# One's own address


def ask_for_address(*, email: str, by: Person) -> None:
    """Send a link to the address that somebody wants to sign in with; nothing changes before it is used.

    Whether the address is somebody else's is said in the mail to it alone.
    """
    email = email.strip().lower()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=by.pk)
        if _current(person) == email:
            raise DomainError("This is your address already.", field="email")
        if _is_taken(email, person):
            # The page shows a link on its way as ever: nobody learns here whose addresses are known.
            _begin(person, email, by)
            mail.owe(
                address=email,
                kind="address_taken",
                subject=SUBJECT,
                body=(
                    "Somebody asked to sign in to the School of Oncology's portal with this address. "
                    "It is on a person's record there already, so nothing was changed.\n\n"
                    "If it was you and you have two records, ask an administrator to make them one."
                ),
            )
            return
        _send_link(person, email, by)


def stop_change(*, by: Person) -> None:
    """Make links worthless that would change one's own address."""
    _stop(by)


# Somebody else's name and address


def correct(
    *, person: Person, name: str, email: str, by: Person, left_on: date | None = None
) -> AddressChange | None:
    """Change somebody's name, and the address: at once without an account, else by the link that is given back.

    `left_on` is their last day, after which they hold no role; None while they stay.
    Raises NotAllowed, and DomainError when the address is another person's or was left out.
    """
    rule_corrects_others(person, by)
    name, email = name.strip(), email.strip().lower()
    with transaction.atomic():
        held = (
            Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
        )
        moves = email != _current(held)
        if moves and not email:
            raise DomainError("Enter the email address", field="email")
        if email and email != held.email.lower() and _is_taken(email, held):
            raise DomainError("This address is on another person's record.", field="email")
        # The record follows an account's own address when it had another.
        kept = held.email if moves else email
        if (name, kept) != (held.name, held.email):
            held.name, held.email = name, kept
            held._history_user = by.user  # type: ignore[attr-defined]
            held.save(update_fields=["name", "email"])
        _leave(held, left_on, by)
        if not moves:
            return None
        if held.user is None:
            _move(held, email, by)
            # Whoever has the old mailbox must not make the account with a link that went there.
            Invitation.objects.filter(person=held, used_at=None, expires_at__gt=clock.now()).update(
                expires_at=clock.now()
            )
            return None
        change = _send_link(held, email, by)
        _tell_old(
            held,
            held.user.email,
            f"{by.name} asked that your address become {email}. It does when the link that was sent "
            "there is used. If this is not right, sign in and stop it under Change my address.",
        )
        return change


def _leave(held: Person, left_on: date | None, by: Person) -> None:
    # All who are one leave together: each may hold roles.
    for one in Person.objects.select_for_update().filter(pk__in=identity(held)).order_by("pk"):
        if one.left_on != left_on:
            one.left_on = left_on
            one._history_user = by.user  # type: ignore[attr-defined]
            one.save(update_fields=["left_on"])


def rule_corrects_others(person: Person, by: Person) -> None:
    """An address opens an account, so only an administrator of the whole network changes it, and not their own."""
    if by.pk in identity(person):
        raise NotAllowed("This is about yourself. Change your address on your account page.")
    scopes = scopes_with(hats(by), Permission.GRANT_ROLES)
    if not any(scope.kind == Scope.Kind.NETWORK for scope in scopes):
        raise NotAllowed("Only an administrator of the whole network changes names and addresses.")


# The link


def waiting_change(person: Person) -> AddressChange | None:
    """The link that would change somebody's address now."""
    return AddressChange.objects.filter(
        person=person, used_at=None, expires_at__gt=clock.now()
    ).first()


def open_change(token: str) -> AddressChange:
    """The change behind a link. Raises DomainError that says what to do when it cannot be used."""
    found = (
        AddressChange.objects.select_related("person", "asked_by")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if found is None:
        raise DomainError(
            "This link is not one of ours, or a part of it is missing. Copy the whole link from the mail."
        )
    if found.used_at:
        raise DomainError("This link has been used. Sign in with the address it was sent to.")
    if found.expires_at <= clock.now():
        raise DomainError(
            "This link has run out, or a newer one was sent. Nothing was changed; ask for another one."
        )
    return found


def confirm_address(*, token: str, by: Person | None) -> Person:
    """Change the address to which a link was sent, in the record and the account together.

    A link that somebody asked for themselves works only while they are signed in: a mistyped address
    gives nobody the account. Raises DomainError, and nothing is changed then.
    """
    with transaction.atomic():
        opened = open_change(token)
        person = (
            Person.objects.select_for_update(of=("self",))
            .select_related("user")
            .get(pk=opened.person_id)
        )
        # Asked again now that the person is held: another browser may have been faster.
        change = open_change(token)
        rule_own_link(change, by)
        if _is_taken(change.email, person):
            raise DomainError("This address is on another person's record. Nothing was changed.")
        old = _current(person)
        _move(person, change.email, person)
        change.used_at = clock.now()
        change.save(update_fields=["used_at"])
        RefusedAddress.objects.filter(address__iexact=change.email).delete()
        Mail.objects.filter(person=person, state=Mail.State.WAITING, address__iexact=old).exclude(
            kind="address_changed"
        ).update(address=change.email)
    return person


def rule_own_link(change: AddressChange, by: Person | None) -> None:
    """What somebody asked for themselves, they confirm themselves."""
    if change.asked_by_id == change.person_id and change.person != by:
        raise NotAllowed("Sign in with your old address first, then open the link again.")


# The parts


def _current(person: Person) -> str:
    return (person.user.email if person.user else person.email).lower()


def _is_taken(email: str, person: Person) -> bool:
    return (
        Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists()
        or User.objects.filter(email__iexact=email).exclude(person=person).exists()
        or EmailAddress.objects.filter(email__iexact=email).exclude(user=person.user_id).exists()
    )


def _stop(person: Person) -> None:
    now = clock.now()
    AddressChange.objects.filter(person=person, used_at=None, expires_at__gt=now).update(
        expires_at=now
    )


def _begin(person: Person, email: str, by: Person) -> tuple[AddressChange, str]:
    _stop(person)
    token = secrets.token_urlsafe(32)
    change = AddressChange.objects.create(
        person=person,
        email=email,
        token_hash=token_hash(token),
        asked_by=by,
        expires_at=clock.now() + timedelta(days=LINK_DAYS),
    )
    return change, token


def _send_link(person: Person, email: str, by: Person) -> AddressChange:
    change, token = _begin(person, email, by)
    link = settings.WAGTAILADMIN_BASE_URL + reverse("confirm_address", args=[token])
    own = by == person
    mail.owe(
        address=email,
        kind="address_link",
        subject=SUBJECT,
        body=(
            f"{'You' if own else by.name} asked that you sign in to the School of Oncology's portal "
            "with this address, and that mail comes here.\n\n"
            f"Open this page{' where you are signed in' if own else ''} and press the button:\n{link}\n\n"
            f"The link works until {days.long_date(days.london_day(change.expires_at))}. "
            "If you did not expect it, do nothing: nothing changes until the button there is pressed."
        ),
        person=person,
    )
    return change


def _move(person: Person, email: str, by: Person) -> None:
    """Write the address in all places at once, tell the old one, and take its mark away."""
    old = _current(person)
    person.email = email
    person._history_user = by.user  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
            if person.user:
                person.user.email = email
                person.user._history_user = by.user  # type: ignore[attr-defined]
                person.user.save(update_fields=["email"])
                _move_rows_of_allauth(person.user)
    except IntegrityError as error:
        raise DomainError(
            "This address is on another person's record. Nothing was changed.", field="email"
        ) from error
    if old:
        RefusedAddress.objects.filter(address__iexact=old).delete()
        _tell_old(
            person,
            old,
            f"Your address at the portal is now {email}: mail goes there, and you sign in with it. "
            "If this is not right, tell an administrator at once.",
        )


def _move_rows_of_allauth(user: User) -> None:
    # Codes to sign in with go to every address that such a row names.
    if EmailAddress.objects.filter(user=user).delete()[0]:
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


def _tell_old(person: Person, old: str, words: str) -> None:
    mail.owe(
        address=old,
        kind="address_changed",
        subject=SUBJECT,
        body=words,
        person=person,
        urgent=True,
    )
