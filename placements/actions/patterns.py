"""Weeks of work that a site plans again and again: keeping them, and taking them away."""

from collections.abc import Iterable
from datetime import date, time
from uuid import UUID

from django.db import transaction

from placements import patterns
from placements.hours import rule_break_fits
from placements.models import WorkingPattern
from school.core import days
from school.core.errors import DomainError
from school.people.models import Person, Site

# Any Wednesday on which no clock changes, to measure a shift on.
_SOME_DAY = date(2026, 11, 18)


def keep_pattern(
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
    """Adds a pattern (weekdays with 0 as Monday), or changes the one with this UUID. Raises DomainError when a rule refuses."""
    del (
        by
    )  # the history keeps who it was; the parameter keeps the rule that every write names its actor
    number = patterns.kept(weekdays)
    rule_pattern(number, start, end, break_minutes)
    with transaction.atomic():
        Site.objects.select_for_update().get(pk=site.pk)
        rule_name_once(site, name.strip(), uuid)
        row = WorkingPattern.objects.filter(site=site, uuid=uuid).first()
        row = row or WorkingPattern(site=site, uuid=uuid)
        row.name, row.weekdays = name.strip(), number
        row.start, row.end, row.break_minutes = start, end, break_minutes
        row.save()
    return row


def remove_pattern(*, by: Person, pattern: WorkingPattern) -> None:
    """Takes a pattern away; rotas that were planned by it stay as they are."""
    del by
    pattern.delete()


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
