"""The page of signing: what an assessor reads, ticks and signs, and what changes until the lock."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict

from logbooks.competencies.actions.signing import sign
from logbooks.competencies.models import (
    SignOff,
)
from logbooks.competencies.views import signing as views
from logbooks.competencies.views.signing import _answered
from placements import policies
from placements.actions import placing
from placements.models import Supervision
from school.core import clock
from school.people.models import Mail, MailPreference
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.logbooks.competencies.signers import Signers, make_signers
from tests.logbooks.competencies.staged import make_staged
from tests.logbooks.competencies.test_views_sign_off import day, page
from tests.people.test_proof import age
from tests.placements.browsers import browser as with_factor
from tests.placements.browsers import counted
from tests.placements.test_actions_confirming import merge
from tests.placements.test_views_educator import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Signers:
    return make_signers()


def signing(shown: str, *codes: int, **changes: Any) -> dict[str, Any]:
    """What an assessor sends: the lines as the page showed them, by their place."""
    values = re.findall(r'name="line" type="checkbox" value="([^"]+)"', shown)
    return {
        "batch": str(uuid4()),
        "line": [values[n - 1] for n in codes],
        "outcome": "achieved",
        "level": "",
        "capacity": "",
        "feedback": "",
        "next_step": "",
        "exception": "",
        **day(clock.today()),
        **changes,
    }


def test_assessor_reads_every_word_and_signs_what_is_ticked(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    here.asked(2)
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    shown = page(client, address)
    told = (
        here.competencies[0].title,
        "Case 1",
        entry.entry.hash[:8],
        "You sign as practice educator",
    )
    assert [words for words in told if words not in shown] == []
    assert 'name="line" type="checkbox"' in shown
    assert " checked" not in shown
    sent = signing(shown, 1)
    assert client.post(address, sent).status_code == 302
    assert (here.state(1), here.state(2)) == ("achieved", "open")
    # The same again, as a browser that heard no answer sends it.
    assert client.post(address, sent).status_code == 302
    assert SignOff.objects.count() == 1


def test_what_is_missing_stands_at_its_field_and_nothing_typed_is_lost(here: Signers) -> None:
    here.asked(1)
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    sent = signing(page(client, address), 1, outcome="not_yet", feedback="Range was short.")
    answer = client.post(address, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert ("Enter what the student does next." in shown, "Range was short." in shown) == (
        True,
    ) * 2
    assert len(re.findall(r'name="line"[^>]* checked', shown)) == 1
    assert client.post(address, {**sent, "next_step": "Once more."}).status_code == 302
    assert here.state(1) == "returned"


def test_signing_wants_a_proof_of_the_moment(here: Signers) -> None:
    here.asked(1)
    client = browser(here.dilys, proved=False)
    address = f"/sign-offs/{here.placement.uuid}/"
    sent = signing(page(client, address), 1)
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "password": "wrong"}).status_code == 422
    assert SignOff.objects.count() == 0
    assert client.post(address, {**sent, "password": make.PASSWORD}).status_code == 302
    assert SignOff.objects.get().proof == "password"


def test_signing_in_a_while_ago_is_no_proof_of_the_moment(here: Signers) -> None:
    here.asked(1)
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    shown = page(client, address)
    assert 'name="password"' in shown
    sent = signing(shown, 1)
    # Typed words are read, however fresh the proof.
    assert client.post(address, {**sent, "password": "wrong"}).status_code == 422
    age(client, 121)
    answer = client.post(address, sent)
    assert (answer.status_code, "Enter your password" in answer.content.decode()) == (422, True)
    assert SignOff.objects.count() == 0
    assert client.post(address, {**sent, "password": make.PASSWORD}).status_code == 302


def test_interrupted_signing_comes_back_filled_in_and_unsigned(here: Signers) -> None:
    here.asked(1)
    client = browser(here.dilys, proved=False)
    address = f"/sign-offs/{here.placement.uuid}/"
    sent = signing(page(client, address), 1, feedback="Calm and clear.", other_way="1")
    answer = client.post(address, sent)
    assert answer.status_code == 302
    back = answer["Location"].partition("next=")[2]
    shown = page(client, back)
    assert ("Calm and clear." in shown, SignOff.objects.count()) == (True, 0)
    assert len(re.findall(r'name="line"[^>]* checked', shown)) == 1
    assert f'value="{clock.today().year}"' in shown
    typed = QueryDict(mutable=True)
    typed.setlist("line", sent["line"])
    assert not _answered(typed, placement=here.placement.uuid)
    here.signed(1)
    assert _answered(typed, placement=here.placement.uuid)


def test_assessor_signs_what_they_saw_without_being_asked(here: Signers) -> None:
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    assert "What did you see?" in page(client, address)
    shown = page(client, f"{address}?competency={here.competencies[3].uuid}&competency=x")
    assert ("Not asked: you sign what you saw" in shown, shown.count('name="line"')) == (True, 1)
    assert client.post(address, signing(shown, 1)).status_code == 302
    assert here.state(4) == "achieved"


def test_lines_that_were_left_are_shown_with_the_reason(here: Signers) -> None:
    here.asked(1, 2)
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    sent = signing(page(client, address), 1, 2)
    here.asked(2, of=here.cara)
    answer = client.post(address, sent)
    shown = answer.content.decode()
    assert (answer.status_code, "1 signed, 1 left" in shown) == (200, True)
    assert "The student changed what they ask" in shown


def test_lines_that_make_no_sense_are_refused(here: Signers) -> None:
    here.asked(1)
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    sent = signing(page(client, address), 1)
    for line in ("x", "..", f"{uuid4()}.{uuid4()}", ""):
        assert client.post(address, {**sent, "line": [line]}).status_code == 422
    answer = client.post(address, {**sent, "line": [f"{uuid4()}.."]})
    assert (answer.status_code, "Nothing was signed" in answer.content.decode()) == (422, True)
    assert SignOff.objects.count() == 0


def test_capacity_and_exception_are_asked_of_whoever_holds_several(here: Signers) -> None:
    here.supervise(here.dilys, "assessor")
    here.asked(1)
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    shown = page(client, address)
    assert ("Final assessor" in shown, "Why you sign as final assessor" in shown) == (True, True)
    sent = signing(shown, 1, capacity="assessor")
    assert client.post(address, sent).status_code == 422
    assert (
        client.post(
            address, {**sent, "batch": str(uuid4()), "exception": "Cara is ill."}
        ).status_code
        == 302
    )
    assert SignOff.objects.get().capacity == "assessor"


def test_sites_lead_sees_what_was_asked_of_somebody_who_left(here: Signers) -> None:
    lead = make.make_person("Lena Lead")
    make.make_grant(lead, SITE_LEAD, here.placement.site.scope)
    here.asked(1)
    client = with_factor(lead)
    address = f"/sign-offs/{here.placement.uuid}/"
    page(client, address, 404)
    assert "No sign-off waits for you" in page(client, "/sign-offs/")
    here.dilys.left_on = clock.today() - timedelta(days=1)
    here.dilys.save()
    assert "1 sign-off waits for you" in page(client, "/sign-offs/")
    shown = page(client, address)
    assert (f"{here.dilys.name}, who has left" in shown, "You sign as site lead" in shown) == (
        True,
    ) * 2
    sent = signing(shown, 1)
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert SignOff.objects.get().capacity == "site_lead"


def test_twenty_are_signed_with_as_many_questions_as_one() -> None:
    here = make_signers(22)
    here.asked(*range(1, 23))
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    asked = []
    # The first of all reads what each process keeps.
    for codes in ((1,), (1,), range(1, 21)):
        data = signing(page(client, address), *codes)
        with counted() as found:
            assert client.post(address, data).status_code == 302
        asked.append(len(found))
    assert (asked[2] == asked[1], asked[2] <= 12) == (True, True), asked


# What changes between the page's reading and the lock


def signed_after(
    here: Signers, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]
) -> tuple[int, str]:
    """What an assessor hears of a competency where something is written after the page was read and before the lock."""
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    data = signing(page(client, address), 1)

    def later(**given: Any) -> Any:
        meanwhile()
        return sign(**given)

    monkeypatch.setattr(views, "sign", later)
    answer = client.post(address, data)
    return answer.status_code, answer.content.decode()


def test_who_supervises_no_longer_at_the_lock_signs_nothing(
    here: Signers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.asked(1)
    supervision = Supervision.objects.get(person=here.dilys)
    monkeypatch.setattr(policies, "AFTER_SUPERVISION", timedelta(0))
    status, shown = signed_after(
        here,
        monkeypatch,
        lambda: placing.end_supervision(
            by=here.lead, supervision=supervision, last_day=clock.today() - timedelta(days=1)
        ),
    )
    assert (status, SignOff.objects.count()) == (422, 0)
    assert "You do not supervise or assess at this placement" in shown


def test_version_that_the_student_was_moved_to_before_the_lock_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    staged = make_staged()
    here = staged.signers
    here.asked(1)
    after = staged.version(keeps=(2, 3))
    status, shown = signed_after(here, monkeypatch, lambda: staged.move(after))
    assert (status, SignOff.objects.count()) == (422, 0)
    assert "A1 is not in the student’s framework." in shown


# How the student hears


@pytest.mark.parametrize("merged", [False, True])
def test_student_hears_as_they_chose_or_whom_they_are_one_with(
    here: Signers, *, merged: bool
) -> None:
    chooses = make.make_person("Ama Exampleton") if merged else here.amara
    if merged:
        merge(chooses, here.amara)
    MailPreference.objects.create(person=chooses, digest=MailPreference.Digest.NEVER)
    here.asked(1)
    client = browser(here.dilys)
    address = f"/sign-offs/{here.placement.uuid}/"
    assert client.post(address, signing(page(client, address), 1)).status_code == 302
    assert Mail.objects.get(kind="sign_off_signed").state == Mail.State.KEPT
