"""The pages of sign-off: a student asks, an assessor reads and signs, a lead revokes, a cohort at a glance."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from logbooks.competencies.models import (
    CurrentCompetency,
    NotApplicable,
    Revocation,
    SignOffRequest,
)
from school.core import clock
from school.core.models import LedgerEntry
from school.people.models import AccessLog, Person
from school.people.roles import UNIVERSITY_TUTOR
from tests import factories as make
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers
from tests.placements.browsers import browser as with_factor
from tests.placements.test_views_educator import browser
from tests.placements.test_views_tutor import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Signers:
    return make_signers()


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def day(when: Any, name: str = "day") -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(when, part)) for part in ("day", "month", "year")}


# The student


def test_map_says_what_came_back_first_and_where_everything_stands(here: Signers) -> None:
    here.book.log(touched=("A4",))
    here.signed(1)
    here.signed(2, outcome=NOT_YET)
    here.asked(3)
    shown = page(browser(here.amara), "/log-book/")
    told = (
        *("1 of 4 competencies achieved", "A2 needs another go", "Once more."),
        *("1 waits for an assessor", f"With {here.dilys.name}", "1 examination touches it"),
    )
    assert [words for words in told if words not in shown] == []
    classes = re.findall(r'<a class="(c-[a-z]+)"[^>]*><span>(A\d)</span>', shown)
    assert sorted((code, look) for look, code in classes) == [
        ("A1", "c-done"),
        ("A2", "c-retry"),
        ("A3", "c-wait"),
        ("A4", "c-not"),
    ]


def test_map_without_a_framework_says_so(here: Signers) -> None:
    here.enrolment.cohort.programme.log_book_rules.delete()
    assert "There is no framework yet" in page(browser(here.amara), "/log-book/")
    assert "There is nothing to ask for" in page(browser(here.amara), "/log-book/ask/")


def test_map_of_a_student_is_read_by_their_assessor_and_leaves_a_trace(here: Signers) -> None:
    client = browser(here.dilys)
    shown = page(client, f"/log-books/{here.enrolment.uuid}/")
    assert (here.amara.name in shown, "Ask for sign-off" in shown) == (True, False)
    assert AccessLog.objects.filter(viewer=here.dilys, person=here.amara).exists()


def test_student_asks_for_several_with_what_they_ticked(here: Signers) -> None:
    kept, left = here.book.log(touched=("A1",)), here.book.log(touched=("A1", "A2"))
    client = browser(here.amara)
    one, two = (row.uuid for row in here.competencies[:2])
    assert "A3" in page(client, "/log-book/ask/")
    shown = page(client, f"/log-book/ask/?competency={one}&competency={two}")
    assert (shown.count('name="evidence"'), "Case 2" in shown) == (3, True)
    sent = {
        "batch": str(uuid4()),
        "assessor": f"{here.placement.uuid}.{here.dilys.uuid}",
        "competency": [str(one), str(two)],
        "evidence": [f"{one}.{kept.entry.uuid}", f"{two}.{left.entry.uuid}"],
        "note": "Tuesday’s list.",
    }
    for _ in range(2):
        assert client.post("/log-book/ask/", sent).status_code == 302
    found = {row.competency.code: row.evidence for row in SignOffRequest.objects.all()}
    assert {code: text.split(" ")[0] for code, text in found.items()} == {
        "A1": str(kept.entry.uuid),
        "A2": str(left.entry.uuid),
    }
    assert "You asked Dilys Sampleby to sign 2 competencies." in page(client, "/log-book/")


def test_refused_asking_comes_back_full(here: Signers) -> None:
    here.book.log(touched=("A1",))
    one = str(here.competencies[0].uuid)
    sent = {"batch": str(uuid4()), "competency": [one], "note": "NHS number 943 476 5919"}
    answer = browser(here.amara).post("/log-book/ask/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert ("943 476 5919" in shown, "Choose who signs" in shown, one in shown) == (True,) * 3
    assert "is an NHS number" in shown
    assert SignOffRequest.objects.count() == 0


def test_evidence_of_another_student_is_refused(here: Signers) -> None:
    other = make_signers()
    theirs = other.book.log(touched=("A1",))
    one = str(here.competencies[0].uuid)
    sent = {
        "batch": str(uuid4()),
        "assessor": f"{here.placement.uuid}.{here.dilys.uuid}",
        "competency": [one],
        "evidence": [f"{one}.{theirs.entry.uuid}"],
        "note": "",
    }
    assert browser(here.amara).post("/log-book/ask/", sent).status_code == 422
    assert SignOffRequest.objects.count() == 0


def test_request_is_taken_back_after_a_question(here: Signers) -> None:
    [asked] = here.asked(1)
    client = browser(here.amara)
    address = f"/log-book/asked/{asked.entry.uuid}/take-back/"
    assert "Take back what you asked?" in page(client, address)
    assert SignOffRequest.objects.count() == 1
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302
    assert SignOffRequest.objects.count() == 2
    here.signed(2)
    [answered] = here.asked(3)
    here.signed(3)
    refused = client.post(f"/log-book/asked/{answered.entry.uuid}/take-back/")
    assert (refused.status_code, "answered or changed" in refused.content.decode()) == (409, True)


def test_history_of_a_competency_tells_everything(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    [fact] = here.signed(1, feedback="Calm and clear.")
    here.book.log(touched=("A1",), role="assisted", corrects=entry)
    address = f"/log-books/{here.enrolment.uuid}/competencies/{here.competencies[0].uuid}/"
    shown = page(browser(here.amara), address)
    told = (
        *("Asked for", "Achieved", "Asked again: evidence was changed", "Calm and clear."),
        *("Case 1", "Corrected since", fact.wording.text, entry.entry.hash[:8]),
        *("Proved by", "practice educator", "Able under supervision"),
    )
    assert [words for words in told if words not in shown] == []
    assert "Revoke the sign-off" not in shown
    assert "Revoke the sign-off" in page(browser(here.dilys), address)


# The assessor


def test_inbox_shows_what_waits_and_what_was_signed(here: Signers) -> None:
    here.asked(1, 2)
    here.signed(3)
    shown = page(browser(here.dilys), "/sign-offs/")
    told = ("2 sign-offs wait for you", here.amara.name, "A1, A2", "What you signed lately")
    assert [words for words in told if words not in shown] == []
    assert "No sign-off waits for you" in page(browser(here.cara), "/sign-offs/")


def test_get_writes_nothing(here: Signers) -> None:
    here.asked(1)
    [fact] = here.signed(2)
    one = here.competencies[0]
    before = LedgerEntry.objects.count(), CurrentCompetency.objects.count()
    for person, addresses in (
        (here.amara, ("/log-book/", "/log-book/ask/", f"/log-book/ask/?competency={one.uuid}")),
        (
            here.dilys,
            (
                "/sign-offs/",
                f"/sign-offs/{here.placement.uuid}/",
                f"/sign-offs/signed/{fact.entry.uuid}/revoke/",
            ),
        ),
    ):
        for address in addresses:
            page(browser(person), address)
    assert (LedgerEntry.objects.count(), CurrentCompetency.objects.count()) == before


# The lead


def test_revoking_asks_for_a_day_and_a_reason(here: Signers) -> None:
    [fact] = here.signed(1)
    client = browser(here.dilys)
    address = f"/sign-offs/signed/{fact.entry.uuid}/revoke/"
    assert "Nothing disappears" in page(client, address)
    sent = {"uuid": str(uuid4()), "reason": "", **day(clock.today())}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "reason": "Another student."}).status_code == 302
    assert (Revocation.objects.count(), here.state(1)) == (1, "revoked")
    page(browser(here.cara), address, 404)
    page(browser(here.amara), address, 404)


def test_lead_records_what_does_not_apply_and_asks_it_again(here: Signers) -> None:
    client = with_factor(here.lead)
    one = here.competencies[0]
    address = f"/log-books/{here.enrolment.uuid}/competencies/{one.uuid}/not-applicable/"
    for act, state in (("excuse", "not_applicable"), ("cancel", "open")):
        assert one.code in page(client, address)
        sent = {"uuid": str(uuid4()), "act": act, "reason": "No scanner of this kind."}
        assert client.post(address, sent).status_code == 302
        assert here.state(1) == state
    again = client.post(address, {"uuid": str(uuid4()), "act": "cancel", "reason": "Once more."})
    assert (again.status_code, NotApplicable.objects.count()) == (409, 2)


def test_cohort_matrix_counts_and_is_taken_away(here: Signers) -> None:
    here.asked(1, 2)
    here.signed(1)
    here.signed(3, outcome=NOT_YET)
    tutor = make.make_person("Tamsin Tutor")
    make.make_grant(tutor, UNIVERSITY_TUTOR, here.enrolment.cohort.scope)
    client = with_factor(tutor)
    address = f"/log-books/cohorts/{here.enrolment.cohort.uuid}/"
    shown = page(client, address)
    assert ("1 of 4" in shown, "1 student by 4 competencies" in shown) == (True, True)
    assert '<td class="c-done">A</td><td class="c-wait">W</td><td class="c-retry">N</td>' in shown
    assert "Of 1 request answered in the last 90 days, 1 within 5 working days. 1 waits" in shown
    page(client, f"{address}?sort=achieved")
    _, [row] = table(client, f"{address}file/csv/")
    assert (row["Student"], row["Student number"]) == (
        here.amara.name,
        here.enrolment.student_number,
    )
    counts = [row[name] for name in ("Achieved", "Asked", "Waiting", "Not yet or revoked")]
    assert (counts, row[str(here.competencies[0])]) == (["1", "4", "1", "1"], "achieved")
    workbook = client.get(f"{address}file/xlsx/")
    assert (workbook.status_code, len(b"".join(workbook)) > 1000) == (200, True)  # type: ignore[arg-type]
    assert client.get(f"{address}file/pdf/").status_code == 404
    page(browser(here.dilys), address, 404)


# First pages


def test_first_page_says_what_is_next_and_what_waits(here: Signers) -> None:
    here.signed(1)
    here.signed(2, outcome=NOT_YET)
    here.asked(3)
    later = "/home/later/"
    assert "A2</strong> came back with something to do" in page(browser(here.amara), later)
    assert "<strong>1</strong> waits for you" in page(browser(here.dilys), later)
    shown = page(with_factor(here.lead), later)
    assert f"Competencies of {here.enrolment.cohort.name}" in shown


# Speed


def test_pages_ask_at_most_twelve_questions(here: Signers) -> None:
    entry = here.book.log(touched=("A1", "A2", "A4"))
    here.asked(1, 2, evidence=(entry,))
    here.signed(1)
    here.signed(3, outcome=NOT_YET)
    one = f"/log-books/{here.enrolment.uuid}/competencies/{here.competencies[0].uuid}/"
    asked: list[tuple[Person, str]] = [
        (here.amara, "/log-book/"),
        (here.amara, f"/log-book/ask/?competency={here.competencies[3].uuid}"),
        (here.amara, one),
        (here.dilys, one),
        (here.dilys, "/sign-offs/"),
        (here.dilys, f"/sign-offs/{here.placement.uuid}/"),
        (here.dilys, f"/sign-offs/{here.placement.uuid}/?add=1"),
    ]
    found = {
        f"{person.name}: {address}": queries_of(browser(person), address)
        for person, address in asked
    }
    found[one] = queries_of(with_factor(here.lead), one)
    assert {address: number for address, number in found.items() if number > 12} == {}


def test_matrix_asks_the_same_for_one_student_and_for_many() -> None:
    here = make_signers(20)
    client = with_factor(here.lead)
    address = f"/log-books/cohorts/{here.enrolment.cohort.uuid}/"
    one = queries_of(client, address)
    others = [make.make_student(f"Student {n}") for n in range(15)]
    rows = [
        CurrentCompetency(enrolment=student, competency=competency, state="open")
        for student in others
        for competency in here.competencies
    ]
    CurrentCompetency.objects.bulk_create(rows)
    many = queries_of(client, address)
    assert (many == one, many <= 10) == (True, True), (one, many)
