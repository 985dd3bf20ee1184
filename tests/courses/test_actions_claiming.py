"""Claims: evidence that is accepted makes an attainment once; declined, it makes none and says why."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from school.core import clock, ledger
from school.core.errors import Conflict, DomainError, NotAllowed
from school.courses import claims_queries, queries
from school.courses.actions.claiming import accept_claim, claim_attainment, decline_claim
from school.courses.models import Attainment, Claim, Course
from school.people.models import Mail, Person
from tests import factories as make
from tests.courses import making
from tests.courses.attained import any_version
from tests.pdfs import kept_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

PDF = kept_pdf()


@pytest.fixture(autouse=True)
def files(settings: LazySettings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def claim(by: Person, course: Course | None = None, **columns: Any) -> Claim:
    sent = {"day": clock.today(), "given_by": "The Trust", "data": PDF, "uuid": uuid4(), **columns}
    return claim_attainment(by=by, course=course or any_version().course, **sent)


def test_claim_is_kept_once_with_its_file_and_words() -> None:
    alice, course, uuid = make.make_person("Alice Amber"), making.make_version().course, uuid4()
    first = claim(alice, course, uuid=uuid, note="By train.")
    assert claim(alice, course, uuid=uuid, note="By train.") == first
    assert claims_queries.words_of(first) == ("The Trust", "By train.")
    assert claims_queries.file_of(first, uuid) == PDF


def test_accepted_claim_is_an_attainment_of_its_day_and_of_the_version_of_then() -> None:
    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    version = making.make_version(by=teacher)
    before = version.published_on - timedelta(days=400)
    made = claim(alice, version.course, day=before, expires_on=before + timedelta(days=365))
    sent = {"by": teacher, "claim": made, "uuid": uuid4()}
    decision = accept_claim(**sent)
    assert accept_claim(**sent) == decision
    [attainment] = queries.attainments()
    assert decision.attainment == attainment
    assert (attainment.source, attainment.course_version) == (Attainment.Source.CLAIM, version)
    assert attainment.entry.about_from == before
    assert attainment.expires_on == before + timedelta(days=365)
    assert [mail.kind for mail in Mail.objects.all()] == ["claim_decided"]


def test_declined_claim_makes_no_attainment_and_says_why() -> None:
    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    made = claim(alice)
    with pytest.raises(DomainError, match="Enter why"):
        decline_claim(by=teacher, claim=made, reason="", uuid=uuid4())
    decision = decline_claim(by=teacher, claim=made, reason="No name on it.", uuid=uuid4())
    assert ledger.private_text(decision, "reason") == "No name on it."
    with pytest.raises(Conflict, match="decided meanwhile"):
        accept_claim(by=teacher, claim=made, uuid=uuid4())
    assert Attainment.objects.count() == 0


def test_nobody_decides_about_their_own_claim_or_that_of_people_whose_records_they_do_not_keep() -> (
    None
):
    alice, teacher = make.make_person("Alice Amber"), making.make_teacher()
    with pytest.raises(NotAllowed, match="your own"):
        accept_claim(by=teacher, claim=claim(teacher), uuid=uuid4())
    with pytest.raises(NotAllowed, match="does not keep"):
        accept_claim(by=alice, claim=claim(make.make_person("Bob Birch")), uuid=uuid4())


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"day": date(2099, 1, 1)}, "day"),
        ({"expires_on": date(2001, 1, 1)}, "expires_on"),
        ({"data": b"GIF89a"}, "evidence"),
    ],
)
def test_impossible_claim_is_refused_at_its_field(columns: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refused:
        claim(make.make_person("Alice Amber"), **columns)
    assert refused.value.field == field


def test_course_without_a_version_cannot_be_claimed() -> None:
    course = Course.objects.create(code="new", title="New", summary="x", level="awareness")
    with pytest.raises(DomainError, match="No version"):
        claim(make.make_person("Alice Amber"), course)
