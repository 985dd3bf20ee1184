"""Printed documents: what they may use, and the square on them."""

import pytest

from school.core import printing
from school.core.printing import NotOwnFile, OwnFiles


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "static:no/such.svg", "data:,x"]
)
def test_document_uses_static_files_only(url: str) -> None:
    with pytest.raises(NotOwnFile, match="static files only"):
        OwnFiles().fetch(url)


def test_static_file_is_given_without_a_network() -> None:
    assert b"<svg" in OwnFiles().fetch("static:img/mark.svg").read()


def test_square_has_its_quiet_zone_and_finders() -> None:
    modules, path = printing.square("https://portal.example/verify/7K4M-Q2XD-9TRW-3HNB/")
    dark = {tuple(map(int, part.split("h")[0].split())) for part in path.split("M") if part}
    assert (modules - 8 - 17) % 4 == 0
    assert {x for x, _ in dark} == set(range(4, modules - 4))
    corner = {(4 + n, 4) for n in range(7)}
    assert corner <= dark
