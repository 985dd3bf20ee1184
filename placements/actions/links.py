"""Confirming without an account: a link to a listed address, a code to the same, one browser's session."""

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from placements import policies
from placements.actions import addresses, confirming, telling
from placements.models import ConfirmationLink, CurrentShift, Enrolment, Placement, Programme, Shift
from school.core import clock
from school.core.decision import ALLOWED, Decision, refused
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.actions import add_person, token_hash
from school.people.models import Mail, MailDomain, Person, Site
from school.people.queries import hats, identity, scopes_with
from school.people.roles import Permission

LINK_LIFE = timedelta(days=7)
CODE_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
# How soon another code may follow.
CODE_PAUSE = timedelta(minutes=1)
# How many codes a link sends in its life: with 5 tries each, 50 guesses at one of a million.
CODES = 10

# Letters, digits and . _ ' + - before one @: what quoting, comments and controls could hide is kept out.
PLAIN_ADDRESS = re.compile(r"[a-z0-9._'+-]+@[a-z0-9.-]+")

ASK_AGAIN = "Ask the student or the placement coordinator for a new one."
SPENT = f"This link was closed: it has sent {CODES} codes. {ASK_AGAIN}"


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
    domain = address.rpartition("@")[2].lower()
    listed = sorted(row.domain.lower() for row in MailDomain.objects.filter(site=site))
    if domain in listed:
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


def rule_not_own_address(placement: Placement, address: str) -> None:
    """A link never goes to the student whose hours they are, under any of their addresses.

    A +tag leads to the same inbox, and so does another case of the letters; a dot may not.
    """
    people = Person.objects.filter(pk__in=identity(placement.enrolment.person))
    own = [known for row in people.values_list("email", "user__email") for known in row if known]
    if _inbox(address) in map(_inbox, own):
        raise DomainError(
            "This address belongs to the student. Enter that of the person who supervised.",
            field="address",
        )


def _inbox(address: str) -> tuple[str, str]:
    """Where an address leads: what stands before a +tag, and the domain."""
    local, _, domain = address.strip().lower().rpartition("@")
    return local.partition("+")[0], domain


def rule_still_here(person: Person) -> None:
    """Nobody is asked who has left, or whose account was closed."""
    left = person.left_on is not None and person.left_on < clock.today()
    if left or (person.user is not None and not person.user.is_active):
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


# Opening and proving -----------------------------------------------------------------------------


def open_link(token: str) -> ConfirmationLink:
    """The link of a token. Raises DomainError that says what to do when it cannot be used."""
    found = (
        ConfirmationLink.objects.select_related("person", "asked_by")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if found is None:
        raise DomainError(
            "This link is not one of ours, or a part of it is missing. Copy the whole link from the mail."
        )
    rule_not_run_out(found)
    rule_not_failed(found)
    rule_something_waits(found)
    return found


def rule_not_run_out(link: ConfirmationLink) -> None:
    """A link works for 7 days."""
    if link.expires_at <= clock.now():
        raise DomainError(f"This link has run out: it worked for 7 days. {ASK_AGAIN}")


def rule_not_failed(link: ConfirmationLink) -> None:
    """A link whose mail came back opens nothing, nor does one whose codes are spent: either may be a stranger's."""
    if link.failed_at is None:
        return
    if link.failure == ConfirmationLink.CODES_SPENT:
        raise DomainError(SPENT)
    raise DomainError(f"This link was closed because its mail came back. {ASK_AGAIN}")


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
    """Sends six digits to the link's own address; only their keyed hash stays.

    Raises DomainError when it is too soon, and when the link has sent its last code: that closes it.
    """
    now = clock.now()
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        kept = ConfirmationLink.objects.select_for_update().get(pk=link.pk)
        rule_not_failed(kept)
        rule_code_pause(kept)
        verdict = rule_codes_left(kept)
        if verdict:
            kept.code_hash = _sealed(kept, code)
            kept.code_sent_at = now
            kept.code_attempts = 0
            kept.save(update_fields=["code_hash", "code_sent_at", "code_attempts"])
            telling.send_code(kept, code)
        else:
            _close(kept, ConfirmationLink.CODES_SPENT)
    if not verdict:
        raise DomainError(verdict.reason)


def rule_code_pause(link: ConfirmationLink) -> None:
    """Another code follows a minute after the last at the earliest, so that nobody's inbox is flooded."""
    if link.code_sent_at is not None and clock.now() - link.code_sent_at < CODE_PAUSE:
        error = DomainError(
            "A code was sent less than a minute ago. Look in your inbox, or wait a minute and ask again."
        )
        error.status = 429
        raise error


def rule_codes_left(link: ConfirmationLink) -> Decision:
    """A link sends 10 codes in its life, so that nobody guesses a code a minute for 7 days."""
    sent = Mail.objects.filter(person=link.person_id, once_key__startswith=telling.code_key(link))
    return ALLOWED if sent.count() < CODES else refused(SPENT)


def code_was_sent(link: ConfirmationLink) -> bool:
    """Whether a code that can still be used is on its way."""
    return (
        bool(link.code_hash)
        and link.code_sent_at is not None
        and clock.now() - link.code_sent_at < CODE_LIFE
        and link.code_attempts < CODE_TRIES
    )


def prove(*, link: ConfirmationLink, code: str) -> None:
    """Accepts the code once. Raises DomainError when it is wrong, has run out or was tried 5 times."""
    rule_code_usable(link)
    # Counted before it is compared: five tries are five, however many come at once.
    counted = ConfirmationLink.objects.filter(
        pk=link.pk, code_hash=link.code_hash, code_attempts__lt=CODE_TRIES
    ).update(code_attempts=F("code_attempts") + 1)
    link.refresh_from_db()
    if not counted:
        rule_code_usable(link)
        raise DomainError("A newer code was sent meanwhile. Enter that one.", field="code")
    rule_code_right(link, code)
    used = ConfirmationLink.objects.filter(pk=link.pk, code_hash=link.code_hash).update(
        code_hash="", proved_at=clock.now()
    )
    if not used:
        raise Conflict("This code has just been used. Ask for a new one.")
    link.refresh_from_db()


def rule_code_usable(link: ConfirmationLink) -> None:
    """A code holds for 15 minutes and 5 tries."""
    if not code_was_sent(link):
        raise DomainError(
            "That code does not hold any more. Send yourself a new one.", field="code"
        )


def rule_code_right(link: ConfirmationLink, code: str) -> None:
    """The six digits are the ones that were sent."""
    if hmac.compare_digest(_sealed(link, "".join(code.split())), link.code_hash):
        return
    left = CODE_TRIES - link.code_attempts
    if left <= 0:
        raise DomainError(
            f"That code is not right, and it was the {CODE_TRIES}th try. Send yourself a new one.",
            field="code",
        )
    tries = "1 try" if left == 1 else f"{left} tries"
    raise DomainError(f"That code is not right. {tries} left.", field="code")


def _sealed(link: ConfirmationLink, code: str) -> str:
    return salted_hmac(f"confirmation:{link.uuid}", code, algorithm="sha256").hexdigest()


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
    rule_not_run_out(link)
    rule_not_failed(link)
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
    uuid = (mail.once_key or "::").split(":")[1]
    link = (
        ConfirmationLink.objects.select_related("asked_by__user", "person")
        .filter(uuid=uuid)
        .first()
        if uuid
        else None
    )
    if link is None:
        return
    _close(link, mail.error[:300])


def _close(link: ConfirmationLink, failure: str) -> None:
    """Closes a link for good, and tells the student and whoever else asked."""
    shift = link.shifts.select_related("placement__enrolment__person__user").first()
    with transaction.atomic():
        ConfirmationLink.objects.filter(pk=link.pk, failed_at=None).update(
            failed_at=clock.now(), failure=failure
        )
        link.refresh_from_db(fields=["failed_at", "failure"])
        if shift is not None:
            telling.tell_closed(link, shift.placement.enrolment.person)
            addresses.tell_coordinators(link, shift.placement.enrolment)
