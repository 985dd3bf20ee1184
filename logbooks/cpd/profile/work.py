"""Freezes profiles in the background, so that the page can be left and come back to."""

import json
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from logbooks.cpd.actions.profiles import (
    STEPS,
    freeze,
    rule_as_shown,
    rule_nothing_stops,
    rule_own_profile,
)
from logbooks.cpd.files import ASKED_FOLDER
from logbooks.cpd.profile.document import Document, canonical, mark
from school.core import documents, progress
from school.core.errors import DomainError
from school.core.models import Progress
from school.people.models import Person

GONE = "This waited for too long, and nothing was frozen. Freeze the profile again."


def ask(*, by: Person, said: Document, until: date, seen: str, uuid: UUID) -> Progress:
    """Queues the freezing of what a profile says at this moment; `seen` is the mark of what its person looked at.

    Raises DomainError, NotAllowed, Conflict.
    """
    rule_own_profile(by, said)
    rule_nothing_stops(said)
    rule_as_shown(mark(said), seen)
    documents.keep(ASKED_FOLDER, str(uuid), canonical(said))
    with transaction.atomic():
        work = progress.start(owner=by.uuid, title="Frozen profile", total=len(STEPS))
        make.enqueue(str(uuid), str(by.uuid), until.isoformat(), str(work.uuid))
    return work


@task()
def make(uuid: str, by: str, until: str, work: str) -> None:
    """Freezes one profile. Run again after a kill it gives what was frozen, or starts anew."""
    asked, file = UUID(work), documents.path_of(ASKED_FOLDER, uuid)
    if not file.is_file():
        # A run before this one ended between its last two steps, or nobody came to it for a week.
        if not Progress.objects.filter(uuid=asked, state=Progress.State.DONE).exists():
            progress.fail(asked, GONE, link=reverse("cpd_check_profile"))
        return
    try:
        found = freeze(
            by=Person.objects.select_related("book").get(uuid=by),
            said=json.loads(file.read_bytes()),
            until=date.fromisoformat(until),
            uuid=UUID(uuid),
            step=lambda done, doing: progress.move(asked, done, message=doing),
        )
    except DomainError as error:
        progress.fail(asked, error.message[:500], link=reverse("cpd_check_profile"))
        documents.remove(ASKED_FOLDER, uuid)
        return
    words = "The profile is frozen. Open it to download it."
    if str(found.uuid) != uuid:
        words = "Nothing changed since you froze it last, so that one is still the latest."
    progress.finish(asked, words, link=reverse("cpd_frozen_profile", args=[found.uuid]))
    documents.remove(ASKED_FOLDER, uuid)
