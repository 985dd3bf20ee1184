"""Several values in one column, one a line: a payload holds no control character, so the line separator of Unicode parts them."""

from collections.abc import Iterable

SEPARATOR = "\u2028"


def joined(values: Iterable[str]) -> str:
    """The values as a column holds them; `str.splitlines` gives them back."""
    return SEPARATOR.join(values)
