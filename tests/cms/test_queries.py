"""What the public pages read from the record."""

from datetime import date, timedelta

import pytest

from cms import queries
from cms.queries import Reach, Year
from placements.models import ProgrammeVersion
from school.core import ledger
from school.core.ledger import Draft
from school.core.models import PORTAL
from school.people.models import ScannerTerm, Site, SiteCode
from school.people.network import network_book
from tests.factories import make_network, make_site

DAY = date(2026, 11, 3)


def test_reach_counts_sites_and_their_regions(db: None) -> None:
    assert queries.reach() == Reach(sites=0, regions=0)
    make_site("One")
    make_site("Two")
    assert queries.reach() == Reach(sites=2, regions=1)


def test_programme_is_drawn_to_one_scale(db: None) -> None:
    make_network()
    found = queries.published_programme(DAY)
    assert found is not None
    assert [(year.title, year.hours, year.least, year.more) for year in found.years] == [
        ("Year 1, awareness", "8 to 16 hours", 3.7, 3.7),
        ("Year 2, application and understanding", "36 hours", 16.67, 0),
        ("Year 3, competency", "216 hours", 100, 0),
    ]
    assert found.years[0] == Year(
        title="Year 1, awareness",
        hours="8 to 16 hours",
        tasks="Site induction. Awareness of the patient experience.",
        least=3.7,
        more=3.7,
    )


def test_programme_is_the_version_published_last(db: None) -> None:
    first = make_network()
    ProgrammeVersion.objects.create(
        programme=first.programme, number=2, published_on=DAY, source="a test"
    )
    shown = [queries.published_programme(DAY - timedelta(days=1)), queries.published_programme(DAY)]
    assert [programme.number for programme in shown if programme] == [1, 2]


def test_programme_before_the_first_publication_is_none(db: None) -> None:
    make_network()
    assert queries.published_programme(date(2016, 12, 31)) is None


def record(site: Site, kind: str, **columns: object) -> ScannerTerm:
    """A scanner at a site, from a day or between two."""
    starts, ends = columns.pop("starts"), columns.pop("ends", None)
    with ledger.writing(network_book()) as pen:
        fact = ScannerTerm(site=site, scanner_kind=kind, **columns)
        draft = Draft(fact=fact, book=network_book(), about_from=starts, about_to=ends)  # type: ignore[arg-type]
        return pen.append([draft], by=PORTAL)[0]  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (DAY - timedelta(days=1), []),
        (DAY, ["mobile"]),
        (DAY + timedelta(days=9), ["mobile"]),
        (DAY + timedelta(days=10), ["static"]),
    ],
)
def test_scanner_kind_is_that_of_the_day(db: None, day: date, kinds: list[str]) -> None:
    site = make_site()
    record(site, "mobile", starts=DAY, ends=DAY + timedelta(days=9))
    record(site, "static", starts=DAY + timedelta(days=10))
    assert list(queries.scanner_kinds(day).values()) == kinds
    assert list(queries.scanner_kinds(day, site).values()) == kinds


def test_scanner_kind_that_was_corrected_does_not_count(db: None) -> None:
    site = make_site()
    wrong = record(site, "mobile", starts=DAY)
    record(site, "static", starts=DAY, supersedes=wrong)
    assert queries.scanner_kinds(DAY) == {site.pk: ScannerTerm.Kind.STATIC}


def test_code_is_that_of_the_day(db: None) -> None:
    site = make_site()
    assert queries.current_code(site, DAY) == ""
    SiteCode.objects.create(site=site, code="OLD01", ends=DAY - timedelta(days=1))
    SiteCode.objects.create(site=site, code="NEW01", starts=DAY)
    assert queries.current_code(site, DAY) == "NEW01"
    assert queries.current_code(site, DAY - timedelta(days=1)) == "OLD01"
