"""Writes the persons that a file brings."""

from collections.abc import Sequence
from uuid import UUID

from school.core.files import storing
from school.core.models import Book
from school.people.models import Person, User


def account_of(by: UUID) -> User | None:
    """The account of the person who imports, for the history of edited records; none for the portal itself."""
    return User.objects.filter(person__uuid=by).first()


def write_persons(new: Sequence[Person], user: User | None) -> None:
    """Inserts new persons, each with a book of their own."""
    books = [Book(kind=Book.Kind.PERSON) for _ in new]
    storing.insert_numbered(books)
    for person, book in zip(new, books, strict=True):
        person.book = book
    storing.insert_tracked(new, user)
