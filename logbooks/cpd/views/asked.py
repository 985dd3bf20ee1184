"""Who asks for a page of the profile, and for which period."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from logbooks.cpd.measure import Measure, before, measure
from logbooks.cpd.views.common import person_of, viewer_of
from school.core import clock
from school.people.models import Person

BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Asked:
    """A person, by all keys of their identity, and the measure of the period that a page is about.

    `other` is the period that can be turned to: the one before while it is still open, or back to the current one.
    """

    person: Person
    me: list[int]
    today: date
    by: Measure
    other: Measure | None
    is_before: bool

    def at(self, name: str) -> str:
        """The address of a page about the same period."""
        return reverse(name) + (f"?period={BEFORE}" if self.is_before else "")

    @property
    def other_at(self) -> str:
        """The address of the profile of the other period."""
        return reverse("cpd_profile") + ("" if self.is_before else f"?period={BEFORE}")

    @property
    def frame(self) -> dict[str, Any]:
        """What every page of building says of the period."""
        first, last = self.by.period
        return {
            "by": self,
            "first": first,
            "last": last,
            "profile_url": self.at("cpd_profile"),
            "choose_url": self.at("cpd_choose"),
            "write_url": self.at("cpd_write_profile"),
        }


def asked(request: HttpRequest) -> Asked:
    """Whose profile is asked for: one's own, of this cycle, or of the one before while that can be written."""
    person, me, today = person_of(request), viewer_of(request).me, clock.today()
    now = measure(me, today)
    earlier = before(now, today)
    if request.GET.get("period") != BEFORE:
        return Asked(person, me, today, now, earlier, False)
    if earlier is None:
        raise Http404
    return Asked(person, me, today, earlier, now, True)
