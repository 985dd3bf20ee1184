"""Rules about text: sizes, docstrings' homes, templates without inline code, no trace of a machine."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import source

MODULE_LINES = 400
VIEW_LINES = 300


def test_modules_stay_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in source.modules()}
    assert [
        f"{path.relative_to(source.ROOT)}: {length} lines"
        for path, length in lengths.items()
        if length > (VIEW_LINES if is_view(path) else MODULE_LINES)
    ] == []


def is_view(path: Path) -> bool:
    """Whether a module holds views."""
    return path.name == "views.py" or path.parent.name == "views"


INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_hold_nothing_inline(what: str) -> None:
    # A mail is read where no style sheet of ours can be fetched, and a print is not a page of the site.
    pages = [path for path in source.templates() if not {"email", "print"} & set(path.parts)]
    assert [
        f"{path.relative_to(source.ROOT)}: {found.group()[:60]}"
        for path in pages
        for found in INLINE[what].finditer(path.read_text())
    ] == []


# Written in two parts, so that this file does not hold what it looks for.
TRACES = ["/wo" + "rk/", "/ro" + "ot/", "/t" + "mp/", "pypi" + ".org", "python" + "hosted", "npmjs" + ".org", "deb.deb" + "ian.org"]  # fmt: skip


def test_repository_tells_nothing_about_a_machine() -> None:
    found = []
    for path in source.repository_files():
        if "vendor" in path.parts or path.name.endswith(".min.js"):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if any(is_trace(trace, line) for trace in TRACES):
                found.append(f"{path.relative_to(source.ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def is_trace(trace: str, line: str) -> bool:
    """Whether a line holds a trace; a path counts only from its own root, not inside a longer one."""
    if not trace.startswith("/"):
        return trace in line
    return re.search(rf"(?<![\w.\-/>}}]){re.escape(trace)}", line) is not None


def test_names_say_thing_and_condition() -> None:
    wrong = []
    for path in (source.ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(source.tree(path)):
            if (
                isinstance(node, ast.FunctionDef)
                and node.name.startswith("test_")
                and node.name.count("_") < 2
            ):
                wrong.append(f"{source.place(path, node)}: {node.name}")
    assert wrong == []


# Folders of tests that mirror no source: they look at the whole.
WHOLE = {"architecture", "journeys", "benchmarks", "access", "backends"}


def test_files_mirror_the_source() -> None:
    tests = source.ROOT / "tests"
    wrong = []
    for path in tests.rglob("test_*.py"):
        folder = path.relative_to(tests).parent
        if not folder.parts or folder.parts[0] in WHOLE:
            continue
        words = path.stem.removeprefix("test_").split("_")
        candidates = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
        homes = [source.ROOT / folder, source.ROOT / "school" / folder]
        if not any(
            (home / f"{name}.py").exists() or (home / name).is_dir()
            for home in homes
            for name in candidates
        ):
            wrong.append(str(path.relative_to(source.ROOT)))
    assert wrong == [], "school/core/days.py is tested in tests/core/test_days.py"
