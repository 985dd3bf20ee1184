"""The pen: order, three times, client-made identity, private text, and many writers at once."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from placements.models import DayNote, Shift, ShiftDecision
from school.core import canonical, days, engine, erasure, ledger, verify
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.ledger import Draft
from school.core.models import Book, ConflictingWrite, Erasure, LedgerEntry, PrivateText
from tests import records
from tests.races import at_once
from tests.records import ACTOR, DAY, Network

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


@pytest.fixture
def network(db: None) -> Network:
    return Network()


def placed() -> Network:
    """A network whose student, site and placement exist already."""
    network = Network()
    network.shift()
    return network


def send(draft: Draft, *, by: uuid.UUID = ACTOR) -> Any:
    """What an action does with one draft that may have come before."""
    with ledger.writing(draft.book, answering=[draft.uuid]) as pen:
        done = pen.answered([draft], by=by)
        return done[draft.uuid] if done else pen.append([draft], by=by)[0]


def again(draft: Draft, **changes: Any) -> Draft:
    """The same draft made anew, as a retried request makes it, with changed columns."""
    fact = type(draft.fact)(
        **{
            field.name: getattr(draft.fact, field.name)
            for field in draft.fact._meta.local_concrete_fields
            if field.name != "entry" and not field.name.endswith("_hash")
        }
        | changes
    )
    return Draft(
        fact=fact,
        book=draft.book,
        about_from=draft.about_from,
        about_to=draft.about_to,
        uuid=draft.uuid,
        texts=draft.texts,
    )


# Order and chain ----------------------------------------------------------------------------------


def test_first_entry_begins_the_chain(network: Network) -> None:
    (shift,) = records.write(network.shift())
    entry = shift.entry
    assert (entry.seq, entry.prev_hash) == (1, canonical.GENESIS)
    assert entry.hash == canonical.chained(canonical.GENESIS, entry.payload)


def test_entries_follow_one_another_over_several_appends(network: Network) -> None:
    records.write(network.shift(), network.day_note(DAY + timedelta(days=1)))
    records.write(network.shift(DAY + timedelta(days=2)))
    entries = list(LedgerEntry.objects.filter(book=network.enrolment.book).order_by("pk"))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.prev_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


def test_books_are_chained_apart(network: Network) -> None:
    other = Network()
    facts = records.write(network.shift(), other.shift(), network.day_note(), other.day_note())
    assert [fact.entry.seq for fact in facts] == [1, 1, 2, 2]
    assert list(verify.Verification(connection).problems()) == []


def test_payload_is_the_header_and_the_columns_in_their_order(network: Network) -> None:
    draft = network.shift(device_time=datetime(2026, 11, 3, 17, 2, tzinfo=UTC))
    (shift,) = records.write(draft)
    entry = shift.entry
    assert entry.payload == canonical.text(
        [
            "placements.shift",
            1,
            network.enrolment.book.uuid,
            1,
            draft.uuid,
            ACTOR,
            DAY,
            None,
            entry.recorded_at,
            entry.known_from,
            False,
            network.placement.uuid,
            network.site.uuid,
            network.day_type.code,
            datetime(2026, 11, 3, 8, tzinfo=UTC),
            datetime(2026, 11, 3, 16, 30, tzinfo=UTC),
            30,
            False,
            None,
            datetime(2026, 11, 3, 17, 2, tzinfo=UTC),
            "",
            None,
        ]
    )


def test_a_fact_may_refer_to_another_of_the_same_append(network: Network) -> None:
    shift = network.shift()
    decision = Draft(
        fact=ShiftDecision(
            shift=shift.fact,
            outcome="confirmed",
            person=network.bob,
            capacity="practice_educator",
            proof="totp",
            wording=network.wording,
        ),
        book=shift.book,
        about_from=DAY,
    )
    _, decided = records.write(shift, decision)
    assert decided.shift.entry.uuid == shift.uuid
    assert list(verify.Verification(connection).problems()) == []


def test_nothing_is_written_for_no_drafts(network: Network) -> None:
    with ledger.writing(network.enrolment.book) as pen:
        assert pen.append([], by=ACTOR) == []
    assert LedgerEntry.objects.count() == 0


def test_a_book_that_is_not_held_is_refused(network: Network) -> None:
    with (
        pytest.raises(ValueError, match="not locked"),
        ledger.writing(network.alice.book) as pen,
    ):
        pen.append([network.shift()], by=ACTOR)
    assert LedgerEntry.objects.count() == 0


def test_nothing_stays_when_a_later_step_fails(network: Network) -> None:

    def write() -> None:
        with ledger.writing(network.enrolment.book) as pen:
            pen.append([network.shift(note="Words.")], by=ACTOR)
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        write()
    assert (LedgerEntry.objects.count(), Shift.objects.count(), PrivateText.objects.count()) == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize("texts", [False, True])
def test_a_thousand_facts_take_as_many_statements_as_one(db: None, texts: bool) -> None:
    note = "Words." if texts else ""
    network = placed()
    book = network.enrolment.book
    counts = []
    for start, count in ((0, 1), (1, 1000)):
        drafts = [network.shift(DAY + timedelta(days=start + n), note) for n in range(count)]
        with (
            CaptureQueriesContext(connection) as captured,
            ledger.writing(book, answering=[drafts[0].uuid]) as pen,
        ):
            assert pen.answered(drafts, by=ACTOR) == {}
            pen.append(drafts, by=ACTOR)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Shift.objects.count() == 1001


# The three times ------------------------------------------------------------------------------------


def test_recorded_at_is_the_database_clock(network: Network) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    (shift,) = records.write(network.shift())
    assert before <= shift.entry.recorded_at <= datetime.now(UTC) + timedelta(seconds=1)


def test_recorded_at_is_never_before_the_books_last(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose clock was set back writes the time of the last entry, not an earlier one."""
    (first,) = records.write(network.shift())
    real = engine.take_ids

    def set_back(*args: Any) -> tuple[list[int], datetime]:
        ids, now = real(*args)
        return ids, now - timedelta(days=2)

    monkeypatch.setattr(engine, "take_ids", set_back)
    (second,) = records.write(network.shift(DAY + timedelta(days=1)))
    assert second.entry.recorded_at == first.entry.recorded_at
    assert second.entry.known_from == first.entry.known_from


def test_known_from_is_the_london_day_of_recording(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight on 2 July in London
    real = engine.take_ids
    monkeypatch.setattr(engine, "take_ids", lambda *args: (real(*args)[0], late))
    (shift,) = records.write(network.shift())
    assert (shift.entry.known_from, shift.entry.imported) == (date(2026, 7, 2), False)


def test_known_from_of_an_import_is_the_source_day(network: Network) -> None:
    draft = network.shift()
    draft.known_from = date(2026, 1, 15)
    (shift,) = records.write(draft)
    assert (shift.entry.known_from, shift.entry.imported) == (date(2026, 1, 15), True)


def test_known_from_after_today_is_refused(network: Network) -> None:
    draft = network.shift()
    draft.known_from = days.london_day(datetime.now(UTC)) + timedelta(days=2)
    with pytest.raises(ValueError, match="nothing is known from the future"):
        records.write(draft)


# Client-made identity -------------------------------------------------------------------------------


def test_the_same_write_again_gets_the_first_answer(network: Network) -> None:
    draft = network.shift(note="Words.")
    first = send(draft)
    second = send(again(draft))
    assert second.pk == first.pk
    assert LedgerEntry.objects.count() == 1


def test_device_time_is_not_content(network: Network) -> None:
    draft = network.shift(device_time=datetime(2026, 11, 3, 17, 0, tzinfo=UTC))
    first = send(draft)
    later = datetime(2026, 11, 3, 17, 5, tzinfo=UTC)
    assert send(again(draft, device_time=later)).pk == first.pk


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: again(draft, break_minutes=0),
        lambda draft: again(draft, withdrawn=True),
        lambda draft: _with(draft, about_from=DAY + timedelta(days=1)),
        lambda draft: _with(draft, about_to=DAY),
        lambda draft: _with(draft, texts={"note": "Other words."}),
        lambda draft: _with(draft, texts={}),
        lambda draft: _with(draft, known_from=date(2026, 1, 1)),
        lambda draft: _with(draft, book=records.book()),
    ],
)
def test_other_content_is_refused_and_kept(
    network: Network, change: Callable[[Draft], Draft]
) -> None:
    draft = network.shift(note="Words.")
    send(draft)
    with pytest.raises(Conflict, match="kept for the School") as refused:
        send(change(draft))
    assert refused.value.status == 409
    (kept,) = ConflictingWrite.objects.all()
    assert (kept.uuid, kept.actor, kept.kind) == (draft.uuid, ACTOR, "placements.shift")
    assert LedgerEntry.objects.count() == 1


def _with(draft: Draft, **changes: Any) -> Draft:
    changed = again(draft)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def test_refused_content_is_kept_with_its_words(network: Network) -> None:
    draft = network.shift(note="Words.")
    send(draft)
    with pytest.raises(Conflict):
        send(_with(again(draft, break_minutes=0), texts={"note": "Other words."}))
    kept = ConflictingWrite.objects.get()
    assert kept.content["columns"]["break_minutes"] == 0
    assert kept.content["texts"] == {"note": "Other words."}
    assert kept.content["about_from"] == "2026-11-03"


def test_uuid_of_another_kind_is_a_conflict(network: Network) -> None:
    shift = network.shift()
    send(shift)
    note = network.day_note()
    note.uuid = shift.uuid
    with pytest.raises(Conflict):
        send(note)


def test_uuid_of_another_actor_is_an_ordinary_refusal(network: Network) -> None:
    draft = network.shift()
    send(draft)
    with pytest.raises(NotAllowed, match=r"^This cannot be saved\.$"):
        send(again(draft), by=uuid.uuid4())
    assert ConflictingWrite.objects.count() == 0


# Private text -----------------------------------------------------------------------------------------


def test_private_text_is_sealed_and_not_in_the_payload(network: Network) -> None:
    (shift,) = records.write(network.shift(note="Felt faint."))
    row = PrivateText.objects.get(entry=shift.pk)
    assert len(bytes(row.salt)) == 16
    assert shift.note_hash == canonical.sealed(bytes(row.salt), "Felt faint.")
    assert shift.note_hash in shift.entry.payload
    assert "Felt faint." not in shift.entry.payload
    assert ledger.private_text(shift, "note") == "Felt faint."


def test_equal_words_are_sealed_differently(network: Network) -> None:
    one, two = records.write(network.shift(note="Ill."), network.day_note(note="Ill."))
    assert one.note_hash != two.note_hash


def test_empty_text_leaves_no_row_and_no_hash(network: Network) -> None:
    (shift,) = records.write(network.shift(note=""))
    assert (shift.note_hash, PrivateText.objects.count()) == ("", 0)


def test_private_texts_of_many_facts_take_one_query(
    network: Network, django_assert_num_queries: Any
) -> None:
    one, two = records.write(network.shift(note="One."), network.day_note())
    with django_assert_num_queries(1):
        assert ledger.private_texts([one, two], "note") == {one.pk: "One."}


def test_a_text_that_the_kind_does_not_have_is_refused(network: Network) -> None:
    draft = network.shift()
    draft.texts = {"aside": "Psst."}
    with pytest.raises(ValueError, match="no private text called aside"):
        records.write(draft)


def erase(entry: LedgerEntry, key: uuid.UUID | None = None) -> Erasure:
    return erasure.erase(
        entry=entry, ground=Erasure.Ground.REQUEST, uuid=key or uuid.uuid4(), by=ACTOR
    )


def test_erasing_deletes_the_words_and_says_so(network: Network) -> None:
    shift, note = records.write(network.shift(note="Mine."), network.day_note(note="Stays."))
    fact = erase(shift.entry)
    assert ledger.private_text(shift, "note") == ""
    assert ledger.private_text(note, "note") == "Stays."
    assert (fact.erased, fact.ground, fact.entry.seq) == (shift.entry, "request", 3)
    assert list(verify.Verification(connection).problems()) == []


def test_erasing_takes_the_refused_words_too(network: Network) -> None:
    draft = network.shift(note="Mine.")
    send(draft)
    with pytest.raises(Conflict):
        send(_with(draft, texts={"note": "Mine too."}))
    erase(LedgerEntry.objects.get(uuid=draft.uuid))
    assert ConflictingWrite.objects.count() == 0


def test_erasing_again_gets_the_first_answer(network: Network) -> None:
    (shift,) = records.write(network.shift(note="Mine."))
    key = uuid.uuid4()
    assert erase(shift.entry, key).pk == erase(shift.entry, key).pk
    assert Erasure.objects.count() == 1


def test_erasing_where_there_are_no_words_is_refused(network: Network) -> None:
    (shift,) = records.write(network.shift())
    with pytest.raises(DomainError, match="nothing was erased"):
        erase(shift.entry)
    assert Erasure.objects.count() == 0


def test_words_are_kept_when_their_erasure_fails(network: Network) -> None:
    (shift,) = records.write(network.shift(note="Mine."))

    @transaction.atomic
    def erase_and_fail() -> None:
        erase(shift.entry)
        raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        erase_and_fail()
    assert ledger.private_text(shift, "note") == "Mine."
    assert Erasure.objects.count() == 0


def test_a_write_repeated_after_its_erasure_gets_the_first_answer(network: Network) -> None:
    draft = network.shift(note="Mine.")
    first = send(draft)
    erase(first.entry)
    assert send(again(draft)).pk == first.pk


# Reading ------------------------------------------------------------------------------------------------


def test_standing_leaves_out_what_was_superseded(network: Network) -> None:
    (first,) = records.write(network.day_note())
    second = network.day_note()
    second.fact.supersedes = first  # type: ignore[attr-defined]
    (corrected,) = records.write(second)
    assert list(DayNote.objects.standing()) == [corrected]


def test_standing_is_as_it_was_known_on_a_day(network: Network) -> None:
    """The end of the day counts: what was recorded on it is known on it."""
    first, second = network.day_note(), network.day_note()
    first.known_from, second.known_from = date(2026, 1, 10), date(2026, 1, 20)
    (wrong,) = records.write(first)
    second.fact.supersedes = wrong  # type: ignore[attr-defined]
    (right,) = records.write(second)
    standing = {
        day: list(DayNote.objects.standing(date(2026, 1, day))) for day in (9, 10, 19, 20, 21)
    }
    assert standing == {9: [], 10: [wrong], 19: [wrong], 20: [right], 21: [right]}


def test_watermark_is_the_highest_id(network: Network) -> None:
    assert ledger.watermark() == 0
    *_, last = records.write(network.shift(), network.day_note())
    assert ledger.watermark() == last.pk


# Many at once -------------------------------------------------------------------------------------------


def raised_at_once(*works: Callable[[], object]) -> list[BaseException]:
    """What works raised that were let go at the same instant."""
    came = at_once(works)
    close_old_connections()
    return [one for one in came if isinstance(one, BaseException)]


@pytest.mark.django_db(transaction=True)
def test_ten_writers_to_one_book_lose_nothing() -> None:
    network = placed()
    days_each = 8

    def write(writer: int) -> None:
        for n in range(days_each):
            records.write(network.shift(DAY + timedelta(days=writer * days_each + n)))

    assert raised_at_once(*(lambda writer=writer: write(writer) for writer in range(10))) == []
    seqs = LedgerEntry.objects.order_by("pk").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, 10 * days_each + 1))
    assert list(verify.Verification(connection).problems()) == []


@pytest.mark.django_db(transaction=True)
def test_writers_who_lock_two_books_in_either_order_do_not_deadlock() -> None:
    one, two = placed(), placed()

    def write(first: Network, second: Network) -> None:
        for n in range(5):
            records.write(*(side.shift(DAY + timedelta(days=n)) for side in (first, second)))

    assert raised_at_once(*[lambda: write(one, two), lambda: write(two, one)] * 2) == []
    assert LedgerEntry.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_the_same_write_ten_times_at_once_is_one_fact() -> None:
    draft = Network().shift(note="Once.")
    assert raised_at_once(*[lambda: send(again(draft))] * 10) == []
    assert (LedgerEntry.objects.count(), PrivateText.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_watermark_waits_for_a_writer_that_is_half_done() -> None:
    network = placed()
    records.write(network.day_note())
    seen: list[int] = []
    appended, asked = threading.Event(), threading.Event()

    def write() -> None:
        with ledger.writing(network.enrolment.book) as pen:
            pen.append([network.shift()], by=ACTOR)
            appended.set()
            asked.wait(30)
            threading.Event().wait(0.3)

    def pin() -> None:
        appended.wait(30)
        asked.set()
        with transaction.atomic():
            seen.append(ledger.watermark())

    assert raised_at_once(write, pin) == []
    assert seen == [LedgerEntry.objects.latest("pk").pk]
    assert LedgerEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_pins_the_ledger_may_append_before_letting_go() -> None:
    """A writer that waits for the pin holds no book meanwhile, or the two would wait for each other."""
    network = placed()
    pinned, trying = threading.Event(), threading.Event()

    def pin() -> None:
        with transaction.atomic():
            ledger.watermark()
            pinned.set()
            trying.wait(30)
            threading.Event().wait(0.3)
            records.write(network.day_note())

    def write() -> None:
        pinned.wait(30)
        trying.set()
        records.write(network.shift())

    assert raised_at_once(pin, write) == []
    assert LedgerEntry.objects.count() == 2


def test_a_book_that_holds_facts_cannot_be_deleted(network: Network) -> None:
    records.write(network.shift())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Book.objects.filter(pk=network.enrolment.book.pk)._raw_delete("default")  # type: ignore[attr-defined]
