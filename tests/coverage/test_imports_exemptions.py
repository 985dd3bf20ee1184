"""Exemptions from a file: told by person, requirement and first day, and as of the day their source recorded them."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from school.core import ledger
from school.core.files import reading, rows
from school.core.models import PORTAL
from school.coverage import states
from school.coverage.imports.exemptions import ExemptionRow, plan
from school.coverage.models import Exemption
from school.coverage.states import Question, State
from tests.coverage.making import Staff

pytestmark = pytest.mark.django_db

HEAD = "email,requirement,reason,from,to,cancelled,recorded on\n"
DAY = date(2025, 6, 1)


@pytest.fixture
def staff() -> Staff:
    """Somebody in post of whom fire safety is asked."""
    made = Staff()
    made.term("a", "Elm", "Radiographer", date(2020, 1, 1))
    made.ask("fire", ["Fire"], date(2024, 1, 1), active_months=24)
    return made


def row(staff: Staff, **said: str) -> str:
    """A row of A's exemption over 2025, recorded in May."""
    cells = {
        "email": staff.person("a").email,
        "requirement": "fire",
        "reason": "Works elsewhere.",
        "from": "2025-01-01",
        "to": "2025-12-31",
        "cancelled": "",
        "recorded": "2025-05-01",
    } | said
    return HEAD + ",".join(cells.values()) + "\n"


def load(folder: Path, text: str) -> str:
    """What the command says of a file."""
    file, said = folder / "exemptions.csv", io.StringIO()
    file.write_text(text, encoding="utf-8")
    call_command("import_requirements", exemptions=str(file), commit=True, stdout=said)
    return said.getvalue()


def state(known_on: date, as_of: date = DAY) -> State:
    """Where A stands."""
    [line] = states.lines(Question(as_of, known_on))
    return line.state


def test_exemption_holds_from_the_day_it_was_recorded(staff: Staff, tmp_path: Path) -> None:
    load(tmp_path, row(staff))
    assert (state(date(2025, 4, 30)), state(date(2025, 5, 1))) == (State.MISSING, State.EXEMPT)
    assert ledger.private_text(Exemption.objects.get(), "reason") == "Works elsewhere."
    assert "1 same" in load(tmp_path, row(staff))
    assert Exemption.objects.count() == 1


def test_another_last_day_is_a_change_and_a_mistake_is_cancelled(
    staff: Staff, tmp_path: Path
) -> None:
    load(tmp_path, row(staff))
    load(tmp_path, row(staff, to="2025-03-31", recorded="2025-07-01"))
    assert (state(date(2025, 6, 30)), state(date(2025, 7, 1))) == (State.EXEMPT, State.MISSING)
    load(tmp_path, row(staff, to="2025-03-31", cancelled="yes", recorded="2025-08-01"))
    day = date(2025, 2, 1)
    assert (state(date(2025, 7, 31), day), state(date(2025, 8, 1), day)) == (
        State.EXEMPT,
        State.MISSING,
    )
    assert Exemption.objects.count() == 3


@pytest.mark.parametrize("said", [{"email": "no@body.example"}, {"requirement": "water"}])
def test_row_that_names_nobody_or_nothing_waits(
    staff: Staff, tmp_path: Path, said: dict[str, str]
) -> None:
    assert "waits" in load(tmp_path, row(staff, **said))
    assert not Exemption.objects.exists()


@pytest.mark.parametrize("said", [{"to": "2024-12-31"}, {"to": ""}, {"recorded": "2099-01-01"}])
def test_row_that_cannot_be_is_refused(staff: Staff, tmp_path: Path, said: dict[str, str]) -> None:
    with pytest.raises(SystemExit):
        load(tmp_path, row(staff, **said))


def test_nobody_imports_an_exemption_of_their_own(staff: Staff) -> None:
    held = reading.read(row(staff).encode(), rows.columns(ExemptionRow))
    checked, _ = rows.check(ExemptionRow, held.rows)
    assert [one.reason for one in plan(checked, None, staff.person("a").uuid).refused] == [
        "this is your own exemption"
    ]
    assert plan(checked, None, PORTAL).refused == []


def test_command_wants_a_file() -> None:
    with pytest.raises(CommandError, match="Name a file"):
        call_command("import_requirements")


def test_older_file_again_does_not_undo_what_was_recorded_later(
    staff: Staff, tmp_path: Path
) -> None:
    first, then = row(staff), row(staff, to="2025-03-31", recorded="2025-07-01")
    assert "1 new" in load(tmp_path, first)
    assert "1 changed" in load(tmp_path, then)
    for text in (first, then):
        assert "1 same" in load(tmp_path, text)
    assert Exemption.objects.count() == 2
    # What was never said is a change, whatever its day.
    assert "1 changed" in load(tmp_path, row(staff, reason="Another."))
