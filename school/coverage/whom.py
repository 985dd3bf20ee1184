"""Whom a requirement is asked of, as words: groups divided by bars, each of conditions that all hold."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from school.core.files import cells
from school.people.models import JobRole, Person, PostTerm, Site
from school.people.queries import merges

# What a condition may speak of, in the order in which it is written.
CONDITIONS = ("role", "staff group", "site", "region", "crew", "person")


@dataclass(slots=True)
class Names:
    """What the conditions may name, by their folded names; four queries."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        roles = list(JobRole.objects.all())
        sites = list(Site.objects.prefetch_related("codes"))
        self.known = {
            "role": {cells.folded(name): row for row in roles for name in (row.code, row.title)},
            "staff group": {cells.folded(row.staff_group): row.staff_group for row in roles},
            "site": {
                cells.folded(name): row
                for row in sites
                for name in (row.name, row.slug, *(code.code for code in row.codes.all()))
            },
            "region": {cells.folded(row.network_region): row.network_region for row in sites},
            "crew": {crew.value: crew.value for crew in PostTerm.Crew},
            "person": {},
        }

    def find(self, sort: str, name: str) -> Any:
        """What a condition names; None when nothing is, or nobody, or two."""
        folded, known = cells.folded(name), self.known[sort]
        if sort == "person" and folded not in known:
            known[folded] = _person(name.strip())
        return known.get(folded)


# The column of the model that holds each condition.
COLUMNS = {
    "role": "job_role",
    "staff group": "staff_group",
    "site": "site",
    "region": "region",
    "crew": "crew",
    "person": "person",
}


def read(text: str, names: Names) -> list[dict[str, Any]]:
    """The groups as columns of Whom; none is everybody in post. Raises ValueError with what cannot be read."""
    groups = []
    for part in filter(None, (one.strip() for one in text.split("|"))):
        group: dict[str, Any] = {}
        for condition in part.split(";"):
            sort, divided, value = condition.partition("=")
            sort = cells.folded(sort)
            if not divided or sort not in COLUMNS:
                listed = ", ".join(f"“{one}=…”" for one in CONDITIONS)
                raise ValueError(f"“{condition.strip()}” is none of {listed}")
            if COLUMNS[sort] in group:
                raise ValueError(f"“{part}” names two of {sort}: divide them by a bar")
            found = names.find(sort, value)
            if found is None:
                raise ValueError(f"no {sort} is known as “{value.strip()}”")
            group[COLUMNS[sort]] = found
        groups.append(group)
    return groups


def written(groups: Iterable[Mapping[str, Any]]) -> str:
    """The groups as words, in one form: of two that ask the same the words are the same."""
    lines = {
        ";".join(
            f"{sort}={_name(group[COLUMNS[sort]])}" for sort in CONDITIONS if COLUMNS[sort] in group
        )
        for group in groups
    }
    return "|".join(sorted(lines))


def _person(name: str) -> Person | None:
    """Whom a staff identifier, an address or the portal's own UUID names; of merged people the one who is kept."""
    told = Q(staff_identifier__iexact=name) | Q(email__iexact=name)
    with suppress(ValueError):
        told |= Q(uuid=UUID(name))
    kept = dict(merges().values_list("merged", "kept"))
    found = {kept.get(key, key) for key in Person.objects.filter(told).values_list("pk", flat=True)}
    return Person.objects.get(pk=found.pop()) if len(found) == 1 else None


def _name(value: Any) -> str:
    if isinstance(value, JobRole):
        return value.code
    if isinstance(value, Person):
        return str(value.uuid)
    return value.slug if isinstance(value, Site) else str(value)
