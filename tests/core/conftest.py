"""Fixtures that tests of the ledger's verification share."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from placements.models import Shift
from school.core import checkpoint, engine
from tests import records
from tests.records import DAY, Network


@pytest.fixture
def unguarded(db: None) -> None:
    """Nothing refuses a change any more, as for somebody who holds the database itself."""
    for model in engine.append_only_models():
        engine.uninstall(connection, engine.guard_of(model))


@pytest.fixture
def network(db: None) -> Network:
    return Network()


@pytest.fixture
def week(network: Network) -> list[Shift]:
    """Five shifts in one book."""
    return records.write(*(network.shift(DAY + timedelta(days=n), f"Day {n}") for n in range(5)))


@pytest.fixture
def keys(settings: LazySettings, tmp_path: Path) -> None:
    settings.CHECKPOINT_KEY_FILE = tmp_path / "keys" / "checkpoint.pem"
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"
    checkpoint.make_key()
