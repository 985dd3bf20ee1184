"""Rules about every model: its sort, its paired fields, and writes that would leave no trace."""

import ast
from pathlib import Path

from django.apps import apps
from django.db import models
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from school.core.models import Fact, PrivateText
from tests.architecture import source

# Neither fact, nor history-tracked, nor private text; each with the reason.
EXEMPT = {
    "cms.SecondReader": "a step of Wagtail's own moderation, made once by setup; Wagtail's log keeps what passed through it",
    "competencies.CurrentCompetency": "a current state, rebuilt from the facts by a command",
    "competencies.SharedCopy": "a token that is ended or runs out; what it opened is written down beside it",
    "competencies.SharedCopyOpening": "a log by itself: when somebody opened a shared copy, and which file of it",
    "competencies.SigningLink": "a token that is used or expires; the sign-offs made by it are facts",
    "competencies.SigningPin": "a secret, set anew or thrown away at will; a history would keep the old ones",
    "core.ConflictingWrite": "evidence of a refused write, kept until a person has looked at it",
    "core.JobRun": "the clock's own log: which job was due when, and how it ended",
    "core.Progress": "how far a background task has come; of no interest once it is done",
    "core.WorkerBeat": "a sign of life, overwritten every few seconds",
    "coverage.ApiToken": "a secret that is ended or runs out; what it opened of people stands in the access log",
    "coverage.Reminded": "what a mail was about: written once with it, and taken back with one that a digest still holds",
    "coverage.Satisfied": "a current state, rebuilt from the facts by a command",
    "coverage.TakenIn": "how far the kept state has come: one number, of no interest once it grew",
    "cpd.ImportedFile": "how a file was read, so that the next is read the same; the activities it made have a history",
    "cpd.Noticed": "told by other apps' facts and told again by a command; what its person makes of it has a history",
    "cpd.NoticedUpTo": "how far noticing has come: one number, of no interest once it grew",
    "courses.Booking": "a current state, rebuilt from the facts by a command",
    "courses.CalendarFeed": "a secret address, made anew at will; a history would keep the old ones",
    "osces.Tablet": "a sign of life of a device, overwritten every few seconds",
    "people.AccessLog": "a log by itself: who opened whose record, counted up within the hour",
    "people.AddressChange": "a token that is used or expires; the person and the account it changes have a history",
    "people.Invitation": "a token that is used or expires; the person it leads to has a history",
    "people.Mail": "an outbox: its rows move from waiting to sent and say so by themselves",
    "people.RefusedAddress": "a mark that goes when mail arrives there again; the mails themselves stand",
    "people.Scope": "the shadow of a site, cohort or the like, which has a history; never edited",
    "placements.AdjustmentProposal": "a draft that waits for a second person; deleted when the fact is written or it is declined",
    "placements.ConfirmationLink": "a token that is used or expires; the decisions made by it are facts",
    "placements.CurrentShift": "a current state, rebuilt from the facts by a command",
    "placements.StageTally": "a current state, rebuilt from the facts by a command",
}


def sort_of(model: type[models.Model]) -> str:
    """Which of the four sorts a model is of; empty when of none."""
    if issubclass(model, PrivateText):
        return "private text"
    if issubclass(model, Fact) or getattr(model, "APPEND_ONLY", False):
        return "fact"
    if source.is_tracked(model) or source.is_history(model):
        return "edited"
    if issubclass(model, Page):
        return "page"  # Wagtail's revisions keep its past
    return ""


def test_every_model_is_of_one_sort() -> None:
    unsorted = {model._meta.label for model in source.own_models() if not sort_of(model)}
    assert unsorted == set(EXEMPT), (
        "A model needs a sort, or a reason in EXEMPT; an exempt model must exist."
    )


def test_a_fact_has_no_history_of_edits() -> None:
    assert [
        model._meta.label
        for model in source.own_models()
        if sort_of(model) in {"fact", "private text", "page"} and source.is_tracked(model)
    ] == []


def test_facts_and_private_text_are_no_snippets() -> None:
    """Wagtail would offer them for editing; Django's own admin is not installed at all."""
    assert not apps.is_installed("django.contrib.admin")
    assert [
        model._meta.label
        for model in get_snippet_models()
        if sort_of(model) in {"fact", "private text"}
    ] == []


def test_exemptions_all_say_why() -> None:
    assert [label for label, reason in EXEMPT.items() if len(reason) < 20] == []


def test_paired_fields_have_a_constraint() -> None:
    unpaired = []
    for model in source.own_models():
        if source.is_history(model):
            continue
        fields = {field.name: field for field in model._meta.local_fields}
        for name, field in fields.items():
            other = fields.get(f"{name.removesuffix('_at')}_by") if name.endswith("_at") else None
            if other is None or not (field.null or other.null):
                continue
            if not any(
                {name, other.name} <= names_in(constraint.condition)
                for constraint in model._meta.constraints
                if isinstance(constraint, models.CheckConstraint)
            ):
                unpaired.append(f"{model._meta.label}.{name} and .{other.name}")
    assert unpaired == []


def names_in(condition: object) -> set[str]:
    """The field names that a condition speaks of."""
    if isinstance(condition, models.Q):
        return set().union(*(names_in(child) for child in condition.children))
    if isinstance(condition, tuple):
        return {condition[0].split("__")[0]}
    return set()


def test_constraints_have_names_of_their_own() -> None:
    """A duplicate name is legal on SQLite and refused on PostgreSQL."""
    names = [
        constraint.name for model in source.own_models() for constraint in model._meta.constraints
    ]
    assert sorted(names) == sorted(set(names))


def test_edited_models_are_never_changed_behind_their_history() -> None:
    """`update`, `bulk_update` and `bulk_create` write no history, so the model they write must be named and untracked."""
    untracked = {model.__name__ for model in source.own_models() if not source.is_tracked(model)}
    wrong = []
    for path in source.modules():
        tree = source.tree(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and is_bulk_write(node) and not path.match(APPENDS):
                root = root_name(node.func)
                # A function of the module that says `-> QuerySet[Mail]` names the model as well.
                names = returned_names(tree).get(root, {root})
                if not names & (untracked | FRAMEWORK_MODELS):
                    wrong.append(f"{source.place(path, node)}: {ast.unparse(node)[:80]}")
    assert wrong == [], (
        "Name an untracked model in the same expression, or save through the instance."
    )


def returned_names(tree: ast.Module) -> dict[str, set[str]]:
    """For each function of a module, the names in the annotation of what it returns."""
    return {
        node.name: {name.id for name in ast.walk(node.returns) if isinstance(name, ast.Name)}
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.returns is not None
    }


# Models of Django and Wagtail that our code writes in bulk, and what links have in common; none of them has a history.
FRAMEWORK_MODELS = {"Session", "DBTaskResult", "Permission", "Group", "CodedLink"}


# The module through which every fact is inserted; it takes rows of any append-only model.
APPENDS = "school/core/engine/writing.py"


def is_bulk_write(call: ast.Call) -> bool:
    """Whether a call looks like a queryset's write that goes round save()."""
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr in {"bulk_update", "bulk_create", "aupdate"}:
        return True
    # A dictionary's update takes a positional argument; a queryset's takes none.
    return call.func.attr == "update" and bool(call.keywords) and not call.args


def root_name(node: ast.AST) -> str:
    """The name that a chain of attributes and calls begins with."""
    while True:
        match node:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                node = inner
            case ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return name
            case _:
                return ""


def test_save_is_never_overridden() -> None:
    """Rules live in actions and constraints."""
    assert [
        source.place(path, function)
        for path in model_modules()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.ClassDef)
        for function in node.body
        if isinstance(function, ast.FunctionDef) and function.name in {"save", "delete"}
    ] == []


def model_modules() -> list[Path]:
    """The modules that hold models."""
    return [
        path
        for path in source.modules()
        if path.name == "models.py" or path.parent.name == "models"
    ]
