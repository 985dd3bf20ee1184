"""What the portal ships for placements: loaded once, and refused when a published row says otherwise."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from placements import reference, shipped
from placements.limits import DEFAULTS
from placements.models import DayType, HoursRule
from school.core.errors import Conflict
from tests.factories import make_network

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

Edited = Callable[[str, str, str], Path]


@pytest.fixture(autouse=True)
def _network() -> None:
    make_network()


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """A copy of a shipped file in which one thing is written otherwise."""

    def edit(name: str, before: str, after: str) -> Path:
        text = (shipped.DATA / name).read_text(encoding="utf-8")
        assert text.count(before) == 1
        (tmp_path / name).write_text(text.replace(before, after), encoding="utf-8")
        return tmp_path / name

    return edit


def test_shipped_rules_are_the_figures_that_the_rules_stand_on() -> None:
    assert dict(HoursRule.objects.values_list("code", "value")) == asdict(DEFAULTS)


def test_shipped_again_adds_nothing() -> None:
    before = (HoursRule.objects.count(), DayType.objects.count())
    shipped.load()
    assert (HoursRule.objects.count(), DayType.objects.count()) == before


def test_published_rule_that_is_edited_is_refused(edited: Edited) -> None:
    file = edited("hours_rules.csv", "breach_week,2880", "breach_week,2400")
    with pytest.raises(Conflict) as refused:
        shipped.load_hours_rules(file)
    assert refused.value.message == (
        "hours_rules.csv: breach_week from 2017-01-01 is published as 2880 minutes, and the file says "
        "2400 minutes. Published rules never change: put the row back and add a row with a later day."
    )


def test_rule_of_a_later_day_is_in_force_from_then(edited: Edited) -> None:
    row = "breach_week,2880,minutes,2017-01-01,48 hours a week: Leeds\n"
    file = edited(
        "hours_rules.csv", row, f"{row}breach_week,2400,minutes,2026-09-01,the network's own\n"
    )
    shipped.load_hours_rules(file)
    reference.forget()
    days = (date(2026, 8, 31), date(2026, 9, 1))
    assert [reference.limits(0, day).breach_week for day in days] == [2880, 2400]


def test_published_day_type_that_is_edited_is_refused(edited: Edited) -> None:
    file = edited("day_types.csv", "study,Study,none,yes", "study,Study,clinical,yes")
    with pytest.raises(Conflict) as refused:
        shipped.load_day_types(file)
    assert refused.value.message == (
        "day_types.csv: the day type “study” is published as Study, none, yes, and the file says Study, "
        "clinical, yes. Published day types never change: put the row back and add one with a code of its own."
    )


def test_prepare_says_which_row_was_edited(edited: Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    file = edited("hours_rules.csv", "rest,660", "rest,600")
    for name in ("programme_version_1.json", "day_types.csv"):
        (file.parent / name).write_bytes((shipped.DATA / name).read_bytes())
    monkeypatch.setattr(shipped, "DATA", file.parent)
    with pytest.raises(CommandError, match="rest from 2017-01-01 is published as 660 minutes"):
        call_command("prepare", "--without-demo")
