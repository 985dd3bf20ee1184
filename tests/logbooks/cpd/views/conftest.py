"""Alice with her browser, and a folder of its own for what she sends."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from school.people.models import Person
from school.people.roles import SCHOOL_EDUCATOR
from tests.people.cast import with_account
from tests.placements.browsers import browser


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def alice() -> Person:
    return with_account("Alice Amber", SCHOOL_EDUCATOR)


@pytest.fixture
def page(alice: Person) -> Client:
    return browser(alice)
