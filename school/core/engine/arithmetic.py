"""Counting days in SQL."""

from django.db.backends.base.base import BaseDatabaseWrapper

from school.core.engine.vendor import is_postgresql


def days_after(connection: BaseDatabaseWrapper, day: str, days: str) -> str:
    """The SQL of the day that lies so many days after another; both are SQL of the caller's own."""
    if is_postgresql(connection):
        return f"({day} + {days})"
    return f"date({day}, ({days}) || ' days')"


def as_day(connection: BaseDatabaseWrapper, value: str) -> str:
    """The SQL of a value as a day, where nothing beside it says that it is one."""
    return f"CAST({value} AS date)" if is_postgresql(connection) else value


def among_few(connection: BaseDatabaseWrapper, key: str, keys: str) -> str:
    """The SQL of a key being one of a few that a select finds: each is looked up, also where PostgreSQL would read the whole table."""
    return f"{key} = ANY(ARRAY({keys}))" if is_postgresql(connection) else f"{key} IN ({keys})"


def day_of(connection: BaseDatabaseWrapper, instant: str) -> str:
    """The SQL of the day, in UTC, on which an instant lies."""
    if is_postgresql(connection):
        return f"(({instant}) AT TIME ZONE 'UTC')::date"
    return f"date({instant})"


def minutes_between(connection: BaseDatabaseWrapper, start: str, end: str) -> str:
    """The SQL of the whole minutes that went by between two instants; both are SQL of the caller's own."""
    if is_postgresql(connection):
        return f"CAST(EXTRACT(EPOCH FROM ({end} - {start})) / 60 AS integer)"
    return f"((strftime('%%s', {end}) - strftime('%%s', {start})) / 60)"


def latest(connection: BaseDatabaseWrapper, *values: str) -> str:
    """The SQL of the greatest of several values, none of which is none."""
    return f"{'GREATEST' if is_postgresql(connection) else 'MAX'}({', '.join(values)})"


def earliest(connection: BaseDatabaseWrapper, *values: str) -> str:
    """The SQL of the least of several values, none of which is none."""
    return f"{'LEAST' if is_postgresql(connection) else 'MIN'}({', '.join(values)})"
