"""What was written to somebody, as their own page shows it: no code and no link that opens a door."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from school.core import clock, days
from school.people.digests import NEWS
from school.people.mail import is_secret
from school.people.models import Mail, Person
from school.people.queries import identity

State = Mail.State
SECRET = "What this mail held opens a door and is not kept here."


@dataclass(frozen=True, slots=True)
class Shown:
    """A message and how it fared."""

    subject: str
    at: datetime
    body: str
    address: str
    kind: str
    word: str
    more: str


def of(person: Person) -> QuerySet[Mail]:
    """The messages to a person, newest first; a digest shows as what it held."""
    rows = Mail.objects.filter(person__in=identity(person)).exclude(kind=NEWS)
    return rows.select_related("gathered_in").order_by("-created_at", "-pk")


def shown(mail: Mail) -> Shown:
    """A message as its reader sees it."""
    kind, word, more = _fared(mail.gathered_in or mail, mail)
    return Shown(
        mail.subject,
        mail.created_at,
        SECRET if is_secret(mail.kind) else mail.body,
        (mail.gathered_in or mail).address,
        kind,
        word,
        more,
    )


def _fared(way: Mail, mail: Mail) -> tuple[str, str, str]:
    """The kind of state it shows as, its word, and a sentence; `way` is the mail that it travels in."""
    gathered = " together with other news" if way != mail else ""
    if way.state == State.SENT:
        assert way.sent_at is not None  # a constraint of the table
        return "done", "Sent", f"It was sent on {_moment(way.sent_at)}{gathered}."
    if way.state == State.REFUSED:
        return "failed", "Refused", f"The mail server did not take it: {way.error}"
    if way.state == State.CAME_BACK:
        return "failed", "Came back", f"It could not be delivered: {way.error}"
    if way.state == State.HELD:
        return (
            "awaiting",
            "Waits",
            f"It goes out with your next mail, on {_moment(way.not_before)}.",
        )
    if way.state == State.KEPT:
        why = "You chose to get no mail." if way.address else "You had no address to send it to."
        return "not-sent", "Here only", why
    if way.error:
        return "awaiting", "Waits", f"Sending did not succeed yet and is tried again: {way.error}"
    if way.state == State.WAITING and way.not_before > clock.now():
        return "awaiting", "Waits", f"It goes out on {_moment(way.not_before)}."
    return "awaiting", "Waits", "It is about to be sent."


def _moment(at: datetime) -> str:
    return f"{days.long_date(days.london_day(at))} at {days.clock_time(at)}"
