"""Lint, types, import rules, templates, dependencies and migrations, each a test like any other."""

import pytest

from tests import lint


@pytest.mark.parametrize("name", lint.CHECKS)
def test_lint_finds_nothing(name: str) -> None:
    done = lint.run(name)
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
