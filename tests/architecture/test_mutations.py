"""Every rule is in the table of `make mutate`, and the table names only rules that are there."""

import ast

import pytest

from tests.architecture import source
from tests.mutate import FAILED, MUTATIONS, TURNAROUND, Mutation
from tests.mutate import pytest as run


def test_every_rule_is_in_the_table() -> None:
    rules = {
        (".".join(path.relative_to(source.ROOT).with_suffix("").parts), node.name)
        for path in source.modules()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("rule_")
    }
    named = {(m.module, m.function) for m in MUTATIONS if m.function.startswith("rule_")}
    assert rules == named


def test_every_rule_is_in_the_table_once() -> None:
    keys = [(m.module, m.function, m.result) for m in MUTATIONS]
    assert sorted(keys) == sorted(set(keys))


def test_rule_that_no_test_needs_is_found() -> None:
    needless = Mutation("placements.limits", "rule_rest", "[]", TURNAROUND)
    assert run(TURNAROUND, needless).returncode == 0


def test_rule_that_a_test_needs_is_found() -> None:
    needed = Mutation("placements.turnaround", "rule_late", "False", TURNAROUND)
    assert run(TURNAROUND, needed).returncode == FAILED


@pytest.mark.slow
def test_rule_that_cannot_be_switched_off_is_no_failing_test() -> None:
    for function, result in (("rule_gone", "None"), ("rule_late", "Misspelt()")):
        mistake = Mutation("placements.turnaround", function, result, TURNAROUND)
        assert run(TURNAROUND, mistake).returncode not in (0, FAILED)
