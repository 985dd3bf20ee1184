"""Mails about sign-off, owed with the act that causes them: no name in a subject, nothing about patients."""

from collections.abc import Collection, Sequence
from uuid import UUID

from logbooks.competencies.models import (
    Competency,
    EvidenceFile,
    LogEntry,
    NotApplicable,
    Revocation,
    SigningLink,
    SigningPin,
    SignOff,
    SignOffRequest,
)
from placements.actions.telling import page
from placements.models import Enrolment, Placement
from school.core import days
from school.people.models import Person
from school.people.telling import tell


def asked(requests: Sequence[SignOffRequest], by: Person) -> None:
    """Tell an assessor that a student asks for sign-off, once for what is asked together."""
    first = requests[0]
    number = f"{len(requests)} {'competency' if len(requests) == 1 else 'competencies'}"
    tell(
        first.assessor,
        "sign_off_asked",
        "A student asks you to sign",
        f"{by.name} asks you to sign {number}. You see every line before you sign:",
        page("sign_off", first.placement.uuid),
        once_key=f"sign_off_asked:{first.entry.uuid}",
    )


def asked_again(requests: Sequence[SignOffRequest], why: str) -> None:
    """Tell whoever signed what became of an examination that is evidence, once for all that rests on it; `why` as `changed_words` says."""
    first = requests[0]
    tell(
        first.assessor,
        "sign_off_asked",
        "Evidence that you signed on was changed",
        f"{why} Look at it:",
        page("sign_off", first.placement.uuid),
        once_key=f"sign_off_asked:{first.entry.uuid}",
    )


def changed_words(requests: Sequence[SignOffRequest], change: LogEntry | EvidenceFile) -> str:
    """What a student did to an examination or a file beside it after it was signed on, and which sign-offs rest on it."""
    did = "corrected"
    if isinstance(change, EvidenceFile):
        did = "took away a file beside" if change.withdrawn else "put a file beside"
    elif change.withdrawn:
        did = "took back"
    rows = sorted((row.competency for row in requests), key=lambda one: one.position)
    stands = "Your sign-off stands" if len(rows) == 1 else "Your sign-offs stand"
    return (
        f"{requests[0].enrolment.person.name} {did} an examination that is evidence of what you signed: "
        f"{', '.join(one.code for one in rows)}. {stands}, and the evidence as it is now waits for you."
    )


def signed(enrolment: Enrolment, signs: Sequence[SignOff]) -> None:
    """Tell a student what was signed together, once."""
    first = signs[0]
    codes = ", ".join(row.competency.code for row in signs)
    achieved = first.outcome == SignOff.Outcome.ACHIEVED
    words = (
        f"{first.person.name} signed as achieved: {codes}."
        if achieved
        else f"{first.person.name} saw {codes} and asks for another go. The next step stands in your log book."
    )
    tell(
        enrolment.person,
        "sign_off_signed",
        "Your log book was signed" if achieved else "Your log book: a next step for you",
        words,
        page("log_book"),
        once_key=f"sign_off_signed:{first.entry.uuid}",
    )


def revoked(fact: Revocation, reason: str) -> None:
    """Tell a student that a sign-off was revoked, from when and why."""
    sign_off = fact.sign_off
    enrolment, competency = sign_off.enrolment, sign_off.competency
    tell(
        enrolment.person,
        "sign_off_revoked",
        "A sign-off in your log book was revoked",
        f"{fact.person.name} revoked the sign-off of {competency.code} from "
        f"{days.long_date(fact.entry.about_from)} on. The reason: {reason}\n\n"
        "Nothing disappears: what was signed stays in your log book with its history. "
        "Ask for sign-off again when you are ready:",
        page("competency_of", enrolment.uuid, competency.uuid),
        once_key=f"sign_off_revoked:{fact.entry.uuid}",
    )


def excused(fact: NotApplicable, competency: Competency) -> None:
    """Tell a student that a competency is not asked of them, or is asked again."""
    said = "is asked of you again" if fact.cancelled else "is not asked of you"
    tell(
        fact.enrolment.person,
        "not_applicable",
        "What your log book asks of you changed",
        f"{fact.person.name} recorded that {competency.code} {said}. The reason stands in your log book:",
        page("competency_of", fact.enrolment.uuid, competency.uuid),
        once_key=f"not_applicable:{fact.entry.uuid}",
    )


def asked_by_link(link: SigningLink, token: str, number: int, why: str = "") -> None:
    """Send somebody without an account the link to sign what a student asks, or what the portal asks and `why`."""
    what = f"{number} {'competency' if number == 1 else 'competencies'}"
    asks = f"{link.asked_by.name} asks you to sign {what} of a PET-CT placement."
    tell(
        link.person,
        "sign_off_link",
        "Competencies to sign for the School of Oncology",
        f"{why or asks} Open this page: it sends a "
        "code to this address, and then shows you every line before you sign. It works until "
        f"{days.long_date(days.london_day(link.expires_at))}. You need no account. If you did not expect "
        "it, do nothing: opening the page changes nothing.",
        page("sign_by_link", token),
        once_key=f"sign_off_link:{link.uuid}",
    )


def phone_code_words(
    placement: Placement, competencies: Collection[UUID], outcome: SignOff.Outcome
) -> str:
    """What the mail with a code says of what it signs on a student's phone."""
    rows = Competency.objects.filter(uuid__in=competencies).order_by("position")
    codes = ", ".join(row.code for row in rows)
    return (
        f"Typed on the phone of {placement.enrolment.person.name}, it signs {codes} as {outcome.label} in "
        "your name, exactly as you read it there, and nothing else. It holds for 15 minutes. If you did "
        "not read it there just now, give this code to nobody."
    )


def signed_unseen(signs: Sequence[SignOff]) -> None:
    """Tell whoever signed without signing in what was signed in their name, once."""
    first = signs[0]
    codes = ", ".join(row.competency.code for row in signs)
    tell(
        first.person,
        "sign_off_receipt",
        "What was signed in your name",
        f"You signed {codes} of {first.enrolment.person.name} as {first.get_outcome_display()}: "
        f"{first.get_proof_display()}. If that was not you, write to the placement coordinator at once.",
        once_key=f"sign_off_receipt:{first.entry.uuid}",
    )


def link_closed(link: SigningLink) -> None:
    """Tell a student that a link to sign, or the codes for their phone, were closed."""
    spent = link.failure == link.CODES_SPENT
    why = "it has sent 10 codes" if spent else "the mail came back"
    tell(
        link.placement.enrolment.person,
        "sign_off_closed",
        "What you asked to be signed still waits",
        f"The way for {link.person.name} at {link.address} to sign was closed: {why}. What you asked still "
        "waits; nothing is lost. Ask again, ask somebody else, or write to the placement coordinator:",
        page("log_book"),
        once_key=f"sign_off_closed:{link.uuid}",
    )


def pin_changed(pin: SigningPin, what: str) -> None:
    """Tell the owner of a signing PIN that it was set, changed or taken away."""
    tell(
        pin.person,
        "signing_pin",
        f"Your signing PIN was {what}",
        f"Your signing PIN was {what} just now. If that was not you, change your password and set the PIN anew:",
        page("signing_pin"),
        urgent=True,
    )


def pin_locked(pin: SigningPin) -> None:
    """Tell the owner of a signing PIN that it was locked by wrong tries, once for each setting."""
    tell(
        pin.person,
        "signing_pin",
        "Your signing PIN is locked",
        f"Somebody typed a wrong PIN in your name {pin.TRIES} times, so it signs nothing any more. Set a new one when you want to:",
        page("signing_pin"),
        once_key=f"signing_pin:{pin.pk}:{pin.set_at.isoformat()}",
        urgent=True,
    )
