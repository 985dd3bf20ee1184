"""How many words a text has: runs between white space, counted as a browser counts them."""

import re

# What \s matches in JavaScript, so that the count on a page, made while somebody types, is the same. Python's \s
# also matches U+001C to U+001F and U+0085, and does not match U+FEFF.
WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_WORD = re.compile(f"[^{WHITE_SPACE}]+")


def count(text: str) -> int:
    """The words of a text."""
    return sum(1 for _ in _WORD.finditer(text))
