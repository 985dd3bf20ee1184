"""Writes that came again under a used UUID with other content: what was saved first and what was kept aside, in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import DateField, DateTimeField, Exists, Field, Model, OuterRef, QuerySet

from placements.models import Enrolment, Placement
from school.core import days
from school.core.charts.table import Column, Table
from school.core.ledger import HEADER, confidential_kinds
from school.core.models import ConflictingWrite, Fact, LedgerEntry, PrivateText
from school.people.middleware import Viewer
from school.people.models import Person

MOST = 50
NOTHING = "nothing"
COLUMNS = (Column("What"), Column("Saved first"), Column("Came later, kept aside"))
# Columns that say nothing to a person: keys and digests of the portal's own, and the device's clock.
UNSAID = ("supersedes", "digest", "head_digest", "head_seq", "code", "device_time")


@dataclass(frozen=True, slots=True)
class Aside:
    """One write that was kept aside beside what was saved; without a table when it names another student's record."""

    what: str
    by: str
    saved_at: datetime
    received_at: datetime
    table: Table | None


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two versions: its kind, its days, and its columns and texts as the ledger holds them."""

    fact: type[Fact]
    about: tuple[str, str | None]
    columns: Mapping[str, Any]
    texts: Mapping[str, str]

    def spoken(self) -> Iterator[tuple[str, "Field[Any, Any]", Any]]:
        """The path, the model field and the value of every column that is shown."""
        for path, value in self.columns.items():
            name = path.partition("__")[0]
            if name not in UNSAID and not path.endswith("_hash"):
                yield path, self.fact._meta.get_field(name), value  # type: ignore[misc]


def kept(viewer: Viewer, enrolment: Enrolment, *, everything: bool) -> QuerySet[ConflictingWrite]:
    """What was kept aside of a record: `everything`, or what the viewer sent themselves; never what is confidential."""
    secret = confidential_kinds()
    saved = LedgerEntry.objects.filter(
        uuid=OuterRef("uuid"), actor=OuterRef("actor"), book=enrolment.book_id
    ).exclude(kind__in=secret)
    found = ConflictingWrite.objects.filter(Exists(saved)).exclude(kind__in=secret)
    return found if everything else found.filter(actor__in=_own(viewer))


def _own(viewer: Viewer) -> QuerySet[Person, UUID]:
    return Person.objects.filter(pk__in=viewer.me).order_by().values_list("uuid", flat=True)


def shown(found: QuerySet[ConflictingWrite], enrolment: Enrolment, viewer: Viewer) -> list[Aside]:
    """The newest of them, both versions side by side, in as many queries for one as for many of its kinds."""
    writes = list(found.order_by("-received_at", "-pk")[:MOST])
    entries = {
        (entry.uuid, entry.actor): entry
        for entry in LedgerEntry.objects.filter(uuid__in={write.uuid for write in writes})
    }
    texts: dict[int, dict[str, str]] = {}
    for text in PrivateText.objects.filter(entry__in=entries.values()):
        texts.setdefault(text.entry_id, {})[text.name] = text.text
    facts = {model.KIND: model for model in apps.get_models() if issubclass(model, Fact)}
    pairs = []
    for write in writes:
        entry = entries[write.uuid, write.actor]
        pairs.append((_saved(facts[entry.kind], entry, texts.get(entry.pk, {})), _later(facts[write.kind], write)))  # fmt: skip
    names = _Names([side for pair in pairs for side in pair])
    people = {row.uuid: row.name for row in Person.objects.filter(uuid__in={w.actor for w in writes})}  # fmt: skip
    mine = set(_own(viewer)) if writes else set()
    return [
        Aside(
            str(saved.fact._meta.verbose_name),
            people.get(write.actor, "the portal"),
            entries[write.uuid, write.actor].recorded_at,
            write.received_at,
            _table(saved, later, names)
            if write.actor in mine or names.only_about(later, enrolment)
            else None,
        )
        for write, (saved, later) in zip(writes, pairs, strict=True)
    ]


def _saved(fact: type[Fact], entry: LedgerEntry, texts: Mapping[str, str]) -> _Side:
    paths = fact.PAYLOAD[entry.kind_version]
    columns = json.loads(entry.payload)[len(HEADER) :]
    until = entry.about_to.isoformat() if entry.about_to else None
    about = entry.about_from.isoformat(), until
    return _Side(fact, about, dict(zip(paths, columns, strict=True)), texts)


def _later(fact: type[Fact], write: ConflictingWrite) -> _Side:
    content = write.content
    about = content["about_from"], content["about_to"]
    return _Side(fact, about, content["columns"], content["texts"])


class _Names:
    """What the versions refer to by key, found at once for all of them: the words for each, and whose record it is in."""

    def __init__(self, sides: Sequence[_Side]) -> None:
        wanted: dict[tuple[type[Model], str], set[str]] = {}
        for side in sides:
            for path, column, value in side.spoken():
                if column.is_relation and value is not None:
                    key = path.partition("__")[2]
                    wanted.setdefault((column.related_model, key), set()).add(value)  # type: ignore[arg-type]
        self._words: dict[tuple[type[Model], str], str] = {}
        self._books: dict[str, int] = {}
        for (model, key), values in wanted.items():
            rows = model._default_manager.filter(**{f"{key}__in": values})
            if model is Placement:
                rows = rows.select_related("site", "enrolment")
            for row in rows:
                self._take(model, key, row)

    def _take(self, model: type[Model], key: str, row: Any) -> None:
        if isinstance(row, Fact):
            value, words = str(row.uuid), f"that of {days.long_date(row.entry.about_from)}"
            self._books[value] = row.entry.book_id
        else:
            value, words = str(getattr(row, key)), str(row)
        if isinstance(row, Placement):
            words = f"at {row.site.name} from {days.long_date(row.starts)}"
            self._books[value] = row.enrolment.book_id
        elif isinstance(row, Enrolment):
            words = row.student_number
            self._books[value] = row.book_id
        self._words[model, value] = words

    def of(self, column: "Field[Any, Any]", value: str) -> str:
        """The words for what a column refers to."""
        return self._words.get((column.related_model, value), "no longer held")  # type: ignore[arg-type]

    def only_about(self, side: _Side, enrolment: Enrolment) -> bool:
        """Whether all that a version refers to stands in one record."""
        referred = {str(value) for _, column, value in side.spoken() if column.is_relation}
        return {self._books.get(value, enrolment.book_id) for value in referred} <= {
            enrolment.book_id
        }


def _table(saved: _Side, later: _Side, names: _Names) -> Table:
    first, second = _rows(saved, names), _rows(later, names)
    labels = [label for label in {**first, **second} if first.get(label) or second.get(label)]
    rows = [(label, first.get(label) or NOTHING, second.get(label) or NOTHING) for label in labels]
    return Table("Both versions", COLUMNS, rows)


def _rows(side: _Side, names: _Names) -> dict[str, str]:
    """Every column of a version in words, by its label."""
    began, ended = side.about
    found = {"Day": days.long_date(date.fromisoformat(began))}
    if ended and ended != began:
        found["Last day"] = days.long_date(date.fromisoformat(ended))
    for _, column, value in side.spoken():
        found[_label(column)] = _words(column, value, names)
    for name, text in side.texts.items():
        found[name.replace("_", " ").capitalize()] = text
    return found


def _label(column: "Field[Any, Any]") -> str:
    words = str(column.verbose_name)
    return words.removesuffix(" minutes").capitalize()


def _words(column: "Field[Any, Any]", value: Any, names: _Names) -> str:
    if value is None:
        return ""
    if column.is_relation:
        return names.of(column, value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(column, DateTimeField):
        at = datetime.fromisoformat(value)
        return f"{days.long_date(days.london_day(at))}, {days.clock_time(at)}"
    if isinstance(column, DateField):
        return days.long_date(date.fromisoformat(value))
    if column.name.endswith("minutes"):
        return days.in_words(value)
    return str(value)
