"""Files that show an activity: put beside it, and taken back."""

from uuid import UUID

from django.db import IntegrityError, transaction

from logbooks.cpd.actions.activities import rule_own
from logbooks.cpd.files import EVIDENCE_FOLDER
from logbooks.cpd.models import Activity, Evidence
from school.core import clock, documents, evidence
from school.core.errors import Conflict, NotAllowed
from school.core.evidence import EvidenceRefused
from school.core.free_text import rule_no_nhs_number
from school.people.models import Person

# As many files as an activity has at once.
MOST = 10


def put_beside(*, by: Person, activity: Activity, title: str, data: bytes, uuid: UUID) -> Evidence:
    """Keeps a picture, without what the camera wrote into it, or a PDF beside an activity; sent again it is the same one.

    Raises EvidenceRefused with the reason, DomainError for an NHS number, NotAllowed, Conflict.
    """
    rule_own(by, activity)
    rule_no_nhs_number(title, field="title")
    kept = evidence.taken_in(data)
    found = evidence.kind_of(kept)
    assert found is not None
    values = {
        "title": title,
        "digest": documents.digest(kept),
        "content_type": found[0],
        "size": len(kept),
    }
    with transaction.atomic():
        # Whoever puts files beside the same activity waits here.
        held = Activity.objects.select_for_update().get(pk=activity.pk)
        before = Evidence.objects.filter(uuid=uuid).first()
        if before is not None:
            return rule_same_file(before, held, values["digest"])
        rule_few(held)
        documents.keep(EVIDENCE_FOLDER, str(uuid), kept)
        try:
            with transaction.atomic():
                return Evidence.objects.create(uuid=uuid, activity=held, **values)
        except IntegrityError:
            raise NotAllowed("This cannot be saved.") from None


def take_away(*, by: Person, file: Evidence) -> Evidence:
    """Takes a file away from an activity. It stays where it was frozen with a profile, and in the history."""
    rule_own(by, file.activity)
    with transaction.atomic():
        held = Evidence.objects.select_for_update().get(pk=file.pk)
        if held.taken_back_at is None:
            held.taken_back_at = clock.now()
            held.save()
    return held


def rule_few(activity: Activity) -> None:
    """An activity has a few files at once."""
    if activity.evidence.filter(taken_back_at=None).count() >= MOST:
        raise EvidenceRefused(
            f"This activity has {MOST} files already. Take one away first.", field="file"
        )


def rule_same_file(before: Evidence, activity: Activity, digest: object) -> Evidence:
    """What was sent before under a UUID is the same file beside the same activity."""
    if before.activity_id != activity.pk:
        raise NotAllowed("This cannot be saved.")
    if before.digest != digest:
        raise Conflict(
            "Another file was sent before from this form. Open the activity and add this one anew."
        )
    return before
