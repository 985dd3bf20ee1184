"""Where apps tell and ask each other without importing one another: each registry is one protocol."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from school.core.errors import NotYet

# A handler hears of a fact by its UUID, after commit, in the background, at least once.
Handler = Callable[[UUID], None]

_heard: dict[str, list[Handler]] = {}
_panels: dict[str, list[Callable[..., "Sequence[Panel]"]]] = {}
_links: dict[type, Callable[[Any], str | None]] = {}
_desks: dict[type, Callable[[Any], str]] = {}
_clashes: list[Callable[[Collection[int], datetime, datetime], "Sequence[Clash]"]] = []
_priorities: list[Callable[[Any, Sequence[Any]], Mapping[int, int]]] = []
_lessons: list[Callable[[Collection[int]], Mapping[int, "Lessons"]]] = []
_issued: list[Callable[[str], "Issued | None"]] = []
_results: dict[str, "Held"] = {}
_competencies: list[Callable[[], "Sequence[Competency]"]] = []
_done: dict[str, Callable[[Sequence[UUID]], "Sequence[Done]"]] = {}
_noticing: list[Callable[["Sequence[Done]"], None]] = []

# Where somebody stands whom no app gives a priority.
NO_PRIORITY = 100


@dataclass(frozen=True, slots=True)
class Panel:
    """One card on a page: a template and what it shows. Lower `order` comes first."""

    order: int
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clash:
    """Something a person is already due at."""

    start: datetime
    end: datetime
    what: str
    # The primary key of the School's event that it is at, so that no event stands in its own way.
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an online module: what it is called, and the page on which it is read."""

    uuid: UUID
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is read of an online module: its first page, its parts in order, and whether only people with a place read them."""

    address: str
    parts: tuple[Part, ...]
    for_booked: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """What a stranger learns of something that the School issued under a code: nothing but this.

    `digests` are the SHA-256 of its files, `holds` whether it is as good as when it was issued, and
    `title` and `words` say so. Of what the School did not issue itself, `ours` is false: then nothing is
    said of a file either.
    """

    digests: frozenset[str]
    holds: bool
    title: str
    words: str
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """The facts of a kind, each with `supersedes`, that say what came of an exam held here.

    `rows` gives those of an enrolment in a year of the programme that stand, the newest exam first, each annotated with
    `passed`, none where nobody can say, and with its `title`. Both may be references to an outer row of another question.
    `named` gives the year of the programme and the title of each of some facts, by their UUIDs as text; one query.
    """

    fact: type[Any]
    rows: Callable[[Any, Any], Any]
    named: Callable[[Collection[str]], Mapping[str, tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Competency:
    """What students are assessed against: its code in the newest version of a framework, and its words."""

    framework: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a person, by their primary key, did on a day and may want in a record of their own.

    `key` names it, whichever fact tells of it: told again it is the same, told with `holds` false it was
    undone. `kind` is what it was in one word, such as "mentoring"; `minutes` is None where nobody knows.
    """

    person: int
    key: UUID
    kind: str
    title: str
    day: date
    minutes: int | None = None
    holds: bool = True


def hear(kind: str, handler: Handler) -> None:
    """Tell `handler` of every fact of a kind. It must be idempotent by the fact's UUID."""
    _heard.setdefault(kind, []).append(handler)


def heard(kind: str) -> Sequence[Handler]:
    """Who wants to hear of a kind of fact."""
    return _heard.get(kind, [])


def offer_panels(page: str, provider: Callable[..., Sequence[Panel]]) -> None:
    """Offer cards for a page; a provider takes at most two queries a card.

    "home" is what people open the portal for, and fast; "home_later" and "home_learning" are
    asked for once it is shown;
    "person" is somebody's record; "learning" is the viewer's own page of what they learn.
    """
    _panels.setdefault(page, []).append(provider)


def panels(page: str, *args: Any) -> list[Panel]:
    """The cards of a page, in order, for the viewer (and, on "person", the person shown); a page waits for none."""
    found: list[Panel] = []
    for provider in _panels.get(page, []):
        with suppress(NotYet):
            found += provider(*args)
    return sorted(found, key=lambda panel: panel.order)


def offer_link(model: type, link: Callable[[Any], str | None]) -> None:
    """Say where the public page of an object of a model is."""
    _links[model] = link


def link(target: Any) -> str | None:
    """The address of the public page of an object, if somebody keeps one."""
    found = _links.get(type(target))
    return found(target) if found else None


def offer_desk(model: type, desk: Callable[[Any], str]) -> None:
    """Say where the public page of an object of a model is written, or begun."""
    _desks[model] = desk


def desk(target: Any) -> str | None:
    """The address at which the public page of an object is written, if somebody keeps pages of its kind.

    It stands for those who write public pages, and asks nothing of the database.
    """
    found = _desks.get(type(target))
    return found(target) if found else None


def offer_clashes(
    provider: Callable[[Collection[int], datetime, datetime], Sequence[Clash]],
) -> None:
    """Say what a person is due at between two instants; a provider takes the keys of everyone they are known by."""
    _clashes.append(provider)


def clashes(me: Collection[int], start: datetime, end: datetime) -> list[Clash]:
    """Everything that a person, by the keys of everyone they are, is due at between two instants, whoever keeps it."""
    return [clash for provider in _clashes for clash in provider(me, start, end)]


def offer_priorities(provider: Callable[[Any, Sequence[Any]], Mapping[int, int]]) -> None:
    """Say who goes first at an event: a number from 0 (first) by the person's primary key."""
    _priorities.append(provider)


def priorities(event: Any, people: Sequence[Any]) -> dict[int, int]:
    """The declared priority of people for an event, the most urgent that any app gives; who has none is left out."""
    found: dict[int, int] = {}
    for provider in _priorities:
        for key, number in provider(event, people).items():
            found[key] = min(number, found.get(key, NO_PRIORITY))
    return found


def offer_lessons(provider: Callable[[Collection[int]], Mapping[int, Lessons]]) -> None:
    """Say what is published of online modules, by their primary keys; a provider takes two queries."""
    _lessons.append(provider)


def lessons(modules: Collection[int]) -> dict[int, Lessons]:
    """What is read of online modules, by primary key; one that has no public page is left out."""
    found: dict[int, Lessons] = {}
    for provider in _lessons if modules else ():
        found.update(provider(modules))
    return found


def offer_issued(provider: Callable[[str], Issued | None]) -> None:
    """Say what was issued under a code in its plain form, or as a file with a SHA-256 in hexadecimal."""
    _issued.append(provider)


def issued(key: str) -> Issued | None:
    """What was issued under a code or as a file, whoever keeps it; none when nobody knows of it."""
    return next((found for provider in _issued if (found := provider(key))), None)


def offer_results(task: str, held: Held) -> None:
    """Say what shows a task of a stage, by its code, in place of a result from elsewhere."""
    _results[task] = held


def results() -> Mapping[str, Held]:
    """What is held here of tasks of a stage, by their codes."""
    return _results


def offer_competencies(provider: Callable[[], Sequence[Competency]]) -> None:
    """Say what students are assessed against; a provider takes one query."""
    _competencies.append(provider)


def competencies() -> list[Competency]:
    """What students are assessed against, framework by framework, in its order."""
    return [one for provider in _competencies for one in provider()]


def offer_done(kind: str, read: Callable[[Sequence[UUID]], Sequence[Done]]) -> None:
    """Say what people did by facts of a kind, given the UUIDs of some, as it stands now; few queries for hundreds.

    Whoever notices asks: it costs those who write the facts nothing.
    """
    _done[kind] = read


def notice_done(handler: Callable[[Sequence[Done]], None]) -> None:
    """Be told of what people do and no fact says. It must be idempotent by the person and the key."""
    _noticing.append(handler)


def done() -> Mapping[str, Callable[[Sequence[UUID]], Sequence[Done]]]:
    """Who says what people did, by the kind of fact."""
    return _done


def tell_done(told: Sequence[Done]) -> None:
    """Tell whoever notices what people did where no fact says it, in the transaction in which they do it."""
    for handler in _noticing if told else ():
        handler(told)
