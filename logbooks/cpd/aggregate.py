"""Hours and types of learning by site, so that nobody is told on: what is shown of few people stays inside.

Each person stands in one row: their site's or, with posts at more than one, that of people at several. So no
two rows share anybody, and the rows come to the total. A row in which fewer than THRESHOLD people said how long
something was goes together with the other small ones and, while those are still too few, with the next
smallest; when all together are too few, nothing is shown.

A type is shown by site where it rests on THRESHOLD people in every row; else its cells are hidden in every row. One
type is never hidden alone, and what of a row is hidden rests on THRESHOLD people. So a reader who subtracts comes
to sums of several types at several sites, never to a cell. In all, a type with fewer than THRESHOLD people is
hidden, likewise not alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

THRESHOLD = 5
SEVERAL = "People at several sites"
TOGETHER = "Others together"
ALL = "In all"


@dataclass(frozen=True, slots=True)
class Done:
    """An activity without its words: whose, of which type, and how long; none where it is not said."""

    person: int
    learning: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown; the minutes of a type are none where they are hidden."""

    title: str
    people: int
    activities: int
    minutes: int
    by_type: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows by site, and all of them; without a total nothing may be shown."""

    lines: Sequence[Line]
    total: Line | None


def table(
    done: Iterable[Done], sites: Mapping[int, Collection[str]], types: Sequence[str]
) -> Table:
    """What may be shown of what people did, by the sites of their posts; who has no post is left out."""
    rows: dict[str, list[Done]] = defaultdict(list)
    for one in done:
        at = sites.get(one.person, ())
        if at:
            rows[next(iter(at)) if len(at) == 1 else SEVERAL].append(one)
    groups = _together(rows)
    everything = [one for group in groups.values() for one in group]
    if len(_timed(everything)) < THRESHOLD:
        return Table([], None)
    closed = _closed(groups, everything, types)
    lines = [_line(title, groups[title], closed, types) for title in sorted(groups, key=_order)]
    return Table(lines, _line(ALL, everything, _hidden(everything, closed), types))


def _order(title: str) -> tuple[bool, bool, str]:
    return title == TOGETHER, title == SEVERAL, title


def _timed(done: Iterable[Done], types: Collection[str] | None = None) -> frozenset[int]:
    """Who said how long something was, of some types or of any."""
    return frozenset(
        one.person
        for one in done
        if one.minutes is not None and (types is None or one.learning in types)
    )


def _together(rows: Mapping[str, list[Done]]) -> dict[str, list[Done]]:
    """The rows, with those together that rest on too few."""
    number = {title: len(_timed(row)) for title, row in rows.items()}
    order = sorted(rows, key=lambda title: (number[title], title))
    small = [title for title in order if number[title] < THRESHOLD]
    if not small:
        return dict(rows)
    others = order[len(small) :]
    while sum(number[title] for title in small) < THRESHOLD and others:
        small.append(others.pop(0))
    return {title: rows[title] for title in others} | {
        TOGETHER: [one for title in small for one in rows[title]]
    }


def _closed(
    groups: Mapping[str, list[Done]], everything: list[Done], types: Sequence[str]
) -> frozenset[str]:
    """The types that are not shown by site."""
    found = {
        one
        for one in types
        if any(len(_timed(group, {one})) < THRESHOLD for group in groups.values())
    }
    rest = sorted(set(types) - found, key=lambda one: (len(_timed(everything, {one})), one))
    while found and rest and not _covers(groups.values(), found):
        found.add(rest.pop(0))
    return frozenset(found)


def _hidden(everything: list[Done], closed: Collection[str]) -> frozenset[str]:
    """The types that are not shown in all either."""
    number = {one: len(_timed(everything, {one})) for one in closed}
    found = {one for one in closed if number[one] < THRESHOLD}
    rest = sorted(set(closed) - found, key=lambda one: (number[one], one))
    while found and rest and not _covers([everything], found):
        found.add(rest.pop(0))
    return frozenset(found)


def _covers(groups: Iterable[list[Done]], hidden: Collection[str]) -> bool:
    """Whether what is hidden of each group rests on enough people, which one small type alone never does."""
    return all(len(_timed(one, hidden)) >= THRESHOLD for one in groups)


def _line(title: str, done: list[Done], hidden: Collection[str], types: Sequence[str]) -> Line:
    minutes: dict[str, int] = defaultdict(int)
    for one in done:
        minutes[one.learning] += one.minutes or 0
    return Line(
        title,
        len({one.person for one in done}),
        len(done),
        sum(minutes.values()),
        {one: None if one in hidden else minutes[one] for one in types},
    )
