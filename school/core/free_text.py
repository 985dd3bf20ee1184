"""What points to a patient in free text: what it is, where it stands, and what to write instead.

static/js/free-text.js holds the same rules for the page; tests/core/test_free_text.py compares the two.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from school.core.errors import DomainError
from school.core.patients import Taken, nhs_numbers, visible, without_uuids


class Kind(Enum):
    """What was found; the order is that of weight: of two that overlap the first is told."""

    NHS_NUMBER = "nhs_number"
    TEN_DIGITS = "ten_digits"
    BIRTH = "birth"
    HOSPITAL_NUMBER = "hospital_number"
    NAME = "name"


# What it is, and what to write instead. The same words stand in static/js/free-text.js.
FOUND = {
    Kind.NHS_NUMBER: "is an NHS number",
    Kind.TEN_DIGITS: "could be an NHS number",
    Kind.BIRTH: "looks like a date of birth",
    Kind.HOSPITAL_NUMBER: "looks like a hospital or accession number",
    Kind.NAME: "looks like a name",
}
INSTEAD = {
    Kind.NHS_NUMBER: "Take it out and write “the patient”. The portal gives the case a number of its own.",
    Kind.TEN_DIGITS: "If it is one, write “the patient” instead.",
    Kind.BIRTH: "Write an age band instead, such as “40 to 64”.",
    Kind.HOSPITAL_NUMBER: "Write “the patient” instead. The portal gives the case a number of its own.",
    Kind.NAME: "Write “the patient” instead, or what they do, such as “the radiologist”.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that names a patient, or may: from `start` to `end` stands `words`."""

    start: int
    end: int
    kind: Kind
    words: str

    @property
    def refused(self) -> bool:
        """Whether it is refused; anything else is a warning that the writer answers."""
        return self.kind is Kind.NHS_NUMBER

    @property
    def message(self) -> str:
        """What was found and what to write instead, as sentences."""
        return f"“{self.words}” {FOUND[self.kind]}. {INSTEAD[self.kind]}"


def findings(text: str) -> list[Finding]:
    """All that points to a patient in a text, what is refused first, then in the order of the text."""
    written, text = text, without_uuids(text)
    spans = [
        (span.start, span.end, Kind.NHS_NUMBER if span.refused else Kind.TEN_DIGITS)
        for span in nhs_numbers(text)
    ]
    readings: list[tuple[str, Sequence[int]]] = [(text, range(len(text)))]
    if not text.isascii():
        readings.append(visible(text))
    for looked_at, places in readings:
        for kind, rule in (
            (Kind.BIRTH, rule_birth),
            (Kind.HOSPITAL_NUMBER, rule_hospital_number),
            (Kind.NAME, rule_name),
        ):
            spans += [(places[start], places[end - 1] + 1, kind) for start, end in rule(looked_at)]
    weights = list(Kind)
    told: list[tuple[int, int, Kind]] = []
    taken = Taken()
    for start, end, kind in sorted(set(spans), key=lambda one: (weights.index(one[2]), one[:2])):
        if not taken.touches(start, end):
            taken.take(start, end)
            told.append((start, end, kind))
    told.sort(key=lambda one: (one[2] is not Kind.NHS_NUMBER, one[0]))
    return [Finding(start, end, kind, written[start:end]) for start, end, kind in told]


def rule_no_nhs_number(words: str, *, field: str) -> None:
    """No text with an NHS number is kept. Raises DomainError at the field, with the number and what to write instead."""
    for span in nhs_numbers(words):
        if span.refused:
            found = Finding(span.start, span.end, Kind.NHS_NUMBER, words[span.start : span.end])
            raise DomainError(found.message, field=field)


# Dates of birth ----------------------------------------------------------------------------------

# A day before this year is hardly anything else than a birth; a later one is a day of the placement.
_BORN = r"(?:19[0-9]{2}|200[0-9]|201[0-5])"
_BORN_SHORT = r"[3-9][0-9]"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = rf"{_DAY}(?:st|nd|rd|th)?"
_DASHES = "\u2010-\u2015\u2212"
_CLOSE = rf"[ ]?[./{_DASHES}-][ ]?"
_APART = rf"(?:{_CLOSE}|[ ]+)"


def _dates(year: str, short: str) -> str:
    """The ways in which a day is written, with the years that count."""
    return "|".join(
        (
            rf"{_DAY}{_APART}{_DAY}{_APART}{year}",
            rf"{_DAY}{_CLOSE}{_DAY}{_CLOSE}{short}",
            rf"{year}{_CLOSE}{_DAY}{_CLOSE}{_DAY}",
            rf"{_ORDINAL}(?:[ ]+of)?{_APART}{_MONTH}\.?,?{_APART}(?:{year}|{short})",
            rf"{_MONTH}\.?[ ]+{_ORDINAL},?[ ]+{year}",
        )
    )


_NO_DIGIT_BEFORE = r"(?<![0-9])(?<![0-9][./:,-])"
_DAY_OF_OLD = re.compile(
    rf"(?<![^\W_]){_NO_DIGIT_BEFORE}(?:{_dates(_BORN, _BORN_SHORT)})(?![0-9])", re.IGNORECASE
)
_NAMED_BIRTH = re.compile(
    r"(?<![^\W_])(?:d\.?[ ]?o\.?[ ]?b\b\.?|date[ ]+of[ ]+birth|birth[ ]?da(?:te|y)|born(?:[ ]+(?:on|in))?)"
    r"(?:[ ]+(?:is|was))?[\s:=.-]*(?:the[ ]+)?"
    rf"({_dates('[0-9]{4}', '[0-9]{2}')}|[0-9]{{8}}|[0-9]{{6}}|(?:{_MONTH}[ ]+)?(?:19|20)[0-9]{{2}})(?![0-9])",
    re.IGNORECASE,
)


def rule_birth(text: str) -> list[tuple[int, int]]:
    """A day after "DOB" or "born" is asked about, and any day more than ten years old."""
    named = [found.span(1) for found in _NAMED_BIRTH.finditer(text)]
    return named + [found.span() for found in _DAY_OF_OLD.finditer(text)]


# Hospital numbers --------------------------------------------------------------------------------

_NO = r"(?:numbers?|num|no|id|ref|#)"
_NAMED_NUMBER = re.compile(
    rf"(?<![^\W_])(?:(?:MRN|CHI|PID)(?:[ ]*{_NO})?"
    rf"|(?:hospital|hosp|unit|patient|accession|record|case[ ]?note|health[ ]and[ ]care|H[ ]?&[ ]?C)[ ]*{_NO})"
    r"(?:[ ]+is)?[\s.:#=-]*([a-z]{0,3}[ -]?[0-9][0-9 -]{2,10}[0-9][a-z]?)(?![^\W_])",
    re.IGNORECASE,
)
# A number with a unit was measured.
_MEASURED = r"(?![ ]*(?:[kMG]?Bq|k?cps|k?counts?|events?|m[lL]|ms|Hz)\b)"
_SHAPE = re.compile(
    rf"(?<![^\W_])(?<![0-9][.,:/-])(?:[A-Za-z]{{1,3}}-?|[A-Z]{{1,3}}[ ])?[0-9]{{6,10}}[A-Za-z]?"
    rf"(?![^\W_])(?![.,:/-][0-9]){_MEASURED}"
)


def rule_hospital_number(text: str) -> list[tuple[int, int]]:
    """Digits after "hospital number", "MRN" and the like are asked about, and six to ten digits in a row."""
    named = [found.span(1) for found in _NAMED_NUMBER.finditer(text)]
    return named + [found.span() for found in _SHAPE.finditer(text)]


# Titles with names -------------------------------------------------------------------------------

_LETTER = r"[^\W\d_]"
_TITLED = re.compile(
    rf"(?<![^\W_])(mr|mrs|ms|miss|mx|master|dr|prof|professor|sir)\.?[ \u00a0]+({_LETTER}(?:{_LETTER}|['’-](?={_LETTER}))*)(?![^\W_])",
    re.IGNORECASE,
)
_AND_SURNAME = re.compile(
    rf"(?:\.?[ ]?{_LETTER}(?!{_LETTER}))*\.?[ ]?({_LETTER}(?:{_LETTER}|['’-](?={_LETTER}))+)"
)
# What follows MR, MRS and MS where they are resonance, spectroscopy and a disease; and what follows a miss.
_ORDINARY = frozenset(
    """
    a abdomen abdominal adc after alone also an and angio angiogram angiography arthrogram artefact artefacts as at
    attenuation based before body bone bore brain breast but by cardiac cholangiography class clinic
    coil coils colonography compatible component compatibility conditional contrast correlation ct data
    department diagnosis diffusion dixon during dwi echo elastography enterography enteroclysis examination
    examinations exam field find findings flair follow for from fusion gradient guidance guided had half has
    head heart if image images imaging in is it knee lesion lesions linac list liver lung magnet
    marker neck nerve no not nurse of on only or our pancreas patient patients pelvis perfusion pet
    physicist plan planning protocol prostate protocols radiographer radiographers radiotherapy relapse report
    reports request result results room safe safety scan scanner scanners scanning scans screening
    sequence sequences set shown showed shows signal simulation simulator so spectroscopy spectrum spine
    spleen staff staging stir studies study suite system systems table team than that the their then there
    this thorax to tractography units unit unsafe upper urography venogram venography was we were when whole with
    """.split()  # noqa: SIM905  (a list of a hundred quoted words is harder to read and to keep)
)
# Those that a phone leaves small, and which then still are titles.
_ALSO_SMALL = frozenset({"mr", "mrs"})


def rule_name(text: str) -> list[tuple[int, int]]:
    """A title with a name is asked about; "MR liver" is magnetic resonance, and a letter alone is no name."""
    return list(_names(text))


def _names(text: str) -> Iterator[tuple[int, int]]:
    for found in _TITLED.finditer(text):
        title, word = found[1], found[2]
        end = found.end()
        if len(word) == 1:
            surname = _AND_SURNAME.match(text, end)
            if surname is None or not surname[1][0].isupper() or not word.isupper():
                continue
            word, end = surname[1], surname.end()
        if _is_name(title, word):
            yield found.start(), end


def _is_name(title: str, word: str) -> bool:
    if word.lower() in _ORDINARY:
        return False
    if word[0].isupper():
        # "Miss" begins a sentence as well as a name, "miss" and "ms" stand within one.
        return title[0].isupper() or title.lower() not in ("miss", "ms", "master", "sir")
    return title.lower() in _ALSO_SMALL and not title.isupper()
