"""Digests: what somebody wants together in one mail, put together when it is due; and choosing that."""

from datetime import datetime, time
from uuid import uuid4

from django.db import transaction

from school.core import clock
from school.core.errors import DomainError
from school.people import mail, preferences
from school.people.addresses import address_of
from school.people.models import Mail, MailPreference, Person
from school.people.queries import identity, kept

State = Mail.State

# The kind of a mail that gathers others; those stand among somebody's messages, this one does not.
NEWS = "news"


# Choosing ---------------------------------------------------------------------------------------


def choose(
    *, by: Person, digest: str, quiet_from: time | None, quiet_until: time | None
) -> MailPreference:
    """Keep how somebody wants to hear from the portal; what waits for them is planned anew."""
    rule_quiet_has_both(quiet_from, quiet_until)
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=by.pk))
        chosen = preferences.preference_of(by)
        chosen.digest = digest
        chosen.quiet_from, chosen.quiet_until = quiet_from, quiet_until
        chosen._history_user = by.user  # type: ignore[attr-defined]
        chosen.save()
        _plan_anew(chosen)
    return chosen


def rule_quiet_has_both(quiet_from: time | None, quiet_until: time | None) -> None:
    """Quiet hours have a beginning and an end, and the two are not the same time."""
    if (quiet_from is None) != (quiet_until is None):
        missing = "quiet_until" if quiet_until is None else "quiet_from"
        raise DomainError("Enter both times, or neither.", field=missing)
    if quiet_from is not None and quiet_from == quiet_until:
        raise DomainError(
            "Quiet hours end at another time than they begin. For no mail at all choose “never”.",
            field="quiet_until",
        )


def _plan_anew(chosen: MailPreference) -> None:
    """Move what did not go out yet to where the choice puts it."""
    plan = preferences.planned(chosen, clock.now())
    # What was tried may be with a server already: it goes on.
    rows = Mail.objects.filter(
        person__in=identity(chosen.person),
        urgent=False,
        attempts=0,
        state__in=[State.HELD, State.WAITING],
    ).exclude(kind=NEWS)
    for row in rows.order_by("pk"):
        moved = Mail.objects.filter(pk=row.pk, state=row.state, attempts=0).update(
            state=plan.state, not_before=plan.not_before
        )
        if moved and plan.state == State.WAITING:
            row.not_before = plan.not_before
            mail.queue(row)


# Putting together -------------------------------------------------------------------------------


def gather_due(most: int) -> int:
    """Put together the digests that are due, for up to `most` people; gives how many mails they made."""
    now = clock.now()
    due = Mail.objects.filter(state=State.HELD, not_before__lte=now).order_by("person")
    people = Person.objects.filter(pk__in=due.values("person")).select_related("user")
    return sum(gather(person, now) for person in people.order_by("pk")[:most])


def gather(person: Person, now: datetime) -> bool:
    """Let everything that is held for somebody go out as one mail; False in their quiet hours."""
    ends = preferences.out_of_quiet(preferences.preference_of(person), now)
    if ends > now:
        Mail.objects.filter(person=person, state=State.HELD, not_before__lt=ends).update(
            not_before=ends
        )
        return False
    items = list(Mail.objects.filter(person=person, state=State.HELD).order_by("pk"))
    address = address_of(kept(person)) or items[-1].address if items else ""
    with transaction.atomic():
        if len(items) == 1:
            done = _let_go(items[0], address, now)
        else:
            done = bool(items) and _put_together(person, items, address, now)
        if not done:
            # Another worker was at it.
            transaction.set_rollback(True)
    return done


def _let_go(item: Mail, address: str, now: datetime) -> bool:
    """A digest of one is the message itself."""
    moved = Mail.objects.filter(pk=item.pk, state=State.HELD).update(
        state=State.WAITING, not_before=now, address=address
    )
    if moved:
        item.not_before = now
        mail.queue(item)
    return bool(moved)


def _put_together(person: Person, items: list[Mail], address: str, now: datetime) -> bool:
    by_subject: dict[str, list[str]] = {}
    for item in items:
        by_subject.setdefault(item.subject, []).append(item.body)
    uuid = uuid4()
    digest = mail.put(
        Mail(
            uuid=uuid,
            person=person,
            address=address,
            kind=NEWS,
            subject=_subject(list(by_subject)),
            body=_body(by_subject),
            message_id=mail.new_message_id(uuid),
            once_key=f"{NEWS}:{items[0].uuid}",
            not_before=now,
        )
    )
    if digest is None:
        return False
    keys = [item.pk for item in items]
    moved = Mail.objects.filter(pk__in=keys, state=State.HELD).update(
        state=State.GATHERED, gathered_in=digest
    )
    return moved == len(items)


def _subject(subjects: list[str]) -> str:
    more = f", and {len(subjects) - 1} more" if len(subjects) > 1 else ""
    return f"{subjects[0][: 200 - len(more)]}{more}"


def _body(by_subject: dict[str, list[str]]) -> str:
    """Each thing to do once, with everything that is to be said of it."""
    if len(by_subject) == 1:
        (bodies,) = by_subject.values()
        return "\n\n".join(bodies)
    parts = [
        f"{number}. {subject}\n\n" + "\n\n".join(bodies)
        for number, (subject, bodies) in enumerate(by_subject.items(), start=1)
    ]
    return "\n\n\n".join([f"{len(by_subject)} things for you.", *parts])
