"""The dementia skills course of late 2016: the same for the same seed, and as large a share at any scale."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from school.courses.models import Attainment, Booking
from school.demo import series, sites, staff, workforce
from school.demo.personas import SITE
from school.demo.run import Build
from school.people.models import Site
from tests.demo.conftest import TODAY
from tests.factories import make_network

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_demo")]


@pytest.fixture
def shipped() -> None:
    """The shipped sites and courses."""
    make_network()
    call_command("prepare", "--without-demo", stdout=io.StringIO())


def held(seed: int = 1) -> tuple[list[tuple[str, str, str]], int]:
    """Who came of the network and of a copy of it, and how many worked there; nothing of it stays."""
    with transaction.atomic():
        run = Build(TODAY, seed=seed, scale=2)
        run.sites = list(Site.objects.order_by("name"))
        run.home = next(n for n, site in enumerate(run.sites) if site.name == SITE)
        sites.build_sites(run)
        staff.build_personas(run)
        there = 0
        for copy in range(run.scale):
            staff.build_staff(run, copy)
            people = workforce.build_workforce(run, copy)
            there += len(people)
            series.build_series(run, copy, people)
        rows = Booking.objects.order_by("event__starts", "uuid")
        found = [(str(row.uuid), row.person.name, row.state) for row in rows]
        assert Attainment.objects.count() == sum(state == "attended" for *_, state in found)
        transaction.set_rollback(True)
    return found, there


def test_series_is_the_same_for_the_same_seed(shipped: None) -> None:
    first, _ = held()
    assert held()[0] == first
    assert held(seed=2)[0] != first


def test_series_grows_with_the_network(shipped: None) -> None:
    found, there = held()
    attended = sum(state == "attended" for *_, state in found)
    assert (attended, there) == (100, 300)
