"""Everything of one student for an examination board, as of one day and as it was known on another.

Read from the student's record book in one query, with the names it points at and the words that its
readers may see. Left out are what is confidential (concerns, pregnancy, adjustments to needs, dose
readings) and what the student thinks of a placement.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from placements import as_known, books, meetings, reference, totals, whole_lines
from placements import interruption_queries as interruptions
from placements.as_known import Sent
from placements.books import Book, Entry
from placements.interruption_queries import may_interrupt
from placements.listed_students import state_in_words
from placements.models import (
    Adjustment,
    BroughtForward,
    Enrolment,
    Induction,
    Interruption,
    Meeting,
    MeetingSignature,
    Placement,
    PlacementStep,
    ShiftDecision,
    Stage,
    Supervision,
)
from placements.totals import State, Totals
from placements.turnaround import Turnaround, tally
from school.core import charts, days
from school.core.models import PrivateText
from school.people.middleware import Viewer
from school.people.models import Person, Site
from school.people.queries import identity

Names = Mapping[str, str]


def readable(viewer: Viewer) -> QuerySet[Enrolment]:
    """The enrolments whose whole record the viewer may open: their own, and those they follow or place."""
    if viewer.person is None:
        return Enrolment.objects.none()
    own = Enrolment.objects.filter(person__in=identity(viewer.person))
    return own | Enrolment.objects.filter(may_interrupt(viewer))


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of a week: its Monday, its bar, and what was confirmed and what not yet, in hours."""

    key: str
    words: str
    bar: charts.BandBar
    confirmed: str
    open: str


@dataclass(frozen=True, slots=True)
class StageOf:
    """A stage with its totals, how they stand to its band, how soon its shifts were decided, and its weeks."""

    key: str
    year: int
    level: str
    counted: str
    band: str
    reached: bool
    figures: tuple[tuple[str, str], ...]
    shifts: str
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting with what was written down and who signed it."""

    title: str
    day: date
    by: str
    words: str
    signed: tuple[str, ...]
    missing: str
    # Which of two versions it is, while the new one waits beside the signed one.
    note: str


@dataclass(slots=True)
class Placed:
    """A placement: where and when, what became of it, who supervised, and the meetings."""

    site: str
    trust: str
    stage: str
    span: str
    state: str
    moved_from: str
    starts: date
    steps: list[str] = field(default_factory=list)
    supervised: list[str] = field(default_factory=list)
    induction: str = ""
    met: list[Met] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole record."""

    stages: list[StageOf]
    placements: list[Placed]
    turnaround: Turnaround
    interruptions: list[whole_lines.Line]
    lost: list[whole_lines.Line]
    paper: list[whole_lines.Line]
    adjusted: list[whole_lines.Line]
    statements: list[whole_lines.Line]


def whole(enrolment: Enrolment, as_of: date, known_on: date) -> Whole:
    """The record of an enrolment, in six queries."""
    book = books.read([enrolment.book_id], books.WHOLE, known_on)[enrolment.book_id]
    rows = list(Placement.objects.filter(enrolment=enrolment).select_related("moved_from"))
    stage_of = {str(row.uuid): reference.stage(row.stage_id) for row in rows}
    of_placement = {key: str(stage.uuid) for key, stage in stage_of.items()}
    names, sites = _names(book)
    words = _words(book)
    pairs = as_known.judged(book, as_of)
    starts = [
        (days.start_of_day(sent), days.start_of_day(done) if done else None) for sent, done in pairs
    ]
    version = Stage.objects.filter(version=enrolment.version_id)
    stages = {str(stage.uuid): stage for stage in version}
    return Whole(
        _stages(book, as_of, of_placement, stages),
        _placements(book, as_of, rows, stage_of, names, sites, words),
        tally(starts, known_on),
        whole_lines.interruptions(book, as_of, words),
        whole_lines.lost(book, as_of),
        whole_lines.paper(book, as_of, stages, names, sites, words),
        whole_lines.adjusted(book, as_of, stages, names, words),
        whole_lines.statements(book, as_of, stages, of_placement),
    )


def _names(book: Book) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The persons and the sites that a book points at, by UUID; a site with its organisation."""
    people: set[str] = set()
    sites: set[str] = set()
    for entries in book.entries.values():
        for one in entries:
            people.add(one.actor)
            for path, value in one.value.items():
                if value and path in ("person__uuid", "second_person__uuid", "sighted_by__uuid", "given_by__uuid"):  # fmt: skip
                    people.add(value)
                elif value and path == "site__uuid":
                    sites.add(value)
    named = Person.objects.filter(uuid__in=people).values_list("uuid", "name")
    placed = Site.objects.filter(uuid__in=sites).values_list("uuid", "name", "organisation__name")
    return (
        {str(uuid): name for uuid, name in named},
        {str(uuid): (name, trust) for uuid, name, trust in placed},
    )


# Whose words stand in the whole record.
WORDED = (Meeting, Interruption, PlacementStep, Adjustment, BroughtForward)
SAID = ("record", "reason", "signed_by")


def _words(book: Book) -> dict[int, str]:
    entries = [one.pk for fact in WORDED for one in book.all(fact)]
    rows = PrivateText.objects.filter(entry__in=entries, name__in=SAID)
    return dict(rows.values_list("entry_id", "text"))


# Stages and weeks -------------------------------------------------------------------------------


def _stages(
    book: Book, as_of: date, of_placement: Mapping[str, str], stages: Mapping[str, Stage]
) -> list[StageOf]:
    sums = as_known.totals(book, as_of, of_placement)
    sent: dict[str, list[Sent]] = {}
    for one in as_known.shifts(book, as_of):
        sent.setdefault(of_placement[one.placement], []).append(one)
    shown = [key for key in stages if key in sums or key in of_placement.values()]
    return [
        _stage(key, stages[key], sums.get(key, Totals()), sent.get(key, []))
        for key in sorted(shown, key=lambda key: -stages[key].year)
    ]


def _stage(key: str, stage: Stage, sums: Totals, sent: Sequence[Sent]) -> StageOf:
    low, high = stage.minimum_minutes, stage.maximum_minutes
    band = days.in_hours(low) if high == low else f"{days.in_hours(low)} to {days.in_hours(high)}"
    counts = dict.fromkeys(State, 0)
    for one in sent:
        counts[one.state] += 1
    said = [f"{number} {state}" for state, number in counts.items() if number]
    figures = (
        ("Confirmed", sums.clinical.confirmed),
        ("Brought forward from paper", sums.brought_forward),
        ("Adjusted", sums.adjusted),
        ("Awaiting", sums.clinical.awaiting),
        ("Queried", sums.clinical.queried),
        ("Rejected", sums.clinical.rejected),
        ("Absent", sums.absent),
        ("Cancelled by the site", sums.site_cancelled),
        ("Made up", sums.made_up),
        ("Simulated, apart", sums.simulated_counted),
    )
    return StageOf(
        key,
        stage.year,
        stage.get_level_display(),
        days.in_hours(sums.counted),
        band,
        totals.to_go(sums.counted, low) == 0,
        tuple((label, days.in_hours(minutes)) for label, minutes in figures),
        f"{len(sent)} shift{'' if len(sent) == 1 else 's'}: {', '.join(said)}"
        if sent
        else "No shift",
        tuple(_weeks(sent)),
    )


FULL = 37 * 60 + 30  # the line in every week's bar: the network's notice of a full week


def _weeks(sent: Sequence[Sent]) -> Iterator[Week]:
    for monday, minutes in as_known.by_week(list(sent)).items():
        confirmed = minutes.get(State.CONFIRMED, 0)
        waits = sum(minutes.values()) - confirmed
        words = days.long_date(monday)
        title = f"Week from {words}: {days.in_hours(confirmed)} hours confirmed"
        yield Week(
            f"w{monday.isoformat()}",
            words,
            charts.band_bar(title=title, minutes=confirmed, low=FULL),
            days.in_hours(confirmed),
            days.in_hours(waits) if waits else "",
        )


# Placements -------------------------------------------------------------------------------------


def _placements(
    book: Book,
    as_of: date,
    rows: Sequence[Placement],
    stage_of: Mapping[str, Stage],
    names: Names,
    sites: Mapping[str, tuple[str, str]],
    words: Mapping[int, str],
) -> list[Placed]:
    found: dict[str, Placed] = {}
    before = {str(row.uuid): str(row.moved_from.uuid) for row in rows if row.moved_from}
    for step in book.all(PlacementStep):
        key, value = step.value["placement__uuid"], step.value
        starts, ends = map(date.fromisoformat, (value["starts"], value["ends"]))
        site, trust = sites[value["site__uuid"]]
        one = found.get(key)
        if one is None:
            one = found[key] = Placed(site, trust, str(stage_of[key]), "", "", "", starts)
            if before.get(key) in found:
                one.moved_from = found[before[key]].site
        one.starts = starts
        one.span = f"{days.long_date(starts)} to {days.long_date(ends)}"
        one.state = state_in_words(value["state"], starts, ends, as_of)
        reason = words.get(step.pk, "")
        said = f"{value['state'].capitalize()} {days.long_date(step.known_from)}, {one.span}"
        one.steps.append(f"{said}: {reason}" if reason else said)
    for fact in book.standing(Supervision):
        if fact.about_from <= as_of:
            span = interruptions.in_words(fact.about_from, fact.about_to)
            capacity = Supervision.Capacity(fact.value["capacity"]).label
            said = f"{names[fact.value['person__uuid']]}, {capacity}, {span}"
            found[fact.value["placement__uuid"]].supervised.append(said)
    for fact in book.all(Induction):
        if fact.about_from <= as_of:
            by = names.get(fact.value["given_by__uuid"] or "", "")
            said = f"{days.long_date(fact.about_from)}{f', by {by}' if by else ''}"
            found[fact.value["placement__uuid"]].induction = said
    for fact in book.standing(Meeting):
        signed = book.in_force(fact)
        for version in dict.fromkeys((signed.uuid, fact.uuid)):
            one_of = signed if version == signed.uuid else fact
            if one_of.about_from <= as_of:
                note = ""
                if signed.uuid != fact.uuid:
                    note = "Signed" if one_of is signed else "New words wait for signatures"
                met = _met(one_of, book, names, words, note)
                found[fact.value["placement__uuid"]].met.append(met)
    for one in found.values():
        one.met.sort(key=lambda row: row.day)
    return sorted(found.values(), key=lambda one: one.starts, reverse=True)


def _met(fact: Entry, book: Book, names: Names, words: Mapping[int, str], note: str) -> Met:
    signed = book.signatures(fact)
    kind = Meeting.Kind(fact.value["meeting_kind"])
    missing = meetings.unsigned(kind, [one.value["capacity"] for one in signed])
    return Met(
        kind.label.capitalize(),
        fact.about_from,
        names[fact.value["person__uuid"]],
        words.get(fact.pk, ""),
        tuple(
            f"{names[one.value['person__uuid']]}, "
            f"{MeetingSignature.Capacity(one.value['capacity']).label}, "
            f"{days.long_date(one.known_from)}, proved by "
            f"{ShiftDecision.Proof(one.value['proof']).label}"
            for one in signed
        ),
        " and ".join(side.value for side in missing),
        note,
    )
