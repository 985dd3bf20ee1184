"""Weeks of work that a site plans again and again: adding them, changing them, and taking them away."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import transaction

from placements import patterns
from placements.hours import rule_break_fits
from placements.models import WorkingPattern
from school.core import days
from school.core.errors import Conflict, DomainError
from school.core.rows import rule_same_row
from school.people.models import Person, Site

# Any Wednesday on which no clock changes, to measure a shift on.
_SOME_DAY = date(2026, 11, 18)


def add_pattern(
    *,
    by: Person,
    site: Site,
    name: str,
    weekdays: Iterable[int],
    start: time,
    end: time,
    break_minutes: int,
    uuid: UUID,
) -> WorkingPattern:
    """Adds a pattern (weekdays with 0 as Monday); the same UUID again gives the first. Raises DomainError when a rule refuses."""
    del (
        by
    )  # the history keeps who it was; the parameter keeps the rule that every write names its actor
    sent = _sent(name, weekdays, start, end, break_minutes)
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        before = WorkingPattern.objects.filter(uuid=uuid).first()
        if before is not None:
            rule_same_row(before, {"site_id": site.pk, **sent})
            return before
        rule_name_once(site, sent["name"], uuid)
        return WorkingPattern.objects.create(site=site, uuid=uuid, **sent)


def change_pattern(
    *,
    by: Person,
    pattern: WorkingPattern,
    name: str,
    weekdays: Iterable[int],
    start: time,
    end: time,
    break_minutes: int,
) -> WorkingPattern:
    """Gives a pattern other days, times or another name. Raises DomainError when a rule refuses."""
    del by
    sent = _sent(name, weekdays, start, end, break_minutes)
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=pattern.site_id)
        row = WorkingPattern.objects.select_for_update().filter(pk=pattern.pk).first()
        if row is None:
            raise Conflict("This pattern was taken away meanwhile. Add it again to keep it.")
        rule_name_once(pattern.site, sent["name"], row.uuid)
        for field, value in sent.items():
            setattr(row, field, value)
        row.save()
    return row


def remove_pattern(*, by: Person, pattern: WorkingPattern) -> None:
    """Takes a pattern away; rotas that were planned by it stay as they are."""
    del by
    pattern.delete()


def _sent(
    name: str, weekdays: Iterable[int], start: time, end: time, break_minutes: int
) -> dict[str, Any]:
    """What a pattern holds, by its fields, once the rules let it pass."""
    number = patterns.kept(weekdays)
    rule_pattern(number, start, end, break_minutes)
    return {
        "name": name.strip(),
        "weekdays": number,
        "start": start,
        "end": end,
        "break_minutes": break_minutes,
    }


def rule_pattern(weekdays: int, start: time, end: time, break_minutes: int) -> None:
    """A pattern has a day, and a break shorter than its shift; an end before the start is on the next day."""
    if not weekdays:
        raise DomainError("Choose at least one day of the week.", field="weekdays")
    last = _SOME_DAY if end > start else _SOME_DAY + days.DAY
    rule_break_fits(days.instant(_SOME_DAY, start), days.instant(last, end), break_minutes)


def rule_name_once(site: Site, name: str, uuid: UUID) -> None:
    """A site's patterns have names of their own."""
    others = WorkingPattern.objects.filter(site=site, name__iexact=name).exclude(uuid=uuid)
    if others.exists():
        raise DomainError(f"{site.name} has a pattern called {name} already.", field="name")
