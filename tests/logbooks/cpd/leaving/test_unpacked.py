"""Hostile and broken ZIPs: refused with a sentence, and nothing of them used."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import LazySettings

from logbooks.cpd.leaving import brought, frozen, paper, unpacked
from logbooks.cpd.models import Evidence
from logbooks.cpd.profile.document import canonical
from school.core import documents
from school.core.models import Progress
from tests import records
from tests.logbooks.cpd.leaving import made
from tests.pdfs import kept_pdf, saved

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(paper, "pdf", made.no_pdf)


@pytest.fixture
def parts() -> dict[str, bytes]:
    """What a whole record is made of."""
    alice = records.person()
    made.everything(alice)
    return made.parts_of(made.taken_away(alice))


def refusal(folder: Path, data: bytes) -> str:
    """What is said of a ZIP."""
    with pytest.raises(unpacked.Refused) as refused, made.opened(folder, data):
        pass
    return refused.value.message


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"title,date\r\nA,2026-01-01\r\n", b"PK\x03\x04" + b"\0" * 100]
)
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data) == unpacked.NO_ZIP


def test_zip_without_a_record_is_refused(tmp_path: Path) -> None:
    assert "no CPD record" in refusal(tmp_path, made.zipped({"a.txt": b"a"}))


@pytest.mark.parametrize(
    "name", ["../../portal.sqlite3", "/etc/passwd", "evidence/../../x.pdf", "evidence/", "a.html"]
)
def test_part_that_the_record_does_not_name_is_refused(
    tmp_path: Path, parts: dict[str, bytes], name: str
) -> None:
    assert "does not name" in refusal(tmp_path, made.zipped({**parts, name: b"x"}))


def test_part_that_is_missing_is_named(tmp_path: Path, parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith("evidence/"))
    del parts[name]
    assert f"“{name}” is missing" in refusal(tmp_path, made.zipped(parts))


def test_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, parts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MAX_UNPACKED", 10_000_000)
    bomb = made.zipped({**parts, "record.pdf": b"\0" * 10_000_000})
    assert len(bomb) < 100_000
    assert "unpacks to" in refusal(tmp_path, bomb)


def test_record_that_swells_is_refused(
    tmp_path: Path, parts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MAX_RECORD", 1_000)
    assert "larger than such a file can be" in refusal(tmp_path, made.zipped(parts))


def test_too_many_parts_are_refused(
    tmp_path: Path, parts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MAX_ENTRIES", 5)
    assert "5 is the most" in refusal(tmp_path, made.zipped(parts))


def test_long_list_of_parts_is_refused_before_it_is_read(
    tmp_path: Path, parts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MAX_DIRECTORY", 100)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    path = tmp_path / "long.zip"
    path.write_bytes(b"PK\x05\x06" + b"\0" * 8 + (101).to_bytes(4, "little") + b"\0" * 6)
    with pytest.raises(unpacked.Refused, match="parts, which is the most"):
        unpacked.rule_short_directory(path)


def test_zip_with_a_remark_or_of_the_larger_kind_is_refused(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    data = made.zipped(parts)
    assert refusal(tmp_path, data + b"x") == unpacked.NO_ZIP
    larger = data[:-22] + b"PK\x06\x07" + b"\0" * 16 + data[-22:]
    assert refusal(tmp_path, larger) == unpacked.NO_ZIP


def test_part_that_is_there_twice_is_refused(tmp_path: Path, parts: dict[str, bytes]) -> None:
    file = io.BytesIO(made.zipped(parts))
    with (
        zipfile.ZipFile(file, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr("record.json", b"{}")
    assert refusal(tmp_path, file.getvalue()) == unpacked.DAMAGED


def test_part_with_a_password_is_refused(tmp_path: Path, parts: dict[str, bytes]) -> None:
    data = bytearray(made.zipped(parts))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "password" in refusal(tmp_path, bytes(data))


def test_broken_part_is_refused(tmp_path: Path, parts: dict[str, bytes]) -> None:
    data = bytearray(made.zipped({"record.json": parts["record.json"]}))
    for at in range(60, 90):
        data[at] ^= 0xFF
    assert refusal(tmp_path, bytes(data)) == unpacked.DAMAGED


def changed(parts: dict[str, bytes], change: Callable[[Any], Any]) -> bytes:
    """The ZIP with its record changed."""
    record = json.loads(parts["record.json"])
    change(record)
    return made.zipped({**parts, "record.json": json.dumps(record).encode()})


def test_unknown_version_is_refused_with_both_named(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    said = refusal(tmp_path, changed(parts, lambda record: record.update(version=2)))
    assert "version 2; this portal reads version 1" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r.update(format="Other"), "not a CPD record"),
        (lambda r: r.update(more=1), "“more”"),
        (lambda r: r["activities"][0].update(title="x" * 201), "“activities”, number 1, “title”"),
        (lambda r: r["activities"][0].update(title="a\x00b"), "“title”"),
        (lambda r: r["activities"][0].update(learned="\ud800"), "not a CPD record"),
        (lambda r: r["activities"][0].update(learning="points"), "“learning”"),
        (lambda r: r["activities"][0].update(starts_on="0001-01-01"), "“starts_on”"),
        (lambda r: r["activities"][0].update(recorded_at="0001-01-01T00:00+14:00"), "“recorded_at”"),
        (lambda r: r["activities"].append(r["activities"][0]), "names one thing twice"),
        (lambda r: r["drafts"][0].update(texts={"A <key>": "Words."}), "“texts”"),
        (lambda r: r["drafts"][0].update(texts={"a" * 41: "Words."}), "“texts”"),
        (lambda r: r["drafts"][0].update(texts={"a" * n: "" for n in range(1, 41)} | {f"b{'_' * n}": "" for n in range(11)}), "“texts”"),
        (lambda r: r["drafts"][0].update(texts={"summary": "a\x00b"}), "“summary”"),
        (lambda r: r["drafts"][0].update(texts={"summary": "a" * 200_001}), "“summary”"),
        (lambda r: r["profiles"][0].update(code="../../X"), "“code”"),
        (lambda r: r["profiles"][0].update(files=["json", "json"]), "files are others"),
    ],
)  # fmt: skip
def test_record_of_another_shape_is_refused(
    tmp_path: Path, parts: dict[str, bytes], change: Callable[[Any], Any], said: str
) -> None:
    assert said in refusal(tmp_path, changed(parts, change))


def test_evidence_at_another_place_is_refused(tmp_path: Path, parts: dict[str, bytes]) -> None:
    def change(record: Any) -> None:
        with_evidence = next(one for one in record["activities"] if one["evidence"])
        with_evidence["evidence"][0]["file"] = "../secret"

    assert "at another place" in refusal(tmp_path, changed(parts, change))


def faults(parts: dict[str, bytes]) -> list[str]:
    """What is said of the files of a ZIP once it was looked through."""
    person = records.person("Bo Brought")
    work = brought.keep(by=person, pieces=[made.zipped(parts)])
    brought.look_through.func(str(work.uuid))
    found = brought.get(person.uuid, work.uuid)
    assert found is not None
    return sorted(found.faults.values())


def test_whole_files_have_no_fault(parts: dict[str, bytes]) -> None:
    assert faults(parts) == []


def test_words_are_looked_through_with_the_files(parts: dict[str, bytes]) -> None:
    def change(record: Any) -> None:
        record["activities"][0]["learned"] = "The number 943 476 5919."

    [said] = faults(made.parts_of(changed(parts, change)))
    assert "is an NHS number" in said


def test_file_of_another_digest_is_a_fault(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.endswith(".png"))
    other = next(name for name in parts if name.endswith(".zip"))
    assert faults({**parts, name: made.picture("black"), other: b"x"}) == [
        "A file is not the one that was frozen.",
        "The file is not the one that the record names.",
    ]


def test_file_that_would_not_be_taken_in_is_a_fault(
    parts: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = json.loads(parts["record.json"])
    data = b"%PDF-1.7 no document"
    held = next(e for a in record["activities"] for e in a["evidence"] if str(e["file"]).endswith("pdf"))  # fmt: skip
    held.update(digest=documents.digest(data), size=len(data))
    parts[held["file"]] = data
    parts["record.json"] = json.dumps(record).encode()
    assert faults(parts) == ["This PDF cannot be opened. Make it again, or choose another."]


def test_file_of_another_kind_than_it_says_is_a_fault(parts: dict[str, bytes]) -> None:
    record = json.loads(parts["record.json"])
    held = next(e for a in record["activities"] for e in a["evidence"] if str(e["file"]).endswith("pdf"))  # fmt: skip
    data = parts.pop(held["file"])
    held.update(content_type="image/png", file=held["file"].replace(".pdf", ".png"))
    parts[held["file"]] = data
    parts["record.json"] = json.dumps(record).encode()
    assert faults(parts) == ["The file is not the one that the record names."]


def test_refused_file_is_thrown_away_and_its_owner_told(tmp_path: Path) -> None:
    person = records.person()
    work = brought.keep(by=person, pieces=[b"no", b" zip"])
    brought.look_through.func(str(work.uuid))
    work.refresh_from_db()
    assert (work.state, work.message) == (Progress.State.FAILED, unpacked.NO_ZIP)
    assert brought.get(person.uuid, work.uuid) is None
    assert list((tmp_path / "media" / "cpd-brought").iterdir()) == []
    assert not Evidence.objects.exists()


PART = {"key": "summary", "title": "", "heading": "", "kind": "words", "most_words": 1}
HOSTILE = {
    "nothing": b"{}",
    "a list": b"[]",
    "no JSON": b"<script>",
    "deep": b"[" * 200_000,
    "another kind": canonical(made.document("X", format="a letter")),
    "a day that is none": canonical(made.document("X", period={"first": "soon", "last": "later"})),
    "a file of nothing": canonical(made.document("X", activities=[])),
    "a part without words": canonical(made.document("X", parts=[PART | {"key": "gaps"}])),
    "a part without a limit": canonical(made.document("X", parts=[PART | {"most_words": None}])),
    "a part without a heading": canonical(made.document("X", parts=[PART | {"heading": None}])),
    "words that are none": canonical(made.document("X", texts={"summary": ["I scan."]})),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_document_of_a_profile_that_no_page_can_show_is_refused(data: bytes) -> None:
    assert frozen.document_fault(data) == frozen.UNREADABLE
    for parts in ([], [PART], [PART | {"kind": "evidence", "most_words": None}]):
        assert frozen.document_fault(canonical(made.document("X", parts=parts))) == ""


def test_profile_with_a_script_in_its_pdf_stays_out(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    with pikepdf.open(io.BytesIO(kept_pdf())) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        hostile = saved(pdf)
    said = json.loads(parts["record.json"])
    profile = next(one for one in said["profiles"] if "pdf" in one["files"])
    profile["pdf_digest"] = documents.digest(hostile)
    parts["record.json"] = json.dumps(said).encode()
    parts[f"profiles/{profile['code']}.pdf"] = hostile
    with made.opened(tmp_path, made.zipped(parts)) as archive:
        faults = [archive.profile_fault(one) for one in archive.record.profiles]
    assert sorted(bool(one) for one in faults) == [False, True]
    assert "a script or a program" in "".join(faults)
