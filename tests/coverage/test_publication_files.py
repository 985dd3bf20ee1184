"""The documents of publications: small cells stay hidden in every one, and the PDF speaks."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pikepdf
import pytest
from django.conf import LazySettings

from school.core import documents, registries
from school.coverage import frozen, publication_files
from school.coverage.actions.reporting import make_files, withdraw_publication
from school.coverage.models import Publication, PublicationFiles
from tests.coverage.printed import narrow
from tests.coverage.reports import Network

pytestmark = pytest.mark.django_db
D = date


@pytest.fixture
def network(settings: LazySettings, tmp_path: Path) -> Network:
    settings.MEDIA_ROOT = tmp_path / "media"
    made = Network()
    made.staff.ask("safety", ["Safety"], D(2015, 1, 1), whom=[{"site": made.staff.site("North")}])
    # Two people have a second post.
    for name in "ab":
        made.staff.term(name, "South", "Physicist", D(2016, 1, 1))
    return made


def rows(publication: Publication) -> list[list[Any]]:
    return list(publication_files.rows(frozen.opened(publication)))


def csv(publication: Publication) -> str:
    return publication_files.made(publication)["csv"].decode()


def structure(read: pikepdf.Pdf, kind: str) -> Iterator[Any]:
    """The elements of a kind in the structure of a PDF."""
    waiting: list[Any] = [read.Root.StructTreeRoot]
    while waiting:
        one = waiting.pop()
        if one.get("/S") == pikepdf.Name(f"/{kind}"):
            yield one
        below = one.get("/K")
        if isinstance(below, pikepdf.Array):
            waiting += [child for child in below if isinstance(child, pikepdf.Dictionary)]
        elif isinstance(below, pikepdf.Dictionary):
            waiting.append(below)


def test_inside_nothing_is_hidden_and_both_figures_stand(network: Network) -> None:
    assert rows(network.publish()) == [
        ["Site North", "fire", 8, 18, Decimal("44.4"), 8, 18],
        ["Site South", "fire", 3, 8, Decimal("37.5"), 3, 8],
        ["All together", "fire", 9, 24, Decimal("37.5"), 9, 24],
        ["Site North", "safety", 0, 18, Decimal("0.0"), 0, 18],
        ["Site South", "safety", 0, 0, None, 0, 0],
        ["All together", "safety", 0, 18, Decimal("0.0"), 0, 18],
    ]


@pytest.mark.engine
def test_outside_small_cells_are_hidden_in_every_document(network: Network) -> None:
    publication = network.publish(audience="outside")
    hidden = ["hidden"] * 3
    assert rows(publication) == [
        ["Site North", "fire", *hidden, "", ""],
        ["Site South", "fire", *hidden, "", ""],
        ["All together", "fire", 9, 24, Decimal("37.5"), "hidden", "hidden"],
        ["Site North", "safety", *hidden, "", ""],
        ["Site South", "safety", *hidden, "", ""],
        ["All together", "safety", *hidden, "hidden", "hidden"],
    ]
    made = publication_files.made(publication)
    for shared in (False, True):
        assert narrow(made["csv"].decode(), shared=shared) == []
    sheet = openpyxl.load_workbook(BytesIO(made["xlsx"])).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()][1:]
    assert [str(row[2]) for row in cells] == [str(row[2]) for row in rows(publication)]
    words = publication_files.words(publication, frozen.opened(publication))
    assert [row.figure for column in words["columns"] for row in column.rows] == [None] * 4
    assert publication_files.totals(publication) == ["fire: 9 of 24 in date, 37.5 %", "safety: hidden"]  # fmt: skip


def test_bounds_find_what_is_not_hidden_well(network: Network) -> None:
    """The solver reads the file: one cell put back beside its total gives the other away."""
    file = csv(network.publish(audience="outside"))
    leaking = file.replace("Site North,fire,hidden,hidden,hidden", "Site North,fire,8,18,44.4")
    assert leaking != file
    assert narrow(leaking, shared=False) == [
        "fire: (1, 0) lies between 1 and 1",
        "fire: (1, 1) lies between 5 and 5",
    ]


def test_pdf_is_tagged_and_says_what_it_is(network: Network) -> None:
    pdf = publication_files.made(network.publish(audience="outside"))["pdf"]
    with pikepdf.open(BytesIO(pdf)) as read, read.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert about["dc:title"] == "Fire training: training coverage at 31 December 2016"
        assert str(read.Root.Lang) == "en-GB"
        assert read.Root.MarkInfo.Marked
        heads = list(structure(read, "TH"))
        # One for each column, row and line of what stands above.
        assert len(heads) == 5 + 2 * (4 + 3)
        assert {str(one.A.Scope) if "/A" in one and "/Scope" in one.A else "" for one in heads} <= {"/Row", "/Column", ""}  # fmt: skip
        assert len(list(structure(read, "Caption"))) == 2
        assert len(list(structure(read, "H1"))) == 1


def test_files_say_days_policy_and_conventions(network: Network) -> None:
    first = csv(network.publish(audience="outside")).splitlines()[0]
    for said in (
        "as of 31 December 2016",
        "as known on 5 January 2017",
        "the adjusted figure",
        "Made: ",
        "Grace counts from the first day",
        "Where fewer than 5 people",
    ):
        assert said in first


@pytest.mark.engine
def test_documents_are_made_once_and_vouched_for(network: Network) -> None:
    publication = network.publish()
    made = make_files(publication=publication)
    assert make_files(publication=publication).pk == made.pk
    assert PublicationFiles.objects.count() == 1
    for kind in publication_files.KINDS:
        data = publication_files.kept(made, kind)
        assert data is not None
        found = registries.issued(documents.digest(data))
        assert found is not None
        assert (found.holds, documents.digest(data) in found.digests) == (True, True)
    withdraw_publication(by=network.ben, publication=publication, reason="x", uuid=uuid4())
    after = registries.issued(publication.code)
    assert after is not None
    assert (after.holds, after.title) == (False, "Published by the School, and withdrawn since")
