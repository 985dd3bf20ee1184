"""The portal's own formats: JSON that holds everything, and a table (CSV) that a person can write in a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from logbooks.competencies.document import (
    Competency,
    Document,
    Group,
    Line,
    Reading,
    Sort,
    Written,
    as_json,
    bare,
    count_words,
)
from logbooks.competencies.formats.building import build
from logbooks.competencies.formats.raw import Raw, RawCount, RawHead, RawLevel, Said
from logbooks.competencies.formats.words import decoded

COLUMNS = (
    "kind", "code", "identifier", "in", "title", "description", "year", "task", "level", "counts",
    "schedule 3", "source",
)  # fmt: skip
KINDS = ("framework", "level", "group", "competency")
_COUNT = re.compile(r"(\S+) of (\S+), (\S+)")
_NOT_TEXT = "It is in none of the encodings that tables and JSON come in. Save it as UTF-8."
# A program that shows tables would run a cell that begins so; files that go out put an apostrophe before it.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _is_dangerous(text: str) -> bool:
    return text.startswith(_DANGEROUS) or text.lstrip("' \xa0").startswith(_DANGEROUS)


# JSON


def read_json(data: bytes) -> Reading:
    """The framework in the portal's own JSON."""
    said = Said()
    whole = parsed(data, said)
    if whole is None:
        return said.reading(None)
    if whole.get("format") != "framework" or not isinstance(whole.get("parts"), list):
        said.problem("format", "the file", "It is JSON, but no framework in the portal’s form.")
        return said.reading(None)
    levels = [one for one in whole.get("levels") or [] if isinstance(one, Mapping)]
    head = RawHead(
        where="the framework",
        identifier=text_in(whole, "identifier", said, "the framework"),
        code=text_in(whole, "code", said, "the framework"),
        title=text_in(whole, "title", said, "the framework"),
        source=text_in(whole, "source", said, "the framework"),
        levels=[_json_level(number, one, said) for number, one in enumerate(levels, start=1)],
        kept=_object(whole.get("kept")),
    )
    raws = [_json_raw(number, one, said) for number, one in enumerate(whole["parts"], start=1)]
    return build(head, raws, said)


def _json_level(number: int, one: Mapping[str, Any], said: Said) -> RawLevel:
    where = f"level {number}"
    return RawLevel(
        where=where,
        code=text_in(one, "code", said, where),
        title=text_in(one, "title", said, where),
    )


def _json_raw(number: int, given: Any, said: Said) -> Raw:
    one = _object(given)
    code = text_in(one, "code", said, f"entry {number}")
    where = f"entry {number} ({code[:60]})" if code else f"entry {number}"
    counts = one.get("counts")
    rows = [_object(count) for count in counts] if isinstance(counts, list) else []
    subjects = one.get("schedule_3")
    return Raw(
        where=where,
        key=code,
        parent=text_in(one, "parent", said, where),
        code=code,
        counts=[
            RawCount(
                number=text_in(row, "number", said, where),
                role=text_in(row, "role", said, where),
                examination=text_in(row, "examination", said, where),
            )
            for row in rows
        ],
        schedule_3=[str(subject) for subject in subjects] if isinstance(subjects, list) else [],
        group=one.get("kind") == "group",
        kept=_object(one.get("kept")),
        **{
            name: text_in(one, name, said, where)
            for name in ("identifier", "title", "description", "year", "task", "level", "source")
        },
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def parsed(data: bytes, said: Said) -> dict[str, Any] | None:
    """The object of a JSON file; none, and a problem told, when there is none in it."""
    text = decoded(data, said.telling("the file"))
    if text is None:
        said.problem("encoding", "the file", _NOT_TEXT)
        return None
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        said.problem(
            "format", f"line {error.lineno}", f"It is no JSON: {error.msg}, column {error.colno}."
        )
        return None
    except (ValueError, RecursionError):
        said.problem("format", "the file", "It is no JSON that can be read.")
        return None
    if not isinstance(whole, dict):
        said.problem("format", "the file", "It is JSON, but holds no framework.")
        return None
    try:
        json.dumps(whole, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        said.problem("format", "the file", "It holds half a character (a lone surrogate).")
        return None
    return whole


def text_in(row: Mapping[str, Any], name: str, said: Said, where: str) -> str:
    """A text or number of a JSON object; empty when it is not there. Anything else is a problem."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    said.problem("not-text", where, f"“{name}” holds no text.")
    return ""


def write_json(document: Document) -> Written:
    """The framework in the portal's own JSON. It carries everything."""
    text = json.dumps(as_json(document), ensure_ascii=False, indent=2) + "\n"
    return Written(text.encode(), ())


# The table


def read_table(data: bytes) -> Reading:
    """The framework in the portal's own table: a row for the framework, for each level, group and competency."""
    said = Said()
    # Spreadsheets begin their tables with the mark of UTF-8, and so do the portal's own.
    text = decoded(data.removeprefix(b"\xef\xbb\xbf"), said.telling("the file"))
    if text is None:
        said.problem("encoding", "the file", _NOT_TEXT)
        return said.reading(None)
    rows = list(records(text, said))
    if not rows:
        if not said.refused:
            said.problem("empty", "the file", "It holds no row.")
        return said.reading(None)
    header = [" ".join(cell.casefold().split()) for cell in rows[0][1]]
    missing = [name for name in ("kind", "code", "in", "title") if name not in header]
    if missing:
        said.problem("columns", "row 1", f"These columns are missing: {', '.join(missing)}.")
        return said.reading(None)
    for name in sorted({name for name in header if header.count(name) > 1 and name in COLUMNS}):
        said.problem("columns", "row 1", f"The column “{name}” is there twice.")
    aside = [name for name in header if name and name not in COLUMNS]
    if aside:
        said.loss("columns", "row 1", f"Columns left aside: {', '.join(aside)}.")
    heads: list[RawHead] = []
    levels: list[RawLevel] = []
    raws: list[Raw] = []
    for number, cells in rows[1:]:
        row = dict(zip(header, map(_unguarded, cells), strict=False))
        row = {name: row.get(name, "") for name in COLUMNS}
        where = f"row {number}"
        kind = row["kind"].strip().casefold()
        if kind == "framework":
            heads.append(
                RawHead(
                    where=where,
                    identifier=row["identifier"].strip(),
                    code=row["code"],
                    title=row["title"],
                    source=row["source"],
                )
            )
        elif kind == "level":
            levels.append(RawLevel(where=where, code=row["code"], title=row["title"]))
        elif kind in ("group", "competency"):
            raws.append(_table_raw(where, row, said, group=kind == "group"))
        else:
            said.problem("kind", where, f"“{row['kind'][:40]}” is none of {', '.join(KINDS)}.")
    if len(heads) != 1:
        said.problem(
            "no-framework-row",
            "the file",
            f"It needs one row for the framework and has {len(heads)}.",
        )
        return said.reading(None)
    heads[0].levels = levels
    return build(heads[0], raws, said)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _is_dangerous(cell) else cell


def _table_raw(where: str, row: Mapping[str, str], said: Said, *, group: bool) -> Raw:
    code = " ".join(row["code"].split())
    counts = []
    for words in filter(None, (one.strip() for one in row["counts"].split(";"))):
        found = _COUNT.fullmatch(words)
        if found is None:
            said.problem(
                "count",
                where,
                f"“{words[:60]}” is no count. Write it as “10 of fdg-brain, assisted”.",
            )
            continue
        number, examination, role = found.groups()
        counts.append(
            RawCount(
                number=number, role=role, examination="" if examination == "any" else examination
            )
        )
    return Raw(
        where=f"{where} ({code[:60]})" if code else where,
        key=code,
        parent=" ".join(row["in"].split()),
        code=row["code"],
        identifier=row["identifier"].strip(),
        title=row["title"],
        description=row["description"],
        year=row["year"].strip(),
        task=row["task"].strip(),
        level=row["level"].strip(),
        counts=counts,
        schedule_3=[one.strip() for one in row["schedule 3"].split(";") if one.strip()],
        source=row["source"],
        group=group,
    )


def records(text: str, said: Said) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text that hold something, each with its number; cells divided by comma, semicolon or tab."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\n").partition("\n")[0])
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said.problem(
                "format",
                f"row {number}",
                f"It cannot be read ({error}). Look for a quotation mark that is not closed.",
            )
            return
        if any(cell.strip() for cell in row):
            yield number, row


def write_table(document: Document) -> Written:
    """The framework as the portal's own table. It does not carry what other systems' files said beside it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)

    def write(**cells: str) -> None:
        texts = [cells.get(name, "") for name in (*COLUMNS[:10], "schedule_3", "source")]
        writer.writerow([f"'{text}" if _is_dangerous(text) else text for text in texts])

    write(
        kind="framework",
        code=document.code,
        identifier=str(document.identifier),
        title=document.title,
        source=document.source,
    )
    for level in document.levels:
        write(kind="level", code=level.code, title=level.title)
    for part in document.parts:
        about = {
            "code": part.code,
            "identifier": str(part.identifier),
            "in": part.parent,
            "title": part.title,
            "description": part.description,
        }
        if isinstance(part, Group):
            write(kind="group", **about)
        else:
            write(kind="competency", **about, **_table_cells(part))
    lines = []
    beside = sum(bool(part.kept) for part in document.parts) + bool(document.kept)
    if bare(document) != document:
        lines.append(
            Line(
                Sort.LOSS,
                "beside",
                "the whole file",
                f"The table does not carry what another system’s file said beside the framework ({beside} entries).",
            )
        )
    return Written(("\ufeff" + out.getvalue()).encode(), tuple(lines))


def _table_cells(part: Competency) -> dict[str, str]:
    return {
        "year": str(part.year or ""),
        "task": part.task,
        "level": part.level,
        "counts": count_words(part.counts),
        "schedule_3": "; ".join(part.schedule_3),
        "source": part.source,
    }
