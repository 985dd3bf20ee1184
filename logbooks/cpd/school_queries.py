"""What the School sees of CPD: whose window is open or opens next, who asked for help, and figures without names."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from logbooks.cpd import schemes
from logbooks.cpd.aggregate import THRESHOLD, Done, Table, table
from logbooks.cpd.cycles import Cycle, cycle_of
from logbooks.cpd.learning import Learning
from logbooks.cpd.models import Activity, HelpAsked
from logbooks.cpd.schemes import Profession
from school.people.models import Person
from school.people.queries import merges, posted


@dataclass(frozen=True, slots=True)
class Window:
    """A profession's window; `people` in post is none where they are fewer than THRESHOLD."""

    profession: Profession
    cycle: Cycle
    is_open: bool
    people: int | None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked for help: no word of their record."""

    asked: HelpAsked
    sites: Sequence[str]
    profession: Profession | None


@dataclass(frozen=True, slots=True)
class Network:
    """Who is in post on a day, by the key of the person that is kept: at which sites, and their profession."""

    kept: Mapping[int, int]
    sites: Mapping[int, Collection[str]]
    professions: Mapping[int, Profession]

    def person(self, key: int) -> int:
        """The key that stands for a person."""
        return self.kept.get(key, key)


def network(today: date) -> Network:
    """Everybody in post on a day; three queries."""
    pairs = dict(merges().values_list("merged_id", "kept_id"))
    kept = {}
    for merged in pairs:
        one = merged
        while one in pairs:
            one = pairs[one]
        kept[merged] = one
    sites: dict[int, set[str]] = defaultdict(set)
    for person, site in posted(today).values_list("post__person", "site__name"):
        sites[kept.get(person, person)].add(site)
    rows = Person.objects.order_by("pk").values_list(
        "pk",
        "regulator",
        "registration_number",
        "cpd_registration",
        "cpd_registration__profession",
    )
    said: dict[int, Profession | None] = {}
    read: dict[int, Profession] = {}
    for pk, regulator, number, registration, key in rows.exclude(
        cpd_registration=None, registration_number=""
    ):
        person = kept.get(pk, pk)
        if registration is not None:
            said.setdefault(person, schemes.profession(key, today))
        elif found := schemes.profession_of(regulator, number, today):
            read.setdefault(person, found)
    professions = {person: one for person, one in (read | said).items() if one is not None}
    return Network(kept, sites, professions)


def windows(known: Network, today: date) -> list[Window]:
    """The professions whose window is open, then those whose window opens next, the soonest first."""
    number = Counter(one.key for person, one in known.professions.items() if person in known.sites)
    found = []
    for scheme in schemes.schemes(today):
        for one in scheme.professions:
            cycle = cycle_of(one, today)
            people = number[one.key] if number[one.key] >= THRESHOLD else None
            found.append(Window(one, cycle, today >= cycle.window_opens, people))
    return sorted(found, key=lambda one: (not one.is_open, one.cycle.window_opens, one.profession.name))  # fmt: skip


def askers(known: Network) -> list[Asker]:
    """Who asked for help and waits, the longest first; one query."""
    rows = HelpAsked.objects.filter(seen_to_at=None).select_related("person").order_by("asked_at")
    return [
        Asker(
            row,
            sorted(known.sites.get(known.person(row.person_id), ())),
            known.professions.get(known.person(row.person_id)),
        )
        for row in rows
    ]


def figures(known: Network, year: int) -> Table:
    """What people in post did in the activities that began in a year; one query."""
    rows = Activity.objects.filter(taken_back_at=None, starts_on__year=year)
    done = [
        Done(known.person(person), learning, minutes)
        for person, learning, minutes in rows.values_list("person", "learning", "minutes")
    ]
    return table(done, known.sites, [one.value for one in Learning])
