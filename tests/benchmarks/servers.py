"""Servers to measure: gunicorn with one process and one thread, its CPU time, and requests to it."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
COOKIE = "sessionid"
TOKEN = "b" * 32


@dataclass
class Answer:
    """What came back: status, headers, body, the CPU seconds that the server spent, and the seconds until the last byte."""

    status: int
    headers: dict[str, str]
    body: str
    cpu: float
    wall: float


@dataclass
class Server:
    """One worker process of a running server."""

    port: int
    worker: int

    def request(
        self,
        path: str,
        session: str,
        form: dict[str, str | list[str]] | None = None,
        *,
        data: Any = None,
    ) -> Answer:
        """One request as the owner of a session, or as a visitor, and what it cost the worker; `data` is sent as JSON."""
        headers = {"Accept": "text/html"}
        if session:
            headers["Cookie"] = f"{COOKIE}={session}; csrftoken={TOKEN}"
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if data is not None:
            body = json.dumps(data)
            headers |= {"Content-Type": "application/json", "X-CSRFToken": TOKEN}
        if body is not None:
            headers["Referer"] = f"http://127.0.0.1:{self.port}{path}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        before, began = cpu_seconds(self.worker), time.perf_counter()
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        wall = time.perf_counter() - began
        connection.close()
        # The thread goes on for a moment after the last byte: closing the connection is its work too.
        time.sleep(0.01)
        spent = cpu_seconds(self.worker) - before
        said = {k.lower(): v for k, v in answer.getheaders()}
        return Answer(answer.status, said, text, spent, wall)


def cpu_seconds(process: int) -> float:
    """Seconds that all threads of a process have been on a CPU, from the scheduler's own counters."""
    total = 0
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


@contextlib.contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[Server]:
    """A server with one worker of one thread, stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = Path(environment["PORTAL_VAR_DIR"]) / f"server-{port}.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
             "--worker-class", "gthread", "--workers", "1", "--threads", "1",
             "--log-level", "warning", "--no-control-socket"],
            cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
            stdout=lines, stderr=lines,
        )  # fmt: skip
    try:
        worker = wait_for_worker(process, port, log)
        yield Server(port, worker)
    finally:
        process.terminate()
        process.wait(20)


def wait_for_worker(process: subprocess.Popen[bytes], port: int, log: Path) -> int:
    """The worker's process id, once the server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/nothing-here/")
            connection.getresponse().read()
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
            return int(children.split()[0])
        time.sleep(0.1)
    sys.exit(f"The server did not start:\n{log.read_text()}")


@dataclass
class Form(HTMLParser):
    """The fields of the first POST form whose action is not a sign-out or a change of role."""

    values: dict[str, list[str]] = field(default_factory=dict)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    inside: bool = False
    done: bool = False
    select: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form" and got.get("method") == "post" and not self.done:
            self.inside = not any(word in got.get("action", "") for word in ("logout", "hat"))
        if not self.inside or "name" not in got:
            if self.inside and tag == "option" and self.select and "selected" in got:
                self.values[self.select] = [got.get("value", "")]
            return
        name, kind = got["name"], got.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.values[name] = [""]
        elif tag == "input" and kind == "checkbox":
            self.boxes.append((name, got.get("value", "on")))
        elif tag == "input" and (kind != "radio" or "checked" in got):
            self.values.setdefault(name, []).append(got.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.inside:
            self.inside, self.done = False, True


def form_of(answer: Answer) -> Form:
    """The form on a page, filled in as the page filled it in."""
    form = Form()
    form.feed(answer.body)
    return form
