"""verify_records: whatever was changed behind the ledger's back is named."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from placements.models import Shift, ShiftDecision, WeekClosed
from school.core import canonical, engine, verify
from school.core.models import Book, LedgerEntry, PrivateText
from tests import records
from tests.core.verifying import execute, place, problems, remove
from tests.records import Network

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def decided(network: Network) -> ShiftDecision:
    """The one decision among one of every kind."""
    (decision,) = (f for f in records.one_of_every_kind(network) if isinstance(f, ShiftDecision))
    return decision


def test_every_kind_verifies(network: Network) -> None:
    facts = records.one_of_every_kind(network)
    assert {type(fact) for fact in facts} == set(verify.fact_models())
    verification = verify.Verification(connection)
    assert list(verification.problems()) == []
    assert verification.entries.total() == len(facts)
    assert verification.texts == PrivateText.objects.count()
    assert verification.erased == 1


def test_command_prints_counts_when_all_is_well(week: list[Shift]) -> None:
    out = StringIO()
    call_command("verify_records", stdout=out)
    assert out.getvalue() == (
        f"Read 5 entries of 1 kinds in {Book.objects.count()} books, "
        "and 5 private texts; 0 were erased.\nEvery record is as it was written.\n"
    )


def test_command_fails_and_names_what_is_wrong(week: list[Shift], unguarded: None) -> None:
    execute("UPDATE placements_shift SET break_minutes = 0 WHERE entry_id = %s", week[1].pk)
    out = StringIO()
    with pytest.raises(CommandError, match=r"Problems found: 1\."):
        call_command("verify_records", stdout=out)
    assert out.getvalue().splitlines()[0] == (
        f"{place(week[1])} differs from its columns: "
        "break_minutes was 30 when it was sealed and is 0 now."
    )


def test_altered_entry_column_is_found(week: list[Shift], unguarded: None) -> None:
    execute("UPDATE core_ledgerentry SET known_from = '2020-01-01' WHERE id = %s", week[2].pk)
    (problem,) = problems()
    assert problem.startswith(f"{place(week[2])} differs from its columns: known_from was ")
    assert problem.endswith('and is "2020-01-01" now.')


def test_altered_payload_is_found(week: list[Shift], unguarded: None) -> None:
    entry = week[2].entry
    execute(
        "UPDATE core_ledgerentry SET payload = %s WHERE id = %s",
        entry.payload.replace(",30,", ",0,"),
        entry.pk,
    )
    assert problems() == [
        f"{place(week[2])} does not hash to the hash that is stored with it.",
        f"{place(week[2])} differs from its columns: "
        "break_minutes was 0 when it was sealed and is 30 now.",
    ]


def test_payload_and_column_altered_alike_break_the_chain(
    week: list[Shift], unguarded: None
) -> None:
    entry = week[2].entry
    payload = entry.payload.replace(",30,", ",0,")
    execute("UPDATE placements_shift SET break_minutes = 0 WHERE entry_id = %s", entry.pk)
    execute(
        "UPDATE core_ledgerentry SET payload = %s, hash = %s WHERE id = %s",
        payload,
        canonical.chained(entry.prev_hash, payload),
        entry.pk,
    )
    assert problems() == [f"{place(week[3])} is not chained to the entry before it."]


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ("nothing", "has a payload that is no JSON."),
        ("[1]", "has a payload of another length than its kind has."),
    ],
)
def test_unreadable_payload_is_found(
    week: list[Shift], unguarded: None, payload: str, says: str
) -> None:
    entry = week[4].entry
    execute(
        "UPDATE core_ledgerentry SET payload = %s, hash = %s WHERE id = %s",
        payload,
        canonical.chained(entry.prev_hash, payload),
        entry.pk,
    )
    assert problems() == [f"{place(week[4])} {says}"]


def test_payload_in_another_form_is_found(week: list[Shift], unguarded: None) -> None:
    entry = week[4].entry
    payload = entry.payload.replace(",", ", ")
    execute(
        "UPDATE core_ledgerentry SET payload = %s, hash = %s WHERE id = %s",
        payload,
        canonical.chained(entry.prev_hash, payload),
        entry.pk,
    )
    assert problems() == [
        f"{place(week[4])} has a payload that is not written in its canonical form."
    ]


def test_row_deleted_in_the_middle_is_found(week: list[Shift], unguarded: None) -> None:
    remove(week[2])
    assert problems() == [f"{place(week[3])} follows entry 2: entry 3 is missing before it."]


def test_several_rows_deleted_are_found(week: list[Shift], unguarded: None) -> None:
    remove(week[1])
    remove(week[2])
    assert problems() == [
        f"{place(week[3])} follows entry 1: entries 2 to 3 are missing before it."
    ]


def test_two_rows_swapped_are_found(week: list[Shift], unguarded: None) -> None:
    second, third = week[1].entry, week[2].entry
    execute("UPDATE core_ledgerentry SET seq = 99 WHERE id = %s", second.pk)
    execute("UPDATE core_ledgerentry SET seq = 2 WHERE id = %s", third.pk)
    execute("UPDATE core_ledgerentry SET seq = 3 WHERE id = %s", second.pk)
    found = problems()
    assert found[:3] == [
        f"{place(week[1])} follows entry 1: entry 2 is missing before it.",
        f"{place(week[2])} follows entry 3, so it is out of its order.",
        f"{place(week[3])} follows entry 2: entry 3 is missing before it.",
    ]
    assert sorted(found[3:]) == sorted(
        [
            f"{place(week[1])} differs from its columns: seq was 2 when it was sealed and is 3 now.",
            f"{place(week[2])} differs from its columns: seq was 3 when it was sealed and is 2 now.",
        ]
    )


def test_two_rows_with_swapped_contents_are_found(week: list[Shift], unguarded: None) -> None:
    for here, there in ((week[1], week[2]), (week[2], week[1])):
        execute(
            'UPDATE placements_shift SET start = %s, "end" = %s WHERE entry_id = %s',
            Shift._meta.get_field("start").get_db_prep_save(there.start, connection),
            Shift._meta.get_field("end").get_db_prep_save(there.end, connection),
            here.pk,
        )
    assert {problem.split(" differs")[0] for problem in problems()} == {
        place(week[1]),
        place(week[2]),
    }


def test_inserted_row_is_found(network: Network, week: list[Shift], unguarded: None) -> None:
    execute("UPDATE core_ledgerentry SET seq = seq + 100 WHERE id >= %s", week[3].pk)
    execute("UPDATE core_ledgerentry SET seq = seq - 99 WHERE id >= %s", week[3].pk)
    forged = LedgerEntry.objects.get(pk=week[2].pk)
    forged.pk, forged.seq, forged.uuid = week[4].pk + 1, 4, records.uuid.uuid4()
    forged.prev_hash = forged.hash
    forged.hash = canonical.chained(forged.prev_hash, forged.payload)
    engine.insert(connection, [forged])
    named = " ".join(problems())
    assert str(forged.uuid) in named
    assert "has lost its fact row" in named
    assert "is out of its order" in named


def test_lost_fact_row_is_found(week: list[Shift], unguarded: None) -> None:
    type(week[4])._base_manager.filter(pk=week[4].pk)._raw_delete("default")  # type: ignore[attr-defined]
    assert problems() == [f"{place(week[4])} has lost its fact row."]


def test_fact_row_under_an_entry_of_another_kind_is_found(
    network: Network, week: list[Shift], unguarded: None
) -> None:
    extra = WeekClosed(entry_id=week[0].pk, placement=network.placement, monday=date(2026, 11, 2))
    engine.insert(connection, [extra])
    assert problems() == [
        f"{place(week[0])} has a row in placements_weekclosed, which is of another kind."
    ]


def test_unknown_kind_and_version_are_found(week: list[Shift], unguarded: None) -> None:
    execute("UPDATE core_ledgerentry SET kind = 'placements.gone' WHERE id = %s", week[3].pk)
    execute("UPDATE core_ledgerentry SET kind_version = 9 WHERE id = %s", week[4].pk)
    found = problems()
    assert f"{place(week[3])} is of a kind that does not exist." in found
    assert f"{place(week[4])} says it is of version 9, which its kind does not know." in found


def test_altered_private_text_is_found(week: list[Shift], unguarded: None) -> None:
    PrivateText.objects.filter(entry=week[0].pk).update(text="Something else")
    assert problems() == [
        f"{place(week[0])} was sealed with another private text “note” than it has now."
    ]


def test_private_text_gone_without_erasure_is_found(week: list[Shift], unguarded: None) -> None:
    PrivateText.objects.filter(entry=week[0].pk).delete()
    assert problems() == [f"{place(week[0])} has lost its private text “note” without an erasure."]


def test_private_text_that_was_erased_and_came_back_is_found(
    network: Network, unguarded: None
) -> None:
    decision = decided(network)
    PrivateText.objects.create(entry=decision.entry, name="comment", salt=b"0" * 16, text="Back")
    assert problems() == [
        f"{place(decision)} still has its private text “comment”, which was erased.",
        f"{place(decision)} was sealed with another private text “comment” than it has now.",
    ]


def test_private_text_of_an_unknown_name_is_found(week: list[Shift], unguarded: None) -> None:
    PrivateText.objects.create(entry=week[0].entry, name="aside", salt=b"0" * 16, text="Psst")
    assert problems() == [
        f"{place(week[0])} has a private text “aside” that its kind does not have."
    ]


def test_altered_wording_is_found(network: Network, unguarded: None) -> None:
    """A decision seals the wording's digest, and the digest the sentence."""
    records.one_of_every_kind(network)
    wording = network.wording
    execute("UPDATE placements_wording SET text = 'I saw nothing.' WHERE id = %s", wording.pk)
    assert problems() == [
        f"The row of placements_wording with the key {wording.pk} holds other words than those "
        f"that were sealed: they do not hash to its digest {wording.digest}."
    ]


def test_wording_altered_with_its_digest_is_found(network: Network, unguarded: None) -> None:
    decision = decided(network)
    digest = canonical.sealed(b"", "I saw nothing.")
    execute(
        "UPDATE placements_wording SET text = 'I saw nothing.', digest = %s WHERE digest = %s",
        digest,
        network.wording.digest,
    )
    assert problems() == [
        f"{place(decision)} differs from its columns: wording digest was "
        f'"{network.wording.digest}" when it was sealed and is "{digest}" now.'
    ]


def test_deleted_wording_is_found(network: Network, unguarded: None) -> None:
    decision = decided(network)
    with transaction.atomic():
        execute("DELETE FROM placements_wording WHERE digest = %s", network.wording.digest)
        found = problems()
        transaction.set_rollback(True)
    assert found == [
        f"{place(decision)} differs from its columns: wording digest was "
        f'"{network.wording.digest}" when it was sealed and is null now.'
    ]


def test_rows_that_point_nowhere_are_not_left_out(db: None) -> None:
    """An inner join would leave out a row whose site is gone, and so find nothing wrong with it."""
    for model in verify.fact_models():
        sql = verify.differing_sql(connection, model)
        assert sql.count("JOIN") == sql.count("LEFT JOIN") > 0
