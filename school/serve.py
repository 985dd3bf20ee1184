"""Runs the portal on one machine: the web server, two workers and the clock, started and stopped together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PORTAL_VAR_DIR", ROOT / "var"))
HOST = "127.0.0.1"
PORT = os.environ.get("PORT", "8000")
PATIENCE = 30.0  # seconds to answer the first request, and to finish the last
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Start them, say where they are, and stop them all when one ends or a signal comes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "school.settings.dev")
    os.environ.setdefault("PORTAL_BASE_URL", f"http://{HOST}:{PORT}")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if is_taken():
        sys.exit(
            f"Something else answers on {HOST}:{PORT}. Stop it, or choose another: make run PORT=8001"
        )
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands().items():
            running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
            if name == "web server":  # its first page need not wait for the others' start
                wait_for_answer(running[name])
        print(
            f"\nThe portal answers at http://{HOST}:{PORT}/\n"
            f"Passkeys need a name: http://localhost:{PORT}/\n{sign_ins()}Ctrl-C stops it.\n",
            flush=True,
        )
        ended = wait_for_end(running)
        sys.exit(f"The {ended} ended by itself, so everything was stopped.")
    finally:
        end_all(list(running.values()))


def commands() -> dict[str, list[str]]:
    """What runs beside one another; two workers, so that a long import holds up no sign-in code."""
    manage = [sys.executable, "manage.py"]
    worker = [*manage, "db_worker", "--verbosity", "0"]
    gunicorn = [
        *(sys.executable, "-m", "gunicorn", "school.wsgi:application"),
        *("--bind", f"{HOST}:{PORT}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--log-level", "warning", "--no-control-socket"),
    ]
    return {
        "web server": gunicorn,
        "worker": worker,
        "second worker": worker,
        "clock": [*manage, "clock"],
    }


def is_taken() -> bool:
    """Whether another program holds the port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, int(PORT))) == 0


def wait_for_answer(server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers anything at all; stop when it ends or does not answer in time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://{HOST}:{PORT}/", timeout=PATIENCE).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"The web server did not answer on {HOST}:{PORT}. Its own lines above say why.")


def sign_ins() -> str:
    """The demo's sign-ins, one per role, as the demo left them in var/."""
    listed = VAR / "sign-ins.txt"
    return f"{listed.read_text().rstrip()}\n" if listed.exists() else ""


def wait_for_end(running: dict[str, subprocess.Popen[bytes]]) -> str:
    """The name of the first process that ends."""
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                return name
        time.sleep(0.2)


def end_all(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask each process to finish, and end those that do not."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def end_with_parent() -> None:
    """Have the kernel end this child when its parent dies, however it dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(_number: int, _frame: FrameType | None) -> None:
    """Leave through the clean-up when a signal comes."""
    sys.exit(0)


if __name__ == "__main__":
    main()
