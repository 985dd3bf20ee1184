"""A record that somebody brings, held against what is here: what is new, the same, other, or refused, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from logbooks.cpd.actions.activities import Entered, rule_entered
from logbooks.cpd.actions.measuring import rule_registration
from logbooks.cpd.leaving import gathered
from logbooks.cpd.leaving.paper import period
from logbooks.cpd.leaving.record import (
    ActivityPart,
    DraftPart,
    GapPart,
    MappingPart,
    Part,
    ProfilePart,
    Record,
    RegistrationPart,
)
from logbooks.cpd.models import (
    Activity,
    Evidence,
    GapReason,
    ImportedFile,
    Profile,
    ProfileDraft,
)
from school.core import clock
from school.core.errors import DomainError
from school.core.free_text import rule_no_nhs_number
from school.core.models import LedgerEntry

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=Part)

# What has a reference.
Named = ActivityPart | GapPart | DraftPart | ProfilePart | MappingPart

# More keys in one query than this, and SQLite as some systems build it refuses.
_AT_ONCE = 10_000
IN_USE = "Its reference is in use here already."


class Fate(StrEnum):
    """What becomes of a part of the record."""

    NEW = "new"
    SAME = "here already"
    DIFFERS = "left as it is here"
    REFUSED = "refused"


KINDS: Mapping[type[Part], str] = {
    ActivityPart: "Activities",
    GapPart: "Reasons of gaps",
    DraftPart: "Profiles being written",
    ProfilePart: "Frozen profiles",
    MappingPart: "Ways of reading files",
    RegistrationPart: "Your registration",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One part with its fate; `why` is a sentence where it does not come in."""

    part: Part
    title: str
    fate: Fate
    why: str = ""


@dataclass(slots=True)
class Comparison:
    """Every part of a record with its fate."""

    lines: list[Line] = field(default_factory=list)

    def new(self, kind: type[P]) -> list[P]:
        """The parts of a kind that come in."""
        return [
            one.part for one in self.lines if one.fate is Fate.NEW and isinstance(one.part, kind)
        ]

    @property
    def comes_in(self) -> int:
        """How many parts come in."""
        return sum(one.fate is Fate.NEW for one in self.lines)

    def counts(self) -> list[tuple[str, list[int]]]:
        """How many parts of each kind have each fate, for the kinds that there are."""
        counted = Counter((KINDS[type(one.part)], one.fate) for one in self.lines)
        rows = [(name, [counted[name, fate] for fate in Fate]) for name in KINDS.values()]
        return [(name, numbers) for name, numbers in rows if any(numbers)]

    def told(self) -> list[Line]:
        """The parts that stay out, the refused ones first."""
        out = [one for one in self.lines if one.why]
        return sorted(out, key=lambda one: one.fate is not Fate.REFUSED)


def compared(found: Record, me: Collection[int], faults: Mapping[str, str]) -> Comparison:
    """A record held against what is here; `me` are the keys of everyone that its bringer is.

    `faults` are sentences about its files and words, by the UUID of what they belong to (`said_against`,
    `unpacked`): what takes long to find is found once, in the background.
    """
    made = Comparison()
    made.lines += _activities(found.activities, me, faults)
    made.lines += _gaps(found.gaps, me, faults)
    made.lines += _drafts(found.drafts, me, faults)
    made.lines += _profiles(found.profiles, me, faults)
    made.lines += _mappings(found.mappings, me, faults)
    if found.registration is not None:
        made.lines.append(_registration(found.registration, me))
    return made


def said_against(found: Record) -> dict[str, str]:
    """What speaks against the words and days of a record, whatever is here: a sentence by the UUID of what it is about."""
    said: dict[str, str] = {}
    parts: list[Named] = [*found.activities, *found.gaps, *found.drafts]
    parts += [*found.profiles, *found.mappings]
    for part in parts:
        try:
            _rule_possible(part)
        except DomainError as error:
            said[str(part.uuid)] = error.message
    return said


def _rule_possible(part: Named) -> None:
    """A part could have been written here."""
    words: Iterable[str] = ()
    match part:
        case ActivityPart():
            entered = {name: getattr(part, name) for name in Entered.__dataclass_fields__}
            rule_entered(Entered(**entered))
            beside = part.evidence
            rule_been(part.recorded_at, part.taken_back_at, *(one.taken_back_at for one in beside))
            words = [one.title for one in beside]
        case GapPart():
            rule_in_order(part.first, part.last)
            words = [part.words]
        case DraftPart():
            rule_in_order(part.first, part.last)
            words = list(part.texts.values())
        case ProfilePart():
            rule_in_order(part.first, part.last)
        case MappingPart():
            words = [part.name, *part.headings, *part.columns.values(), *part.types]
    for text in words:
        rule_no_nhs_number(text, field="words")


def _line(part: Part, title: str, held: tuple[bool, Part | None] | None, why: str) -> Line:
    """`held` is what is here under the UUID, and whether it is one's own; `why` says what speaks against a new one."""
    if held is not None and not held[0]:
        return Line(part, title, Fate.REFUSED, IN_USE)
    if held is not None and held[1] == part:
        return Line(part, title, Fate.SAME)
    if held is not None:
        return Line(part, title, Fate.DIFFERS, "It is here already with other words or files.")
    return Line(part, title, Fate.REFUSED if why else Fate.NEW, why)


def _activities(
    parts: list[ActivityPart], me: Collection[int], faults: Mapping[str, str]
) -> Iterator[Line]:
    rows = Activity.objects.prefetch_related("evidence")
    held = {
        one.uuid: (one.person_id in me, gathered.activity_part(one))
        for one in _by_uuid(rows, (part.uuid for part in parts))
    }
    keys = (evidence.uuid for part in parts for evidence in part.evidence)
    beside = {one.uuid for one in _by_uuid(Evidence.objects.all(), keys)}
    for part in parts:
        bare = part.model_copy(
            update={
                "evidence": [
                    one.model_copy(update={"file": None})
                    for one in sorted(part.evidence, key=lambda one: str(one.uuid))
                ]
            }
        )
        why = ""
        if part.uuid not in held:
            why = _against(part, beside, faults)
        line = _line(bare, part.title, held.get(part.uuid), why)
        yield Line(part, line.title, line.fate, line.why)


def _against(part: ActivityPart, beside: set[UUID], faults: Mapping[str, str]) -> str:
    """What speaks against an activity that is not here yet."""
    if any(one.uuid in beside for one in part.evidence):
        return "The reference of its evidence is in use here already."
    if str(part.uuid) in faults:
        return faults[str(part.uuid)]
    found = next((faults[str(e.uuid)] for e in part.evidence if str(e.uuid) in faults), "")
    return f"Its evidence cannot be kept. {found}" if found else ""


def _gaps(parts: list[GapPart], me: Collection[int], faults: Mapping[str, str]) -> Iterator[Line]:
    held = {
        one.uuid: (one.person_id in me, gathered.gap_part(one))
        for one in _by_uuid(GapReason.objects.all(), (part.uuid for part in parts))
    }
    for part in parts:
        why = faults.get(str(part.uuid), "")
        yield _line(part, f"Gap, {period(part.first, part.last)}", held.get(part.uuid), why)


def _drafts(
    parts: list[DraftPart], me: Collection[int], faults: Mapping[str, str]
) -> Iterator[Line]:
    rows = ProfileDraft.objects.prefetch_related("chosen")
    keys = [part.uuid for part in parts]
    found = list(rows.filter(Q(uuid__in=keys) | Q(person__in=me))) if parts else []
    held = {one.uuid: (one.person_id in me, gathered.draft_part(one)) for one in found}
    begun = {one.first for one in found if one.person_id in me}
    for part in parts:
        title = f"Profile being written, {period(part.first, part.last)}"
        if part.uuid not in held and part.first in begun:
            why = "A profile of this period is being written here."
            yield Line(part, title, Fate.DIFFERS, why)
            continue
        bare = part.model_copy(update={"chosen": sorted(part.chosen, key=str)})
        why = faults.get(str(part.uuid), "")
        yield _line(bare, title, held.get(part.uuid), why)
        begun.add(part.first)


def _profiles(
    parts: list[ProfilePart], me: Collection[int], faults: Mapping[str, str]
) -> Iterator[Line]:
    keys, codes = [part.uuid for part in parts], [part.code for part in parts]
    found = list(Profile.objects.filter(Q(entry__uuid__in=keys) | Q(code__in=codes)))
    held = {one.uuid: (one.person_id in me, gathered.profile_part(one)) for one in found}
    taken = {one.code for one in found}
    used = set(LedgerEntry.objects.filter(uuid__in=keys).values_list("uuid", flat=True))
    for part in parts:
        why = faults.get(str(part.uuid), "")
        if part.uuid in used or part.code in taken:
            why = IN_USE
        elif part.recorded_on > clock.today():
            why = "It says that it was frozen on a day to come."
        bare = part.model_copy(update={"files": []})
        line = _line(bare, f"Frozen profile {part.code}", held.get(part.uuid), why)
        yield Line(part, line.title, line.fate, line.why)


def _mappings(
    parts: list[MappingPart], me: Collection[int], faults: Mapping[str, str]
) -> Iterator[Line]:
    held = {
        one.uuid: (one.person_id in me, gathered.mapping_part(one) if one.written_at else None)
        for one in ImportedFile.objects.filter(uuid__in=[part.uuid for part in parts])
    }
    for part in parts:
        why = faults.get(str(part.uuid), "")
        yield _line(part, f"How “{part.name}” was read", held.get(part.uuid), why)


def _registration(part: RegistrationPart, me: Collection[int]) -> Line:
    here = gathered.registration_of(me)
    try:
        rule_registration(part.profession, part.registered_on)
        why = ""
    except DomainError as error:
        why = error.message
    return _line(part, "Your registration", None if here is None else (True, here), why)


def _by_uuid(rows: QuerySet[M], keys: Iterable[UUID]) -> Iterator[M]:
    left = iter(keys)
    while some := list(islice(left, _AT_ONCE)):
        yield from rows.filter(uuid__in=some)


def rule_been(*moments: datetime | None) -> None:
    """Nothing was written or taken back at a moment to come."""
    now = clock.now()
    if any(moment is not None and moment > now for moment in moments):
        raise DomainError("It says that it was written at a time to come.")


def rule_in_order(first: date, last: date) -> None:
    """A first day and a last one are that."""
    if last < first:
        raise DomainError("The last day is before the first.")
