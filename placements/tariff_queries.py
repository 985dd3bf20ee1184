"""Education-tariff weeks from confirmed hours: a line for every placement, and together for every trust."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from placements import policies, tariff
from placements.models import (
    CurrentShift,
    DayType,
    Placement,
    SiteAudit,
    Supervision,
)
from placements.tariff import Case, Rules
from school.core import clock, days
from school.people.middleware import Viewer
from school.people.models import Organisation, Person
from school.people.roles import Permission

State = Placement.State
CERTIFY = Permission.CERTIFY_HOURS


@dataclass(frozen=True, slots=True)
class Line:
    """A placement in a financial year: whose, where, how many confirmed minutes, and why it does not count."""

    organisation: str
    code: str
    site: str
    number: str
    person: int
    year: int
    starts: date
    ends: date
    minutes: int
    reasons: tuple[str, ...]

    @property
    def counts(self) -> bool:
        return not self.reasons


@dataclass(slots=True)
class Trust:
    """An organisation with its lines: minutes are added up whole, and only then made weeks."""

    name: str
    code: str
    week: int
    lines: list[Line] = field(default_factory=list)

    @property
    def counted(self) -> list[Line]:
        return [line for line in self.lines if line.counts]

    @property
    def left(self) -> list[Line]:
        """The lines that do not count."""
        return [line for line in self.lines if not line.counts]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.counted)

    @property
    def left_minutes(self) -> int:
        return sum(line.minutes for line in self.left)

    @property
    def weeks(self) -> Decimal:
        return tariff.weeks(self.minutes, self.week)

    @property
    def why(self) -> dict[str, int]:
        """How many placements each reason keeps from counting."""
        found: dict[str, int] = {}
        for line in self.left:
            for reason in line.reasons:
                found[reason] = found.get(reason, 0) + 1
        return found


_COLUMNS = (
    "pk", "state", "starts", "ends", "never_began", "moved_from", "stage__year", "site", "site__name",
    "site__organisation__name", "site__organisation__code", "site__organisation__kind",
    "enrolment__student_number", "enrolment__person",
)  # fmt: skip


def lines(viewer: Viewer, year: int, rules: Rules) -> list[Line]:
    """A line for every placement in a financial year of those whose hours the viewer certifies, in five queries.

    Hours are clinical, confirmed here, and counted on the day their shift began. A placement is listed
    when its days touch the year or hours of the year were confirmed.
    """
    first, last = tariff.days_of(year, rules.year_from)
    theirs = policies.enrolments_with(viewer, CERTIFY)
    shifts = CurrentShift.objects.filter(
        enrolment__in=theirs,
        state=CurrentShift.State.CONFIRMED,
        day_type__stage_part=DayType.Part.CLINICAL,
        start__gte=days.start_of_day(first),
        start__lt=days.end_of_day(last),
    ).order_by()
    worked = dict(shifts.values_list("placement").annotate(minutes=Sum("minutes")))
    # Neither one that nobody has confirmed nor one that is still to come has anything to report.
    ahead = Q(state=State.PLANNED) | Q(state=State.CONFIRMED, starts__gt=clock.today())
    touching = Q(starts__lte=last, ends__gte=first) | Q(pk__in=shifts.values("placement"))
    wanted = Placement.objects.filter(~ahead, touching, enrolment__in=theirs)
    rows = list(wanted.values(*_COLUMNS).order_by("site__organisation__name", "starts", "pk"))
    keys = wanted.order_by().values("pk")
    moved = Q(moved_from__isnull=False) | Q(moved_to__isnull=False)
    chains = _chains(rows, Placement.objects.filter(moved, enrolment__in=theirs))
    audits = _audits()
    supervised = set(
        Supervision.objects.standing()
        .filter(placement__in=keys)
        .values_list("placement", flat=True)
    )
    return [
        Line(
            row["site__organisation__name"],
            row["site__organisation__code"],
            row["site__name"],
            row["enrolment__student_number"],
            row["enrolment__person"],
            row["stage__year"],
            row["starts"],
            row["ends"],
            worked.get(row["pk"], 0),
            tariff.reasons(
                Case(
                    first=chains[row["pk"]][0],
                    last=chains[row["pk"]][1],
                    trust=row["site__organisation__kind"] == Organisation.Kind.TRUST,
                    audited=any(
                        start <= row["starts"] and (end is None or row["starts"] <= end)
                        for start, end in audits.get(row["site"], ())
                    ),
                    supported=row["pk"] in supervised,
                    never_began=row["never_began"],
                ),
                rules,
            ),
        )
        for row in rows
    ]


def _chains(
    rows: Sequence[Mapping[str, Any]], moved: QuerySet[Placement]
) -> dict[int, tuple[date, date]]:
    """The first and last day of each placement with everything it was moved from and to that ever began."""
    columns = ("pk", "moved_from", "starts", "ends", "never_began")
    linked = {row["pk"]: row for row in moved.order_by().values(*columns)}
    after: dict[int, list[int]] = {}
    for pk, row in linked.items():
        after.setdefault(row["moved_from"], []).append(pk)
    found = {}
    for row in rows:
        first, last = row["starts"], row["ends"]
        before, later = row["moved_from"], list(after.get(row["pk"], ()))
        while before in linked:
            link = linked[before]
            first = first if link["never_began"] else min(first, link["starts"])
            before = link["moved_from"]
        while later:
            link = linked[later.pop()]
            last = last if link["never_began"] else max(last, link["ends"])
            later += after.get(link["pk"], ())
        found[row["pk"]] = (first, last)
    return found


def _audits() -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = {}
    columns = ("site", "entry__about_from", "entry__about_to")
    for site, first, last in SiteAudit.objects.order_by().values_list(*columns):
        found.setdefault(site, []).append((first, last))
    return found


def trusts(found: Sequence[Line], rules: Rules) -> list[Trust]:
    """The lines by organisation, in the order of their names."""
    rows: dict[str, Trust] = {}
    for line in found:
        trust = rows.setdefault(line.organisation, Trust(line.organisation, line.code, rules.week))
        trust.lines.append(line)
    return sorted(rows.values(), key=lambda trust: trust.name)


def people(found: Sequence[Line]) -> list[Person]:
    """Whom a file of lines is about, by key alone: what the access log needs."""
    return list(Person.objects.filter(pk__in={line.person for line in found}).only("pk"))


TRUSTS = (
    "Organisation", "Code", "Financial year", "Placements counted", "Hours counted", "Weeks",
    "Placements not counted", "Hours not counted", "Why not",
)  # fmt: skip
PLACEMENTS = (
    "Organisation", "Code", "Financial year", "Site", "Student number", "Year of study", "First day",
    "Last day", "Confirmed hours in the year", "Weeks", "Counts", "Why not",
)  # fmt: skip


def year_in_words(year: int) -> str:
    """ "2026 to 2027"."""
    return f"{year} to {year + 1}"


def trust_cells(found: Sequence[Trust], year: int) -> Iterator[Sequence[Any]]:
    """A row for every organisation."""
    for trust in found:
        why = "; ".join(f"{reason}: {number}" for reason, number in trust.why.items())
        yield (
            trust.name, trust.code, year_in_words(year), len(trust.counted),
            round(trust.minutes / 60, 2), trust.weeks, len(trust.left),
            round(trust.left_minutes / 60, 2), why,
        )  # fmt: skip


def placement_cells(found: Sequence[Line], year: int, rules: Rules) -> Iterator[Sequence[Any]]:
    """A row for every placement, without a name."""
    for line in found:
        yield (
            line.organisation, line.code, year_in_words(year), line.site, line.number, line.year,
            line.starts, line.ends, round(line.minutes / 60, 2),
            tariff.weeks(line.minutes, rules.week) if line.counts else Decimal("0.00"),
            "yes" if line.counts else "no", "; ".join(line.reasons),
        )  # fmt: skip
