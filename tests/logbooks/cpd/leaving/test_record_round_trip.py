"""What a leaver took away reads into a fresh portal and comes out the same."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logbooks.cpd.actions.bringing import bring
from logbooks.cpd.learning import Learning
from logbooks.cpd.leaving import paper
from logbooks.cpd.leaving.compared import Fate, compared
from logbooks.cpd.models import Activity, Evidence, Profile, ProfileDraft
from school.core import clock
from tests import records
from tests.logbooks.cpd.leaving import made

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture(autouse=True)
def folders(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(paper, "pdf", made.no_pdf)


def test_record_comes_out_of_a_fresh_portal_as_it_went_in(
    settings: LazySettings, tmp_path: Path
) -> None:
    with made.another_portal(settings, tmp_path / "elsewhere"):
        alice = records.person()
        made.everything(alice)
        taken = made.taken_away(alice)
        assert made.taken_away(alice) == taken
    assert (Activity.objects.count(), Profile.objects.count()) == (0, 0)
    records.person("Somebody Else")
    here = records.person("Alice Amber-Holt")
    with made.opened(tmp_path, taken) as archive:
        found = bring(by=here, archive=archive, faults={})
        assert {line.fate for line in found.lines} == {Fate.NEW}
        # Brought again it writes nothing.
        again = bring(by=here, archive=archive, faults={})
        assert {line.fate for line in again.lines} == {Fate.SAME}
    assert made.taken_away(here) == taken
    parts = made.parts_of(taken)
    assert sorted(name.split("/")[0] for name in parts) == sorted(
        ["README.txt", "activities.csv", "record.json", "record.pdf", *["evidence"] * 2]
        + ["profiles"] * 5
    )
    brought = Profile.objects.order_by("pk").first()
    assert brought is not None
    assert (brought.entry.imported, brought.entry.known_from) == (True, clock.today())
    assert brought.entry.book == here.book
    for one in Activity.objects.all():
        assert [row.title for row in one.history.all()] == [one.title]
    draft = ProfileDraft.objects.get()
    assert draft.chosen.count() == 2


def test_frozen_profile_is_known_from_the_day_it_was_frozen(
    settings: LazySettings, tmp_path: Path
) -> None:
    frozen_on = clock.today() - timedelta(days=40)
    with made.another_portal(settings, tmp_path / "elsewhere"):
        alice = records.person()
        made.frozen(alice, known_from=frozen_on)
        taken = made.taken_away(alice)
    here = records.person()
    with made.opened(tmp_path, taken) as archive:
        bring(by=here, archive=archive, faults={})
    assert Profile.objects.get().entry.known_from == frozen_on
    assert made.taken_away(here) == taken


def test_whoever_took_back_many_files_can_leave(settings: LazySettings, tmp_path: Path) -> None:
    with made.another_portal(settings, tmp_path / "elsewhere"):
        alice = records.person()
        one = made.evidence_of(made.activity(alice))
        Evidence.objects.bulk_create(
            Evidence(
                activity=one.activity,
                title="A slip",
                digest=one.digest,
                content_type=one.content_type,
                size=one.size,
                taken_back_at=clock.now(),
            )
            for _ in range(600)
        )
        taken = made.taken_away(alice)
    here = records.person()
    with made.opened(tmp_path, taken) as archive:
        bring(by=here, archive=archive, faults={})
    assert made.taken_away(here) == taken


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Nd"]), max_size=60)
DAY = st.dates(date(2020, 1, 1), date(2026, 10, 1))


@given(
    entered=st.lists(
        st.tuples(
            words.filter(str.strip),
            st.sampled_from(Learning),
            DAY,
            st.integers(0, 400),
            st.none() | st.integers(1, 5000),
            words,
            words,
            st.booleans(),
            st.sampled_from(["", "one", "two"]),
        ),
        max_size=6,
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_comes_out_as_it_went_in(settings: LazySettings, entered: list) -> None:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as folder:
        with made.another_portal(settings, Path(folder) / "elsewhere"):
            alice = records.person()
            for title, learning, starts, longer, minutes, learned, benefit, back, beside in entered:
                one = made.activity(
                    alice,
                    title,
                    learning=learning,
                    starts_on=starts,
                    ends_on=min(starts + timedelta(days=longer), date(2026, 11, 1)),
                    minutes=minutes,
                    learned=learned,
                    benefit=benefit,
                    taken_back_at=clock.now() if back else None,
                )
                if beside:
                    made.evidence_of(one, made.kept_pdf(beside), title)
            taken = made.taken_away(alice)
        with made.another_portal(settings, Path(folder) / "here"):
            here = records.person()
            with made.opened(Path(folder), taken) as archive:
                assert bring(by=here, archive=archive, faults={}).told() == []
                lines = compared(archive.record, [here.pk], {}).lines
                assert {line.fate for line in lines} <= {Fate.SAME}
            assert made.taken_away(here) == taken
            assert Evidence.objects.count() == sum(bool(one[-1]) for one in entered)
