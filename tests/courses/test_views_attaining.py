"""The pages of attainments: one's own, those that one keeps, and what is taken back on them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from school.core.codes import grouped
from school.courses import certificates
from school.courses.models import AttainmentVoid, Revocation
from school.people.models import Person
from tests import factories as make
from tests.courses import making
from tests.courses.attained import any_version, attain, blank, certify, keys
from tests.placements.browsers import browser, words

__all__ = ["blank", "keys"]
pytestmark = pytest.mark.django_db


def own(person: Person) -> Any:
    return browser(person, second_factor=False)


@pytest.mark.usefixtures("blank")
def test_holder_downloads_the_certificate_and_the_badge_and_shares_the_check() -> None:
    alice = make.make_person("Alice Amber")
    certificate = certify(attain(alice))
    page = f"/attainments/{certificate.attainment.entry.uuid}/"
    client = own(alice)
    said = words(client.get(page))
    assert certificates.address(certificate.code) in said
    assert "Make the attainment void" not in said
    pdf, badge = client.get(f"{page}certificate/"), client.get(f"{page}badge/")
    assert (pdf.content, badge.content) == (
        certificates.kept_pdf(certificate),
        certificates.kept_badge(certificate),
    )
    assert pdf["Content-Disposition"] == (
        f'attachment; filename="certificate-{grouped(certificate.code)}.pdf"'
    )
    assert "Introductory Day" in words(client.get("/my-learning/"))
    stranger = own(make.make_person("Mo Forinstance"))
    assert [stranger.get(url).status_code for url in (page, f"{page}badge/")] == [404, 404]


@pytest.mark.usefixtures("blank")
def test_school_educator_revokes_and_the_holder_reads_why() -> None:
    alice = make.make_person("Alice Amber")
    certificate = certify(attain(alice))
    page = f"/attainments/{certificate.attainment.entry.uuid}/"
    client = browser(making.make_teacher())
    assert client.post(f"{page}revoke/", {"uuid": uuid4(), "reason": ""}).status_code == 422
    answer = client.post(f"{page}revoke/", {"uuid": uuid4(), "reason": "The wrong person."})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert Revocation.objects.count() == 1
    said = words(own(alice).get(page))
    assert "The wrong person." in said
    assert "Attained, certificate revoked" in said
    client.post(f"{page}void/", {"uuid": uuid4(), "reason": "Never there."})
    assert AttainmentVoid.objects.count() == 1
    assert own(alice).get(f"{page}revoke/").status_code == 404


def test_list_asks_as_often_for_thirty_as_for_one_and_is_taken_away() -> None:
    alice, version = make.make_person("Alice Amber"), any_version()
    page = f"/learners/{alice.uuid}/"
    attain(alice, version)
    client = own(alice)
    client.get(page)
    asked = []
    for more in (0, 29):
        for _ in range(more):
            attain(alice, version)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            said = words(client.get(page))
        asked.append(len([one for one in queries if "SAVEPOINT" not in one["sql"]]))
    assert said.count("Introductory Day") == 30
    assert asked[0] == asked[1]
    assert asked[0] <= 12
    file = client.get(f"{page}file/csv/")
    assert b"".join(file).decode().count("Introductory Day") == 30  # type: ignore[arg-type]


def test_learners_are_found_by_name_by_who_keeps_their_records() -> None:
    make.make_person("Alice Amber")
    client = browser(making.make_teacher())
    said = words(client.get("/learners/?name=alice"))
    assert ("Alice Amber" in said, "Greta Placeholder</a>" in said) == (True, False)
    assert own(make.make_person("Bob Birch")).get("/learners/").status_code == 403
