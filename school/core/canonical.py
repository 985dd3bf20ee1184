"""The stored text of a ledger payload: one JSON array, the same bytes for the same facts on any engine."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

Value = bool | int | str | UUID | date | datetime | None

# What a book's first entry has before it.
GENESIS = "0" * 64

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def plain(value: Value) -> bool | int | str | None:
    """One value as JSON can hold it: UUIDs and dates as text, instants as UTC with six decimals.

    Raises TypeError for anything else (floats, decimals, containers, naive instants) and
    ValueError for text that is not NFC or holds a control character.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{value!r} has no time zone: a payload holds aware instants only.")
        utc = value.astimezone(UTC).replace(tzinfo=None)
        return utc.isoformat(timespec="microseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError(f"{value!r} is not in Unicode NFC.")
        if _CONTROL.search(value):
            raise ValueError(f"{value!r} holds a control character.")
        return str(value)
    raise TypeError(f"A payload cannot hold {type(value).__name__}: {value!r}.")


def text(values: Sequence[Value]) -> str:
    """The canonical JSON array of a payload."""
    return json.dumps([plain(value) for value in values], ensure_ascii=False, separators=(",", ":"))


def chained(previous: str, payload: str) -> str:
    """SHA-256 in hexadecimal of the previous hash (as its 64 characters) followed by the payload in UTF-8."""
    return hashlib.sha256((previous + payload).encode()).hexdigest()


def sealed(salt: bytes, private: str) -> str:
    """SHA-256 in hexadecimal of 16 random bytes followed by a private text in UTF-8."""
    return hashlib.sha256(salt + private.encode()).hexdigest()
