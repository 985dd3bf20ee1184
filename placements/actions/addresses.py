"""What follows when mail to somebody who confirms hours is refused or comes back: those whom it concerns are told."""

from placements import addresses_queries as reads
from placements.actions.telling import page
from placements.models import ConfirmationLink, Enrolment
from school.core import clock
from school.people.models import Mail, Person
from school.people.telling import tell

SUBJECT = "A mail about hours could not be delivered"


def note_refused(mail: Mail) -> None:
    """A practice educator's digest came back: students with shifts waiting there are told, and who places them. Idempotent."""
    if mail.person is None:
        return
    # However many digests come back, once a month for each student and coordinator.
    key = f"{mail.person.uuid}:{clock.today():%Y-%m}"
    words = (
        f"Mail to {mail.person.name} comes back. Hours that wait for them still stand in their inbox; "
        "nothing is lost."
    )
    for enrolment in reads.waiting_students(mail.person):
        _tell(enrolment.person, f"{words} Tell them, or ask somebody else to confirm.", key)
        for coordinator in reads.coordinators_of(enrolment):
            _tell(coordinator, f"{words} Ask them to change it on their account page.", key)


def _tell(person: Person, words: str, key: str) -> None:
    tell(
        person,
        "address_failed",
        SUBJECT,
        words,
        page("home"),
        once_key=f"address_failed:{key}:{person.uuid}",
    )


def tell_coordinators(link: ConfirmationLink, enrolment: Enrolment) -> None:
    """Tell who places a student that a link for their hours was closed; once each, and not whoever asked for it."""
    for coordinator in reads.coordinators_of(enrolment):
        tell(
            coordinator,
            "link_failed",
            "A link to confirm hours was closed",
            f"The link to {link.person.name} at {link.address} was closed. The hours still wait; nothing is lost.",
            page("students"),
            once_key=f"link_failed:{link.uuid}:{coordinator.uuid}",
        )
