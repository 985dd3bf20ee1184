"""Frameworks on their way: written, read by a second person, published, and never changed after."""

import dataclasses
from typing import Any
from uuid import uuid4

import pytest

from logbooks.competencies import document as documents
from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies.actions import frameworks as actions
from logbooks.competencies.document import Competency, Count
from logbooks.competencies.models import (
    ExaminationType,
    Framework,
    FrameworkDraft,
    FrameworkVersion,
    RequiredCount,
)
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person
from tests import factories as make
from tests.logbooks.competencies.documents import small
from tests.logbooks.competencies.frameworks import make_draft, make_lead, publish, seen

pytestmark = pytest.mark.django_db
State = FrameworkDraft.State


@pytest.fixture
def writer() -> Person:
    make.make_network()
    return make_lead("Wanda Writeman")


@pytest.fixture
def reader(writer: Person) -> Person:
    return make_lead("Rita Readwell")


def competency(**changes: Any) -> Competency:
    """A new competency of the small framework."""
    return dataclasses.replace(Competency(uuid4(), "A2", "Finds the spill kit", "A"), **changes)


def test_published_version_holds_the_document_row_by_row(writer: Person, reader: Person) -> None:
    types = ExaminationType.objects.create(code="fdg-brain", name="FDG brain", position=1, source="x")  # fmt: skip
    document = small()
    counted = dataclasses.replace(
        document.competencies[0], year=3, task="osce", counts=(Count(2, "observed", "fdg-brain"),)
    )
    document = documents.replaced(document, "A1", counted)
    version = publish(writer, reader, document)
    assert (version.number, version.title, version.source) == (1, "A small framework", "a test")
    assert (version.written_by, version.reviewed_by) == (writer, reader)
    assert version.digest == documents.digest(document)
    assert queries.document_of(version) == document
    rows = queries.from_rows(version)
    assert dataclasses.replace(rows, identifier=document.identifier, parts=()) == dataclasses.replace(document, parts=())  # fmt: skip
    assert {part.code: part for part in rows.parts} == {part.code: part for part in document.parts}
    assert list(RequiredCount.objects.values_list("number", "examination", "role")) == [
        (2, types.pk, "observed"),
        (3, None, "direct"),
    ]


def test_only_a_programme_lead_keeps_frameworks(writer: Person, reader: Person) -> None:
    stranger = make.make_person("Sam Stranger")
    draft = make_draft(writer)
    acts: list[Any] = [
        lambda: actions.start_draft(by=stranger, document=small("other"), uuid=uuid4()),
        lambda: actions.replace_draft(by=stranger, draft=draft, document=small(title="X"), seen=seen(draft)),
        lambda: actions.submit_draft(by=stranger, draft=draft, seen=seen(draft)),
        lambda: actions.return_draft(by=stranger, draft=draft),
        lambda: actions.drop_draft(by=stranger, draft=draft),
        lambda: actions.publish_draft(by=stranger, draft=draft, uuid=uuid4(), seen=seen(draft)),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_who_wrote_any_of_a_draft_does_not_publish(writer: Person, reader: Person) -> None:
    draft = make_draft(writer)
    actions.replace_draft(by=reader, draft=draft, document=small(title="X"), seen=seen(draft))
    actions.submit_draft(by=reader, draft=draft, seen=seen(draft))
    for one in (writer, reader):
        with pytest.raises(NotAllowed, match="second person"):
            actions.publish_draft(by=one, draft=draft, uuid=uuid4(), seen=seen(draft))


def test_who_wrote_last_does_not_publish(writer: Person, reader: Person) -> None:
    draft = make_draft(writer)
    actions.submit_draft(by=writer, draft=draft, seen=seen(draft))
    with pytest.raises(NotAllowed, match="second person"):
        actions.publish_draft(by=writer, draft=draft, uuid=uuid4(), seen=seen(draft))
    assert not FrameworkVersion.objects.exists()
    assert actions.publish_draft(by=reader, draft=draft, uuid=uuid4(), seen=seen(draft)).number == 1


def test_draft_is_published_only_after_it_was_given_to_a_reader(
    writer: Person, reader: Person
) -> None:
    draft = make_draft(writer)
    with pytest.raises(Conflict):
        actions.publish_draft(by=reader, draft=draft, uuid=uuid4(), seen=seen(draft))
    assert not FrameworkVersion.objects.exists()


def test_sent_twice_is_one_draft_and_one_version(writer: Person, reader: Person) -> None:
    uuid, version = uuid4(), uuid4()
    draft = actions.start_draft(by=writer, document=small(), uuid=uuid)
    assert actions.start_draft(by=writer, document=small(), uuid=uuid) == draft
    with pytest.raises(Conflict):
        actions.start_draft(by=writer, document=small(title="Other"), uuid=uuid)
    actions.submit_draft(by=writer, draft=draft, seen=seen(draft))
    actions.submit_draft(by=writer, draft=draft, seen=seen(draft))
    sent = {"by": reader, "draft": draft, "uuid": version, "seen": seen(draft)}
    first = actions.publish_draft(**sent)
    assert actions.publish_draft(**sent) == first
    assert FrameworkVersion.objects.count() == 1


def test_one_draft_of_a_framework_is_open(writer: Person) -> None:
    make_draft(writer)
    with pytest.raises(Conflict, match="is open"):
        make_draft(writer, title="Another")
    assert FrameworkDraft.objects.count() == 1


def test_draft_that_changed_meanwhile_is_not_overwritten(writer: Person, reader: Person) -> None:
    draft = make_draft(writer)
    before = seen(draft)
    actions.put_competency(by=reader, draft=draft, code="", wanted=competency(), seen=before)
    draft.refresh_from_db()
    with pytest.raises(Conflict, match="meanwhile"):
        actions.replace_draft(by=writer, draft=draft, document=small(title="Mine"), seen=before)
    with pytest.raises(Conflict, match="meanwhile"):
        actions.submit_draft(by=writer, draft=draft, seen=before)
    draft.refresh_from_db()
    assert draft.written_by == reader


def test_what_a_second_reader_reads_stays_as_it_is(writer: Person, reader: Person) -> None:
    draft = make_draft(writer)
    actions.submit_draft(by=writer, draft=draft, seen=seen(draft))
    with pytest.raises(Conflict):
        actions.put_competency(
            by=writer, draft=draft, code="", wanted=competency(), seen=seen(draft)
        )
    actions.return_draft(by=reader, draft=draft)
    actions.put_competency(by=writer, draft=draft, code="", wanted=competency(), seen=seen(draft))
    draft.refresh_from_db()
    assert [part.code for part in queries.draft_document(draft).competencies] == ["A1", "B1", "A2"]


def test_competency_is_put_changed_and_removed(writer: Person) -> None:
    draft = make_draft(writer)
    new = competency(title="Finds <b>the</b> kit", level="aware")
    actions.put_competency(by=writer, draft=draft, code="", wanted=new, seen=seen(draft))
    draft.refresh_from_db()
    held = queries.draft_document(draft).competencies[-1]
    assert (held.identifier, held.title) == (new.identifier, "Finds the kit")
    wanted = dataclasses.replace(held, title="Finds both kits")
    actions.put_competency(by=writer, draft=draft, code="A2", wanted=wanted, seen=seen(draft))
    draft.refresh_from_db()
    assert queries.draft_document(draft).competencies[-1].title == "Finds both kits"
    actions.remove_competency(by=writer, draft=draft, code="B1", seen=seen(draft))
    draft.refresh_from_db()
    # The group that it was alone in went with it.
    assert [part.code for part in queries.draft_document(draft).parts] == ["A", "A1", "A2"]


def test_competency_added_twice_by_one_form_is_one(writer: Person) -> None:
    draft = make_draft(writer)
    before, new = seen(draft), competency()
    actions.put_competency(by=writer, draft=draft, code="", wanted=new, seen=before)
    draft.refresh_from_db()
    actions.put_competency(by=writer, draft=draft, code="", wanted=new, seen=before)
    draft.refresh_from_db()
    assert len(queries.draft_document(draft).competencies) == 3


def test_code_names_one_part(writer: Person) -> None:
    draft = make_draft(writer)
    with pytest.raises(DomainError, match="this code"):
        actions.put_competency(
            by=writer, draft=draft, code="", wanted=competency(code="B"), seen=seen(draft)
        )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"counts": (Count(1, "observed", "nothing"),)}, "unknown-examination"),
        ({"year": 3, "task": "nothing"}, "unknown-task"),
    ],
)
def test_draft_names_only_what_the_portal_has(
    writer: Person, change: dict[str, Any], name: str
) -> None:
    document = documents.added(small(), competency(**change))
    with pytest.raises(actions.HasProblems) as refused:
        make_draft(writer, document)
    assert [line.name for line in refused.value.lines] == [name]
    assert not Framework.objects.filter(code="small").exists()


def test_next_version_says_something_new_and_keeps_the_first(
    writer: Person, reader: Person
) -> None:
    first = publish(writer, reader)
    draft = make_draft(writer)
    with pytest.raises(DomainError, match="same as version 1"):
        actions.submit_draft(by=writer, draft=draft, seen=seen(draft))
    actions.put_competency(by=writer, draft=draft, code="", wanted=competency(), seen=seen(draft))
    actions.submit_draft(by=writer, draft=draft, seen=seen(draft))
    second = actions.publish_draft(by=reader, draft=draft, uuid=uuid4(), seen=seen(draft))
    assert (second.number, second.competencies.count(), first.competencies.count()) == (2, 3, 2)
    assert second.competencies.get(code="A1").identifier == first.competencies.get(code="A1").identifier  # fmt: skip


def test_draft_stays_of_its_framework(writer: Person) -> None:
    draft = make_draft(writer)
    with pytest.raises(DomainError, match="draft of “small”"):
        actions.replace_draft(by=writer, draft=draft, document=small("other"), seen=seen(draft))


def test_dropped_draft_is_closed_and_lets_another_begin(writer: Person, reader: Person) -> None:
    draft = make_draft(writer)
    actions.drop_draft(by=reader, draft=draft)
    actions.drop_draft(by=reader, draft=draft)
    with pytest.raises(Conflict, match="dropped"):
        actions.return_draft(by=writer, draft=draft)
    assert make_draft(writer).state == State.DRAFT
    assert [row.state for row in draft.history.order_by("history_id")] == ["draft", "dropped"]


def test_publishing_that_fails_leaves_the_draft_in_review(
    writer: Person, reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(writer)
    actions.submit_draft(by=writer, draft=draft, seen=seen(draft))

    def fails(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "_write_competencies", fails)
    with pytest.raises(RuntimeError):
        actions.publish_draft(by=reader, draft=draft, uuid=uuid4(), seen=seen(draft))
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW
    assert not FrameworkVersion.objects.exists()


def test_code_of_one_competency_never_becomes_anothers(writer: Person, reader: Person) -> None:
    publish(writer, reader)
    document = small()
    first = document.competencies[0]
    other = documents.replaced(document, "A1", dataclasses.replace(first, identifier=uuid4()))
    [problem] = queries.problems(other)
    assert problem.words == (
        "Version 1 has this code for “Knows the way out”. Give this competency a code of its own."
    )
    with pytest.raises(actions.HasProblems, match="A1 Knows the way out: Version 1 has this code"):
        make_draft(writer, other)
    renamed = documents.replaced(document, "A1", dataclasses.replace(first, code="A9"))
    assert queries.problems(renamed) == []
