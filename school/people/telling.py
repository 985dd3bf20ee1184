"""Telling somebody of one thing to do: the one way for what is not urgent."""

from school.people import mail
from school.people.addresses import address_of
from school.people.models import Mail, Person


def tell(
    person: Person,
    kind: str,
    subject: str,
    words: str,
    link: str = "",
    *,
    once_key: str | None = None,
    urgent: bool = False,
    replaces: bool = False,
) -> Mail | None:
    """Tell somebody of one thing to do: a subject, what is so, and the whole address of the page for it.

    None when they have no address, and as school.people.mail.owe says.
    """
    if not address_of(person):
        return None
    return mail.owe(
        address=address_of(person),
        kind=kind,
        subject=subject,
        body=f"{words}\n\n{link}" if link else words,
        person=person,
        once_key=once_key,
        urgent=urgent,
        replaces=replaces,
    )
