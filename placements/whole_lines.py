"""The lines of a whole record beside its stages and placements: interruptions, lost days, paper, adjustments, statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from placements import as_known
from placements import interruption_queries as queries
from placements.books import Book
from placements.models import BroughtForward, DayNote, HoursStatement, Interruption, Stage
from placements.statements_queries import settled
from placements.totals import Totals
from school.core import days
from school.core.codes import grouped

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """Something of the record in one line, with the words beside it."""

    title: str
    value: str
    meta: str
    words: str = ""


def interruptions(book: Book, as_of: date, words: Mapping[int, str]) -> list[Line]:
    """The interruptions that stand and have begun, with the reason given first."""
    facts = {one.uuid: one for one in book.all(Interruption)}
    found: list[Line] = []
    for fact in book.standing(Interruption):
        if fact.value["cancelled"] or fact.about_from > as_of:
            continue
        reason, one = "", facts.get(fact.uuid)
        while one is not None:
            reason = words.get(one.pk, reason)
            one = facts.get(one.value["supersedes__entry__uuid"] or "")
        said = queries.in_words(fact.about_from, fact.about_to)
        meta = f"recorded {days.long_date(fact.known_from)}"
        found.append(Line(f"{said[:1].upper()}{said[1:]}", "", meta, reason))
    return found


def lost(book: Book, as_of: date) -> list[Line]:
    """The days that were lost, in their order."""
    return [
        Line(
            days.long_date(one.about_from),
            f"{days.in_hours(one.value['expected_minutes'])} h",
            DayNote.Kind(one.value["kind"]).label,
        )
        for one in sorted(as_known.lost_days(book, as_of), key=lambda one: one.about_from)
        if one.value["kind"] in (*DayNote.ABSENCES, *DayNote.SITE_CANCELLED)
    ]


def paper(
    book: Book,
    as_of: date,
    stages: Mapping[str, Stage],
    names: Names,
    sites: Mapping[str, tuple[str, str]],
    words: Mapping[int, str],
) -> list[Line]:
    """Hours from paper."""
    found = []
    for one in as_known.on_paper(book, as_of):
        where = sites.get(one.value["site__uuid"] or "", ("", ""))[0]
        signed = words.get(one.pk, "")
        meta = [
            queries.in_words(one.about_from, one.over),
            where,
            f"signed by {signed}" if signed else "",
            f"sighted by {names[one.value['sighted_by__uuid']]}",
        ]
        title = str(stages[one.value["stage__uuid"]])
        found.append(
            Line(title, f"{days.in_hours(one.value['minutes'])} h", ", ".join(filter(None, meta)))
        )
    return found


def adjusted(
    book: Book,
    as_of: date,
    stages: Mapping[str, Stage],
    names: Names,
    words: Mapping[int, str],
) -> list[Line]:
    """Hours added or taken away, with both names and the reason."""
    return [
        Line(
            str(stages[one.value["stage__uuid"]]),
            f"{days.in_hours(one.value['minutes'])} h",
            f"proposed by {names.get(one.actor, 'the portal')}, agreed by "
            f"{names[one.value['second_person__uuid']]}, {days.long_date(one.known_from)}",
            words.get(one.pk, ""),
        )
        for one in as_known.adjustments(book, as_of)
    ]


def statements(
    book: Book, as_of: date, stages: Mapping[str, Stage], of_placement: Mapping[str, str]
) -> list[Line]:
    """The statements of hours as they stand, and whether the record has changed since."""
    found = []
    for one in book.standing(HoursStatement):
        if one.about_from > as_of:
            continue
        value: dict[str, Any] = one.value
        counted = (
            value["confirmed_minutes"]
            + value["brought_forward_minutes"]
            + value["adjusted_minutes"]
        )
        stage = value["stage__uuid"]
        said = f"{'Withdrawn' if value['withdrawn'] else 'Issued'} {days.long_date(one.known_from)}"
        if not value["withdrawn"]:
            then = _certified(book.until(value["head_seq"]), stage, of_placement)
            same = then == _certified(book, stage, of_placement)
            said += ", current" if same else ". Not current: the record has changed since"
        found.append(
            Line(
                f"{stages[stage]}, code {grouped(value['code'])}",
                f"{days.in_hours(counted)} h",
                said,
            )
        )
    return found


def _certified(book: Book, stage: str, of_placement: Mapping[str, str]) -> tuple[object, ...]:
    """What a statement certifies of a stage: settled hours by placement and in all, and what counts from paper."""
    here = {key for key, of_stage in of_placement.items() if of_stage == stage}
    # Each placement apart; hours from paper and adjustments have the stage as their key.
    found = as_known.totals(book, date.max, {key: key for key in of_placement})
    sums = {key: settled(one) for key, one in found.items() if key in {*here, stage}}
    paper = [one.uuid for one in book.standing(BroughtForward) if one.value["stage__uuid"] == stage]
    return {key: one for key, one in sums.items() if one != Totals()}, sorted(paper)
