"""Where competencies stand: rebuilt from the facts, and the command that compares both."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from logbooks.competencies import standing
from logbooks.competencies.models import CurrentCompetency
from tests.logbooks.competencies.signers import NOT_YET, Signers, make_signers

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def lived() -> Signers:
    here = make_signers()
    here.asked(1, 2)
    here.signed(1)
    here.signed(3, outcome=NOT_YET)
    return here


def kept() -> list[tuple[object, ...]]:
    rows = CurrentCompetency.objects.order_by("competency")
    return list(rows.values_list("competency", "state", "sign_off", "request"))


def test_rebuilding_changes_nothing_when_all_is_well(lived: Signers) -> None:
    before = kept()
    assert (standing.rebuild(lived.enrolment), kept()) == ([], before)


def test_rebuilding_brings_back_what_was_lost_and_says_so(lived: Signers) -> None:
    before = kept()
    CurrentCompetency.objects.filter(state="achieved").update(state="revoked")
    CurrentCompetency.objects.filter(state="returned").delete()
    assert (len(standing.rebuild(lived.enrolment)), kept()) == (2, before)


def test_command_reports_and_rebuilds(lived: Signers) -> None:
    out = StringIO()
    call_command("rebuild_competencies", stdout=out)
    assert out.getvalue() == "1 enrolments, 0 differences.\n"
    CurrentCompetency.objects.filter(state="achieved").update(state="revoked")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rebuild_competencies", "--check", stdout=out)
    number = lived.enrolment.student_number
    with pytest.raises(CommandError, match="It is rebuilt"):
        call_command("rebuild_competencies", "--student", number, stdout=out)
    assert f"{number}: Competency" in out.getvalue()
    assert lived.state(1) == "achieved"
