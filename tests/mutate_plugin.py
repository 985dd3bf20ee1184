"""A pytest plugin that switches off one rule of the product for a run: loaded by tests/mutate.py alone."""

import builtins
import dis
import importlib
import inspect
import os
from types import CodeType, FunctionType
from typing import Any

import pytest


def pytest_sessionstart() -> None:
    """Swap the function that MUTATE names (module:function:result), once Django is set up."""
    module, name, result = os.environ["MUTATE"].split(":", 2)
    target: Any = importlib.import_module(module)
    for part in name.split("."):
        if not hasattr(target, part):
            raise pytest.UsageError(f"{module} has no {name}.")
        target = getattr(target, part)
    switch_off(inspect.unwrap(target), result)


def switch_off(function: FunctionType, result: str) -> None:
    """Make a function give `result`, an expression in its own module's names.

    The code is swapped and not the name, because others may hold the function itself already.
    """
    if function.__code__.co_freevars:
        raise pytest.UsageError(
            f"{function.__qualname__} closes over names: take the rule out of it."
        )
    source = compile(
        f"def {function.__name__}(*args, **kwargs): return {result}", "<switched off>", "exec"
    )
    (code,) = (constant for constant in source.co_consts if isinstance(constant, CodeType))
    # A misspelt name would make tests fail too, and the rule would seem to be tested.
    for step in dis.get_instructions(code):
        known = {**vars(builtins), **function.__globals__}
        if step.opname == "LOAD_GLOBAL" and step.argval not in known:
            raise pytest.UsageError(f"{function.__module__} has no {step.argval}.")
    function.__code__ = code
    function.__defaults__ = None
    function.__kwdefaults__ = None
