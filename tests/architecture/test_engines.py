"""The whole suite's verdict covers both engines; these exist only inside `make test` and `make test-all`."""

import json
import os

if "PORTAL_POSTGRESQL" in os.environ:

    def test_postgresql_run_has_passed() -> None:
        outcome = json.loads(os.environ["PORTAL_POSTGRESQL"])
        assert outcome["exit status"] == 0, f"The run on PostgreSQL, above, says: {outcome}"
