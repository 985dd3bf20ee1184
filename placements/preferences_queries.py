"""Where students would like to be placed, for which stage that is asked, and where they have been already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from placements import reference
from placements.models import CurrentShift, Enrolment, Placement, SitePreference, Stage
from school.core import clock, days
from school.people.models import Person, Site
from school.people.queries import identity

ORDER = ("1st", "2nd", "3rd", "4th", "5th")
MOST = len(ORDER)


def coming(enrolment: Enrolment, placements: Iterable[Placement], today: date) -> Stage | None:
    """The stage after those that a student was ever placed for, while they are enrolled; None when there is none."""
    if enrolment.ends < today:
        return None
    placed = {
        reference.stage(row.stage_id).year
        for row in placements
        if row.enrolment_id == enrolment.pk and row.state != Placement.State.WITHDRAWN
    }
    stages = reference.stages(enrolment.version_id)
    return next((stage for stage in stages if stage.year > max(placed, default=0)), None)


def asked_now(person: Person) -> tuple[Enrolment, Stage] | None:
    """The enrolment and the stage for which a student may say where they would like to be."""
    rows = Enrolment.objects.filter(person__in=identity(person)).prefetch_related("placements")
    today = clock.today()
    for enrolment in rows.select_related("cohort").order_by("-starts"):
        stage = coming(enrolment, enrolment.placements.all(), today)
        if stage is not None:
            return enrolment, stage
    return None


def preferred(enrolment: Enrolment) -> list[Site]:
    """The sites that a student would like, the first choice first."""
    rows = SitePreference.objects.filter(enrolment=enrolment).select_related("site")
    return [row.site for row in rows.order_by("rank")]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the sites when a student is placed: their order of preference, and where they have been."""

    order: dict[int, int]
    been: dict[int, list[str]]

    def words(self, site: Site) -> str:
        """ "1st choice, was there in Year 2, 1 March 2025 to 30 April 2025"; empty for any other site."""
        said = [f"{ORDER[self.order[site.pk]]} choice"] if site.pk in self.order else []
        return ", ".join(
            [*said, *(f"was there in {words}" for words in self.been.get(site.pk, ()))]
        )


def beside(enrolment: Enrolment) -> Beside:
    """The preferences of a student and their earlier placements, in two queries."""
    rows = SitePreference.objects.filter(enrolment=enrolment, rank__lte=MOST)
    been: dict[int, list[str]] = {}
    for row in _been(enrolment):
        been.setdefault(row.site_id, []).append(
            f"{reference.stage(row.stage_id)}, {days.long_date(row.starts)} to {days.long_date(row.ends)}"
        )
    return Beside({site: rank - 1 for rank, site in rows.values_list("rank", "site")}, been)


def _been(enrolment: Enrolment) -> Iterable[Placement]:
    """The placements that have begun; of withdrawn ones those at which the student has worked."""
    worked = Exists(CurrentShift.objects.filter(placement=OuterRef("pk")))
    rows = Placement.objects.filter(
        ~Q(state=Placement.State.WITHDRAWN) | Q(worked),
        enrolment=enrolment,
        starts__lte=clock.today(),
    )
    return rows.order_by("starts")
