"""What is required on a day, and what the things are called that figures are grouped by."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from school.core.compiled import compiled
from school.coverage.models import RequirementVersion
from school.people.models import JobRole, Organisation, ScannerTerm, Site


def versions(as_of: date, known_on: date) -> dict[int, RequirementVersion]:
    """The version in force of each requirement, by the requirement's key, in the order of their names; one query."""
    rows = _begun(as_of=as_of, known_on=known_on)
    # The last to begin is in force, and where it has ended nothing is asked.
    newest = {row.requirement_id: row for row in rows}
    return {
        key: row
        for key, row in newest.items()
        if row.entry.about_to is None or row.entry.about_to >= as_of
    }


@compiled
def _begun(as_of: Any, known_on: Any) -> QuerySet[RequirementVersion, RequirementVersion]:
    return (
        RequirementVersion.objects.standing(known_on)
        .filter(entry__about_from__lte=as_of)
        .select_related("entry", "requirement")
        .order_by("requirement__name", "requirement", "entry__about_from", "pk")
    )


def mobile_sites(as_of: date, known_on: date) -> set[int]:
    """The keys of the sites whose scanner comes on a trailer; one query."""
    return set(_on_trailers(as_of=as_of, known_on=known_on))


@compiled
def _on_trailers(as_of: Any, known_on: Any) -> QuerySet[ScannerTerm, int]:
    return (
        ScannerTerm.objects.standing(known_on)
        .filter(
            Q(entry__about_to=None) | Q(entry__about_to__gte=as_of),
            entry__about_from__lte=as_of,
            scanner_kind=ScannerTerm.Kind.MOBILE,
        )
        .values_list("site", flat=True)
    )


def names(by: str) -> dict[Any, str]:
    """What the groups are called that are rows of their own; a region, staff group or crew says so by itself."""
    rows: dict[str, QuerySet[Any, tuple[int, str]]] = {
        "site": Site.objects.values_list("pk", "name"),
        "job_role": JobRole.objects.values_list("pk", "title"),
        "organisation": Organisation.objects.values_list("pk", "name"),
    }
    return dict(rows[by]) if by in rows else {}


def short_names(named: Iterable[str]) -> list[str]:
    """A few letters for each of several names, all different: "Infection prevention and control" is IPC."""
    found: list[str] = []
    for name in named:
        words = [word for word in name.replace(",", " ").split() if word.lower() not in SMALL]
        short = "".join(word[0] for word in words).upper() if len(words) > 1 else name[:5]
        found.append(_other_than(found, short[:4]))
    return found


SMALL = frozenset({"and", "of", "the", "in", "for", "with", "a", "to"})


def _other_than(taken: Collection[str], short: str) -> str:
    number = 2
    while short in taken:
        short = f"{short.rstrip('23456789')[:4]}{number}"
        number += 1
    return short
