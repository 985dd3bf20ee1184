"""The public check of certificates, and what programs check badges by."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openbadgeslib.ob3 import decode_encoded_list

from school.core import badges, clock, days
from school.courses.actions.certifying import revoke_certificate
from tests import factories as make
from tests.courses import making
from tests.courses.attained import attain, blank, certify, keys

__all__ = ["blank", "keys"]
pytestmark = pytest.mark.django_db


def heading(code: str) -> str:
    """What the check says in its panel, to a stranger."""
    page = Client().get(f"/certificates/{code}/").content.decode()
    return page.split('<h2 class="nhsuk-heading-m">')[1].split("</h2>")[0]


@pytest.mark.usefixtures("blank")
def test_stranger_reads_valid_then_revoked_and_nothing_more() -> None:
    certificate = certify(attain(make.make_person("Alice Amber")))
    code = certificate.code
    assert (heading(code), heading(code.lower())) == ("Valid", "Valid")
    page = Client().get(f"/certificates/{code}/").content.decode()
    assert [word for word in ("Alice", "Amber", "Introductory") if word in page] == []
    revoke_certificate(
        by=making.make_teacher("Gwen Other"), certificate=certificate, reason="No.", uuid=uuid4()
    )
    assert heading(code) == "Revoked"
    assert "No." not in Client().get(f"/certificates/{code}/").content.decode()
    assert heading("0000-0000-0000-0000") == "Nothing was issued under this code"


@pytest.mark.usefixtures("blank")
def test_certificate_holds_through_the_end_of_its_printed_day() -> None:
    version = making.make_version(valid_months=1)
    today = clock.today()
    last = days.add_months(today, -1)
    alice = make.make_person("Alice Amber")
    made = [certify(attain(alice, version, day=day)) for day in (last, last - timedelta(days=2))]
    expected = ["Valid" if made[0].attainment.expires_on >= today else "Expired", "Expired"]  # type: ignore[operator]
    assert [heading(one.code) for one in made] == expected


@pytest.mark.usefixtures("blank")
def test_file_of_a_certificate_is_checked_where_all_are() -> None:
    certificate = certify(attain(make.make_person("Alice Amber")))
    for digest in (certificate.digest, certificate.badge_digest):
        page = Client().get(f"/verify/{digest}/").content.decode()
        assert ("Valid" in page, "The file is unaltered" in page) == (True, True)


@pytest.mark.usefixtures("blank")
def test_list_is_signed_anew_when_a_badge_is_revoked() -> None:
    certificate = certify(attain(make.make_person("Alice Amber")))

    def served() -> Any:
        return Client().get("/badges/status/0/").json()

    def revoked() -> bool:
        bits = decode_encoded_list(served()["credentialSubject"]["encodedList"])
        index = certificate.status_index
        return bool(bits[index // 8] & (0x80 >> index % 8))

    assert served() == served()
    assert revoked() is False
    revoke_certificate(
        by=making.make_teacher("Gwen Other"), certificate=certificate, reason="No.", uuid=uuid4()
    )
    assert revoked() is True
    assert Client().get("/badges/status/100/").status_code == 404


@pytest.mark.usefixtures("keys")
def test_public_keys_stand_at_the_address_that_badges_name() -> None:
    answer = Client().get("/badges/did.json")
    assert answer.json() == badges.controller_document()
    assert answer["Access-Control-Allow-Origin"] == "*"
