"""Nothing of a mark reaches a student before release: every page is as it was before there was any mark."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django_tasks_db.models import DBTaskResult

from logbooks.cpd.models import Noticed
from logbooks.osces.models import Candidate
from placements.models import StageTask
from school.core import clock
from school.people.models import Mail
from tests.access.routes import project_routes
from tests.logbooks.cpd.told import hear
from tests.logbooks.osces.day.made import Day, day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.release.made import decided, recorded, released, tap
from tests.placements.browsers import browser

pytestmark = pytest.mark.django_db
# Where a student is at home, beside all addresses of OSCEs.
ELSEWHERE = ("home/", "log-book", "my-learning/", "messages/", "account/messages/", "statements/")
# What tells of a result of one.s own.
OWN = ("osces/results/", "home/later/", "messages/", "account/messages/")
TOTALS = [(5, 4), (2, 1), (3, 3), (4, 2), (1, 5)]
PASSES, FAILS = 0, 1
# What is made anew with each page.
ANEW = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|name="\w+" value="[0-9a-f-]{36}"|nonce="[^"]+"')  # fmt: skip


def filled(route: str, made: Day, candidate: Candidate) -> str:
    """The address of a route, with whatever of this exam and this candidate its parts may name."""
    values = {
        "exam": made.exam.uuid,
        "candidate": candidate.uuid,
        "number": candidate.number,
        "enrolment": candidate.enrolment.uuid,
        "stage": StageTask.objects.filter(code="osce").values_list("stage__uuid", flat=True)[0],
        "task": "osce",
        "format": "csv",
        "table": "marks",
        "version": made.stations[0].place.version.uuid,  # type: ignore[union-attr]
        "station": made.stations[0].place.version.station.uuid,  # type: ignore[union-attr]
    }
    kinds = {"uuid": made.exam.uuid, "int": 1, "str": "marks", "slug": "marks"}

    def value(part: re.Match[str]) -> str:
        return str(values.get(part[2], kinds[part[1]]))

    return "/" + re.sub(r"<(\w+):(\w+)>", value, route)


def walked(client: Client, made: Day, candidate: Candidate) -> dict[str, tuple[int, str]]:
    """The status and the words of every page, looked at and sent empty."""
    found = {}
    for route in project_routes():
        ours = route.startswith("osces/")
        if not (ours or route.startswith(ELSEWHERE)) or "logout" in route:
            continue
        address = filled(route, made, candidate)
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        found[f"GET {address}"] = (answer.status_code, ANEW.sub("", body.decode(errors="replace")))
        if ours:
            sent = client.post(address)
            found[f"POST {address}"] = (sent.status_code, "")
    return found


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """Files say when they were made."""
    with time_machine.travel(clock.now(), tick=False):
        yield


def test_students_pages_are_the_same_without_marks_with_marks_and_with_a_standard() -> None:
    made = day(candidates=len(TOTALS))
    who = [made.candidates[place] for place in (PASSES, FAILS)]
    clients = [browser(one.enrolment.person, second_factor=False) for one in who]
    # Pages that are opened for the first time may say so.
    for client, one in zip(clients, who, strict=True):
        walked(client, made, one)
    before = [walked(client, made, one) for client, one in zip(clients, who, strict=True)]
    assert len(before[0]) > 60

    def changes(before: list[dict[str, tuple[int, str]]]) -> set[str]:
        now = [walked(client, made, one) for client, one in zip(clients, who, strict=True)]
        return {
            page
            for was, own in zip(before, now, strict=True)
            for page in was
            if was[page] != own[page]
        }

    for candidate, own in zip(made.candidates, TOTALS, strict=True):
        for station, total in zip(made.stations, own, strict=True):
            close(made, candidate, station, total, max(total - 1, 1))
    for sheet in made.exam.sheets.all():
        tap(sheet, 1, "comment", words="Calm and clear.")
    assert not changes(before)

    standard = recorded(made)
    assert [one.passed for one in decided(made).results][:2] == [True, False]
    assert not changes(before)
    assert (Mail.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    # Examiners are noticed to have examined, and candidates nothing.
    hear()
    people = [one.enrolment.person for one in made.candidates]
    assert Noticed.objects.count() == made.exam.sheets.count()
    assert not Noticed.objects.filter(person__in=people).exists()
    assert not changes(before)
    for statuses in before:
        assert {
            status for page, (status, _) in statuses.items() if page.startswith("POST /osces/")
        } <= {403, 404, 405}

    released(made, standard)
    after = [walked(client, made, one) for client, one in zip(clients, who, strict=True)]
    for was, now, one in zip(before, after, who, strict=True):
        changed = {page for page in was if was[page] != now[page]}
        assert f"GET /osces/results/{one.uuid}/" in changed
        assert "GET /home/later/" in changed
    assert Mail.objects.count() == len(TOTALS)
    assert set(Mail.objects.values_list("subject", flat=True)) == {"Your OSCE result is there"}
    hear()
    told = Noticed.objects.filter(person__in=people).values_list("kind", "title", "minutes")
    assert list(told) == [("assessment", f"OSCE: {made.exam.title}", None)] * len(TOTALS)


def test_students_do_not_read_each_others_results_by_any_address() -> None:
    made = day(candidates=2)
    for candidate in made.candidates:
        for station in made.stations:
            close(made, candidate, station, 4, 3)
    first, second = made.candidates
    client = browser(first.enrolment.person, second_factor=False)
    before = walked(client, made, second)
    released(made)
    after = walked(client, made, second)
    changed = {page for page in before if before[page] != after[page]}
    # What changed is of their own: the list, the card, the mail.
    assert changed <= {f"GET /{page}" for page in OWN}
