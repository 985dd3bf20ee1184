"""Files beside an activity."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings

from logbooks.cpd.actions import evidence as actions
from logbooks.cpd.actions.activities import add_activity
from logbooks.cpd.files import evidence_file
from logbooks.cpd.models import Activity, Evidence
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person
from tests.factories import make_person
from tests.logbooks.cpd.test_actions_activities import NHS_NUMBER, entered
from tests.pdfs import kept_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def alice() -> Person:
    return make_person("Alice Amber")


@pytest.fixture
def activity(alice: Person) -> Activity:
    return add_activity(by=alice, uuid=uuid4(), entered=entered())


def put(by: Person, activity: Activity, **values: object) -> Evidence:
    given = {"title": "Certificate", "data": kept_pdf("Certificate"), "uuid": uuid4(), **values}
    return actions.put_beside(by=by, activity=activity, **given)  # type: ignore[arg-type]


def test_file_is_kept_and_given_as_it_is_kept(alice: Person, activity: Activity) -> None:
    made = put(alice, activity)
    data = evidence_file(made)
    assert data is not None
    assert (data[:5], len(data), made.content_type) == (b"%PDF-", made.size, "application/pdf")


def test_sent_twice_it_is_one_file_and_another_is_refused(
    alice: Person, activity: Activity
) -> None:
    uuid = uuid4()
    made = put(alice, activity, uuid=uuid)
    assert put(alice, activity, uuid=uuid) == made
    with pytest.raises(Conflict):
        put(alice, activity, uuid=uuid, data=kept_pdf("Something else"))
    other = add_activity(by=alice, uuid=uuid4(), entered=entered("Other"))
    with pytest.raises(NotAllowed):
        put(alice, other, uuid=uuid)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"data": b"MZ no evidence"}, "no PDF"),
        ({"title": f"Report of {NHS_NUMBER}"}, "NHS number"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    alice: Person, activity: Activity, values: dict[str, object], words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        put(alice, activity, **values)
    assert not Evidence.objects.exists()


def test_activity_has_a_few_files(
    alice: Person, activity: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    made = put(alice, activity)
    with pytest.raises(DomainError, match="Take one away first"):
        put(alice, activity)
    actions.take_away(by=alice, file=made)
    put(alice, activity)


def test_only_its_person_puts_and_takes(alice: Person, activity: Activity) -> None:
    bob = make_person("Bob Brown")
    made = put(alice, activity)
    with pytest.raises(NotAllowed):
        put(bob, activity)
    with pytest.raises(NotAllowed):
        actions.take_away(by=bob, file=made)
    made.refresh_from_db()
    assert made.taken_back_at is None
