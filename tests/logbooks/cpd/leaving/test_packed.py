"""The files of the ZIP: the same each time, and each what it says."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import LazySettings

from logbooks.cpd import files
from logbooks.cpd.leaving import paper, work
from logbooks.cpd.leaving.gathered import record_of
from logbooks.cpd.models import Activity
from school.core import clock, documents
from school.core.models import Progress
from tests import records
from tests.logbooks.cpd.leaving import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_copy_is_made_in_the_background_and_is_the_same_each_time() -> None:
    alice = records.person()
    made.everything(alice)
    copies = []
    for _ in range(2):
        asked = work.ask(by=alice)
        work.make.func(str(alice.uuid), str(asked.uuid))
        asked.refresh_from_db()
        assert asked.state == Progress.State.DONE
        path = work.path_of(alice.uuid, asked.uuid)
        assert path is not None
        copies.append(path.read_bytes())
        assert work.path_of(records.person().uuid, asked.uuid) is None
    first, second = (made.parts_of(one) for one in copies)
    pdf, _ = first.pop("record.pdf"), second.pop("record.pdf")
    assert list(first.items()) == list(second.items())
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert str(read.docinfo["/Title"]) == "CPD record: Alice Amber"
        assert read.Root.MarkInfo.Marked


def test_pdf_of_an_empty_record_can_be_made() -> None:
    alice = records.person()
    assert paper.pdf(record_of([alice.pk]), alice).startswith(b"%PDF-")


def test_file_that_is_gone_is_named_without_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "pdf", made.no_pdf)
    alice = records.person()
    made.everything(alice)
    record = json.loads(made.parts_of(made.taken_away(alice))["record.json"])
    places = [e["file"] for a in record["activities"] for e in a["evidence"]]
    assert sorted(place is None for place in places) == [False, False, True]
    assert [len(one["files"]) for one in record["profiles"]].count(2) == 1


def test_table_runs_nothing_and_says_what_was_taken_back() -> None:
    alice = records.person()
    made.everything(alice)
    data = paper.table(record_of([alice.pk]))
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {row["Title"]: row["For my practice"] for row in rows}["Día de “física” 放射線 🙂"] == (
        "'=SUM(A1)"
    )
    assert [row["Title"] for row in rows if row["Taken back"]] == ["A slip"]
    assert {row["Evidence"] for row in rows} == {
        "",
        "Certificate",
        "; ".join(
            one.title
            for one in sorted(
                Activity.objects.get(title="Journal club").evidence.all(),
                key=lambda one: str(one.uuid),
            )
        ),
    }


def test_file_that_goes_while_it_is_packed_starts_the_task_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paper, "pdf", made.no_pdf)
    alice = records.person()
    one = made.evidence_of(made.activity(alice))
    found = record_of([alice.pk])
    documents.remove(files.EVIDENCE_FOLDER, str(one.uuid))
    monkeypatch.setattr(work, "record_of", lambda *_: found)
    asked = work.ask(by=alice)
    with pytest.raises(FileNotFoundError):
        work.make.func(str(alice.uuid), str(asked.uuid))
    assert list((tmp_path / "media" / files.COPIES_FOLDER).iterdir()) == []


def test_what_waited_for_a_week_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = (files.COPIES_FOLDER, files.BROUGHT_FOLDER, files.IMPORTS_FOLDER, files.ASKED_FOLDER)
    for folder in (*kept, files.EVIDENCE_FOLDER):
        documents.keep(folder, "x", b"x")
    assert files.clear_old.func() == 0
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert files.clear_old.func() == 4
    assert documents.path_of(files.EVIDENCE_FOLDER, "x").exists()
