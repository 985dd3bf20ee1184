"""Files that facts vouch for: kept privately, whole or not at all, and given out only while they are what the fact says."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from school.core import clock, squares
from school.core.codes import grouped


def address(code: str) -> str:
    """The whole address of the page that says whether what bears a code holds."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('check_document', args=[grouped(code)])}"


def check(code: str, at: str = "") -> dict[str, Any]:
    """What a printed document says of checking it: its code, the address of the check, and the square that leads there.

    `at` is the whole address where it is another than that of `address`.
    """
    at = at or address(code)
    modules, square = squares.square(at)
    return {"code": grouped(code), "address": at, "modules": modules, "square": square}


def digest(data: bytes) -> str:
    """The SHA-256 of a file, as a fact holds it."""
    return hashlib.sha256(data).hexdigest()


def sealed(pdf: bytes, *, reason: str) -> bytes:
    """A PDF with the School's seal on it. Raises SealRefused without a key."""
    # Loaded by whoever seals: it would cost every process half a second and 30 MB.
    from school.core import seal

    return seal.seal(pdf, reason=reason)


def path_of(folder: str, name: str) -> Path:
    """Where a file lies."""
    return Path(settings.MEDIA_ROOT) / folder / name


def keep(folder: str, name: str, data: bytes) -> None:
    """Writes the file: whole or not at all, and over what a run that was cut off left there."""
    path = path_of(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f"{path.name}.part")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def kept(folder: str, name: str, expected: str) -> bytes | None:
    """A file whose digest is expected; none when it is gone or is not what was kept."""
    try:
        data = path_of(folder, name).read_bytes()
    except FileNotFoundError:
        return None
    return data if digest(data) == expected else None


def clear_old(folder: str, days: int) -> int:
    """Takes away for good what has lain in a folder for so many days; gives how many."""
    before = (clock.now() - timedelta(days=days)).timestamp()
    old = [one for one in path_of(folder, "").glob("*") if one.stat().st_mtime < before]
    for one in old:
        one.unlink(missing_ok=True)
    return len(old)


def remove(folder: str, name: str) -> None:
    """Takes a file away for good; one that is gone already is no mistake."""
    path_of(folder, name).unlink(missing_ok=True)
