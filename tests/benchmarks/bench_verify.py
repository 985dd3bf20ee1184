"""verify_records of a million entries, against reading the same rows with the driver and hashing them.

python -m tests.benchmarks.bench_verify [ENTRIES [PAIRS]]

Works in a database of its own: a file in a temporary folder, or with DATABASE_URL a database beside
the one named there. Everything runs in processes of its own, so that a peak of memory is one
reading's and nobody else's.
"""

import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as dt_time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent.parent
ENTRIES, PAIRS = 1_000_000, 15
RATIO_BAR, MEMORY_BAR = 3.0, 300  # times the bare reading; MB
BOOKS = 200
DATABASE = "portal_bench_verify"


def run(scale: float = 1, pairs: int = PAIRS) -> dict[str, Any]:
    """Build `scale` million entries and measure; the figures, with the raw samples, and whether the bars are met."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, _Database() as url:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "school.settings.test",
            "PORTAL_VAR_DIR": folder,
            "DATABASE_URL": url,
        }
        built = _child("build", environment, str(int(scale * ENTRIES)))
        measured = _child("measure", environment, str(pairs))
        peak = _child("memory", environment)
    samples = measured["samples"]
    ratios = [verified / bare for bare, verified in samples]
    low, middle, high = statistics.quantiles(ratios, n=4) if pairs > 1 else ratios * 3
    return {
        "engine": "PostgreSQL" if url else "SQLite",
        **built,
        "samples": samples,
        "bare seconds": round(statistics.median(bare for bare, _ in samples), 2),
        "verify seconds": round(statistics.median(verified for _, verified in samples), 2),
        "ratio": round(middle, 2),
        "quartiles": [round(low, 2), round(high, 2)],
        "peak MB": peak["peak MB"],
        "met": middle <= RATIO_BAR and peak["peak MB"] <= MEMORY_BAR,
    }


class _Database:
    """A database of this benchmark's own beside the one that DATABASE_URL names; "" for SQLite."""

    def __enter__(self) -> str:
        self.url = os.environ.get("DATABASE_URL", "")
        if not self.url:
            return ""
        self._execute(f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}")
        return urlsplit(self.url)._replace(path=f"/{DATABASE}").geturl()

    def __exit__(self, *_: object) -> None:
        if self.url:
            self._execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")

    def _execute(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]


def _child(what: str, environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_verify", f"--{what}", *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


# In a child process ------------------------------------------------------------------------------


def build(entries: int) -> dict[str, Any]:
    """Fill the database with books as enrolments have them: seven kinds, and a text on every fifth entry.

    The rows are what the pen would write, past the models for speed; verification itself proves it.
    """
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.creation.create_test_db()  # a copy of the migrated file that tests use, made once
    else:
        call_command("migrate", verbosity=0, interactive=False)
    began = time.monotonic()
    written = 0
    for book in range(BOOKS):
        rows = BookRows(written)
        rows.fill(entries // BOOKS + (book < entries % BOOKS))
        rows.save()
        written = rows.last_id
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"entries": written, "build seconds": round(time.monotonic() - began)}


class BookRows:
    """The rows of one enrolment's book, to be inserted table by table."""

    def __init__(self, last_id: int) -> None:
        from school.core import canonical
        from tests import records

        self.network = records.Network()
        self.book = self.network.enrolment.book
        self.actor = uuid4()
        self.last_id, self.seq, self.hash = last_id, 0, canonical.GENESIS
        self.rows: dict[Any, list[dict[str, Any]]] = {}

    def fill(self, count: int) -> None:
        """So many entries, in the shares that an enrolment has."""
        from placements import models as placing
        from school.core.days import instant

        network, day = self.network, date(1990, 1, 1)  # a Monday
        placement = {"placement": network.placement}
        number = 0
        while self.seq < count:
            number += 1
            day += timedelta(days=1)
            start = instant(day, dt_time(8))
            shift = self.add(
                placing.Shift, day, "note" if number % 2 else "", **placement, site=network.site,
                day_type=network.day_type, start=start, end=start + timedelta(hours=8),
                break_minutes=30,
            )  # fmt: skip
            if self.seq == count:
                break
            self.add(
                placing.ShiftDecision, day, "", shift=shift, outcome="confirmed", person=network.bob,
                capacity="practice_educator", proof="totp", wording=network.wording,
            )  # fmt: skip
            others: list[tuple[Any, str, dict[str, Any]]] = []
            if number % 3 == 0:
                ill = {"kind": "absent_ill", "expected_minutes": 450}
                others.append((placing.DayNote, "note", ill))
            if number % 7 == 0:
                supervisor = {"person": network.bob, "capacity": "supervisor"}
                others += [
                    (placing.WeekClosed, "", {"monday": day - timedelta(days=day.weekday())}),
                    (placing.Override, "reason", {"rule": "week_limit"}),
                    (placing.Induction, "", {"given_by": network.bob}),
                    (placing.Supervision, "", supervisor),
                ]
            for model, text, columns in others[: count - self.seq]:
                self.add(model, day, text, **placement, **columns)

    def add(self, model: Any, day: date, text: str, **columns: Any) -> SimpleNamespace:
        """One fact with its entry and perhaps a private text; what others refer to it by."""
        from school.core import canonical
        from school.core.models import LedgerEntry, PrivateText

        self.last_id += 1
        self.seq += 1
        key = uuid4()
        recorded = datetime.combine(day, dt_time(18, 0, 0, self.seq), UTC)
        header = {
            "uuid": key, "actor": self.actor, "about_from": day, "about_to": None,
            "recorded_at": recorded, "known_from": day, "imported": False,
        }  # fmt: skip
        salt = self.last_id.to_bytes(16, "big")
        hashes = [name for name in model.PAYLOAD[1] if name.endswith("_hash")]
        given = {field.name: field.get_default() for field in model._meta.local_concrete_fields[1:]}
        columns = given | columns
        columns |= {name: canonical.sealed(salt, "A few words.") if text else "" for name in hashes}
        values = [model.KIND, 1, self.book.uuid, self.seq, *header.values()]
        for path in model.PAYLOAD[1]:
            value: Any = columns[path.split("__")[0]]
            for name in path.split("__")[1:]:
                value = value and getattr(value, name)
            values.append(value)
        payload = canonical.text(values)
        previous, self.hash = self.hash, canonical.chained(self.hash, payload)
        self._keep(
            LedgerEntry, id=self.last_id, book=self.book, seq=self.seq, kind=model.KIND,
            kind_version=1, payload=payload, prev_hash=previous, hash=self.hash, **header,
        )  # fmt: skip
        self._keep(model, entry_id=self.last_id, **columns)
        if text:
            self._keep(
                PrivateText, entry_id=self.last_id, name=text, salt=salt, text="A few words."
            )
        return SimpleNamespace(pk=self.last_id, entry=SimpleNamespace(uuid=key))

    def _keep(self, model: Any, **columns: Any) -> None:
        self.rows.setdefault(model, []).append(
            {f"{k}_id" if hasattr(v, "pk") else k: getattr(v, "pk", v) for k, v in columns.items()}
        )

    def save(self) -> None:
        """Insert everything: by COPY on PostgreSQL, in one statement a table on SQLite."""
        from django.db import connection, transaction

        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in self.rows.items():
                fields = [
                    f for f in model._meta.local_concrete_fields if f.attname in rows[0] or f.null
                ]
                columns = ", ".join(f'"{field.column}"' for field in fields)
                if connection.vendor == "postgresql":
                    copy = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
                    with cursor.copy(copy) as lines:
                        for row in rows:
                            lines.write_row([row.get(field.attname) for field in fields])
                else:
                    marks = ", ".join("%s" for _ in fields)
                    cursor.executemany(
                        f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({marks})",
                        [[_sqlite(row.get(field.attname)) for field in fields] for row in rows],
                    )


def _sqlite(value: Any) -> Any:
    match value:
        case UUID():
            return value.hex
        case datetime():
            return str(value.astimezone(UTC).replace(tzinfo=None))
        case date():
            return value.isoformat()
    return value


def read_bare() -> None:
    """Read every entry joined with its fact, as the driver gives the rows, and hash it."""
    from django.db import connection

    from school.core import engine, verify

    digest = hashlib.sha256
    with engine.snapshot(connection):
        for model in verify.fact_models():
            for row in engine.stream(
                connection,
                f"SELECT e.prev_hash, e.payload, e.*, f.* FROM {model._meta.db_table} f "
                f"JOIN core_ledgerentry e ON e.id = f.entry_id",
            ):
                digest((row[0] + row[1]).encode()).hexdigest()


def read_verified() -> None:
    """Verify everything; there must be nothing wrong."""
    from django.db import connection

    from school.core.verify import Verification

    problems = list(Verification(connection).problems())
    assert problems == [], problems[:5]


def measure(pairs: int) -> dict[str, Any]:
    """Interleaved pairs of seconds: the bare reading and the verification."""
    read_bare()  # both find the file in the machine's memory
    return {"samples": [[_seconds(read_bare), _seconds(read_verified)] for _ in range(pairs)]}


def _seconds(work: Callable[[], None]) -> float:
    """CPU time of this process and, on PostgreSQL, of the server process that works for it."""
    before = time.process_time() + _server_seconds()
    work()
    return round(time.process_time() + _server_seconds() - before, 3)


def _server_seconds() -> float:
    """What the server's process for this connection has used; a cursor's query has no parallel ones."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    used = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def memory() -> dict[str, Any]:
    """The most memory that a process holds which only runs the command."""
    from django.core.management import call_command

    call_command("verify_records", stdout=sys.stderr)
    return {"peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def _main(arguments: list[str]) -> Iterator[str]:
    if not arguments or not arguments[0].startswith("--"):
        entries = int(arguments[0]) if arguments else ENTRIES
        pairs = int(arguments[1]) if len(arguments) > 1 else PAIRS
        yield json.dumps(run(entries / ENTRIES, pairs), indent=1)
        return
    import django

    django.setup()
    match arguments:
        case ["--build", entries]:
            yield json.dumps(build(int(entries)))
        case ["--measure", pairs]:
            yield json.dumps(measure(int(pairs)))
        case ["--memory"]:
            yield json.dumps(memory())


if __name__ == "__main__":
    for line in _main(sys.argv[1:]):
        print(line)
