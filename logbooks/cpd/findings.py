"""What the checks of a record say to the person whose it is: what is so, why it matters, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from logbooks.cpd.checks import (
    Gap,
    Period,
    Reason,
    Seen,
    gaps,
    is_past_half,
    mixture,
    next_gap,
    standards,
    usual,
)
from logbooks.cpd.schemes import Scheme, Shown, Standard
from school.core.days import add_months, long_date


class State(StrEnum):
    """All is well; worth a look; something to do."""

    OK = "ok"
    LOOK = "look"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check says, in plain words; `key` is "gaps", "mixture", "standard-3" and so on, or "usual"."""

    key: str
    state: State
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked at, and when: `late` once more than half of the period is over."""

    seen: Sequence[Seen]
    period: Period
    today: date
    scheme: Scheme

    @property
    def late(self) -> bool:
        return is_past_half(self.period, self.today)

    @property
    def missing(self) -> State:
        """How much it matters that something is not there yet."""
        return State.ACT if self.late else State.LOOK


def findings(
    seen: Sequence[Seen],
    reasons: Sequence[Reason],
    period: Period,
    today: date,
    scheme: Scheme,
) -> list[Finding]:
    """What the checks say of a period up to today: always the same ones, in the same order."""
    asked = _Asked(seen, period, today, scheme)
    return [
        _gaps(asked, reasons),
        _mixture(asked),
        *(_standard(asked, one, one.shown_by) for one in scheme.standards if one.shown_by),
        _usual(asked),
    ]


def _gaps(asked: _Asked, reasons: Sequence[Reason]) -> Finding:
    months = f"{asked.scheme.checks.gap_months} months"
    why = (
        f"{asked.scheme.regulator} asks for a reason when nothing is recorded for {months} or more."
    )
    found = gaps(asked.seen, reasons, asked.period, asked.today, asked.scheme)
    unexplained = [one for one in found if not one.explained]
    if unexplained:
        days = "; ".join(_days(one) for one in unexplained)
        so = f"{_number(len(unexplained), 'gap has', 'gaps have')} no reason: {days}."
        do = "Add what you did in that time, or give the reason: leave, illness, other work."
        return Finding("gaps", State.ACT, f"A gap of {months} or more", f"{so} {why} {do}")
    known = (
        f" {_number(len(found), 'gap has its reason', 'gaps have their reasons')}." if found else ""
    )
    coming = next_gap(asked.seen, asked.period, asked.today, asked.scheme)
    if coming:
        so = f"With nothing new, you will have a gap of {months} on {long_date(coming)}."
        soon = coming < add_months(asked.today, 1)
        state, title = (State.LOOK, "A gap is near") if soon else (State.OK, "No gap to explain")
        do = " Add an activity before then." if soon else ""
        return Finding("gaps", state, title, f"{so}{known} {why}{do}")
    so = known.strip() or f"No gap of {months} or more."
    return Finding("gaps", State.OK, "No gap to explain", f"{so} {why}")


def _days(gap: Gap) -> str:
    until = "today" if gap.still_open else long_date(gap.last)
    return f"{long_date(gap.first)} to {until}"


def _mixture(asked: _Asked) -> Finding:
    least = asked.scheme.checks.least_types
    found = mixture(asked.seen, asked.period, asked.today, asked.scheme)
    there = [one.learning.words for one in found.types if one.activities]
    why = f"{asked.scheme.regulator} asks for at least {least} types of learning."
    if found.enough:
        return Finding("mixture", State.OK, "A mixture of learning", f"{_listed(there)}. {why}")
    so = f"All you have is {_listed(there, capital=False)}." if there else "There is nothing yet."
    do = "Add something that you learned in another way." if there else "Add what you learned."
    return Finding("mixture", asked.missing, "Not a mixture yet", f"{so} {why} {do}")


def _standard(asked: _Asked, standard: Standard, shown: Shown) -> Finding:
    key, number = f"standard-{standard.number}", f"Standard {standard.number}"
    least, most = asked.scheme.checks.described_least, asked.scheme.checks.described_most
    there = standards(asked.seen, asked.period, asked.today).shown(shown)
    about = "how your work got better" if shown is Shown.PRACTICE else "who benefits and how"
    have = _number(there, "activity says", "activities say") if there else "No activity says yet"
    so = f"{have} {about}."
    why = f"Your profile should show this for about {least} to {most} activities."
    if there >= least or (there and not asked.late):
        return Finding(key, State.OK, f"{number}: {_lower(standard.title)}", f"{so} {why}")
    which = "more of the activities" if there else "the activities"
    do = f"Choose {which} that mattered most, and write a few words on {about}."
    state = State.LOOK if there else asked.missing
    return Finding(
        key, state, f"{number}: {'few' if there else 'no'} words yet", f"{so} {why} {do}"
    )


def _usual(asked: _Asked) -> Finding:
    checks = asked.scheme.checks
    found = usual(asked.seen, asked.period, asked.today, asked.scheme)
    so = f"You have {_number(found.activities, 'activity', 'activities')}."
    why = f"{checks.usual_least} to {checks.usual_most} between two renewals is usual. It is not a rule."
    if found.fewer:
        do = "Look for what you have not recorded: small things at work count too."
        return Finding("usual", State.LOOK, "Fewer activities than usual", f"{so} {why} {do}")
    if found.more:
        do = "You can put small ones together, such as a month of reading."
        return Finding("usual", State.LOOK, "More activities than usual", f"{so} {why} {do}")
    return Finding("usual", State.OK, "Number of activities", f"{so} {why}")


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _listed(words: Sequence[str], *, capital: bool = True) -> str:
    """ "Work-based learning, formal learning and other learning"."""
    *before, last = words
    text = f"{', '.join(before)} and {last}" if before else last
    return text[:1].upper() + text[1:] if capital else text


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
