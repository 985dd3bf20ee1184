"""The pages of the log: logging, correcting, taking back, the lists and their files, and the range."""

import csv
import io
from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from logbooks.competencies.actions import log
from logbooks.competencies.models import LogEntry
from school.core import clock, ledger
from tests import factories as make
from tests.logbooks.competencies.book import LogBook, make_log_book

pytestmark = pytest.mark.django_db

NHS_NUMBER = "943 476 5919"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _on_a_thursday() -> Iterator[None]:
    with time_machine.travel("2026-11-19T16:30:00Z", tick=False):
        yield


@pytest.fixture
def book() -> LogBook:
    return make_log_book()


@pytest.fixture
def amara(book: LogBook, client: Client) -> Client:
    client.force_login(book.student.user)
    return client


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def words(answer: Any) -> str:
    """The page as one line of text with its markup."""
    return " ".join(unescape(answer.content.decode()).split())


def send(client: Client, book: LogBook, **changes: Any) -> Any:
    return client.post(reverse("log_examination"), book.typed(**changes))


def queries(client: Client, url: str, data: dict[str, Any] | None = None) -> int:
    """How many statements an address takes, those that only open and close transactions apart."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url) if data is None else client.post(url, data)
    assert answer.status_code in (200, 302)
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return len([q for q in seen.captured_queries if not q["sql"].startswith(control)])


# Logging


def test_first_examination_begins_with_today(amara: Client, book: LogBook) -> None:
    answer = amara.get(reverse("log_examination"))
    page = words(answer)
    assert answer.context["form"].initial["day"] == clock.today()
    assert book.educator.name in page
    assert "A1 Finds the way to the scanner" not in page  # of year 1, and this is year 3


def test_next_examination_begins_as_the_last_one_was(amara: Client, book: LogBook) -> None:
    book.log(examination=book.brain, role="assisted", model="gibbs", reflection="Description\nX")
    form = amara.get(reverse("log_examination")).context["form"]
    initial = form.initial
    assert (initial["examination"], initial["tracer"], initial["role"], initial["operator"]) == (
        book.brain.code,
        book.fdg.code,
        "assisted",
        str(book.educator.uuid),
    )
    assert initial["model"] == "gibbs"


def test_examination_is_logged(amara: Client, book: LogBook) -> None:
    answer = send(
        amara, book, touched=["A1"], what_what="The arms moved.", what_now_what="Ask first."
    )
    entry = LogEntry.objects.get()
    assert answer.url == reverse("examination", args=[entry.uuid])
    assert (entry.touched, entry.model) == ("A1", "what")
    assert (
        ledger.private_text(entry, "reflection")
        == "What?\nThe arms moved.\n\nNow what?\nAsk first."
    )
    assert "Logged as case 1: Half body, FDG, Thursday 19 November." in words(amara.get(answer.url))


def test_double_click_is_one_examination(amara: Client, book: LogBook) -> None:
    data = book.typed()
    urls = {amara.post(reverse("log_examination"), data).url for _ in range(2)}
    assert len(urls) == 1
    assert LogEntry.objects.count() == 1


def test_same_again_from_another_window_is_asked_about_once(amara: Client, book: LogBook) -> None:
    answer = amara.get(reverse("log_examination"))
    assert "another patient" not in words(answer)
    opened = answer.context["form"].initial["opened"]
    send(amara, book, opened=opened)
    answer = send(amara, book, opened=opened)
    page = words(answer)
    assert (answer.status_code, LogEntry.objects.count()) == (422, 1)
    assert "as case 1. Say whether this is another patient." in page
    assert "This is another patient" in page
    assert send(amara, book, opened=opened, another_patient="on").status_code == 302
    seen = LogEntry.objects.latest("pk").entry.recorded_at.isoformat()
    assert send(amara, book, opened=seen).status_code == 302
    assert LogEntry.objects.count() == 3


def test_other_content_under_the_same_uuid_shows_what_was_sent_first(
    amara: Client, book: LogBook
) -> None:
    data = book.typed()
    amara.post(reverse("log_examination"), data)
    answer = amara.post(reverse("log_examination"), {**data, "role": "direct"})
    assert answer.status_code == 409
    assert "Open what was sent first" in words(answer)


def test_empty_form_says_what_is_missing(amara: Client, book: LogBook) -> None:
    answer = amara.post(reverse("log_examination"), {"uuid": str(uuid4())})
    page = words(answer)
    assert answer.status_code == 422
    for message in (
        "Enter the date",
        "Choose the examination",
        "Choose the tracer",
        "Choose what you did",
        "Choose who supervised you",
    ):
        assert message in page


def test_nhs_number_is_refused_and_nothing_typed_is_lost(amara: Client, book: LogBook) -> None:
    answer = send(amara, book, what_what=f"I saw {NHS_NUMBER}.", words_checked="on")
    page = words(answer)
    assert answer.status_code == 422
    assert f"“{NHS_NUMBER}” is an NHS number. Take it out and write “the patient”." in page
    assert f"I saw {NHS_NUMBER}." in page
    assert not LogEntry.objects.exists()


def test_warning_is_answered_by_the_writer(amara: Client, book: LogBook) -> None:
    data = book.typed(what_what="Mrs Smith, born 1956, was cold.")
    answer = amara.post(reverse("log_examination"), data)
    page = words(answer)
    assert answer.status_code == 422
    assert "“Mrs Smith” looks like a name." in page
    assert "“1956” looks like a date of birth." in page
    assert "I have looked: none of this points to a patient" in page
    answer = amara.post(reverse("log_examination"), {**data, "words_checked": "on"})
    assert answer.status_code == 302


def test_ordinary_words_are_not_asked_about(amara: Client, book: LogBook) -> None:
    assert send(amara, book, what_what="MR liver at 10:30, 185 MBq.").status_code == 302


def test_words_under_a_model_that_is_not_chosen_are_not_lost(amara: Client, book: LogBook) -> None:
    answer = send(amara, book, model="what", gibbs_feelings="Nervous.")
    assert answer.status_code == 422
    assert "You wrote under “Gibbs’ reflective cycle”." in words(answer)
    assert "Nervous." in words(answer)


def test_rare_tracer_keeps_no_age_band(amara: Client, book: LogBook) -> None:
    answer = send(amara, book, tracer=book.rare.code, age_band="40_64")
    assert answer.status_code == 422
    assert "Raretracer is given to few people" in words(answer)


def test_hidden_placement_of_somebody_else_is_refused(amara: Client, book: LogBook) -> None:
    other = make.make_placement(make.make_student("Bo Placeholder"), educator=book.educator)
    assert send(amara, book, placement=str(other.uuid)).status_code == 422
    assert not LogEntry.objects.exists()


def test_operator_of_another_site_is_no_choice(amara: Client, book: LogBook) -> None:
    elsewhere = make.make_educator("Dana Dell", site=make.make_site("Oak Hospital"))
    assert send(amara, book, operator=str(elsewhere.uuid)).status_code == 422


def test_student_without_a_placement_hears_what_will_appear(book: LogBook) -> None:
    client = signed_in(make.make_student("Bo Placeholder").person)
    for name in ("examinations", "log_examination", "range"):
        assert "You are on no placement yet" in words(client.get(reverse(name)))
    assert client.post(reverse("log_examination"), book.typed()).status_code == 404


# Correcting and taking back


def test_correction_begins_full_and_keeps_what_was_before(amara: Client, book: LogBook) -> None:
    old = book.log(
        touched=("A1",), age_band="40_64", model="gibbs", reflection="Feelings\nNervous."
    )
    url = reverse("correct_examination", args=[old.uuid])
    page = amara.get(url)
    assert page.context["form"].initial["gibbs_feelings"] == "Nervous."
    assert "A1 Finds the way to the scanner" in words(page)  # ticked before, so still there
    answer = amara.post(url, book.typed(role="direct", touched=["A1"]))
    shown = words(amara.get(answer.url))
    assert "Performed under direct supervision" in shown
    assert "Earlier versions" in shown
    assert "Observed" in shown
    assert "Nervous." in shown


def test_address_of_an_earlier_version_leads_to_the_newest(amara: Client, book: LogBook) -> None:
    old = book.log()
    new = book.log(corrects=old, role="direct")
    assert amara.get(reverse("examination", args=[old.uuid])).url == reverse(
        "examination", args=[new.uuid]
    )
    assert amara.get(reverse("correct_examination", args=[old.uuid])).status_code == 302
    assert amara.get(reverse("take_back_examination", args=[old.uuid])).status_code == 302


def test_two_corrections_of_one_version_are_not_both_saved(amara: Client, book: LogBook) -> None:
    old = book.log()
    book.log(corrects=old, role="direct")
    answer = amara.post(
        reverse("correct_examination", args=[old.uuid]), book.typed(role="assisted")
    )
    assert answer.status_code == 409
    assert "was changed since you opened it" in words(answer)


def test_taken_back_is_listed_apart(amara: Client, book: LogBook) -> None:
    entry = book.log()
    url = reverse("take_back_examination", args=[entry.uuid])
    assert amara.get(url).status_code == 200
    assert LogEntry.objects.count() == 1
    answer = amara.post(url, {"uuid": str(uuid4())})
    assert "It counts for nothing and stays on record." in words(amara.get(answer.url))
    assert "You have logged no examination yet" in words(amara.get(reverse("examinations")))
    assert "Half body" in words(amara.get(reverse("examinations"), {"state": "withdrawn"}))


# Reading


def test_list_is_filtered_and_taken_away(amara: Client, book: LogBook) -> None:
    book.log()
    book.log(examination=book.brain, role="direct")
    for chosen in ({"examination": book.brain.code}, {"role": "direct"}):
        rows = amara.get(reverse("examinations"), chosen).context["page"].object_list
        assert [row.examination for row in rows] == [book.brain]
    for chosen in ({"tracer": book.fdg.code}, {"placement": str(book.placement.uuid)}):
        assert len(amara.get(reverse("examinations"), chosen).context["page"].object_list) == 2
    answer = amara.get(reverse("examinations_file", args=["csv"]), {"role": "direct"})
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    about, heads, *rows = csv.reader(io.StringIO(content))
    assert "role: Performed under direct supervision" in about[0]
    assert heads[:3] == ["Case", "Date", "Site"]
    assert [row[4] for row in rows] == ["Brain"]
    workbook: Any = amara.get(reverse("examinations_file", args=["xlsx"]))
    assert b"".join(workbook.streaming_content)[:2] == b"PK"
    assert amara.get(reverse("examinations_file", args=["pdf"])).status_code == 404


def test_who_may_open_the_log_book_reads_it(book: LogBook) -> None:
    entry = book.log(model="free", reflection="Quiet.")
    enrolment = book.placement.enrolment
    own_pages = [
        reverse("examinations_of", args=[enrolment.uuid]),
        reverse("range_of", args=[enrolment.uuid]),
        reverse("examination", args=[entry.uuid]),
        reverse("examinations_of_file", args=[enrolment.uuid, "csv"]),
    ]
    stranger = make.make_educator("Dana Dell", site=make.make_site("Oak Hospital"))
    for person, status in (
        (book.educator, 200),
        (book.student, 200),
        (stranger, 404),
        (make.make_student("Bo Placeholder").person, 404),
    ):
        assert [signed_in(person).get(url).status_code for url in own_pages] == [status] * 4
    page = words(signed_in(book.educator).get(reverse("examination", args=[entry.uuid])))
    assert "Quiet." in page
    assert "Correct it" not in page


def test_who_may_read_may_not_write(book: LogBook) -> None:
    entry = book.log()
    educator = signed_in(book.educator)
    for name in ("correct_examination", "take_back_examination"):
        url = reverse(name, args=[entry.uuid])
        assert educator.get(url).status_code == 404
        assert educator.post(url, book.typed()).status_code == 404


def test_range_is_drawn_with_its_words_and_table(amara: Client, book: LogBook) -> None:
    book.log()
    book.log(examination=book.brain, role="direct")
    answer = amara.get(reverse("range"), {"year": "1"})
    page = words(answer)
    assert "Half body: 1 of 2 asked; 1 observed" in page
    assert "Brain: 1; 1 performed under direct supervision" in page
    assert "A1 Finds the way to the scanner" in page
    assert "2 Half body, observed or more: 1 of 2, 1 to go" in page
    assert "Examinations by type, tracer and role" in page
    assert answer.context["drawn"].total == 2


def test_range_of_nothing_says_what_will_appear(amara: Client) -> None:
    assert "Nothing to draw yet" in words(amara.get(reverse("range")))


def test_escaped_words_stay_words(amara: Client, book: LogBook) -> None:
    entry = book.log(model="free", reflection="<script>alert(1)</script>")
    assert b"<script>alert(1)" not in amara.get(reverse("examination", args=[entry.uuid])).content


# How many questions a page asks


@pytest.mark.parametrize("many", [1, 30])
def test_no_page_asks_more_than_twelve_times(amara: Client, book: LogBook, many: int) -> None:
    for _ in range(many):
        entry = book.log(touched=("A1",))
    entry = book.log(corrects=entry, role="direct")
    enrolment = book.placement.enrolment
    pages = {
        "log": reverse("log_examination"),
        "list": reverse("examinations"),
        "one": reverse("examination", args=[entry.uuid]),
        "correct": reverse("correct_examination", args=[entry.uuid]),
        "take back": reverse("take_back_examination", args=[entry.uuid]),
        "range": reverse("range"),
    }
    asked = {name: queries(amara, url) for name, url in pages.items()}
    asked["send"] = queries(
        amara,
        pages["log"],
        book.typed(touched=["A1"], role="assisted", opened=clock.now().isoformat()),
    )
    educator = signed_in(book.educator)
    asked |= {
        "list of": queries(educator, reverse("examinations_of", args=[enrolment.uuid])),
        "range of": queries(educator, reverse("range_of", args=[enrolment.uuid])),
    }
    assert {name: number for name, number in asked.items() if number > MOST_QUERIES} == {}


def test_get_never_writes(amara: Client, book: LogBook) -> None:
    entry = book.log()
    for name in ("log_examination", "examinations", "range"):
        amara.get(reverse(name))
    for name in ("examination", "correct_examination", "take_back_examination"):
        amara.get(reverse(name, args=[entry.uuid]))
    assert LogEntry.objects.get() == entry
    assert clock.today() == entry.entry.about_from


def test_withdrawn_entry_cannot_be_changed(amara: Client, book: LogBook) -> None:
    gone = log.take_back(by=book.student, entry=book.log(), uuid=uuid4())
    assert amara.get(reverse("correct_examination", args=[gone.uuid])).status_code == 302
    answer = amara.post(reverse("correct_examination", args=[gone.uuid]), book.typed())
    assert answer.status_code == 409
