"""What tests of verifying share: change rows behind the ledger's back, and read which problems are named."""

from pathlib import Path
from typing import Any

from django.db import connection

from school.core import checkpoint, verify
from school.core.models import Fact, LedgerEntry, PrivateText


def problems(against: Path | None = None) -> list[str]:
    claimed = checkpoint.read_checkpoint(against) if against else None
    return list(verify.Verification(connection, claimed).problems())


def execute(sql: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def place(fact: Fact) -> str:
    """How a problem names a fact's entry."""
    entry = LedgerEntry.objects.select_related("book").get(pk=fact.pk)
    return f"Book {entry.book.uuid}, entry {entry.seq} ({entry.kind} {entry.uuid})"


def remove(fact: Fact) -> None:
    """A fact with everything that hangs on it."""
    PrivateText.objects.filter(entry=fact.pk).delete()
    type(fact)._base_manager.filter(pk=fact.pk)._raw_delete("default")  # type: ignore[attr-defined]
    LedgerEntry.objects.filter(pk=fact.pk)._raw_delete("default")  # type: ignore[attr-defined]
