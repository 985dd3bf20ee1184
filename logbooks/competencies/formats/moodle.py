"""Moodle's competency framework CSV, as tool_lpimportcsv writes and reads it: fourteen columns, one row for the framework.

What Moodle asks (framework_importer.php): ID number and short name of at most 100 characters, the parent named by
its ID number, a scale as its values and a JSON that says from which value on somebody is proficient.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from logbooks.competencies.document import (
    Competency,
    Document,
    Group,
    Level,
    Part,
    Reading,
    Written,
    unpacked,
)
from logbooks.competencies.formats.building import build
from logbooks.competencies.formats.own import records
from logbooks.competencies.formats.raw import Raw, RawHead, RawLevel, Said
from logbooks.competencies.formats.words import decoded, has_html, shortened, slug

COLUMNS = (
    "Parent ID number",
    "ID number",
    "Short name",
    "Description",
    "Description format",
    "Scale values",
    "Scale configuration",
    "Rule type (optional)",
    "Rule outcome (optional)",
    "Rule config (optional)",
    "Cross-referenced competency ID numbers",
    "Exported ID (optional)",
    "Is framework",
    "Taxonomy",
)
KEYS = (
    "parent", "id", "name", "description", "format", "scale", "config", "rule", "outcome",
    "ruleconfig", "related", "exported", "framework", "taxonomy",
)  # fmt: skip
LONGEST = 100
HTML, PLAIN = "1", "2"
_TAXONOMY = "competency,competency,competency,competency"
# What a row says when it says nothing of its own.
_USUAL = {"rule": "", "outcome": "0", "ruleconfig": "null", "taxonomy": "", "framework": ""}
_USUAL_HEAD = {"rule": "", "outcome": "", "ruleconfig": "", "taxonomy": _TAXONOMY, "framework": "1"}
_NO_SCALE = (Level("not-yet", "Not yet"), Level("achieved", "Achieved"))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The framework's scale: its values, and the code of the level that counts as proficient."""

    values: str
    codes: tuple[str, ...]
    default: str


def read(data: bytes) -> Reading:
    """The framework of a CSV file."""
    said = Said()
    text = decoded(data, said.telling("the file"))
    if text is None:
        said.problem("encoding", "the file", "It is in no encoding of text. In Moodle, export as UTF-8.")  # fmt: skip
        return said.reading(None)
    rows = _rows(text, said)
    if rows is None:
        return said.reading(None)
    heads = [(where, row) for where, row in rows if _is_true(row["framework"])]
    if len(heads) != 1:
        said.problem(
            "no-framework-row",
            "the file",
            f"It needs one row whose “Is framework” is 1, and has {len(heads)}.",
        )
        return said.reading(None)
    scale, head = _head(*heads[0], said)
    others = [(where, row) for where, row in rows if not _is_true(row["framework"])]
    ids = {row["id"].strip() for _, row in others}
    raws = [_raw(where, row, ids, scale, said) for where, row in others]
    return build(head, raws, said)


def _is_true(text: str) -> bool:
    return text.strip().casefold() in ("1", "true", "yes")


def _normal(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.casefold())


def _rows(text: str, said: Said) -> list[tuple[str, dict[str, str]]] | None:
    found = list(records(text, said))
    if not found:
        if not said.refused:
            said.problem("empty", "the file", "It holds no row.")
        return None
    header = [_normal(title) for title in found[0][1]]
    wanted = [_normal(title) for title in COLUMNS]
    if set(wanted) <= set(header):
        places = [header.index(title) for title in wanted]
    elif len(header) == len(COLUMNS) and not set(wanted) & set(header):
        places = list(range(len(COLUMNS)))
        said.repair("columns", "row 1", "The headings are not Moodle’s in English: the columns were taken in Moodle’s order.")  # fmt: skip
    else:
        missing = [t for t, plain in zip(COLUMNS, wanted, strict=True) if plain not in header]
        said.problem("columns", "row 1", f"These columns are missing: {', '.join(missing)}.")
        return None
    rows = []
    for number, cells in found[1:]:
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            said.problem("columns", f"row {number}", "It has more cells than there are columns.")
        texts = [cells[place] if place < len(cells) else "" for place in places]
        rows.append((f"row {number}", dict(zip(KEYS, texts, strict=True))))
    return rows


def _head(where: str, row: dict[str, str], said: Said) -> tuple[_Scale, RawHead]:
    titles = [title.strip() for title in row["scale"].split(",") if title.strip()]
    codes = _level_codes(titles)
    default = _proficient(row["config"], codes) or (codes[-1] if codes else "")
    if titles and not _proficient(row["config"], codes):
        said.repair(
            "scale",
            where,
            f"The scale does not say from which value on somebody is proficient: “{titles[-1]}” is taken.",
        )
    code = slug(row["id"].strip(), 60)
    kept = _unusual(row, _USUAL_HEAD) | ({"config": row["config"]} if row["config"] else {})
    if row["id"].strip() != code:
        kept["id"] = row["id"].strip()[:LONGEST]
    if not _uuid(row["exported"]):
        kept["exported"] = row["exported"]
    title = row["name"]
    scale = _Scale(row["scale"].strip(), tuple(codes), default)
    return scale, RawHead(
        where=where,
        # An export from here says its identifier where Moodle has a number of its own.
        identifier=row["exported"] if _uuid(row["exported"]) else "",
        code=code,
        title=title,
        source=row["description"] or source_of(title.strip(), row["id"].strip()),
        levels=[
            RawLevel(where=where, code=code, title=title)
            for code, title in zip(codes, titles, strict=True)
        ],
        kept={"moodle": kept},
    )


def source_of(title: str, idnumber: str) -> str:
    """Where a framework without a description comes from."""
    return f"Moodle competency framework “{title}” ({idnumber})"


def _level_codes(titles: Sequence[str]) -> list[str]:
    codes: list[str] = []
    for place, title in enumerate(titles, start=1):
        code = slug(title, 36) or f"level-{place}"
        codes.append(f"{code}-{place}" if code in codes else code)
    return codes


def _proficient(config: str, codes: Sequence[str]) -> str:
    """The lowest level that a scale configuration calls proficient; empty when it says none."""
    try:
        rows = json.loads(config)
    except (ValueError, RecursionError):
        return ""
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    ids = [
        row["id"]
        for row in rows
        if row.get("proficient") in (1, "1", True) and isinstance(row.get("id"), int)
    ]
    inside = [number for number in ids if 1 <= number <= len(codes)]
    return codes[min(inside) - 1] if inside else ""


def _uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _unusual(row: Mapping[str, str], usual: Mapping[str, str]) -> dict[str, str]:
    """What a row says otherwise than an export would; how its description was written, unless that was HTML and is plain now."""
    kept = {name: row[name] for name, words in usual.items() if row[name] != words}
    if row["format"] != PLAIN and not has_html(row["description"]):
        kept["format"] = row["format"]
    return kept


def _raw(where: str, row: dict[str, str], ids: set[str], scale: _Scale, said: Said) -> Raw:
    idnumber = row["id"].strip()
    where = f"{where} ({idnumber[:60]})" if idnumber else where
    kept = _unusual(row, _USUAL)
    level = scale.default
    if row["scale"].strip():
        kept |= {"scale": row["scale"], "config": row["config"]}
        if row["scale"].strip() == scale.values:
            level = _proficient(row["config"], scale.codes) or level
        else:
            said.loss("scale", where, f"Its own scale ({row['scale'][:60]}) is kept for an export, but the framework’s counts here.")  # fmt: skip
    related = [one.replace("%2C", ",") for one in row["related"].split(",") if one.strip()]
    for lost in [one for one in related if one not in ids]:
        said.repair(
            "reference", where, f"It refers to “{lost[:60]}”, which is not there: left out."
        )
    if known := [one for one in related if one in ids]:
        kept["related"] = ",".join(one.replace(",", "%2C") for one in known)
    exported = row["exported"]
    if not _uuid(exported):
        kept["exported"] = exported
    title, description = _whole(row["name"], row["description"])
    return Raw(
        where=where,
        key=" ".join(idnumber.split()),
        parent=" ".join(row["parent"].split()),
        identifier=exported if _uuid(exported) else "",
        code=row["id"],
        title=title,
        description=description,
        level=level,
        kept={"moodle": kept} if kept else {},
    )


def _whole(name: str, description: str) -> tuple[str, str]:
    """A title that an export cut, put together again from where it begins the description."""
    first, _, rest = description.partition("\n\n")
    if name.endswith("…") and len(name) <= LONGEST < len(first) and first.startswith(name[:-1]):
        return first, rest
    return name, description


# Writing


def write(document: Document) -> Written:
    """The framework as Moodle imports it, with what Moodle has no column for named."""
    said = Said()
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    levels = document.levels
    if not levels:
        levels = _NO_SCALE
        said.loss("scale", "the framework", "It has no levels, and Moodle asks for a scale: “Not yet, Achieved” stands there.")  # fmt: skip
    elif any("," in level.title for level in levels):
        said.loss("scale", "the framework", "A comma divides the values of Moodle’s scales: in names of levels it became a semicolon.")  # fmt: skip
    titles = [level.title.replace(",", ";") for level in levels]
    if _level_codes(titles) != [level.code for level in levels]:
        said.loss("scale", "the framework", "Moodle’s scales have no codes: those of the levels come from their names.")  # fmt: skip
    scale = ",".join(titles)
    codes = [level.code for level in levels]
    default = _default(document, codes)
    writer.writerow(_head_row(document, scale, codes, default, said))
    for part in document.parts:
        writer.writerow(_row(part, scale, codes, default))
    _say_losses(document, said)
    return Written(out.getvalue().encode(), tuple(said.lines))


def _kept(kept: str) -> dict[str, str]:
    held: dict[str, Any] = unpacked(kept)
    return dict(held.get("moodle", {}))


def _default(document: Document, codes: Sequence[str]) -> str:
    said = _proficient(_kept(document.kept).get("config", ""), codes)
    asked = Counter(part.level for part in document.competencies if part.level)
    return said or (asked.most_common(1)[0][0] if asked else codes[-1])


def _config(codes: Sequence[str], level: str) -> str:
    """A scale configuration by which somebody is proficient from a level on."""
    first = codes.index(level) + 1
    rows: list[dict[str, Any]] = [{"scaleid": "1"}, {"id": first, "scaledefault": 1, "proficient": 1}]  # fmt: skip
    rows += [{"id": number, "proficient": 1} for number in range(first + 1, len(codes) + 1)]
    return json.dumps(rows, separators=(",", ":"))


def _head_row(
    document: Document, scale: str, codes: Sequence[str], default: str, said: Said
) -> list[str]:
    kept = _kept(document.kept)
    name = document.title
    if len(name) > LONGEST:
        name = shortened(name, LONGEST)
        said.loss("too-long", "the framework", f"The title was cut to {LONGEST} characters.")
    idnumber = kept.get("id", document.code)
    derived = document.source == source_of(document.title, idnumber)
    cells = {
        "id": idnumber,
        "name": name,
        "description": "" if derived else _described(document.source, kept),
        "scale": scale,
        "config": kept.get("config") or _config(codes, default),
        "exported": kept.get("exported", str(document.identifier)),
    }
    return _cells(_USUAL_HEAD, kept, cells)


def _cells(*said: Mapping[str, str]) -> list[str]:
    """A row of what was said, the last of those who say it."""
    whole: dict[str, str] = {"format": PLAIN}
    for one in said:
        whole |= one
    return [whole.get(key, "") for key in KEYS]


def _described(text: str, kept: Mapping[str, str]) -> str:
    return escape(text, quote=False) if kept.get("format") == HTML and has_html(text) else text


def _row(part: Part, scale: str, codes: Sequence[str], default: str) -> list[str]:
    kept = _kept(part.kept)
    name, description = part.title, part.description
    if len(name) > LONGEST:
        name, description = shortened(name, LONGEST), f"{part.title}\n\n{description}"
    cells = {
        "parent": part.parent,
        "id": part.code,
        "name": name,
        "description": _described(description, kept),
        "exported": kept.get("exported", str(part.identifier)),
        **_scale_cells(part, kept, scale, codes, default),
    }
    return _cells(_USUAL, kept, cells)


def _scale_cells(
    part: Part, kept: Mapping[str, str], scale: str, codes: Sequence[str], default: str
) -> dict[str, str]:
    own = kept.get("scale", "")
    if isinstance(part, Group) or (own and own.strip() != scale):
        return {"scale": own, "config": kept.get("config", "")}
    if own and (_proficient(kept.get("config", ""), codes) or default) == part.level:
        return {"scale": own, "config": kept.get("config", "")}
    if part.level in ("", default):
        return {"scale": "", "config": ""}
    return {"scale": scale, "config": _config(codes, part.level)}


def _say_losses(document: Document, said: Said) -> None:
    rows: list[tuple[str, Sequence[Competency]]] = [
        ("the year", [part for part in document.competencies if part.year]),
        ("the task", [part for part in document.competencies if part.task]),
        ("required counts", [part for part in document.competencies if part.counts]),
        ("subjects of Schedule 3", [part for part in document.competencies if part.schedule_3]),
        ("the source", [part for part in document.competencies if part.source]),
    ]
    for what, parts in rows:
        if parts:
            said.loss("no-column", "the competencies", f"Moodle has no column for {what} ({len(parts)} competencies).")  # fmt: skip
    if document.levels and (free := [part for part in document.competencies if not part.level]):
        said.loss("no-level", "the competencies", f"Without a level of its own Moodle asks for the framework’s ({len(free)} competencies).")  # fmt: skip
    long = sum(len(part.title) > LONGEST for part in document.parts)
    if long:
        said.loss("too-long", "the titles", f"{long} of them were cut to {LONGEST} characters; all of each begins its description.")  # fmt: skip
    beside = [part for part in document.parts if set(unpacked(part.kept)) - {"moodle"}]
    if beside or set(unpacked(document.kept)) - {"moodle"}:
        said.loss("beside", "the whole file", "What another format’s file said beside the framework is not carried.")  # fmt: skip
