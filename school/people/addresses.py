"""Addresses that mail is refused at or comes back from: marked, shown where they are used, and cleared.

An address stays marked until a message that went there after the last trouble has not come back for
three days, or until nobody here has it any more. Pages look marks up by the address that somebody has
now, so a corrected address is never shown as troubled.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from school.core import clock
from school.people.models import Mail, Person, RefusedAddress, User

# How long a message may take to come back after a server took it.
COMES_BACK_WITHIN = timedelta(days=3)

# How long the mark of an address that nobody has any more is kept, for links to people without an account.
FORGOTTEN_AFTER = timedelta(days=30)


def address_of(person: Person) -> str:
    """Where a person is written to: the account's address, else the one on record."""
    return person.user.email if person.user else person.email


def person_at(address: str) -> Person | None:
    """Whoever signs in with an address."""
    user = User.objects.filter(email__iexact=address).select_related("person").first()
    return getattr(user, "person", None)


def mark(address: str, reason: str) -> None:
    """Keep that a message to an address was refused or came back just now, and why."""
    words = {"since": clock.now(), "reason": reason[:300]}
    if RefusedAddress.objects.filter(address__iexact=address).update(**words):
        return
    try:
        with transaction.atomic():
            RefusedAddress.objects.create(address=address, **words)
    except IntegrityError:
        # Somebody else marked it in between.
        RefusedAddress.objects.filter(address__iexact=address).update(**words)


def marked(addresses: Iterable[str]) -> dict[str, RefusedAddress]:
    """The marks among some addresses, by the address in lower case; one query, none for none."""
    wanted = {address.lower() for address in addresses if address}
    if not wanted:
        return {}
    rows = RefusedAddress.objects.annotate(lower=Lower("address")).filter(lower__in=wanted)
    return {row.address.lower(): row for row in rows}


def mark_of(person: Person) -> RefusedAddress | None:
    """The mark of the address that a person is written to."""
    return marked([address_of(person)]).get(address_of(person).lower())


def people_at(
    rows: Collection[RefusedAddress], among: QuerySet[Person] | None = None
) -> dict[str, Person]:
    """Whose the addresses are now, among some people or all, by the address in lower case."""
    wanted = {row.address.lower() for row in rows}
    found = (
        (Person.objects.all() if among is None else among)
        .annotate(at=Lower("user__email"), known=Lower("email"))
        .filter(Q(at__in=wanted) | Q(user=None, known__in=wanted))
        .select_related("user")
    )
    return {address_of(person).lower(): person for person in found}


def clear() -> int:
    """Take away the marks that hold no longer; gives how many."""
    now = clock.now()
    arrived = Mail.objects.filter(
        state=Mail.State.SENT,
        address__iexact=OuterRef("address"),
        sent_at__gt=OuterRef("since"),
        sent_at__lte=now - COMES_BACK_WITHIN,
    )
    used = (
        User.objects.filter(email__iexact=OuterRef("address")),
        Person.objects.filter(email__iexact=OuterRef("address")),
    )
    nobodys = Q(~Exists(used[0]), ~Exists(used[1]), since__lte=now - FORGOTTEN_AFTER)
    gone: QuerySet[RefusedAddress] = RefusedAddress.objects.filter(Q(Exists(arrived)) | nobodys)
    return gone.delete()[0]
