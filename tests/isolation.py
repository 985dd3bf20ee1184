"""Loaded by pytest before the settings: a `var` folder of its own for each process, and no network beyond this machine."""

import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest

VAR = Path(tempfile.mkdtemp(prefix="portal-test-"))
os.environ["PORTAL_VAR_DIR"] = str(VAR)
(VAR / "static").mkdir()  # WhiteNoise warns when there is none, and warnings are errors

_connect = socket.socket.connect


def _connect_here(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in {
        "127.0.0.1",
        "::1",
        "localhost",
    }:
        raise PermissionError(f"A test tried to reach {address[0]}; tests stay on this machine.")
    _connect(self, address)


socket.socket.connect = _connect_here  # type: ignore[method-assign]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Take the folder away again."""
    shutil.rmtree(VAR, ignore_errors=True)
