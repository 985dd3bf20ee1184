"""Which template database belongs to this state of the code, where it is kept, and whose turn it is to build it."""

import contextlib
import fcntl
import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

from school.core import engine

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "test"
KEPT = 4  # templates of other states, such as another branch's


@functools.cache
def key() -> str:
    """A name for what decides how a fresh database looks: migrations, their data, triggers, packages."""
    paths = [
        ROOT / "requirements-dev.txt",
        *(ROOT / "school" / "core" / "engine").rglob("*.py"),
        *(ROOT / "tests" / "backends").rglob("*.py"),
    ]
    for app in ("school", "placements", "logbooks", "cms"):
        paths += (ROOT / app).rglob("migrations/*.py")
        paths += (ROOT / app).rglob("data/**/*")
    whole = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        whole.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    # Triggers are made from the models of today, which a migration only names.
    for model in engine.append_only_models():
        guard = engine.guard_of(model)
        whole.update(repr((guard.table, guard.keys, guard.delete_when)).encode())
    return whole.hexdigest()[:16]


@contextlib.contextmanager
def building(vendor: str) -> Iterator[None]:
    """Hold the lock of an engine's builders: other processes wait for the template instead of making one too."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def forget_oldest(pattern: str) -> None:
    """Delete the templates of states long gone."""
    for path in sorted(FOLDER.glob(pattern), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        path.unlink(missing_ok=True)
