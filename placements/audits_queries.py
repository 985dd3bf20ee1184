"""Quality audits of sites: until when each holds, and what it asked for that is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from placements.models import SiteAudit, SiteAuditAction
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import Site
from school.people.queries import scopes_with, sites_in
from school.people.roles import Permission

# The end of an audit is seen this long ahead.
AHEAD_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Audited:
    """A site with its newest audit, and its actions: open, and overdue among them."""

    site: Site
    audited_on: date | None
    until: date | None
    open: int
    overdue: int

    @property
    def state(self) -> str:
        """The word for it."""
        if self.until is None:
            return "never audited"
        if self.until < clock.today():
            return "ran out"
        return "ends soon" if self.until <= soon() else "holds"

    @property
    def look(self) -> str:
        """What its sign is called."""
        return {"holds": "confirmed", "ends soon": "awaiting"}.get(self.state, "breach")


def soon() -> date:
    """Up to this day an audit that ends is seen ahead."""
    return days.add_months(clock.today(), AHEAD_MONTHS)


def audited(sites: QuerySet[Site]) -> list[Audited]:
    """Some sites with their newest audit, in one query; those that need an audit soonest first."""
    newest = SiteAudit.objects.filter(site=OuterRef("pk")).order_by("-entry__about_to", "-pk")
    todo = Q(audits__actions__isnull=False, audits__actions__done_on=None)
    rows = sites.annotate(
        audited_on=Subquery(newest.values("entry__about_from")[:1]),
        until=Subquery(newest.values("entry__about_to")[:1]),
        todo=Count("audits__actions", filter=todo),
        late=Count("audits__actions", filter=todo & Q(audits__actions__due__lt=clock.today())),
    ).order_by(F("until").asc(nulls_first=True), "name")
    return [Audited(row, row.audited_on, row.until, row.todo, row.late) for row in rows]


def ending_soon(viewer: Viewer) -> int:
    """How many sites in a coordinator's reach have an audit that ran out or ends within three months; one query."""
    rows = watched_sites(viewer, Permission.PLACE_STUDENTS).annotate(
        until=Max("audits__entry__about_to")
    )
    return rows.filter(Q(until=None) | Q(until__lte=soon())).count()


def overdue_actions(viewer: Viewer) -> QuerySet[SiteAuditAction]:
    """The actions that are not done although their day has passed, at the sites that the viewer runs."""
    return SiteAuditAction.objects.filter(
        audit__site__in=watched_sites(viewer, Permission.RUN_SITE),
        done_on=None,
        due__lt=clock.today(),
    )


def watched_sites(viewer: Viewer, permission: Permission) -> QuerySet[Site]:
    """The sites on which one of the viewer's roles allows something."""
    found = Site.objects.none()
    for scope in scopes_with(viewer.hats, permission):
        found |= sites_in(scope)
    return found


def actions_of(audits: Sequence[SiteAudit]) -> list[SiteAuditAction]:
    """What some audits asked for: what is still to do first, by its day."""
    rows = SiteAuditAction.objects.filter(audit__in=audits).select_related("audit")
    far = date.max - timedelta(days=1)
    return sorted(
        rows, key=lambda row: (row.done_on is not None, row.due, row.done_on or far, row.pk)
    )
