"""What the rows of a file of another tool would do to a person's record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils.crypto import salted_hmac
from pydantic import BeforeValidator, create_model, model_validator

from logbooks.cpd.actions.activities import MOST_MINUTES, Entered
from logbooks.cpd.durations import minutes_of
from logbooks.cpd.importing import mapping
from logbooks.cpd.importing.mapping import Asked
from logbooks.cpd.models import Activity, ImportedFile
from school.core import clock
from school.core.errors import DomainError
from school.core.files import cells, rows
from school.core.files.fates import Fate, Finding
from school.core.files.importing import Kind, Plan, Reach, Write
from school.core.files.rows import Day, Numbered, Row, Words200
from school.core.free_text import findings, rule_no_nhs_number
from school.core.prepared import Rows
from school.people.models import Person
from school.people.queries import identity

# A row makes an activity of the same identity each time it is read, so that none is written twice; keyed, so that
# nobody who knows a person, a day and a title can work it out and ask whether it is in use.
_SALT = "logbooks.cpd.importing"
# Asked before anything is written, with the way to the words that may point to a patient.
Allow = Callable[[Callable[[], Sequence[Finding]]], None]
WORDS = ("title", "learned", "practice", "benefit")


class ActivityRow(Row):
    """An activity in a file of another tool; which columns it has is said for each file."""

    @model_validator(mode="after")
    def _possible(self) -> "ActivityRow":
        starts: date = self.get("starts")
        ends = self.get("ends")
        if starts > clock.today():
            raise ValueError("starts|this day is to come")
        if ends is not None and ends < starts:
            raise ValueError("ends|the last day is before the first")
        if ends is not None and ends > clock.today():
            raise ValueError("ends|this day is to come")
        if (self.length or 0) > MOST_MINUTES:
            name = "minutes" if self.get("hours") is None else "hours"
            raise ValueError(f"{name}|this is longer than a year")
        return self

    def get(self, name: str) -> Any:
        """The value of a column; None where the file has none, or the cell is empty."""
        return getattr(self, name, None)

    @property
    def length(self) -> int | None:
        """The minutes that it took; None where the file does not say, or says none."""
        return (self.get("hours") or 0) + (self.get("minutes") or 0) or None


def _words(text: str) -> str:
    try:
        rule_no_nhs_number(text, field="")
    except DomainError as error:
        raise ValueError(error.message.partition(". ")[0]) from None
    return text


def _length(*, plain_minutes: bool) -> BeforeValidator:
    return BeforeValidator(lambda text: minutes_of(text, plain_minutes=plain_minutes))


def _type_in(types: Mapping[str, str]) -> BeforeValidator:
    def checked(text: str) -> str:
        if mapping.word(text) not in types:
            raise ValueError("no type of learning is chosen for this word")
        return types[mapping.word(text)]

    return BeforeValidator(checked)


def row_model(asked: Asked) -> type[ActivityRow]:
    """The rows of a file whose columns are read as asked for, under the headings that they have there."""
    paragraphs = Annotated[str, BeforeValidator(_words)]
    kinds: dict[str, Any] = {
        "title": Words200,
        "starts": Day,
        "ends": Day,
        "hours": Annotated[int, _length(plain_minutes=False)],
        "minutes": Annotated[int, _length(plain_minutes=True)],
        "learning": Annotated[str, _type_in(asked.types)],
        **dict.fromkeys(WORDS[1:], paragraphs),
    }
    fields: dict[str, Any] = {}
    for name, heading in asked.columns.items():
        required = name in mapping.NEEDED
        column = rows.column("", name=heading, required=required, lines=name in WORDS[1:])
        fields[name] = (kinds[name] if required else kinds[name] | None, column)
    return create_model("FileRow", __base__=ActivityRow, **fields)


class Planner:
    """Plans the rows of one file of one person; knows the new activities, and what in their words may point to a patient."""

    def __init__(self, file: ImportedFile, person: Person, allow: Allow) -> None:
        """`allow` is asked before anything is written, and may look at what may point to a patient."""
        self._file, self._person, self._allow = file, person, allow
        self._asked = Asked(file.columns, file.types)
        self.new: dict[int, Entered] = {}

    @property
    def kind(self) -> Kind:
        """The kind of file, as importing wants it."""
        return Kind("cpd", "CPD activities", row_model(self._asked), self.plan)

    def plan(self, found: Sequence[Numbered[ActivityRow]], reach: Reach, by: UUID) -> Plan:
        """What each row does; an activity of the same day and title is the same one."""
        done = Plan(ready=self._ready)
        entered = {one.number: self._entered(one.row) for one in found}
        groups: dict[tuple[date, str], list[Numbered[ActivityRow]]] = {}
        for one in found:
            groups.setdefault(_key(entered[one.number]), []).append(one)
        for group in groups.values():
            if len({replace(entered[one.number], title="") for one in group}) > 1:
                done.refused += rows.repeated(
                    group,
                    lambda _row: True,
                    "day and title",
                    lambda _row: "Make the titles differ, or keep one of the rows.",
                )
        if done.refused:
            return done
        held, known = self._held()
        self.new = {}
        for key, group in groups.items():
            number = min(one.number for one in group)
            says = entered[number]
            same = [row for row in held.get(key, []) if row[:2] == (says.learning, says.minutes)]
            if key not in held and self._uuid(says) not in known:
                done.fates[number] = Fate.NEW
                self.new[number] = says
            elif any(not taken_back for *_, taken_back in same):
                done.fates[number] = Fate.SAME
            else:
                reason = "you changed it here since it was brought"
                if key in held:
                    reason = "you took it back here" if same else "it is here with another type or length"  # fmt: skip
                done.waiting.append(
                    Finding(number, self._file.columns["title"], says.title, reason, "It is left as it is: open it in your record to change it.")
                )  # fmt: skip
            for other in group:
                if other.number != number:
                    done.fates[other.number] = Fate.SAME
        return done

    def warnings(self) -> list[Finding]:
        """What may point to a patient in the words of new activities, by row."""
        return [
            Finding(number, self._file.columns[name], one.words, "", one.message)
            for number, entered in sorted(self.new.items())
            for name in WORDS
            for one in findings(getattr(entered, name))
            if not one.refused
        ]

    def _entered(self, row: ActivityRow) -> Entered:
        return Entered(
            title=row.get("title"),
            learning=row.get("learning") or self._asked.types[mapping.ELSE],
            starts_on=row.get("starts"),
            ends_on=row.get("ends") or row.get("starts"),
            minutes=row.length,
            learned=row.get("learned") or "",
            practice=row.get("practice") or "",
            benefit=row.get("benefit") or "",
        )

    def _held(self) -> tuple[dict[tuple[date, str], list[tuple[str, int | None, bool]]], set[UUID]]:
        held: dict[tuple[date, str], list[tuple[str, int | None, bool]]] = {}
        known = set()
        for one in Activity.objects.filter(person__in=identity(self._person)).only(
            "uuid", "title", "starts_on", "learning", "minutes", "taken_back_at"
        ):
            key = (one.starts_on, cells.folded(one.title))
            taken_back = one.taken_back_at is not None
            held.setdefault(key, []).append((one.learning, one.minutes, taken_back))
            known.add(one.uuid)
        return held, known

    def _uuid(self, entered: Entered) -> UUID:
        day, title = _key(entered)
        named = f"{self._person.uuid} {day.isoformat()} {title}"
        return UUID(bytes=salted_hmac(_SALT, named, algorithm="sha256").digest()[:16], version=4)

    def _ready(self, by: UUID) -> Write:
        self._allow(self.warnings)
        made = Rows(
            [
                Activity(
                    uuid=self._uuid(one),
                    person=self._person,
                    **{name: getattr(one, name) for name in Entered.__dataclass_fields__},
                )
                for one in self.new.values()
            ],
            self._person.user,
        )

        def write() -> None:
            made.insert()
            self._file.written_at = clock.now()
            self._file.save()

        return write


def _key(entered: Entered) -> tuple[date, str]:
    return entered.starts_on, cells.folded(entered.title)
