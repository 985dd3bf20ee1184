"""What a profile says: one document of plain values, from which its page, its PDF and its ZIP are made. No Django."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from logbooks.cpd.checks import Gap, Period, Reason, Seen, gaps
from logbooks.cpd.findings import Finding, findings
from logbooks.cpd.learning import Learning
from logbooks.cpd.schemes import Kind, Scheme
from logbooks.cpd.wordcount import count

FORMAT = "School of Oncology CPD profile 1"
# What is known only when it is frozen.
FROZEN = "frozen"
# The evidence of one profile at the most, in bytes: a worker holds all of it at once.
MOST_BYTES = 100 * 1024 * 1024

Document = dict[str, Any]


class Listed(NamedTuple):
    """An activity of the period, with whether it has words of its person's own, and evidence.

    `learning` is a value of Learning; `practice` and `benefit` are the words that show a standard, `words` any others.
    """

    pk: int
    uuid: UUID
    title: str
    learning: str
    first: date
    last: date
    minutes: int | None
    words: bool
    practice: bool
    benefit: bool
    evidence: bool

    @property
    def has_words(self) -> bool:
        """Whether anything is written about it."""
        return self.practice or self.benefit or self.words

    @property
    def seen(self) -> Seen:
        """The activity as the checks see it."""
        return Seen(self.first, self.last, self.learning, self.minutes, self.practice, self.benefit)


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that shows an activity; `ending` is how its name ends, `there` whether the file lies where it should."""

    uuid: UUID
    activity: int
    title: str
    sha256: str
    content_type: str
    ending: str
    size: int
    there: bool


@dataclass(frozen=True, slots=True)
class Why:
    """A person's reason for a gap."""

    first: date
    last: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that a profile is made of, as it is at one moment.

    `texts` are by the key of the part; `chosen` are keys of activities, which are the oldest first.
    """

    person: Mapping[str, str]
    scheme: Scheme
    profession: str
    period: Period
    today: date
    texts: Mapping[str, str]
    activities: Sequence[Listed]
    chosen: frozenset[int]
    evidence: Sequence[Piece]
    reasons: Sequence[Why]

    @property
    def seen(self) -> list[Seen]:
        """The activities as the checks see them."""
        return [one.seen for one in self.activities]

    @property
    def given(self) -> list[Reason]:
        """The reasons as the checks see them."""
        return [Reason(one.first, one.last) for one in self.reasons]

    def findings(self) -> list[Finding]:
        """What the checks say of the period."""
        return findings(self.seen, self.given, self.period, self.today, self.scheme)


def content(made_of: Material) -> Document:
    """What a profile of the material says; the same for the same material."""
    scheme = made_of.scheme
    return {
        "format": FORMAT,
        "person": dict(made_of.person),
        "profession": made_of.profession,
        "scheme": {
            "key": scheme.key,
            "from": scheme.first.isoformat(),
            "name": scheme.name,
            "regulator": scheme.regulator,
        },
        "period": {"first": _day(made_of.period[0]), "last": _day(made_of.period[1])},
        "parts": [
            {
                "key": one.key,
                "title": one.title,
                "heading": one.heading,
                "kind": str(one.kind),
                "most_words": one.most_words,
            }
            for one in scheme.parts
        ],
        "texts": {one.key: _text(made_of.texts.get(one.key, "")) for one in scheme.written},
        "activities": [_activity(one, one.pk in made_of.chosen) for one in made_of.activities],
        "gaps": [
            _gap(one, made_of.reasons)
            for one in gaps(made_of.seen, made_of.given, made_of.period, made_of.today, scheme)
        ],
        "evidence": _evidence(made_of),
    }  # fmt: skip


def with_frozen(said: Document, *, code: str, check: str, at: str, until: date) -> Document:
    """The document as it is handed out: its code, where that is checked, when it was frozen, and the last day it knows."""
    return {**said, FROZEN: {"code": code, "check": check, "at": at, "until": _day(until)}}


def is_same(one: Document, other: Document) -> bool:
    """Whether two documents say the same, whenever each was frozen."""
    return _said(one) == _said(other)


def canonical(said: Document) -> bytes:
    """The document as one JSON text, the same bytes for the same content: keys sorted, NFC, no spaces."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def mark(*said: object) -> str:
    """A short mark of some content: another one for other content."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a profile cannot be frozen yet, and the step on which it is put right: "choose" or "write"."""

    step: str
    words: str


def problems(said: Document) -> list[Problem]:
    """Everything that stops a profile from being frozen."""
    found = []
    if not any(one["chosen"] for one in said["activities"]):
        found.append(Problem("choose", "Choose the activities that you describe."))
    for part in said["parts"]:
        if part["kind"] == Kind.WORDS:
            found += _of_words(part, said["texts"][part["key"]])
    size = sum(one["bytes"] for one in said["evidence"])
    if size > MOST_BYTES:
        words = (
            f"The evidence of what you chose has {size // 1024 // 1024} MB, and a profile holds "
            f"{MOST_BYTES // 1024 // 1024} MB. Choose fewer activities, or take a large file back."
        )
        found.append(Problem("choose", words))
    return found


def too_long(words: int, most: int) -> str:
    """ "It has 512 words, 12 more than 500." """
    return f"It has {words:,} words, {words - most:,} more than {most:,}."


def _of_words(part: Document, text: str) -> list[Problem]:
    words, name = count(text), f"“{part['title']}”"
    if not words:
        return [Problem("write", f"Write {name}.")]
    if words > part["most_words"]:
        return [Problem("write", f"Shorten {name}. {too_long(words, part['most_words'])}")]
    return []


def _said(one: Document) -> Document:
    return {key: value for key, value in one.items() if key != FROZEN}


def _day(day: date) -> str:
    return day.isoformat()


def _text(words: str) -> str:
    """The words as they are kept: NFC, one kind of line end, nothing around them."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def _activity(one: Listed, chosen: bool) -> Document:
    return {
        "uuid": str(one.uuid),
        "title": _text(one.title),
        "type": Learning(one.learning).words,
        "from": _day(one.first),
        "to": _day(one.last),
        "minutes": one.minutes,
        "chosen": chosen,
    }


def _gap(gap: Gap, reasons: Iterable[Why]) -> Document:
    own = [one.words for one in reasons if one.first <= gap.last and one.last >= gap.first]
    return {"from": _day(gap.first), "to": _day(gap.last), "reasons": [_text(one) for one in own]}


def _evidence(made_of: Material) -> list[Document]:
    """The evidence of what was chosen, in the order of the activities, each with its place in the ZIP."""
    order = {one.pk: place for place, one in enumerate(made_of.activities)}
    named = {one.pk: str(one.uuid) for one in made_of.activities if one.pk in made_of.chosen}
    own = [one for one in made_of.evidence if one.activity in named]
    own.sort(key=lambda one: (order[one.activity], str(one.uuid)))
    return [
        {
            "uuid": str(one.uuid),
            "activity": named[one.activity],
            "title": _text(one.title),
            "sha256": one.sha256,
            "type": one.content_type,
            "bytes": one.size,
            "file": f"evidence/{number:02}-{_in_a_name(one.title)}.{one.ending}",
            "missing": not one.there,
        }
        for number, one in enumerate(own, start=1)
    ]


def _in_a_name(title: str) -> str:
    """A title as part of a file's name: plain letters and digits, at most 50."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).split()
    return "-".join(words)[:50].strip("-") or "evidence"
