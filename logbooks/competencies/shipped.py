"""Loads what the portal ships for the log book: types of examination, tracers, and the School's PET-CT framework."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction

from logbooks.competencies import document as documents
from logbooks.competencies.actions.frameworks import write_version
from logbooks.competencies.document import Document
from logbooks.competencies.formats import own
from logbooks.competencies.models import ExaminationType, Framework, LogBookRules, Tracer
from placements.models import Programme
from school.core.errors import Conflict

DATA = Path(__file__).parent / "data"
FRAMEWORKS = ("pet_ct_version_1.json",)
# Whose students work towards the School's framework, and since when: the programme's own first day.
PROGRAMME, FRAMEWORK = "pet-ct-undergraduate", "pet-ct"
PUBLISHED_ON = date(2017, 1, 1)
_VERSIONS = UUID("2c1fa2d8-9b6f-5d37-8f1c-5f6d2b8a7e40")


def load() -> None:
    """Adds what is missing; what is there stays, since what is published never changes.

    Raises Conflict when a file says otherwise than what is published.
    """
    with transaction.atomic():
        load_examination_types(DATA / "examination_types.csv")
        load_tracers(DATA / "tracers.csv")
        for name in FRAMEWORKS:
            load_framework(DATA / name)
        give_rules()


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def load_examination_types(file: Path) -> None:
    """Adds the types of examination that are missing; raises Conflict for one that differs."""
    known = {row.code: row for row in ExaminationType.objects.all()}
    new = []
    for place, row in enumerate(_rows(file), start=1):
        held = known.get(row["code"])
        if held is None:
            new.append(ExaminationType(position=place, **row))
        elif (held.name, held.tracers, held.source) != (row["name"], row["tracers"], row["source"]):
            raise _differs(file, held.code, held.name, row["name"])
    ExaminationType.objects.bulk_create(new)


def load_tracers(file: Path) -> None:
    """Adds the tracers that are missing; raises Conflict for one that differs."""
    known = {row.code: row for row in Tracer.objects.all()}
    new = []
    for place, row in enumerate(_rows(file), start=1):
        rare = row.pop("rare") == "yes"
        held = known.get(row["code"])
        if held is None:
            new.append(Tracer(position=place, rare=rare, **row))
        elif (held.name, held.source, held.rare) != (row["name"], row["source"], rare):
            raise _differs(file, held.code, held.name, row["name"])
    Tracer.objects.bulk_create(new)


def _differs(file: Path, code: str, held: str, written: str) -> Conflict:
    return Conflict(
        f"{file.name}: {code} is published as “{held}”, and the file says “{written}” or another source or tracer. "
        "What is published never changes: put the row back and add one with a code of its own."
    )


def read(file: Path) -> Document:
    """The document of a shipped file. Raises Conflict when it is not as an import would have it."""
    reading = own.read_json(file.read_bytes())
    if reading.document is None or reading.lines:
        first = reading.lines[0]
        raise Conflict(f"{file.name}, {first.where}: {first.words}")
    return reading.document


def load_framework(file: Path) -> None:
    """Adds version 1 of a framework; raises Conflict when it is published and says something else."""
    document = read(file)
    framework, _ = Framework.objects.get_or_create(
        code=document.code, defaults={"name": document.title, "uuid": document.identifier}
    )
    held = framework.versions.filter(number=1).first()
    if held is None:
        write_version(
            framework=framework,
            document=document,
            uuid=uuid5(_VERSIONS, document.code),
            published_on=PUBLISHED_ON,
        )
    elif held.digest != documents.digest(document):
        raise Conflict(
            f"{file.name}: version 1 of {framework.name} is published, and the file says something else. "
            "A published version never changes: put the file back, and publish what is new as the next version."
        )


def give_rules() -> None:
    """Lets the shipped programme work towards the School's framework, unless it works towards one."""
    programme = Programme.objects.filter(code=PROGRAMME).first()
    if programme is not None and not LogBookRules.objects.filter(programme=programme).exists():
        framework = Framework.objects.get(code=FRAMEWORK)
        LogBookRules.objects.create(programme=programme, framework=framework)
