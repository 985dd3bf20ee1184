"""Assessment forms and what follows from ratings: the outcome, how far two assessors agree, and items that many fail."""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What an item is rated that could not be seen at this attempt, where the form allows it.
NOT_SEEN = "not_seen"
# As many pairs as kappa is said of. Source: the School's own rule; fewer say nothing.
KAPPA_FROM = 30
# Figures of items are of whole fives of students, so that nobody's own rating is learned from a difference.
ENOUGH = 5

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class FormError(ValueError):
    """A form's document that cannot be used; the message says what is wrong."""


class RatingError(ValueError):
    """Ratings that a form does not take; `items` are the codes of those that are wrong or missing."""

    def __init__(self, message: str, items: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.items = tuple(items)


# Forms ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rating:
    """A step of a form's rating scale, and whether an item rated so is met."""

    code: str
    title: str
    meets: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """A step of the global judgement, and whether it passes."""

    code: str
    title: str
    passes: bool


@dataclass(frozen=True, slots=True)
class Item:
    """What is rated. `critical` is why it fails the whole when it is not met, empty when it does not."""

    code: str
    title: str
    group: str
    critical: str
    may_be_unseen: bool
    source: str


@dataclass(frozen=True, slots=True)
class Form:
    """A version of a form as its document says it; items in their order."""

    code: str
    number: int
    title: str
    about: str
    source: str
    scale: tuple[Rating, ...]
    judgements: tuple[Judgement, ...]
    items: tuple[Item, ...]

    def meets(self, rating: str) -> bool | None:
        """Whether an item rated so is met; None when it was not seen."""
        if rating == NOT_SEEN:
            return None
        return next(step.meets for step in self.scale if step.code == rating)

    def item(self, code: str) -> Item:
        """The item of a code; raises StopIteration for another's."""
        return next(item for item in self.items if item.code == code)


def canonical(document: Mapping[str, Any]) -> str:
    """A document as one JSON text, the same for the same content: keys sorted, NFC, no spaces."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def digest_of(content: str) -> str:
    """SHA-256 in hexadecimal of a form's content in UTF-8."""
    return hashlib.sha256(content.encode()).hexdigest()


def form_of(document: Mapping[str, Any]) -> Form:
    """The form that a document describes. Raises FormError."""
    try:
        form = Form(
            code=str(document["code"]),
            number=int(document["number"]),
            title=str(document["title"]),
            about=str(document["about"]),
            source=str(document["source"]),
            scale=tuple(
                Rating(str(step["code"]), str(step["title"]), bool(step["meets"]))
                for step in document["scale"]
            ),
            judgements=tuple(
                Judgement(str(step["code"]), str(step["title"]), bool(step["passes"]))
                for step in document["judgements"]
            ),
            items=tuple(
                Item(
                    code=str(item["code"]),
                    title=str(item["title"]),
                    group=str(group["title"]),
                    critical=str(item.get("critical", "")),
                    may_be_unseen=bool(item.get("may_be_unseen", False)),
                    source=str(item["source"]),
                )
                for group in document["groups"]
                for item in group["items"]
            ),
        )
    except KeyError as error:
        raise FormError(f"The form says nothing of {error.args[0]}.") from None
    _check(form)
    return form


def parsed(content: str) -> Form:
    """The form that a stored content describes. Raises FormError."""
    try:
        document = json.loads(content)
    except ValueError:
        raise FormError("The form is no JSON.") from None
    return form_of(document)


def _check(form: Form) -> None:
    named = {
        "item": [item.code for item in form.items],
        "rating": [step.code for step in form.scale],
        "judgement": [step.code for step in form.judgements],
    }
    for what, codes in named.items():
        if not codes:
            raise FormError(f"The form has no {what}.")
        for code, times in Counter(codes).items():
            if times > 1:
                raise FormError(f"The {what} {code} is there {times} times.")
            if not _CODE.fullmatch(code):
                raise FormError(f"{code!r} is no code: small letters, digits and _ only.")
    if NOT_SEEN in named["rating"]:
        raise FormError(f"{NOT_SEEN} is the portal’s own rating and stands in no scale.")
    for what, yes in (
        ("rating meets an item", {step.meets for step in form.scale}),
        ("judgement passes", {step.passes for step in form.judgements}),
    ):
        if yes != {True, False}:
            raise FormError(f"Either no {what}, or every one does.")


# Ratings ----------------------------------------------------------------------------------------


def checked(form: Form, ratings: Mapping[str, str]) -> dict[str, str]:
    """The ratings in the order of the form's items; raises RatingError for what is missing, unknown or not of the scale."""
    known = {item.code for item in form.items}
    strange = sorted(ratings.keys() - known)
    if strange:
        raise RatingError("The form has no such item.", strange)
    missing = [item.code for item in form.items if not ratings.get(item.code)]
    if missing:
        number = "1 item is" if len(missing) == 1 else f"{len(missing)} items are"
        raise RatingError(f"{number} not rated yet.", missing)
    steps = {step.code for step in form.scale}
    wrong = [
        item.code
        for item in form.items
        if ratings[item.code] not in steps
        and not (ratings[item.code] == NOT_SEEN and item.may_be_unseen)
    ]
    if wrong:
        raise RatingError("The form has no such rating for this item.", wrong)
    return {item.code: ratings[item.code] for item in form.items}


def text_of(ratings: Mapping[str, str]) -> str:
    """Ratings as they are kept: "identity met; glucose not_seen"."""
    return "; ".join(f"{item} {rating}" for item, rating in ratings.items())


def ratings_of(text: str) -> dict[str, str]:
    """Ratings from how they are kept, in their order."""
    pairs = (line.partition(" ") for line in text.split("; ") if line)
    return {item: rating for item, _, rating in pairs}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from ratings and a judgement: codes of the items that were not met, and of those not seen."""

    passed: bool
    critical: tuple[str, ...]
    not_met: tuple[str, ...]
    not_seen: tuple[str, ...]
    judged: bool


def outcome(form: Form, ratings: Mapping[str, str], judgement: str) -> Outcome:
    """Passed when no critical item is unmet and the global judgement passes. Raises RatingError.

    An item that was not seen is not unmet, and only where the form allows it can it be unseen. What is not met
    and not critical weighs in the judgement of the assessor, not in a sum.
    """
    whole = checked(form, ratings)
    judged = next((step.passes for step in form.judgements if step.code == judgement), None)
    if judged is None:
        raise RatingError("The form has no such judgement.", ["judgement"])
    not_met = tuple(code for code, rating in whole.items() if form.meets(rating) is False)
    critical = tuple(code for code in not_met if form.item(code).critical)
    return Outcome(
        passed=judged and not critical,
        critical=critical,
        not_met=not_met,
        not_seen=tuple(code for code, rating in whole.items() if rating == NOT_SEEN),
        judged=judged,
    )


def both_passed(first: bool, second: bool | None) -> bool:
    """Whether an attempt passed: where there are two assessors, both say so."""
    return first and second is not False


# Agreement --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two assessors agree: of `n` items that both rated, `agreed` alike; kappa where it may be said."""

    n: int
    agreed: int
    kappa: float | None
    # Why there is no kappa, empty when there is one.
    why: str = ""

    @property
    def percent(self) -> int | None:
        """The raw agreement in whole percent; None of nothing."""
        return round(100 * self.agreed / self.n) if self.n else None


def pairs_of(
    form: Form, first: Mapping[str, str], second: Mapping[str, str]
) -> list[tuple[bool, bool]]:
    """Met or not met by each of two assessors, for each item that both saw."""
    found = ((form.meets(rating), form.meets(second[code])) for code, rating in first.items())
    return [(a, b) for a, b in found if a is not None and b is not None]


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    """n and raw agreement always; kappa only where each assessor used both ratings and there are 30 pairs or more.

    Whoever uses one rating only makes kappa 0 or nothing at all, however well the two agree.
    """
    n, agreed = len(pairs), sum(a == b for a, b in pairs)
    if n < KAPPA_FROM:
        return Agreement(n, agreed, None, f"Kappa is shown from {KAPPA_FROM} items on.")
    if any(len({pair[side] for pair in pairs}) < 2 for side in (0, 1)):
        return Agreement(n, agreed, None, "Kappa is shown when each assessor used both ratings.")
    return Agreement(n, agreed, kappa(pairs))


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of two raters: (observed - expected agreement) / (1 - expected).

    Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20, 1960, 37-46. None of no pairs, and where all expected agreement is certain.
    """
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    # Whole numbers until the end: n * n * (observed - expected) over n * n * (1 - expected).
    by_chance = sum(first[rating] * second[rating] for rating in first)
    if by_chance == n * n:
        return None
    agreed = sum(a == b for a, b in pairs)
    return (n * agreed - by_chance) / (n * n - by_chance)


# Items that many fail ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Of `seen` ratings of an item, how many were not met; at `unseen` attempts it was not seen."""

    item: Item
    not_met: int
    seen: int
    unseen: int

    @property
    def percent(self) -> int | None:
        """Not met in whole percent of seen; None when nobody saw it."""
        return round(100 * self.not_met / self.seen) if self.seen else None


@dataclass(frozen=True, slots=True)
class FormFigures:
    """The items of a form, those not met most first, over `attempts` attempts of `students` students; `waiting` are not counted yet."""

    attempts: int
    students: int
    waiting: int
    items: tuple[ItemFigures, ...]


def hardest(form: Form, attempts: Sequence[tuple[int, Mapping[str, str]]]) -> FormFigures:
    """How often each item was not met, until the last whole five of students was full.

    `attempts` are a key of the student and the ratings, in the order in which they were given. What
    comes after the last student of a whole five waits, so that two figures never differ by one student.
    """
    counted, students = whole_fives([student for student, _ in attempts])
    shown = [ratings for _, ratings in attempts[:counted]]
    figures = []
    for item in form.items if counted else ():
        met = [form.meets(ratings[item.code]) for ratings in shown]
        figures.append(
            ItemFigures(
                item=item,
                not_met=met.count(False),
                seen=len(met) - met.count(None),
                unseen=met.count(None),
            )
        )
    # By share; those that nobody saw last. The sort keeps the form's order among equals.
    figures.sort(key=lambda row: -(row.not_met / row.seen) if row.seen else 1)
    return FormFigures(counted, students, len(attempts) - counted, tuple(figures))


def whole_fives(students: Iterable[int]) -> tuple[int, int]:
    """How many attempts, up to the first of the last student of a whole five; and of how many students."""
    seen: set[int] = set()
    counted = whole = 0
    for place, student in enumerate(students, start=1):
        if student not in seen:
            seen.add(student)
            if len(seen) % ENOUGH == 0:
                counted, whole = place, len(seen)
    return counted, whole
