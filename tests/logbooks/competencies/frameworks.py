"""Programme leads, and drafts on their way."""

from typing import Any
from uuid import uuid4

from logbooks.competencies import document as documents
from logbooks.competencies import frameworks_queries as queries
from logbooks.competencies.actions import frameworks as actions
from logbooks.competencies.document import Document
from logbooks.competencies.models import FrameworkDraft, FrameworkVersion
from school.people.models import Person
from school.people.network import network_scope
from school.people.roles import PROGRAMME_LEAD
from tests import factories as make
from tests.logbooks.competencies.documents import small


def make_lead(name: str = "Leila Leadwell") -> Person:
    """A programme lead of the whole network."""
    person = make.make_person(name)
    make.make_grant(person, PROGRAMME_LEAD, network_scope())
    return person


def make_draft(by: Person, document: Document | None = None, **changes: Any) -> FrameworkDraft:
    """A draft of the small framework."""
    return actions.start_draft(by=by, document=document or small(**changes), uuid=uuid4())


def seen(draft: FrameworkDraft) -> str:
    """The digest of a draft as it is now."""
    draft.refresh_from_db()
    return documents.digest(queries.draft_document(draft))


def publish(writer: Person, reader: Person, document: Document | None = None) -> FrameworkVersion:
    """A version that one person wrote and another published."""
    draft = make_draft(writer, document)
    actions.submit_draft(by=writer, draft=draft, seen=seen(draft))
    return actions.publish_draft(by=reader, draft=draft, uuid=uuid4(), seen=seen(draft))
