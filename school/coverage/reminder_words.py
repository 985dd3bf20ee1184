"""What a reminder says: to somebody of their own training, and to who answers for others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from school.core.days import long_date
from school.coverage.models import Reminded

Step = Reminded.Step

# What is worst comes first.
ORDER = (Step.LAPSED, Step.MISSING, Step.SOON, Step.OPEN)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due of somebody because of a post at a site, and for which they have no place."""

    person: int
    requirement: int
    site: int
    step: Step
    about: date | None

    @property
    def thing(self) -> tuple[int, int, str, date | None]:
        """What nobody is told twice, at whichever site it is asked."""
        return self.person, self.requirement, self.step, self.about


@dataclass(frozen=True, slots=True)
class Names:
    """What requirements, people and sites are called, by their keys."""

    requirements: Mapping[int, str]
    people: Mapping[int, str]
    sites: Mapping[int, str]


SUBJECTS = {
    Step.LAPSED: "{} has lapsed",
    Step.MISSING: "{} is still to do",
    Step.SOON: "{} lapses soon",
    Step.OPEN: "Time to renew {}",
}
OWN = {
    Step.LAPSED: "{}: lapsed. You were in date until {}.",
    Step.MISSING: "{}: missing. There is no record that you have done it.",
    Step.SOON: "{}: lapses soon. You are in date until {}.",
    Step.OPEN: "{}: can be renewed now. You are in date until {}.",
}
THEIRS = {
    Step.LAPSED: "{}: lapsed, in date until {}",
    Step.MISSING: "{}: missing",
    Step.SOON: "{}: lapses, in date until {}, no place booked",
}


def to_person(new: Sequence[Due], names: Names, *, has_account: bool) -> tuple[str, str]:
    """The subject, and what is due of somebody with what to do about it."""
    one = SUBJECTS[new[0].step].format(names.requirements[new[0].requirement])
    subject = one if len(new) == 1 else f"Training: {len(new)} things for you to do"
    act = (
        "Once you have a place you hear no more of it. If you did it elsewhere, bring the evidence in under "
        "My learning.\n\nSee what is next, and book it:"
        if has_account
        else "Your manager can book a place for you, or tell us if you did it already."
    )
    return subject, "\n\n".join(["Your post asks for this training.", _lines(new, names, OWN), act])


def to_manager(new: Sequence[Due], before: int, names: Names, *, is_lead: bool) -> tuple[str, str]:
    """The subject, and what is new of the people somebody answers for; `before` counts what they were told already."""
    by_person: dict[int, list[Due]] = {}
    for due in new:
        by_person.setdefault(due.person, []).append(due)
    number = f"{len(by_person)} {'person' if len(by_person) == 1 else 'people'}"
    parts = [
        "New since you were last told: what has lapsed, lapses within 30 days with no place booked, or is missing."
    ]
    for person in sorted(by_person, key=lambda key: (names.people[key], key)):
        mine = by_person[person]
        sites = ", ".join(sorted({names.sites[due.site] for due in mine}))
        parts.append(f"{names.people[person]}, {sites}\n{_lines(mine, names, THEIRS)}")
    if before:
        parts.append(f"You were told before of {before} that {'is' if before == 1 else 'are'} still so.")  # fmt: skip
    parts.append(
        "See them all:" if is_lead else "See what they have booked, and book places for them:"
    )
    return f"Training that is due: {number}", "\n\n".join(parts)


def _lines(new: Sequence[Due], names: Names, said: Mapping[Step, str]) -> str:
    def order(due: Due) -> tuple[int, date, str]:
        return ORDER.index(due.step), due.about or date.min, names.requirements[due.requirement]

    return "\n".join(
        "- "
        + said[due.step].format(
            names.requirements[due.requirement], long_date(due.about) if due.about else ""
        )
        for due in sorted(new, key=order)
    )
