"""The pages of whole stages: what is missing and where it is put right, signing, results from elsewhere, another version."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from logbooks.competencies.actions import revoking
from logbooks.competencies.models import (
    ExternalResult,
    StageRevocation,
    StageSignOff,
    VersionMove,
)
from placements.models import Supervision
from school.core import clock
from tests import factories as make
from tests.logbooks.competencies.staged import PDF, Staged
from tests.logbooks.competencies.staged import here as here
from tests.logbooks.competencies.staged import media as media
from tests.logbooks.competencies.test_views_sign_off import day, page, queries_of
from tests.placements.browsers import browser as with_factor
from tests.placements.test_views_educator import browser

pytestmark = pytest.mark.django_db


def stage_page(here: Staged) -> str:
    return f"/log-books/{here.enrolment.uuid}/stages/{here.stage.uuid}/"


def sign_page(here: Staged) -> str:
    return f"/sign-offs/{here.placement.uuid}/stage/"


def result_page(here: Staged, task: str = "osce") -> str:
    return f"{stage_page(here)}results/{task}/"


def offers(shown: str, address: str) -> bool:
    return f'href="{address}' in shown


def test_page_names_what_is_missing_and_where_each_puts_it_right(here: Staged) -> None:
    two = here.signers.competencies[1].uuid
    address, uuid = stage_page(here), here.enrolment.uuid
    own = page(browser(here.signers.amara), address)
    assert "3 of 8 stand" in own
    for there in ("/shifts/", f"/log-book/ask/?competency={two}", "/log-book/assessments/"):
        assert offers(own, there), there
    assert ("records it" in own, offers(own, result_page(here))) == (True, False)
    cara = page(browser(here.cara), address)
    for there in (
        f"/students/{uuid}/",
        f"/sign-offs/{here.placement.uuid}/?competency={two}",
        f"/placements/{here.placement.uuid}/assess/",
        result_page(here),
        result_page(here, "dispensing-simulation"),
    ):
        assert offers(cara, there), there
    lead = page(with_factor(here.lead), address)
    assert offers(lead, f"/log-books/{uuid}/competencies/{two}/")
    assert offers(lead, f"/log-books/{uuid}/assessments/")


def test_task_that_nothing_shows_is_said_to_be_vouched_for(here: Staged) -> None:
    here.fulfil()
    client = browser(here.cara)
    for address in (stage_page(here), sign_page(here)):
        assert page(client, address).lower().count("no competency of the framework belongs") == 2
    # The small framework has no competency of these tasks; the others are shown in other ways.
    bare = [need.code for need in here.standing.needs if need.bare]
    assert bare == ["safety-documentation", "log-book"]


def test_page_says_who_signs_the_stage_and_that_nobody_does(here: Staged) -> None:
    lead = with_factor(here.lead)
    assert "Once all of it stands, Cara Checkley signs it as final assessor." in page(
        lead, stage_page(here)
    )
    here.fulfil()
    here.sign()
    assert "as final assessor." not in page(lead, stage_page(here))
    other = make.make_placement(here.enrolment, year=2, starts=day_ago(400), ends=day_ago(380))
    address = f"/log-books/{here.enrolment.uuid}/stages/{other.stage.uuid}/"
    assert "Nobody is named as final assessor of this stage" in page(lead, address)


def day_ago(number: int) -> date:
    return clock.today() - timedelta(days=number)


def test_stage_of_another_programme_is_not_found(here: Staged) -> None:
    address = f"/log-books/{here.enrolment.uuid}/stages/{uuid4()}/"
    assert browser(here.cara).get(address).status_code == 404


def test_assessor_is_led_from_the_inbox_to_the_page_and_signs(here: Staged) -> None:
    here.fulfil()
    client = browser(here.cara)
    assert offers(page(client, "/sign-offs/"), sign_page(here))
    shown = page(client, sign_page(here))
    version = f"Competencies of the year, {here.signers.book.version}"
    for words in (
        "I have looked at everything",
        "A2 Does the thing 2",
        "Half-body: passed",
        version,
    ):
        assert words in shown, words
    sent = typed(here, shown)
    answer = client.post(sign_page(here), sent)
    assert (answer.status_code, answer["Location"]) == (302, stage_page(here))
    assert StageSignOff.objects.get().person == here.cara
    assert "Signed on" in page(client, stage_page(here))
    assert not offers(page(client, "/sign-offs/"), sign_page(here))
    for person in (here.signers.amara, here.cara):
        assert "What you can do" not in page(browser(here.signers.amara), stage_page(here)), person
    assert "Revoke the sign-off of the stage" in page(with_factor(here.lead), stage_page(here))


def typed(here: Staged, shown: str, **changes: Any) -> dict[str, Any]:
    return {
        "batch": str(uuid4()),
        **shown_by(shown),
        "feedback": "Well done.",
        "exception": "",
        **changes,
    }


def test_page_of_signing_leads_to_what_is_missing(here: Staged) -> None:
    answer = browser(here.cara).get(sign_page(here))
    assert (answer.status_code, answer["Location"]) == (302, stage_page(here))
    for person in (here.signers.dilys, here.signers.amara):
        assert browser(person).get(sign_page(here)).status_code == 404


def test_refused_signature_comes_back_full(here: Staged) -> None:
    here.fulfil()
    client = browser(here.cara)
    sent = typed(here, page(client, sign_page(here)))
    here.count(13000)
    answer = client.post(sign_page(here), sent)
    shown = answer.content.decode()
    assert (answer.status_code, "Well done." in shown) == (409, True)
    assert "changed since you opened the page" in shown
    assert StageSignOff.objects.count() == 0
    # What is shown by now is signed by pressing again.
    assert client.post(sign_page(here), {**sent, **shown_by(shown)}).status_code == 302


def shown_by(page: str) -> dict[str, str]:
    """What a page sends back of what it showed."""
    return {"shown": page.split('name="shown" value="')[1].split('"')[0]}


def test_page_that_comes_back_for_another_reason_still_shows_what_it_showed(here: Staged) -> None:
    here.fulfil()
    client = browser(here.cara)
    sent = typed(here, page(client, sign_page(here)), feedback="NHS 943 476 5919")
    here.count(13000)
    answer = client.post(sign_page(here), sent)
    assert (answer.status_code, shown_by(answer.content.decode())["shown"]) == (422, sent["shown"])


def test_stage_that_is_signed_is_not_offered_again(here: Staged) -> None:
    here.fulfil()
    here.sign()
    answer = browser(here.cara).get(sign_page(here))
    assert (answer.status_code, answer["Location"]) == (302, stage_page(here))


def test_supervisor_is_asked_for_the_reason(here: Staged) -> None:
    here.fulfil()
    here.signers.supervise(here.signers.dilys, Supervision.Capacity.ASSESSOR)
    client = browser(here.signers.dilys)
    shown = page(client, sign_page(here))
    assert "Why you sign as final assessor" in shown
    answer = client.post(sign_page(here), typed(here, shown))
    assert (answer.status_code, "somebody else signs" in answer.content.decode()) == (422, True)
    sent = typed(here, shown, exception="Cara is ill.")
    assert client.post(sign_page(here), sent).status_code == 302
    assert "Cara is ill." in page(client, stage_page(here))


def test_lead_revokes_and_the_page_says_all(here: Staged) -> None:
    here.fulfil()
    signed = here.sign()
    client = with_factor(here.lead)
    address = f"/sign-offs/stages/{signed.entry.uuid}/revoke/"
    assert "Revoke the sign-off of Year 3?" in page(client, address)
    sent = {"uuid": str(uuid4()), "reason": "Another student.", **day(clock.today())}
    assert client.post(address, {**sent, "reason": ""}).status_code == 422
    answer = client.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, stage_page(here))
    assert StageRevocation.objects.count() == 1
    shown = page(browser(here.signers.amara), stage_page(here))
    assert ("Another student." in shown, "Revoked" in shown) == (True, True)
    assert browser(here.signers.dilys).get(address).status_code == 404


def test_what_it_rested_on_is_said_to_lead_and_student(here: Staged) -> None:
    here.fulfil()
    here.sign()
    row = here.signers.row(2)
    assert row
    assert row.sign_off
    revoking.revoke(
        by=here.signers.dilys,
        sign_off=row.sign_off,
        day=clock.today(),
        reason="Other student.",
        uuid=uuid4(),
    )
    for client in (browser(here.signers.amara), with_factor(here.lead)):
        shown = page(client, stage_page(here))
        assert "Rests on the sign-off of A2, which was revoked from" in shown
        assert "Signed; something it rests on has changed" in shown
    assert "something it rests on has changed" in page(browser(here.signers.amara), "/log-book/")


def test_matrix_has_the_stage_as_a_column(here: Staged) -> None:
    client = with_factor(here.lead)
    address = f"/log-books/cohorts/{here.enrolment.cohort.uuid}/"
    assert "Year 3: 3 of 8 stand" in page(client, address)
    here.fulfil()
    assert "Year 3: ready to be signed off as a stage" in page(client, address)
    here.sign()
    file = client.get(f"{address}file/csv/")
    content = b"".join(file.streaming_content).decode() if file.streaming else file.content.decode()
    assert "Year 3: signed on" in content


# Results from elsewhere


def entered(**changes: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()),
        "shown": "",
        "what": "OSCE of the summer term",
        "place": "The university",
        "outcome": "achieved",
        "reason": "",
        "evidence": SimpleUploadedFile("a.pdf", PDF),
        **day(clock.today()),
        **changes,
    }


def test_result_is_recorded_corrected_and_taken_back(here: Staged) -> None:
    client = browser(here.cara)
    address = result_page(here)
    assert "What it was" in page(client, address)
    assert client.post(address, entered(evidence="")).status_code == 422
    answer = client.post(address, entered())
    assert (answer.status_code, answer["Location"]) == (302, stage_page(here))
    first = ExternalResult.objects.get()
    shown = page(client, stage_page(here))
    assert ("OSCE of the summer term, The university" in shown, here.cara.name in shown) == (
        True,
    ) * 2
    document = f"/log-books/results/{first.entry.uuid}/document/"
    answer = client.get(document)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    stranger = a_stranger()
    assert stranger.get(document).status_code == 404
    # Another follows, with the document that is kept already.
    shown = page(client, address)
    assert ("is held" in shown, str(first.entry.uuid) in shown) == (True, True)
    sent = entered(shown=str(first.entry.uuid), outcome="not_yet", evidence="")
    assert client.post(address, sent).status_code == 422
    answer = client.post(address, {**sent, "reason": "A slip."})
    assert answer.status_code == 302
    second = ExternalResult.objects.latest("pk")
    assert (second.supersedes, second.document) == (first, first.document)
    # Whoever has a page open from before hears so, and goes on with what is held now.
    back = f"{address}take-back/"
    for there in (address, back):
        late = entered(shown=str(first.entry.uuid), reason="A slip.")
        answer = client.post(there, late)
        assert answer.status_code == 409
        assert shown_by(answer.content.decode()) == {"shown": str(second.entry.uuid)}
    refused = client.post(address, entered(shown=str(first.entry.uuid), what="")).content.decode()
    assert shown_by(refused) == {"shown": str(first.entry.uuid)}
    sent = {"uuid": str(uuid4()), "shown": str(second.entry.uuid), "reason": ""}
    assert "Take this result back?" in page(client, back)
    assert client.post(back, sent).status_code == 422
    assert client.post(back, {**sent, "reason": "Of somebody else."}).status_code == 302
    shown = page(browser(here.signers.amara), stage_page(here))
    assert ("Taken back" in shown, "Of somebody else." in shown) == (True, True)
    assert client.get(back).status_code == 302
    # It may be somebody else's: the student opens it no more, and hears of it still.
    assert "/document/" not in shown
    amara = browser(here.signers.amara)
    assert (amara.get(document).status_code, client.get(document).status_code) == (404, 200)
    assert "/document/" in page(client, stage_page(here))
    # The document of what was taken back is no answer to what follows.
    assert "Leave it empty" not in page(client, address)
    newest = str(ExternalResult.objects.latest("pk").entry.uuid)
    assert client.post(back, {**sent, "shown": newest, "reason": "Again."}).status_code == 409


def a_stranger() -> Client:
    return browser(make.make_student("Charlie Cedar").person)


def test_others_record_none(here: Staged) -> None:
    for person in (here.signers.amara, here.signers.dilys):
        assert browser(person).get(result_page(here)).status_code == 404
    assert browser(here.cara).get(result_page(here, "log-book")).status_code == 404
    assert with_factor(here.lead).get(result_page(here)).status_code == 200
    assert browser(here.cara).get(f"{result_page(here)}take-back/").status_code == 404


# Another version


def test_lead_moves_a_student_and_sees_before_what_changes(here: Staged) -> None:
    here.signers.signed(1, 2)
    after = here.version(keeps=(1, 3))
    client = with_factor(here.lead)
    address = f"/log-books/{here.enrolment.uuid}/version/"
    assert offers(page(client, f"/log-books/{here.enrolment.uuid}/"), address)
    shown = page(client, address)
    for words in (
        "1 achieved competency goes on",
        "No longer asked: A2, A4",
        "another level: A1, A3",
    ):
        assert words in shown, words
    sent = {"uuid": str(uuid4()), "version": str(after.uuid), "reason": ""}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "reason": "Began again."}).status_code == 302
    assert VersionMove.objects.get().framework_version == after
    shown = page(browser(here.signers.amara), "/log-book/")
    assert ("version 2" in shown, "1 of 2 competencies achieved" in shown) == (True, True)
    one = f"/log-books/{here.enrolment.uuid}/competencies/{here.signers.competencies[0].uuid}/"
    shown = page(browser(here.signers.amara), one)
    assert "version 1: A1" in shown
    assert "anew" in shown
    for person in (here.signers.amara, here.cara):
        assert browser(person).get(address).status_code == 404


def test_page_of_what_is_no_longer_asked_says_so_and_offers_nothing(here: Staged) -> None:
    here.signers.asked(3)
    here.signers.signed(2)
    three, four = (here.signers.competencies[n].uuid for n in (2, 3))
    after = here.version(keeps=(1, 4))
    here.move(after)
    client = browser(here.signers.amara)
    shown = page(client, f"/log-books/{here.enrolment.uuid}/competencies/{three}/")
    assert "The version of the framework that you work towards does not have it." in shown
    for words in ("Waiting for an assessor", "Ask for sign-off"):
        assert words not in shown, words
    assert "Asked of:" in shown
    home = page(client, "/home/later/")
    assert ("0 achieved." in home, "for an assessor" in home) == (True, False)
    # An address of before the move leads to the words of today.
    shown = page(client, f"/log-books/{here.enrolment.uuid}/competencies/{four}/")
    assert ("Does the thing 4, anew" in shown, "Ask for sign-off" in shown) == (True, True)


# Speed


def test_pages_ask_at_most_twelve_questions(here: Staged) -> None:
    here.fulfil()
    amara, cara, lead = browser(here.signers.amara), browser(here.cara), with_factor(here.lead)
    found = {
        "inbox": queries_of(cara, "/sign-offs/"),
        "sign": queries_of(cara, sign_page(here)),
        "result": queries_of(cara, result_page(here)),
    }
    signed = here.sign()
    here.count(100)
    found |= {
        "map": queries_of(amara, "/log-book/"),
        "own": queries_of(amara, stage_page(here)),
        "assessor": queries_of(cara, stage_page(here)),
        "lead": queries_of(lead, stage_page(here)),
        "revoke": queries_of(cara, f"/sign-offs/stages/{signed.entry.uuid}/revoke/"),
        "move": queries_of(lead, f"/log-books/{here.enrolment.uuid}/version/"),
        "matrix": queries_of(lead, f"/log-books/cohorts/{here.enrolment.cohort.uuid}/"),
    }
    assert {name: number for name, number in found.items() if number > 12} == {}
