"""Tokens for other systems: who makes which, how they are kept, and when they end."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from school.core import clock
from school.core.errors import Conflict, DomainError, NotAllowed
from school.coverage.actions.tokens import LONGEST, MOST_OPEN, end_token, known_token, make_token
from school.coverage.models import ApiToken
from school.people.models import Person
from school.people.network import ensure_network
from school.people.roles import REPORT_VIEWER, STUDENT, WORKFORCE_MANAGER, Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def holder(role: Role = WORKFORCE_MANAGER) -> Person:
    """Somebody with a role of the whole network."""
    person = make.make_person(f"Some {role.name}")
    make.make_grant(person, role, ensure_network())
    return person


def made(by: Person, **changes: Any) -> tuple[ApiToken, str]:
    """A token for figures that works for a month."""
    last = clock.today() + timedelta(days=30)
    sent = {"name": "Dashboard", "scope": "figures", "expires_on": last, "uuid": uuid4()}
    return make_token(by=by, **{**sent, **changes})


def test_secret_is_given_once_and_kept_as_a_hash() -> None:
    by, uuid = holder(), uuid4()
    token, secret = made(by, uuid=uuid)
    kept = [str(value) for value in ApiToken.objects.values_list().get()]
    assert not any(secret in value for value in kept)
    assert known_token(secret) == token
    assert known_token(token.token_hash) is None
    assert made(by, uuid=uuid) == (token, "")
    with pytest.raises(Conflict):
        made(by, uuid=uuid, name="Another")
    with pytest.raises(Conflict):
        made(holder(REPORT_VIEWER), uuid=uuid)


def test_nobody_gives_away_what_they_do_not_see() -> None:
    with pytest.raises(DomainError, match="figures alone") as refused:
        made(holder(REPORT_VIEWER), scope="names")
    assert refused.value.field == "scope"
    with pytest.raises(NotAllowed, match="see training coverage"):
        made(holder(STUDENT))
    assert made(holder(), scope="names")[0].scope == "names"


def test_token_works_for_a_year_at_the_most() -> None:
    by = holder()
    for last in (clock.today() - timedelta(days=1), clock.today() + LONGEST + timedelta(days=1)):
        with pytest.raises(DomainError, match="to a year ahead") as refused:
            made(by, expires_on=last)
        assert refused.value.field == "expires_on"
    assert made(by, expires_on=clock.today() + LONGEST)[1]


def test_its_name_holds_no_nhs_number() -> None:
    with pytest.raises(DomainError, match="NHS number"):
        made(holder(), name="For 943 476 5919")


def test_somebody_has_twenty_open_at_the_most() -> None:
    by, uuid = holder(), uuid4()
    for _ in range(MOST_OPEN - 1):
        token, _ = made(by)
    made(by, uuid=uuid)
    with pytest.raises(DomainError, match="20 tokens open"):
        made(by)
    assert made(by, uuid=uuid)[1] == ""
    end_token(by=by, token=token)
    assert made(by)[1]


def test_token_is_ended_by_its_maker_once() -> None:
    by = holder()
    token, secret = made(by)
    with pytest.raises(NotAllowed):
        end_token(by=holder(REPORT_VIEWER), token=token)
    ended = end_token(by=by, token=token).ended_at
    assert ended is not None
    assert end_token(by=by, token=token).ended_at == ended
    assert known_token(secret) is None


def test_day_of_its_last_use_is_kept(time_machine: Any) -> None:
    secret = made(holder())[1]
    assert ApiToken.objects.get().last_used_on is None
    time_machine.move_to(clock.now() + timedelta(days=2))
    known_token(secret)
    assert ApiToken.objects.get().last_used_on == clock.today()
