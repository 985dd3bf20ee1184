"""Every rule is in the table of `make mutate`, and the table names only rules that are there."""

import ast

from tests.architecture import source
from tests.mutate import MUTATIONS


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
