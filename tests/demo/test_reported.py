"""The demo's report of 2016: published as known then, safe outside, with what came later by name."""

import pytest

from school.coverage import frozen, later, publication_files
from school.coverage.figures import Policy
from school.coverage.models import Publication
from school.demo import builder
from tests.coverage.printed import narrow

pytestmark = pytest.mark.django_db


def test_report_of_2016_hides_small_cells_and_knows_who_came_later(demo: builder.Build) -> None:
    publication = Publication.objects.get()
    assert publication.reviewed_by != publication.drafted_by
    published = frozen.opened(publication)
    [asked] = published.requirements
    whole = published.figure("", asked.code).share(Policy.ADJUSTED)
    assert whole.denominator > 100
    file = publication_files.kept(publication.files, "csv")
    assert file is not None
    for shared in (False, True):
        assert narrow(file.decode(), shared=shared) == []
    [came] = later.came_later(publication).summed(Policy.ADJUSTED)
    assert (came.words, len(came.people), came.numerator) == (
        "Had it, which was recorded later",
        3,
        3,
    )
