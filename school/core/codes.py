"""Codes that are printed on documents, to be typed by a stranger and guessed by nobody."""

import secrets

# Digits and letters of which none is taken for another: no I, L, O and U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # of 32 letters: 80 bits
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A code that nobody guesses: 80 random bits in letters that are not mistaken for one another."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def plain(typed: str) -> str:
    """A code as it is kept, from however it was typed; empty when it cannot be one."""
    found = "".join(typed.upper().split()).replace("-", "").translate(READ_AS)
    right = len(found) == CODE_LENGTH and set(found) <= set(LETTERS)
    return found if right else ""


def grouped(code: str) -> str:
    """A code as it is printed: "7K4M-Q2XD-9TRW-3HNB"."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
