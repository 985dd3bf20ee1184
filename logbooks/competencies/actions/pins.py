"""A signing PIN: set by its owner, kept as a hash, locked after five wrong tries, taken away again."""

from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, QuerySet

from logbooks.competencies import telling
from logbooks.competencies.models import SigningPin
from placements import policies as placing
from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.people.models import Person
from school.people.queries import identity

LENGTH = 6


def set_pin(*, by: Person, pin: str) -> SigningPin:
    """Sets or changes one's own PIN; what was locked is open again. Raises NotAllowed or DomainError (field "pin_password").

    Of merged persons one PIN remains, the new one.
    """
    rule_signs(by)
    rule_not_guessable(pin)
    with transaction.atomic():
        others, _ = _pins_of(by).exclude(person=by).delete()
        made, new = SigningPin.objects.update_or_create(
            person=by,
            defaults={"secret": make_password(pin), "wrong_tries": 0, "set_at": clock.now()},
        )
        telling.pin_changed(made, "set" if new and not others else "changed")
    return made


def remove_pin(*, by: Person) -> None:
    """Takes one's own PIN away, merged persons included: nothing can be signed with it from now on."""
    with transaction.atomic():
        found = list(_pins_of(by).select_for_update())
        if found:
            telling.pin_changed(found[0], "taken away")
            _pins_of(by).delete()


def pin_of(person: Person) -> SigningPin | None:
    """The PIN that somebody set, merged persons included."""
    return _pins_of(person).first()


def _pins_of(person: Person) -> QuerySet[SigningPin]:
    return SigningPin.objects.filter(person__in=identity(person)).order_by("-set_at")


def check_pin(*, assessor: Person, pin: str) -> None:
    """Counts a try and compares it; a right one starts the count anew. Raises DomainError with the field "secret"."""
    kept = rule_usable(pin_of(assessor), assessor)
    same = {"pk": kept.pk, "secret": kept.secret}
    # Counted before it is compared: five tries are five, however many come at once.
    counted = SigningPin.objects.filter(**same, wrong_tries__lt=SigningPin.TRIES).update(
        wrong_tries=F("wrong_tries") + 1
    )
    if not counted:
        kept.refresh_from_db()
        rule_usable(kept, assessor)
        raise DomainError("The PIN was changed meanwhile. Enter the new one.", field="secret")
    kept.refresh_from_db()
    rule_right(kept, pin)
    SigningPin.objects.filter(**same).update(wrong_tries=0)


def rule_signs(by: Person) -> None:
    """Whoever supervises or assesses somebody sets a PIN."""
    if not placing.supervisions(identity(by)).exists():
        raise NotAllowed("A signing PIN is for those who supervise or assess students.")


def rule_not_guessable(pin: str) -> None:
    """Six digits that are neither all the same nor in a row."""
    if len(pin) != LENGTH or not (pin.isascii() and pin.isdigit()):
        raise DomainError(f"A PIN has {LENGTH} digits.", field="pin_password")
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        raise DomainError(
            "Choose a PIN whose digits are not all the same or in a row.", field="pin_password"
        )


def rule_usable(kept: SigningPin | None, assessor: Person) -> SigningPin:
    """A PIN is used that was set, and that is not locked."""
    if kept is None:
        raise DomainError(
            f"{assessor.name} has set no signing PIN. Use a code by email instead.", field="secret"
        )
    if kept.is_locked:
        raise DomainError(
            f"The PIN of {assessor.name} is locked after {SigningPin.TRIES} wrong tries. They set a new "
            "one when they are signed in; until then, use a code by email.",
            field="secret",
        )
    return kept


def rule_right(kept: SigningPin, pin: str) -> None:
    """The digits are the ones that were set; its owner is told of the try that locks it."""
    if check_password("".join(pin.split()), kept.secret):
        return
    left = SigningPin.TRIES - kept.wrong_tries
    if left <= 0:
        telling.pin_locked(kept)
        raise DomainError(
            "That PIN is not right, and now it is locked. Its owner was told.", field="secret"
        )
    tries = "1 try" if left == 1 else f"{left} tries"
    raise DomainError(f"That PIN is not right. {tries} left.", field="secret")
