"""Loads the requirements that ship with the portal, as drafts: nobody is asked anything by them."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from school.coverage.models import Requirement, RequirementDraft

DATA = Path(__file__).parent / "data" / "requirements.toml"
# A draft that ships is known by its code, for ever: one that was thrown away does not come back.
NAMESPACE = UUID("0b1d7c8e-52a4-5d0e-9a35-6f1f1c7a2e90")


def load() -> None:
    """Adds the drafts that were never there and whose requirement is not asked yet; what is there is the School's."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["requirement"]
    known = set(RequirementDraft.history.values_list("uuid", flat=True))
    asked = set(Requirement.objects.values_list("code", flat=True))
    with transaction.atomic():
        for row in rows:
            uuid = uuid5(NAMESPACE, row["code"])
            if uuid not in known and row["code"] not in asked:
                RequirementDraft.objects.create(uuid=uuid, **_columns(row))


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name"],
        "radiation": row.get("radiation", False),
        "courses": "|".join(row["courses"]),
        "decided": "months" in row or row.get("once", False),
        "active_months": row.get("months"),
        "learning_minutes": row.get("minutes", 0),
        "source": row["source"],
    }
