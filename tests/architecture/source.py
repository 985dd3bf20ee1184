"""The project's own source as the rules see it: files, syntax trees, models and the layers they belong to."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("school", "placements", "logbooks", "cms")

# From the ground up; what stands on one line are siblings, and none imports another.
LAYERS = (
    ("school.core",),
    ("school.people",),
    ("placements", "school.courses"),
    ("cms", "logbooks.competencies", "logbooks.osces", "logbooks.cpd", "logbooks.simulations"),
    ("school.coverage", "school.home"),
    ("school.demo",),
)


def modules() -> list[Path]:
    """Every module of the project itself, migrations left out."""
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    )


@functools.cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(), filename=str(path))


def place(path: Path, node: ast.AST) -> str:
    """`placements/actions.py:12`, for a message that can be followed."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def own_models() -> list[type[models.Model]]:
    """Every model of the project, the tables that simple-history makes included."""
    return [model for model in apps.get_models() if app_of(model.__module__)]


def app_of(module: str) -> str:
    """The app that a module belongs to, by its dotted name; empty when it is not ours."""
    for layer in LAYERS:
        for app in layer:
            if module == app or module.startswith(f"{app}."):
                return app
    return ""


def app_of_label(label: str) -> str:
    """The same, by Django's app label."""
    return app_of(apps.get_app_config(label).name)


def may_point_at(source: str, target: str) -> bool:
    """Whether one of our apps may know another: itself, or one on a lower layer."""
    if source == target:
        return True
    rank = {app: number for number, layer in enumerate(LAYERS) for app in layer}
    return rank[target] < rank[source]


def is_tracked(model: type[models.Model]) -> bool:
    """Whether simple-history keeps the model's past."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def is_history(model: type[models.Model]) -> bool:
    """Whether the model is a table that simple-history made."""
    return hasattr(model, "history_object") or hasattr(model, "instance_type")


def templates() -> list[Path]:
    """Every template of the project."""
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("templates/**/*")
        if path.is_file()
    )


def repository_files() -> Iterator[Path]:
    """Every file that is, or is about to be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            yield path
