"""Reading a file of another tool into one's own record: kept, its columns said, looked at, written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction

from logbooks.cpd import files
from logbooks.cpd.actions.activities import Entered
from logbooks.cpd.importing import mapping
from logbooks.cpd.importing.mapping import Asked
from logbooks.cpd.importing.planned import Allow, Planner
from logbooks.cpd.models import ImportedFile
from school.core import documents
from school.core.errors import DomainError, NotAllowed
from school.core.files import importing, reading
from school.core.files.errors import FileRefused
from school.core.files.fates import Finding, Report
from school.core.free_text import rule_no_nhs_number
from school.people.models import Person
from school.people.queries import identity

MOST_ROWS = 5_000
LOOK = (
    "Look at the words that were found. Say that none of this points to a patient, or take it out of "
    "the file and send that again"
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would do, the new activities by row, and what in their words may point to a patient."""

    report: Report
    new: Mapping[int, Entered]
    warnings: Sequence[Finding]


def keep_file(*, by: Person, name: str, data: bytes) -> tuple[ImportedFile, bool]:
    """Keeps a file for its person, read as a file with the same headings was before; and whether that is all there is to say.

    Raises FileRefused for what is no table, and DomainError for an NHS number in its name or headings.
    """
    headings = mapping.headings_of(data)
    rule_columns_named(headings)
    rule_not_too_long(data)
    called = Path(name).name[:100]
    for words in (called, *headings):
        rule_no_nhs_number(words, field="file")
    before = (
        one
        for one in ImportedFile.objects.filter(person__in=identity(by), written_at__isnull=False)
        if one.headings == headings
    )
    asked, whole = mapping.proposed(data, headings, next(before, None))
    with transaction.atomic():
        made = ImportedFile.objects.create(
            person=by,
            name=called,
            headings=headings,
            columns=dict(asked.columns),
            types=dict(asked.types),
        )
        documents.keep(files.IMPORTS_FOLDER, str(made.uuid), data)
    return made, whole


def say_columns(*, by: Person, file: ImportedFile, asked: Asked) -> ImportedFile:
    """Says how a file is to be read. Raises NotAllowed, and DomainError for one that was written."""
    rule_own_file(by, file)
    with transaction.atomic():
        held = ImportedFile.objects.select_for_update().get(pk=file.pk)
        rule_not_written(held)
        held.columns, held.types = dict(asked.columns), dict(asked.types)
        held.save()
    return held


def look(*, by: Person, file: ImportedFile, data: bytes) -> Looked:
    """What each row of a file would do; nothing is written. Raises FileRefused."""
    rule_own_file(by, file)
    planner = Planner(file, by, _whatever)
    report = importing.run(planner.kind, data, file.name, by=by.uuid)
    return Looked(report, planner.new, planner.warnings())


def write_file(
    *, by: Person, file: ImportedFile, data: bytes, without_refused: bool, words_checked: bool
) -> Report:
    """Writes all that is new in one transaction, and lets the file go; nothing while a row is refused, unless those are left out.

    Raises NotAllowed, and DomainError while words that may point to a patient wait for an answer.
    """
    rule_own_file(by, file)
    rule_not_written(file)
    planner = Planner(file, by, _asking(words_checked))
    report = importing.run(
        planner.kind, data, file.name, by=by.uuid, commit=True, without_refused=without_refused
    )
    if report.written:
        documents.remove(files.IMPORTS_FOLDER, str(file.uuid))
    return report


def data_of(file: UUID) -> bytes | None:
    """The bytes of a file that waits; none when it was written or is older than a week."""
    try:
        return documents.path_of(files.IMPORTS_FOLDER, str(file)).read_bytes()
    except FileNotFoundError:
        return None


def _whatever(_warnings: Callable[[], Sequence[Finding]]) -> None:
    """Lets everything pass: nothing is written."""


def _asking(checked: bool) -> Allow:
    return lambda warnings: rule_words_looked_at(warnings, checked)


def rule_own_file(by: Person, file: ImportedFile) -> None:
    """A file is its person's own."""
    if file.person_id not in identity(by):
        raise NotAllowed("This is somebody else’s file.")


def rule_not_written(file: ImportedFile) -> None:
    """A file is written once."""
    if file.written_at is not None:
        raise DomainError("This file was written already. Send it again to read it in another way.")


def rule_columns_named(headings: Sequence[str]) -> None:
    """There is a column for the title and one for the day; a lone name is the name of the table."""
    if len(headings) < len(mapping.NEEDED):
        raise FileRefused(
            "The first row names one column, and a title and a day are needed. "
            "Take out what stands above the names of the columns, then send the file again."
        )


def rule_not_too_long(data: bytes) -> None:
    """A page reads what takes a few seconds."""
    number = len(reading.read(data, ()).rows)
    if number > MOST_ROWS:
        raise FileRefused(
            f"The file has {number:,} rows; {MOST_ROWS:,} is the most. Divide it and send the parts."
        )


def rule_words_looked_at(warnings: Callable[[], Sequence[Finding]], checked: bool) -> None:
    """Words that may point to a patient are answered for by whoever brings them; looking takes a second for thousands."""
    if not checked and warnings():
        raise DomainError(LOOK, field="words_checked")
