"""Keeps patients' NHS numbers out of free text: ten digits with a valid check digit."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_SPACE = r"[^\S\r\n]|[-\u2010-\u2015\u2212]"  # a space of any width, or a hyphen or dash
_IN_ROW = re.compile(r"(?<!\d)\d{10}(?!\d)")
_THREE_THREE_FOUR = re.compile(rf"(?<!\d)\d{{3}}(?:{_SPACE})+\d{{3}}(?:{_SPACE})+\d{{4}}(?!\d)")
_SIGN = r"[\W_]"  # anything but a letter or a figure
_NAMED = re.compile(
    rf"(?<![^\W_])N{_SIGN}{{0,2}}H{_SIGN}{{0,2}}S(?:numbers?|num|no)?(?:{_SIGN}+[^\W\d_]+){{0,7}}{_SIGN}*\Z",
    re.IGNORECASE,
)
_BEFORE = 200  # so far back from a number "NHS" is looked for
_GROUP = re.compile(r"\d+")
_BETWEEN = re.compile(rf"{_SIGN}{{1,5}}")
# One UUID in 1,300 holds ten digits in a row with a valid check digit; a quiz paper holds some fifty.
_UUID = re.compile(
    r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])", re.ASCII | re.IGNORECASE
)
# Letters that Unicode says are shown as nothing.
_BLANK = "\u115f\u1160\u3164\uffa0"

REFUSED = (
    "This holds an NHS number. Take it out: nothing that names a patient is kept here."
    " What you typed is still here."
)
WARNED = (
    "These ten digits could be an NHS number. Take them out if they are;"
    " if they are not, say so and send again."
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the text ten digits stand, and whether they are refused or only asked about."""

    start: int
    end: int
    refused: bool


class Taken:
    """Stretches of a text that something was found in; to ask it takes as long for thousands as for a few."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touches(self, start: int, end: int) -> bool:
        """Whether a stretch has a sign in common with what is taken."""
        after = bisect_right(self._ends, start)
        return after < len(self._starts) and self._starts[after] < end

    def take(self, start: int, end: int) -> None:
        """Takes a stretch that touches nothing taken before."""
        at = bisect_right(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry a valid modulus-11 check digit.

    Source: NHS Data Dictionary, NHS NUMBER: the first nine digits weighted 10 to 2, the sum's
    remainder by 11 taken from 11; 11 is written 0, and 10 makes no number.
    """
    if len(digits) != 10 or not digits.isdecimal():
        return False
    weighted = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - weighted % 11) % 11 == int(digits[9])


def nhs_numbers(text: str) -> list[Span]:
    """Every NHS number in a text, the refused ones first, each in the order of the text.

    Refused: ten in a row, 3-3-4 with spaces or hyphens, or any grouping after "NHS". Any other
    grouping of ten digits is a question that the writer answers: refusing every spacing would refuse
    5.6 % of ordinary notes. UUIDs are passed over.
    """
    text = without_uuids(text)
    refused: set[Span] = set()
    asked: set[Span] = set()
    # As it stands and as it looks: what cannot be seen neither hides a number nor joins it to another.
    readings: list[tuple[str, Sequence[int]]] = [(text, range(len(text)))]
    if not text.isascii():
        readings.append(visible(text))
    for looked_at, places in readings:
        found = (
            *rule_in_row(looked_at),
            *rule_three_three_four(looked_at),
            *rule_named(looked_at),
            *rule_other_grouping(looked_at),
        )
        for span in found:
            there = Span(places[span.start], places[span.end - 1] + 1, span.refused)
            (refused if there.refused else asked).add(there)
    taken = Taken((span.start, span.end) for span in refused)
    asked = {span for span in asked if not taken.touches(span.start, span.end)}
    return sorted(refused | asked, key=lambda span: (not span.refused, span.start, span.end))


def without_uuids(text: str) -> str:
    """The text with each UUID written as letters of the same length, so that everything else stays in its place."""
    return _UUID.sub(lambda found: "x" * len(found[0]), text)


def visible(text: str) -> tuple[str, Sequence[int]]:
    """A text as it reads, and where each character stood.

    Without what is not seen or is set above another sign (Unicode's Cf, Mn, Me), and with figures and
    letters of every script and width in their plain form.
    """
    places = [
        at
        for at, sign in enumerate(text)
        if unicodedata.category(sign) not in ("Cf", "Mn", "Me") and sign not in _BLANK
    ]
    return "".join(_plain(text[at]) for at in places), places


def _plain(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 else sign


def rule_in_row(text: str) -> list[Span]:
    """Ten digits in a row are refused."""
    return [Span(*found.span(), True) for found in _IN_ROW.finditer(text) if _valid(found[0])]


def rule_three_three_four(text: str) -> list[Span]:
    """Ten digits grouped 3-3-4 with spaces or hyphens are refused."""
    return [
        Span(*found.span(), True) for found in _THREE_THREE_FOUR.finditer(text) if _valid(found[0])
    ]


def rule_named(text: str) -> list[Span]:
    """Ten digits after "NHS", with a few words between, are refused, however they are grouped."""
    return [
        Span(start, end, True)
        for start, end in _groupings(text)
        if _valid(text[start:end]) and _NAMED.search(text, max(0, start - _BEFORE), start)
    ]


def rule_other_grouping(text: str) -> list[Span]:
    """Ten digits in any other grouping are asked about."""
    return [Span(start, end, False) for start, end in _groupings(text) if _valid(text[start:end])]


def _groupings(text: str) -> Iterator[tuple[int, int]]:
    """Runs of whole groups of digits, close together, that make ten digits."""
    groups = [found.span() for found in _GROUP.finditer(text)]
    for first, (start, end) in enumerate(groups):
        count = end - start
        # Ten groups have ten digits: the rest of a long list is not copied for each of them.
        for begins, ends in groups[first + 1 : first + 10]:
            if count >= 10 or not _BETWEEN.fullmatch(text, end, begins):
                break
            count += ends - begins
            end = ends
        if count == 10 and end != groups[first][1]:
            yield start, end


def _valid(text: str) -> bool:
    return is_nhs_number("".join(_GROUP.findall(text)))
