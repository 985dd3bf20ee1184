"""Tokens for other systems: made, ended, and known again when they come."""

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from school.core import clock
from school.core.errors import DomainError, NotAllowed
from school.core.free_text import rule_no_nhs_number
from school.core.rows import rule_same_row
from school.coverage.models import ApiToken
from school.coverage.policies import UNSEEN, sight_of
from school.people.actions import token_hash
from school.people.models import Person
from school.people.queries import hats, is_gone

LONGEST = timedelta(days=366)
# As many of one person may be open at once.
MOST_OPEN = 20


def make_token(
    *, by: Person, name: str, scope: str, expires_on: date, uuid: UUID
) -> tuple[ApiToken, str]:
    """A token, and its secret, which is given this once: only its hash stays.

    The same UUID gives the first token again, and no secret. `scope` is one of ApiToken.Scope. Raises
    NotAllowed, DomainError and Conflict.
    """
    rule_sees_as_much(by, scope)
    rule_last_day(expires_on)
    rule_no_nhs_number(name, field="name")
    sent = {"person_id": by.pk, "name": name.strip(), "scope": scope, "expires_on": expires_on}
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            rule_few_open(by, but=uuid)
            return ApiToken.objects.create(uuid=uuid, token_hash=token_hash(secret), **sent), secret
    except IntegrityError:
        # The same form came before.
        made = ApiToken.objects.get(uuid=uuid)
    rule_same_row(made, sent)
    return made, ""


def rule_sees_as_much(by: Person, scope: str) -> None:
    """Nobody gives away what they do not see themselves."""
    sight = sight_of(hats(by))
    if sight is None:
        raise NotAllowed(UNSEEN)
    if scope == ApiToken.Scope.NAMES and not sight.has_names:
        raise DomainError(
            "You see figures without names, so a token of yours gives figures alone.", field="scope"
        )


def rule_last_day(expires_on: date) -> None:
    """A token works for a year at the most."""
    if not clock.today() <= expires_on <= clock.today() + LONGEST:
        raise DomainError("Enter a day from today to a year ahead.", field="expires_on")


def rule_few_open(by: Person, *, but: UUID) -> None:
    """Somebody has at most 20 tokens open at once, so that they know what each is for."""
    held = ApiToken.objects.filter(person=by, ended_at=None, expires_on__gte=clock.today())
    if held.exclude(uuid=but).count() >= MOST_OPEN:
        raise DomainError(
            f"You have {MOST_OPEN} tokens open. End one that is no longer used, then make this one."
        )


def end_token(*, by: Person, token: ApiToken) -> ApiToken:
    """The token opens nothing from now on. Raises NotAllowed for whoever did not make it."""
    if token.person_id != by.pk:
        raise NotAllowed("A token is ended by whoever made it.")
    with transaction.atomic():
        kept = ApiToken.objects.select_for_update().get(pk=token.pk)
        if kept.ended_at is None:
            kept.ended_at = clock.now()
            kept.save(update_fields=["ended_at"])
    return kept


def known_token(secret: str) -> ApiToken | None:
    """The token of a secret, used today; none when it is nobody's, was ended, ran out, or its maker has gone."""
    today = clock.today()
    found = (
        ApiToken.objects.select_related("person__user")
        .filter(token_hash=token_hash(secret), ended_at=None, expires_on__gte=today)
        .first()
    )
    if found is None or is_gone(found.person):
        return None
    if found.last_used_on != today:
        ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
    return found
