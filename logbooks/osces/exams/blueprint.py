"""The blueprint of an exam: which station asks for which competency, what none asks for, and where the marks are."""

from collections.abc import Sequence
from dataclasses import dataclass

from logbooks.osces.stations.document import Document
from school.core.registries import Competency

NO_DOMAIN = "No domain"


@dataclass(frozen=True, slots=True)
class Covered:
    """A competency that items name, and station by station whether one does; no title where no framework has it."""

    code: str
    title: str
    stations: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """How many marks a domain has, station by station."""

    domain: str
    stations: tuple[int, ...]

    @property
    def most(self) -> int:
        """Those of the whole exam."""
        return sum(self.stations)


def covered(
    stations: Sequence[Document], competencies: Sequence[Competency], framework: str
) -> list[Covered]:
    """The competencies that items name: in the order of the frameworks, the chosen one first; unknown codes last."""
    named = [frozenset(station.competencies) for station in stations]
    titles: dict[str, str] = {}
    for one in sorted(competencies, key=lambda one: one.framework != framework):
        titles.setdefault(one.code, one.title)
    asked = frozenset().union(*named)
    unknown = sorted(asked - titles.keys())
    return [
        Covered(code, titles.get(code, ""), tuple(code in codes for codes in named))
        for code in [*(code for code in titles if code in asked), *unknown]
    ]


def gaps(
    stations: Sequence[Document], competencies: Sequence[Competency], framework: str
) -> list[Competency]:
    """The competencies of the chosen framework that no item names."""
    asked = {code for station in stations for code in station.competencies}
    return [one for one in competencies if one.framework == framework and one.code not in asked]


def marks(stations: Sequence[Document]) -> list[Marks]:
    """The marks by domain, in alphabetical order, those without one last."""
    domains = {item.domain for station in stations for item in station.items}
    return [
        Marks(
            domain or NO_DOMAIN,
            tuple(
                sum(item.most for item in station.items if item.domain == domain)
                for station in stations
            ),
        )
        for domain in sorted(domains, key=lambda one: (not one, one.casefold(), one))
    ]
