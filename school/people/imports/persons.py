"""Writes the persons and other edited records that a file brings."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from school.core.models import Book
from school.core.prepared import Rows
from school.people.models import Person, User


def account_of(by: UUID) -> User | None:
    """The account of the person who imports, for the history of edited records; none for the portal itself."""
    return User.objects.filter(person__uuid=by).first()


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
