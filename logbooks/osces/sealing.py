"""A document as text that is the same for the same content, and its SHA-256."""

import hashlib
import json
from dataclasses import asdict
from typing import Any


def canonical(document: Any) -> str:
    """A dataclass of a station's, exam's or timetable's document as JSON; a set is written in order."""
    return json.dumps(asdict(document), default=_plain, ensure_ascii=False, sort_keys=True)


def digest(document: Any) -> str:
    """The SHA-256 of the canonical text."""
    return digest_of(canonical(document))


def digest_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)
