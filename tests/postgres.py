"""A throwaway PostgreSQL in a temporary folder, run as an ordinary user and gone at the end.

python -m tests.postgres COMMAND …     runs a command with DATABASE_URL pointing at it
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from school.install import find_program

PR_SET_PDEATHSIG = 1
# Nothing in it has to survive, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "timezone": "UTC",
}


@contextlib.contextmanager
def throwaway() -> Iterator[str]:
    """Start a cluster, yield its DATABASE_URL, and stop and remove it whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    user = cluster_user()
    server: subprocess.Popen[bytes] | None = None
    try:
        if user:
            shutil.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        done = subprocess.run(
            [program("initdb"), "-D", str(data), "-U", "portal", "--auth=trust", "--no-sync",
             "--encoding=UTF8", "--locale=C"],
            cwd=folder, capture_output=True, text=True, **as_user(user),
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"initdb failed:\n{done.stdout}{done.stderr}")
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        log = folder / "log"
        with log.open("wb") as lines:
            server = subprocess.Popen(
                [program("postgres"), "-D", str(data), f"--unix_socket_directories={folder}", *options],
                cwd=folder, stdout=lines, stderr=lines, stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT),
                **as_user(user),
            )  # fmt: skip
        wait_until_ready(server, folder, log)
        yield f"postgres://portal@/postgres?host={folder}"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def cluster_user() -> pwd.struct_passwd | None:
    """Whom to run the cluster as: initdb refuses root, so root lends it to `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def as_user(user: pwd.struct_passwd | None) -> dict[str, object]:
    """The arguments that make subprocess run a program as this user."""
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def program(name: str) -> str:
    """Where a PostgreSQL server program is; stops with the package's name when it is nowhere."""
    # Debian's wrappers on the path insist on its own clusters, so the server's folder comes first.
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(kept[-1]) if kept else find_program(name)
    if found is None:
        sys.exit(f"{name} is missing: install the package postgresql.")
    return found


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    """Return once the cluster accepts connections; stop with its log when it ends first."""
    ready = [program("pg_isready"), "-q", "-h", str(folder)]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run(ready, stdin=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.05)
    sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")


def leave_on_signals() -> None:
    """Turn the signals that end a program into an ordinary exit, so that the clean-up runs."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))


def main() -> None:
    """Run the command given on the command line beside a throwaway cluster."""
    leave_on_signals()
    with throwaway() as url:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
