"""The secret address at which somebody's calendar is read by the program they keep it in."""

import secrets

from django.db import models
from django.db.models import PROTECT

from school.people.models import Person


def new_token() -> str:
    """Letters that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """One person's address; made anew when it became known to somebody else."""

    person = models.OneToOneField(Person, on_delete=PROTECT, related_name="calendar_feed")
    token = models.CharField(max_length=43, unique=True, default=new_token)

    def __str__(self) -> str:
        return f"The calendar of {self.person}"
