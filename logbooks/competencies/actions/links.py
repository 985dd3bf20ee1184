"""The links and codes of signing: to whom they go, for what they hold, and what closes them."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from logbooks.competencies import assessors, telling
from logbooks.competencies.models import SigningLink, SignOff, SignOffRequest
from logbooks.competencies.signing_rules import Item, Said
from placements.actions.links import PLAIN_ADDRESS, belongs_to, domain_of, listed_domains
from placements.models import Placement
from school.core import clock, days
from school.core.errors import DomainError, NotAllowed
from school.people import link_codes
from school.people.actions import token_hash
from school.people.models import Mail, Person
from school.people.queries import identity, is_gone

CODE_WORDS = (
    "It holds for 15 minutes and opens what a student asked you to sign. "
    "If you did not ask for it, do nothing."
)


def send_link(requests: Sequence[SignOffRequest], *, by: Person, why: str = "") -> SigningLink:
    """Sends whoever was asked, and has no account, a link to sign; in the transaction that asks them."""
    first = requests[0]
    token = secrets.token_urlsafe(32)
    link = _made(first.placement, first.assessor, by, token, address=first.assessor.email)
    telling.asked_by_link(link, token, len(requests), why)
    return link


def _made(
    placement: Placement, assessor: Person, by: Person, token: str, **more: object
) -> SigningLink:
    return SigningLink.objects.create(
        person=assessor,
        placement=placement,
        asked_by=by,
        token_hash=token_hash(token),
        expires_at=clock.now() + link_codes.LINK_LIFE,
        **more,
    )


def open_link(token: str) -> SigningLink:
    """The link of a token. Raises DomainError that says what to do when it cannot be used."""
    found = (
        SigningLink.objects.select_related(
            "person__user",
            "asked_by",
            "placement__site",
            "placement__stage",
            "placement__enrolment__person",
            "placement__enrolment__cohort__programme__log_book_rules",
        )
        .filter(token_hash=token_hash(token), on_phone=False)
        .first()
    )
    if found is None:
        raise DomainError(link_codes.NOT_OURS)
    rule_usable(found)
    rule_something_waits(found)
    return found


def rule_usable(link: SigningLink) -> None:
    """A link works for 7 days, until its codes are spent or its mail comes back, and while its person is here."""
    link_codes.rule_not_run_out(link)
    link_codes.rule_not_failed(link)
    rule_still_here(link.person)
    rule_vouched_for(link.placement, link.person, link.address)


def rule_still_here(assessor: Person) -> None:
    """Nobody signs who has left, or whose account was closed."""
    if is_gone(assessor):
        raise DomainError(f"{assessor.name} does not sign here any more. Ask somebody else.")


def rule_something_waits(link: SigningLink) -> None:
    """A link is used up when nothing waits for its person at its placement any more."""
    waiting = assessors.waiting_for([link.person_id], ())
    if not waiting.filter(request__placement=link.placement).exists():
        raise DomainError(
            "Nothing waits behind this link any more: all of it was signed, changed or taken back."
        )


def send_code(*, link: SigningLink) -> None:
    """Sends six digits to the link's own address. Raises DomainError as school.people.link_codes does."""
    link_codes.send_code(link=link, words=CODE_WORDS, close=_close)


# On the student's phone --------------------------------------------------------------------------


def send_phone_code(
    *, by: Person, placement: Placement, assessor: Person, address: str, about: str, words: str
) -> None:
    """Sends six digits, to be typed on the student's phone, to an address of whoever was asked.

    The code holds for nothing but what `about` says. Raises DomainError with the field "address" when the address is not
    theirs, and when it is too soon or too many were sent.
    """
    address = address.strip().lower()
    rule_still_here(assessor)
    rule_theirs(placement, assessor, address)
    link = _phone_link(placement, assessor, by, address)
    rule_codes_left_here(link)
    try:
        link_codes.send_code(link=link, words=words, close=_close, about=about)
    except DomainError:
        link.refresh_from_db()
        rule_codes_left_here(link)
        raise
    # After it was sent, since a link that has sent its last code is closed in the same breath.
    SigningLink.objects.filter(pk=link.pk).update(code_about=about)


def _phone_link(placement: Placement, assessor: Person, by: Person, address: str) -> SigningLink:
    """The link that counts the codes for a placement's phone, one for 7 days, so that a new one brings no new tries."""
    with transaction.atomic():
        # One at a time, or two presses would make two; mail that is written meanwhile only points to the person.
        Person.objects.select_for_update(no_key=True).get(pk=assessor.pk)
        found = phone_link(placement, assessor)
        if found is None:
            token = secrets.token_urlsafe(32)
            return _made(placement, assessor, by, token, address=address, on_phone=True)
        if found.address != address:
            SigningLink.objects.filter(pk=found.pk).update(address=address)
            found.address = address
    return found


def phone_link(placement: Placement, assessor: Person) -> SigningLink | None:
    """The link whose codes are typed on the phone at present; one whose mail came back is none."""
    rows = SigningLink.objects.filter(
        placement=placement, person=assessor, on_phone=True, expires_at__gt=clock.now()
    )
    usable = rows.filter(failure__in=["", SigningLink.CODES_SPENT])
    return usable.select_related("person__user").order_by("-pk").first()


def about(items: Iterable[Item], said: Said) -> str:
    """What a code is sent for: a digest of every line and every word that is signed."""
    lines = [
        [str(part or "") for part in (row.placement, row.competency, row.request, row.newest)]
        for row in items
    ]
    words = [said.outcome, said.day.isoformat(), said.level, said.capacity]
    words += [said.feedback, said.next_step, said.exception]
    content = json.dumps([sorted(lines), [str(word) for word in words]])
    return hashlib.sha256(content.encode()).hexdigest()


def rule_unchanged(link: SigningLink, about: str) -> None:
    """A code holds for what was read when it was sent; a line or word that changed since asks for a new one, and costs no try."""
    if link_codes.code_was_sent(link) and link.code_about != about:
        raise DomainError(
            "What you sign was changed since the code was sent. Send a new code.", field="secret"
        )


def rule_codes_left_here(link: SigningLink) -> None:
    """After 10 codes in 7 days nobody is sent another for the same placement."""
    if link.failure == link.CODES_SPENT:
        until = days.long_date(days.london_day(link.expires_at))
        raise DomainError(
            f"{link_codes.CODES} codes were sent to {link.person.name} for this placement, so no more "
            f"go out until {until}. They can sign in meanwhile."
        )


def rule_theirs(placement: Placement, assessor: Person, address: str) -> None:
    """A code goes to the address of somebody's account, or to the one that is on record for them at their site, and to no other."""
    people = Person.objects.filter(pk__in=identity(assessor)).select_related("user")
    accounts = {row.user.email.lower() for row in people if row.user and row.user.is_active}
    known = {row.email.lower() for row in people if row.email}
    if address not in accounts | known:
        raise DomainError(
            f"This is not an address that the portal has for {assessor.name}. Enter the one that they "
            "sign in with, or ask the placement coordinator to put theirs on record.",
            field="address",
        )
    rule_not_the_students(placement, address)
    if address not in accounts:
        rule_vouched_for(placement, assessor, address, field="address")


def rule_vouched_for(
    placement: Placement, assessor: Person, address: str, *, field: str = ""
) -> None:
    """Somebody without an account is written to at an address in a domain that the placement's site has listed."""
    address = address.lower()
    listed = listed_domains(placement.site)
    if not PLAIN_ADDRESS.fullmatch(address) or domain_of(address) not in listed:
        raise DomainError(
            f"The address on record for {assessor.name} is not at a mail domain that "
            f"{placement.site.name} has listed, so they cannot sign without an account. Ask the "
            "placement coordinator.",
            field=field,
        )


def rule_not_the_students(placement: Placement, address: str, *, field: str = "address") -> None:
    """Nothing that signs goes to the student whose log book it is, under any of their addresses."""
    if belongs_to(placement.enrolment.person, address):
        raise DomainError(
            "This address belongs to the student. Whoever signs enters their own.", field=field
        )


def rule_asked_here(placement: Placement, items: Sequence[Item]) -> None:
    """Without signing in, only what the student asked at the placement is signed."""
    if not items or any(row.placement != placement.uuid or row.request is None for row in items):
        raise NotAllowed("Only what the student asked here can be signed here.")


def signed_before(assessor: Person, uuids: Sequence[UUID]) -> bool:
    """Whether all of these were signed by somebody already: the same press came again."""
    rows = SignOff.objects.filter(person=assessor, entry__uuid__in=uuids)
    return bool(uuids) and rows.count() == len(set(uuids))


# Closing -----------------------------------------------------------------------------------------


def note_refused(mail: Mail) -> None:
    """The mail of a link, or of its code, came back: the link is closed, and the student is told. Idempotent."""
    link = link_codes.of_mail(SigningLink, mail)
    if link is not None:
        _close(link, mail.error[:300])


def _close(link: SigningLink, failure: str) -> None:
    with transaction.atomic():
        link_codes.close(link, failure or "The mail came back.")
        telling.link_closed(link)
