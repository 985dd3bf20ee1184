"""A document as text that is the same for the same content, and its SHA-256."""

import hashlib
import json
from dataclasses import asdict
from typing import Any


def canonical(document: Any) -> str:
    """A dataclass of a station's or exam's document as JSON."""
    return json.dumps(asdict(document), default=str, ensure_ascii=False, sort_keys=True)


def digest(document: Any) -> str:
    """The SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()
