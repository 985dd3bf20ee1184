"""What is brought, held against what is here: nothing of anybody is written over, and all comes in or nothing does."""

import json
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from logbooks.cpd import files
from logbooks.cpd.actions import bringing
from logbooks.cpd.actions.bringing import bring
from logbooks.cpd.leaving import paper, record
from logbooks.cpd.leaving.compared import Comparison, Fate, compared, said_against
from logbooks.cpd.leaving.record import DraftPart
from logbooks.cpd.leaving.unpacked import Refused
from logbooks.cpd.models import (
    Activity,
    Evidence,
    GapReason,
    ImportedFile,
    Profile,
    ProfileDraft,
    Registration,
)
from logbooks.cpd.profile.document import canonical
from school.core import clock, documents
from school.people.models import Person
from tests import records
from tests.logbooks.cpd.leaving import made
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
NHS_NUMBER = "943 476 5919"


@pytest.fixture(autouse=True)
def folders(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(paper, "pdf", made.no_pdf)


@pytest.fixture
def taken(settings: LazySettings, tmp_path: Path) -> bytes:
    """A record with something of everything, made elsewhere."""
    with made.another_portal(settings, tmp_path / "elsewhere"):
        alice = records.person()
        made.everything(alice)
        return made.taken_away(alice)


def held(folder: Path, data: bytes, person: Person) -> Comparison:
    with made.opened(folder, data) as archive:
        return compared(archive.record, [person.pk], said_against(archive.record))


def changed(data: bytes, part: str, **values: Any) -> bytes:
    """The ZIP with the first of a list of its record changed."""
    parts = made.parts_of(data)
    record = json.loads(parts["record.json"])
    record[part][0].update(values)
    return made.zipped({**parts, "record.json": json.dumps(record).encode()})


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(line.title, line.fate.value, line.why) for line in comparison.told()]


def test_words_that_differ_are_left_as_they_are(taken: bytes, tmp_path: Path) -> None:
    here = records.person()
    with made.opened(tmp_path, taken) as archive:
        bring(by=here, archive=archive, faults={})
        Activity.objects.filter(title="Journal club").update(learned="My later words.")
        GapReason.objects.update(words="Study")
        ProfileDraft.objects.update(texts={"summary": "Another"})
        Registration.objects.update(profession="")
        ImportedFile.objects.update(written_at=None)
        again = bring(by=here, archive=archive, faults={})
    assert again.comes_in == 0
    assert sorted(title.split(",")[0] for title, *_ in told(again)) == [
        "Gap",
        "How “cpd.csv” was read",
        "Journal club",
        "Profile being written",
        "Your registration",
    ]
    assert {fate for _, fate, _ in told(again)} == {Fate.DIFFERS.value}
    assert Activity.objects.get(title="Journal club").learned == "My later words."


def test_what_is_another_persons_here_is_refused_without_saying_whose(
    taken: bytes, tmp_path: Path
) -> None:
    with made.opened(tmp_path, taken) as archive:
        bring(by=records.person("Olive Other"), archive=archive, faults={})
    here = records.person()
    with made.opened(tmp_path, taken) as archive:
        found = bring(by=here, archive=archive, faults={})
    assert {line.part.__class__.__name__ for line in found.lines if line.fate is Fate.NEW} == {
        "RegistrationPart"
    }
    assert len(told(found)) == 3 + 1 + 1 + 2 + 1
    assert {(fate, why) for _, fate, why in told(found)} == {
        ("refused", "Its reference is in use here already.")
    }
    assert not Activity.objects.filter(person=here).exists()
    assert not Profile.objects.filter(person=here).exists()


def test_evidence_of_another_activity_is_refused(taken: bytes, tmp_path: Path) -> None:
    here = records.person()
    with made.opened(tmp_path, taken) as archive:
        one = next(one for a in archive.record.activities for one in a.evidence)
    mine = made.activity(here, "Another")
    Evidence.objects.create(
        activity=mine, uuid=one.uuid, title="x", digest="a" * 64, content_type="image/png", size=1
    )
    assert [why for *_, why in told(held(tmp_path, taken, here))] == [
        "The reference of its evidence is in use here already."
    ]


@pytest.mark.parametrize(
    ("part", "values", "why"),
    [
        ("activities", {"learned": f"The number {NHS_NUMBER}."}, "is an NHS number"),
        ("activities", {"title": f"Scan of {NHS_NUMBER}"}, "is an NHS number"),
        ("activities", {"ends_on": "2026-03-01"}, "on or after the first day"),
        ("activities", {"starts_on": "2100-01-01", "ends_on": "2100-01-01"}, "first day must be"),
        ("activities", {"minutes": 0}, "how long it was"),
        ("activities", {"title": "  "}, "Enter what it was"),
        ("activities", {"recorded_at": "2100-01-01T00:00:00Z"}, "a time to come"),
        ("activities", {"taken_back_at": "2100-01-01T00:00:00Z"}, "a time to come"),
        ("gaps", {"words": NHS_NUMBER}, "is an NHS number"),
        ("gaps", {"last": "2025-01-01"}, "before the first"),
        ("drafts", {"texts": {"accounts": NHS_NUMBER}}, "is an NHS number"),
        ("profiles", {"recorded_on": "2100-01-01"}, "a day to come"),
        ("profiles", {"last": "2025-01-01"}, "before the first"),
        ("mappings", {"types": {NHS_NUMBER: "self-directed"}}, "is an NHS number"),
    ],
)
def test_part_that_could_not_be_written_here_is_refused_by_itself(
    taken: bytes, tmp_path: Path, part: str, values: dict[str, Any], why: str
) -> None:
    here = records.person()
    found = held(tmp_path, changed(taken, part, **values), here)
    assert [line.fate for line in found.lines if line.why] == [Fate.REFUSED]
    assert why in found.told()[0].why


@pytest.mark.parametrize(
    ("values", "why"),
    [({"profession": "astrologers"}, "profession"), ({"registered_on": "2100-01-01"}, "the past")],
)
def test_registration_that_cannot_be_is_refused(
    taken: bytes, tmp_path: Path, values: dict[str, str], why: str
) -> None:
    parts = made.parts_of(taken)
    record = json.loads(parts["record.json"])
    record["registration"].update(values)
    data = made.zipped({**parts, "record.json": json.dumps(record).encode()})
    [(title, fate, said)] = told(held(tmp_path, data, records.person()))
    assert (title, fate) == ("Your registration", "refused")
    assert why in said


def test_evidence_title_with_an_nhs_number_refuses_its_activity(
    taken: bytes, tmp_path: Path
) -> None:
    parts = made.parts_of(taken)
    record = json.loads(parts["record.json"])
    beside = next(one for one in record["activities"] if one["evidence"])
    beside["evidence"][0]["title"] = NHS_NUMBER
    data = made.zipped({**parts, "record.json": json.dumps(record).encode()})
    [(title, fate, why)] = told(held(tmp_path, data, records.person()))
    assert (title, fate) == (beside["title"], "refused")
    assert "is an NHS number" in why


def test_faulty_file_refuses_what_it_belongs_to(taken: bytes, tmp_path: Path) -> None:
    here = records.person()
    with made.opened(tmp_path, taken) as archive:
        evidence = next(one for a in archive.record.activities for one in a.evidence)
        profile = archive.record.profiles[0]
        faults = {str(evidence.uuid): "It is broken.", str(profile.uuid): "It is another."}
        found = bring(by=here, archive=archive, faults=faults)
    assert sorted(why for *_, why in told(found)) == [
        "It is another.",
        "Its evidence cannot be kept. It is broken.",
    ]
    assert not Evidence.objects.filter(uuid=evidence.uuid).exists()
    assert Profile.objects.count() == 1


def test_draft_of_a_period_that_is_being_written_here_is_left_out(
    taken: bytes, tmp_path: Path
) -> None:
    here = records.person()
    ProfileDraft.objects.create(
        person=here, first=made.FIRST, last=made.LAST, texts={"summary": "Mine"}
    )
    with made.opened(tmp_path, taken) as archive:
        bring(by=here, archive=archive, faults={})
    assert ProfileDraft.objects.get().texts == {"summary": "Mine"}


def test_code_of_anothers_profile_is_refused(taken: bytes, tmp_path: Path) -> None:
    here = records.person()
    with made.opened(tmp_path, taken) as archive:
        code = archive.record.profiles[0].code
    olive = made.frozen(records.person("Olive Other"), code=code)
    with made.opened(tmp_path, taken) as archive:
        found = bring(by=here, archive=archive, faults={})
    assert [title for title, *_ in told(found)] == [f"Frozen profile {code}"]
    kept = documents.kept("cpd-profiles", f"{code}.json", olive.json_digest)
    assert kept == canonical(made.document(code))


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_one_code_at_once_write_over_no_file(
    settings: LazySettings, tmp_path: Path
) -> None:
    with made.another_portal(settings, tmp_path / "elsewhere"):
        alice = records.person()
        made.frozen(alice)
        taken = made.taken_away(alice)
    record = json.loads(made.parts_of(taken)["record.json"])["profiles"][0]
    forged = changed(taken, "profiles", uuid=str(uuid4()), zip_digest=documents.digest(b"x"))
    place = f"profiles/{record['code']}.zip"
    forged = made.zipped({**made.parts_of(forged), place: b"x"})

    def bring_one(person: Person, data: bytes) -> int:
        with made.opened(tmp_path, data) as archive:
            return bring(by=person, archive=archive, faults={}).comes_in

    people = records.person("Alice Amber"), records.person("Olive Other")
    acts = [partial(bring_one, *one) for one in zip(people, (taken, forged), strict=True)]
    assert sorted(at_once(acts)) == [0, 1]
    assert files.profile_file(Profile.objects.get(), "zip") is not None


def test_all_comes_in_or_nothing(
    taken: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> None:
        raise Refused("Gone")

    monkeypatch.setattr(bringing, "_write_profiles", fails)
    with made.opened(tmp_path, taken) as archive, pytest.raises(Refused):
        bring(by=records.person(), archive=archive, faults={})
    assert not Activity.objects.exists()
    assert not GapReason.objects.exists()
    assert not Activity.history.exists()  # type: ignore[attr-defined]


def test_recorded_at_and_references_stay(settings: LazySettings, tmp_path: Path) -> None:
    before = clock.now() - timedelta(days=400)
    with made.another_portal(settings, tmp_path / "elsewhere"):
        one = made.activity(records.person(), recorded_at=before, starts_on=date(2025, 1, 1))
        taken = made.taken_away(one.person)
    with made.opened(tmp_path, taken) as archive:
        bring(by=records.person(), archive=archive, faults={})
    assert list(Activity.objects.values_list("uuid", "recorded_at")) == [(one.uuid, before)]


def test_two_profiles_of_one_period_in_one_record_come_in_as_one(
    taken: bytes, tmp_path: Path
) -> None:
    parts = made.parts_of(taken)
    said = json.loads(parts["record.json"])
    said["drafts"].append(
        said["drafts"][0] | {"uuid": str(uuid4()), "texts": {"summary": "Another."}}
    )
    twice = made.zipped({**parts, "record.json": json.dumps(said).encode()})
    alice = records.person()
    fates = [line.fate for line in held(tmp_path, twice, alice).lines if isinstance(line.part, DraftPart)]  # fmt: skip
    assert fates == [Fate.NEW, Fate.DIFFERS]
    with made.opened(tmp_path, twice) as archive:
        bring(by=alice, archive=archive, faults={})
    assert ProfileDraft.objects.count() == 1


def test_instants_of_another_zone_are_written_in_utc(taken: bytes) -> None:
    said = json.loads(made.parts_of(taken)["record.json"])
    said["activities"][0]["recorded_at"] = "2026-06-01T12:00:00+01:00"
    written = json.loads(record.written(record.read(json.dumps(said).encode())))
    assert "2026-06-01T11:00:00Z" in [one["recorded_at"] for one in written["activities"]]
