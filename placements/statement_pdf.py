"""A statement of hours as a sealed PDF: every word of it, its square and its seal; and where the file is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from placements.models import (
    BroughtForward,
    Enrolment,
    HoursStatement,
    Placement,
    Stage,
    Supervision,
)
from placements.statements_queries import Figures, Head, entries_of
from placements.totals import BandState, Totals, band_state, to_go
from school.core import days, documents
from school.people.models import Person, Site

# How a placement stands that is held or was.
HELD = (Placement.State.CONFIRMED, Placement.State.COMPLETED)


@dataclass(frozen=True, slots=True)
class About:
    """All that goes onto a statement beside the figures."""

    enrolment: Enrolment
    stage: Stage
    head: Head
    code: str
    made_at: datetime
    by: Person


def pages(about: About, figures: Figures) -> bytes:
    """The statement as a PDF, not sealed yet."""
    # Loaded by whoever prints: it would cost every process half a second and 30 MB.
    from school.core import printing

    return printing.print_pdf("statement.html", words(about, figures))


# Words ------------------------------------------------------------------------------------------


def words(about: About, figures: Figures) -> dict[str, Any]:
    """Every word and figure of the page, ready to be printed."""
    enrolment, stage, total = about.enrolment, about.stage, figures.total
    entries = entries_of(enrolment.book, about.head)
    made = f"{days.long_date(days.london_day(about.made_at))} at {days.clock_time(about.made_at)}"
    return {
        "student": enrolment.person.name,
        "number": enrolment.student_number,
        "university": enrolment.university.name,
        "programme": f"{enrolment.cohort.programme.name}, version {stage.version.number}",
        "year": stage.year,
        "level": stage.get_level_display(),
        "counted": days.in_words(total.counted),
        "band": band(stage),
        "against_band": against_band(total.counted, stage),
        "parts": parts(total),
        "apart": apart(total),
        "places": places(about, figures),
        "paper": paper(figures),
        "waiting": days.in_words(figures.waiting) if figures.waiting else "",
        "confirmed_by": confirmed_by(figures),
        "issuer": about.by.name,
        "made": made,
        "issued": days.long_date(days.london_day(about.made_at)),
        **documents.check(about.code),
        "head": about.head,
        "entries": f"{entries} entry" if entries == 1 else f"{entries} entries",
    }


def band(stage: Stage) -> str:
    """What the year asks for: "8 to 16 hours", "36 hours"."""
    low, high = stage.minimum_minutes, stage.maximum_minutes
    if high > low:
        return f"{days.in_hours(low)} to {days.in_words(high)}"
    return days.in_words(low)


def against_band(counted: int, stage: Stage) -> str:
    """Where the hours stand against what the year asks for, as a sentence."""
    asks = f"The year asks for {band(stage)}"
    match band_state(counted, stage.minimum_minutes, stage.maximum_minutes):
        case BandState.BELOW:
            return (
                f"{asks}: {days.in_words(to_go(counted, stage.minimum_minutes))} are still to go."
            )
        case BandState.OVER if stage.maximum_minutes > stage.minimum_minutes:
            return f"{asks}: reached, and more was worked."
        case _:
            return f"{asks}: reached."


def parts(total: Totals) -> list[tuple[str, str]]:
    """The parts that count, and their sum as the last."""
    return [
        ("Confirmed by a practice educator", days.in_hours(total.clinical.confirmed)),
        ("Brought forward from paper", days.in_hours(total.brought_forward)),
        ("Adjusted by two people", days.in_hours(total.adjusted)),
        ("Counted", days.in_hours(total.counted)),
    ]


def apart(total: Totals) -> list[tuple[str, str]]:
    """What is stated beside them and adds nothing."""
    return [
        ("Made up, within the confirmed hours", days.in_hours(total.made_up)),
        ("Absent", days.in_hours(total.absent)),
        ("Cancelled by the site", days.in_hours(total.site_cancelled)),
        ("Simulated practice, kept apart", days.in_hours(total.simulated_counted)),
    ]


def places(about: About, figures: Figures) -> list[dict[str, Any]]:
    """A row for each placement and site with its dates and practice educators.

    A placement without hours or day notes stands among them once it has begun, unless it was only
    planned or was withdrawn.
    """
    found, today = dict(figures.places), days.london_day(about.made_at)
    keys = {placement for placement, _ in found}
    own = Placement.objects.filter(enrolment=about.enrolment, stage=about.stage)
    rows = {
        row.pk: row
        for row in own.select_related("site")
        if row.pk in keys or (row.state in HELD and row.starts <= today)
    }
    for row in rows.values():
        if row.pk not in keys:
            found[(row.pk, row.site_id)] = Totals()
    sites = Site.objects.in_bulk({site for _, site in found})
    educators: dict[int, list[str]] = {}
    standing = Supervision.objects.standing().filter(
        placement__in=rows, capacity=Supervision.Capacity.PRACTICE_EDUCATOR
    )
    for placement, name in standing.order_by("entry__about_from", "pk").values_list(
        "placement", "person__name"
    ):
        if name not in educators.setdefault(placement, []):
            educators[placement].append(name)
    ordered = sorted(found, key=lambda key: (rows[key[0]].starts, key))
    return [
        {
            "site": sites[site].name,
            "dates": dates(rows[placement].starts, rows[placement].ends),
            "educators": in_a_row(educators.get(placement, [])) or "None named",
            "hours": [
                days.in_hours(minutes)
                for minutes in (
                    found[(placement, site)].clinical.confirmed,
                    found[(placement, site)].made_up,
                    found[(placement, site)].absent,
                    found[(placement, site)].site_cancelled,
                    found[(placement, site)].simulated.confirmed,
                )
            ],
        }
        for placement, site in ordered
    ]


def paper(figures: Figures) -> list[dict[str, str]]:
    """A row for each line of hours that stands on paper."""
    facts = BroughtForward.objects.filter(pk__in=figures.paper).select_related("site", "sighted_by")
    return [
        {
            "site": fact.site.name if fact.site else "Site not named",
            "dates": dates(fact.entry.about_from, fact.entry.about_to or fact.entry.about_from),
            "sighted_by": fact.sighted_by.name,
            "part": fact.get_part_display(),
            "hours": days.in_hours(fact.minutes),
        }
        for fact in facts.order_by("entry__about_from", "pk")
    ]


def dates(first: date, last: date) -> str:
    """ "4 to 5 March 2024", "6 October to 11 December 2025", or the one day."""
    begins, ends = days.long_date(first), days.long_date(last)
    if first == last:
        return ends
    if first.year == last.year:
        begins = begins.removesuffix(f" {first.year}")
        if first.month == last.month:
            begins = str(first.day)
    return f"{begins} to {ends}"


def confirmed_by(figures: Figures) -> str:
    """Who confirmed how many shifts, as a sentence."""
    number = sum(count for _, count in figures.confirmers)
    if not number:
        return "No shift of the year is confirmed."
    names = Person.objects.filter(pk__in=[person for person, _ in figures.confirmers])
    who = in_a_row(list(names.order_by("name").values_list("name", flat=True)))
    shifts = "1 shift" if number == 1 else f"{number} shifts, each decided on its own"
    return f"{who}. {shifts}."


def in_a_row(names: list[str]) -> str:
    """ "Ann, Bo and Cy"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# Files ------------------------------------------------------------------------------------------


FOLDER = "statements"


def path_of(statement: UUID) -> Path:
    """Where the file of a statement lies."""
    return documents.path_of(FOLDER, f"{statement}.pdf")


def keep(statement: UUID, pdf: bytes) -> None:
    """Keeps the file of a statement."""
    documents.keep(FOLDER, f"{statement}.pdf", pdf)


def kept(statement: HoursStatement) -> bytes | None:
    """The file of a statement; none when it is gone or is not what was issued."""
    return documents.kept(FOLDER, f"{statement.uuid}.pdf", statement.digest)
