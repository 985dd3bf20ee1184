"""Mails about hours, owed with the act that causes them: no name in a subject, nothing about patients."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from placements.models import ConfirmationLink, Placement, ShiftDecision
from school.core import days
from school.people import mail
from school.people.addresses import address_of
from school.people.models import Mail, Person

WORDS = {
    ShiftDecision.Outcome.QUERIED: (
        "A question about your hours",
        "has a question about your shift of {day}. It does not count until the question is settled.",
    ),
    ShiftDecision.Outcome.REJECTED: (
        "Hours of yours were rejected",
        "rejected your shift of {day}. It does not count. You can send a corrected one.",
    ),
}


def page(name: str, *args: object) -> str:
    """The whole address of a page, for a mail."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name, args=args)}"


def tell_to_read(person: Person, key: str) -> Mail | None:
    """Tell somebody, once for a key, that something confidential waits, and not even of what kind it is."""
    to = address_of(person)
    if not to:
        return None
    return mail.owe(
        address=to,
        kind="to_read",
        subject="There is something for you to read",
        body=f"There is something for you to read in the portal. Sign in and look at your first page:\n{page('home')}",
        person=person,
        once_key=f"to_read:{key}",
    )


def tell_student(decision: ShiftDecision, comment: str) -> Mail | None:
    """Tell a student that a shift was queried or rejected, once."""
    shift = decision.shift
    student = shift.placement.enrolment.person
    subject, words = WORDS[ShiftDecision.Outcome(decision.outcome)]
    day = days.day_date(days.london_day(shift.start))
    to = address_of(student)
    if not to:
        return None
    return mail.owe(
        address=to,
        kind="shift_decided",
        subject=subject,
        body=(
            f"{decision.person.name} {words.format(day=day)}\n\n"
            f"The reason: {comment}\n\n"
            f"Open the shift to answer or correct it:\n{page('shift', shift.entry.uuid)}"
        ),
        person=student,
        once_key=f"shift_decided:{decision.entry.uuid}",
    )


def send_digest(*, person: Person, new: int, waiting: int, oldest: str, day: str) -> Mail | None:
    """Tell a practice educator how many shifts are new and how many wait, at most once a day."""
    shifts = f"{new} new shift{'' if new == 1 else 's'}"
    return mail.owe(
        address=address_of(person),
        kind="hours_digest",
        subject="Hours wait for you",
        body=(
            f"{shifts} came in for you to confirm. {waiting} wait in all. {oldest}".rstrip()
            + f"\n\nOpen your inbox:\n{page('inbox')}"
        ),
        person=person,
        once_key=f"hours_digest:{person.uuid}:{day}",
        replaces=True,
    )


def send_link(link: ConfirmationLink, token: str, shifts: int) -> None:
    """Send somebody without an account the link to confirm hours."""
    number = f"{shifts} shift{'' if shifts == 1 else 's'}"
    mail.owe(
        address=link.address,
        kind="confirmation_link",
        subject="Hours to confirm for the School of Oncology",
        body=(
            f"{link.asked_by.name} asks you to confirm {number} of a PET-CT placement that you supervised.\n\n"
            f"Open this page. It sends a code to this address, and then shows you the hours:\n"
            f"{page('confirm_by_link', token)}\n\n"
            f"The link works until {days.long_date(days.london_day(link.expires_at))}. You need no account. "
            "If you did not expect it, do nothing: opening the page changes nothing."
        ),
        person=link.person,
        once_key=f"confirmation_link:{link.uuid}",
    )


def tell_closed(link: ConfirmationLink, student: Person) -> None:
    """Tell the student, and whoever else asked, that a link came back or spent its codes; once each."""
    subject = "A mail about hours could not be delivered"
    why = f"The mail to {link.person.name} at {link.address} came back."
    check = "Check the address and ask again"
    if link.failure == ConfirmationLink.CODES_SPENT:
        subject = "A link to confirm hours was closed"
        why = f"The link to {link.person.name} at {link.address} was closed: it has sent 10 codes."
        check = "Ask again"
    for person in {student.pk: student, link.asked_by_id: link.asked_by}.values():
        to = address_of(person)
        if not to:
            continue
        name = "ask_by_link" if person == student else "home"
        mail.owe(
            address=to,
            kind="link_failed",
            subject=subject,
            body=(
                f"{why} The hours still wait; nothing is lost.\n\n"
                f"{check}, or name somebody else:\n{page(name)}"
            ),
            person=person,
            once_key=f"link_failed:{link.uuid}:{person.uuid}",
            urgent=True,
        )


def tell_placed(placement: Placement, step: UUID) -> Mail | None:
    """Tell a student where they are now placed and when, once for each change."""
    site = placement.site.name
    dates = f"{days.long_date(placement.starts)} to {days.long_date(placement.ends)}"
    return _tell_changed(placement, step, f"Your placement at {site} now runs from {dates}.")


def tell_moved(old: Placement, new: Placement, step: UUID) -> Mail | None:
    """Tell a student that they go to another site, once."""
    there = f"Your placement at {old.site.name} "
    there += (
        "does not take place."
        if old.state == Placement.State.WITHDRAWN
        else f"ends on {days.long_date(old.ends)}."
    )
    said = f"{there} You are placed at {new.site.name} from {days.long_date(new.starts)} to {days.long_date(new.ends)}."
    return _tell_changed(new, step, said)


def tell_withdrawn(placement: Placement, step: UUID) -> Mail | None:
    """Tell a student that a placement does not take place any more, once."""
    site = placement.site.name
    said = f"Your placement at {site} from {days.long_date(placement.starts)} was withdrawn."
    return _tell_changed(
        placement, step, f"{said} Hours that were confirmed there stay counted, at that site."
    )


def _tell_changed(placement: Placement, step: UUID, said: str) -> Mail | None:
    enrolment = placement.enrolment
    to = address_of(enrolment.person)
    if not to:
        return None
    return mail.owe(
        address=to,
        kind="placement_changed",
        subject="Your placement changed",
        body=f"{said}\n\nOpen your record to see it:\n{page('enrolment_record', enrolment.uuid)}",
        person=enrolment.person,
        once_key=f"placement_changed:{step}",
    )
