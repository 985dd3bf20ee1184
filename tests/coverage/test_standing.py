"""The kept state is taken in by a worker when much was recorded; a page waits for few people at most."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from school.core import clock
from school.core.models import LedgerEntry
from school.courses.models import Attainment
from school.coverage import counting, standing
from school.coverage.actions.tokens import make_token
from school.coverage.models import ApiToken, Satisfied, TakenIn
from school.coverage.states import Question, State
from tests.coverage.making import Staff, manager
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db
PAGES = ("/coverage/", "/coverage/trend/", "/coverage/people/", "/coverage/lapses/", "/coverage/changes/")  # fmt: skip


@pytest.fixture
def much(monkeypatch: pytest.MonkeyPatch) -> Staff:
    """More people than a page waits for, all with something new."""
    monkeypatch.setattr(standing, "AT_ONCE", 2)
    staff = Staff()
    staff.ask("fire", ["Fire"], date(2026, 1, 1), active_months=600)
    for name in ("a", "b", "c"):
        staff.term(name, "North", "Radiographer", date(2026, 1, 1))
        staff.attain(name, "Fire", date(2026, 2, 1))
    return staff


def test_page_says_that_it_comes_when_much_is_worked_out(much: Staff) -> None:
    by = manager()
    client = browser(by)
    for page in PAGES:
        answer = client.get(page)
        assert (answer.status_code, answer["Retry-After"]) == (503, "15")
        assert "the training of 3 people is being worked out" in answer.content.decode()
        assert answer["Refresh"] == "15"
    assert not Satisfied.objects.exists()
    standing.take_in.call()
    assert {client.get(page).status_code for page in PAGES} == {200}


def test_other_pages_go_without_the_panel(much: Staff) -> None:
    client = browser(manager())
    for page in ("/home/", "/home/later/", "/my-learning/"):
        assert client.get(page).status_code == 200


def test_api_says_when_to_ask_again(much: Staff) -> None:
    until = clock.today() + timedelta(days=30)
    secret = make_token(
        by=manager(), name="Board", scope=ApiToken.Scope.FIGURES, expires_on=until, uuid=uuid4()
    )[1]
    answer = Client().get("/api/coverage", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "15")
    assert "being worked out" in answer.json()["detail"]


def test_worker_passes_what_concerns_no_training(much: Staff) -> None:
    """Or each page would look through all of it again."""
    standing.take_in.func()
    much.away("a", date(2026, 3, 1))
    newest = LedgerEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    standing.bring_up()
    assert TakenIn.objects.get().entry < newest
    standing.take_in.func()
    assert TakenIn.objects.get().entry == newest


def test_whoever_is_no_page_takes_in_as_many_as_there_are(much: Staff) -> None:
    today = clock.today()
    [tally] = counting.tallies(Question(today, today))
    assert (tally.state, tally.people) == (State.IN_DATE, Attainment.objects.count())
