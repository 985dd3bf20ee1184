"""Examinations by site: what is counted, what is said to be missing, for whom, and in how many questions."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from logbooks.competencies import sites_queries
from logbooks.competencies.actions import log
from logbooks.competencies.models import Competency, FrameworkVersion
from placements.models import Enrolment, Placement
from school.core import clock
from school.people.models import Person, Site
from school.people.roles import UNIVERSITY_TUTOR
from tests import factories as make
from tests.logbooks.competencies.book import LogBook, make_log_book
from tests.placements.browsers import Viewer, browser, queries_of
from tests.placements.test_views_tutor import table, taken

pytestmark = pytest.mark.django_db

HERE = "/log-books/sites/"


def ago(number: int) -> date:
    return clock.today() - timedelta(days=number)


@pytest.fixture
def book() -> LogBook:
    """A log book of a student in the first year, which their framework asks for half-body examinations."""
    educator = make.make_educator()
    return make_log_book(make.make_placement(year=1, educator=educator), educator)


def tutor_of(enrolment: Enrolment) -> Person:
    tutor = make.make_person("Tamsin Tutor")
    make.make_grant(tutor, UNIVERSITY_TUTOR, enrolment.cohort.scope)
    return tutor


def place(site: Site, first: date, last: date, student: Enrolment | None = None) -> Placement:
    student = student or make.make_student()
    return make.make_placement(student, year=1, site=site, starts=first, ends=last)


def test_site_has_its_students_days_and_examinations_by_type(book: LogBook) -> None:
    kept = book.log()
    book.log(examination=book.brain)
    book.log(corrects=kept, tracer=book.rare)
    log.take_back(by=book.student, entry=book.log(), uuid=uuid4())
    place(book.placement.site, ago(40), ago(20))
    [line] = sites_queries.sites(Viewer(tutor_of(book.placement.enrolment)))
    assert (line.name, line.students, line.days) == ("Cumberland Infirmary", 2, 41)
    assert {kind.type: kind.number for kind in line.met} == {book.half_body: 1, book.brain: 1}
    assert line.missing == []


def test_type_that_is_asked_and_nobody_met_is_said_with_the_days(book: LogBook) -> None:
    book.log(examination=book.brain)
    tutor = tutor_of(book.placement.enrolment)
    [line] = sites_queries.sites(Viewer(tutor))
    assert [kind.type for kind in line.missing] == [book.half_body]
    words = "no student met it here in 12 months; students were here 29 days"
    assert line.flag == words
    shown = browser(tutor).get(HERE).content.decode()
    assert (f"<strong>Half body</strong>: {words}" in shown, "Amara" in shown) == (True, False)
    assert "At 1 of 1 site, students met no examination of a type" in shown
    book.log()
    assert sites_queries.sites(Viewer(tutor))[0].missing == []


def test_type_is_missing_only_where_students_of_a_year_were_that_is_asked_for_it(
    book: LogBook,
) -> None:
    elm = make.make_site("Elm Hospital")
    make.make_placement(make.make_student(), year=2, site=elm, starts=ago(40), ends=ago(39))
    viewer = Viewer(tutor_of(book.placement.enrolment))

    def missing() -> dict[str, list[str]]:
        lines = sites_queries.sites(viewer)
        return {line.name: [str(kind.type) for kind in line.missing] for line in lines}

    assert missing() == {"Cumberland Infirmary": ["Half body"], "Elm Hospital": []}
    # A version that is not in force yet asks for nothing.
    asking_in_every_year(book, published=clock.today() + timedelta(days=1))
    assert missing()["Elm Hospital"] == []
    # What is of no year is asked in each.
    asking_in_every_year(book, published=clock.today())
    assert missing()["Elm Hospital"] == ["Half body"]


def asking_in_every_year(book: LogBook, published: date) -> None:
    """A later version asks for a half-body examination in no particular year."""
    framework = book.version.framework
    version = FrameworkVersion.objects.create(
        framework=framework,
        number=framework.versions.count() + 1,
        published_on=published,
        title="Later",
        source="a test",
        digest="c" * 64,
    )
    group = version.groups.create(identifier=uuid4(), position=1, code="A", title="Arriving")
    one = Competency.objects.create(
        version=version, group=group, identifier=uuid4(), position=1, code="A1", title="Arrives"
    )
    one.counts.create(examination=book.half_body, role="observed", number=1)


def test_only_twelve_months_and_only_who_was_there_count(book: LogBook) -> None:
    elm = make.make_site("Elm Hospital")
    student = make.make_student("Bea Birch")
    place(elm, ago(500), ago(366), student)
    place(elm, clock.today() + timedelta(days=70), clock.today() + timedelta(days=90), student)
    tutor = tutor_of(book.placement.enrolment)
    assert [line.name for line in sites_queries.sites(Viewer(tutor))] == ["Cumberland Infirmary"]
    place(elm, ago(365), ago(364), make.make_student("Cy Cedar"))
    found = {line.name: line.days for line in sites_queries.sites(Viewer(tutor))}
    assert found["Elm Hospital"] == (ago(364) - max(sites_queries.window()[0], ago(365))).days + 1


def test_tutor_of_another_cohort_sees_nothing_of_it_and_others_are_refused(book: LogBook) -> None:
    book.log()
    other = make.make_student("Bea Birch").cohort
    other.pk, other.uuid, other.name = None, uuid4(), "September 2031"
    scope = other.scope
    scope.pk, scope.uuid, scope.name = None, uuid4(), "September 2031"
    scope.save()
    other.scope = scope
    other.save()
    tutor = make.make_person("Ursula Tutor")
    make.make_grant(tutor, UNIVERSITY_TUTOR, other.scope)
    assert sites_queries.sites(Viewer(tutor)) == []
    assert "Nobody was placed in these months" in browser(tutor).get(HERE).content.decode()
    assert browser(book.educator).get(HERE).status_code == 403


def test_region_narrows_page_and_file(book: LogBook) -> None:
    book.log()
    elm = make.make_site("Elm Hospital")
    elm.network_region = "London"
    elm.save()
    place(elm, ago(40), ago(31))
    client = browser(tutor_of(book.placement.enrolment))
    about, rows = table(client, f"{HERE}file/csv/?region=London")
    assert "London" in about
    assert rows == [
        {
            "Site": "Elm Hospital",
            "Region": "London",
            "Students placed": "1",
            "Days with students": "10",
            "Examination type": "Half body",
            "A number is asked": "yes",
            "Examinations logged": "0",
            "Missing": "no student met it here in 12 months; students were here 10 days",
        }
    ]
    shown = client.get(f"{HERE}?region=London").content.decode()
    assert ("Elm Hospital" in shown, "Cumberland" in shown) == (True, False)
    assert "file/csv/?region=London" in shown
    assert "Cumberland" in client.get(f"{HERE}?region=Nowhere").content.decode()
    assert client.get(f"{HERE}file/pdf/").status_code == 404
    assert taken(client, f"{HERE}file/xlsx/")


def test_page_asks_the_same_for_one_site_and_for_many(book: LogBook) -> None:
    book.log()
    client = browser(tutor_of(book.placement.enrolment))
    one = queries_of(client, HERE)
    for n in range(10):
        place(make.make_site(f"Hospital {n}"), ago(40), ago(20))
    many = queries_of(client, HERE)
    assert (many == one, many <= 12) == (True, True), (one, many)
