"""The two commands of a newcomer, carried out for real: set up, serve, stop, serve again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of somebody who has just carried out `make setup`, with a `var` folder of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PORTAL_VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "PORT": str(port),
        "DATABASE_URL": "",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run(
        [sys.executable, "-m", "school.install", "setup"], cwd=ROOT, env=environment, check=True
    )
    return environment


@pytest.fixture
def portal(newcomer: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The portal, ready: its lines up to the address have been read."""
    process = subprocess.Popen(
        [sys.executable, "-m", "school.serve"],
        cwd=ROOT, env=newcomer, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a process has started."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def test_portal_answers_once_it_says_so(
    portal: subprocess.Popen[str], newcomer: dict[str, str]
) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{newcomer['PORT']}/account/login/") as answer:
        assert answer.status == 200
    assert len(children(portal)) == 4


def test_ctrl_c_ends_everything_it_started(portal: subprocess.Popen[str]) -> None:
    started = children(portal)
    portal.send_signal(signal.SIGINT)
    assert portal.wait(60) == 0
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def test_death_of_the_worker_ends_the_others(portal: subprocess.Popen[str]) -> None:
    started = children(portal)
    os.kill(started[1], signal.SIGKILL)
    assert portal.wait(60) == 1
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def test_second_portal_on_the_port_is_refused(
    portal: subprocess.Popen[str], newcomer: dict[str, str]
) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "school.serve"],
        cwd=ROOT, env=newcomer, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"Something else answers on 127.0.0.1:{newcomer['PORT']}" in second.stderr


def test_ready_again_within_8_seconds(newcomer: dict[str, str]) -> None:
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "school.install", "setup"], cwd=ROOT, env=newcomer, check=True
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "school.serve"],
        cwd=ROOT, env=newcomer, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    took = time.monotonic() - begun
    process.terminate()
    process.communicate(timeout=60)
    # On a machine that is busy with other tests everything takes longer, the plainest command too.
    begun = time.monotonic()
    subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=newcomer, check=True)
    assert took < max(8, 2 * (time.monotonic() - begun))
