"""Delivery reports told to the outbox: which message one is about, and what follows."""

from datetime import timedelta

from school.core import clock
from school.people import mail
from school.people.models import Mail
from school.people.reports import Fate, Recipient, Report

# A report that returns no Message-ID may be about the newest message of these days to its recipient. It is noted only.
RECENT = timedelta(days=7)

# By how much the clock of a reporting server may be behind.
CLOCKS_DIFFER = timedelta(minutes=10)

State = Mail.State


class Unmatched(Exception):
    """A report about nothing that we sent to that address."""


def take(report: Report, recipient: Recipient) -> str:
    """Act on what a report says of a recipient, once however often it is read; gives what was done.

    Raises Unmatched.
    """
    found = _by_id(report, recipient) if report.message_id else _by_address(report, recipient)
    if recipient.fate is Fate.DELAYED:
        return f"noted: a message to {found.address} is delayed"
    if recipient.fate is Fate.ARRIVED:
        return f"noted: a message to {found.address} arrived"
    if not report.message_id:
        # Anybody can write such a report; only whoever got a message knows its Message-ID.
        return f"noted: {found.address} may not get mail; the report returns no message, so nothing is marked"
    if mail.came_back(mail=found, error=recipient.words):
        return f"came back: a message to {found.address}: {recipient.words}"
    return f"known already: a message to {found.address}"


def _by_id(report: Report, recipient: Recipient) -> Mail:
    found = Mail.objects.filter(message_id=report.message_id).first()
    if found is None:
        raise Unmatched("it is about a message that is not ours")
    # Whoever got a message knows its Message-ID, and could name it for somebody else's address.
    if found.address.lower() not in {address.lower() for address in recipient.addresses}:
        raise Unmatched(
            f"it names {recipient.addresses[0]}, and that message went to another address"
        )
    if found.state not in (State.SENT, State.CAME_BACK, State.REFUSED) and not found.attempts:
        raise Unmatched("it is about a message that was not sent yet")
    return found


def _by_address(report: Report, recipient: Recipient) -> Mail:
    if report.at is None:
        raise Unmatched("it returns no message and has no date")
    now = clock.now()
    for address in recipient.addresses:
        found = (
            Mail.objects.filter(
                address__iexact=address,
                state__in=[State.SENT, State.CAME_BACK],
                sent_at__gte=now - RECENT,
                sent_at__lte=min(report.at + CLOCKS_DIFFER, now),
            )
            .order_by("-sent_at", "-pk")
            .first()
        )
        if found is not None:
            return found
    raise Unmatched(f"nothing was sent to {recipient.addresses[0]} in the week before it")
