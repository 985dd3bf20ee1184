"""What import-linter cannot see: keys, names in strings and migrations keep to the direction of imports."""

import ast

import pytest
from django.db import models
from django.db.migrations.loader import MigrationLoader

from tests.architecture import source


def relations() -> list[tuple[str, str, str]]:
    """Each relation between models of ours as (what, app it stands in, app it points at)."""
    return [
        (f"{model.__name__}.{field.name}", source.app_of(model.__module__), target)
        for model in source.own_models()
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if isinstance(field.related_model, type)
        and (target := source.app_of(field.related_model.__module__))
    ]


def test_keys_point_down_the_layers() -> None:
    assert [
        f"{what}: {own} points at {target}"
        for what, own, target in relations()
        if not source.may_point_at(own, target)
    ] == []


def test_model_names_in_strings_point_down_the_layers() -> None:
    wrong = []
    for path in source.modules():
        module = ".".join(path.relative_to(source.ROOT).with_suffix("").parts)
        own = source.app_of(module)
        for node in ast.walk(source.tree(path)):
            if (
                own
                and isinstance(node, ast.Call)
                and called_name(node) == "get_model"
                and node.args
            ):
                first = node.args[0]
                if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                    continue
                target = source.app_of_label(first.value.split(".")[0])
                if target and not source.may_point_at(own, target):
                    wrong.append(f"{source.place(path, node)}: {own} names {first.value}")
    assert wrong == []


def called_name(call: ast.Call) -> str:
    """The last part of what is called."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def test_migrations_depend_down_the_layers() -> None:
    loader = MigrationLoader(None)
    wrong = []
    for (label, name), migration in loader.disk_migrations.items():
        own = source.app_of(migration.__module__)
        if not own:
            continue
        for needed_label, needed in migration.dependencies:
            # A dependency on a setting, AUTH_USER_MODEL, is one on the app the setting names.
            target_label = needed.split(".")[0] if needed_label == "__setting__" else needed_label
            if needed_label == "__setting__":
                target_label = "people"
            target = source.app_of_label(target_label)
            if target and not source.may_point_at(own, target):
                wrong.append(f"{label}.{name}: {own} depends on {target_label}.{needed}")
    assert wrong == []


def own_labels() -> list[str]:
    """The labels of our apps that have migrations."""
    loader = MigrationLoader(None)
    return sorted(label for label in loader.migrated_apps if source.app_of_label(label))


def test_migrations_form_one_line_per_app() -> None:
    loader = MigrationLoader(None)
    wrong = []
    for label in own_labels():
        names = sorted(name for app, name in loader.disk_migrations if app == label)
        parents = {
            name: [
                needed
                for app, needed in loader.disk_migrations[label, name].dependencies
                if app == label
            ]
            for name in names
        }
        expected = {name: names[number - 1 : number] for number, name in enumerate(names)}
        if parents != expected:
            wrong.append(f"{label}: {parents}")
        if [int(name[:4]) for name in names] != list(range(1, len(names) + 1)):
            wrong.append(f"{label}: numbers are not 0001, 0002, … once each: {names}")
    assert wrong == []


@pytest.mark.parametrize("on_delete", [models.SET_NULL, models.SET_DEFAULT, models.SET])
def test_keys_never_forget_what_they_pointed_at(on_delete: object) -> None:
    """A deletion that quietly empties a key would change a record; simple-history's own tables are its affair."""
    assert [
        f"{model.__name__}.{field.name}"
        for model in source.own_models()
        if not source.is_history(model)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is on_delete
    ] == []


# Keys to these PROTECT: a record must not go because somebody it speaks of went.
PROTECTED = {"people.User", "people.Person", "people.Site", "people.Organisation", "placements.Placement", "placements.Enrolment", "core.Book", "core.LedgerEntry"}  # fmt: skip
# Parts that their parent wholly owns.
OWNED = {"people.SiteCode.site", "people.MailDomain.site"}


def test_keys_to_people_and_records_protect_them() -> None:
    unprotected = {
        f"{model._meta.label}.{field.name}"
        for model in source.own_models()
        if not source.is_history(model)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.label in PROTECTED
        and field.remote_field.on_delete is not models.PROTECT
    }
    assert unprotected == OWNED
