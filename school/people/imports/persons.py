"""What a file may change about persons, and the writing of persons and other edited records."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from school.core.files.fates import Finding
from school.core.models import PORTAL, Book
from school.core.prepared import Rows
from school.people.imports.matching import People
from school.people.models import Person, RoleGrant, User

# An invitation goes to the address and a signature bears the name: neither is a file's to change for them.
_OWN = ("name", "email")


def account_of(by: UUID) -> User | None:
    """The account of the person who imports, for the history of edited records; none for the portal itself."""
    return User.objects.filter(person__uuid=by).first()


def differences(people: People, person: Person, said: Mapping[str, str]) -> dict[str, str]:
    """What is said otherwise than it is held; an address in other case, or of a merged record, is theirs already."""
    return {
        name: value
        for name, value in said.items()
        if getattr(person, name) != value
        and not (name == "email" and people.holder(("email", value.casefold())) == person)
    }


def settled(people: People, by: UUID, roles: QuerySet[RoleGrant]) -> dict[int, tuple[str, ...]]:
    """What no file of this actor changes, by the keys of those who have an account or one of the roles.

    The portal itself, on the command line, changes all but the address of an account, which its owner confirms.
    """
    if by == PORTAL:
        return dict.fromkeys(people.with_account(), ("email",))
    holders = roles.values_list("person_id", flat=True)
    return dict.fromkeys(people.with_account() | {people.get(pk).pk for pk in holders}, _OWN)


def not_to_change(
    numbers: Iterable[int], edits: Mapping[str, str], fixed: Sequence[str]
) -> list[Finding]:
    """Why rows wait that would change the name or address of somebody settled."""
    return [
        Finding(
            number,
            name,
            edits[name],
            "this person has an account or a role; they or an administrator change the name and address",
            "Write the name and address as they are held. Or first change them: they the address on their "
            "account page, an administrator both on the page of their roles.",
        )
        for number in numbers
        for name in fixed
        if name in edits
    ]


class NewPersons:
    """New persons, each with a record book of their own, ready to be written."""

    def __init__(self, persons: Sequence[Person], user: User | None) -> None:
        for person in persons:
            person.book = Book(kind=Book.Kind.PERSON)
        self._books = Rows([person.book for person in persons])
        self._persons = Rows(persons, user)

    def insert(self) -> None:
        """Writes the books and the persons."""
        self._books.insert()
        self._persons.insert()


def save_tracked(rows: Sequence[Any], user: User | None) -> None:
    """Saves edited records one by one, so that each leaves its history, in the name of `user`."""
    for row in rows:
        row._history_user = user
        row.save()
