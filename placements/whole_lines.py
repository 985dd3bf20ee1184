"""The lines of a whole record beside its stages and placements: interruptions, lost days, paper, adjustments, statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from placements import as_known
from placements import interruption_queries as queries
from placements.books import Book
from placements.models import DayNote, HoursStatement, Interruption, Stage
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


def statements(book: Book, as_of: date, stages: Mapping[str, Stage]) -> list[Line]:
    """The statements of hours as they stand."""
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
        said = "Withdrawn" if value["withdrawn"] else "Issued"
        found.append(
            Line(
                f"{stages[value['stage__uuid']]}, code {grouped(value['code'])}",
                f"{days.in_hours(counted)} h",
                f"{said} {days.long_date(one.known_from)}",
            )
        )
    return found
