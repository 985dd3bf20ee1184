"""A frozen profile that was brought from another portal, beside those that were frozen here."""

from datetime import timedelta

import pytest

from logbooks.cpd.files import PROFILE_FILES, PROFILE_FOLDER, profile_file
from logbooks.cpd.models import Profile
from logbooks.cpd.profile import queries
from school.core import clock, documents, ledger
from school.core.codes import new_code
from school.core.days import long_date
from school.core.ledger import Draft
from tests.logbooks.cpd.profile.made import Writer, here
from tests.placements.browsers import browser, words

__all__ = ["here"]
pytestmark = pytest.mark.django_db


def brought(writer: Writer, days_ago: int = 30) -> Profile:
    """What she would freeze now, frozen in another portal some days ago and brought here after all others."""
    since = clock.today() - timedelta(days=days_ago)
    done = writer.freezes()
    fact = Profile(
        person=writer.person,
        scheme=done.scheme,
        code=new_code(),
        **{name: getattr(done, name) for name in ("json_digest", "pdf_digest", "zip_digest")},
    )
    for ending in PROFILE_FILES:
        data = profile_file(done, ending)
        assert data is not None
        documents.keep(PROFILE_FOLDER, f"{fact.code}.{ending}", data)
    days = (done.entry.about_from, done.entry.about_to)
    with ledger.writing(writer.person.book) as pen:
        pen.append(
            [
                Draft(
                    fact=fact,
                    book=writer.person.book,
                    about_from=days[0],
                    about_to=days[1],
                    known_from=since,
                )
            ],
            by=writer.person.uuid,
        )
    return fact


def test_profile_that_is_brought_stands_where_it_was_frozen(here: Writer) -> None:
    old = brought(here)
    [first] = Profile.objects.exclude(pk=old.pk)
    assert [one.pk for one in queries.frozen([here.person.pk])] == [first.pk, old.pk]
    said = queries.issued(first.code)
    assert said is not None
    assert said.holds
    page = words(
        browser(here.person, second_factor=False).get(
            f"/cpd/profile/{first.uuid}/compare/{old.uuid}/"
        )
    )
    on = long_date(clock.today() - timedelta(days=30))
    assert f"the one frozen {on}</a> to" in page


def test_profile_that_was_brought_can_be_frozen_here(here: Writer) -> None:
    said = here.said
    old = brought(here)
    [first] = Profile.objects.exclude(pk=old.pk)
    assert queries.same_as_newest([here.person.pk], said) == first
