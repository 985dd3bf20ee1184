"""Signing without signing in, in few words: an assessor without an account, codes, PINs, and browsers."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.competencies.actions import links, remote
from logbooks.competencies.actions.signing import Signing
from logbooks.competencies.models import LogBookRules, SigningLink, SignOff
from logbooks.competencies.signing_rules import Item
from placements.models import Supervision
from school.core import clock
from school.core.errors import DomainError
from school.people.link_codes import CODE_PAUSE
from school.people.merging import merge_people
from school.people.models import Mail, Person
from school.people.roles import ADMINISTRATOR
from tests import factories as make
from tests.logbooks.competencies.signers import Signers
from tests.people.cast import newest_mail, six_digits, with_account

MORAG = "morag.mentor@example.nhs.uk"
PIN = "274951"


def make_morag(here: Signers, email: str = MORAG) -> Person:
    """A day-to-day supervisor of the placement who has no account."""
    morag = make.make_person("Morag Mentor", email=email, account=False)
    here.supervise(morag, Supervision.Capacity.SUPERVISOR)
    return morag


def make_one(kept: Person, merged: Person) -> None:
    """An administrator says that two persons are one."""
    ada = with_account("Ada Ash", ADMINISTRATOR)
    merge_people(kept=kept, merged=merged, by=ada, uuid=uuid4())


def switch(**switches: bool) -> None:
    """The switches of the programme's ways of signing."""
    rules = LogBookRules.objects.get()
    for name, value in switches.items():
        setattr(rules, name, value)
    rules.save()


def token_in(mail: Mail) -> str:
    """The token of the link in a mail."""
    found = re.search(r"/sign-by-link/([^/\s]+)/", mail.body)
    assert found
    return found[1]


def code() -> str:
    """The code that was sent last."""
    return six_digits(newest_mail("sign_off_code").body)


def other_than(digits: str) -> str:
    """Six other digits."""
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def later() -> None:
    """So long after the last code that another may follow."""
    for link in SigningLink.objects.exclude(code_sent_at=None):
        assert link.code_sent_at is not None
        link.code_sent_at -= CODE_PAUSE
        link.save()


def send(here: Signers, items: Iterable[Item], *, to: str = "", **more: Any) -> str:
    """A code is sent, to Dilys unless told otherwise, and read."""
    assessor: Person = more.pop("assessor", here.dilys)
    by: Person = more.pop("by", here.amara)
    remote.send_phone_code(
        by=by,
        placement=here.placement,
        assessor=assessor,
        address=to or assessor.email,
        items=list(items),
        said=here.said(**more),
    )
    return code()


def by_code(here: Signers, items: Iterable[Item], digits: str, **more: Any) -> Signing:
    """The code is typed on Amara's phone."""
    assessor: Person = more.pop("assessor", here.dilys)
    by: Person = more.pop("by", here.amara)
    return remote.sign_by_phone_code(
        by=by,
        placement=here.placement,
        assessor=assessor,
        items=list(items),
        said=here.said(**more),
        code=digits,
    )


def by_pin(here: Signers, items: Iterable[Item], pin: str = PIN, **more: Any) -> Signing:
    """A PIN is typed on Amara's phone."""
    return remote.sign_by_pin(
        by=here.amara,
        placement=here.placement,
        assessor=more.pop("assessor", here.dilys),
        items=list(items),
        said=here.said(**more),
        pin=pin,
    )


def through_the_door(client: Client | None = None) -> tuple[Client, str]:
    """A browser in which the code of the link that was sent last was typed, and the address of the link."""
    client = client or Client()
    address = f"/sign-by-link/{token_in(newest_mail('sign_off_link'))}/"
    assert client.post(f"{address}code/").status_code == 302
    assert client.post(address, {"code": code()}).status_code == 302
    return client, address


def ran_out(link: SigningLink) -> None:
    """A link whose seven days are over."""
    SigningLink.objects.filter(pk=link.pk).update(expires_at=clock.now())


def refused(act: Callable[[], object], words: str, field: str | None = None) -> DomainError:
    """The rule that refuses; nothing is signed."""
    before = SignOff.objects.count()
    with pytest.raises(DomainError, match=words) as caught:
        act()
    assert SignOff.objects.count() == before
    if field is not None:
        assert caught.value.field == field
    return caught.value


def opened(here: Signers) -> SigningLink:
    """The link that Morag got when she was asked for the first competency."""
    here.asked(1, of=make_morag(here))
    return links.open_link(token_in(newest_mail("sign_off_link")))


def by_link(here: Signers, link: SigningLink, number: int = 1) -> Signing:
    """Whoever has the link signs a competency by it."""
    return remote.sign_by_link(link=link, items=[here.item(number)], said=here.said())
