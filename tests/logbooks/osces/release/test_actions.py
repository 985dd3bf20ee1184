"""Results released by a second person to all candidates at once, and appeals against them."""

from uuid import uuid4

import pytest

from logbooks.competencies.book import content
from logbooks.competencies.book.record import head_of
from logbooks.osces import sealing
from logbooks.osces.models import AppealAnswered, Appealed, Outcome, ResultsReleased, SheetClosed
from logbooks.osces.release import actions, queries
from logbooks.osces.results import decision
from school.core import ledger
from school.core.errors import Conflict, NotAllowed
from school.people.merging import merge_people
from school.people.models import Mail, Person
from school.people.network import ensure_network
from school.people.roles import ADMINISTRATOR, SCHOOL_EDUCATOR
from tests.factories import make_grant
from tests.logbooks.osces.day.made import Day
from tests.logbooks.osces.marking.made import close
from tests.logbooks.osces.release.made import decided, marked, recorded, released
from tests.logbooks.osces.stations.made import educator
from tests.people.cast import with_account

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
TOTALS = [(5, 4), (2, 1)]


@pytest.fixture
def made() -> Day:
    return marked(TOTALS)


def outcome(made: Day, place: int = 0) -> Outcome:
    return queries.outcomes(made.exam)[made.candidates[place].uuid]


def person(made: Day, place: int = 0) -> Person:
    return made.candidates[place].enrolment.person


def appealed(made: Day, place: int = 1) -> Appealed:
    return actions.appeal(
        by=person(made, place), outcome=outcome(made, place), words="I was ill.", uuid=uuid4()
    )


def test_release_gives_each_candidate_their_own_outcome(made: Day) -> None:
    standard = recorded(made)
    fact = actions.release(by=made.reader, standard=standard, uuid=uuid4())
    assert (fact.compared, fact.entry.book, fact.entry.actor) == (
        True,
        made.exam.book,
        made.reader.uuid,
    )
    said = decision.from_canonical(standard.document)
    for place, passed in enumerate((True, False)):
        one, candidate = outcome(made, place), made.candidates[place]
        assert (one.passed, one.released, one.supersedes) == (passed, fact, None)
        assert (one.entry.book, one.entry.about_from) == (candidate.enrolment.book, made.exam.day)
        assert queries.result(one) == said.result(candidate.uuid)
        assert one.digest == sealing.digest_of(one.document)
        assert "Station" not in one.entry.payload


def test_everybody_is_told_in_the_same_words_and_only_then(made: Day) -> None:
    standard = recorded(made)
    assert not Mail.objects.exists()
    actions.release(by=made.reader, standard=standard, uuid=uuid4())
    mails = list(Mail.objects.order_by("pk"))
    assert [one.person for one in mails] == [person(made, 0), person(made, 1)]
    assert len({(one.subject, one.body.rsplit("\n", 1)[0]) for one in mails}) == 1
    assert len({one.not_before for one in mails}) <= 2


def test_release_sent_twice_is_one(made: Day) -> None:
    standard, uuid = recorded(made), uuid4()
    first = actions.release(by=made.reader, standard=standard, uuid=uuid)
    assert actions.release(by=made.reader, standard=standard, uuid=uuid) == first
    with pytest.raises(Conflict, match="released already"):
        actions.release(by=made.reader, standard=standard, uuid=uuid4())
    assert (ResultsReleased.objects.count(), Outcome.objects.count()) == (1, 2)
    assert Mail.objects.count() == 2


def test_whoever_recorded_the_standard_does_not_release_it(made: Day) -> None:
    standard = recorded(made)
    with pytest.raises(NotAllowed, match="You recorded this standard"):
        actions.release(by=made.writer, standard=standard, uuid=uuid4())
    other = educator("Wendy Writer")
    administrator = with_account("Ada Admin", ADMINISTRATOR)
    merge_people(kept=made.writer, merged=other, by=administrator, uuid=uuid4())
    with pytest.raises(NotAllowed, match="You recorded this standard"):
        actions.release(by=other, standard=standard, uuid=uuid4())
    assert not Outcome.objects.exists()


def test_only_who_runs_osces_releases(made: Day) -> None:
    standard = recorded(made)
    for somebody in (with_account("Nora Nobody"), person(made)):
        with pytest.raises(NotAllowed, match="Only programme leads"):
            actions.release(by=somebody, standard=standard, uuid=uuid4())


def test_marks_that_changed_stop_the_release(made: Day) -> None:
    standard = recorded(made)
    stray = educator("Stray Examiner")
    close(made, made.candidates[0], made.stations[0], 1, 1, examiner=stray)
    with pytest.raises(Conflict, match="Marks changed"):
        actions.release(by=made.reader, standard=standard, uuid=uuid4())
    assert (Outcome.objects.exists(), Mail.objects.exists()) == (False, False)


def test_sheet_of_a_withdrawn_candidate_stops_nothing(made: Day) -> None:
    gone = made.candidates[1]
    gone.withdrawn = True
    gone.save()
    full = decided(made)
    kept = [
        one.entry.uuid
        for one in SheetClosed.objects.exclude(sheet__candidate=gone).select_related("entry")
    ]
    said = decided(made, closings=tuple(kept), results=full.results[:1])
    released(made, recorded(made, said))
    assert list(queries.outcomes(made.exam)) == [made.candidates[0].uuid]


def test_standard_set_anew_supersedes_and_tells_who_has_another_outcome(made: Day) -> None:
    first = recorded(made)
    released(made, first)
    second = recorded(made, decided(made, needed=2), after=first)
    released(made, second)
    assert [one.passed for one in queries.outcomes(made.exam).values()] == [True, True]
    one, other = outcome(made, 0), outcome(made, 1)
    assert one.supersedes
    assert other.supersedes
    assert (one.supersedes.digest == one.digest, other.supersedes.passed) == (True, False)
    assert [mail.subject for mail in Mail.objects.filter(person=person(made, 0))] == [
        "Your OSCE result is there"
    ]
    assert [
        mail.subject for mail in Mail.objects.filter(person=person(made, 1)).order_by("pk")
    ] == [
        "Your OSCE result is there",
        "Your OSCE result has changed",
    ]


def test_standard_that_was_set_anew_is_not_released(made: Day) -> None:
    first = recorded(made)
    recorded(made, after=first)
    with pytest.raises(Conflict, match="set anew meanwhile"):
        actions.release(by=made.reader, standard=first, uuid=uuid4())


def test_candidate_appeals_once_in_words_that_stay_private(made: Day) -> None:
    released(made)
    one, uuid = outcome(made, 1), uuid4()
    sent = {"by": person(made, 1), "outcome": one, "words": "I was ill."}
    fact = actions.appeal(**sent, uuid=uuid)  # type: ignore[arg-type]
    assert actions.appeal(**sent, uuid=uuid) == fact  # type: ignore[arg-type]
    assert ledger.private_text(fact, "words") == "I was ill."
    assert "ill" not in fact.entry.payload
    with pytest.raises(Conflict, match="appealed against this result already"):
        actions.appeal(**sent, uuid=uuid4())  # type: ignore[arg-type]
    assert Appealed.objects.count() == 1


def test_only_the_candidate_appeals_and_only_against_what_stands(made: Day) -> None:
    first = recorded(made)
    released(made, first)
    old = outcome(made, 1)
    for somebody in (person(made, 0), made.reader):
        with pytest.raises(NotAllowed, match="Only the candidate"):
            actions.appeal(by=somebody, outcome=old, words="No.", uuid=uuid4())
    released(made, recorded(made, after=first))
    with pytest.raises(Conflict, match="newer result"):
        actions.appeal(by=person(made, 1), outcome=old, words="No.", uuid=uuid4())


def test_appeal_is_answered_once_by_another_and_the_candidate_is_told(made: Day) -> None:
    released(made)
    asked, uuid = appealed(made), uuid4()
    sent = {"appeal": asked, "upheld": True, "words": "Sheet S1 is amended."}
    fact = actions.answer(by=made.reader, **sent, uuid=uuid)  # type: ignore[arg-type]
    assert actions.answer(by=made.reader, **sent, uuid=uuid) == fact  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="answered this appeal already"):
        actions.answer(by=made.reader, **sent, uuid=uuid4())  # type: ignore[arg-type]
    assert ledger.private_text(fact, "words") == "Sheet S1 is amended."
    [mail] = Mail.objects.filter(kind="osce_appeal_answered")
    assert (mail.person, "S1" in mail.body) == (person(made, 1), False)
    assert AppealAnswered.objects.count() == 1


def test_appeal_is_not_answered_by_whoever_set_the_standard_nor_by_others(made: Day) -> None:
    released(made)
    asked = appealed(made)
    sent = {"appeal": asked, "upheld": False, "words": "We looked."}
    with pytest.raises(NotAllowed, match="somebody else answers the appeal"):
        actions.answer(by=made.writer, **sent, uuid=uuid4())  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="Only programme leads"):
        actions.answer(by=person(made, 0), **sent, uuid=uuid4())  # type: ignore[arg-type]


def test_appeal_is_not_answered_by_whoever_marked_the_candidate(made: Day) -> None:
    released(made)
    sent = {"appeal": appealed(made), "upheld": False, "words": "We looked."}
    examiner = made.examiners[0][0]
    make_grant(examiner, SCHOOL_EDUCATOR, ensure_network())
    with pytest.raises(NotAllowed, match="You marked this candidate"):
        actions.answer(by=examiner, **sent, uuid=uuid4())  # type: ignore[arg-type]
    assert not AppealAnswered.objects.exists()


def test_nobody_answers_their_own_appeal(made: Day) -> None:
    released(made)
    asked = appealed(made)
    both = educator("Bo Both")
    administrator = with_account("Ada Admin", ADMINISTRATOR)
    merge_people(kept=both, merged=person(made, 1), by=administrator, uuid=uuid4())
    with pytest.raises(NotAllowed, match="This appeal is yours"):
        actions.answer(by=both, appeal=asked, upheld=True, words="Yes.", uuid=uuid4())


def test_copy_of_the_log_book_says_every_result_and_which_one_stands() -> None:
    made = marked([(4, 4)])
    enrolment = made.candidates[0].enrolment
    assert head_of(enrolment.book) is None
    first = released(made)
    strict = recorded(made, decided(made, needed=9), after=first.standard)
    before = head_of(enrolment.book)
    released(made, strict)
    now = head_of(enrolment.book)
    assert before
    assert now
    assert now.seq > before.seq
    for head, said in ((before, [("passed", "stands")]), (now, [("passed", "followed by a newer one"), ("not passed", "stands")])):  # fmt: skip
        exams = content.document(enrolment, head, reflections=False)["exams"]
        assert [(one["outcome"], one["state"]) for one in exams] == said
        assert {(one["what"], one["year"]) for one in exams} == {("Year 3 OSCE", 3)}
