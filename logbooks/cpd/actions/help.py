"""Asking the School for help with one's CPD, and saying that it was seen to."""

from uuid import UUID

from django.db import IntegrityError, transaction

from logbooks.cpd.models import HelpAsked
from logbooks.cpd.policies import may_follow
from school.core import clock
from school.core.errors import NotAllowed
from school.people.models import Person
from school.people.queries import hats, identity


def ask(*, by: Person, uuid: UUID) -> HelpAsked:
    """Asks the School for help; while that waits, or sent again, it is the same. Raises NotAllowed for another's UUID."""
    me = identity(by)
    with transaction.atomic():
        waiting = HelpAsked.objects.filter(person__in=me, seen_to_at=None).first()
        before = HelpAsked.objects.filter(uuid=uuid).first() or waiting
        if before is None:
            try:
                with transaction.atomic():
                    return HelpAsked.objects.create(person=by, uuid=uuid)
            except IntegrityError:
                # Asked twice at once.
                before = HelpAsked.objects.get(person=by, seen_to_at=None)
    rule_own_question(by, before)
    return before


def see_to(*, by: Person, asked: HelpAsked) -> HelpAsked:
    """The School saw to it, or the person needs it no longer; said twice, the first stands."""
    rule_may_see_to(by, asked)
    with transaction.atomic():
        held = HelpAsked.objects.select_for_update().get(pk=asked.pk)
        if held.seen_to_at is None:
            held.seen_to_at, held.seen_to_by = clock.now(), by
            held.save()
    return held


def rule_own_question(by: Person, asked: HelpAsked) -> None:
    """What was asked under a UUID is one's own."""
    if asked.person_id not in identity(by):
        raise NotAllowed("This cannot be saved.")


def rule_may_see_to(by: Person, asked: HelpAsked) -> None:
    """Whoever asked, and who follows CPD for the School, say that it was seen to."""
    if asked.person_id not in identity(by) and not may_follow(hats(by)):
        raise NotAllowed("Only the School says that it saw to this.")
