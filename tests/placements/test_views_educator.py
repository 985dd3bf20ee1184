"""The practice educator's pages: what waits, signing with a proof, reasons, undo, with me today, the digest."""

import re
import time
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from placements import educator_queries as reads
from placements import reference, tasks
from placements.actions import hours, placing
from placements.actions.confirming import WORDINGS, Outcome
from placements.forms.words import check_patients
from placements.models import CurrentShift, Induction, Placement, ShiftDecision
from school.core import clock
from school.people import proof
from school.people.models import AccessLog, Mail, Person
from school.people.roles import SITE_LEAD
from tests import factories

pytestmark = pytest.mark.django_db


def yesterday(days: int = 1) -> date:
    return clock.today() - timedelta(days=days)


def browser(person: Person, *, proved: bool = True, second_factor: bool = False) -> Client:
    """Somebody signed in, whose last proof was just now or an hour ago."""
    client = Client()
    client.force_login(person.user)  # type: ignore[arg-type]
    at = time.time() - (0 if proved else 3600)
    records = [{"method": "password", "at": at}]
    if second_factor:
        records.append({"method": "mfa", "type": "totp", "at": at})  # type: ignore[dict-item]
    session = client.session
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(person.user.pk)  # type: ignore[union-attr]
    session.save()
    return client


@pytest.fixture
def educator(db: None) -> Person:
    return factories.make_educator()


@pytest.fixture
def placement(educator: Person) -> Placement:
    return factories.make_placement(educator=educator)


def batch(*shifts: object, **more: str) -> dict[str, object]:
    lines = [str(shift.entry.uuid) for shift in shifts]  # type: ignore[attr-defined]
    return {"batch": str(uuid4()), "line": lines, **more}


def many(educator: Person, number: int) -> list[object]:
    """Shifts of several students, a few each."""
    found: list[object] = []
    while len(found) < number:
        student = factories.make_student(f"Student {len(found)}")
        placement = factories.make_placement(student, educator=educator)
        found += [
            factories.make_shift(placement, yesterday(2 * n), note="A note")
            for n in range(1, min(10, number - len(found)) + 1)
        ]
    return found


# The inbox


def test_inbox_shows_every_line_and_the_words_that_are_signed(
    educator: Person, placement: Placement
) -> None:
    factories.make_shift(placement, yesterday(2), "14:00", "22:00", note="Late list")
    factories.make_shift(placement, yesterday(), "06:00", "14:00", 0, day_type="study")
    page = browser(educator).get("/inbox/").content.decode()
    shown = (
        *("2 shifts wait", placement.enrolment.person.name, "14:00 to 22:00, break 30 minutes"),
        *("7.5 h", "Late list", "06:00 to 14:00, no break, study", "8 h", "Sent today"),
        *("8 hours of rest beside this shift", "I have seen this", WORDINGS[Outcome.CONFIRMED]),
    )
    assert [word for word in shown if word not in page] == []
    assert page.count('name="line"') == 2


def test_get_writes_nothing(educator: Person, placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    client = browser(educator)
    uuid = shift.entry.uuid
    for page in ("", "?tick=all", f"{uuid}/", f"{uuid}/query/", f"{uuid}/reject/", "decided/"):
        assert client.get(f"/inbox/{page}").status_code == 200
    assert client.get("/with-me-today/").status_code == 200
    assert (ShiftDecision.objects.count(), CurrentShift.objects.get().state) == (0, "awaiting")


def test_tick_all_works_without_a_script(educator: Person, placement: Placement) -> None:
    for n in (1, 2):
        factories.make_shift(placement, yesterday(n))
    page = browser(educator).get("/inbox/?tick=all").content.decode()
    assert len(re.findall(r'name="line"[^>]* checked', page)) == 2
    assert "You are about to confirm 2 shifts, 15 hours" in page


def test_empty_inbox_teaches(educator: Person) -> None:
    page = browser(educator).get("/inbox/").content.decode()
    shown = ("Nothing waits for you", "When a student sends a shift")
    assert [word for word in shown if word not in page] == []


def test_queried_line_is_not_part_of_the_batch(educator: Person, placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    factories.make_decision(educator, shift, "queried", comment="Half a day?")
    page = browser(educator).get("/inbox/").content.decode()
    assert ("Half a day?" in page, "No answer yet" in page, 'name="line"' in page) == (
        True,
        True,
        False,
    )
    hours.reply_to_query(
        by=placement.enrolment.person, shift=shift, reply="No, all day", uuid=uuid4()
    )
    page = browser(educator).get("/inbox/").content.decode()
    assert ("No, all day" in page, "Answered today" in page, 'name="line"' in page) == (
        True,
        True,
        True,
    )


def test_device_clock_that_is_wrong_is_shown(educator: Person, placement: Placement) -> None:
    typed = factories.entered(yesterday())
    device = clock.now() - timedelta(hours=3)
    wrong = hours.Entered(
        day_type=typed.day_type,
        start=typed.start,
        end=typed.end,
        break_minutes=30,
        device_time=device,
    )
    hours.log_shift(by=placement.enrolment.person, placement=placement, entered=wrong, uuid=uuid4())
    assert "the server received it at" in browser(educator).get("/inbox/").content.decode()


@pytest.mark.engine
@pytest.mark.parametrize("number", [1, 50])
def test_inbox_takes_at_most_12_queries(educator: Person, number: int) -> None:
    many(educator, number)
    client = browser(educator)
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/inbox/").content.decode()
    assert page.count('name="line"') == number
    assert len(queries) <= 12


def test_site_lead_sees_turnaround_by_educator_and_no_others_do(
    educator: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, yesterday())
    factories.make_decision(educator, shift)
    lead = factories.make_person("Farid Lead")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    client = browser(lead, second_factor=True)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/inbox/").content.decode()
    assert ("By practice educator" in page, "1 of 1 within 5 working days" in page) == (True, True)
    assert len(queries) <= 12
    assert "By practice educator" not in browser(educator).get("/inbox/").content.decode()


# Confirming


def test_batch_is_confirmed_line_by_line_with_device_time(
    educator: Person, placement: Placement
) -> None:
    shifts = [factories.make_shift(placement, yesterday(n)) for n in (1, 2)]
    client = browser(educator)
    answer = client.post("/inbox/", batch(*shifts, device_time="2026-11-03T10:00:00Z"))
    assert (answer.status_code, answer.url) == (302, "/inbox/")
    assert "2 shifts confirmed." in client.get("/inbox/").content.decode()
    kept = ShiftDecision.objects.values_list("outcome", "proof", "device_time__year")
    assert list(kept) == [("confirmed", "password", 2026)] * 2


@pytest.mark.engine
def test_batch_of_20_takes_at_most_12_queries(educator: Person) -> None:
    shifts = many(educator, 20)
    reference.wording(WORDINGS[Outcome.CONFIRMED])  # kept by each process
    client = browser(educator)
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as queries:
        client.post("/inbox/", batch(*shifts))
    assert ShiftDecision.objects.count() == 20
    control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    assert len([q for q in queries if not q["sql"].startswith(control)]) <= 12


def test_same_batch_sent_twice_decides_once(educator: Person, placement: Placement) -> None:
    data = batch(factories.make_shift(placement, yesterday()))
    client = browser(educator)
    assert [client.post("/inbox/", data).status_code for _ in range(2)] == [302, 302]
    assert ShiftDecision.objects.count() == 1


def test_line_sent_twice_in_another_case_is_one_line(
    educator: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, yesterday())
    line = str(shift.entry.uuid)
    data = batch(shift) | {"line": [line, line.upper(), line.replace("-", "")]}
    assert browser(educator).post("/inbox/", data).status_code == 302
    assert ShiftDecision.objects.count() == 1


def test_nothing_ticked_says_so(educator: Person, placement: Placement) -> None:
    factories.make_shift(placement, yesterday())
    answer = browser(educator).post("/inbox/", batch())
    assert (answer.status_code, "Tick the shifts that you confirm" in answer.content.decode()) == (
        422,
        True,
    )


def test_what_is_left_is_listed_with_the_reason(educator: Person, placement: Placement) -> None:
    good, late, early = (
        factories.make_shift(placement, yesterday(7)),
        factories.make_shift(placement, yesterday(2), "14:00", "22:00"),
        factories.make_shift(placement, yesterday(), "06:00", "14:00"),
    )
    data = batch(good, late, early) | {"seen": [str(late.entry.uuid)]}
    page = browser(educator).post("/inbox/", data).content.decode()
    assert "2 shifts confirmed, 1 left" in page
    assert "Tick that you have seen which hours rule this shift breaks." in page
    assert [span for span in ("06:00 to 14:00", "14:00 to 22:00") if span in page] == [
        "06:00 to 14:00"
    ]


def test_line_of_a_stranger_is_left_without_a_name(placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    dana = factories.make_educator("Dana Elsewhere", site=factories.make_site("Freeman"))
    answer = browser(dana).post("/inbox/", batch(shift))
    page = answer.content.decode()
    assert (answer.status_code, placement.enrolment.person.name in page) == (422, False)


def test_password_in_the_form_proves_the_person(educator: Person, placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    client = browser(educator, proved=False)
    assert "Prove it is you" in client.get("/inbox/").content.decode()
    data = batch(shift)
    for password, said in (
        ("", "Enter your password, or use a passkey or a code"),
        ("wrong", "That is not the password of this account"),
    ):
        answer = client.post("/inbox/", data | {"password": password})
        page = answer.content.decode()
        assert (answer.status_code, said in page) == (422, True)
        assert re.search(rf'value="{shift.entry.uuid}"[^>]* checked', page)
    assert ShiftDecision.objects.count() == 0
    assert client.post("/inbox/", data | {"password": factories.PASSWORD}).status_code == 302
    assert ShiftDecision.objects.get().proof == "password"


def prove(client: Client, address: str) -> str:
    """Gives the password on the page that asks for it; where that leads."""
    target = address.partition("?next=")[2]
    answer = client.post(
        "/account/prove/", {"way": "password", "password": factories.PASSWORD, "next": target}
    )
    return str(answer["Location"])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_other_way_of_proving_shows_the_lines_again_before_they_are_signed(
    educator: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, yesterday())
    other = factories.make_shift(placement, yesterday(2))
    client = browser(educator, proved=False)
    data = batch(shift, other_way="1")
    answer = client.post("/inbox/", data)
    (act,) = proof.kept_acts(educator.uuid)
    assert answer.url == f"/account/prove/?next=/inbox/?kept={act.uuid}"
    address = prove(client, answer.url)
    assert address == f"/inbox/?kept={act.uuid}"
    for _ in range(2):
        page = client.get(address).content.decode()
    assert (ShiftDecision.objects.count(), proof.kept_acts(educator.uuid)) == (0, [act])
    ticks = [
        bool(re.search(rf'value="{one.entry.uuid}"[^>]* checked', page)) for one in (shift, other)
    ]
    assert (ticks, "Confirm 1 shift<" in page) == ([True, False], True)
    assert ("Nothing has been sent yet" in page, WORDINGS[Outcome.CONFIRMED] in page) == (
        True,
        True,
    )
    assert hidden(page, "batch") == data["batch"]
    sent = batch(shift) | {name: hidden(page, name) for name in ("batch", "resumed_act")}
    for _ in range(2):
        client.post("/inbox/", sent)
    assert ShiftDecision.objects.get().shift_id == shift.pk
    assert proof.kept_acts(educator.uuid) == []


def test_act_cut_off_by_the_end_of_a_session_leads_back_to_its_page(
    educator: Person, placement: Placement
) -> None:
    """Signing in again is a fresh proof: one blind button would sign what nobody sees."""
    shift = factories.make_shift(placement, yesterday())
    client = browser(educator)
    sign_in = {"login": educator.user.email, "password": factories.PASSWORD}  # type: ignore[union-attr]
    client.post("/account/logout/")
    client.post("/account/login/", sign_in)
    client.post("/account/logout/")
    client.post("/inbox/", batch(shift))
    assert client.post("/account/login/", sign_in).url == "/account/resume/"
    page = client.get("/account/resume/").content.decode()
    (act,) = proof.kept_acts(educator.uuid)
    assert f'href="/inbox/?kept={act.uuid}"' in page
    assert ("Finish it" in page, 'action="/inbox/"' in page) == (False, False)
    page = client.get(f"/inbox/?kept={act.uuid}").content.decode()
    assert re.search(rf'value="{shift.entry.uuid}"[^>]* checked', page)


def test_kept_act_is_filled_in_for_its_owner_on_its_page_alone(
    educator: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, yesterday())
    client = browser(educator, proved=False)
    client.post("/inbox/", batch(shift, other_way="1"))
    (act,) = proof.kept_acts(educator.uuid)
    dana = factories.make_educator("Dana Elsewhere")
    pages = [
        browser(dana).get(f"/inbox/?kept={act.uuid}"),
        client.get("/inbox/"),
        client.get(f"/inbox/{shift.entry.uuid}/?kept={act.uuid}"),
    ]
    assert ["Nothing has been sent yet" in page.content.decode() for page in pages] == [False] * 3


@pytest.mark.parametrize("act", ["query", "reject"])
def test_reason_comes_back_after_a_proof(educator: Person, placement: Placement, act: str) -> None:
    shift = factories.make_shift(placement, yesterday())
    address = f"/inbox/{shift.entry.uuid}/{act}/"
    client = browser(educator, proved=False)
    reason = {"comment": "Codes 94 34 76 59 19", "comment_checked": "on"}
    answer = client.post(address, {"batch": str(uuid4()), "other_way": "1", **reason})
    back = prove(client, answer.url)
    page = client.get(back).content.decode()
    assert ("Codes 94 34 76 59 19</textarea>" in page, ShiftDecision.objects.count()) == (True, 0)
    assert re.search(r'name="comment_checked"[^>]* checked', page)
    sent = {name: hidden(page, name) for name in ("batch", "resumed_act")}
    assert client.post(back, sent | reason).url == "/inbox/"
    assert ShiftDecision.objects.count() == 1
    assert proof.kept_acts(educator.uuid) == []


def test_kept_act_that_was_decided_meanwhile_says_so_and_goes(
    educator: Person, placement: Placement
) -> None:
    """Of a batch it goes once none of its lines waits; a reason once its shift is decided."""
    first, second = (factories.make_shift(placement, yesterday(n)) for n in (1, 2))
    client = browser(educator, proved=False)
    client.post("/inbox/", batch(first, second, other_way="1"))
    reason = {"batch": str(uuid4()), "other_way": "1", "comment": "Which?"}
    client.post(f"/inbox/{first.entry.uuid}/query/", reason)
    dana = factories.make_educator("Dana Elsewhere")
    placing.supervise(
        by=educator,
        placement=placement,
        person=dana,
        capacity="practice_educator",
        starts=yesterday(),
    )
    factories.make_decision(dana, first)
    page = client.get("/account/resume/").content.decode()
    assert page.count("That is settled by now") == 1
    assert "You were about to query a shift. That is settled by now" in page
    assert [act.what for act in proof.kept_acts(educator.uuid)] == ["confirm 2 shifts"]
    factories.make_decision(dana, second)
    home = client.get("/account/resume/", follow=True)
    assert home.redirect_chain == [("/home/", 302)]
    assert "You were about to confirm 2 shifts. That is settled by now" in home.content.decode()
    assert proof.kept_acts(educator.uuid) == []


def test_kept_undo_of_a_decision_that_stands_no_more_goes(
    educator: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, yesterday())
    decision = factories.make_decision(educator, shift)
    late, fresh = browser(educator, proved=False), browser(educator)
    undo = {"batch": str(uuid4()), "decision": str(decision.entry.uuid)}
    late.post("/inbox/decided/", undo)
    assert "Go back to it" in late.get("/account/resume/").content.decode()
    fresh.post("/inbox/decided/", {**undo, "batch": str(uuid4())})
    late.get("/account/resume/")
    assert proof.kept_acts(educator.uuid) == []


@pytest.mark.parametrize("line", [[], ["no UUID"]])
def test_kept_act_that_nobody_looked_at_waits_for_its_owner(
    educator: Person, placement: Placement, line: list[str]
) -> None:
    """A form that came in without a session is kept as it is, and its page says what is wrong with it."""
    client = browser(educator)
    sign_in = {"login": educator.user.email, "password": factories.PASSWORD}  # type: ignore[union-attr]
    client.post("/account/login/", sign_in)
    client.post("/account/logout/")
    client.post("/account/login/", sign_in)
    client.post("/account/logout/")
    client.post("/inbox/", {"batch": str(uuid4()), "line": line, "device_time": "x"})
    client.post("/account/login/", sign_in)
    assert "Go back to it" in client.get("/account/resume/").content.decode()


# One shift


def test_shift_page_shows_history_words_capacity_and_proof(
    educator: Person, placement: Placement
) -> None:
    first = factories.make_shift(placement, yesterday())
    factories.make_decision(educator, first)
    corrected = factories.make_shift(placement, yesterday(), "08:00", "15:00", corrects=first)
    client = browser(educator)
    for shift in (first, corrected):
        page = client.get(f"/inbox/{shift.entry.uuid}/").content.decode()
        shown = (
            *("First version", "Corrected version", WORDINGS[Outcome.CONFIRMED]),
            *("Dilys Sampleby, practice educator", "Proved by password", "08:00 to 15:00"),
        )
        assert [word for word in shown if word not in page] == []
    assert AccessLog.objects.filter(person=placement.enrolment.person).count() == 1


def test_shift_is_confirmed_on_its_own_page(educator: Person, placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    factories.make_decision(educator, shift, "queried", comment="?")
    answer = browser(educator).post(f"/inbox/{shift.entry.uuid}/", batch(shift))
    assert (answer.status_code, CurrentShift.objects.get().state) == (302, "confirmed")


def test_shift_page_is_for_those_who_may_decide(placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    dana = factories.make_educator("Dana Elsewhere", site=factories.make_site("Freeman"))
    for person in (placement.enrolment.person, dana):
        for act in ("", "query/", "reject/"):
            address = f"/inbox/{shift.entry.uuid}/{act}"
            assert browser(person).get(address).status_code == 404
            assert browser(person).post(address, batch(shift)).status_code == 404


@pytest.mark.parametrize(("act", "state"), [("query", "queried"), ("reject", "rejected")])
def test_reason_is_sent_and_kept_when_refused(
    educator: Person, placement: Placement, act: str, state: str
) -> None:
    shift = factories.make_shift(placement, yesterday())
    address = f"/inbox/{shift.entry.uuid}/{act}/"
    client = browser(educator)
    data = {"batch": str(uuid4())}
    assert client.post(address, data).status_code == 422
    refused = client.post(address, data | {"comment": "It says 943 476 5919"})
    assert (refused.status_code, "It says 943 476 5919" in refused.content.decode()) == (422, True)
    asked = client.post(address, data | {"comment": "Codes 94 34 76 59 19"})
    assert "These digits are not an NHS number" in asked.content.decode()
    sent = client.post(address, data | {"comment": "Codes 94 34 76 59 19", "comment_checked": "on"})
    assert (sent.status_code, CurrentShift.objects.get().state) == (302, state)


def test_patient_check_lets_ordinary_words_through() -> None:
    check_patients("Was it a half day on 12 November?", answered=False)
    with pytest.raises(ValidationError):
        check_patients("NHS 943 476 5919", answered=True)


# Undo


def test_decision_is_taken_back_from_the_list(educator: Person, placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    decision = factories.make_decision(educator, shift)
    client = browser(educator)
    assert str(decision.entry.uuid) in client.get("/inbox/decided/").content.decode()
    data = {"batch": str(uuid4()), "decision": str(decision.entry.uuid)}
    for _ in range(2):
        assert client.post("/inbox/decided/", data).status_code == 302
    assert list(ShiftDecision.objects.order_by("entry").values_list("outcome", flat=True)) == [
        "confirmed",
        "undone",
    ]


def test_undo_asks_for_a_proof_and_is_nobody_elses(educator: Person, placement: Placement) -> None:
    shift = factories.make_shift(placement, yesterday())
    decision = factories.make_decision(educator, shift)
    data = {"batch": str(uuid4()), "decision": str(decision.entry.uuid)}
    client = browser(educator, proved=False)
    page = client.get(prove(client, client.post("/inbox/decided/", data).url)).content.decode()
    assert page.count("You were about to take this back") == 1
    assert hidden(page, "batch") == data["batch"]
    assert ShiftDecision.objects.count() == 1
    other = factories.make_educator("Dana Elsewhere")
    assert browser(other).post("/inbox/decided/", data).status_code == 404
    assert ShiftDecision.objects.count() == 1


# With me today


def test_with_me_today_shows_rota_shifts_and_missing_induction(educator: Person) -> None:
    placement = factories.make_placement(educator=educator, inducted=False)
    factories.plan_shift(placement, clock.today(), "09:00", "17:00")
    client = browser(educator)
    page = client.get("/with-me-today/").content.decode()
    shown = (placement.enrolment.person.name, "09:00 to 17:00, on the rota", "not recorded yet")
    assert [word for word in shown if word not in page] == []
    day = yesterday()
    data = {
        "uuid": str(uuid4()),
        "day_day": str(day.day),
        "day_month": str(day.month),
        "day_year": str(day.year),
    }
    address = f"/with-me-today/{placement.uuid}/induction/"
    wrong = client.post(address, data | {"day_year": str(day.year + 1)})
    assert (wrong.status_code, Induction.objects.count()) == (422, 0)
    for _ in range(2):
        assert client.post(address, data).status_code == 302
    assert Induction.objects.get().entry.about_from == day
    assert "Induction recorded" in client.get("/with-me-today/").content.decode()


def test_induction_is_recorded_by_those_who_supervise(placement: Placement) -> None:
    data = {"uuid": str(uuid4()), "day_day": "1", "day_month": "1", "day_year": "2026"}
    address = f"/with-me-today/{placement.uuid}/induction/"
    dana = factories.make_educator("Dana Elsewhere")
    for person in (dana, placement.enrolment.person):
        assert browser(person).post(address, data).status_code == 404


def test_supervision_that_ended_leaves_with_me_today(
    educator: Person, placement: Placement
) -> None:
    supervision = placement.supervisions.get()
    placing.end_supervision(by=educator, supervision=supervision, last_day=yesterday())
    assert reads.with_me([educator.pk]) == []


@pytest.mark.parametrize("number", [1, 30])
def test_with_me_today_takes_at_most_12_queries(educator: Person, number: int) -> None:
    for n in range(number):
        student = factories.make_student(f"Student {n}")
        factories.plan_shift(factories.make_placement(student, educator=educator), clock.today())
    client = browser(educator)
    with CaptureQueriesContext(connection) as queries:
        client.get("/with-me-today/")
    assert len(queries) <= 12


# Turnaround


def test_turnaround_counts_first_decisions_and_answers_anew(
    educator: Person, placement: Placement
) -> None:
    shift = factories.make_shift(placement, yesterday())
    factories.make_decision(educator, shift, "queried", comment="?")
    hours.reply_to_query(by=placement.enrolment.person, shift=shift, reply="All day", uuid=uuid4())
    factories.make_decision(educator, shift)
    today = clock.today()
    assert reads.decided_by([educator.pk]) == [(today, today)] * 2


def test_open_item_past_the_limit_counts_as_late() -> None:
    today = clock.today()
    found = reads.judged("", [(today, today), (today - timedelta(days=30), None), (today, None)])
    assert (found.within.share.numerator, found.within.share.denominator) == (1, 2)
    assert found.within.waiting == 1


# The digest


def test_digest_tells_of_new_items_once_a_day(educator: Person, placement: Placement) -> None:
    factories.make_shift(placement, yesterday())
    assert [tasks.digest.func(), tasks.digest.func()] == [1, 0]
    mail = Mail.objects.get(kind="hours_digest")
    assert (mail.address, mail.subject) == (educator.user.email, "Hours wait for you")  # type: ignore[union-attr]
    assert mail.body.startswith("1 new shift came in for you to confirm. 1 wait in all.")
    names = (placement.enrolment.person.name, educator.name)
    assert [name for name in names if name in mail.subject + mail.body] == []
    factories.make_shift(placement, yesterday(2))
    assert tasks.digest.func() == 0


def test_digest_of_the_next_day_tells_only_when_something_is_new(
    educator: Person, placement: Placement
) -> None:
    factories.make_shift(placement, yesterday())
    tasks.digest.func()
    mail = Mail.objects.get(kind="hours_digest")
    mail.once_key = "hours_digest:of yesterday"
    mail.state, mail.sent_at = "sent", clock.now()
    mail.save()
    assert tasks.digest.func() == 0
    factories.make_shift(placement, yesterday(2))
    assert tasks.digest.func() == 1
    newest = Mail.objects.filter(kind="hours_digest").latest("pk")
    assert newest.body.startswith("1 new shift came in for you to confirm. 2 wait in all.")


def test_digest_goes_to_the_lead_when_the_educator_left(
    educator: Person, placement: Placement
) -> None:
    lead = factories.make_person("Farid Lead")
    factories.make_grant(lead, SITE_LEAD, placement.site.scope)
    factories.make_shift(placement, yesterday())
    educator.left_on = yesterday()
    educator.save()
    tasks.digest.func()
    assert [mail.person for mail in Mail.objects.filter(kind="hours_digest")] == [lead]


def test_home_leads_an_educator_to_the_inbox(educator: Person, placement: Placement) -> None:
    factories.make_shift(placement, yesterday())
    page = browser(educator).get("/home/").content.decode()
    assert ("1 shift" in page, 'href="/inbox/"' in page) == (True, True)
