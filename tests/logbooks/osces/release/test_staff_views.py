"""Results of an exam on their pages: released, read by number, traced mark by mark, and appealed."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.test import Client

from logbooks.osces.models import (
    AmendmentAsked,
    AmendmentRefused,
    AppealAnswered,
    Appealed,
    MarkSheet,
    Outcome,
    ResultsReleased,
    SheetClosed,
)
from logbooks.osces.release import actions, panels, queries
from school.core import ledger
from school.core.ledger import Draft
from school.people.models import Person
from school.people.network import ensure_network
from school.people.roles import EXTERNAL_EXAMINER, SCHOOL_EDUCATOR
from tests.factories import make_grant
from tests.logbooks.osces.day.made import Day
from tests.logbooks.osces.exams.made import design, drafted
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.pressing import press
from tests.logbooks.osces.release.made import decided, marked, recorded, released, tap
from tests.logbooks.osces.stations.made import educator, published
from tests.logbooks.osces.test_panels import Worn
from tests.people.cast import with_account
from tests.placements.browsers import browser, queries_of

pytestmark = pytest.mark.django_db
TOTALS = [(5, 4), (2, 1)]


@pytest.fixture
def made() -> Day:
    return marked(TOTALS)


@pytest.fixture
def external() -> Person:
    return with_account("Edda External", EXTERNAL_EXAMINER)


def address(made: Day, page: str = "") -> str:
    return f"/osces/exams/{made.exam.uuid}/results/{page}"


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def appealed(made: Day) -> Appealed:
    candidate = made.candidates[1]
    return actions.appeal(
        by=candidate.enrolment.person,
        outcome=queries.outcomes(made.exam)[candidate.uuid],
        words="The alarm rang in S1.",
        uuid=uuid4(),
    )


def test_results_are_by_number_until_a_second_person_releases_them(made: Day) -> None:
    reader = browser(made.reader)
    page = words(reader, address(made))
    assert "The board has set no standard yet." in page
    recorded(made)
    page = words(reader, address(made))
    for said in (
        "As in the years before.",
        "Bella Board, Boris Board",
        "Wanda Writer",
        "Did not pass",
    ):
        assert said in page, said
    assert "Student 1" not in page
    page = press(reader, address(made), "Release the results")
    assert "The results are released, and every candidate is told." in page
    assert ("Student 1" in page, "Release the results" in page) == (True, False)
    assert Outcome.objects.count() == 2


def test_whoever_recorded_the_standard_has_no_button_and_no_way(made: Day) -> None:
    standard = recorded(made)
    writer = browser(made.writer)
    assert "somebody else releases the results" in words(writer, address(made))
    sent = {"standard": standard.entry.uuid, "uuid": uuid4()}
    answer = writer.post(address(made, "release/"), sent, follow=True)
    assert "You recorded this standard" in answer.content.decode()
    assert (
        "press the button"
        in writer.post(address(made, "release/"), {}, follow=True).content.decode()
    )
    assert not ResultsReleased.objects.exists()


def test_marks_that_changed_are_said_in_place_of_the_button(made: Day) -> None:
    recorded(made)
    close(made, made.candidates[0], made.stations[0], 1, 1, examiner=educator("Stray Examiner"))
    page = words(browser(made.reader), address(made))
    assert ("set anew before anything is released" in page, "Release the results" in page) == (
        True,
        False,
    )


def traced(made: Day) -> MarkSheet:
    """The first sheet of the first candidate with taps before and after its closing, amended once and refused once."""
    sheet = MarkSheet.objects.get(candidate=made.candidates[0], place=made.stations[0].place)
    closed = SheetClosed.objects.get(sheet=sheet)
    first = tap(sheet, 1, str(UUID(int=1)), 1)
    tap(sheet, 2, str(UUID(int=1)), 2, seen=str(first.entry.uuid))
    tap(sheet, 3, "grade", 4, paper=True)
    tap(sheet, 4, str(UUID(int=2)), said="not_observed")
    tap(sheet, 5, "comment", words="Alice was calm.")
    asked = AmendmentAsked(sheet=sheet, of=closed, marks=closed.marks, digest=closed.digest)
    left = AmendmentAsked(sheet=sheet, of=closed, marks=closed.marks, digest=closed.digest)
    amended = SheetClosed(
        sheet=sheet, marks=closed.marks, digest=closed.digest, total=3, grade=2, supersedes=closed, asked=asked
    )  # fmt: skip
    facts = [(asked, "A slip."), (left, "Another slip."), (AmendmentRefused(asked=left), ""), (amended, "")]  # fmt: skip
    with ledger.writing(sheet.book) as pen:
        for fact, reason in facts:
            texts = {"reason": reason} if reason else {}
            draft = Draft(fact=fact, book=sheet.book, about_from=made.exam.day, texts=texts)
            pen.append([draft], by=made.writer.uuid)
    return sheet


def test_trail_tells_every_tap_closing_and_amendment(made: Day) -> None:
    sheet = traced(made)
    released(made)
    page = words(browser(made.reader), address(made, "101/"))
    for said in (
        "Student 1",
        "Checks identity: 1 of 2",
        "Followed by a later one",
        "Checks identity: 2 of 2",
        "Overall grade: Good",
        "typed from paper",
        "Asks about diabetes: not observed",
        "Arrived after the sheet was closed",
        "Alice was calm.",
        "Closed: 5 of 5, Good",
        "An amendment was asked for",
        "A slip.",
        "The amendment was refused",
        "Amended: 3 of 5, Borderline",
        "Standard set: pass mark 6",
        "Results released",
        "device 0000, number 1",
    ):
        assert said in page, said
    assert page.index("Closed: 5 of 5") < page.index("Amended: 3 of 5") < page.index("Standard set")
    for closing in sheet.closings.select_related("entry"):
        assert closing.entry.hash in page
        assert closing.digest in page


def test_appeal_is_answered_where_its_trail_is_read(made: Day) -> None:
    released(made)
    asked = appealed(made)
    reader, trail = browser(made.reader), address(made, "102/")
    assert "Student 2" in words(reader, "/osces/appeals/")
    assert panels.home(Worn(made.reader))[0].context == {"waiting": 1}  # type: ignore[arg-type]
    assert "The alarm rang in S1." in words(reader, trail)
    to = f"/osces/appeals/{asked.entry.uuid}/"
    wrong = reader.post(to, {"upheld": "", "words": "We heard it.", "uuid": uuid4()})
    assert wrong.status_code == 422
    assert "We heard it." in wrong.content.decode()
    assert "<title>Error:" in wrong.content.decode()
    barred = browser(made.writer)
    assert "You recorded this standard" in words(barred, trail)
    sent = {"upheld": "yes", "words": "We heard it.", "uuid": uuid4()}
    assert barred.post(to, sent).status_code == 403
    for _ in range(2):
        assert reader.post(to, sent).status_code == 302
    assert reader.post(to, {**sent, "uuid": uuid4()}).status_code == 409
    assert ("Upheld" in words(reader, trail), "Upheld" in words(reader, "/osces/appeals/")) == (
        True,
        True,
    )
    assert panels.home(Worn(made.reader)) == []  # type: ignore[arg-type]


def test_external_examiner_reads_everything_and_no_name_of_a_student(
    made: Day, external: Person
) -> None:
    traced(made)
    released(made)
    asked = appealed(made)
    actions.answer(by=made.reader, appeal=asked, upheld=False, words="Dear Student 2", uuid=uuid4())
    client = browser(external)
    station = made.stations[0].place.version
    assert station
    pages = [
        "/osces/exams/",
        f"/osces/exams/{made.exam.uuid}/",
        f"/osces/stations/{station.station.uuid}/versions/1/",
        address(made),
        address(made, "101/"),
        address(made, "102/"),
    ]
    for page in pages:
        shown = words(client, page)
        assert "Student 1" not in shown, page
        assert "Student 2" not in shown, page
        assert "Alice was calm" not in shown, page
        assert "The alarm rang" not in shown, page
        assert 'method="post" action="/osces/' not in shown, page
        for link in re.findall(r'href="(/osces/[^"]+)"', shown):
            assert client.get(link).status_code == 200, link
    assert "As in the years before." in words(client, address(made))
    assert "Not upheld" in words(client, address(made, "102/"))
    assert [one.template for one in panels.home(Worn(external))] == [
        "osces/release/panel_reader.html"
    ]  # type: ignore[arg-type]


def test_external_examiner_changes_nothing_and_reads_no_draft(made: Day, external: Person) -> None:
    client = browser(external)
    draft = drafted(made.writer, design())
    unused = published(made.writer, made.reader)
    assert client.get(f"/osces/exams/{draft.uuid}/").status_code == 404
    assert str(draft.uuid) not in words(client, "/osces/exams/")
    assert client.get(f"/osces/stations/{unused.station.uuid}/versions/1/").status_code == 404
    standard = recorded(made)
    sent = {"standard": standard.entry.uuid, "uuid": uuid4()}
    assert client.post(address(made, "release/"), sent).status_code == 403
    for page in ("/osces/appeals/", "/osces/stations/", "/osces/exams/new/", "/osces/marks/"):
        assert client.get(page).status_code == 403, page
    assert client.post(f"/osces/exams/{made.exam.uuid}/drop/").status_code == 403
    assert not ResultsReleased.objects.exists()


def test_standard_set_anew_leaves_candidates_the_results_that_they_have(made: Day) -> None:
    first = recorded(made)
    client = browser(made.reader)
    assert "candidates know nothing of them" in words(client, address(made))
    released(made, first)
    recorded(made, decided(made, needed=2), after=first)
    page = words(client, address(made))
    assert "candidates still see their results by the standard before" in page
    assert "candidates know nothing" not in page
    assert "Every candidate whose result is another one now is told at once" in page


def test_reasons_against_a_candidate_are_whole_sentences(made: Day) -> None:
    said = decided(made)
    against = ("The total is below the pass mark.", "Stations passed: 0; 2 are needed.")
    results = (said.results[0], replace(said.results[1], reasons=against))
    recorded(made, replace(said, results=results))
    shown = words(browser(made.reader), address(made))
    assert (
        "Did not pass. The total is below the pass mark. Stations passed: 0; 2 are needed.<"
        in shown
    )


def test_exam_that_is_not_frozen_has_no_results(made: Day) -> None:
    draft = drafted(made.writer, design())
    assert browser(made.reader).get(f"/osces/exams/{draft.uuid}/results/").status_code == 404


def test_whoever_marked_the_candidate_reads_who_answers_and_finds_no_form(made: Day) -> None:
    traced(made)
    released(made)
    asked = appealed(made)
    examiner = made.examiners[0][0]
    make_grant(examiner, SCHOOL_EDUCATOR, ensure_network())
    there = browser(examiner)
    shown = words(there, address(made, "102/"))
    assert "You marked this candidate, so somebody else answers the appeal." in shown
    assert "Answer the appeal" not in shown
    sent = {"upheld": "no", "words": "We looked.", "uuid": str(uuid4())}
    there.post(f"/osces/appeals/{asked.entry.uuid}/", sent)
    assert not AppealAnswered.objects.exists()


def test_pages_take_few_queries(made: Day) -> None:
    traced(made)
    reader = browser(made.reader)
    assert queries_of(reader, address(made)) <= 12
    released(made)
    appealed(made)
    for page in (address(made), address(made, "101/"), address(made, "102/"), "/osces/appeals/"):
        assert queries_of(reader, page) <= 12, page
