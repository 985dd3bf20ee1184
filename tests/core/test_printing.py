"""Printed documents: what they may use."""

import subprocess
from pathlib import Path

import pytest

from school.core.printing import NotOwnFile, OwnFiles, print_pdf


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "static:no/such.svg", "data:,x"]
)
def test_document_uses_static_files_only(url: str) -> None:
    with pytest.raises(NotOwnFile, match="static files only"):
        OwnFiles().fetch(url)


def test_static_file_is_given_without_a_network() -> None:
    assert b"<svg" in OwnFiles().fetch("static:img/mark.svg").read()


def test_head_says_what_it_is_and_when_on_a_line_each(tmp_path: Path) -> None:
    about = {"kind": "Log book", "code": "8ZSM-Z1J3-JCV2-265S", "when": "Made"}
    pdf = tmp_path / "head.pdf"
    pdf.write_bytes(print_pdf("head.html", about | {"issued": "22 November 2026"}))
    text = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, check=True).stdout
    lines = text.decode().splitlines()
    assert "Log book 8ZSM-Z1J3-JCV2-265S" in lines
    assert "Made 22 November 2026" in lines
