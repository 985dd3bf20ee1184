"""Printed documents: what they may use."""

import pytest

from school.core.printing import NotOwnFile, OwnFiles


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "static:no/such.svg", "data:,x"]
)
def test_document_uses_static_files_only(url: str) -> None:
    with pytest.raises(NotOwnFile, match="static files only"):
        OwnFiles().fetch(url)


def test_static_file_is_given_without_a_network() -> None:
    assert b"<svg" in OwnFiles().fetch("static:img/mark.svg").read()
