"""What a person makes of what the portal noticed: kept as an activity, dismissed, or brought back."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from logbooks.cpd.models import FREE, Noticed
from school.core.errors import Conflict
from school.people.models import Person
from school.people.queries import identity


def dismiss(*, by: Person, keys: Collection[UUID]) -> int:
    """What was noticed is offered no more; gives how much it was. Sent again it changes nothing."""
    with transaction.atomic():
        own = Noticed.objects.select_for_update().filter(person__in=identity(by), key__in=keys)
        # Whoever keeps a part of it at this moment is waited for.
        held = list(own.values_list("pk", flat=True))
        rule_not_kept(Noticed.objects.filter(pk__in=held).exclude(FREE).exists())
        return Noticed.objects.filter(pk__in=held, dismissed=False).update(
            dismissed=True, activity=None
        )


def offer_again(*, by: Person, keys: Collection[UUID]) -> int:
    """What was dismissed waits as a draft again; gives how much it was."""
    return Noticed.objects.filter(person__in=identity(by), key__in=keys, dismissed=True).update(
        dismissed=False
    )


def rule_not_kept(kept: bool) -> None:
    """What became an activity is taken back there, and not dismissed as a draft."""
    if kept:
        raise Conflict(
            "A part of this was kept meanwhile, so nothing was dismissed. Open the drafts again."
        )
