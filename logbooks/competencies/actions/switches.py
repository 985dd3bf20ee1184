"""The switches of a programme's sign-off: in which ways it is signed, and by whom."""

from collections.abc import Collection

from django.db import transaction

from logbooks.competencies import policies
from logbooks.competencies.models import LogBookRules
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person
from school.people.queries import hats

# The ways of signing by their column, in the words of whoever chooses.
WAYS = {
    "sign_with_account": "With an account: the assessor signs in",
    "sign_by_link": "By link and code: mailed to an assessor who does not sign in",
    "sign_on_phone": "On the student’s phone, by a code sent to the assessor",
    "sign_with_pin": "On the student’s phone, by the assessor’s signing PIN",
}
SWITCHES = (*WAYS, "separate_assessor")


def switched_on(rules: LogBookRules) -> list[str]:
    """The switches that are on, by their columns."""
    return [name for name in SWITCHES if getattr(rules, name)]


def switch(
    *, by: Person, rules: LogBookRules, on: Collection[str], seen: Collection[str]
) -> LogBookRules:
    """Turns on the switches `on` of SWITCHES, and off all others; what was signed before stands.

    `seen` are those that were on when the person was shown them. Raises NotAllowed, DomainError for no way
    at all, and Conflict when somebody else switched meanwhile.
    """
    rule_may_switch(by, rules)
    rule_some_way_left(on)
    with transaction.atomic():
        held = LogBookRules.objects.select_for_update().get(pk=rules.pk)
        if set(switched_on(held)) == set(on):
            return held
        rule_switches_seen(held, seen)
        for name in SWITCHES:
            setattr(held, name, name in on)
        held._history_user = by.user  # type: ignore[attr-defined]
        held.save()
    return held


def rule_may_switch(by: Person, rules: LogBookRules) -> None:
    """The switches are set by whoever keeps the log books of the programme."""
    if not policies.kept_rules(hats(by)).filter(pk=rules.pk).exists():
        raise NotAllowed("Only a lead of the programme says how its log books are signed.")


def rule_some_way_left(on: Collection[str]) -> None:
    """Some way of signing is left: without one no student could go on."""
    if not set(on) & set(WAYS):
        raise DomainError("Choose at least one way of signing.", field="ways")


def rule_switches_seen(rules: LogBookRules, seen: Collection[str]) -> None:
    """Whoever switches has seen the switches as they are."""
    if set(switched_on(rules)) != set(seen):
        raise Conflict("Somebody else changed this meanwhile. Open the page again, and look at it.")
