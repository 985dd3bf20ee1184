"""What a regulator asks of its registrants, as dated data: one file for each shape that a scheme has had."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import (
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from school.core.days import DAY, add_months

DATA = Path(__file__).parent / "data"

# What else is sent beside the words of a page, under its own name.
RESERVED = frozenset({"begin", "csrfmiddlewaretoken", "seen", "words_checked"})

STRICT = ConfigDict(extra="forbid")
Number = Annotated[StrictInt, Field(ge=1)]
Text = Annotated[str, StringConstraints(strict=True, min_length=1)]
Key = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z_]{0,39}$")]
Day = Annotated[date, Field(strict=True)]


class SchemeError(ValueError):
    """A file of a scheme is wrong; the message says which, and where in it."""


class Kind(StrEnum):
    """What a part of a profile is made of."""

    WORDS = "words"
    DATED_LIST = "dated_list"
    EVIDENCE = "evidence"


class Shown(StrEnum):
    """The two sets of words about an activity by which a standard can be shown."""

    PRACTICE = "practice"
    BENEFIT = "benefit"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the profile: its title for whoever writes it, its heading for others, and questions that help.

    `most_words` is none where nothing is written. `about_chosen` is the part that describes the chosen activities.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Key
    title: Text
    heading: Text
    kind: Kind
    prompts: tuple[Text, ...]
    most_words: Number | None = None
    about_chosen: StrictBool = False

    def __post_init__(self) -> None:
        if (self.kind is Kind.WORDS) != (self.most_words is not None):
            raise ValueError("a part has most_words when its kind is words, and only then")
        if self.about_chosen and self.kind is not Kind.WORDS:
            raise ValueError("about_chosen is for a part of words alone")
        if self.key in RESERVED:
            raise ValueError(f"{self.key} is a name that the page needs")


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard, and what a person writes about an activity to show it, where that is so."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    number: Number
    title: Text
    asks: Text
    shown_by: Shown | None = None


@dataclass(frozen=True, slots=True)
class Checks:
    """The numbers by which a record is looked at.

    `gap_months` without any activity want a reason; `usual_` is how many activities are usual between two
    renewals, `described_` how many a profile describes. The regulator draws `drawn_percent` of a profession
    at each renewal, of those who have been registered for `registered_years`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    least_types: Number
    gap_months: Number
    usual_least: Number
    usual_most: Number
    described_least: Number
    described_most: Number
    registered_years: Number
    drawn_percent: Annotated[Decimal, Field(gt=0, le=100)]

    def __post_init__(self) -> None:
        if self.usual_least > self.usual_most:
            raise ValueError("usual_least is more than usual_most")
        if self.described_least > self.described_most:
            raise ValueError("described_least is more than described_most")


@dataclass(frozen=True, slots=True)
class Profession:
    """A profession: what its registration numbers begin with ("" when not known), and one known renewal window."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Text
    name: Text
    prefix: Annotated[str, StringConstraints(strict=True, pattern="^[A-Z]*$")]
    opens: Day
    closes: Day
    cycle_months: Number
    window_months: Number
    source: Text

    def __post_init__(self) -> None:
        following = self.closes + DAY
        if following.day != 1:
            raise ValueError("closes is not the last day of a month")
        if self.opens != add_months(following, -self.window_months):
            raise ValueError("opens is not window_months before closes")
        if self.window_months > self.cycle_months:
            raise ValueError("the window is longer than the cycle")


@dataclass(frozen=True, slots=True)
class Scheme:
    """The shape of a regulator's scheme from a day on; `regulator` is a value of a person's regulator."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    key: Text
    regulator: Text
    name: Text
    first: Annotated[Day, Field(alias="from")]
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    checks: Checks
    parts: tuple[Part, ...]
    standards: tuple[Standard, ...]
    professions: tuple[Profession, ...]

    def __post_init__(self) -> None:
        _unique("part", (one.key for one in self.parts))
        _unique("standard", (one.number for one in self.standards))
        _unique("profession", (one.key for one in self.professions))
        _unique("prefix", (one.prefix for one in self.professions if one.prefix))
        _unique("shown_by", (one.shown_by for one in self.standards if one.shown_by))
        _unique("about_chosen", (True for one in self.parts if one.about_chosen))

    @property
    def written(self) -> tuple[Part, ...]:
        """The parts that a person writes, in their order."""
        return tuple(one for one in self.parts if one.kind is Kind.WORDS)

    @property
    def about_chosen(self) -> Part | None:
        """The part that describes the chosen activities."""
        return next((one for one in self.parts if one.about_chosen), None)

    def shown_by(self, words: Shown) -> Standard | None:
        """The standard that words about an activity show."""
        return next((one for one in self.standards if one.shown_by is words), None)


_FILE = TypeAdapter(Scheme)


def load(folder: Path) -> tuple[Scheme, ...]:
    """Every scheme of a folder, oldest first. Raises SchemeError for a file that is wrong, or at odds with another."""
    files = sorted(folder.glob("*.toml"))
    loaded = sorted(
        ((_read(file), file.name) for file in files), key=lambda one: (one[0].first, one[1])
    )
    for place, (scheme, name) in enumerate(loaded):
        for before, other in loaded[:place]:
            if wrong := _odds(before, scheme):
                raise SchemeError(f"{name}, {wrong} as in {other}")
    return tuple(scheme for scheme, _ in loaded)


def in_force(loaded: Iterable[Scheme], day: date) -> tuple[Scheme, ...]:
    """The schemes as they hold on a day, one for each regulator; `loaded` is in the order of `load`."""
    return tuple({one.key: one for one in _until(loaded, day)}.values())


def schemes(day: date) -> tuple[Scheme, ...]:
    """Every scheme that holds on a day, as it holds then."""
    return in_force(_shipped(), day)


def scheme_of(regulator: str, day: date) -> Scheme | None:
    """The scheme of a regulator as it holds on a day; none where there is none."""
    return next((one for one in schemes(day) if one.regulator == regulator), None)


def scheme_with(key: str, day: date) -> Scheme | None:
    """The scheme of the regulator of a profession as it holds on a day, also where it names the profession no more."""
    named = (one for one in reversed(_begun(day)) if any(key == p.key for p in one.professions))
    found = next(named, None)
    return scheme_of(found.regulator, day) if found else None


def profession(key: str, day: date) -> Profession | None:
    """A profession by its key, as the newest file has it that has begun by a day."""
    return next((one for one in _professions(_begun(day)) if one.key == key), None)


def profession_of(regulator: str, registration_number: str, day: date) -> Profession | None:
    """The profession that a registration number begins with on a day, whatever its case and spaces; none when it says none."""
    number = "".join(registration_number.split()).upper()
    letters = "".join(takewhile(lambda one: not one.isdecimal(), number))
    own = [one for one in _begun(day) if one.regulator == regulator]
    return next((one for one in _professions(own) if letters and one.prefix == letters), None)


def _until(loaded: Iterable[Scheme], day: date) -> tuple[Scheme, ...]:
    return tuple(takewhile(lambda one: one.first <= day, loaded))


def _begun(day: date) -> tuple[Scheme, ...]:
    """Every file that has begun by a day, oldest first: what is to hold later says nothing yet."""
    return _until(_shipped(), day)


@cache
def _shipped() -> tuple[Scheme, ...]:
    return load(DATA)


def _professions(loaded: Sequence[Scheme]) -> Iterator[Profession]:
    """Newest first."""
    for scheme in reversed(loaded):
        yield from scheme.professions


def _read(file: Path) -> Scheme:
    try:
        return _FILE.validate_python(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemeError(f"{file.name}: {error}") from error
    except ValidationError as error:
        wrong = [f"{_place(found['loc'])}: {found['msg']}" for found in error.errors()]
        raise SchemeError(f"{file.name}, {'; '.join(wrong)}") from error


def _place(loc: tuple[int | str, ...]) -> str:
    """ "professions 3, closes": the third of them."""
    words = "".join(f" {one + 1}" if isinstance(one, int) else f", {one}" for one in loc)
    return words.removeprefix(", ") or "the whole"


def _unique(what: str, found: Iterable[object]) -> None:
    seen = set()
    for one in found:
        if one in seen:
            raise ValueError(f"{what} {one} is there twice")
        seen.add(one)


def _odds(before: Scheme, after: Scheme) -> str:
    """What two files cannot both say; empty when they can both be true."""
    same = before.key == after.key
    if same and before.first == after.first:
        return f"from: {after.key} holds from {after.first}"
    if same != (before.regulator == after.regulator):
        return f"key and regulator: not the same {'regulator' if same else 'key'}"
    shared = {one.key for one in before.professions} & {one.key for one in after.professions}
    if shared and not same:
        return f"professions: {min(shared)} is there"
    return ""
