"""Two profiles compared: activities, evidence, and the words one by one. No Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from logbooks.cpd.profile.document import Document
from logbooks.cpd.schemes import Kind

# A word with the white space after it.
_WORD = re.compile(r"\S+\s*|\s+")


class Change(StrEnum):
    """What became of a run of words."""

    SAME = "same"
    ADDED = "added"
    TAKEN_OUT = "taken out"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand in both texts, or in one of them."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What one list has that the other has not, and what both have with other details."""

    added: list[Document]
    gone: list[Document]
    other: list[Document]

    @property
    def is_none(self) -> bool:
        """Whether the lists are the same."""
        return not (self.added or self.gone or self.other)


@dataclass(frozen=True, slots=True)
class Worded:
    """A part of words under its heading, as one text of both."""

    heading: str
    runs: list[Run]

    @property
    def is_changed(self) -> bool:
        """Whether anything was added or taken out."""
        return any(run.change is not Change.SAME for run in self.runs)


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs from one profile to the next; `texts` are by the key of the part, under the later heading."""

    activities: Changed
    chosen: Changed
    evidence: Changed
    texts: dict[str, Worded]


def compared(before: Document, after: Document) -> Compared:
    """What differs from one document to another."""
    return Compared(
        activities=_changed(_plain(before), _plain(after)),
        chosen=_changed(_plain(before, chosen=True), _plain(after, chosen=True)),
        evidence=_changed(_pieces(before), _pieces(after)),
        texts=_texts(before, after),
    )


def _texts(before: Document, after: Document) -> dict[str, Worded]:
    """The parts of words of either document; one that the other does not have is compared with nothing."""
    parts = [one for one in (*after["parts"], *before["parts"]) if one["kind"] == Kind.WORDS]
    headings: dict[str, str] = {}
    for one in parts:
        headings.setdefault(one["key"], one["heading"])
    old, new = before["texts"], after["texts"]
    return {
        key: Worded(heading, runs(old.get(key, ""), new.get(key, "")))
        for key, heading in headings.items()
    }


def runs(before: str, after: str) -> list[Run]:
    """Both texts as one: what stayed, what was taken out and what was added, by whole words."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, _bare(old), _bare(new), autojunk=False)
    found = list(_runs(matcher, old, new))
    # The last word of one text may stand before others here.
    apart = [
        replace(run, text=f"{run.text} ") if not run.text[-1].isspace() else run
        for run in found[:-1]
    ]
    return [*apart, *found[-1:]]


def _runs(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Run]:
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        gone, come = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if kind == "equal":
            yield Run(Change.SAME, come)
            continue
        if gone:
            yield Run(Change.TAKEN_OUT, gone)
        if come:
            yield Run(Change.ADDED, come)


def _bare(words: list[str]) -> list[str]:
    return [word.strip() for word in words]


def _plain(said: Document, *, chosen: bool = False) -> list[dict[str, Any]]:
    """The activities without whether they were chosen; only those that were, when asked."""
    return [
        {key: value for key, value in one.items() if key != "chosen"}
        for one in said["activities"]
        if one["chosen"] or not chosen
    ]


def _pieces(said: Document) -> list[dict[str, Any]]:
    """The evidence without its place in the ZIP, which another piece moves."""
    return [{key: value for key, value in one.items() if key != "file"} for one in said["evidence"]]


def _changed(before: list[Document], after: list[Document]) -> Changed:
    old = {one["uuid"]: one for one in before}
    new = {one["uuid"]: one for one in after}
    return Changed(
        added=[one for key, one in new.items() if key not in old],
        gone=[one for key, one in old.items() if key not in new],
        other=[one for key, one in new.items() if key in old and old[key] != one],
    )
