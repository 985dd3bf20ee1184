"""The pages of assessments: rating on a form, the second assessor, reading and signing, and items that many fail."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from logbooks.competencies import shipped_assessments
from logbooks.competencies.models import Assessment, AssessmentAcknowledgement, AssessmentForm
from placements import reference
from placements.models import Enrolment
from school.core import clock, ledger
from school.people import proof
from school.people.models import AccessLog
from school.people.roles import PROGRAMME_LEAD, UNIVERSITY_TUTOR
from tests import factories as make
from tests.logbooks.competencies.attempts import MET, Attempts, make_attempts
from tests.placements.browsers import browser as with_factor
from tests.placements.test_views_educator import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Attempts:
    return make_attempts()


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def assess_at(here: Attempts) -> str:
    return f"/placements/{here.placement.uuid}/assess/{here.form.uuid}/"


def of(fact: Assessment, part: str = "") -> str:
    return f"/assessments/{fact.entry.uuid}/{part}"


# Rating


def test_assessor_chooses_a_form_and_rates(here: Attempts) -> None:
    client = browser(here.dilys)
    shown = page(client, f"/placements/{here.placement.uuid}/assess/")
    assert assess_at(here) in shown
    shown = page(client, assess_at(here))
    assert "2 items. Nothing is saved before you sign and send it." in shown
    assert shown.count('type="radio"') == 2 + 3 + 2
    typed = here.typed()
    answer = client.post(assess_at(here), typed)
    fact = Assessment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, of(fact))
    assert (str(fact.entry.uuid), fact.ratings) == (
        typed["batch"],
        "identity met; glucose not_seen",
    )
    shown = page(client, of(fact))
    # The device of whoever assessed forgets what it kept.
    assert f'data-assessment-sent="{fact.entry.uuid}" data-owner="{here.dilys.uuid}"' in shown
    assert "data-assessment-sent" not in page(browser(here.amara), of(fact))


def test_page_sent_again_leads_to_the_same_assessment(here: Attempts) -> None:
    client, typed = browser(here.dilys), here.typed()
    first, again = (client.post(assess_at(here), typed) for _ in range(2))
    assert (first["Location"], again.status_code) == (again["Location"], 302)
    other = client.post(assess_at(here), typed | {"item_glucose": "met"})
    assert other.status_code == 409
    assert "Open what was sent first" in other.content.decode()
    assert Assessment.objects.count() == 1


def test_what_is_missing_stands_at_its_item_and_nothing_is_lost(here: Attempts) -> None:
    typed = here.typed() | {"item_glucose": "", "feedback": "Very calm today."}
    answer = browser(here.dilys).post(assess_at(here), typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert escape("Rate “Measures glucose”") in shown
    assert 'href="#id_item_glucose_0"' in shown
    assert "Very calm today." in shown
    assert 'name="item_identity" type="radio" value="met" checked' in shown
    assert Assessment.objects.count() == 0


def test_feedback_that_points_to_a_patient_is_refused(here: Attempts) -> None:
    answer = browser(here.dilys).post(assess_at(here), here.typed(feedback="Of 943 476 5919."))
    assert answer.status_code == 422
    assert "is an NHS number" in answer.content.decode()
    assert Assessment.objects.count() == 0


def test_proof_is_asked_for_and_what_was_rated_comes_back(here: Attempts) -> None:
    client = browser(here.dilys, proved=False)
    shown = page(client, assess_at(here))
    assert 'name="password"' in shown
    answer = client.post(assess_at(here), here.typed())
    assert (answer.status_code, Assessment.objects.count()) == (422, 0)
    day = clock.today() - timedelta(days=2)
    typed = here.typed(day, feedback="Kept words.") | {"other_way": "1"}
    answer = client.post(assess_at(here), typed)
    assert answer.status_code == 302
    [act] = proof.kept_acts(here.dilys.uuid)
    shown = page(client, act.page_filled_in)
    assert "Nothing has been sent yet" in shown
    assert "Kept words." in shown
    assert 'name="item_glucose" type="radio" value="not_seen" checked' in shown
    assert f'value="{typed["batch"]}"' in shown
    assert re.search(rf'name="day_day"[^>]* value="{day.day}"', shown)


def test_form_that_has_a_newer_version_leads_to_it(here: Attempts) -> None:
    older = assess_at(here)
    newer = AssessmentForm.objects.get()
    newer.pk, newer.uuid, newer.number, newer.digest = None, uuid4(), 2, "b" * 64
    newer.save()
    reference.forget()
    client = browser(here.dilys)
    answer = client.get(older)
    assert (answer.status_code, str(newer.uuid) in answer["Location"]) == (302, True)
    # What was opened before is still taken: nothing that was rated is lost.
    assert client.post(older, here.typed()).status_code == 302
    assert Assessment.objects.get().form.number == 1


def test_only_who_assesses_there_finds_the_form(here: Attempts) -> None:
    for person in (here.amara, make.make_educator("Stan Stranger")):
        page(browser(person), assess_at(here), 404)
        assert browser(person).post(assess_at(here), here.typed()).status_code == 404
    page(browser(here.cara), assess_at(here))


# A second assessor


def test_second_assessor_sees_nothing_of_the_first_until_both_are_in(here: Attempts) -> None:
    dilys, cara, amara = browser(here.dilys), browser(here.cara), browser(here.amara)
    typed = here.typed(judgement="not_yet", feedback="Practise hydrangeas.") | {"moderated": "on"}
    dilys.post(assess_at(here), typed)
    first = Assessment.objects.get()
    enrolment = here.placement.enrolment.uuid
    for client in (cara, amara):
        for address in (of(first), f"/log-books/{enrolment}/assessments/"):
            shown = page(client, address)
            assert "econd assessor" in shown
            assert "hydrangeas" not in shown
            assert "Not yet" not in shown
            assert "Not passed" not in shown
    assert "hydrangeas" in page(dilys, of(first))
    assert of(first, "second/") in page(cara, f"/placements/{here.placement.uuid}/assess/")
    shown = page(cara, of(first, "second/"))
    assert "hydrangeas" not in shown
    assert "day_day" not in shown
    answer = cara.post(of(first, "second/"), here.typed(feedback="Well done."))
    assert (answer.status_code, answer["Location"]) == (302, of(first))
    for client in (cara, amara, dilys):
        shown = page(client, of(first))
        assert "hydrangeas" in shown
        assert "Well done." in shown
        assert "1 of 1 items that both saw were found met, or not met, by both: 100 %" in shown
        assert "Not passed: the two assessors differ" in shown
    assert cara.get(of(first, "second/")).status_code == 302


def test_only_another_assessor_finds_the_second_page(here: Attempts) -> None:
    first, known = here.assess(moderated=True), here.assess()
    for person in (here.dilys, here.amara, make.make_educator("Stan Stranger")):
        page(browser(person), of(first, "second/"), 404)
        assert browser(person).post(of(first, "second/"), here.typed()).status_code == 404
    page(browser(here.cara), of(known, "second/"), 404)


# Reading


def test_student_reads_and_signs(here: Attempts) -> None:
    first = here.assess(ratings=MET | {"identity": "not_met"}, feedback="Ask who it is.")
    amara = browser(here.amara)
    assert of(first) in page(amara, "/log-book/assessments/")
    shown = page(amara, of(first))
    for words in ("Ask who it is.", "Not passed", "Critical: The wrong person.", "a test"):
        assert words in shown
    answer = amara.post(of(first), {"batch": str(uuid4())})
    assert (answer.status_code, answer["Location"]) == (302, of(first))
    assert AssessmentAcknowledgement.objects.get().person == here.amara
    shown = page(amara, of(first))
    assert "that they have read this" in shown
    assert "You are about to sign" not in shown
    assert browser(here.dilys).post(of(first), {"batch": str(uuid4())}).status_code == 404


def test_reading_leaves_a_line_in_the_access_log(here: Attempts) -> None:
    first = here.assess()
    tutor = make.make_person("Tara Tutor")
    make.make_grant(tutor, UNIVERSITY_TUTOR, here.placement.enrolment.cohort.scope)
    AccessLog.objects.all().delete()
    page(with_factor(tutor), of(first))
    assert AccessLog.objects.filter(viewer=tutor).count() == 1
    page(browser(make.make_educator("Stan Stranger")), of(first), 404)


def test_file_has_every_rating_but_for_what_waits(here: Attempts) -> None:
    here.assess(ratings=MET | {"glucose": "not_seen"})
    here.assess(moderated=True, ratings=MET | {"glucose": "not_met"}, feedback="Too late.")
    address = f"/log-books/{here.placement.enrolment.uuid}/assessments/file/"
    for person in (here.amara, here.cara, here.dilys):
        answer = browser(person).get(f"{address}csv/")
        text = answer.getvalue().decode()
        lines = [line for line in text.splitlines() if line.startswith("Half-body,")]
        assert [line.split(",")[7:10] for line in lines] == [
            ["Asks who it is", "yes", "Met"],
            ["Measures glucose", "no", "Not seen"],
        ]
    book = browser(here.amara).get(f"{address}xlsx/")
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert browser(here.amara).get(f"{address}pdf/").status_code == 404


# Items that many fail


def assessed(here: Attempts, number: int) -> None:
    """So many other students of the same programme fail on glucose."""
    for n in range(number):
        enrolment: Enrolment = make.make_student(f"Student {n}")
        fact = Assessment(
            enrolment=enrolment,
            placement=make.make_placement(enrolment, educator=here.dilys),
            form=here.form,
            attempt=1,
            assessor=here.dilys,
            capacity="practice_educator",
            proof="password",
            wording=reference.wording("I watched."),
            ratings="identity met; glucose not_met",
            judgement="ready",
            passed=True,
        )
        with ledger.writing(enrolment.book) as pen:
            draft = ledger.Draft(fact=fact, book=enrolment.book, about_from=clock.today())
            pen.append([draft], by=here.dilys.uuid)


def test_lead_sees_items_that_many_fail_in_whole_fives(here: Attempts) -> None:
    lead = make.make_person("Lena Lead")
    make.make_grant(lead, PROGRAMME_LEAD, here.placement.enrolment.cohort.programme.scope)
    client = with_factor(lead)
    assert "Nobody has been assessed yet" in page(client, "/assessments/items/")
    assessed(here, 4)
    assert "Too few students to show." in page(client, "/assessments/items/")
    here.assess()
    shown = page(client, "/assessments/items/")
    assert "5 attempts of 5 students." in shown
    assert "4 of 5" in shown
    assert shown.index("Measures glucose") < shown.index("Asks who it is")
    assert "No attempt has had two assessors yet" in shown
    page(browser(here.dilys), "/assessments/items/", 403)


# Speed


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_pages_ask_at_most_twelve_questions(here: Attempts) -> None:
    shipped_assessments.load()
    reference.forget()
    half_body = AssessmentForm.objects.get(code="half-body")
    first = here.assess(moderated=True)
    done = here.assess(moderated=True)
    here.moderate(done)
    here.acknowledge(done)
    lead = make.make_person("Lena Lead")
    make.make_grant(lead, PROGRAMME_LEAD, here.placement.enrolment.cohort.programme.scope)
    leading, at = with_factor(lead), f"/placements/{here.placement.uuid}/assess/"
    asked = [
        (browser(here.dilys), at),
        (browser(here.dilys), f"{at}{half_body.uuid}/"),
        (browser(here.cara), of(first, "second/")),
        (browser(here.cara), of(first)),
        (browser(here.amara), of(done)),
        (browser(here.amara), "/log-book/assessments/"),
        (leading, f"/log-books/{here.placement.enrolment.uuid}/assessments/"),
        (leading, "/assessments/items/"),
    ]
    found = {address: queries_of(client, address) for client, address in asked}
    assert {address: number for address, number in found.items() if number > 12} == {}


def test_list_asks_the_same_for_one_attempt_and_for_thirty(here: Attempts) -> None:
    here.assess()
    client = browser(here.amara)
    one = queries_of(client, "/log-book/assessments/")
    for n in range(29):
        here.assess(moderated=n % 2 == 0)
    assert queries_of(client, "/log-book/assessments/") == one
