"""Loads the assessment forms that the portal ships: the PET-CT half-body assessment and System QA."""

import tomllib
from datetime import date
from pathlib import Path

from django.db import transaction

from logbooks.competencies.assessments import FormError, canonical, digest_of, form_of
from logbooks.competencies.models import AssessmentForm
from school.core.errors import Conflict

DATA = Path(__file__).parent / "data"
FILES = "assessment_*.toml"


def load(folder: Path = DATA) -> list[AssessmentForm]:
    """Publishes the forms of a folder that are missing, and gives them; run again it changes nothing.

    Raises Conflict for a file that says otherwise than the published form of the same code and number,
    and for one that is no form.
    """
    with transaction.atomic():
        made = [_load(file) for file in sorted(folder.glob(FILES))]
    return [form for form in made if form]


def _load(file: Path) -> AssessmentForm | None:
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    try:
        form = form_of(document)
        published_on = date.fromisoformat(document["published_on"])
    except (FormError, KeyError, ValueError) as error:
        raise Conflict(f"{file.name}: {error}") from None
    content = canonical(document)
    digest = digest_of(content)
    held = AssessmentForm.objects.filter(code=form.code, number=form.number).first()
    if held is None:
        return AssessmentForm.objects.create(
            code=form.code,
            number=form.number,
            published_on=published_on,
            title=form.title,
            source=form.source,
            content=content,
            digest=digest,
        )
    if held.digest != digest:
        raise Conflict(
            f"{file.name}: version {form.number} of “{held.title}” is published with other content. "
            "Published forms never change: put the file back and add one with the next number."
        )
    return None
