"""A site with people, what is asked of them, and who looks at it."""

from datetime import date, timedelta

from school.core import clock
from school.people.models import Person, Scope
from school.people.network import ensure_network
from school.people.roles import REPORT_VIEWER, SITE_LEAD, WORKFORCE_MANAGER
from tests import factories as make
from tests.coverage.making import Staff

TODAY = clock.today


def staffed() -> Staff:
    """Ann and Bea at North, Cal at South; asked for fire safety each year, which Ann has until in a month, Bea had, and Cal never."""
    staff = Staff()
    today = clock.today()
    began = today - timedelta(days=1000)
    for name, site in (("Ann", "North"), ("Bea", "North"), ("Cal", "South")):
        staff.term(name, site, "Radiographer", began)
    staff.course("Fire")
    staff.ask("fire", ["Fire"], began, active_months=12, window_months=3)
    staff.attain("Ann", "Fire", today - timedelta(days=340))
    staff.attain("Bea", "Fire", today - timedelta(days=400))
    return staff


def manager() -> Person:
    """A workforce manager of the whole network."""
    person = make.make_person("Willa Manager")
    make.make_grant(person, WORKFORCE_MANAGER, ensure_network())
    return person


def reader() -> Person:
    """Somebody who reads reports, and no names."""
    person = make.make_person("Rhys Reader")
    make.make_grant(person, REPORT_VIEWER, ensure_network())
    return person


def lead(staff: Staff, site: str) -> Person:
    """The lead of a site."""
    person = make.make_person(f"Lead of {site}")
    scope: Scope = staff.site(site).scope
    make.make_grant(person, SITE_LEAD, scope)
    return person


def year_ago() -> date:
    """A day on which Bea was in date."""
    return clock.today() - timedelta(days=365)
