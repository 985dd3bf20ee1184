"""Loads what the portal ships for placements: the programme's published version, day types and hours rules."""

import csv
import json
from datetime import date
from pathlib import Path

from django.db import transaction

from placements.models import (
    DayType,
    HoursRule,
    Programme,
    ProgrammeVersion,
    Stage,
    StageTask,
)
from school.core.errors import Conflict
from school.people.models import Organisation, Scope
from school.people.network import ensure_organisation

DATA = Path(__file__).parent / "data"


def load() -> None:
    """Adds what is missing; what is there stays, since published versions and rules never change.

    Raises Conflict when a file says otherwise of a rule or day type than what is published.
    """
    load_programme_version(DATA / "programme_version_1.json")
    load_day_types(DATA / "day_types.csv")
    load_hours_rules(DATA / "hours_rules.csv")


def load_programme_version(file: Path) -> None:
    """Adds a version of a programme with its stages and tasks, unless it is there."""
    data = json.loads(file.read_text(encoding="utf-8"))
    about = data["programme"]
    if ProgrammeVersion.objects.filter(
        programme__code=about["code"], number=data["number"]
    ).exists():
        return
    with transaction.atomic():
        version = ProgrammeVersion.objects.create(
            programme=ensure_programme(about["code"], about["name"], about["university"]),
            number=data["number"],
            published_on=date.fromisoformat(data["published_on"]),
            source=data["source"],
        )
        for stage in data["stages"]:
            tasks = stage.pop("tasks")
            made = Stage.objects.create(version=version, **stage)
            StageTask.objects.bulk_create(
                StageTask(stage=made, position=position, code=code, title=title)
                for position, (code, title) in enumerate(tasks, start=1)
            )


def ensure_programme(code: str, name: str, university: str) -> Programme:
    """The programme of that code, made with its scope when it is new."""
    found = Programme.objects.filter(code=code).first()
    if found:
        return found
    owner = ensure_organisation(university, Organisation.Kind.UNIVERSITY)
    scope = Scope.objects.create(kind=Scope.Kind.PROGRAMME, name=name, parent=owner.scope)
    return Programme.objects.create(scope=scope, university=owner, code=code, name=name)


def load_day_types(file: Path) -> None:
    """Adds the day types that are missing; raises Conflict for one that differs from what is published."""
    known = {row.code: row for row in DayType.objects.all()}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        held = known.get(row["code"])
        if held is None:
            continue
        published = (held.name, held.stage_part, "yes" if held.counts_week else "no")
        written = (row["name"], row["stage part"], row["counts in week"])
        if published != written:
            raise Conflict(
                f"{file.name}: the day type “{held.code}” is published as {', '.join(published)}, "
                f"and the file says {', '.join(written)}. Published day types never change: "
                "put the row back and add one with a code of its own."
            )
    DayType.objects.bulk_create(
        DayType(
            code=row["code"],
            name=row["name"],
            stage_part=row["stage part"],
            counts_week=row["counts in week"] == "yes",
            position=position,
            source=row["source"],
        )
        for position, row in enumerate(rows, start=1)
        if row["code"] not in known
    )


def load_hours_rules(file: Path) -> None:
    """Adds the network's default rules that are missing; a changed value is a row with a later day.

    Raises Conflict for a row that differs from the one published of the same code and day.
    """
    known = {(row.code, row.starts): row for row in HoursRule.objects.filter(programme=None)}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        held = known.get((row["code"], date.fromisoformat(row["starts"])))
        if held and (held.value, held.unit) != (int(row["value"]), row["unit"]):
            raise Conflict(
                f"{file.name}: {held.code} from {held.starts} is published as {held.value} {held.unit}, "
                f"and the file says {row['value']} {row['unit']}. Published rules never change: "
                "put the row back and add a row with a later day."
            )
    HoursRule.objects.bulk_create(
        HoursRule(
            code=row["code"],
            value=int(row["value"]),
            unit=row["unit"],
            starts=date.fromisoformat(row["starts"]),
            source=row["source"],
        )
        for row in rows
        if (row["code"], date.fromisoformat(row["starts"])) not in known
    )
