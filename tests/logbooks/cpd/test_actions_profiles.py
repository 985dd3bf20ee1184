"""Choosing, writing and freezing a profile: the rules, the facts, and a profile that later edits do not touch."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from logbooks.cpd.actions import profiles
from logbooks.cpd.actions.profiles import choose, freeze, write
from logbooks.cpd.files import EVIDENCE_FOLDER, PROFILE_FILES, profile_file
from logbooks.cpd.models import Activity, Profile, ProfileDraft
from logbooks.cpd.profile import queries, work
from logbooks.cpd.profile.document import mark
from school.core import clock, documents
from school.core.errors import Conflict, DomainError, NotAllowed
from school.core.models import LedgerEntry, Progress
from tests.factories import make_person
from tests.logbooks.cpd.profile.made import STATEMENT, Writer, here, make_writer
from tests.races import at_once

__all__ = ["here"]
pytestmark = pytest.mark.django_db
FAR_AWAY = timedelta(days=2000)


# Choosing and writing ---------------------------------------------------------------------------


def test_draft_is_made_by_the_first_save_and_is_one(here: Writer) -> None:
    other = make_writer("Nia New")
    assert other.draft is None
    other.writes()
    other.chooses(other.activities[0])
    assert ProfileDraft.objects.get(person=other.person).texts["statement"] == STATEMENT


def test_choice_and_words_of_another_window_are_not_written_over(here: Writer) -> None:
    first, second = here.activities[:2]
    period, seen = here.by.period, queries.choice_mark(queries.chosen_keys(here.draft))
    words = queries.words_mark(here.draft)
    here.chooses(first)
    with pytest.raises(Conflict, match="changed since you opened it"):
        choose(by=here.person, period=period, chosen=[second.pk], seen=seen)
    here.writes(summary="The other window.")
    with pytest.raises(Conflict, match="Nothing was written over"):
        write(by=here.person, period=period, texts={"summary": "Mine."}, seen=words)
    assert queries.chosen_keys(here.draft) == {first.pk}
    assert here.draft is not None
    assert here.draft.texts["summary"] == "The other window."


def test_the_same_saved_twice_is_no_conflict_and_no_new_version(here: Writer) -> None:
    draft = here.draft
    assert draft is not None
    number = draft.history.count()  # type: ignore[attr-defined]
    write(by=here.person, period=here.by.period, texts=draft.texts, seen="old")
    choose(by=here.person, period=here.by.period, chosen=queries.chosen_keys(draft), seen="old")
    assert draft.history.count() == number  # type: ignore[attr-defined]


def test_only_own_activities_of_the_period_are_chosen(here: Writer) -> None:
    other = make_writer("Nia New").activities[0]
    gone = here.activities[0]
    gone.taken_back_at = clock.now()
    gone.save()
    old = here.learns("Long ago", FAR_AWAY.days)
    before = queries.chosen_keys(here.draft)
    for wrong in (other, gone, old):
        with pytest.raises(Conflict, match="in your list no longer"):
            choose(by=here.person, period=here.by.period, chosen=[wrong.pk], seen=queries.choice_mark(before))  # fmt: skip
    assert queries.chosen_keys(here.draft) == before


@pytest.mark.parametrize(
    ("words", "said"), [("About 943 476 5919", "NHS number"), ("a" * 40_001, "Shorten it")]
)
def test_words_that_cannot_be_kept_are_refused(here: Writer, words: str, said: str) -> None:
    with pytest.raises(DomainError, match=said) as caught:
        here.writes(statement=words)
    assert caught.value.field == "statement"
    assert here.said["texts"]["statement"] == STATEMENT


def test_words_over_the_limit_are_kept_and_stop_the_freezing(here: Writer) -> None:
    here.writes(statement="word " * 1501)
    assert len(here.said["texts"]["statement"].split()) == 1501
    with pytest.raises(DomainError, match="1,501 words, 1 more than 1,500"):
        here.freezes()
    assert not Profile.objects.exists()


def test_a_registration_said_later_keeps_the_draft(here: Writer) -> None:
    draft = here.draft
    registration = here.person.cpd_registration  # type: ignore[attr-defined]
    registration.registered_on = clock.today() - timedelta(days=60)
    registration.save()
    assert here.by.period[0] == registration.registered_on
    assert here.draft == draft
    here.writes(summary="Changed.")
    assert ProfileDraft.objects.count() == 1


# Freezing ---------------------------------------------------------------------------------------


@pytest.mark.engine
def test_frozen_profile_is_a_fact_in_the_book_of_its_person(here: Writer) -> None:
    found = here.freezes()
    entry = LedgerEntry.objects.get(uuid=found.uuid)
    assert (entry.kind, entry.book, entry.actor) == (
        "cpd.profile",
        here.person.book,
        here.person.uuid,
    )
    assert (entry.about_from, entry.about_to) == here.by.period
    assert found.scheme == "hcpc 2022-06-28"
    for ending in PROFILE_FILES:
        data = profile_file(found, ending)
        assert data is not None
        assert documents.digest(data) == getattr(found, f"{ending}_digest")
    assert "Alice" not in entry.payload
    assert "arms" not in entry.payload


@pytest.mark.engine
def test_frozen_profile_opens_to_the_same_bytes_after_200_edits(here: Writer) -> None:
    found = here.freezes()
    before = {ending: profile_file(found, ending) for ending in PROFILE_FILES}
    for number in range(50):
        for one in here.activities:
            one.title, one.learned = f"{one.title[:150]} {number}", f"Rewritten {number}."
            one.starts_on -= timedelta(days=1)
            one.save()
    for piece in here.activities[0].evidence.all():
        piece.taken_back_at = clock.now()
        piece.save()
        documents.remove(EVIDENCE_FOLDER, str(piece.uuid))
    here.activities[1].taken_back_at = clock.now()
    here.activities[1].save()
    here.chooses(here.activities[2])
    here.writes("Another summary.", "Another statement.")
    assert Activity.history.count() >= 200  # type: ignore[attr-defined]
    second = here.freezes()
    assert second != found
    kept = Profile.objects.get(pk=found.pk)
    after = {ending: profile_file(kept, ending) for ending in PROFILE_FILES}
    assert None not in before.values()
    assert after == before


@pytest.mark.engine
def test_sent_again_or_unchanged_it_is_the_profile_that_was_frozen(here: Writer) -> None:
    first = here.freezes()
    assert here.freezes() == first
    here.writes(summary="Another summary.")
    assert here.freezes(uuid=first.uuid) == first
    second = here.freezes()
    assert second != first
    assert Profile.objects.count() == 2


def test_unchanged_with_a_file_gone_it_is_frozen_anew(here: Writer) -> None:
    first = here.freezes()
    documents.remove("cpd-profiles", f"{first.code}.zip")
    assert here.freezes() != first


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_freeze_one(here: Writer) -> None:
    said, uuid = here.said, uuid4()

    def run() -> Any:
        return freeze(by=here.person, said=said, until=clock.today(), uuid=uuid).pk

    assert len(set(at_once([run, run]))) == 1
    assert Profile.objects.count() == 1


def test_evidence_whose_file_is_gone_is_said_to_be_missing(here: Writer) -> None:
    piece = here.activities[0].evidence.get()
    documents.remove(EVIDENCE_FOLDER, str(piece.uuid))
    said = queries.opened(here.freezes())
    assert said is not None
    assert [one["missing"] for one in said["evidence"]] == [True, False]


def test_nobody_freezes_the_profile_of_another(here: Writer) -> None:
    with pytest.raises(NotAllowed):
        freeze(by=make_person("Bob Birch"), said=here.said, until=clock.today(), uuid=uuid4())
    assert not Profile.objects.exists()


@pytest.mark.parametrize("what", ["chosen", "summary", "statement"])
def test_what_is_not_whole_is_not_frozen(here: Writer, what: str) -> None:
    if what == "chosen":
        here.chooses()
    else:
        here.writes(**{what: " \n"})
    with pytest.raises(DomainError):
        here.freezes()
    assert not Profile.objects.exists()


def test_a_ledger_that_fails_keeps_no_fact(here: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(profiles.documents, "keep", fails)
    with pytest.raises(OSError, match="disk full"):
        here.freezes()
    assert not Profile.objects.exists()


# In the background ------------------------------------------------------------------------------


def asks(here: Writer, **values: Any) -> Progress:
    said = here.said
    wanted: dict[str, Any] = {
        "said": said,
        "until": clock.today(),
        "seen": mark(said),
        "uuid": uuid4(),
    }
    return work.ask(by=here.person, **wanted | values)


def run(here: Writer, uuid: Any, found: Progress) -> Progress:
    work.make.func(str(uuid), str(here.person.uuid), clock.today().isoformat(), str(found.uuid))
    found.refresh_from_db()
    return found


def test_words_at_the_moment_of_asking_are_frozen(here: Writer) -> None:
    uuid = uuid4()
    found = asks(here, uuid=uuid)
    here.writes(statement="Written while it was waiting.")
    done = run(here, uuid, found)
    profile = Profile.objects.get()
    assert (done.state, done.link) == ("done", f"/cpd/profile/{profile.uuid}/")
    said = queries.opened(profile)
    assert said is not None
    assert said["texts"]["statement"] == STATEMENT
    assert not documents.path_of(work.ASKED_FOLDER, str(uuid)).exists()
    assert "Nothing changed" not in done.message


def test_what_was_not_looked_at_is_not_frozen(here: Writer) -> None:
    seen = mark(here.said)
    here.writes(statement="Something else.")
    with pytest.raises(Conflict, match="changed since you opened this page"):
        asks(here, seen=seen)
    assert not Progress.objects.exists()


def test_unchanged_the_background_says_so(here: Writer) -> None:
    here.freezes()
    uuid = uuid4()
    assert "still the latest" in run(here, uuid, asks(here, uuid=uuid)).message


def test_run_again_after_the_end_it_is_done(here: Writer) -> None:
    uuid = uuid4()
    found = asks(here, uuid=uuid)
    run(here, uuid, found)
    assert run(here, uuid, found).state == "done"
    assert Profile.objects.count() == 1


def test_what_waited_for_too_long_is_not_said_to_be_frozen(here: Writer) -> None:
    uuid = uuid4()
    found = asks(here, uuid=uuid)
    documents.remove(work.ASKED_FOLDER, str(uuid))
    done = run(here, uuid, found)
    assert (done.state, done.message) == ("failed", work.GONE)


def test_no_words_stand_in_the_queue(here: Writer) -> None:
    from django_tasks_db.models import DBTaskResult

    asks(here)
    assert "arms" not in str(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))


def test_refused_in_the_background_it_is_told(
    here: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    uuid = uuid4()
    found = asks(here, uuid=uuid)

    def refuses(**values: Any) -> None:
        raise DomainError("No key to seal with.")

    monkeypatch.setattr(work, "freeze", refuses)
    done = run(here, uuid, found)
    assert (done.state, done.message) == ("failed", "No key to seal with.")
