"""Loads what the portal ships with to be learned: dementia skills training, its courses and the quiz of its module."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from school.courses.actions.modules import Choice, put_question
from school.courses.models import Course, CourseVersion, Label, Module, Prerequisite, Question

DATA = Path(__file__).parent / "data"
# What an answer begins with when it is right.
RIGHT = "*"


def load() -> None:
    """Adds the courses and the module that are missing; what is there is the School's and stays as it is."""
    with transaction.atomic():
        for data in _read("dementia.toml")["course"]:
            known = Q(uuid=UUID(data["uuid"])) | Q(code=data["code"])
            if not Course.objects.filter(known).exists():
                _add(data)
        _add_module(_read("dementia_questions.toml"))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def _add(data: dict[str, Any]) -> None:
    course = Course.objects.create(
        uuid=UUID(data["uuid"]),
        code=data["code"],
        title=data["title"],
        summary=data["summary"],
        level=Course.Level(data["level"]),
    )
    words = [(kind, name) for kind in Label.Kind for name in data.get(kind.value, [])]
    course.labels.set(_label(kind, name) for kind, name in words)
    for number, written in enumerate(data["version"], start=1):
        version = CourseVersion.objects.create(
            uuid=UUID(written["uuid"]),
            course=course,
            number=number,
            published_on=written["published_on"],
            title=course.title,
            outcomes="\n".join(written["outcomes"]),
            credit_minutes=written["credit_minutes"],
        )
        for code in written["after"]:
            Prerequisite.objects.create(version=version, course=Course.objects.get(code=code))


def _label(kind: Label.Kind, name: str) -> Label:
    return Label.objects.get_or_create(kind=kind, slug=slugify(name), defaults={"name": name})[0]


def _add_module(data: dict[str, Any]) -> None:
    """The module with its bank, where the version that it belongs to has none."""
    uuid = UUID(data["uuid"])
    version = CourseVersion.objects.filter(uuid=UUID(data["version"])).first()
    known = Q(uuid=uuid) | Q(version=version)
    if version is None or Module.objects.filter(known).exists():
        return
    module = Module.objects.create(
        uuid=uuid, version=version, asked=data["asked"], pass_percent=data["pass_percent"]
    )
    for written in data["question"]:
        put_question(
            module=module,
            uuid=uuid5(uuid, written["key"]),
            text=written["text"],
            kind=Question.Kind(written.get("kind", "one")),
            feedback=written["feedback"],
            answers=[
                Choice(text.removeprefix(RIGHT), text.startswith(RIGHT))
                for text in written["answers"]
            ],
        )
