"""The public pages before Lighthouse."""

import os
from pathlib import Path

import pytest

from tests.benchmarks import lighthouse


@pytest.mark.slow
@pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")), reason="pages look the same on either engine"
)
def test_public_pages_meet_their_scores(tmp_path: Path) -> None:
    if not (lighthouse.TOOL / "node_modules").is_dir():
        pytest.skip("npm could not fetch Lighthouse: make test-all says why")
    assert lighthouse.problems(lighthouse.measure(tmp_path)) == []
