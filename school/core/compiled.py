"""Questions that many requests ask, put into SQL once by each process and asked again with other values.

Django puts a query together and writes its SQL anew each time, which costs a page more than the database needs to
answer. What is kept here is the text of the statement and how its columns become objects. No answer is ever kept.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from functools import wraps
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, Value

from school.core.engine import is_postgresql

Row = TypeVar("Row")
Before = tuple[str, Sequence[Any]] | None

MANY = (list, tuple, set, frozenset)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Slot(Value):
    """The place in a statement of a value that is named each time it is asked; `many` for a list of them, after `__in`."""

    def __init__(self, name: str, *, many: bool) -> None:
        super().__init__(name)
        self.many = many

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        """A mark, and itself as its value until `_Statement.rows` puts another there."""
        if not self.many:
            return "%s", [self]
        if is_postgresql(connection):
            return "(SELECT unnest(%s))", [self]
        return "(SELECT value FROM json_each(%s))", [self]

    def _combine(self, other: Any, connector: str, reversed: bool) -> Any:
        raise TypeError(f"{self.value} is named only when it is asked: reckon with it there.")

    def _resolve_output_field(self) -> None:
        """Of no type: it takes that of the column it is compared with."""


def compiled(make: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """Turns a function that describes a query into one that asks it: by keyword, all rows in a list.

    The function is called once by each process, with a `Slot` for each keyword: it hands them on to `filter` and
    looks at none of them. What changes is therefore a keyword, the day above all: a statement in which a day stands
    is refused with ValueError, since it would be asked with that day for ever. Values are integers, texts, days,
    instants and UUIDs, or lists of them (the same keyword always or never); where a list is empty the answer is, and
    nothing is asked. `before` is another statement with its values, which PostgreSQL runs first in the same exchange.
    """
    kept: list[_Statement] = []

    @wraps(make)
    def ask(*, before: Before = None, **values: Any) -> list[Row]:
        if not kept:
            slots = {name: Slot(name, many=isinstance(v, MANY)) for name, v in values.items()}
            kept.append(_Statement(make(**slots)))
        return kept[0].rows(values, before)

    return ask


class _Statement:
    """The SQL of a query, and what Django found out about its columns."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._db: str = rows.db
        # Model objects, tuples or single values, as the query says.
        self._iterable: Any = rows._iterable_class
        self._compiler = rows.query.get_compiler(rows.db)
        self._sql, self._places = self._compiler.as_sql()
        for value in self._places:
            if isinstance(value, date) or (isinstance(value, str) and _DAY.match(value)):
                raise ValueError(f"{value} would be asked for ever: a day is a keyword.")
        fields = [one[0] for one in self._compiler.select[: self._compiler.col_count]]
        converters = self._compiler.get_converters(fields)
        self._compiler.get_converters = lambda _: converters
        self._compiler.has_composite_fields = lambda _: False

    def rows(self, values: Mapping[str, Any], before: Before) -> list[Any]:
        """What the database answers: Django makes its rows as of any query, by a compiler that was given the answer."""
        if any(isinstance(value, MANY) and not value for value in values.values()):
            return []
        connection = connections[self._db]
        ready = {name: prepared(connection, value) for name, value in values.items()}
        params = [
            ready[place.value] if isinstance(place, Slot) else place for place in self._places
        ]
        sql = self._sql
        if before:
            sql, params = f"{before[0]}; {sql}", [*before[1], *params]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            while before and cursor.nextset():
                pass
            answer = cursor.fetchall()
        compiler = copy(self._compiler)
        compiler.connection = connection
        compiler.execute_sql = lambda *_, **__: [answer]
        query = SimpleNamespace(get_compiler=lambda *_, **__: compiler)
        asked = SimpleNamespace(db=self._db, query=query, _known_related_objects={})
        return list(self._iterable(asked))


def prepared(connection: BaseDatabaseWrapper, value: Any) -> Any:
    """A value as the driver takes it. Raises TypeError for one of another kind, and for None, which equals nothing in SQL."""
    match value:
        case bool() | int() | str():
            return value
        case Model():
            return value.pk
        case datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case date():
            return connection.ops.adapt_datefield_value(value)
        case UUID():
            return value if connection.features.has_native_uuid_field else value.hex
        case list() | tuple() | set() | frozenset():
            found = [prepared(connection, one) for one in value]
            return found if is_postgresql(connection) else json.dumps(found)
    raise TypeError(f"A statement takes no {type(value).__name__}: {value!r}.")
