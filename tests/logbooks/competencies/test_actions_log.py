"""Logging an examination, correcting it, taking it back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from logbooks.competencies.actions import log
from logbooks.competencies.models import ExaminationType, LogEntry
from placements import reference
from placements.models import Placement
from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import ConflictingWrite
from tests import factories as make
from tests.logbooks.competencies.book import LogBook, make_log_book

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def book() -> LogBook:
    return make_log_book()


def refused(book: LogBook, **changes: object) -> tuple[str, str]:
    """What a refused entry says: the field and the message; nothing is written."""
    before = LogEntry.objects.count()
    with pytest.raises(DomainError) as raised:
        book.log(**changes)  # type: ignore[arg-type]
    assert LogEntry.objects.count() == before
    return raised.value.field, raised.value.message


def test_examination_is_logged(book: LogBook) -> None:
    entry = book.log(
        role="assisted",
        age_band="40_64",
        sex="female",
        touched=("A1",),
        model="what",
        reflection="What?\nThe arms moved.",
    )
    kept = LogEntry.objects.get()
    assert (kept, kept.case_number, kept.entry.about_from) == (entry, 1, clock.today())
    assert (kept.role, kept.age_band, kept.sex, kept.touched) == (
        "assisted",
        "40_64",
        "female",
        "A1",
    )
    assert kept.entry.book == book.placement.enrolment.book
    assert ledger.private_text(kept, "reflection") == "What?\nThe arms moved."


def test_model_is_not_kept_without_a_reflection(book: LogBook) -> None:
    assert book.log(model="gibbs", reflection="  ").model == ""


def test_case_numbers_count_up_within_a_log_book(book: LogBook) -> None:
    other = make_log_book(
        make.make_placement(make.make_student("Bo Placeholder"), educator=book.educator)
    )
    numbers = [book.log().case_number, other.log().case_number, book.log().case_number]
    assert numbers == [1, 1, 2]


def test_same_entry_sent_twice_is_one(book: LogBook) -> None:
    uuid = uuid4()
    first = book.log(uuid=uuid)
    assert book.log(uuid=uuid) == first
    assert LogEntry.objects.count() == 1


def test_other_content_under_the_same_uuid_is_refused_and_kept(book: LogBook) -> None:
    uuid = uuid4()
    book.log(uuid=uuid)
    with pytest.raises(ledger.ContentConflict):
        book.log(uuid=uuid, role="direct")
    assert LogEntry.objects.get().role == "observed"
    assert ConflictingWrite.objects.get().uuid == uuid


def test_correction_keeps_the_case_number(book: LogBook) -> None:
    first = book.log()
    book.log()
    second = book.log(corrects=first, role="direct")
    assert (second.case_number, second.supersedes) == (first.case_number, first)
    assert set(LogEntry.objects.standing().values_list("role", flat=True)) == {"observed", "direct"}


def test_taken_back_stays_on_record(book: LogBook) -> None:
    entry = book.log()
    gone = log.take_back(by=book.student, entry=entry, uuid=uuid4())
    assert (gone.withdrawn, gone.case_number, gone.supersedes) == (True, 1, entry)
    assert LogEntry.objects.count() == 2


def test_number_of_what_was_taken_back_is_not_given_again(book: LogBook) -> None:
    log.take_back(by=book.student, entry=book.log(), uuid=uuid4())
    assert book.log().case_number == 2


def test_nobody_logs_for_another(book: LogBook) -> None:
    entry = book.log()
    someone = make.make_student("Bo Placeholder").person
    for by in (someone, book.educator):
        with pytest.raises(NotAllowed):
            log.log_examination(
                by=by, placement=book.placement, entered=book.entered(), uuid=uuid4()
            )
        with pytest.raises(NotAllowed):
            log.take_back(by=by, entry=entry, uuid=uuid4())
    assert LogEntry.objects.get() == entry


def test_what_was_changed_is_not_changed_again(book: LogBook) -> None:
    first = book.log()
    second = book.log(corrects=first, role="direct")
    with pytest.raises(Conflict):
        book.log(corrects=first, role="assisted")
    with pytest.raises(Conflict):
        log.take_back(by=book.student, entry=first, uuid=uuid4())
    gone = log.take_back(by=book.student, entry=second, uuid=uuid4())
    with pytest.raises(Conflict):
        book.log(corrects=gone)


def test_correction_stays_in_its_log_book(book: LogBook) -> None:
    earlier = make.make_earlier_enrolment(book.placement.enrolment)
    entry = book.log()
    book.placement.enrolment = earlier
    assert refused(book, corrects=entry)[0] == "placement"


@pytest.mark.parametrize(
    ("from_start", "allowed"), [(-1, False), (0, True), (28, True), (29, False)]
)
def test_day_lies_within_the_placement_and_not_in_the_future(
    book: LogBook, from_start: int, allowed: bool
) -> None:
    day = book.placement.starts + from_start * DAY
    if allowed:
        assert book.log(day=day).entry.about_from == day
    else:
        assert refused(book, day=day)[0] == "day"


def test_day_after_the_placement_is_refused(book: LogBook) -> None:
    Placement.objects.filter(pk=book.placement.pk).update(ends=clock.today() - DAY)
    book.placement.refresh_from_db()
    field, message = refused(book)
    assert field == "day"
    assert "runs from" in message


def test_placement_that_never_began_takes_no_entry(book: LogBook) -> None:
    book.placement.never_began = True
    assert refused(book)[0] == "day"


def test_operator_works_at_the_site(book: LogBook) -> None:
    elsewhere = make.make_educator("Dana Dell", site=make.make_site("Oak Hospital"))
    for person in (elsewhere, book.student, make.make_person("Nobody Special")):
        field, message = refused(book, operator=person)
        assert field == "operator"
        assert person.name in message


def test_correction_keeps_an_operator_who_has_left(book: LogBook) -> None:
    entry = book.log()
    elsewhere = make.make_educator("Dana Dell", site=make.make_site("Oak Hospital"))
    entry.operator = elsewhere
    assert book.log(corrects=entry, operator=elsewhere, role="direct").operator == elsewhere


@pytest.mark.parametrize(
    ("age_band", "sex", "field"),
    [("40_64", "", "age_band"), ("", "female", "sex"), ("40_64", "female", "age_band")],
)
def test_age_band_and_sex_are_not_kept_with_a_rare_tracer(
    book: LogBook, age_band: str, sex: str, field: str
) -> None:
    assert refused(book, tracer=book.rare, age_band=age_band, sex=sex)[0] == field
    assert book.log(tracer=book.rare).tracer == book.rare


def test_competency_of_another_framework_is_not_touched(book: LogBook) -> None:
    field, message = refused(book, touched=("A1", "Z9"))
    assert field == "touched"
    assert message.startswith("Z9 ")


def test_examination_is_done_with_its_tracers_alone(book: LogBook) -> None:
    """So that a rare one, with which neither age band nor sex is kept, is not called FDG."""
    reference.forget()
    rare = ExaminationType.objects.create(
        code="rare-brain", name="Rare (brain)", tracers=book.rare.code, position=3, source="a test"
    )
    said = {"examination": rare, "age_band": "80_over", "sex": "male"}
    assert refused(book, **said) == (
        "tracer",
        f"Rare (brain) is not done with {book.fdg.name}. Choose Raretracer.",
    )
    assert refused(book, **said, tracer=book.rare)[0] == "age_band"
    assert book.log(examination=rare, tracer=book.rare).examination == rare


def test_same_again_from_a_page_that_was_opened_before_is_asked_about(book: LogBook) -> None:
    opened = clock.now()

    def again(unseen_since: datetime | None = opened, **changes: Any) -> LogEntry:
        return log.log_examination(
            by=book.student,
            placement=book.placement,
            entered=book.entered(**changes),
            uuid=uuid4(),
            unseen_since=unseen_since,
        )

    first = again()
    with pytest.raises(DomainError, match=r"You logged the same at .* as case 1\.") as caught:
        again()
    assert caught.value.field == "another_patient"
    assert again(None).case_number == 2
    assert again(clock.now()).case_number == 3
    assert again(role="assisted").case_number == 4
    assert book.log(corrects=first).case_number == 1
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        done = again()
        log.take_back(by=book.student, entry=done, uuid=uuid4())
        assert again().case_number == done.case_number + 1


def test_student_without_a_framework_touches_nothing(book: LogBook) -> None:
    book.placement.enrolment.cohort.programme.log_book_rules.delete()
    assert refused(book, touched=("A1",))[0] == "touched"
    assert book.log().touched == ""


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919", "NHS 94 34 76 59 19"])
def test_nhs_number_in_a_reflection_is_refused_with_what_to_write_instead(
    book: LogBook, number: str
) -> None:
    _, message = refused(book, model="what", reflection=f"What?\nI saw {number}.")
    assert "is an NHS number" in message
    assert "“the patient”" in message


def test_what_is_only_asked_about_is_kept_by_the_action(book: LogBook) -> None:
    assert book.log(model="free", reflection="Mrs Smith").reflection_hash
