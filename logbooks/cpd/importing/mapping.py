"""Which heading of a file is which column here, and which word which type of learning: guessed, remembered or said."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from logbooks.cpd import durations
from logbooks.cpd.learning import Learning
from logbooks.cpd.models import ImportedFile
from school.core.files import cells, reading
from school.core.files.reading import Column

MOST_TYPES = 50
# The word for rows in which the file names no type.
ELSE = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A column here: what it is called, and headings that mean it."""

    label: str
    aliases: tuple[str, ...]


COLUMNS: Mapping[str, Known] = {
    "title": Known("Title", (
        "activity", "activity title", "activity name", "name of activity", "cpd activity", "event", "event title", "event name",
        "course", "course title", "course name", "subject", "topic", "entry title",
    )),
    "starts": Known("First day", (
        "date", "start date", "date started", "started", "from", "date from", "date of activity", "activity date", "date of event",
        "completed", "completed on", "date completed", "completion date", "event date", "entry date",
    )),
    "ends": Known("Last day", ("end date", "date ended", "ended", "to", "date to", "finish date", "date finished")),
    "hours": Known("Length in hours, or as 1h 30m", (
        "hours", "hours spent", "number of hours", "cpd hours", "total hours", "hrs", "hours claimed", "length in hours", "duration hours",
    )),
    "minutes": Known("Length in minutes", (
        "minutes", "mins", "minutes spent", "number of minutes", "duration minutes", "duration in minutes",
        "time in minutes",
    )),
    "learning": Known("Type of learning", (
        "type", "category", "learning type", "activity type", "type of activity", "type of cpd", "cpd type", "type of learning activity",
        "cpd category", "activity category", "learning method",
    )),
    "learned": Known("What I learned", (
        "description", "details", "notes", "reflection", "reflections", "learning", "what i learnt", "what did i learn", "what did you learn",
        "learning outcome", "learning outcomes", "what was learned", "key learning", "summary", "activity description",
    )),
    "practice": Known("For my practice", (
        "practice", "impact", "impact on practice", "how has it changed my practice", "how has it changed your practice", "changes to practice",
        "application to practice", "how i used it", "how i will use it", "quality of practice", "contribution to practice",
    )),
    "benefit": Known("For those who use the service", (
        "benefit", "benefits", "benefit to service users", "benefits to service users", "service users", "patients", "benefit to patients",
        "benefits to patients", "how service users benefit", "how patients benefit", "benefit to the service user",
    )),
}  # fmt: skip
NEEDED = ("title", "starts")
# Headings of a length that do not say in what. "Time" is none of them: it may be when something began.
SOME_LENGTH = (
    "duration",
    "time spent",
    "length",
    "length of time",
    "cpd time",
    "time taken",
)

TYPES: Mapping[str, Learning] = {
    **dict.fromkeys(("work based learning", "work based", "work", "workplace learning", "workplace", "experiential learning"), Learning.WORK),
    **dict.fromkeys(("professional activity", "professional activities", "professional"), Learning.PROFESSIONAL),
    **dict.fromkeys((
        "formal education", "formal", "formal educational", "formal learning", "formal education and training", "educational", "course",
    ), Learning.FORMAL),
    **dict.fromkeys(("self directed learning", "self directed", "self study", "self directed study", "private study", "reading"), Learning.SELF),
    **dict.fromkeys(("other", "others", "other activity"), Learning.OTHER),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read: the heading of each column here, and the type of learning of each word."""

    columns: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)


def headings_of(data: bytes) -> list[str]:
    """The headings of a file, in order. Raises FileRefused for what is no table with rows below a header."""
    return list(reading.read(data, ()).left_aside)


def cells_of(data: bytes, heading: str) -> list[str]:
    """The cells below a heading. Raises FileRefused when the heading is there twice."""
    return [row.cells[heading] for row in reading.read(data, [Column(heading)]).rows]


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """The heading of each column here, as far as headings say it; where two do, the one that is named first here."""
    spelled = {reading.normal(heading): heading for heading in reversed(headings)}
    found: dict[str, str] = {}
    for name, known in COLUMNS.items():
        for spelling in (known.label, *known.aliases):
            heading = spelled.get(reading.normal(spelling))
            if heading is not None and heading not in found.values():
                found[name] = heading
                break
    return found


def length_of(headings: Sequence[str]) -> str:
    """The heading of a length of which it is not said whether it counts hours or minutes; empty when there is none."""
    return next((one for one in headings if reading.normal(one) in SOME_LENGTH), "")


def unsaid_length(headings: Sequence[str], read: Callable[[str], Iterable[str]]) -> str:
    """The heading of a length that holds numbers alone, hours or minutes, which only the person can say; else empty."""
    length = length_of(headings)
    if length and any(durations.is_plain(cell) for cell in read(length)):
        return length
    return ""


def words_of(values: Iterable[str]) -> dict[str, str]:
    """The distinct words of a column of types, each as it is compared and as it stands; the empty one for empty cells."""
    found: dict[str, str] = {}
    for value in values:
        found.setdefault(word(value), value)
    return dict(sorted(found.items()))


def word(text: str) -> str:
    """A word for a type of learning as it is compared."""
    return reading.normal(text) or cells.folded(text)


def types_of(words: Collection[str]) -> dict[str, str]:
    """The types of learning of words that say it themselves."""
    return {one: TYPES[one].value for one in words if one in TYPES}


def proposed(data: bytes, headings: Sequence[str], before: ImportedFile | None) -> tuple[Asked, bool]:  # fmt: skip
    """How a file would be read, and whether that is all that has to be known.

    As the same person's file with the same headings was read, else as the headings and words say. Raises FileRefused.
    """
    columns = guessed(headings)
    if before is not None:
        # What was brought with a record from elsewhere may name what is not here.
        columns = {
            one: before.columns[one] for one in COLUMNS if before.columns.get(one) in headings
        }
    length, unsaid = length_of(headings), ""
    if before is None and length and "hours" not in columns and "minutes" not in columns:
        unsaid = unsaid_length(headings, lambda heading: cells_of(data, heading))
        if not unsaid:
            columns["hours"] = length
    types = {
        one: key for one, key in (before.types if before else {}).items() if key in set(Learning)
    }
    words = {ELSE}
    if "learning" in columns:
        words = set(words_of(cells_of(data, columns["learning"])))
        if len(words) > MOST_TYPES:
            # These are no types: the person says one for the whole file.
            del columns["learning"]
            words = {ELSE}
    types = types_of(words) | {one: key for one, key in types.items() if one in words}
    whole = not unsaid and all(name in columns for name in NEEDED) and words <= set(types)
    return Asked(columns, types), whole
