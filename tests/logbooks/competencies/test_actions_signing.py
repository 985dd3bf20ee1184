"""Signing competencies: who, in which capacity, exactly what was shown, and each rule that leaves a line."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from logbooks.competencies import standing
from logbooks.competencies.actions.revoking import excuse
from logbooks.competencies.actions.signing import WORDINGS
from logbooks.competencies.models import LogBookRules, SignOff, SignOffRequest
from logbooks.competencies.signing_rules import Item, rule_not_taken_back
from placements.models import Supervision
from school.core import clock, days, ledger
from school.core.errors import Conflict, DomainError
from school.core.models import PORTAL
from school.people.merging import merge_people
from school.people.models import Mail, Person
from school.people.network import ensure_network
from school.people.roles import ADMINISTRATOR, SITE_LEAD
from tests import factories as make
from tests.logbooks.competencies.facts import make_version
from tests.logbooks.competencies.signers import ACHIEVED, NOT_YET, Signers, make_signers

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def here() -> Signers:
    return make_signers()


@pytest.fixture
def site_lead(here: Signers) -> Person:
    person = make.make_person("Lena Lead")
    make.make_grant(person, SITE_LEAD, here.placement.site.scope)
    return person


def leave(person: Person) -> None:
    person.left_on = clock.today() - timedelta(days=1)
    person.save()


# What is written


def test_record_holds_what_was_signed_by_whom_and_how(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    [request] = here.asked(1, evidence=(entry,))
    [fact] = here.signed(1, feedback="Calm and clear.")
    assert (fact.request, fact.evidence) == (request, request.evidence)
    assert (fact.person, fact.capacity, fact.proof) == (here.dilys, "practice_educator", "password")
    assert (fact.outcome, fact.level.code, fact.entry.about_from) == (  # type: ignore[union-attr]
        "achieved",
        "able",
        clock.today(),
    )
    assert fact.wording.text == WORDINGS[ACHIEVED]
    assert ledger.private_text(fact, "feedback") == "Calm and clear."
    assert (here.state(1), here.row(1).request) == ("achieved", None)  # type: ignore[union-attr]


def test_several_are_signed_at_once_and_the_student_is_told_once(here: Signers) -> None:
    here.asked(1, 2)
    facts = here.signed(1, 2, 3)
    assert [bool(fact.request) for fact in facts] == [True, True, False]
    assert [here.state(number) for number in (1, 2, 3, 4)] == [*["achieved"] * 3, "open"]
    mail = Mail.objects.get(kind="sign_off_signed")
    assert (mail.person, "A1, A2, A3" in mail.body) == (here.amara, True)


def test_not_yet_says_what_was_seen_and_what_comes_next(here: Signers) -> None:
    for words, name in (({"feedback": " "}, "feedback"), ({"next_step": ""}, "next_step")):
        with pytest.raises(DomainError) as refusal:
            here.sign(here.item(1), outcome=NOT_YET, **words)
        assert refusal.value.field == name
    [fact] = here.signed(1, outcome=NOT_YET)
    assert (here.state(1), fact.level) == ("returned", None)
    assert ledger.private_text(fact, "next_step") == "Once more."


def test_sign_offs_of_a_competency_form_one_line(here: Signers) -> None:
    [first] = here.signed(1, outcome=NOT_YET)
    [second] = here.signed(1)
    assert (second.supersedes, here.state(1)) == (first, "achieved")


def test_same_lines_again_give_the_first_answer(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    first = here.sign(item).signed
    assert (here.sign(item).signed, SignOff.objects.count()) == (first, 1)
    with pytest.raises(Conflict):
        here.sign(item, feedback="Other words.")


# Exactly what was shown


def test_what_somebody_signed_meanwhile_is_left(here: Signers) -> None:
    item = here.item(1)
    here.signed(1, by=here.cara)
    [(_, reason)] = here.sign(item).left
    assert reason == "Cara Checkley has signed it as achieved meanwhile. Look at it again."


def test_what_the_student_asks_of_somebody_else_meanwhile_is_left(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    here.asked(1, of=here.cara)
    [(_, reason)] = here.sign(item).left
    assert reason.startswith("The student changed what they ask")


def test_what_is_asked_of_oneself_meanwhile_is_left(here: Signers) -> None:
    item = here.item(1)
    here.asked(1)
    [(_, reason)] = here.sign(item).left
    assert reason == "The student asked you for this meanwhile. Look at what they ask."


def test_line_that_is_not_as_shown_is_left(here: Signers) -> None:
    shown = {"placement": here.placement.uuid, "competency": here.competencies[0].uuid}
    items = [
        Item(uuid=uuid4(), **{**shown, "competency": uuid4()}),
        Item(uuid=uuid4(), **shown, newest=uuid4()),
        Item(uuid=uuid4(), **shown),
    ]
    assert [reason for _, reason in here.sign(*items).left] == [
        "This line is not in the portal.",
        "This is not as it was shown. Look at it again.",
        "This line was sent twice.",
    ]


def test_request_of_somebody_else_goes_on_waiting_beside_what_was_seen(here: Signers) -> None:
    [request] = here.asked(1, of=here.cara)
    here.sign(here.item(1, asked=False), outcome=NOT_YET)
    row = here.row(1)
    assert row is not None
    assert (row.state, row.request) == ("returned", request)
    assert standing.rebuild(here.enrolment) == []


def test_achieved_ends_what_was_asked_of_somebody_else(here: Signers) -> None:
    here.asked(1)
    shown = here.item(1)
    here.sign(here.item(1, asked=False), by=here.cara)
    assert here.row(1).request is None  # type: ignore[union-attr]
    [(_, reason)] = here.sign(shown, outcome=NOT_YET).left
    assert reason == "Cara Checkley has signed it as achieved meanwhile. Look at it again."
    assert here.refusal(1, outcome=NOT_YET).startswith("Cara Checkley has signed it as achieved.")
    assert (here.state(1), standing.rebuild(here.enrolment)) == ("achieved", [])


# Who


def test_nobody_signs_their_own(here: Signers) -> None:
    admin = make.make_person("Ada Admin")
    make.make_grant(admin, ADMINISTRATOR, ensure_network())
    merge_people(kept=here.dilys, merged=here.amara, by=admin, uuid=uuid4())
    assert here.refusal(1) == "This is your own log book. Somebody who supervised you signs it."


def test_request_is_answered_by_whom_it_names(here: Signers) -> None:
    here.asked(1, of=here.cara)
    assert here.refusal(1) == "The student asked Cara Checkley for this."


def test_only_who_supervises_or_assesses_signs(here: Signers) -> None:
    stranger = make.make_educator("Sten Stranger")
    refused = "You do not supervise or assess at this placement, so you cannot sign."
    assert here.refusal(1, by=stranger) == refused
    assert here.refusal(1, by=here.lead) == refused
    assert (
        here.refusal(1, capacity="assessor") == "You are not the final assessor of this placement."
    )
    assert here.refusal(1, capacity="nobody") == refused


def test_who_supervised_until_lately_still_signs(here: Signers) -> None:
    late = make.make_educator("Lou Late")
    here.supervise(late, Supervision.Capacity.SUPERVISOR, ends=-1)
    [fact] = here.signed(1, by=late)
    assert fact.capacity == "supervisor"


def test_final_assessor_is_not_who_supervises_day_to_day(here: Signers) -> None:
    here.supervise(here.dilys, Supervision.Capacity.ASSESSOR)
    reason = here.refusal(1, capacity="assessor")
    assert reason.startswith("You supervise this placement day to day, so somebody else signs")
    # As what she is day to day she signs like anybody else.
    here.signed(1, capacity="practice_educator")
    [fact] = here.signed(2, capacity="assessor", exception="Cara is ill.")
    assert ledger.private_text(fact, "exception") == "Cara is ill."


def test_programme_may_let_supervisor_and_assessor_be_one(here: Signers) -> None:
    here.supervise(here.dilys, Supervision.Capacity.ASSESSOR)
    rules = LogBookRules.objects.get()
    rules.separate_assessor = False
    rules.save()
    here.signed(1, capacity="assessor")


def test_final_assessor_signs_as_such(here: Signers) -> None:
    [fact] = here.signed(1, by=here.cara)
    assert fact.capacity == "assessor"


def test_programme_may_switch_signing_with_an_account_off(here: Signers) -> None:
    rules = LogBookRules.objects.get()
    rules.sign_with_account = False
    rules.save()
    assert here.refusal(1) == "The student’s programme does not accept sign-off with an account."
    rules.delete()
    assert here.refusal(1) == "The student’s programme has no framework, so nothing can be signed."


# What and when


def test_only_competencies_of_the_students_framework_are_signed(here: Signers) -> None:
    other = make_version().competencies.get()
    item = Item(uuid=uuid4(), placement=here.placement.uuid, competency=other.uuid)
    assert [why for _, why in here.sign(item).left] == ["A1 is not in the student’s framework."]


def test_what_does_not_apply_is_not_signed(here: Signers) -> None:
    here.asked(1)
    item = here.item(1)
    excuse(
        by=here.lead,
        enrolment=here.enrolment,
        competency=here.competencies[0],
        reason="No scanner.",
        uuid=uuid4(),
    )
    assert [why for _, why in here.sign(item).left] == [
        "This was recorded as not applicable to the student."
    ]


@pytest.mark.parametrize(
    ("day", "reason"),
    [(1, "The day on which you saw it cannot lie"), (-40, "The day on which you saw it must lie")],
)
def test_it_was_seen_on_a_day_of_the_placement_that_has_come(
    here: Signers, day: int, reason: str
) -> None:
    assert here.refusal(1, day=clock.today() + timedelta(days=day)).startswith(reason)


def test_it_was_not_seen_before_the_first_of_the_evidence(here: Signers) -> None:
    today = clock.today()
    entries = tuple(
        here.book.log(touched=("A1",), day=today - timedelta(days=ago)) for ago in (2, 5)
    )
    here.asked(1, evidence=entries)
    here.asked(2)
    first = today - timedelta(days=5)
    assert here.refusal(1, day=first - timedelta(days=1)) == (
        "The day on which you saw it lies before every examination given as evidence, "
        f"the first of {days.long_date(first)}."
    )
    [fact] = here.signed(1, day=first)
    assert fact.entry.about_from == first
    here.signed(2, day=first - timedelta(days=1))


def test_achieved_needs_the_level_required_or_a_higher_one(here: Signers) -> None:
    assert here.refusal(1, level="learning").startswith(
        "A1 needs the level “Able under supervision”"
    )
    assert here.refusal(1, level="wizard") == "The framework of A1 has no such level."
    [fact] = here.signed(1, level="confident")
    assert fact.level.title == "Confident"  # type: ignore[union-attr]
    [fact] = here.signed(2, outcome=NOT_YET, level="learning")
    assert fact.level.title == "Learning"  # type: ignore[union-attr]


def test_what_is_achieved_is_not_taken_back_by_signing_over_it(here: Signers) -> None:
    here.signed(1)
    assert here.refusal(1, by=here.cara, outcome=NOT_YET).startswith(
        f"{here.dilys.name} has signed it as achieved."
    )
    assert here.state(1) == "achieved"


def test_corrected_evidence_may_come_back_as_not_yet(here: Signers) -> None:
    entry = here.book.log(touched=("A1",))
    here.asked(1, evidence=(entry,))
    [first] = here.signed(1)
    here.book.log(touched=("A1",), role="assisted", corrects=entry)
    [second] = here.signed(1, outcome=NOT_YET)
    assert (here.state(1), second.supersedes) == ("returned", first)


@pytest.mark.parametrize(
    ("because", "allowed"), [("changed", True), ("asked", False), ("rerouted", False)]
)
def test_only_changed_evidence_takes_back_what_is_achieved(
    here: Signers, because: str, allowed: bool
) -> None:
    here.signed(1)
    request = SignOffRequest(because=because)
    assert bool(rule_not_taken_back(here.row(1), request, NOT_YET)) == allowed


# Somebody who left


def test_what_was_asked_of_somebody_who_left_is_signed_by_the_sites_lead(
    here: Signers, site_lead: Person
) -> None:
    [asked] = here.asked(1)
    assert here.refusal(1, by=site_lead) == f"The student asked {here.dilys.name} for this."
    leave(here.dilys)
    item = here.item(1)
    [fact] = here.sign(item, by=site_lead).signed
    assert (fact.person, fact.capacity) == (site_lead, "site_lead")
    passed_on = fact.request
    assert passed_on is not None
    assert (passed_on.because, passed_on.assessor, passed_on.supersedes) == (
        "rerouted",
        site_lead,
        asked,
    )
    assert passed_on.entry.actor == PORTAL
    assert (here.state(1), here.row(1).request) == ("achieved", None)  # type: ignore[union-attr]
    assert here.sign(item, by=site_lead).signed == [fact]
    assert SignOffRequest.objects.get(pk=asked.pk).assessor == here.dilys
    assert standing.rebuild(here.enrolment) == []


def test_lead_of_another_site_signs_nothing_of_it(here: Signers) -> None:
    other = make.make_person("Olga Other")
    make.make_grant(other, SITE_LEAD, make.make_site("Elm Hospital").scope)
    here.asked(1)
    leave(here.dilys)
    assert here.refusal(1, by=other) == f"The student asked {here.dilys.name} for this."


def test_name_stays_on_what_somebody_signed_before_they_left(here: Signers) -> None:
    [fact] = here.signed(1)
    leave(here.dilys)
    assert SignOff.objects.get(pk=fact.pk).person == here.dilys
    assert here.state(1) == "achieved"


def test_signing_twenty_costs_as_many_statements_as_signing_one(
    django_assert_max_num_queries: Any,
) -> None:
    here = make_signers(21)
    here.asked(*range(1, 22))
    items = [here.item(number) for number in range(2, 22)]
    one = here.item(1)
    here.sign(one)
    with django_assert_max_num_queries(26):
        assert len(here.sign(*items).signed) == 20
