"""Attainments and certificates for tests, and the keys that certificates need."""

from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest
from django.conf import LazySettings

from school.core import badges, ledger, seal
from school.core.models import PORTAL
from school.courses import certificates
from school.courses.actions import attaining
from school.courses.actions.certifying import issue_certificate
from school.courses.models import Attainment, Certificate, CourseVersion
from school.people.models import Person
from tests.courses import making

DAY = date(2026, 11, 3)


@pytest.fixture
def keys(settings: LazySettings, tmp_path: Path) -> Path:
    """Keys of the test's own, and a folder for files."""
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.BADGE_KEY_FILE = tmp_path / "keys" / "badges.pem"
    settings.MEDIA_ROOT = tmp_path / "media"
    seal.make_key()
    badges.make_key()
    return tmp_path


@pytest.fixture
def blank(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates on a blank page: to set a whole one takes a second."""
    made = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    monkeypatch.setattr(certificates, "pages", lambda attainment, code, at: made.getvalue())


def attain(
    person: Person,
    version: CourseVersion | None = None,
    *,
    day: date = DAY,
    source: Attainment.Source = Attainment.Source.MODULE,
    by: UUID = PORTAL,
) -> Attainment:
    """An attainment of a course without an event."""
    version = version or any_version()
    with ledger.writing(person.book) as pen:
        return attaining.enter(pen, person, version, day=day, source=source, by=by)


def any_version() -> CourseVersion:
    """A version of some course, the same each time."""
    found = CourseVersion.objects.first()
    return found or making.make_version(published_on=date(2020, 1, 1))


def certify(attainment: Attainment) -> Certificate:
    """The certificate of an attainment."""
    found = issue_certificate(attainment.entry.uuid)
    assert found is not None
    return found
