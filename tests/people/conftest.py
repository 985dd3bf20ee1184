"""What tests of people begin with."""

import pytest

from school.people.network import ensure_network
from school.people.shipped import load_sites


@pytest.fixture
def shipped_sites(db: None) -> None:
    """The network with the sites that ship."""
    ensure_network()
    load_sites()
