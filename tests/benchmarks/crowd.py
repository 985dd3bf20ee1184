"""Everybody wants the last places at the same instant: `python -m tests.benchmarks.crowd [PEOPLE PLACES]`.

500 signed-in people post their wish for one of 20 places to the server as `make run` starts it, on SQLite
and on PostgreSQL, all let go together and only on this machine. Exactly 20 are booked, the others stand in
line in the order in which they were served, and nobody is shown an error. Exits 1 when that is not so.
"""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from tests.benchmarks.pages import manage
from tests.benchmarks.servers import COOKIE, ROOT, TOKEN

PEOPLE, PLACES = 500, 20
PATIENCE = 180.0  # seconds for one answer: the last of the crowd waits for all before
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of the crowd was answered, after how many seconds."""

    status: int
    seconds: float
    body: str


def rush(
    address: str, path: str, sessions: Sequence[str], uuid: UUID | None = None
) -> list[Answer]:
    """Everyone's wish, each on a connection of its own, all let go at once; the answers in nobody's order.

    `uuid` is the identity of all wishes when they are one wish sent many times.
    """
    host, port = urlsplit(address).hostname, urlsplit(address).port
    if host != LOOPBACK:
        raise ValueError(f"A crowd is only let loose on {LOOPBACK}.")
    gate = threading.Barrier(len(sessions))
    answers: list[Answer] = []

    def ask(session: str) -> None:
        form = urlencode({"uuid": str(uuid or uuid4()), "needs": "", "csrfmiddlewaretoken": TOKEN})
        headers = {
            "Cookie": f"{COOKIE}={session}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"{address}{path}",
        }
        gate.wait(60)
        began = time.monotonic()
        try:
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
            connection.request("POST", path, form, headers)
            answer = connection.getresponse()
            said = answer.read().decode("utf-8", "replace")
            connection.close()
            answers.append(Answer(answer.status, time.monotonic() - began, said))
        except OSError as error:
            answers.append(Answer(0, time.monotonic() - began, repr(error)))

    threads = [threading.Thread(target=ask, args=(one,)) for one in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def gather(people: int, places: int) -> dict[str, Any]:
    """An open event with some places, and people with sessions, in the database of the settings."""
    from django.urls import reverse

    from school.people.network import ensure_network
    from tests import factories
    from tests.benchmarks.population import session_of
    from tests.courses import making

    ensure_network()
    event = making.make_event(capacity=places)
    crowd = [factories.make_person(f"Person {number}") for number in range(people)]
    return {
        "event": str(event.uuid),
        "path": reverse("book_place", args=[event.uuid]),
        "sessions": [session_of(person.user) for person in crowd],
    }


def found(event: str) -> dict[str, Any]:
    """How the event stands: who is booked, the line as it is offered places, and as the ledger was written."""
    from school.courses import queries, standing
    from school.courses.models import Booking, BookingStep, Event

    row = Event.objects.get(uuid=event)
    written = BookingStep.objects.filter(event=row, state=Booking.State.WAITING)
    booked = BookingStep.objects.filter(event=row, state=Booking.State.BOOKED)
    return {
        "states": dict(Counter(Booking.objects.filter(event=row).values_list("state", flat=True))),
        "line": [one.pk for one in queries.line(row)],
        "written": list(written.order_by("entry__pk").values_list("booking", flat=True)),
        "first": list(booked.order_by("entry__pk").values_list("entry__pk", flat=True)),
        "then": written.order_by("entry__pk").values_list("entry__pk", flat=True).first(),
        "differs": standing.rebuild(),
    }


def problems(
    answers: Sequence[Answer], stands: dict[str, Any], people: int, places: int
) -> list[str]:
    """What is not as it should be, each in a sentence."""
    wrong = [
        f"{count} answers had the status {status}."
        for status, count in Counter(one.status for one in answers).items()
        if status != 302
    ]
    wanted = {"booked": min(people, places)} | (
        {"waiting": people - places} if people > places else {}
    )
    if stands["states"] != wanted:
        wrong.append(f"{stands['states']} instead of {wanted}.")
    if stands["line"] != stands["written"]:
        wrong.append("The line is not in the order in which people were served.")
    if stands["then"] and max(stands["first"], default=0) > stands["then"]:
        wrong.append("Somebody was booked after somebody else had to wait.")
    return [*wrong, *stands["differs"]]


def main(arguments: Sequence[str]) -> int:
    """Both engines in turn; 1 when something is wrong."""
    from tests import postgres

    people, places = (int(one) for one in arguments) if arguments else (PEOPLE, PLACES)
    postgres.leave_on_signals()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="portal-crowd-") as folder:
        wrong += _on("SQLite", Path(folder), "", people, places)
    with tempfile.TemporaryDirectory(prefix="portal-crowd-") as folder, postgres.throwaway() as url:
        wrong += _on("PostgreSQL", Path(folder), url, people, places)
    return 1 if wrong else 0


def _on(engine: str, folder: Path, url: str, people: int, places: int) -> list[str]:
    environment = {
        "PORTAL_VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "school.settings.dev",
        "DATABASE_URL": url,
    }
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    made = _inside(environment, "--gather", str(people), str(places))
    began = time.monotonic()
    with serving(environment) as address:
        answers = rush(address, made["path"], made["sessions"])
    stands = _inside(environment, "--found", made["event"])
    wrong = problems(answers, stands, people, places)
    slowest = max(one.seconds for one in answers)
    print(
        f"{engine}: {people} people, {places} places: {stands['states']} after "
        f"{time.monotonic() - began:.1f} s, the last answer after {slowest:.1f} s. "
        + (" ".join(wrong) or "As it should be."),
        flush=True,
    )
    return wrong


@contextlib.contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """The server as `make run` starts it, two processes of four threads."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "school.wsgi:application", "--no-control-socket"),
        *("--bind", f"{LOOPBACK}:{port}", "--log-level", "warning"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
    ]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and server.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 5):
                break
            time.sleep(0.1)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.terminate()
        server.wait(30)


def _inside(environment: dict[str, str], *arguments: str) -> Any:
    """What this module answers in a process of its own, on the database of an environment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.crowd", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    if sys.argv[1:2] in (["--gather"], ["--found"]):
        import django

        django.setup()
        asked = sys.argv[2:]
        answer = gather(*map(int, asked)) if sys.argv[1] == "--gather" else found(*asked)
        print(json.dumps(answer))
    else:
        sys.exit(main(sys.argv[1:]))
