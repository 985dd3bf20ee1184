"""Frameworks as documents for tests: a small one, and any that could be written."""

from typing import Any
from uuid import uuid5

from hypothesis import strategies as st

from logbooks.competencies.document import (
    Competency,
    Count,
    Document,
    Group,
    Level,
    Part,
    Reading,
)
from logbooks.competencies.formats import own
from logbooks.competencies.formats.building import NAMESPACE, build
from logbooks.competencies.formats.raw import Raw, RawCount, RawHead, RawLevel, Said
from logbooks.competencies.schedule_3 import SUBJECTS

LEVELS = (Level("aware", "Aware"), Level("able", "Able"))


def small(code: str = "small", *more: Part, **changes: Any) -> Document:
    """Two groups, one in the other, with two competencies."""
    parts: dict[str, Any] = {
        "title": "A small framework",
        "source": "a test",
        "levels": LEVELS,
        "parts": (
            Group(uuid5(NAMESPACE, f"{code}/A"), "A", "Safety", "", "What comes first."),
            Competency(
                uuid5(NAMESPACE, f"{code}/A1"),
                "A1",
                "Knows the way out",
                "A",
                "- by day\n- by night",
                level="aware",
            ),
            Group(uuid5(NAMESPACE, f"{code}/B"), "B", "Records", "A"),
            Competency(
                uuid5(NAMESPACE, f"{code}/B1"),
                "B1",
                "Writes it down",
                "B",
                level="able",
                counts=(Count(3, "direct"),),
                schedule_3=("1-protection",),
                source="a rule",
            ),
            *more,
        ),
        **changes,
    }
    return Document(identifier=uuid5(NAMESPACE, code), code=code, **parts)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=24)
# Names that meet each other, and what a repair of one would be called.
NAMES = ("Do", "do", "Do (C1)", "do (c2)", "Do (C3)", "DO (C2, 2)")


@st.composite
def raws(draw: st.DrawFn) -> list[Raw]:
    """Entries of any words and places, some of them impossible."""
    number = draw(st.integers(1, 8))
    rows = []
    for place in range(number):
        rows.append(
            Raw(
                where=f"entry {place}",
                key=f"k{place}",
                parent=draw(st.sampled_from(["", *(f"k{n}" for n in range(number)), "gone"])),
                code=draw(st.one_of(st.just(f"C{place}"), WORDS)),
                title=draw(st.one_of(WORDS, st.sampled_from(NAMES))),
                description=draw(WORDS),
                year=draw(st.sampled_from(["", "1", "3"])),
                task=draw(st.sampled_from(["", "log-book"])),
                level=draw(st.sampled_from(["", "aware", "able"])),
                counts=draw(
                    st.lists(
                        st.builds(
                            RawCount,
                            number=st.integers(1, 50).map(str),
                            role=st.sampled_from(["observed", "direct"]),
                            examination=st.sampled_from(["", "fdg-brain"]),
                        ),
                        max_size=3,
                    )
                ),
                schedule_3=draw(st.lists(st.sampled_from(sorted(SUBJECTS)), max_size=3)),
                source=draw(WORDS),
            )
        )
    return rows


def read(rows: list[Raw], title: str = "Any framework") -> Reading:
    """What becomes of some entries."""
    head = RawHead(
        where="the framework",
        code="any-framework",
        title=title,
        source="a test",
        levels=[RawLevel(where="level", code=one.code, title=one.title) for one in LEVELS],
    )
    return build(head, rows, Said())


def again(document: Document) -> Reading:
    """The document as it is read from its own JSON."""
    return own.read_json(own.write_json(document).data)
