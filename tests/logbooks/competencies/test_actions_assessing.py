"""Assessing: what is written, each rule, the second assessor's blindness, and that no mark is ever edited."""

from datetime import timedelta
from uuid import uuid4

import pytest

from logbooks.competencies import assessing_queries as reads
from logbooks.competencies.actions.assessing import FIRST, READ, SECOND, second_assessors
from logbooks.competencies.models import Assessment, AssessmentAcknowledgement, LogBookRules
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import ConflictingWrite
from school.people.models import Mail, Person
from school.people.queries import identity
from school.people.roles import SITE_LEAD
from tests import factories as make
from tests.logbooks.competencies.attempts import MET, Attempts, make_attempts

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Attempts:
    return make_attempts()


def seen_by(here: Attempts, person: Person) -> list[reads.Attempt]:
    return reads.of_enrolment(here.placement.enrolment, identity(person))


# What is written


def test_assessment_is_kept_with_all_that_was_said(here: Attempts) -> None:
    day = clock.today() - timedelta(days=1)
    fact = here.assess(day=day, ratings=dict(reversed(MET.items())), feedback=" Calm. ")
    fact = Assessment.objects.get(pk=fact.pk)
    assert (fact.attempt, fact.capacity, fact.proof, fact.wording.text) == (
        1,
        "practice_educator",
        "password",
        FIRST,
    )
    assert (fact.ratings, fact.judgement, fact.passed) == (
        "identity met; glucose met",
        "ready",
        True,
    )
    assert (fact.entry.about_from, fact.entry.actor) == (day, here.dilys.uuid)
    assert fact.entry.book == here.placement.enrolment.book
    assert ledger.private_text(fact, "feedback") == "Calm."


def test_attempts_are_counted_and_the_earlier_stay(here: Attempts) -> None:
    failed = here.assess(ratings=MET | {"identity": "not_met"}, feedback="Ask who it is.")
    passed = here.assess(by=here.cara)
    assert [(row.attempt, row.passed) for row in (failed, passed)] == [(1, False), (2, True)]
    assert passed.capacity == "assessor"
    assert [row.first.pk for row in seen_by(here, here.amara)] == [passed.pk, failed.pk]


def test_attempts_are_counted_over_the_versions_of_a_form(here: Attempts) -> None:
    here.assess()
    newer = here.form
    newer.pk, newer.uuid, newer.number, newer.digest = None, uuid4(), 2, "b" * 64
    newer.save()
    assert here.assess(form=newer).attempt == 2


def test_assessment_sent_twice_is_one(here: Attempts) -> None:
    uuid = uuid4()
    first = here.assess(uuid=uuid)
    assert here.assess(uuid=uuid).pk == first.pk
    assert Assessment.objects.count() == 1
    with pytest.raises(Conflict, match="other content"):
        here.assess(uuid=uuid, judgement="not_yet", feedback="Not yet.")
    # What was sent second may tell a second assessor something: it is kept nowhere.
    assert ConflictingWrite.objects.count() == 0


def test_student_is_told(here: Attempts) -> None:
    here.assess(judgement="not_yet", feedback="Practise the label.")
    mail = Mail.objects.get(kind="assessment_given")
    assert mail.address == here.amara.email
    assert "label" not in mail.body


# Rules


def test_every_item_is_rated_as_the_form_allows(here: Attempts) -> None:
    with pytest.raises(DomainError, match="1 item is not rated yet") as error:
        here.assess(ratings={"identity": "met"})
    assert error.value.field == "item_glucose"
    with pytest.raises(DomainError, match="no such rating") as error:
        here.assess(ratings=MET | {"identity": "not_seen"})
    assert error.value.field == "item_identity"
    with pytest.raises(DomainError, match="no such judgement") as error:
        here.assess(judgement="fine")
    assert error.value.field == "judgement"
    assert Assessment.objects.count() == 0


def test_bare_bad_mark_is_refused(here: Attempts) -> None:
    for said in ({"judgement": "not_yet"}, {"ratings": MET | {"glucose": "not_met"}}):
        with pytest.raises(DomainError, match="do differently") as error:
            here.assess(**said)
        assert error.value.field == "feedback"


def test_nobody_assesses_themself(here: Attempts) -> None:
    with pytest.raises(NotAllowed, match="your own log book"):
        here.assess(by=here.amara)


def test_only_who_supervises_or_assesses_there_assesses(here: Attempts) -> None:
    for stranger in (make.make_educator("Stan Stranger"), here.signers.lead):
        with pytest.raises(NotAllowed, match="do not supervise or assess"):
            here.assess(by=stranger)


def test_programme_may_switch_accounts_off(here: Attempts) -> None:
    rules = LogBookRules.objects.get()
    rules.sign_with_account = False
    rules.save()
    here.placement.enrolment.cohort.programme.refresh_from_db()
    with pytest.raises(NotAllowed, match="does not accept"):
        here.assess()


def test_day_lies_within_the_placement_and_has_come(here: Attempts) -> None:
    for day in (clock.today() + timedelta(days=1), here.placement.starts - timedelta(days=1)):
        with pytest.raises(DomainError, match="day on which you saw it") as error:
            here.assess(day=day)
        assert error.value.field == "day"


# A second assessor


def test_second_assessor_rates_the_same_attempt(here: Attempts) -> None:
    first = here.assess(moderated=True)
    second = here.moderate(first, ratings=MET | {"glucose": "not_met"}, feedback="Too late.")
    assert (second.attempt, second.moderates_id, second.wording.text) == (1, first.pk, SECOND)
    assert second.entry.about_from == first.entry.about_from
    [attempt] = seen_by(here, here.amara)
    assert (attempt.passed, attempt.differ, attempt.waits) == (True, False, False)
    assert [row.fact.assessor for row in attempt.seen] == [here.dilys, here.cara]
    agreed = attempt.agreement
    assert agreed is not None
    assert (agreed.n, agreed.agreed, agreed.kappa) == (2, 1, None)


def test_attempt_on_which_two_differ_is_not_passed(here: Attempts) -> None:
    first = here.assess(moderated=True)
    here.moderate(first, judgement="not_yet", feedback="Not calm yet.")
    [attempt] = seen_by(here, here.amara)
    assert (attempt.passed, attempt.differ) == (False, True)
    assert attempt.state == ("rejected", "Not passed: the two assessors differ")


def test_nobody_is_shown_the_first_before_the_second_is_in(here: Attempts) -> None:
    first = here.assess(moderated=True, feedback="Calm.")
    for person in (here.amara, here.cara, here.signers.lead):
        [attempt] = seen_by(here, person)
        assert (attempt.seen, attempt.withheld, attempt.passed) == ((), True, None)
        assert [row.ratings for _, rows in attempt.rows for row in rows] == [(), ()]
        assert attempt.state == ("awaiting", "Waits for a second assessor")
    [own] = seen_by(here, here.dilys)
    assert [row.feedback for row in own.seen] == ["Calm."]
    here.moderate(first)
    for person in (here.amara, here.cara, here.dilys, here.signers.lead):
        assert [len(attempt.seen) for attempt in seen_by(here, person)] == [2]


def test_what_waits_counts_in_no_figure(here: Attempts) -> None:
    first = here.assess(moderated=True)
    enrolments = type(here.placement.enrolment).objects.all()
    assert reads.figures(enrolments) == []
    here.moderate(first)
    [found] = reads.figures(enrolments)
    assert (found.figures.attempts, found.figures.waiting, found.twice) == (0, 1, 1)
    assert (found.agreement.n, found.agreement.agreed) == (2, 2)


def test_others_at_the_placement_are_asked_and_told_nothing_of_it(here: Attempts) -> None:
    here.assess(moderated=True, judgement="not_yet", feedback="Practise the label.")
    asked = Mail.objects.filter(kind="second_assessor_asked")
    assert [mail.address for mail in asked] == [here.cara.email]
    assert "label" not in asked[0].body
    assert "Not yet" not in asked[0].body
    given = Mail.objects.get(kind="assessment_given")
    assert "as soon as the second one is in" in given.body


def test_both_are_told_once_both_are_in(here: Attempts) -> None:
    here.moderate(here.assess(moderated=True))
    told = Mail.objects.filter(kind="assessment_opened").values_list("address", flat=True)
    assert sorted(told) == sorted([here.amara.email, here.dilys.email])


def test_second_assessor_is_somebody_else(here: Attempts) -> None:
    first = here.assess(moderated=True)
    with pytest.raises(NotAllowed, match="Somebody else rates it"):
        here.moderate(first, by=here.dilys)
    with pytest.raises(NotAllowed, match="your own log book"):
        here.moderate(first, by=here.amara)
    with pytest.raises(NotAllowed, match="do not supervise or assess"):
        here.moderate(first, by=make.make_educator("Stan Stranger"))


def test_lead_of_the_site_is_a_second_assessor_when_others_have_left(here: Attempts) -> None:
    first = here.assess(moderated=True)
    gwen = make.make_person("Gwen Lead")
    make.make_grant(gwen, SITE_LEAD, here.placement.site.scope)
    assert gwen in second_assessors(here.placement, identity(here.dilys))
    assert here.moderate(first, by=gwen).capacity == "site_lead"


def test_second_look_at_a_known_result_is_refused(here: Attempts) -> None:
    first = here.assess()
    with pytest.raises(Conflict, match="not be blind"):
        here.moderate(first)


def test_second_assessment_is_given_once(here: Attempts) -> None:
    first, uuid = here.assess(moderated=True), uuid4()
    second = here.moderate(first, uuid=uuid)
    assert here.moderate(first, uuid=uuid).pk == second.pk
    here.signers.supervise(eva := make.make_educator("Eva Third"), "supervisor")
    with pytest.raises(Conflict, match=r"Cara Checkley has assessed this attempt"):
        here.moderate(Assessment.objects.get(pk=first.pk), by=eva)


def test_nobody_is_asked_where_there_is_nobody_else(here: Attempts) -> None:
    here.cara.left_on = clock.today() - timedelta(days=1)
    here.cara.save()
    assert second_assessors(here.placement, identity(here.dilys)) == []
    with pytest.raises(DomainError, match="no second assessor can be asked") as error:
        here.assess(moderated=True)
    assert error.value.field == "moderated"


# The student's name under it


def test_student_signs_that_they_have_read_it(here: Attempts) -> None:
    first, uuid = here.assess(), uuid4()
    fact = here.acknowledge(first, uuid=uuid)
    assert here.acknowledge(first, uuid=uuid).pk == fact.pk
    fact = AssessmentAcknowledgement.objects.get()
    assert (fact.person, fact.assessment_id, fact.wording.text) == (here.amara, first.pk, READ)


def test_only_the_student_signs_it_once_and_when_both_are_in(here: Attempts) -> None:
    first = here.assess(moderated=True)
    with pytest.raises(NotAllowed, match="Only the student"):
        here.acknowledge(first, by=here.dilys)
    with pytest.raises(Conflict, match="still has to rate"):
        here.acknowledge(first)
    here.moderate(first)
    here.acknowledge(first)
    with pytest.raises(Conflict, match="signed this already"):
        here.acknowledge(first)
