"""How long something took, as other tools and people write it, in minutes."""

import re
from decimal import ROUND_HALF_UP, Decimal

READABLE = "write it as 1.5, 1:30, 90 min or 1h 30m"
_NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,9})?"
_PLAIN = re.compile(_NUMBER)
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::[0-5][0-9])?")
_WORDS = re.compile(
    rf"(?:({_NUMBER}) ?(?:hours?|hrs?|h)\.?)?(?:,| and)? ?(?:({_NUMBER}) ?(?:minutes?|mins?|m)\.?)?"
)
# "1h30" and "1h 30" leave the minutes out.
_SHORT = re.compile(r"([0-9]{1,4}) ?h ?([0-5]?[0-9])")


def is_plain(text: str) -> bool:
    """Whether a duration is a number alone, which may be hours or minutes."""
    return _PLAIN.fullmatch(text.strip()) is not None


def minutes_of(text: str, *, plain_minutes: bool) -> int:
    """The minutes of a duration, rounded to whole ones; a number alone is minutes or hours as `plain_minutes` says.

    Raises ValueError with a sentence.
    """
    typed = text.strip().lower()
    if is_plain(typed):
        return _whole(_decimal(typed) * (1 if plain_minutes else 60))
    if found := _CLOCK.fullmatch(typed) or _SHORT.fullmatch(typed):
        return int(found[1]) * 60 + int(found[2])
    if typed and (found := _WORDS.fullmatch(typed)) and (found[1] or found[2]):
        return _whole(_decimal(found[1] or "0") * 60 + _decimal(found[2] or "0"))
    raise ValueError(f"this is no length of time; {READABLE}")


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _whole(minutes: Decimal) -> int:
    return int(minutes.to_integral_value(ROUND_HALF_UP))
