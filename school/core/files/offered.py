"""Kinds of file that apps offer to the pages and the documentation of imports, without being imported by them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from school.core.files.fates import Report
from school.core.files.importing import Kind


def _nothing(_report: Report) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind of file with who may import it.

    `hats` gives those of a viewer's roles that allow it, and `refusal` says so to everybody else.
    `command` and its example stand in the documentation. `settle` is the address of a page on which rows
    that wait can be settled, empty when there is nothing to settle.
    """

    kind: Kind
    hats: Callable[[Any], list[Any]]
    refusal: str
    command: str = ""
    settle: Callable[[Report], str] = _nothing


_always: list[Offered] = []
_providers: list[Callable[[], Sequence[Offered]]] = []
_sections: list[Callable[[], str]] = []


def offer_kind(one: Offered) -> None:
    """Offer a kind of file that is always there, and documented."""
    _always.append(one)


def offer_kinds(provider: Callable[[], Sequence[Offered]]) -> None:
    """Offer kinds that come and go with the data: the provider is asked each time."""
    _providers.append(provider)


def offer_section(section: Callable[[], str]) -> None:
    """Offer a section of Markdown on files of an app's own, which are no rows of people, to the documentation."""
    _sections.append(section)


def sections() -> list[str]:
    """The sections of files that are no rows of people."""
    return [section() for section in _sections]


def documented() -> list[Offered]:
    """The kinds that are always there."""
    return list(_always)


def offered() -> list[Offered]:
    """Every kind that is offered now."""
    return [*_always, *(one for provider in _providers for one in provider())]
