"""Told from the first fact on, everything is noticed as hearing of each fact did, and what people made of it stays."""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from logbooks.cpd import noticed
from logbooks.cpd.models import Activity, Noticed
from placements.actions import confirming
from placements.models import ShiftDecision
from school.core import clock
from tests import factories
from tests.courses.attained import attain
from tests.logbooks.competencies.signers import NOT_YET, make_signers
from tests.logbooks.cpd.told import everything, hear
from tests.logbooks.osces.release.made import marked, released

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def rebuild() -> str:
    """What the command says."""
    said = StringIO()
    call_command("rebuild_noticed", stdout=said)
    return said.getvalue()


def much() -> None:
    """Hours confirmed, undone, corrected and confirmed again; sign-offs; an attainment; and an OSCE."""
    signers = make_signers()
    dilys, placement = signers.dilys, signers.placement
    signers.signed(1, 2)
    signers.signed(3, outcome=NOT_YET)
    first, second, third = (
        factories.make_shift(placement, clock.today() - timedelta(days=n)) for n in (1, 2, 3)
    )
    factories.make_decision(dilys, first)
    decision = factories.make_decision(dilys, second)
    confirming.undo(by=dilys, decision=decision, proof=ShiftDecision.Proof.PASSWORD, uuid=uuid4())
    factories.make_decision(dilys, third)
    day = clock.today() - timedelta(days=3)
    anew = factories.make_shift(placement, day, end="15:00", corrects=third)
    factories.make_decision(dilys, anew)
    attain(dilys)
    released(marked([(5, 4), (1, 1)]))


def test_rebuilt_is_as_it_was_heard_whatever_the_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    much()
    # No fact says who published a course.
    Noticed.objects.all().delete()
    hear()
    heard = everything()
    kinds = {"placement", "mentoring", "competency", "module", "assessing", "assessment"}
    assert {row[2] for row in heard} == kinds
    for size in (500, 3):
        monkeypatch.setattr(noticed, "AT_ONCE", size)
        Noticed.objects.all().delete()
        for _ in range(2):
            assert rebuild() == "What people did is noticed from the first fact on.\n"
            assert everything() == heard


def test_rebuilt_what_was_kept_or_dismissed_or_said_by_no_fact_stays() -> None:
    much()
    hear()
    kept, dismissed = Noticed.objects.filter(kind="mentoring")[:2]
    said: dict[str, Any] = {"starts_on": kept.day, "ends_on": kept.day, "learning": "work-based"}
    activity = Activity.objects.create(person=kept.person, title="I taught", **said)
    Noticed.objects.filter(pk=kept.pk).update(activity=activity)
    Noticed.objects.filter(pk=dismissed.pk).update(dismissed=True)
    assert Noticed.objects.filter(kind="publishing").exists()
    before = everything()
    rebuild()
    assert everything() == before


def test_rebuilt_what_was_missed_is_mended() -> None:
    signers = make_signers()
    shift = factories.make_shift(signers.placement, clock.today() - timedelta(days=1))
    decision = factories.make_decision(signers.dilys, shift)
    hear()
    assert Noticed.objects.count() == 2
    confirming.undo(
        by=signers.dilys, decision=decision, proof=ShiftDecision.Proof.PASSWORD, uuid=uuid4()
    )
    rebuild()
    assert Noticed.objects.count() == 0
