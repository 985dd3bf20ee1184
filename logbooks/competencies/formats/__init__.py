"""The formats that frameworks come in and go out as, by the words that commands and addresses use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from logbooks.competencies.document import Document, Reading, Written
from logbooks.competencies.formats import case, moodle, own


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its key, its name for people, the ending of its files, and how it is read and written."""

    key: str
    name: str
    ending: str
    content_type: str
    read: Callable[[bytes], Reading]
    write: Callable[[Document, datetime], Written]


FORMATS: Mapping[str, Format] = {
    one.key: one
    for one in (
        Format("json", "The portal’s own JSON", "json", "application/json", own.read_json, lambda document, _: own.write_json(document)),
        Format("csv", "The portal’s own table (CSV)", "csv", "text/csv; charset=utf-8", own.read_table, lambda document, _: own.write_table(document)),
        Format("case", "1EdTech CASE 1.1 (JSON)", "json", "application/json", case.read, case.write),
        Format("moodle", "Moodle’s competency CSV", "csv", "text/csv; charset=utf-8", moodle.read, lambda document, _: moodle.write(document)),
    )
}  # fmt: skip
