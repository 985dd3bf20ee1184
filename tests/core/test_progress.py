"""Long work that says how far it has come."""

import pytest
from django.db import IntegrityError, transaction

from school.core import progress
from school.core.models import PORTAL, Progress

pytestmark = pytest.mark.django_db


def test_progress_goes_from_waiting_to_done() -> None:
    work = progress.start(owner=PORTAL, title="Import of hours")
    assert (work.state, work.done, work.total) == ("waiting", 0, 0)
    progress.move(work.uuid, 200, total=1000, message="Reading")
    work.refresh_from_db()
    assert (work.state, work.done, work.total, work.message) == ("running", 200, 1000, "Reading")
    progress.finish(work.uuid, "1,000 rows were kept.", link="/imports/1/")
    work.refresh_from_db()
    assert (work.state, work.message, work.link) == (
        "done",
        "1,000 rows were kept.",
        "/imports/1/",
    )


def test_progress_that_stops_says_why() -> None:
    work = progress.start(owner=PORTAL, title="Import of hours", total=10)
    progress.fail(work.uuid, "Row 7 has no date. Nothing was kept.")
    work.refresh_from_db()
    assert (work.state, work.message) == ("failed", "Row 7 has no date. Nothing was kept.")


def test_progress_beyond_its_total_is_refused() -> None:
    work = progress.start(owner=PORTAL, title="Import of hours", total=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        progress.move(work.uuid, 11)
    assert Progress.objects.get().done == 0
