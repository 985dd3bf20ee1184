"""Finds the persons and sites that a row of a file speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from school.core.files import cells
from school.people.models import Person, PersonMerge, Site, SiteCode

Identifier = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """The one person found, or none and why the row waits."""

    person: Person | None
    doubt: str = ""


def identifiers(
    staff_identifier: str | None = None,
    regulator: str | None = None,
    registration_number: str | None = None,
    email: str | None = None,
) -> list[Identifier]:
    """What tells a person from others, strongest first."""
    found = []
    if staff_identifier:
        found.append(("staff", staff_identifier.casefold()))
    if regulator and registration_number:
        found.append((regulator, registration_number.casefold()))
    if email:
        found.append(("email", email.casefold()))
    return found


class People:
    """Everyone held, by what identifies them; merged persons are found as the one they are."""

    def __init__(self) -> None:
        self._people = {person.pk: person for person in Person.objects.select_related("book")}
        merges = PersonMerge.objects.standing().filter(undone=False)
        self._kept: dict[int, int] = dict(merges.values_list("merged_id", "kept_id"))
        self._found: dict[Identifier, Person] = {}
        for person in self._people.values():
            for identifier in self.of(person):
                self._found[identifier] = self.kept(person)

    @staticmethod
    def of(person: Person) -> list[Identifier]:
        """The identifiers that a held person has."""
        return identifiers(
            person.staff_identifier, person.regulator, person.registration_number, person.email
        )

    def kept(self, person: Person) -> Person:
        """The person that a merged one is."""
        key = person.pk
        while key in self._kept:
            key = self._kept[key]
        return self._people[key]

    def get(self, pk: int) -> Person:
        """The person of a key, merged or not."""
        return self.kept(self._people[pk])

    def actor(self, by: UUID) -> Person | None:
        """Who imports, merged or not; nobody for the portal itself."""
        person = next((p for p in self._people.values() if p.uuid == by), None)
        return self.kept(person) if person else None

    def with_account(self) -> set[int]:
        """The keys of those who have an account, be it as a person merged into them."""
        return {self.kept(p).pk for p in self._people.values() if p.user_id is not None}

    def holder(self, identifier: Identifier) -> Person | None:
        """Who has an identifier."""
        return self._found.get(identifier)

    def match(self, wanted: Iterable[Identifier]) -> Match:
        """Whom a row's identifiers name, strongest first.

        In doubt when they name two, or when a weaker one names somebody whose stronger one is another.
        """
        wanted = list(wanted)
        found = {
            person.pk: person
            for identifier in wanted
            if (person := self._found.get(identifier)) is not None
        }
        if len(found) > 1:
            return Match(None, "its identifiers belong to two people")
        if not found:
            return Match(None)
        person = next(iter(found.values()))
        held = dict(self.of(person))
        for kind, value in wanted:
            # A person has the identifiers of those merged into them too.
            if (kind, value) in self._found:
                return Match(person)
            if kind in held:
                return Match(None, "it names somebody who is held under another identifier")
        return Match(person)


class Sites:
    """The sites held, by name, official name and code, whatever the case and kind of apostrophe."""

    def __init__(self) -> None:
        self._found: dict[str, Site | None] = {}
        sites = {site.pk: site for site in Site.objects.all()}
        for site in sites.values():
            self._add(site.name, site)
        for site in sites.values():
            # Two sites may share an official name, and then it names neither.
            if cells.folded(site.official_name) != cells.folded(site.name):
                self._add(site.official_name, site)
        for code in SiteCode.objects.all():
            self._add(code.code, sites[code.site_id])

    def _add(self, name: str, site: Site) -> None:
        key = cells.folded(name)
        held = self._found.get(key, site)
        self._found[key] = site if held is not None and held.pk == site.pk else None

    def get(self, name: str) -> Site | None:
        """The site of a name or code; none when there is none, or two."""
        return self._found.get(cells.folded(name))


NO_SITE = "there is no site of this name or code"
NO_SITE_REMEDY = "Write the name as the list of sites has it, or import the site first."
