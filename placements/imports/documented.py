"""The documentation of every kind of file, made from the row models so that it cannot fall behind them."""

from collections.abc import Iterator

from placements.imports.kinds import KINDS
from school.core.files import cells, offered, reading, rows
from school.core.files.fates import MEANING
from school.core.files.importing import Kind

COMMANDS = {
    "network": "import_network FILE",
    "people": "import_people FILE",
    "absences": "import_people --absences FILE",
    "enrolments": "import_enrolments FILE",
    "hours": "import_hours FILE",
}


def document() -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Importing files"
    yield ""
    yield "Made by `manage.py document_imports` from the row models; a test holds it to them."
    yield ""
    yield (
        "Every import is a dry run until it is told to write: on the page by its button, on the command "
        "line with `--commit`. Nothing is written while a row is refused; `--without-refused` leaves "
        "those rows out and writes all others in one transaction. A command ends with exit code 1 when "
        "a row was refused. `--report FILE` keeps the rows to settle as CSV."
    )
    yield ""
    yield "| fate | what it means |"
    yield "|---|---|"
    for fate, meaning in MEANING.items():
        yield f"| {fate} | {meaning} |"
    yield ""
    yield (
        f"A file is CSV (UTF-8, UTF-16 with its mark, or Windows-1252; commas, semicolons or tabs) or an "
        f"Excel workbook (.xlsx, its first visible sheet, formulas as last computed), of at most "
        f"{reading.MAX_ROWS:,} rows and {reading.MAX_BYTES // 1024 // 1024} MB. Columns may stand in any "
        f"order; case, spaces and underscores in their names make no difference. Rows are numbered as the "
        f"spreadsheet shows them. Dates: {cells.READABLE_DATES}; digits with strokes are never read the "
        f"American way. The examples hold invented people and dates."
    )
    for kind in KINDS.values():
        yield from _kind(kind, COMMANDS[kind.key])
    for one in offered.documented():
        yield from _kind(one.kind, one.command)
    for section in offered.sections():
        yield ""
        yield section


def _kind(kind: Kind, command: str) -> Iterator[str]:
    yield ""
    yield f"## {kind.name}"
    yield ""
    yield f"`manage.py {command}` · example: [{kind.key}.csv](examples/{kind.key}.csv)"
    yield ""
    yield kind.row.ABOUT
    yield ""
    yield "| column | must be there | what it holds | example | other names |"
    yield "|---|---|---|---|---|"
    for column in rows.described(kind.row):
        required = "yes" if column.required else ""
        others = ", ".join(column.aliases)
        example = column.example.replace("|", "\\|")
        yield f"| {column.name} | {required} | {column.description} | {example} | {others} |"
