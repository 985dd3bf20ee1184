"""Row models: the columns that a kind of file has, declared once for reading, checking and documentation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from school.core.errors import DomainError
from school.core.files import cells, reading
from school.core.files.fates import Finding
from school.core.files.reading import Column, RawRow
from school.core.free_text import rule_no_nhs_number


class Row(BaseModel):
    """One row of a kind of file. Fields without a default are columns that must be there and hold something."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    # Columns that are for the reader of the file only.
    IGNORED: ClassVar[tuple[str, ...]] = ()
    # What the file is for, in one sentence of its documentation.
    ABOUT: ClassVar[str] = ""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Numbered(Generic[R]):
    """A checked row with its number in the spreadsheet."""

    number: int
    row: R


def column(
    description: str,
    *aliases: str,
    name: str = "",
    example: str = "",
    required: bool = True,
    lines: bool = False,
) -> Any:
    """A column that must be there; `aliases` are other spellings of its header.

    The column's name is the field's with spaces unless `name` says otherwise. With `lines` its words keep theirs.
    """
    extra: dict[str, Any] = {"aliases": list(aliases), "name": name, "example": example, "lines": lines}  # fmt: skip
    if required:
        return Field(description=description, json_schema_extra=extra)
    return Field(default=None, description=description, json_schema_extra=extra)


def optional(description: str, *aliases: str, name: str = "", example: str = "") -> Any:
    """A column that may be missing, and a cell that may be empty: None then."""
    return column(description, *aliases, name=name, example=example, required=False)


def title(model: type[Row], field: str) -> str:
    """The header of a field's column."""
    return _extra(model.model_fields[field])["name"] or field.replace("_", " ")


def aliases(model: type[Row], field: str) -> list[str]:
    """Other spellings of the header."""
    found: list[str] = _extra(model.model_fields[field])["aliases"]
    return found


def example(model: type[Row], field: str) -> str:
    """What a cell may look like."""
    return str(_extra(model.model_fields[field])["example"])


def _extra(info: FieldInfo) -> dict[str, Any]:
    extra = info.json_schema_extra
    return extra if isinstance(extra, dict) else {}


@dataclass(frozen=True, slots=True)
class Described:
    """A column as its documentation shows it."""

    name: str
    required: bool
    description: str
    example: str
    aliases: tuple[str, ...]


def described(model: type[Row]) -> list[Described]:
    """Every column of a kind of file, in order."""
    return [
        Described(
            title(model, name),
            info.is_required(),
            info.description or "",
            example(model, name),
            tuple(aliases(model, name)),
        )
        for name, info in model.model_fields.items()
    ]


def columns(model: type[Row], spelled: Mapping[str, str] | None = None) -> list[Column]:
    """The columns as reading wants them; `spelled` are the headings of one source, by field.

    A heading that a source gives to one field is no other field's there.
    """
    own = {reading.normal(heading): name for name, heading in (spelled or {}).items()}
    return [
        Column(
            title(model, name),
            tuple(
                spelling
                for spelling in (*aliases(model, name), (spelled or {}).get(name, ""))
                if spelling and own.get(reading.normal(spelling), name) == name
            ),
            info.is_required(),
            bool(_extra(info).get("lines")),
        )
        for name, info in model.model_fields.items()
    ]


def check(model: type[R], raw: Sequence[RawRow]) -> tuple[list[Numbered[R]], list[Finding]]:
    """The rows that hold what their columns ask for, and what is wrong with the others."""
    fields = [(name, title(model, name)) for name in model.model_fields]
    needed = {name for name, info in model.model_fields.items() if info.is_required()}
    good: list[Numbered[R]] = []
    found: list[Finding] = []
    for row in raw:
        given = {name: row.cells.get(head, "") for name, head in fields}
        wrong = _wrong_cells(row, given, dict(fields), needed)
        if not wrong:
            try:
                filled = {name: text for name, text in given.items() if text}
                good.append(Numbered(row.number, model.model_validate(filled)))
                continue
            except ValidationError as error:
                wrong = [
                    _finding(row.number, dict(fields), given, detail)
                    for detail in error.errors(include_url=False)
                ]
        found.extend(wrong)
    return good, found


def _wrong_cells(
    row: RawRow, given: dict[str, str], heads: dict[str, str], needed: set[str]
) -> list[Finding]:
    wrong = []
    if row.beyond:
        wrong.append(
            Finding(
                row.number,
                "",
                row.beyond[0],
                "the row has more cells than the header",
                "Look for a comma or semicolon inside a cell that has no quotation marks.",
            )
        )
    for name, text in given.items():
        if text.startswith("#") and text.endswith(("!", "?", "#N/A")):
            wrong.append(
                Finding(row.number, heads[name], text, "the formula has no result", "Correct it.")
            )
        elif not text and name in needed:
            wrong.append(Finding(row.number, heads[name], "", "this is empty", "Fill it in."))
    return wrong


def _finding(number: int, heads: dict[str, str], given: dict[str, str], detail: Any) -> Finding:
    context = detail.get("ctx", {}).get("error")
    reason = str(context) if context else detail["msg"]
    name = str(detail["loc"][0]) if detail["loc"] else ""
    column_name, divided, rest = reason.partition("|")
    if not name and divided:
        # A rule over several cells names the field that it is about before a bar.
        name, reason = column_name, rest
    return Finding(number, heads.get(name, ""), given.get(name, ""), reason, "Correct the cell.")


# Types of cells


def _at_most(length: int) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if len(text) > length:
            raise ValueError(f"this has {len(text)} characters; {length} is the most")
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise ValueError("this holds a control character")
        return text

    return checked


def _of_no_patient(text: str) -> str:
    try:
        rule_no_nhs_number(text, field="")
    except DomainError as error:
        raise ValueError(error.message.partition(". ")[0]) from None
    return text


def _email(text: str) -> str:
    from django.core.exceptions import ValidationError as NoEmail
    from django.core.validators import validate_email

    try:
        validate_email(text)
    except NoEmail:
        raise ValueError("this is no email address") from None
    if len(text) > 254:
        raise ValueError("this address is longer than an address can be")
    return text.lower()


def one_of(**words: str | None) -> BeforeValidator:
    """Words that a cell may hold, each with the value that it stands for."""
    meanings = {cells.folded(word.replace("_", " ")): value for word, value in words.items()}
    listed = ", ".join(f"“{word}”" for word in dict.fromkeys(meanings))

    def checked(text: str) -> str | None:
        word = cells.folded(text)
        if word not in meanings:
            raise ValueError(f"this is none of {listed}")
        return meanings[word]

    return BeforeValidator(checked)


Text20 = Annotated[str, BeforeValidator(_at_most(20))]
Text40 = Annotated[str, BeforeValidator(_at_most(40))]
Text60 = Annotated[str, BeforeValidator(_at_most(60))]
Text80 = Annotated[str, BeforeValidator(_at_most(80))]
Text120 = Annotated[str, BeforeValidator(_at_most(120))]
Text100 = Annotated[str, BeforeValidator(_at_most(100))]
Text200 = Annotated[str, BeforeValidator(_at_most(200))]
# Words of somebody's own, which are kept as private text: no patient stands in them.
Words200 = Annotated[Text200, BeforeValidator(_of_no_patient)]
Email = Annotated[str, BeforeValidator(_email)]
Day = Annotated[date, BeforeValidator(cells.day)]
Number = Annotated[Decimal, BeforeValidator(cells.decimal)]
Share = Annotated[Decimal, BeforeValidator(cells.share)]
Whole = Annotated[int, BeforeValidator(cells.whole)]


# Rows against one another


def repeated(
    rows: Iterable[Numbered[R]],
    key: Callable[[R], Any],
    named: str,
    remedy: Callable[[R], str] = lambda _row: "Keep one of the two rows.",
) -> list[Finding]:
    """Findings for rows of one file that say the same thing twice or contradict one another; both are named."""
    groups: dict[Any, list[Numbered[R]]] = {}
    for numbered in rows:
        groups.setdefault(key(numbered.row), []).append(numbered)
    found = []
    for group in groups.values():
        for one in group if len(group) > 1 else ():
            other = next(o for o in group if o.number != one.number)
            field = _difference(one.row, other.row)
            head = title(type(one.row), field) if field else ""
            found.append(
                Finding(
                    one.number,
                    head,
                    shown(getattr(one.row, field)) if field else "",
                    f"row {other.number} is for the same {named} and says “{shown(getattr(other.row, field))}”"
                    if field
                    else f"row {other.number} is for the same {named} and says the same",
                    remedy(one.row),
                )
            )
    return found


def contradicting(
    rows: Iterable[Numbered[R]],
    key: Callable[[R], Any],
    fields: Sequence[str],
    named: str,
) -> list[Finding]:
    """Findings for rows that speak of one thing and give it different values; empty cells say nothing."""
    groups: dict[Any, list[Numbered[R]]] = {}
    for numbered in rows:
        groups.setdefault(key(numbered.row), []).append(numbered)
    found = []
    for group in groups.values():
        if len(group) == 1:
            continue
        for field in fields:
            said: dict[Any, Numbered[R]] = {}
            for one in group:
                value = getattr(one.row, field)
                if value is not None:
                    said.setdefault(value, one)
            if len(said) < 2:
                continue
            for one in group:
                value = getattr(one.row, field)
                if value is None:
                    continue
                other = next(o for v, o in said.items() if v != value)
                found.append(
                    Finding(
                        one.number,
                        title(type(one.row), field),
                        shown(value),
                        f"row {other.number} is for the same {named} and says “{shown(getattr(other.row, field))}”",
                        "Make the rows agree.",
                    )
                )
    return found


def _difference(one: Row, other: Row) -> str:
    for field in type(one).model_fields:
        if getattr(one, field) != getattr(other, field):
            return field
    return ""


def shown(value: Any) -> str:
    """A checked value as a message shows it."""
    return cells.text_of(value) if value is not None else ""
