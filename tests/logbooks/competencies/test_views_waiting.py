"""What waits is one figure on every page, and what was revoked says so before what waits beside it."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from logbooks.competencies.actions.revoking import revoke
from logbooks.competencies.models import SignOff
from school.core import clock
from school.people.roles import UNIVERSITY_TUTOR
from tests import factories as make
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers
from tests.placements.browsers import browser as with_factor
from tests.placements.test_views_educator import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Signers:
    """A1 is achieved with changed evidence, A2 revoked and asked again, A3 asked, A4 revoked after its evidence was changed."""
    here = make_signers()
    entry = here.book.log(touched=("A1", "A4"))
    here.asked(1, 4, evidence=(entry,))
    here.signed(2, outcome=NOT_YET)
    here.asked(2, 3)
    revoked(here, here.row(2).sign_off)  # type: ignore[union-attr]
    here.signed(1, 4)
    here.book.log(touched=("A1", "A4"), role="assisted", corrects=entry)
    revoked(here, here.row(4).sign_off)  # type: ignore[union-attr]
    return here


def revoked(here: Signers, fact: SignOff | None) -> None:
    assert fact is not None
    revoke(by=here.lead, sign_off=fact, day=clock.today(), reason="Another student.", uuid=uuid4())


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_three_wait_on_every_page(here: Signers) -> None:
    tutor = make.make_person("Tamsin Tutor")
    make.make_grant(tutor, UNIVERSITY_TUTOR, here.enrolment.cohort.scope)
    address = f"/log-books/cohorts/{here.enrolment.cohort.uuid}/"
    assert "3 sign-offs wait for you" in page(browser(here.dilys), "/sign-offs/")
    assert "3 wait for an assessor. 2 came back. " in page(browser(here.amara), "/log-book/")
    assert "3 wait for an assessor" in page(browser(here.amara), "/home/later/")
    client = with_factor(tutor)
    shown = page(client, address)
    assert (": 1 of 4 achieved" in shown, "3 wait, the oldest" in shown) == (True, True)
    assert "<td>1 of 4</td><td>3</td><td>2</td>" in shown
    cells = ("c-done", "A, W"), ("c-retry", "R, W"), ("c-wait", "W"), ("c-retry", "R")
    assert re.findall(r'<td class="(c-[a-z]+)">([^<]+)</td>', shown) == list(cells)
    file = b"".join(client.get(f"{address}file/csv/")).decode()  # type: ignore[arg-type]
    assert "Achieved,Asked,Waiting,Not yet or revoked,Year," in file
    assert ",1,4,3,2," in file
    assert (
        ",achieved; changed evidence waits for the assessor,"
        "revoked; a request waits for an assessor,waiting for an assessor,revoked"
    ) in file


def test_map_says_revoked_before_what_waits(here: Signers) -> None:
    shown = page(browser(here.amara), "/log-book/")
    cells = re.findall(r'<a class="(c-[a-z]+)"[^>]*><span>(A\d)</span>', shown)
    assert sorted((code, look) for look, code in cells) == [
        ("A1", "c-done"),
        ("A2", "c-retry"),
        ("A3", "c-wait"),
        ("A4", "c-retry"),
    ]
    assert ("A2 was revoked" in shown, "A4 was revoked" in shown) == (True, True)
    # Only what waits for nobody is asked for anew.
    asks = [f"Ask for sign-off of {code}" in shown for code in ("A2", "A4")]
    assert asks == [False, True]


def test_assessor_reads_who_revoked_what_they_are_asked_for_and_why(here: Signers) -> None:
    shown = page(browser(here.dilys), f"/sign-offs/{here.placement.uuid}/")
    assert shown.count('name="line"') == 3
    assert shown.count(f"Revoked by {here.lead.name} from") == 1
    assert shown.count("because: “Another student.”") == 1
    assert shown.count("The sign-off stands") == 1
