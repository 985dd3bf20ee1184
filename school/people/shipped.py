"""Loads the network's sites that the portal ships with."""

from pathlib import Path

from school.core.files import importing
from school.core.models import PORTAL
from school.people.imports.sites import SITES
from school.people.models import Site

FILE = Path(__file__).parent / "data" / "network_sites.csv"


def load_sites() -> None:
    """Imports the shipped file when there is no site at all; afterwards the sites are the network's to edit."""
    if not Site.objects.exists():
        importing.run(SITES, FILE.read_bytes(), FILE.name, by=PORTAL, commit=True)
