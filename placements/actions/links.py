"""Confirming without an account: a link to a listed address, a code to the same, one browser's session."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from placements import policies
from placements.actions import addresses, confirming, telling
from placements.models import ConfirmationLink, CurrentShift, Enrolment, Placement, Programme, Shift
from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.people import link_codes
from school.people.actions import add_person, token_hash
from school.people.link_codes import ASK_AGAIN, LINK_LIFE
from school.people.models import Mail, MailDomain, Person, Site
from school.people.queries import hats, identity, is_gone, scopes_with
from school.people.roles import Permission

# Letters, digits and . _ ' + - before one @: what quoting, comments and controls could hide is kept out.
PLAIN_ADDRESS = re.compile(r"[a-z0-9._'+-]+@[a-z0-9.-]+")

# What the mail with a code says of it.
CODE_WORDS = (
    "It holds for 15 minutes and opens the hours that somebody asked you to confirm. "
    "If you did not ask for it, do nothing."
)


# Asking ------------------------------------------------------------------------------------------


def ask_by_link(
    *,
    by: Person,
    placement: Placement,
    name: str,
    address: str,
    shifts: Sequence[Shift],
    uuid: UUID,
) -> ConfirmationLink:
    """Sends somebody without an account a link to decide the named shifts; lives 7 days.

    The same UUID gives the first link again and sends nothing. Raises DomainError and NotAllowed.
    """
    address = address.strip().lower()
    rule_may_ask(by, placement)
    rule_link_switched_on(placement.enrolment.cohort.programme)
    rule_plain_address(address)
    rule_domain_listed(placement.site, address)
    with transaction.atomic():
        before = ConfirmationLink.objects.filter(uuid=uuid).first()
        if before is not None:
            return rule_same_asker(before, by)
        rule_still_waiting(placement, shifts)
        rule_not_own_address(placement, address)
        person = add_person(name=name, email=address)
        rule_still_here(person)
        token = secrets.token_urlsafe(32)
        try:
            with transaction.atomic():
                link = ConfirmationLink.objects.create(
                    uuid=uuid,
                    person=person,
                    address=address,
                    asked_by=by,
                    token_hash=token_hash(token),
                    expires_at=clock.now() + LINK_LIFE,
                )
        except IntegrityError:
            # The same request came twice at once; the other one has sent the mail.
            return rule_same_asker(ConfirmationLink.objects.get(uuid=uuid), by)
        link.shifts.set(shifts)
        telling.send_link(link, token, len(shifts))
    return link


def rule_may_ask(by: Person, placement: Placement) -> None:
    """The student asks for their own hours; a coordinator for the students they place."""
    if policies.owns(by, placement.enrolment):
        return
    allowed = Q(pk__in=[])
    for scope in scopes_with(hats(by), Permission.PLACE_STUDENTS):
        allowed |= policies.in_scope(scope)
    if not Enrolment.objects.filter(allowed, pk=placement.enrolment_id).exists():
        raise NotAllowed("You can ask for your own hours, or for those of students you place.")


def rule_link_switched_on(programme: Programme) -> None:
    """A programme may not accept confirmation by link at all."""
    if not programme.confirm_by_link:
        raise DomainError(
            f"{programme.name} does not accept confirmation by link. Your practice educator signs in "
            "to confirm; the placement coordinator can invite them."
        )


def rule_plain_address(address: str) -> None:
    """The address has one reading, so that the domain that is checked is the domain that is written to."""
    if not PLAIN_ADDRESS.fullmatch(address):
        raise DomainError(
            "Enter an email address of letters, digits and . _ ' + - only, like name@example.nhs.uk.",
            field="address",
        )


def rule_domain_listed(site: Site, address: str) -> None:
    """The address lies in a domain that the placement's site has listed, exactly, whatever its letters' case."""
    listed = listed_domains(site)
    if domain_of(address) in listed:
        return
    if listed:
        raise DomainError(
            f"Enter their work address at {site.name}: it ends in {' or '.join('@' + d for d in listed)}.",
            field="address",
        )
    raise DomainError(
        f"{site.name} has listed no mail domain, so nobody there can confirm by link. "
        "Write to the placement coordinator.",
        field="address",
    )


def listed_domains(site: Site) -> list[str]:
    """The mail domains that a site has listed, in lower case."""
    return sorted(row.domain.lower() for row in MailDomain.objects.filter(site=site))


def domain_of(address: str) -> str:
    """What stands after the @."""
    return address.rpartition("@")[2].lower()


def rule_not_own_address(placement: Placement, address: str) -> None:
    """A link never goes to the student whose hours they are, under any of their addresses."""
    if belongs_to(placement.enrolment.person, address):
        raise DomainError(
            "This address belongs to the student. Enter that of the person who supervised.",
            field="address",
        )


def belongs_to(person: Person, address: str) -> bool:
    """Whether an address leads to a person's inbox, under whatever name they are known.

    A +tag leads to the same inbox, and so does another case of the letters; a dot may not.
    """
    people = Person.objects.filter(pk__in=identity(person))
    own = [known for row in people.values_list("email", "user__email") for known in row if known]
    return _inbox(address) in map(_inbox, own)


def _inbox(address: str) -> tuple[str, str]:
    """Where an address leads: what stands before a +tag, and the domain."""
    local, _, domain = address.strip().lower().rpartition("@")
    return local.partition("+")[0], domain


def rule_still_here(person: Person) -> None:
    """Nobody is asked who has left, or whose account was closed."""
    if is_gone(person):
        raise DomainError(
            f"{person.name} cannot confirm hours here any more. Name somebody else.",
            field="address",
        )


def rule_still_waiting(placement: Placement, shifts: Sequence[Shift]) -> None:
    """A link is for shifts of one placement that wait, in their newest version."""
    if not shifts:
        raise DomainError("Tick the shifts to be confirmed.", field="shifts")
    waiting = CurrentShift.objects.filter(
        placement=placement,
        shift__in=[shift.pk for shift in shifts],
        state__in=CurrentShift.WAITING,
    )
    if waiting.count() != len({shift.pk for shift in shifts}):
        raise DomainError(
            "Some of these shifts do not wait any more, or belong to another placement. "
            "Look again and tick those that do.",
            field="shifts",
        )


def rule_same_asker(link: ConfirmationLink, by: Person) -> ConfirmationLink:
    """A request that is sent again gives the first link, and only to whoever made it."""
    if link.asked_by_id != by.pk:
        raise NotAllowed("This cannot be saved.")
    return link


# Opening -----------------------------------------------------------------------------


def open_link(token: str) -> ConfirmationLink:
    """The link of a token. Raises DomainError that says what to do when it cannot be used."""
    found = (
        ConfirmationLink.objects.select_related("person", "asked_by")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if found is None:
        raise DomainError(link_codes.NOT_OURS)
    link_codes.rule_not_run_out(found)
    link_codes.rule_not_failed(found)
    rule_something_waits(found)
    return found


def rule_something_waits(link: ConfirmationLink) -> None:
    """A link is used up when nothing of what it names waits any more."""
    waiting = CurrentShift.objects.filter(
        shift__confirmation_links=link, state__in=CurrentShift.WAITING
    )
    if not waiting.exists():
        raise DomainError(
            "Nothing waits behind this link any more: all of it was decided or changed. "
            f"If you expected something here, {ASK_AGAIN[0].lower()}{ASK_AGAIN[1:]}"
        )


def send_code(*, link: ConfirmationLink) -> None:
    """Sends six digits to the link's own address. Raises DomainError as school.people.link_codes does."""
    link_codes.send_code(link=link, words=CODE_WORDS, close=_close)


# Deciding ----------------------------------------------------------------------------------------


def decide_by_link(
    *,
    link: ConfirmationLink,
    items: Sequence[confirming.Item],
    outcome: confirming.Outcome,
    comment: str = "",
    device_time: datetime | None = None,
) -> confirming.Answer:
    """Decides as the link's person, who has just proved the link's code, about nothing but its shifts."""
    link_codes.rule_not_run_out(link)
    link_codes.rule_not_failed(link)
    rule_named_in_link(link, items)
    return confirming.decide(
        by=link.person,
        items=items,
        outcome=outcome,
        proof=confirming.Proof.LINK_AND_CODE,
        comment=comment,
        device_time=device_time,
    )


def rule_named_in_link(link: ConfirmationLink, items: Sequence[confirming.Item]) -> None:
    """A link decides about the shifts that it names, in those versions, and no others."""
    named = set(link.shifts.values_list("entry__uuid", flat=True))
    if any(item.shift not in named for item in items):
        raise NotAllowed("This link is not for those hours.")


# Closing -----------------------------------------------------------------------------------------


def note_refused(mail: Mail) -> None:
    """The mail of a link, or of its code, came back: the link is closed, and the student is told. Idempotent."""
    link = link_codes.of_mail(ConfirmationLink, mail)
    if link is None:
        return
    _close(link, mail.error[:300])


def _close(link: ConfirmationLink, failure: str) -> None:
    """Closes a link for good, and tells the student and whoever else asked."""
    shift = link.shifts.select_related("placement__enrolment__person__user").first()
    with transaction.atomic():
        link_codes.close(link, failure)
        if shift is not None:
            telling.tell_closed(link, shift.placement.enrolment.person)
            addresses.tell_coordinators(link, shift.placement.enrolment)
