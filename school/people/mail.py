"""Mail that the portal owes somebody: written with the act that causes it, handed over by the worker.

No SMTP server can be asked whether it took a message, so between its taking one and our knowing
there is a moment of doubt. It is kept small and survivable: a message is handed over by a process
of its own, which ends what it began and commits the answer even when its worker is killed. Only
when that process itself is killed after the last byte, or the server falls silent there, is the
message sent again, later and under the same Message-ID, by which receiving servers know it.

Mail to somebody with an account goes out as they chose (school.people.preferences), unless it opens
a door or is urgent.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr
from enum import IntEnum
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.utils import DNS_NAME
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django_tasks import task

from school.core import apart, clock
from school.people import addresses, preferences
from school.people.answers import ANSWERS, blames_address, is_permanent, words
from school.people.envelope import message as _message
from school.people.models import Mail, Person

logger = logging.getLogger(__name__)

State = Mail.State

# Mail of kinds that end so opens a door: its body goes once it has been handed over or given up,
# and it is handed over first, since somebody may be waiting in front of the screen.
SECRET_ENDINGS = ("code", "_key", "_link", "invitation")

# After each attempt that the server put off, or that did not reach it.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))

# Whoever takes a message on has it to themselves this long; a hand-over is ended well before.
LEASE = timedelta(minutes=15)
LONGEST_SECONDS = 600

FIRST = 50  # of priorities up to 100; other tasks have 0

# The database may be busy when the server has just taken a message: the answer is worth waiting for.
PATIENCE_SECONDS = 300

Refused = Callable[[Mail], None]
_refused: dict[str, list[Refused]] = {}


class Outcome(IntEnum):
    """What came of an attempt; small enough for the status of a process."""

    SENT = 0
    NOT_OURS = 1
    PUT_OFF = 2
    UNREACHABLE = 3
    REFUSED = 4


# Owing ------------------------------------------------------------------------------------------


def owe(
    *,
    address: str,
    kind: str,
    subject: str,
    body: str,
    person: Person | None = None,
    once_key: str | None = None,
    not_before: datetime | None = None,
    urgent: bool = False,
    replaces: bool = False,
) -> Mail | None:
    """Write a message in the caller's transaction and queue its sending with it.

    To a person it goes as they chose: at once, in a digest, or not at all but in the portal, where
    it also stands for somebody who has no address. What is
    `urgent` comes at once, as does what opens a door: it was asked for a moment ago. What `replaces`
    takes the place of the person's message of the same kind that a digest still holds.
    None when a message with the same `once_key` is there already.
    """
    uuid = uuid4()
    now = clock.now()
    address = address.strip()
    urgent = urgent or is_secret(kind) or person is None
    plan = preferences.Plan(State.WAITING, not_before or now)
    if person is not None and not urgent:
        kept = preferences.Plan(State.KEPT, now)
        plan = preferences.plan(person, max(plan.not_before, now)) if address else kept
    made = Mail(
        uuid=uuid,
        person=person,
        address=address,
        kind=kind,
        subject=" ".join(subject.split())[:200],
        body=body,
        message_id=new_message_id(uuid),
        once_key=once_key,
        state=plan.state,
        not_before=plan.not_before,
        urgent=urgent,
    )
    if not replaces:
        return put(made)
    with transaction.atomic():
        if plan.state == State.HELD and not _is_there(once_key):
            Mail.objects.filter(person=person, kind=kind, state=State.HELD).delete()
        return put(made)


def put(mail: Mail) -> Mail | None:
    """Write a message that is made, and queue its sending when it is to be sent; None when its key is there already."""
    keyed = mail.once_key is not None
    try:
        # Only a key may be there already, and a savepoint costs as much as a query.
        with transaction.atomic(savepoint=keyed):
            mail.save(force_insert=True)
            if mail.state == State.WAITING:
                queue(mail)
    except IntegrityError:
        if _is_there(mail.once_key):
            return None
        raise
    return mail


def queue(mail: Mail) -> None:
    """Queue the sending of a message that waits, for when it is due."""
    sending = send.using(
        priority=FIRST if is_secret(mail.kind) else None,
        run_after=mail.not_before if mail.not_before > clock.now() else None,
    )
    sending.enqueue(str(mail.uuid))


def _is_there(once_key: str | None) -> bool:
    return once_key is not None and Mail.objects.filter(once_key=once_key).exists()


def owe_message(message: EmailMessage, *, kind: str, person: Person | None = None) -> list[Mail]:
    """The same for a message that somebody else's code made, such as allauth's: its text, to each address, at once.

    It stands among the messages of whoever signs in with the address.
    """
    return [
        mail
        for address in dict.fromkeys(message.recipients())
        if (
            mail := owe(
                address=parseaddr(address)[1],
                kind=kind,
                subject=str(message.subject),
                body=str(message.body),
                person=person or addresses.person_at(parseaddr(address)[1]),
                urgent=True,
            )
        )
    ]


def mail_refused(kind: str, handler: Refused) -> None:
    """Tell `handler`, in the background and at least once, of every message of a kind that was refused or came back."""
    _refused.setdefault(kind, []).append(handler)


def is_secret(kind: str) -> bool:
    """Whether mail of this kind holds what opens a door: a code, or a link that signs somebody in."""
    return kind.endswith(SECRET_ENDINGS)


def new_message_id(uuid: UUID) -> str:
    """The Message-ID of a message, which nobody guesses."""
    return f"<{uuid}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"


# Sending ----------------------------------------------------------------------------------------


@task()
def send(uuid: str) -> str:
    """Hand one message over, if it is due and nobody else is at it."""
    return _deliver_apart(UUID(uuid)).name


@task()
def tell_refused(uuid: str) -> None:
    """Tell those who asked that a message, or what a digest held, was refused; run again when one of them fails."""
    mail = Mail.objects.get(uuid=uuid)
    for one in [mail, *mail.gathers.all()]:
        one.error = mail.error
        for handler in _refused.get(one.kind, []):
            handler(one)


def due(now: datetime | None = None) -> QuerySet[Mail]:
    """Messages to hand over now, those included whose last hand-over never reported back; oldest first."""
    return Mail.objects.filter(
        Q(state=State.WAITING) | Q(state=State.SENDING), not_before__lte=now or clock.now()
    ).order_by("not_before", "pk")


def send_due(most: int) -> int:
    """Hand over what is due, up to `most`; gives how many were sent.

    Stops when the server cannot be reached: the rest would only wait for the same silence.
    """
    sent = 0
    for uuid in list(due().values_list("uuid", flat=True)[:most]):
        outcome = _deliver_apart(uuid)
        sent += outcome is Outcome.SENT
        if outcome is Outcome.UNREACHABLE:
            break
    return sent


def _deliver_apart(uuid: UUID) -> Outcome:
    DNS_NAME.get_fqdn()  # kept by this process, or each of its children would ask the name server
    status = apart.run(lambda: int(deliver(uuid)), longest=LONGEST_SECONDS)
    return Outcome(status) if status != apart.CUT_OFF else Outcome.UNREACHABLE


def deliver(uuid: UUID) -> Outcome:
    """Claim one message, hand it over in this process and record what came of it.

    Not inside a transaction: the claim must be committed before the server hears of the message,
    and the answer as soon as it has spoken.
    """
    mail = _claim(uuid)
    if mail is None:
        return Outcome.NOT_OURS
    if mail.attempts > len(PAUSES) + 1:
        return _refuse(mail, "The hand-over was cut off each time, so it is not known why.")
    server = get_connection(fail_silently=False)
    try:
        try:
            # Opened here, because a connection that send_messages opens is closed before it returns.
            server.open()
        except (OSError, smtplib.SMTPException) as fault:
            return _put_off(mail, words(fault), Outcome.UNREACHABLE)
        try:
            server.send_messages([_message(mail)])
        except ValueError as fault:
            return _refuse(mail, f"The message could not be made: {fault}")
        except ANSWERS as fault:
            if is_permanent(fault):
                return _refuse(mail, words(fault), blamed=blames_address(fault))
            return _put_off(mail, words(fault), Outcome.PUT_OFF, blamed=blames_address(fault))
        except (OSError, smtplib.SMTPException) as fault:
            return _put_off(mail, words(fault), Outcome.UNREACHABLE)
        _record_sent(mail)
        return Outcome.SENT
    finally:
        _close(server)


def _claim(uuid: UUID) -> Mail | None:
    now = clock.now()
    due = Mail.objects.filter(
        uuid=uuid, state__in=[State.WAITING, State.SENDING], not_before__lte=now
    )
    found = due.select_related("person").first()
    if found is None or _is_quiet(found, now):
        return None
    claimed = due.update(state=State.SENDING, not_before=now + LEASE, attempts=F("attempts") + 1)
    return Mail.objects.select_related("person").get(uuid=uuid) if claimed else None


def _is_quiet(mail: Mail, now: datetime) -> bool:
    """Whether its reader's quiet hours have begun meanwhile; it then waits for their end."""
    if mail.person is None or mail.urgent:
        return False
    ends = preferences.out_of_quiet(preferences.preference_of(mail.person), now)
    if ends > now:
        Mail.objects.filter(pk=mail.pk, state=mail.state, not_before__lte=now).update(
            not_before=ends
        )
    return ends > now


def _record_sent(mail: Mail) -> None:
    apart.no_longer_limited()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            # Whoever holds the claim by now: the server has it, so it is sent.
            Mail.objects.filter(pk=mail.pk).exclude(state__in=[State.SENT, State.CAME_BACK]).update(
                state=State.SENT, sent_at=clock.now(), error="", body=_kept_body(mail)
            )
            return
        except (DatabaseError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            logger.exception("Mail %s is sent but could not be marked so yet", mail.uuid)
            connection.close()
            time.sleep(0.2)


def _put_off(mail: Mail, error: str, outcome: Outcome, *, blamed: bool = False) -> Outcome:
    if mail.attempts > len(PAUSES):
        return _refuse(mail, error, blamed=blamed)
    _mine(mail).update(
        state=State.WAITING, not_before=clock.now() + PAUSES[mail.attempts - 1], error=error
    )
    return outcome


def _refuse(mail: Mail, error: str, *, blamed: bool = False) -> Outcome:
    with transaction.atomic():
        if _mine(mail).update(state=State.REFUSED, error=error[:500], body=_kept_body(mail)):
            _tell_of(mail, error, blamed=blamed)
    return Outcome.REFUSED


def came_back(*, mail: Mail, error: str) -> bool:
    """Keep that a message which a server had taken came back for good; False when that is known, or cannot be.

    A message that waits for another attempt may be with a server that never answered.
    """
    taken = Q(state=State.SENT) | Q(state__in=[State.WAITING, State.SENDING], attempts__gt=0)
    with transaction.atomic():
        moved = Mail.objects.filter(taken, pk=mail.pk).update(
            state=State.CAME_BACK,
            sent_at=Coalesce("sent_at", Now()),
            error=error[:500],
            body=_kept_body(mail),
        )
        if moved:
            _tell_of(mail, error, blamed=True)
    return bool(moved)


def _tell_of(mail: Mail, error: str, *, blamed: bool) -> None:
    if blamed:
        addresses.mark(mail.address, error)
    if mail.kind in _refused or mail.gathers.exists():
        tell_refused.enqueue(str(mail.uuid))


def _mine(mail: Mail) -> QuerySet[Mail]:
    """The row while this attempt still holds it."""
    return Mail.objects.filter(pk=mail.pk, state=State.SENDING, attempts=mail.attempts)


def _kept_body(mail: Mail) -> str:
    return "" if is_secret(mail.kind) else mail.body


def _close(server: object) -> None:
    try:
        server.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        logger.info("The mail server did not say goodbye", exc_info=True)


# Looking after ----------------------------------------------------------------------------------


def try_again(*, mail: Mail, by: UUID) -> bool:
    """Queue a refused message anew, or one that waits for its next attempt now; False when it is not so any more.

    A message whose secret is gone stays refused.
    """
    with transaction.atomic():
        found = (
            Mail.objects.filter(pk=mail.pk, state__in=[State.REFUSED, State.WAITING])
            .exclude(body="")
            .update(state=State.WAITING, attempts=0, not_before=clock.now())
        )
        if found:
            send.enqueue(str(mail.uuid))
    logger.info("Mail %s was queued again by %s", mail.uuid, by)
    return bool(found)
