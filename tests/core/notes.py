"""Notes as students write them, made from a seed: with an NHS number planted in each, and without one."""

import random
from collections.abc import Iterator

SEED = 20261122
MANY = 10_000

PHRASES = (
    "The patient was anxious and wanted to know how long the uptake takes.",
    "I watched the cannula go in and the residual being measured.",
    "MR liver was compared with the PET images on the second screen.",
    "Blood glucose was 5.8 mmol/L, so the injection went ahead.",
    "We repeated the scout because the arms had moved.",
    "Next time I would explain the hour of rest before the injection.",
    "The NHS trust next door sent the referral this morning.",
    "Half-body from mid-thigh to the base of the skull, 7 beds of 2 minutes.",
    "The radiographer let me position the head rest.",
    "An MR scan of the prostate had been reported the week before.",
    "I did not know what a rising SUV of 4.2 means.",
    "She weighed 62 kg and was 164 cm tall.",
    "QA passed: constancy within 1.3 %, uniformity within 5 %.",
    "The NHS number stood on the wristband, and two of us checked it.",
)
NAMED = (
    "NHS",
    "NHS no",
    "NHS No.",
    "NHS number",
    "NHS number:",
    "NHS:",
    "nhs num",
    "NHS number is",
)
GAPS = (" ", "-", " ", "-", "\u00a0", "\u2011", "  ", " - ")


def nhs_number(chance: random.Random) -> str:
    """Ten digits whose weighted sum divides by 11."""
    while True:
        nine = [chance.randrange(10) for _ in range(9)]
        weighted = sum(digit * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
        check = -weighted % 11
        if check < 10:
            return "".join(map(str, [*nine, check]))


def planted(seed: int = SEED, many: int = MANY) -> Iterator[tuple[str, str]]:
    """Notes that hold an NHS number: in a row, 3-3-4 with spaces or hyphens, or after "NHS"; with the number as written."""
    chance = random.Random(seed)
    for _ in range(many):
        number = nhs_number(chance)
        way = chance.randrange(3)
        if way == 0:
            written = number
        elif way == 1:
            written = chance.choice(GAPS).join((number[:3], number[3:6], number[6:]))
            if chance.random() < 0.2:
                written = f"{number[:3]} {number[3:6]}-{number[6:]}"
        else:
            written = f"{chance.choice(NAMED)} {grouped(number, chance)}"
        words = _words(chance, measured=chance.random() < 0.3)
        words.insert(
            chance.randrange(len(words) + 1), chance.choice(("", "Patient ", "(")) + written
        )
        yield chance.choice((" ", ". ", "\n", ", ")).join(words), written


def without(seed: int = SEED, many: int = MANY) -> Iterator[str]:
    """Notes that hold none; a fifth are full of clock times, activities, five-digit pairs and accession numbers."""
    chance = random.Random(seed + 1)
    for place in range(many):
        words = _words(chance, measured=place % 5 == 0)
        yield chance.choice((" ", ". ", "\n", ", ")).join(words)


def grouped(number: str, chance: random.Random) -> str:
    """Ten digits in groups of any size, a space or a hyphen between them."""
    left, parts = number, []
    while left:
        size = chance.randint(1, 5)
        parts.append(left[:size])
        left = left[size:]
    return chance.choice((" ", "-")).join(parts)


def _words(chance: random.Random, *, measured: bool) -> list[str]:
    words = chance.sample(PHRASES, chance.randint(1, 4))
    if measured:
        words += [_measured(chance) for _ in range(chance.randint(4, 10))]
        chance.shuffle(words)
    return words


def _measured(chance: random.Random) -> str:
    clock = f"{chance.randrange(24):02d}{chance.choice(':.')}{chance.randrange(60):02d}"
    activity = f"{chance.randint(50, 4000)}{chance.choice(('', f'.{chance.randrange(10)}'))}"
    pair = f"{chance.randrange(10**5):05d}{chance.choice(' -/')}{chance.randrange(10**5):05d}"
    accession = f"{chance.randrange(10**8):08d}"
    return chance.choice(
        (
            clock,
            f"at {clock}",
            f"{clock} {activity} MBq",
            f"{activity} MBq",
            f"{activity} MBq at {clock} and {activity} MBq left",
            pair,
            f"scanner {pair}",
            accession,
            f"accession {accession}",
            f"accession {accession} {clock}",
        )
    )
