"""A student says where they would like to be placed, in their own order."""

from collections.abc import Sequence

from django.db import transaction

from placements.models import Enrolment, SitePreference
from placements.policies import owns
from placements.preferences_queries import MOST, asked_now
from school.core.errors import Conflict, DomainError, NotAllowed
from school.people.models import Person, Site


def state_preferences(
    *, by: Person, enrolment: Enrolment, sites: Sequence[Site]
) -> list[SitePreference]:
    """Keeps the sites a student would like, the first choice first; none takes back what was said."""
    rule_own_preferences(by, enrolment)
    rule_each_site_once(sites)
    with transaction.atomic():
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        rule_still_to_place(by, enrolment)
        kept = list(SitePreference.objects.filter(enrolment=enrolment).order_by("rank"))
        if [row.site_id for row in kept] == [site.pk for site in sites]:
            return kept
        for row in kept:
            row.delete()
        return [
            SitePreference.objects.create(enrolment=enrolment, site=site, rank=rank)
            for rank, site in enumerate(sites, start=1)
        ]


def rule_own_preferences(by: Person, enrolment: Enrolment) -> None:
    """Nobody says for a student where the student would like to be."""
    if not owns(by, enrolment):
        raise NotAllowed("Only the student says where they would like to be placed.")


def rule_each_site_once(sites: Sequence[Site]) -> None:
    """A site is chosen once, and no more than five are."""
    if len({site.pk for site in sites}) != len(sites):
        raise DomainError("Choose each site once.")
    if len(sites) > MOST:
        raise DomainError(f"Choose {MOST} sites or fewer.")


def rule_still_to_place(by: Person, enrolment: Enrolment) -> None:
    """Preferences are for a stage that the student is not placed for yet."""
    asked = asked_now(by)
    if asked is None or asked[0].pk != enrolment.pk:
        raise Conflict("You are placed already. The placement coordinator can tell you about it.")
