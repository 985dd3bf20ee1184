"""docs/ledger.md: a reader who follows its example gets what it says."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from placements.models import DayNote, WeekClosed
from school.core import canonical
from school.core.ledger import HEADER

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text()
STEPS = re.findall(r"```sh\n(.*?)\n```\n\n```text\n(.*?)\n```", PAGE, re.DOTALL)
PAYLOADS = [re.findall(r"'([^']*)'", command) for command, _ in STEPS]


@pytest.mark.parametrize(("command", "says"), STEPS)
def test_command_prints_what_the_page_says(command: str, says: str) -> None:
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == says


def test_example_is_hashed_as_the_portal_hashes() -> None:
    (_, salt, words), *chained = PAYLOADS
    assert canonical.sealed(salt.encode(), words) == STEPS[0][1].split()[0]
    assert [canonical.chained(before, payload) for _, before, payload in chained] == [
        says.split()[0] for _, says in STEPS[1:]
    ]


def test_example_holds_what_its_kinds_hold() -> None:
    note, week, _ = (json_array(payload) for _, _, payload in PAYLOADS[1:])
    assert (note[0], len(note)) == (DayNote.KIND, len(HEADER) + len(DayNote.PAYLOAD[1]))
    assert (week[0], len(week)) == (WeekClosed.KIND, len(HEADER) + len(WeekClosed.PAYLOAD[1]))
    assert note[-2] == STEPS[0][1].split()[0]


def json_array(payload: str) -> list[object]:
    values = json.loads(payload)
    assert json.dumps(values, ensure_ascii=False, separators=(",", ":")) == payload
    return list(values)
