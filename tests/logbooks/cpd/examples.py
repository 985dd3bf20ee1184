"""The shipped scheme, and activities with few words."""

from datetime import date

from logbooks.cpd.checks import Seen
from logbooks.cpd.learning import Learning
from logbooks.cpd.schemes import Scheme, scheme_of


def shipped() -> Scheme:
    """The HCPC's scheme as it ships."""
    found = scheme_of("HCPC", date(2026, 11, 23))
    assert found is not None
    return found


HCPC = shipped()


def seen(
    first: date,
    last: date | None = None,
    *,
    learning: str = Learning.WORK,
    minutes: int | None = 60,
    practice: bool = False,
    benefit: bool = False,
) -> Seen:
    """An activity of one day, unless its last is given."""
    return Seen(first, last or first, learning, minutes, practice, benefit)
