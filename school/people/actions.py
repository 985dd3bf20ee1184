"""What people do about people: give and end roles, invite, open and close accounts."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import Book
from school.people import mail
from school.people.models import AccessLog, Invitation, Person, RoleGrant, Scope, User
from school.people.network import network_book
from school.people.policies import PLACED_ROLES
from school.people.queries import (
    covers,
    given,
    grants,
    hats,
    identity,
    kept,
    person_with_address,
    scopes_with,
)
from school.people.roles import ROLES, Permission, Role

INVITATION_DAYS = 14


# Roles


def grant_role(
    *,
    person: Person,
    role: Role,
    scope: Scope,
    from_day: date,
    by: Person,
    until: date | None = None,
    uuid: UUID | None = None,
) -> RoleGrant:
    """Give a role on a scope from a day, for good or until a last day.

    Raises NotAllowed, and DomainError when the person holds the role there already.
    """
    _check_may_grant(person, role, scope, by)
    if until and until < from_day:
        raise DomainError("The last day is before the first.", field="until")
    book = network_book()
    draft = ledger.Draft(
        fact=RoleGrant(person=person, role=role.key, scope=scope),
        book=book,
        about_from=from_day,
        about_to=until,
        uuid=uuid or uuid4(),
    )
    with ledger.writing(book, answering=[draft.uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return _grant(done[draft.uuid])
        held = _overlapping(person, role, scope, from_day, until)
        if held:
            raise DomainError(
                f"{person.name} is {role.name.lower()} for {scope.name} already, from "
                f"{days.long_date(held.entry.about_from)}. Nothing was changed.",
                field="role",
            )
        return _grant(pen.append([draft], by=by.uuid)[0])


def ensure_role(
    *, person: Person, role: Role, scope: Scope, from_day: date, pen: ledger.Pen, by: UUID
) -> RoleGrant | None:
    """Give a role that follows from another act, such as a supervision, unless it is held from that day on.

    `pen` must hold the network's book; `by` is the actor of the act. None when nothing was needed.
    """
    held = _overlapping(person, role, scope, from_day, None)
    if held and held.entry.about_from <= from_day and held.entry.about_to is None:
        return None
    draft = ledger.Draft(
        fact=RoleGrant(person=person, role=role.key, scope=scope),
        book=network_book(),
        about_from=from_day,
    )
    return _grant(pen.append([draft], by=by)[0])


def end_grant(
    *, grant: RoleGrant, last_day: date, by: Person, uuid: UUID | None = None
) -> RoleGrant:
    """End a role with a last day, which still counts; a last day before the first one cancels the role."""
    _check_may_grant(grant.person, ROLES[grant.role], grant.scope, by)
    cancelled = last_day < grant.entry.about_from
    book = network_book()
    draft = ledger.Draft(
        fact=RoleGrant(
            person=grant.person,
            role=grant.role,
            scope=grant.scope,
            cancelled=cancelled,
            supersedes=grant,
        ),
        book=book,
        about_from=grant.entry.about_from,
        about_to=grant.entry.about_to if cancelled else last_day,
        uuid=uuid or uuid4(),
    )
    with ledger.writing(book, answering=[draft.uuid]) as pen:
        done = pen.answered([draft], by=by.uuid)
        if done:
            return _grant(done[draft.uuid])
        if RoleGrant.objects.filter(supersedes=grant).exists():
            raise Conflict(
                "Somebody else changed this role meanwhile. Look again at how it stands."
            )
        return _grant(pen.append([draft], by=by.uuid)[0])


def _check_may_grant(person: Person, role: Role, scope: Scope, by: Person) -> None:
    if by.pk in identity(person):
        raise NotAllowed("Nobody changes their own roles. Ask another administrator.")
    held = hats(by)
    if any(covers(one, scope) for one in scopes_with(held, Permission.GRANT_ROLES)):
        return
    if role.key in PLACED_ROLES and any(
        covers(one, scope) for one in scopes_with(held, Permission.PLACE_STUDENTS)
    ):
        return
    raise NotAllowed(f"You may not give or end the role {role.name.lower()} for {scope.name}.")


def _overlapping(
    person: Person, role: Role, scope: Scope, from_day: date, until: date | None
) -> RoleGrant | None:
    held = given().filter(person=person, role=role.key, scope=scope)
    for grant in held.order_by("entry__about_from"):
        starts_in_time = until is None or grant.entry.about_from <= until
        if starts_in_time and (grant.entry.about_to is None or grant.entry.about_to >= from_day):
            return grant
    return None


def _grant(fact: object) -> RoleGrant:
    assert isinstance(fact, RoleGrant)
    return fact


# Persons and invitations


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation came to: a link on its way, or a person who has an account already."""

    person: Person
    invitation: Invitation | None

    @property
    def had_account(self) -> bool:
        """Whether there was nobody to invite, only a role to give."""
        return self.invitation is None


def add_person(*, name: str, email: str, by: Person | None = None) -> Person:
    """The person of an address, made with a book of their own when they are new.

    `by` is kept in the history; None for the portal itself and for acts whose own fact names the actor.
    """
    email = email.strip().lower()
    found = person_with_address(email)
    if found:
        return found
    try:
        with transaction.atomic():
            made = Person(
                name=name.strip(),
                email=email,
                book=Book.objects.create(kind=Book.Kind.PERSON),
            )
            if by is not None:
                made._history_user = by.user  # type: ignore[attr-defined]
            made.save()
            return made
    except IntegrityError:
        found = person_with_address(email)
        if found is None:
            raise
        return found


def invite(*, person: Person, by: Person | None) -> Invited:
    """Send a link by which the person gets an account. `by` is None for the portal itself.

    A person who has an account is not invited again, and for a merged person the one who is kept is.
    Raises NotAllowed, and DomainError when there is no address.
    """
    person = kept(person)
    if by is not None:
        _check_may_invite(person, by)
    if not person.email:
        raise DomainError(f"{person.name} has no email address. Add it first.", field="email")
    with transaction.atomic():
        invited = Person.objects.select_for_update().get(pk=person.pk)
        if invited.user_id:
            return Invited(invited, None)
        token = secrets.token_urlsafe(32)
        invitation = Invitation.objects.create(
            person=invited,
            token_hash=token_hash(token),
            invited_by=by,
            expires_at=clock.now() + timedelta(days=INVITATION_DAYS),
        )
        link = settings.WAGTAILADMIN_BASE_URL + reverse("invitation", args=[token])
        mail.owe(
            address=invited.email,
            kind="invitation",
            subject="Your account at the School of Oncology",
            body=(
                f"{by.name if by else 'The School'} has invited you to the School of Oncology's portal for "
                "PET-CT training and placements.\n\n"
                f"Open this page and choose how you will sign in:\n{link}\n\n"
                f"The link works until {days.long_date(days.london_day(invitation.expires_at))}. "
                "If you did not expect it, do nothing: no account is made until you press the button there."
            ),
            person=invited,
        )
    return Invited(invited, invitation)


def invite_to_role(
    *,
    name: str,
    email: str,
    role: Role,
    scope: Scope,
    from_day: date,
    by: Person,
    uuid: UUID | None = None,
) -> Invited:
    """Add a person when they are new, give the role, and invite them when they have no account."""
    with transaction.atomic():
        person = add_person(name=name, email=email)
        grant_role(person=person, role=role, scope=scope, from_day=from_day, by=by, uuid=uuid)
        return invite(person=person, by=by)


def _check_may_invite(person: Person, by: Person) -> None:
    held = hats(by)
    if scopes_with(held, Permission.GRANT_ROLES):
        return
    reach = scopes_with(held, Permission.PLACE_STUDENTS)
    theirs = [
        grant
        for grant in grants().filter(person__in=identity(person)).select_related("scope")
        if grant.role in PLACED_ROLES
    ]
    if any(covers(one, grant.scope) for one in reach for grant in theirs):
        return
    raise NotAllowed(
        "You may invite students and practice educators of your own scope. Place them or name them "
        "as a supervisor first."
    )


def token_hash(token: str) -> str:
    """What is kept of an invitation's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises DomainError that says what to do when it cannot be used."""
    found = (
        Invitation.objects.select_related("person", "invited_by")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if found is None:
        raise DomainError(
            "This link is not one of ours, or a part of it is missing. Copy the whole link from the mail."
        )
    if found.person.user_id:
        raise DomainError("You have an account already. Sign in with your email address.")
    _check_not_merged(found.person)
    if found.used_at:
        raise DomainError("This link has been used. Sign in with your email address.")
    if found.expires_at <= clock.now():
        raise DomainError(
            "This link has run out. Write to the person who invited you and ask for a new one."
        )
    return found


def _check_not_merged(person: Person) -> None:
    if (one := kept(person)) != person:
        raise DomainError(f"{person.name} is one person with {one.name}, who signs in.")


def accept_invitation(*, token: str, password: str | None) -> User:
    """Make the account of an invited person; without a password they sign in by code or passkey.

    However many links are out and however often they are opened, a person gets one account.
    """
    with transaction.atomic():
        opened = open_invitation(token)
        person = Person.objects.select_for_update().get(pk=opened.person_id)
        _check_not_merged(person)
        invitation = Invitation.objects.select_for_update().get(pk=opened.pk)
        if person.user_id or invitation.used_at:
            raise DomainError("You have an account already. Sign in with your email address.")
        address = person.email.strip().lower()
        user = User.objects.filter(email__iexact=address).first()
        if user is not None and hasattr(user, "person"):
            raise DomainError(
                "This address belongs to another person's account. Write to the person who invited you."
            )
        if user is None:
            user = User(email=address)
        if password is None:
            user.set_unusable_password()
        else:
            check_password(password, user)
            user.set_password(password)
        user.save()
        person.user = user
        person.save(update_fields=["user"])
        invitation.used_at = clock.now()
        invitation.save(update_fields=["used_at"])
    return user


# Accounts


def check_password(password: str, user: User) -> None:
    """Raises DomainError with what is wrong with a new password."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), field="password") from error


def set_password(*, user: User, password: str) -> None:
    """Give an account a password, or another one; every other session of the account ends with it."""
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


def close_account(*, person: Person, by: Person) -> None:
    """Shut a person out at once. The record stays; nothing is deleted."""
    _check_account(person, by)
    _switch(person, active=False)


def reopen_account(*, person: Person, by: Person) -> None:
    """Let a person in again."""
    _check_account(person, by)
    _switch(person, active=True)


def _check_account(person: Person, by: Person) -> None:
    if by.pk in identity(person):
        raise NotAllowed("Nobody closes their own account. Ask another administrator.")
    if not scopes_with(hats(by), Permission.GRANT_ROLES):
        raise NotAllowed("Only an administrator closes and reopens accounts.")
    if person.user is None:
        raise DomainError(f"{person.name} has no account.")


def _switch(person: Person, *, active: bool) -> None:
    with transaction.atomic():
        user = User.objects.select_for_update().get(person=person)
        if active:
            _check_not_merged(person)
        user.is_active = active
        user.save(update_fields=["is_active"])


# Who looked


def log_access(*, viewer: Person, people: list[Person]) -> None:
    """Note that somebody opened records of others: one row per viewer, person and hour."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    others = [person for person in people if person.pk != viewer.pk]
    rows = [AccessLog(viewer=viewer, person=person, hour=hour) for person in others]
    AccessLog.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
