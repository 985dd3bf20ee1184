"""The pages of one's own record: the list, adding, one activity, changing it, and its evidence."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from logbooks.cpd.models import Activity, Evidence, GapReason, Registration
from school.core import clock
from school.people.models import Person
from tests.pdfs import kept_pdf
from tests.placements.browsers import queries_of, words

pytestmark = pytest.mark.django_db
NHS_NUMBER = "943 476 5919"


def learned(person: Person, title: str = "Journal club", days_ago: int = 0, **values: Any) -> Activity:  # fmt: skip
    day = clock.today() - timedelta(days=days_ago)
    given = {"learning": "self-directed", "starts_on": day, "ends_on": day, **values}
    return Activity.objects.create(person=person, title=title, **given)


def filled(**values: str) -> dict[str, str]:
    day = clock.today().isoformat()
    return {"uuid": str(uuid4()), "title": "Journal club", "learning": "formal", "starts_on": day, **values}  # fmt: skip


# The list --------------------------------------------------------------------------------------


def test_empty_record_teaches(page: Client) -> None:
    shown = words(page.get("/cpd/"))
    assert "Your record is empty" in shown
    assert "Add your first activity" in shown


def test_list_is_filtered_searched_and_taken_away_in_few_queries(
    alice: Person, page: Client
) -> None:
    for number in range(60):
        learned(alice, f"Reading {number}", number, minutes=90)
    learned(alice, "PET physics", learning="formal", practice="Better", benefit="Faster")
    learned(alice, "Gone", taken_back_at=clock.now())
    assert queries_of(page, "/cpd/") <= 12
    shown = words(page.get("/cpd/"))
    assert "PET physics" in shown
    assert "Gone" not in shown
    assert "Reading 59" not in shown
    assert "PET physics" in words(page.get("/cpd/?learning=formal"))
    assert "Reading 1<" not in words(page.get("/cpd/?learning=formal"))
    assert "PET physics" not in words(page.get("/cpd/?state=bare"))
    assert "Gone" in words(page.get("/cpd/?state=back"))
    file = page.get("/cpd/file/csv/?words=physics")
    text = b"".join(file).decode()  # type: ignore[call-overload]
    assert "PET physics" in text
    assert "Reading 1" not in text
    assert "find: physics" in text


def test_more_hours_than_the_day_has_may_be_minutes(page: Client) -> None:
    refused = page.post("/cpd/add/", filled(minutes="90"))
    assert refused.status_code == 422
    assert "90 hours are more than the day has." in words(refused)
    # Said in words it is what it is, and two days have more hours than one.
    for said in ("90 minutes", "90 hours"):
        assert page.post("/cpd/add/", filled(minutes=said)).status_code == 302
    before = (clock.today() - timedelta(days=1)).isoformat()
    two = filled(minutes="30", starts_on=before, ends_on=clock.today().isoformat())
    assert page.post("/cpd/add/", two).status_code == 302
    minutes = Activity.objects.order_by("pk").values_list("minutes", flat=True)
    assert list(minutes) == [90, 5400, 1800]


# Adding and changing ---------------------------------------------------------------------------


def test_activity_is_added_with_three_answers_and_today(alice: Person, page: Client) -> None:
    form = page.get("/cpd/add/")
    assert f'value="{clock.today().day}"' in words(form)
    answer = page.post("/cpd/add/", filled(minutes="1h 30m"), follow=True)
    made = Activity.objects.get(person=alice)
    assert (made.minutes, made.ends_on) == (90, made.starts_on)
    assert "Your activity is in your record." in words(answer)
    assert "1 hour 30 minutes" in words(answer)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "Enter what it was"),
        ({"learning": ""}, "Choose the type of learning"),
        ({"minutes": "a while"}, "like 1.5, 1:30 or 45 minutes"),
        ({"starts_on": "2099-01-01"}, "must be today or in the past"),
        ({"learned": f"Seen with {NHS_NUMBER}"}, "is an NHS number"),
        ({"learned": "I scanned Mrs Jones."}, "looks like a name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    alice: Person, page: Client, values: dict[str, str], said: str
) -> None:
    answer = page.post("/cpd/add/", filled(practice="Kept words", **values))
    assert answer.status_code == 422
    shown = words(answer)
    assert said in shown
    assert "Kept words" in shown
    assert "<title>Error: " in shown
    assert not Activity.objects.exists()


def test_name_that_is_no_patients_is_answered_for(alice: Person, page: Client) -> None:
    data = filled(learned="I read a paper by Dr Jones.")
    assert "words_checked" in words(page.post("/cpd/add/", data))
    assert page.post("/cpd/add/", {**data, "words_checked": "on"}).status_code == 302


def test_two_windows_do_not_write_over_one_another(alice: Person, page: Client) -> None:
    made = learned(alice)
    address = f"/cpd/{made.uuid}/change/"
    seen = str(page.get(address).context["form"]["seen"].value())
    first = filled(seen=seen, title="First window")
    assert page.post(address, first).status_code == 302
    answer = page.post(address, filled(seen=seen, title="Second window"))
    assert answer.status_code == 409
    assert "Second window" in words(answer)
    made.refresh_from_db()
    assert made.title == "First window"
    assert "Journal club" in words(page.get(f"/cpd/{made.uuid}/"))


def test_activity_shows_the_standards_with_prompts_that_fit_its_type(
    alice: Person, page: Client
) -> None:
    made = learned(alice, practice="We warm the hands first.")
    shown = words(page.get(f"/cpd/{made.uuid}/"))
    assert "We warm the hands first." in shown
    assert "What did you read, watch or look up" in shown
    assert queries_of(page, f"/cpd/{made.uuid}/") <= 12


def test_taken_back_it_says_so_and_is_brought_back(alice: Person, page: Client) -> None:
    made = learned(alice)
    answer = page.post(f"/cpd/{made.uuid}/take-back/", follow=True)
    assert "It counts for nothing." in words(answer)
    assert page.get(f"/cpd/{made.uuid}/change/").status_code == 302
    page.post(f"/cpd/{made.uuid}/bring-back/")
    assert "Reflect on it" in words(page.get(f"/cpd/{made.uuid}/"))


# Evidence --------------------------------------------------------------------------------------


def test_evidence_is_kept_opened_and_taken_away(alice: Person, page: Client) -> None:
    made = learned(alice)
    address = f"/cpd/{made.uuid}/evidence/"
    file = SimpleUploadedFile("x.pdf", kept_pdf("Certificate"))
    sent = {"uuid": str(uuid4()), "title": "Certificate", "file": file}
    refused = page.post(address, sent)
    assert refused.status_code == 422
    assert "Look at the file" in words(refused)
    file.seek(0)
    page.post(address, {**sent, "looked": "on"})
    kept = Evidence.objects.get()
    answer = page.get(f"/cpd/evidence/{kept.uuid}/")
    assert answer.content.startswith(b"%PDF-")
    assert "attachment" in answer["Content-Disposition"]
    page.post(f"/cpd/evidence/{kept.uuid}/take-away/")
    assert "Certificate" not in words(page.get(f"/cpd/{made.uuid}/"))


def test_what_is_no_evidence_is_refused_at_its_field(alice: Person, page: Client) -> None:
    made = learned(alice)
    sent = {"uuid": str(uuid4()), "title": "Program", "looked": "on", "file": SimpleUploadedFile("x.exe", b"MZ")}  # fmt: skip
    answer = page.post(f"/cpd/{made.uuid}/evidence/", sent)
    assert "This is no PDF, PNG or JPEG" in words(answer)
    assert not Evidence.objects.exists()


# Checks ----------------------------------------------------------------------------------------


def test_gap_is_shown_and_its_reason_given(alice: Person, page: Client) -> None:
    page.post("/cpd/registration/", {"profession": "radiographers"})
    assert Registration.objects.get().profession == "radiographers"
    shown = page.get("/cpd/checks/")
    assert "renewal window" in words(shown)
    gap = shown.context["checked"].gaps[0]
    assert "Give the reason for" in words(shown)
    address = f"/cpd/gap/?first={gap.first}&last={gap.last}"
    form = page.get(address).context["form"]
    data = {name: str(form[name].value()) for name in ("uuid", "first", "last")}
    page.post("/cpd/gap/", {**data, "words": "Parental leave"})
    assert GapReason.objects.get().words == "Parental leave"
    shown = page.get("/cpd/checks/")
    assert "Parental leave" in words(shown)
    assert shown.context["checked"].gaps[0].explained
    assert queries_of(page, "/cpd/checks/") <= 12
    again = page.get(f"/cpd/gap/?reason={data['uuid']}")
    assert "Parental leave" in words(again)
    assert "Take the reason back" in words(again)
    page.post("/cpd/gap/", {**data, "words": "", "away": "1"})
    assert not GapReason.objects.exists()
    assert "Take the reason back" not in words(page.get(address))


@pytest.mark.parametrize("query", ["first=nothing&last=2026-13-40", "reason=nobody", "first=0001-01-01"])  # fmt: skip
def test_nonsense_in_an_address_is_an_empty_form(page: Client, query: str) -> None:
    assert page.get(f"/cpd/gap/?{query}").status_code == 200


@pytest.mark.parametrize("today", [date(2027, 11, 30), date(2027, 12, 1), date(2028, 2, 29)])
def test_end_of_the_window_is_said_once(
    alice: Person, page: Client, monkeypatch: pytest.MonkeyPatch, today: date
) -> None:
    Registration.objects.create(person=alice, profession="radiographers")
    monkeypatch.setattr(clock, "today", lambda: today)
    shown = words(page.get("/cpd/checks/"))
    renewal = shown.partition(">Renewal</h2>")[2].partition("</p>")[0]
    assert (renewal.count("closes"), renewal.count("29 February 2028")) == (1, 1)
