"""The printed profile: every part as text of a tagged PDF, sealed, with its evidence in the ZIP."""

import csv
import io
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.conf import LazySettings

from logbooks.cpd.files import EVIDENCE_FOLDER, profile_file
from logbooks.cpd.models import GapReason
from logbooks.cpd.profile import bundle, queries
from school.core import clock, documents, seal
from school.core.codes import grouped
from tests.logbooks.cpd.profile.made import Writer, here, make_writer, ready
from tests.pdfs import kept_pdf

__all__ = ["here"]
pytestmark = pytest.mark.django_db


def test_printed_profile_says_all_parts(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    seal.make_key()
    writer = make_writer()
    writer.learns("A first look", 200)
    GapReason.objects.create(
        person=writer.person,
        first=clock.today().replace(day=1),
        last=clock.today(),
        words="Not this one",
    )
    first = writer.by.period[0]
    GapReason.objects.create(
        person=writer.person, first=first, last=clock.today(), words="Leave for a baby"
    )
    ready(writer)
    missing = writer.activities[1].evidence.get()
    documents.remove(EVIDENCE_FOLDER, str(missing.uuid))
    found = writer.freezes()
    data = profile_file(found, "pdf")
    assert data is not None
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en-GB"
    file = tmp_path / "profile.pdf"
    file.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True)  # fmt: skip
    text = " ".join(done.stdout.split())
    for words in (
        "CPD profile Alice Amber", "Radiographers", grouped(found.code), "I work at Elm Hospital.",
        "Patients wait less.", "Journal club", "Nothing recorded", "Leave for a baby", "Described",
        "Certificate", "Missing when the profile was frozen", "of at most 1500 words",
    ):  # fmt: skip
        assert words in text, words
    assert "About arms up." not in text


def test_zip_holds_the_profile_and_its_evidence(here: Writer) -> None:
    writer = here
    missing = writer.activities[1].evidence.get()
    documents.remove(EVIDENCE_FOLDER, str(missing.uuid))
    found = writer.freezes()
    data = profile_file(found, "zip")
    assert data is not None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["profile.pdf", "profile.json", "evidence.csv", "evidence/01-certificate.pdf"]  # fmt: skip
        assert archive.read("profile.pdf") == profile_file(found, "pdf")
        assert archive.read("profile.json") == profile_file(found, "json")
        assert archive.read("evidence/01-certificate.pdf") == kept_pdf("Certificate")
        rows = list(csv.reader(io.StringIO(archive.read("evidence.csv").decode("utf-8-sig"))))
    assert rows[1][:3] == ["File", "What it shows", "Activity"]
    assert [row[:3] for row in rows[2:]] == [
        ["evidence/01-certificate.pdf", "Certificate", "Arms up"],
        ["evidence/02-slides.pdf (missing)", "Slides", "Study day"],
    ]


def test_zip_of_the_same_content_is_the_same_bytes(here: Writer) -> None:
    said = queries.opened(here.freezes())
    assert said is not None
    held = bundle.evidence_files(said)
    assert bundle.bundled(said, b"p", b"j", held) == bundle.bundled(said, b"p", b"j", held)
