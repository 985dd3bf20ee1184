"""Which examinations students met at which site in the last 12 months: numbers alone, nobody is named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max

from logbooks.competencies import cohort_queries, log_queries
from logbooks.competencies.models import (
    ExaminationType,
    FrameworkVersion,
    LogEntry,
    RequiredCount,
)
from placements.models import Placement
from school.core import clock, days
from school.people.middleware import Viewer

MONTHS = 12
NOT_MET = "no student met it here in 12 months; students were here {}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of examination at a site: how many students logged, and whether a number is asked of students of their year."""

    type: ExaminationType
    number: int
    asked: bool

    @property
    def missing(self) -> bool:
        """Whether it is asked and nobody met it."""
        return rule_not_met(self.asked, self.number)


@dataclass(slots=True)
class Line:
    """A site with how many students were placed there, on how many days at least one was, and its types."""

    name: str
    region: str
    students: int = 0
    days: int = 0
    kinds: list[Kind] = field(default_factory=list)

    @property
    def examinations(self) -> int:
        """All types together."""
        return sum(kind.number for kind in self.kinds)

    @property
    def met(self) -> list[Kind]:
        """The types that were logged."""
        return [kind for kind in self.kinds if kind.number]

    @property
    def missing(self) -> list[Kind]:
        """The types that are asked and were never logged."""
        return [kind for kind in self.kinds if kind.missing]

    @property
    def flag(self) -> str:
        """What is said of a type that nobody met."""
        return NOT_MET.format(f"{self.days} day{'' if self.days == 1 else 's'}")


def rule_not_met(asked: bool, number: int) -> bool:
    """A type is said to be missing at a site where a framework asks for a number of it and no student logged one."""
    return asked and number == 0


def window() -> tuple[date, date]:
    """The first and the last day of the 12 months that end today."""
    today = clock.today()
    return days.add_months(today, -MONTHS) + days.DAY, today


def sites(viewer: Viewer) -> list[Line]:
    """The sites where students whom the viewer follows were placed in the last 12 months, those with most missing first; three queries."""
    first, last = window()
    followed = cohort_queries.followed(viewer).order_by().values("pk")
    placed = (
        Placement.objects.filter(
            enrolment__in=followed, never_began=False, starts__lte=last, ends__gte=first
        )
        .exclude(state=Placement.State.PLANNED)
        .order_by("site__name", "starts")
        .values_list(
            "site",
            "site__name",
            "site__network_region",
            "enrolment",
            "enrolment__cohort__programme",
            "stage__year",
            "starts",
            "ends",
        )
    )
    found: dict[int, Line] = {}
    students: dict[int, set[int]] = {}
    years: dict[int, set[tuple[int, int]]] = {}
    reached: dict[int, date] = {}
    for site, name, region, enrolment, programme, year, starts, ends in placed:
        line = found.setdefault(site, Line(name, region))
        students.setdefault(site, set()).add(enrolment)
        years.setdefault(site, set()).add((programme, year))
        # They come by their first day: only what lies after the days counted so far is new.
        begins = max(starts, first, reached.get(site, first - days.DAY) + days.DAY)
        over = min(ends, last)
        if over >= begins:
            line.days += (over - begins) // timedelta(days=1) + 1
            reached[site] = over
    asked = _asked({one for own in years.values() for one in own})
    logged = _logged(followed, first, last)
    for site, line in found.items():
        line.students = len(students[site])
        wanted = {kind for one in years[site] for kind in asked[one]}
        line.kinds = [
            Kind(kind, logged.get((site, kind.pk), 0), kind.pk in wanted)
            for kind in log_queries.types()
        ]
    return sorted(found.values(), key=lambda line: (-len(line.missing), line.name))


def _asked(years: set[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """The types of which the newest version of a programme's framework asks for a number, by programme and year.

    What is of no year is asked in each.
    """
    published = FrameworkVersion.objects.filter(published_on__lte=clock.today())
    newest = published.values("framework").annotate(newest=Max("pk"))
    rows = RequiredCount.objects.filter(
        competency__version__in=newest.values("newest"),
        competency__version__framework__rules__programme__in={one for one, _ in years},
        examination__isnull=False,
    )
    columns = "competency__version__framework__rules__programme", "competency__year", "examination"
    asks = list(rows.order_by().values_list(*columns).distinct())
    return {
        (programme, year): {
            kind for of, due, kind in asks if of == programme and due in (year, None)
        }
        for programme, year in years
    }


def _logged(followed: Any, first: date, last: date) -> dict[tuple[int, int], int]:
    """How many examinations stand, by site and type."""
    rows = LogEntry.objects.standing().filter(
        enrolment__in=followed,
        withdrawn=False,
        entry__about_from__gte=first,
        entry__about_from__lte=last,
    )
    counted = rows.order_by().values_list("placement__site", "examination")
    return {(site, kind): number for site, kind, number in counted.annotate(number=Count("pk"))}


HEADS = (
    "Site", "Region", "Students placed", "Days with students", "Examination type",
    "A number is asked", "Examinations logged", "Missing",
)  # fmt: skip


def cells(lines: Sequence[Line]) -> Iterator[Sequence[Any]]:
    """The rows of the file: one for each site and type that is asked or was logged."""
    for line in lines:
        for kind in line.kinds:
            if kind.asked or kind.number:
                yield (
                    line.name, line.region, line.students, line.days, kind.type.name,
                    "yes" if kind.asked else "no", kind.number, line.flag if kind.missing else None,
                )  # fmt: skip
