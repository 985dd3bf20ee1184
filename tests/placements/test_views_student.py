"""A student's pages, through the real views and templates, on a real database."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from placements.models import (
    CurrentShift,
    DayNote,
    Placement,
    PlannedShift,
    QueryReply,
    Shift,
    ShiftDecision,
    WeekClosed,
)
from school.core import days
from school.core.models import ConflictingWrite, LedgerEntry
from school.people.models import Person
from tests import factories as make

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 11, 19)
DAY = timedelta(days=1)
NHS_NUMBER = "943 476 5919"  # a valid check digit; the NHS's own example


@pytest.fixture(autouse=True)
def _at_half_past_four() -> Iterator[None]:
    """It is Thursday 19 November 2026, 16:30: the shift of the day has ended."""
    with time_machine.travel(make.at(THURSDAY, "16:30"), tick=False):
        yield


@pytest.fixture
def educator() -> Person:
    return make.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    return make.make_placement(educator=educator)


@pytest.fixture
def amara(placement: Placement, client: Client) -> Client:
    client.force_login(placement.enrolment.person.user)
    return client


def typed(placement: Placement, day: date = THURSDAY, **changes: Any) -> dict[str, Any]:
    """A shift as the page sends it."""
    return {
        "uuid": str(uuid4()),
        "device_time": "2026-11-19T16:30:05Z",
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "start": "08:00",
        "end": "16:00",
        "break_minutes": "30",
        "placement": str(placement.uuid),
        "day_type": "clinical",
        "makes_up": "",
        "note": "",
        **changes,
    }


def words(answer: Any) -> str:
    """A page as it is read: tags away, one space between words."""
    text = re.sub(r"<(style|script|svg).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def field_value(answer: Any, name: str) -> str:
    """What a field of the page holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', answer.content.decode())
    assert found is not None, f"no field {name} with a value"
    return found[1]


def error_links(answer: Any) -> list[tuple[str, str]]:
    """The error summary: where each line leads, and its words."""
    summary = answer.content.decode().split("nhsuk-error-summary__list")[1].split("</ul>")[0]
    return [(to, unescape(said)) for to, said in re.findall(r'href="#([^"]+)">([^<]+)<', summary)]


def queries_of(client: Client, url: str, data: dict[str, Any] | None = None) -> int:
    """How many queries a request takes, transaction control left out.

    Reference rows are read once a minute by each process, so a page is opened once before.
    """
    if data is None:
        client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url) if data is None else client.post(url, data)
    assert answer.status_code in (200, 302)
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return len([q for q in seen.captured_queries if not q["sql"].startswith(control)])


# Home


def test_home_says_what_to_do_next(amara: Client, placement: Placement) -> None:
    make.plan_shift(placement, THURSDAY)
    make.plan_shift(placement, THURSDAY + 5 * DAY)
    said = words(amara.get(reverse("home")))
    assert "Good afternoon, Amara" in said
    assert "Your shift ended at 16:00" in said
    assert "Log today’s shift" in said
    assert "Tuesday 24 November 2026 08:00 to 16:00, 7 hours 30 minutes" in said
    assert "Year 3 hours: 216 still to go" in said
    # The portal keeps a log book: what the tasks of a year come to is said there.
    assert "How the other tasks of the year stand is in your log book." in said
    assert ("Not here yet" in said, "half-body assessment" in said) == (False, False)


def test_home_is_quiet_once_the_day_is_logged(amara: Client, placement: Placement) -> None:
    make.plan_shift(placement, THURSDAY)
    make.make_shift(placement, THURSDAY)
    said = words(amara.get(reverse("home")))
    assert "Nothing waits for you" in said
    assert "Your shift ended" not in said


def test_home_asks_for_earlier_days_that_nothing_speaks_for(
    amara: Client, placement: Placement
) -> None:
    for back in (1, 2, 3):
        make.plan_shift(placement, THURSDAY - back * DAY)
    make.make_day_note(placement, THURSDAY - 2 * DAY)
    assert "2 shifts are not logged yet" in words(amara.get(reverse("home")))


def test_home_shows_a_query_with_both_answers(
    amara: Client, placement: Placement, educator: Person
) -> None:
    shift = make.make_shift(placement, THURSDAY - 2 * DAY)
    make.make_decision(educator, shift, "queried", comment="Did you stay?")
    answer = amara.get(reverse("home"))
    # The database's own clock says when it was recorded.
    on = days.long_date(days.london_day(ShiftDecision.objects.get().entry.recorded_at))
    assert f"“Did you stay?” Dilys Sampleby, practice educator, {on}" in words(answer)
    for name in ("correct_shift", "reply_to_query"):
        assert reverse(name, args=[shift.entry.uuid]) in answer.content.decode()


def test_home_keeps_what_stands_apart_in_words(amara: Client, placement: Placement) -> None:
    make.make_day_note(placement, THURSDAY - 2 * DAY)
    make.make_day_note(placement, THURSDAY - DAY, "cancelled_scanner")
    make.make_shift(placement, THURSDAY - 3 * DAY, day_type="simulation")
    said = words(amara.get(reverse("home")))
    assert "One absence, Tuesday 17 November, stays on record: not made up yet." in said
    assert "The site cancelled 7 hours 30 minutes: never your absence." in said
    assert "Simulated hours are kept apart: 7 hours 30 minutes." in said


def test_home_of_somebody_on_no_placement_says_what_will_appear(client: Client) -> None:
    client.force_login(make.make_student("Ben Placeholder").person.user)
    assert "You are on no placement yet" in words(client.get(reverse("home")))


def test_home_takes_at_most_12_queries_however_much_there_is(
    amara: Client, placement: Placement, educator: Person
) -> None:
    make.make_placement(
        placement.enrolment, year=2, starts=date(2025, 11, 1), ends=date(2025, 11, 30)
    )
    for back in range(1, 15):
        make.plan_shift(placement, THURSDAY - back * DAY)
        shift = make.make_shift(placement, THURSDAY - back * DAY)
        if back > 12:
            make.make_decision(educator, shift, "queried", comment="Why?")
    make.make_day_note(placement, THURSDAY - 20 * DAY)
    assert queries_of(amara, reverse("home")) <= 12


# Logging a shift


def test_log_is_filled_in_from_the_rota(amara: Client, placement: Placement) -> None:
    make.plan_shift(placement, THURSDAY, "07:30", "15:45", 45)
    answer = amara.get(reverse("log_shift"))
    assert [field_value(answer, name) for name in ("day_day", "day_month", "day_year")] == [
        "19",
        "11",
        "2026",
    ]
    assert [field_value(answer, name) for name in ("start", "end", "break_minutes")] == [
        "07:30",
        "15:45",
        "45",
    ]
    assert "7 hours 30 minutes counted: 07:30 to 15:45 less 45 minutes" in words(answer)


def test_log_sends_a_shift_and_says_who_it_goes_to(amara: Client, placement: Placement) -> None:
    answer = amara.post(reverse("log_shift"), typed(placement), follow=True)
    [shift] = Shift.objects.all()
    assert answer.redirect_chain == [(reverse("shift", args=[shift.entry.uuid]), 302)]
    assert (
        "Sent to Dilys Sampleby: Thursday 19 November, 08:00 to 16:00, 7 hours 30 minutes."
        in words(answer)
    )
    assert (shift.start, shift.end, shift.break_minutes) == (
        *make.span(THURSDAY, "08:00", "16:00"),
        30,
    )
    assert shift.device_time == make.at(THURSDAY, "16:30") + timedelta(seconds=5)


def test_log_sent_twice_makes_one_shift(amara: Client, placement: Placement) -> None:
    data = typed(placement)
    first, second = (amara.post(reverse("log_shift"), data) for _ in range(2))
    assert first.url == second.url
    assert Shift.objects.count() == 1


def test_log_sent_again_with_other_content_keeps_the_first_and_leads_to_it(
    amara: Client, placement: Placement
) -> None:
    data = typed(placement)
    amara.post(reverse("log_shift"), data)
    answer = amara.post(reverse("log_shift"), {**data, "end": "15:00"})
    assert answer.status_code == 409
    assert reverse("shift", args=[data["uuid"]]) in answer.content.decode()
    assert [shift.end for shift in Shift.objects.all()] == [make.at(THURSDAY, "16:00")]
    assert ConflictingWrite.objects.count() == 1


def test_log_refused_comes_back_full(amara: Client, placement: Placement) -> None:
    make.make_shift(placement, THURSDAY)
    data = typed(placement, start="15:00", end="16:25", note="Stayed on.")
    answer = amara.post(reverse("log_shift"), data)
    assert answer.status_code == 422
    assert error_links(answer) == [
        (
            "id_start",
            "Start must be 16:00 or later: you have already sent Thursday 19 November, 08:00 to 16:00",
        )
    ]
    assert "Nothing was sent. Everything you typed is still here." in words(answer)
    assert [field_value(answer, name) for name in ("uuid", "start", "end")] == [
        data["uuid"],
        "15:00",
        "16:25",
    ]
    assert "Stayed on." in words(answer)
    assert Shift.objects.count() == 1


def test_log_names_every_field_that_is_missing(amara: Client, placement: Placement) -> None:
    answer = amara.post(
        reverse("log_shift"),
        typed(placement, day_month="", start="", end="25:00", break_minutes="half"),
    )
    assert answer.status_code == 422
    assert error_links(answer) == [
        ("id_day_month", "The date must include a month"),
        ("id_start", "Enter the start time"),
        ("id_end", "The end time must be a time, like 08:00 or 16:30"),
        ("id_break_minutes", "The break must be a whole number of minutes, like 30"),
    ]


def test_log_takes_an_end_before_the_start_as_next_day(amara: Client, placement: Placement) -> None:
    amara.post(reverse("log_shift"), typed(placement, THURSDAY - DAY, start="20:00", end="08:00"))
    [shift] = Shift.objects.all()
    assert shift.end == make.at(THURSDAY, "08:00")


def test_log_asks_which_reading_on_the_night_the_clocks_go_back(
    amara: Client, placement: Placement
) -> None:
    sunday = date(2026, 10, 25)
    data = typed(placement, sunday - DAY, start="17:00", end="01:30")
    answer = amara.post(reverse("log_shift"), data)
    assert error_links(answer) == [
        (
            "id_end_reading_0",
            "01:30 came twice on 25 October 2026, when the clocks went back. Choose which one you mean",
        )
    ]
    amara.post(reverse("log_shift"), {**data, "end_reading": "second"})
    assert CurrentShift.objects.get().minutes == 9 * 60  # 9 hours 30 elapsed, less the break


def test_log_refuses_a_time_that_the_clocks_skipped(amara: Client, educator: Person) -> None:
    with time_machine.travel(make.at(date(2027, 3, 28), "12:00"), tick=False):
        placement = make.make_placement(make.make_student("Cara Standin"), educator=educator)
        amara.force_login(placement.enrolment.person.user)
        answer = amara.post(
            reverse("log_shift"), typed(placement, date(2027, 3, 27), start="20:00", end="01:30")
        )
    assert [to for to, _ in error_links(answer)] == ["id_end"]
    assert "There was no 01:30 on 28 March 2027" in words(answer)


def test_log_offers_until_now_while_the_shift_is_under_way(
    amara: Client, placement: Placement
) -> None:
    data = typed(placement, start="12:00", end="20:00")
    answer = amara.post(reverse("log_shift"), data)
    assert answer.status_code == 422
    assert "Send until now, 16:30" in words(answer)
    amara.post(reverse("log_shift"), {**data, "until_now": "16:30"})
    assert Shift.objects.get().end == make.at(THURSDAY, "16:30")


def test_log_refuses_an_nhs_number_and_asks_about_other_digits(
    amara: Client, placement: Placement
) -> None:
    refused = amara.post(reverse("log_shift"), typed(placement, note=f"Patient {NHS_NUMBER}"))
    assert (refused.status_code, [to for to, _ in error_links(refused)]) == (422, ["id_note"])
    data = typed(placement, note="Batches 94 347 659 19")
    asked = amara.post(reverse("log_shift"), data)
    assert asked.status_code == 422
    assert 'name="note_checked"' in asked.content.decode()
    assert amara.post(reverse("log_shift"), {**data, "note_checked": "on"}).status_code == 302


def test_log_records_a_breach_and_says_who_sees_it(amara: Client, placement: Placement) -> None:
    make.make_shift(placement, THURSDAY - DAY, "12:30", "21:00")
    answer = amara.post(
        reverse("log_shift"), typed(placement, start="06:30", end="14:30"), follow=True
    )
    assert (
        "Only 9 hours 30 minutes of rest before this shift Wednesday ended at 21:00 and this began at 06:30."
        " Students should have 11 hours. You worked it, so it counts."
        " The placement coordinator and Dilys Sampleby see it today."
    ) in words(answer)
    assert CurrentShift.objects.filter(breach=True).count() == 2


def test_log_week_part_answers_with_the_notice_and_writes_nothing(
    amara: Client, placement: Placement
) -> None:
    for back in (1, 2, 3):
        make.make_shift(placement, THURSDAY - back * DAY)
    make.plan_shift(placement, THURSDAY + DAY)
    before = LedgerEntry.objects.count()
    answer = amara.get(reverse("log_shift_week"), typed(placement, end="17:30"))
    assert (
        "This week will come to 39 hours Your university plans for up to 37 hours 30 minutes, theory included."
        " You can still send this. Dilys Sampleby will see the same note."
    ) in words(answer)
    assert LedgerEntry.objects.count() == before


def test_log_takes_at_most_12_queries(amara: Client, placement: Placement) -> None:
    for back in range(1, 15):
        make.plan_shift(placement, THURSDAY - back * DAY)
        make.make_shift(placement, THURSDAY - back * DAY)
    assert queries_of(amara, reverse("log_shift")) <= 12
    assert queries_of(amara, reverse("log_shift"), typed(placement)) <= 12


# Several days


def test_several_lists_the_days_that_nothing_speaks_for_and_sends_them_together(
    amara: Client, placement: Placement
) -> None:
    plans = [make.plan_shift(placement, THURSDAY - back * DAY) for back in (4, 3, 2, 1)]
    make.make_shift(placement, THURSDAY - 4 * DAY)
    page = amara.get(reverse("log_several"))
    listed = re.findall(r'name="line" value="([^"]+)"', page.content.decode())
    assert listed == [str(row.uuid) for row in plans[1:]]
    data = several_data(plans[1:])
    answer = amara.post(reverse("log_several"), data, follow=True)
    assert "3 shifts were sent to Dilys Sampleby." in words(answer)
    amara.post(reverse("log_several"), data)
    assert Shift.objects.count() == 4


def test_several_offers_a_week_at_a_time(amara: Client, placement: Placement) -> None:
    plans = [make.plan_shift(placement, THURSDAY - back * DAY) for back in (9, 8, 2, 1)]

    def listed(query: str) -> list[str]:
        page = amara.get(reverse("log_several") + query).content.decode()
        return re.findall(r'name="line" value="([^"]+)"', page)

    assert listed(f"?week={THURSDAY - 8 * DAY:%Y-%m-%d}") == [str(row.uuid) for row in plans[:2]]
    assert listed(f"?week={THURSDAY:%Y-%m-%d}") == [str(row.uuid) for row in plans[2:]]
    everything = [str(row.uuid) for row in plans]
    assert [listed(query) for query in ("", "?week=2001-01-01", "?week=x")] == [everything] * 3


def several_data(plans: list[PlannedShift], **changes: str) -> dict[str, Any]:
    """Ticked lines for planned shifts, as the page sends them; `changes` are of the last line."""
    data: dict[str, Any] = {"line": [str(row.uuid) for row in plans]}
    for row in plans:
        line = {
            "uuid": str(uuid4()),
            "send": "on",
            "start": "08:00",
            "end": "16:00",
            "break_minutes": "30",
        }
        if row is plans[-1]:
            line |= changes
        data |= {f"d{row.uuid.hex}-{name}": value for name, value in line.items()}
    return data


def test_several_keeps_a_refused_line_and_sends_the_others(
    amara: Client, placement: Placement
) -> None:
    plans = [make.plan_shift(placement, THURSDAY - back * DAY) for back in (2, 1)]
    data = several_data(plans, end="quarter past")
    answer = amara.post(reverse("log_several"), data)
    assert answer.status_code == 422
    assert "The other days were sent." in words(answer)
    assert error_links(answer) == [
        (
            f"id_d{plans[1].uuid.hex}-end",
            "Wednesday 18 November: The end time must be a time, like 08:00 or 16:30",
        )
    ]
    assert [shift.start for shift in Shift.objects.all()] == [plans[0].start]


def test_several_leaves_unticked_days_alone(amara: Client, placement: Placement) -> None:
    plans = [make.plan_shift(placement, THURSDAY - back * DAY) for back in (2, 1)]
    data = several_data(plans)
    del data[f"d{plans[1].uuid.hex}-send"]
    assert amara.post(reverse("log_several"), data).status_code == 302
    assert Shift.objects.count() == 1


# The list and one shift


def test_shifts_are_listed_by_week_and_filtered(
    amara: Client, placement: Placement, educator: Person
) -> None:
    first = make.make_shift(placement, THURSDAY - 7 * DAY)
    make.make_shift(placement, THURSDAY)
    make.make_decision(educator, first)
    said = words(amara.get(reverse("shifts")))
    assert said.index("Week of 16 November 2026") < said.index("Week of 9 November 2026")
    filtered = words(amara.get(reverse("shifts"), {"state": "confirmed"}))
    assert "Week of 9 November 2026" in filtered
    assert "Week of 16 November 2026" not in filtered


def test_shifts_take_the_same_queries_for_1_and_30(amara: Client, placement: Placement) -> None:
    make.make_shift(placement, THURSDAY)
    one = queries_of(amara, reverse("shifts"))
    for back in range(1, 25):
        make.make_shift(placement, THURSDAY - back * DAY)
    assert queries_of(amara, reverse("shifts")) == one <= 12


def test_shifts_file_says_what_was_filtered(amara: Client, placement: Placement) -> None:
    make.make_shift(placement, THURSDAY)
    answer = amara.get(reverse("shifts_file", args=["csv"]), {"state": "awaiting"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    about, header, row = csv.reader(io.StringIO(text))
    assert "Filter: state: awaiting" in about[0]
    assert dict(zip(header, row, strict=True))["Counted minutes"] == "450"
    workbook = amara.get(reverse("shifts_file", args=["xlsx"]))
    assert b"".join(workbook.streaming_content)[:2] == b"PK"
    assert amara.get("/shifts/file/pdf/").status_code == 404


def test_shift_shows_what_was_signed_by_whom_and_how(
    amara: Client, placement: Placement, educator: Person
) -> None:
    shift = make.make_shift(placement, THURSDAY, note="Quiet morning.")
    at = make.make_decision(educator, shift).entry.recorded_at
    said = words(amara.get(reverse("shift", args=[shift.entry.uuid])))
    assert (
        f"Dilys Sampleby, practice educator Confirmed {days.long_date(days.london_day(at))},"
        f" {days.clock_time(at)}, proved by password." in said
    )
    assert (
        "Signed: “I confirm that this student was present and working under supervision at the times shown.”"
        in said
    )
    assert "Quiet morning." in said


def test_shift_of_an_earlier_version_leads_to_the_newest(
    amara: Client, placement: Placement
) -> None:
    old = make.make_shift(placement, THURSDAY)
    new = make.make_shift(placement, THURSDAY, end="15:00", corrects=old)
    answer = amara.get(reverse("shift", args=[old.entry.uuid]))
    assert answer.url == reverse("shift", args=[new.entry.uuid])


def test_correct_makes_a_new_version_that_waits(
    amara: Client, placement: Placement, educator: Person
) -> None:
    old = make.make_shift(placement, THURSDAY, note="First.")
    make.make_decision(educator, old)
    url = reverse("correct_shift", args=[old.entry.uuid])
    page = amara.get(url)
    assert field_value(page, "end") == "16:00"
    assert "First." in words(page)
    data = typed(placement, end="15:00")
    sent, again = (amara.post(url, data) for _ in range(2))
    assert sent.url == again.url
    current = CurrentShift.objects.get()
    assert (current.state, current.shift.supersedes_id, current.minutes) == (
        "awaiting",
        old.pk,
        390,
    )


def test_correct_of_a_shift_that_was_corrected_elsewhere_says_so(
    amara: Client, placement: Placement
) -> None:
    old = make.make_shift(placement, THURSDAY)
    make.make_shift(placement, THURSDAY, end="15:00", corrects=old)
    answer = amara.post(
        reverse("correct_shift", args=[old.entry.uuid]), typed(placement, end="14:00")
    )
    assert answer.status_code == 409
    assert "This shift was changed since you opened it. Nothing was saved." in words(answer)


def test_take_back_asks_first_and_keeps_the_record(amara: Client, placement: Placement) -> None:
    shift = make.make_shift(placement, THURSDAY)
    url = reverse("take_back_shift", args=[shift.entry.uuid])
    page = amara.get(url)
    assert Shift.objects.count() == 1
    data = {"uuid": field_value(page, "uuid")}
    first, second = (amara.post(url, data) for _ in range(2))
    assert first.url == second.url
    assert [row.state for row in CurrentShift.objects.all()] == ["withdrawn"]
    assert Shift.objects.count() == 2


def test_reply_sends_the_shift_back_into_waiting(
    amara: Client, placement: Placement, educator: Person
) -> None:
    shift = make.make_shift(placement, THURSDAY)
    make.make_decision(educator, shift, "queried", comment="Did you stay?")
    url = reverse("reply_to_query", args=[shift.entry.uuid])
    page = amara.get(url)
    assert "“Did you stay?”" in words(page)
    empty = amara.post(url, {"uuid": field_value(page, "uuid"), "reply": ""})
    assert (empty.status_code, [to for to, _ in error_links(empty)]) == (422, ["id_reply"])
    data = {"uuid": field_value(page, "uuid"), "reply": "I stayed until 16:00."}
    for _ in range(2):
        assert amara.post(url, data).status_code == 302
    assert QueryReply.objects.count() == 1
    assert CurrentShift.objects.get().state == "awaiting"


# Days not worked


def note_data(placement: Placement, day: date = THURSDAY, **changes: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()),
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "kind": "cancelled_tracer",
        "expected_minutes": "450",
        "placement": str(placement.uuid),
        "note": "",
        **changes,
    }


def test_day_note_is_saved_corrected_and_taken_back(amara: Client, placement: Placement) -> None:
    data = note_data(placement)
    for _ in range(2):
        assert amara.post(reverse("day_notes"), data).status_code == 302
    [note] = DayNote.objects.all()
    assert "Cancelled by the site: no tracer" in words(amara.get(reverse("day_notes")))
    corrected = note_data(placement, kind="absent_ill")
    assert amara.post(reverse("day_note", args=[note.entry.uuid]), corrected).status_code == 302
    new = DayNote.objects.get(supersedes=note)
    url = reverse("withdraw_day_note", args=[new.entry.uuid])
    data = {"uuid": field_value(amara.get(url), "uuid")}
    for _ in range(2):
        assert amara.post(url, data).status_code == 302
    assert [row.withdrawn for row in DayNote.objects.order_by("entry")] == [False, False, True]


def test_day_note_for_a_day_that_has_one_comes_back_full(
    amara: Client, placement: Placement
) -> None:
    make.make_day_note(placement, THURSDAY)
    answer = amara.post(reverse("day_notes"), note_data(placement, note="Again."))
    assert answer.status_code == 422
    assert error_links(answer) == [
        ("id_day_day", "Thursday 19 November 2026 has a note already. Open it to change it.")
    ]
    assert "Again." in words(answer)


def test_day_note_recorded_after_more_than_a_day_says_so(
    amara: Client, placement: Placement
) -> None:
    first, last = date(2025, 2, 1), date(2025, 2, 28)
    past = make.make_placement(placement.enrolment, year=2, starts=first, ends=last)
    make.make_day_note(past, first)
    assert "Recorded more than 24 hours after the day" in words(amara.get(reverse("day_notes")))


def test_make_up_is_planned_and_a_breach_ahead_is_refused(
    amara: Client, placement: Placement
) -> None:
    lost = make.make_day_note(placement, THURSDAY - DAY)
    make.plan_shift(placement, THURSDAY + 4 * DAY)
    url = reverse("plan_make_up", args=[lost.entry.uuid])
    monday = THURSDAY + 4 * DAY
    refused = amara.post(url, typed(placement, monday, start="21:00", end="23:00"))
    assert refused.status_code == 422
    assert "Nothing was planned." in words(refused)
    data = typed(placement, monday + DAY)
    for _ in range(2):
        assert amara.post(url, data).status_code == 302
    assert PlannedShift.objects.filter(makes_up=lost).count() == 1
    assert "makes up a lost day" in words(amara.get(reverse("rota")))


def test_make_up_to_come_is_taken_off_the_rota(amara: Client, placement: Placement) -> None:
    row = make.plan_shift(placement, THURSDAY + 4 * DAY)
    other = make.plan_shift(placement, THURSDAY + 5 * DAY)
    row.makes_up = make.make_day_note(placement, THURSDAY - DAY)
    row.save()
    assert words(amara.get(reverse("rota"))).count("Take it off") == 1
    assert amara.post(reverse("cancel_planned_make_up", args=[other.uuid])).status_code == 404
    answer = amara.post(reverse("cancel_planned_make_up", args=[row.uuid]), follow=True)
    assert "The make-up on Monday 23 November 2026 is off the rota." in words(answer)
    assert list(PlannedShift.objects.all()) == [other]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31", "2101-01-01"])
def test_days_that_cannot_be_meant_are_as_if_not_asked_for(
    amara: Client, placement: Placement, day: str
) -> None:
    for name in ("log_shift", "day_notes"):
        answer = amara.get(reverse(name), {"day": day})
        assert answer.status_code == 200
        assert field_value(answer, "day_year") == "2026"


def test_days_that_cannot_be_meant_are_refused(amara: Client, placement: Placement) -> None:
    answer = amara.post(reverse("log_shift"), typed(placement, day_day="9" * 20))
    assert answer.status_code == 422
    assert error_links(answer) == [("id_day_day", "The date must be a day of the calendar")]
    week = reverse("close_week", args=[placement.uuid, "9999-12-27"])
    assert amara.post(week, {"uuid": str(uuid4())}).status_code == 404


# Closing a week


def test_close_week_asks_why_for_each_rota_day_nothing_was_worked(
    amara: Client, placement: Placement
) -> None:
    monday = date(2026, 11, 9)
    worked, lost = (make.plan_shift(placement, monday + n * DAY) for n in (0, 1))
    make.make_shift(placement, monday)
    url = reverse("close_week", args=[placement.uuid, monday.isoformat()])
    page = amara.get(url)
    prefix = f"d{lost.uuid.hex}"
    assert f"d{worked.uuid.hex}-kind" not in page.content.decode()
    data = {
        "uuid": field_value(page, "uuid"),
        f"{prefix}-uuid": field_value(page, f"{prefix}-uuid"),
    }
    refused = amara.post(url, {**data, f"{prefix}-kind": ""})
    assert refused.status_code == 422
    assert error_links(refused) == [
        (
            f"id_{prefix}-kind",
            "Choose why nothing was worked on Tuesday 10 November, or log the shift",
        )
    ]
    assert WeekClosed.objects.count() == 0
    for _ in range(2):
        answer = amara.post(url, {**data, f"{prefix}-kind": "cancelled_scanner"})
        assert answer.status_code == 302
    assert [note.kind for note in DayNote.objects.all()] == ["cancelled_scanner"]
    assert WeekClosed.objects.count() == 1
    assert "You closed this week." in words(amara.get(reverse("shifts")))


def test_close_week_waits_for_a_shift_still_to_come(amara: Client, placement: Placement) -> None:
    make.plan_shift(placement, THURSDAY + DAY)
    url = reverse("close_week", args=[placement.uuid, "2026-11-16"])
    answer = amara.post(url, {"uuid": str(uuid4())})
    assert answer.status_code == 422
    assert WeekClosed.objects.count() == 0


# Whose record it is


def test_another_students_record_is_not_found_by_any_address(
    amara: Client, educator: Person
) -> None:
    other = make.make_placement(make.make_student("Ben Placeholder"), educator=educator)
    shift = make.make_shift(other, THURSDAY)
    note = make.make_day_note(other, THURSDAY - DAY)
    of_shift = ("shift", "correct_shift", "take_back_shift", "reply_to_query")
    of_note = ("day_note", "withdraw_day_note", "plan_make_up")
    urls = [
        *(reverse(name, args=[shift.entry.uuid]) for name in of_shift),
        *(reverse(name, args=[note.entry.uuid]) for name in of_note),
        reverse("close_week", args=[other.uuid, "2026-11-16"]),
    ]
    assert {url: amara.get(url).status_code for url in urls} == dict.fromkeys(urls, 404)
    posts = urls[1:]
    data = {**typed(other, end="15:00"), "kind": "absent_ill", "reply": "Mine now."}
    assert {url: amara.post(url, data).status_code for url in posts} == dict.fromkeys(posts, 404)
    assert Shift.objects.count() == 1
    assert words(amara.get(reverse("shifts"))).count("Thursday 19 November") == 0


def test_another_students_placement_cannot_be_chosen(amara: Client, educator: Person) -> None:
    other = make.make_placement(make.make_student("Ben Placeholder"), educator=educator)
    answer = amara.post(reverse("log_shift"), typed(other))
    assert answer.status_code == 422
    assert Shift.objects.count() == 0


def test_the_educator_opens_the_shift_of_a_student_they_supervise(
    client: Client, placement: Placement, educator: Person
) -> None:
    shift = make.make_shift(placement, THURSDAY)
    client.force_login(educator.user)
    said = words(client.get(reverse("shift", args=[shift.entry.uuid])))
    assert "Amara Exampleton" in said
    assert "Correct the shift" not in said
    assert client.get(reverse("correct_shift", args=[shift.entry.uuid])).status_code == 404


def test_a_student_with_two_placements_chooses_and_the_day_suggests(
    amara: Client, placement: Placement
) -> None:
    make.make_placement(
        placement.enrolment,
        year=2,
        site=make.make_site("Freeman Hospital"),
        starts=THURSDAY - 90 * DAY,
        ends=THURSDAY - 60 * DAY,
    )
    page = amara.get(reverse("log_shift"), {"day": (THURSDAY - 70 * DAY).isoformat()})
    chosen = re.search(r'<option value="[^"]+" selected>([^<]+)</option>', page.content.decode())
    assert chosen is not None
    assert chosen[1] == "Freeman Hospital, Year 2"
