"""What has changed since: the people whose states differ between two questions, each with the reason why.

Two steps lead from the one question to the other: first what became known of the same day, then what
happened between the days. Each step compares the lines of people, so that the changes of a step come to the
difference of its figures, and those of both to the difference of the two questions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from school.courses.models import Attainment, AttainmentVoid
from school.coverage import states
from school.coverage.figures import Policy
from school.coverage.states import Line, Question, State
from school.people.models import PersonMerge, PostTerm
from school.people.queries import merges


class Reason(StrEnum):
    """Why somebody counts otherwise than before."""

    COMPLETED = "completed"
    LATE_ENTRY = "late entry"
    LAPSED = "lapsed"
    VOID = "void"
    JOINED = "joiner"
    LEFT = "leaver"
    MOVED = "transfer"
    RULE = "rule change"
    EXEMPTED = "exempt"
    EXEMPTION_ENDED = "exemption ended"
    GRACE = "grace began"
    GRACE_ENDED = "grace ended"
    AWAY = "long absence began"
    BACK = "long absence ended"
    MERGED = "two records made one"
    OTHER = "other"


WORDS = {
    Reason.COMPLETED: "Completed it",
    Reason.LATE_ENTRY: "Had it, which was recorded later",
    Reason.LAPSED: "It lapsed",
    Reason.VOID: "What counted was found void",
    Reason.JOINED: "Joined the network",
    Reason.LEFT: "Left the network",
    Reason.MOVED: "Changed post",
    Reason.RULE: "What is required changed",
    Reason.EXEMPTED: "Became exempt",
    Reason.EXEMPTION_ENDED: "Is exempt no longer",
    Reason.GRACE: "Is in grace as a starter",
    Reason.GRACE_ENDED: "Grace as a starter ended",
    Reason.AWAY: "Away for 28 days or more",
    Reason.BACK: "Back from a long absence",
    Reason.MERGED: "Two records turned out to be one person",
    Reason.OTHER: "Something else that it rests on changed",
}
# Those that are late by their own name.
_OF_KNOWLEDGE = (Reason.LATE_ENTRY, Reason.VOID, Reason.MERGED)

# The posts of each person: the site, the role and the crew.
Posts = dict[int, frozenset[tuple[int, int, str]]]
# A line by its person, requirement and site; by person and requirement alone, at no site, in a count of everybody once.
Key = tuple[int, int, int]
_ANYWHERE = 0


class Stood(NamedTuple):
    """All that a change keeps of a line: there are ten of them for a hundred thousand lines."""

    state: State
    away: bool


STOOD = {(state, away): Stood(state, away) for state in State for away in (False, True)}


@dataclass(frozen=True, slots=True)
class Change:
    """One person, requirement and site that counts otherwise; `late` where it was so before and recorded later.

    A state is none where nothing was asked.
    """

    person: int
    requirement: int
    site: int
    reason: Reason
    late: bool
    before: Stood | None
    after: Stood | None

    @property
    def words(self) -> str:
        """The reason as a sentence."""
        later = self.late and self.reason not in _OF_KNOWLEDGE
        return f"{WORDS[self.reason]}{', recorded later' if later else ''}"

    def effect(self, policy: Policy) -> tuple[int, int]:
        """What it adds to how many are in date, and to of how many."""
        before, after = weight(self.before, policy), weight(self.after, policy)
        return after[0] - before[0], after[1] - before[1]


@dataclass(slots=True)
class Sum:
    """The changes of one reason: how many people, and what they add to the figure."""

    reason: Reason
    people: set[int] = field(default_factory=set)
    numerator: int = 0
    of: int = 0

    @property
    def words(self) -> str:
        """The reason as words."""
        return WORDS[self.reason]

    def add(self, change: Change, policy: Policy) -> None:
        """Takes a change in."""
        numerator, of = change.effect(policy)
        self.people.add(change.person)
        self.numerator += numerator
        self.of += of

    @property
    def signed_numerator(self) -> str:
        """What it adds to how many are in date: "+3"."""
        return f"{self.numerator:+d}" if self.numerator else "0"

    @property
    def signed_of(self) -> str:
        """What it adds to of how many."""
        return f"{self.of:+d}" if self.of else "0"


@dataclass
class _Step:
    """What is asked beside the lines of the two sides, when a change needs it: who was in which posts, and whose record changed.

    `later` are the entries that came after lines were frozen, whatever their days of knowledge.
    """

    before: Question
    after: Question
    late: bool
    later: Q | None = None

    @cached_property
    def new(self) -> Q:
        """What was recorded between the two sides: by its day, or after lines were frozen."""
        by_day = Q(
            entry__known_from__gt=self.before.known_on, entry__known_from__lte=self.after.known_on
        )
        return by_day | self.later if self.later else by_day

    @cached_property
    def kept(self) -> dict[int, int]:
        """Who a merged person is."""
        return dict(merges().values_list("merged", "kept"))

    @cached_property
    def posts_before(self) -> Posts:
        """Who was in which posts."""
        return _posts(self.before, self.kept)

    @cached_property
    def posts_after(self) -> Posts:
        """Who is."""
        return _posts(self.after, self.kept)

    @cached_property
    def attained(self) -> set[int]:
        """Who attained something: recorded between the two sides, or on a day between them."""
        happened = Q(
            entry__about_from__gt=self.before.as_of, entry__about_from__lte=self.after.as_of
        )
        rows = Attainment.objects.filter(self.new if self.late else happened)
        return {self.kept.get(key, key) for key in rows.values_list("person", flat=True)}

    @cached_property
    def voided(self) -> set[int]:
        """Of whom something was found void."""
        if not self.late:
            return set()
        rows = AttainmentVoid.objects.filter(self.new).values_list("attainment__person", flat=True)
        return {self.kept.get(key, key) for key in rows}

    @cached_property
    def merged(self) -> set[int]:
        """Who became one; where both sides are asked now they are one on both."""
        if self.later is None:
            return set()
        rows = PersonMerge.objects.filter(self.new).values_list("merged", "kept")
        return {key for pair in rows for key in pair}


@dataclass(slots=True)
class Changes:
    """Every change of one or two steps by site, which come to the difference of each site's figures, and the sums of everybody once.

    Sums alone: of a large network in years there are a hundred thousand changes.
    """

    by_site: list[Change] = field(default_factory=list)
    sums: dict[Policy, dict[Reason, Sum]] = field(
        default_factory=lambda: {
            policy: {reason: Sum(reason) for reason in Reason} for policy in Policy
        }
    )

    def summed(self, policy: Policy) -> list[Sum]:
        """Everybody once by reason, in the order of the reasons."""
        return [one for one in self.sums[policy].values() if one.people]

    def step(self, was: Sequence[Line], now: Sequence[Line], step: _Step) -> None:
        """Takes in the changes between the lines of some people and requirements."""
        self.by_site += _compared(was, now, step, by_site=True)
        for change in _compared(was, now, step, by_site=False):
            for policy, sums in self.sums.items():
                sums[change.reason].add(change, policy)


def weight(line: Stood | None, policy: Policy) -> tuple[int, int]:
    """What one line counts in a figure: in date, and of how many."""
    if line is None:
        return 0, 0
    if policy is Policy.ADJUSTED and (line.away or line.state in (State.EXEMPT, State.IN_GRACE)):
        return 0, 0
    return int(line.state is State.IN_DATE), 1


def between(before: Question, after: Question) -> Changes:
    """Every change from one question to the other.

    Both ask for the same requirements and sites; the later one asks of no earlier day, and knows no less.
    """
    found = Changes()
    # What the kept state lacks is taken in for the first of them.
    middle = replace(before, known_on=after.known_on)
    if middle != before:
        step = _Step(before, middle, late=True)
        for was, now in states.differing(before, middle):
            found.step(was, now, step)
        middle = replace(middle, is_brought_up=True)
    if after.as_of != middle.as_of:
        step = _Step(middle, after, late=False)
        for was, now in states.differing(middle, after):
            found.step(was, now, step)
    return found


def came_later(
    pairs: Iterable[tuple[Sequence[Line], Sequence[Line]]],
    before: Question,
    now: Question,
    watermark: int,
) -> Changes:
    """Every change from lines that were frozen up to an entry of the ledger to what is known now of the same day.

    `pairs` are both of them, of one requirement at a time.
    """
    found = Changes()
    step = _Step(before, now, late=True, later=Q(entry__pk__gt=watermark))
    for was, then in pairs:
        found.step(was, then, step)
    return found


def between_frozen(
    triples: Iterable[tuple[Sequence[Line], Sequence[Line], Sequence[Line]]],
    before: Question,
    middle: Question,
    after: Question,
    watermark: int,
) -> Changes:
    """Every change from lines that were frozen up to an entry to lines that were frozen later.

    `triples` are those, between them what was known at last of the first day, of one requirement at a time.
    """
    found = Changes()
    same_day = _Step(before, middle, late=True, later=Q(entry__pk__gt=watermark))
    same_knowledge = _Step(middle, after, late=False)
    for was, then, now in triples:
        found.step(was, then, same_day)
        found.step(then, now, same_knowledge)
    return found


def _posts(asked: Question, one: Mapping[int, int]) -> Posts:
    """Who is in which posts: the site, the role and the crew of each."""
    in_post = Q(entry__about_to=None) | Q(entry__about_to__gte=asked.as_of)
    terms = PostTerm.objects.standing(asked.known_on).filter(
        in_post, entry__about_from__lte=asked.as_of
    )
    found: dict[int, set[tuple[int, int, str]]] = {}
    rows = terms.select_related(None).values_list("post__person", "site", "job_role", "crew")
    for person, *post in rows:
        found.setdefault(one.get(person, person), set()).add(tuple(post))
    return {person: frozenset(posts) for person, posts in found.items()}


def _compared(
    was: Iterable[Line], now: Iterable[Line], step: _Step, *, by_site: bool
) -> Iterator[Change]:
    before, after = _keyed(was, by_site), _keyed(now, by_site)
    pairs = {key[:2] for key in before} & {key[:2] for key in after}
    for key in sorted(before.keys() | after.keys()):
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None:
            if (one.state, one.away) == (other.state, other.away):
                continue
            reason = _of_state(one, other, step)
        else:
            reason = _of_place(key[0], joined=one is None, moved=key[:2] in pairs, step=step)
        yield Change(*key, reason, step.late, _stood(one), _stood(other))


def _stood(line: Line | None) -> Stood | None:
    return STOOD[line.state, line.away] if line else None


def _keyed(lines: Iterable[Line], by_site: bool) -> dict[Key, Line]:
    return {
        (line.person, line.requirement, line.site if by_site else _ANYWHERE): line for line in lines
    }


def _of_place(person: int, *, joined: bool, moved: bool, step: _Step) -> Reason:
    """Why something is asked of somebody at a place where it was not, or no longer."""
    if moved:
        return Reason.MOVED
    before, after = step.posts_before.get(person), step.posts_after.get(person)
    if joined and before is None:
        return Reason.MERGED if person in step.merged else Reason.JOINED
    if not joined and after is None:
        return Reason.MERGED if person in step.merged else Reason.LEFT
    return Reason.RULE if before == after else Reason.MOVED


def _of_state(one: Line, other: Line, step: _Step) -> Reason:
    """Why somebody of whom something is asked before and after stands otherwise."""
    states_now: Sequence[State] = (one.state, other.state)
    if one.state == other.state:
        return Reason.AWAY if other.away else Reason.BACK
    if State.EXEMPT in states_now:
        return Reason.EXEMPTED if other.state is State.EXEMPT else Reason.EXEMPTION_ENDED
    if other.state is State.IN_DATE:
        if one.person not in step.attained:
            return Reason.RULE if one.version != other.version else Reason.OTHER
        return Reason.LATE_ENTRY if step.late else Reason.COMPLETED
    if one.state is State.IN_DATE:
        return _of_loss(one, other, step)
    if one.state is State.IN_GRACE:
        return Reason.GRACE_ENDED
    if other.state is State.IN_GRACE:
        return Reason.GRACE
    if one.version != other.version:
        return Reason.RULE
    if step.late and one.person in step.voided:
        return Reason.VOID
    return Reason.LATE_ENTRY if step.late and other.state is State.EXPIRED else Reason.OTHER


def _of_loss(one: Line, other: Line, step: _Step) -> Reason:
    """Why somebody is in date no longer."""
    if one.expires is not None and one.expires < step.after.as_of:
        return Reason.LAPSED
    if one.version != other.version:
        return Reason.RULE
    return Reason.VOID if one.person in step.voided else Reason.OTHER
