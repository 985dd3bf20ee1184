"""What a site's quality audit asks for: an action by a day, and that it is done."""

from datetime import date
from uuid import UUID

from django.db import transaction

from placements.models import SiteAudit, SiteAuditAction
from school.core import clock, days
from school.core.errors import Conflict, DomainError
from school.core.rows import rule_same_row
from school.people.models import Person


def ask_for_action(
    *, by: Person, audit: SiteAudit, what: str, due: date, uuid: UUID
) -> SiteAuditAction:
    """Notes what an audit asks for, by a day; the same UUID again gives the first."""
    del (
        by
    )  # the history keeps who it was; the parameter keeps the rule that every write names its actor
    rule_due(audit, due)
    sent = {"audit_id": audit.pk, "what": what.strip(), "due": due}
    action, new = SiteAuditAction.objects.get_or_create(uuid=uuid, defaults=sent)
    if not new:
        rule_same_row(action, sent)
    return action


def finish_action(*, by: Person, action: SiteAuditAction, day: date) -> SiteAuditAction:
    """Notes that an action was done on a day; the same day again is the same act."""
    del by
    with transaction.atomic():
        kept = SiteAuditAction.objects.select_for_update().get(pk=action.pk)
        rule_not_done(kept, day)
        if kept.done_on is None:
            rule_done_day(kept.audit, day)
            kept.done_on = day
            kept.save(update_fields=["done_on"])
    return kept


def rule_due(audit: SiteAudit, due: date) -> None:
    """An action is due after its audit, while the audit holds."""
    last = audit.entry.about_to or date.max
    if not audit.entry.about_from <= due <= last:
        raise DomainError(
            f"The day must lie between the audit on {days.long_date(audit.entry.about_from)} "
            f"and its end on {days.long_date(last)}.",
            field="due",
        )


def rule_not_done(action: SiteAuditAction, day: date) -> None:
    """An action is done once: another day does not take the place of the first."""
    if action.done_on not in (None, day):
        raise Conflict(f"This was done on {days.long_date(action.done_on)} already.")


def rule_done_day(audit: SiteAudit, day: date) -> None:
    """What an audit asked for was done after it, and not in the future."""
    if day > clock.today():
        raise DomainError("The day it was done cannot lie in the future.", field="day")
    if day < audit.entry.about_from:
        raise DomainError("The day it was done must not be before the audit.", field="day")
