"""verify_records against a checkpoint: what was cut off, dropped, written anew or slipped in is named."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from placements.models import Shift
from school.core import canonical, checkpoint
from school.core.models import Book, LedgerEntry
from tests import records
from tests.core.verifying import execute, place, problems, remove
from tests.records import DAY, Network

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def rehash(book: Book) -> None:
    """Chains a whole book anew, as somebody with the code and the database could."""
    previous = canonical.GENESIS
    for entry in LedgerEntry.objects.filter(book=book).order_by("seq"):
        digest = canonical.chained(previous, entry.payload)
        LedgerEntry.objects.filter(pk=entry.pk).update(prev_hash=previous, hash=digest)
        previous = digest


def test_checkpoint_finds_nothing_when_only_more_was_written(
    network: Network, week: list[Shift], keys: None
) -> None:
    path = checkpoint.make_checkpoint()
    records.write(network.shift(DAY + timedelta(days=9)))
    records.write(Network().shift())
    assert problems(path) == []


def test_checkpoint_finds_a_cut_tail(
    network: Network, week: list[Shift], keys: None, unguarded: None
) -> None:
    path = checkpoint.make_checkpoint()
    remove(week[4])
    assert problems() == []
    assert problems(path) == [
        f"Book {network.enrolment.book.uuid} has lost its end: it stops at entry 4, "
        "and the checkpoint saw entry 5.",
        f"The ledger ends at id {week[3].pk}, and the checkpoint saw id {week[4].pk}.",
    ]


def test_checkpoint_finds_a_dropped_book(network: Network, keys: None, unguarded: None) -> None:
    other = Network()
    (gone,) = records.write(network.day_note())
    records.write(other.day_note())
    path = checkpoint.make_checkpoint()
    remove(gone)
    network.placement.history.all().delete()
    for edited in (network.placement, network.enrolment):
        type(edited)._base_manager.filter(pk=edited.pk)._raw_delete("default")
    book = network.enrolment.book
    Book.objects.filter(pk=book.pk)._raw_delete("default")  # type: ignore[attr-defined]
    assert problems() == []
    assert problems(path) == [f"Book {book.uuid} is lost: the checkpoint saw 1 entries in it."]


def test_checkpoint_finds_a_book_written_anew(
    network: Network, week: list[Shift], keys: None, unguarded: None
) -> None:
    path = checkpoint.make_checkpoint()
    entry = week[1].entry
    execute("UPDATE placements_shift SET break_minutes = 0 WHERE entry_id = %s", entry.pk)
    execute(
        "UPDATE core_ledgerentry SET payload = %s WHERE id = %s",
        entry.payload.replace(",30,", ",0,"),
        entry.pk,
    )
    rehash(network.enrolment.book)
    assert problems() == []
    assert problems(path) == [
        f"{place(week[4])} is not what the checkpoint saw there: the book was re-hashed up to it."
    ]


def test_checkpoint_finds_an_entry_slipped_in_under_an_old_id(
    network: Network, week: list[Shift], keys: None, unguarded: None
) -> None:
    (gone,) = records.write(network.shift(DAY + timedelta(days=8)))
    records.write(Network().day_note())
    remove(gone)
    path = checkpoint.make_checkpoint()
    (late,) = records.write(network.shift(DAY + timedelta(days=9)))
    execute("UPDATE placements_shift SET entry_id = %s WHERE entry_id = %s", gone.pk, late.pk)
    execute("UPDATE core_ledgerentry SET id = %s WHERE id = %s", gone.pk, late.pk)
    late.pk = gone.pk
    assert problems() == []
    assert problems(path) == [
        f"{place(late)} was slipped in: the checkpoint does not know of it, though it is older."
    ]


def test_command_says_that_it_compared(week: list[Shift], keys: None) -> None:
    path, out = checkpoint.make_checkpoint(), StringIO()
    call_command("verify_records", against=path, stdout=out)
    assert re.search(r"Compared with the checkpoint made at [\d-]+ [\d:]+ UTC\.", out.getvalue())
