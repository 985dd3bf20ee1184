"""What the public pages show live from the record."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from placements.models import ProgrammeVersion, Stage
from school.core import days
from school.people.models import ScannerTerm, Site, SiteCode


@dataclass(frozen=True, slots=True)
class Reach:
    """How many sites the network has, in how many of its regions."""

    sites: int
    regions: int


def reach() -> Reach:
    """The network as it is recorded."""
    return Reach(
        **Site.objects.aggregate(sites=Count("pk"), regions=Count("network_region", distinct=True))
    )


@dataclass(frozen=True, slots=True)
class Year:
    """A stage of the programme: its band in words, and where the band begins and ends in per cent of the longest."""

    title: str
    hours: str
    tasks: str
    least: float
    more: float


@dataclass(frozen=True, slots=True)
class Programme:
    """A published version and its years."""

    name: str
    number: int
    published_on: date
    years: tuple[Year, ...]


def published_programme(day: date) -> Programme | None:
    """The version published last, on or before a day; none while nothing is published."""
    version = (
        ProgrammeVersion.objects.filter(published_on__lte=day)
        .select_related("programme")
        .order_by("-published_on", "-number", "pk")
        .first()
    )
    if version is None:
        return None
    stages = list(version.stages.prefetch_related("tasks"))
    longest = max((stage.maximum_minutes for stage in stages), default=1)
    return Programme(
        version.programme.name,
        version.number,
        version.published_on,
        tuple(_year(stage, longest) for stage in stages),
    )


def _year(stage: Stage, longest: int) -> Year:
    least = 100 * stage.minimum_minutes / longest
    return Year(
        title=f"Year {stage.year}, {stage.get_level_display()}",
        hours=_band(stage.minimum_minutes, stage.maximum_minutes),
        tasks="".join(f"{task.title}. " for task in stage.tasks.all()).strip(),
        least=round(least, 2),
        more=round(100 * stage.maximum_minutes / longest - least, 2),
    )


def _band(minimum: int, maximum: int) -> str:
    if minimum == maximum:
        return days.in_words(minimum)
    return f"{days.in_hours(minimum)} to {days.in_words(maximum)}"


def scanner_kinds(day: date, site: Site | None = None) -> dict[int, ScannerTerm.Kind]:
    """The kind of scanner on a day by the key of its site; a site of which nothing is recorded is left out."""
    terms = ScannerTerm.objects.standing().filter(
        Q(entry__about_to=None) | Q(entry__about_to__gte=day), entry__about_from__lte=day
    )
    if site is not None:
        terms = terms.filter(site=site)
    rows = terms.order_by("entry__about_from").values_list("site_id", "scanner_kind")
    return {key: ScannerTerm.Kind(kind) for key, kind in rows}


def current_code(site: Site, day: date) -> str:
    """The site's code in the NHS's organisation data on a day; empty when it is not known."""
    found = (
        SiteCode.objects.filter(
            Q(starts=None) | Q(starts__lte=day), Q(ends=None) | Q(ends__gte=day), site=site
        )
        .order_by("-starts", "-pk")
        .first()
    )
    return found.code if found else ""
