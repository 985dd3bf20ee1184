"""What time the server says it is: the one place the code asks."""

from datetime import date, datetime

from django.utils import timezone

from school.core import days


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """The present calendar day in London."""
    return days.london_day(now())
