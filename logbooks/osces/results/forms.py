"""What a board says when it sets a standard, and what a judge says of the items of a station."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms

from logbooks.osces.analysis.compared import Method
from logbooks.osces.examined.forms import StandardForm
from logbooks.osces.examined.shown import written
from logbooks.osces.examined.source import ExamSource
from logbooks.osces.results.decided import Choice
from logbooks.osces.results.decision import Decision
from logbooks.osces.results.judging import WHOLE
from logbooks.osces.results.quality import Finding
from logbooks.osces.rows import NUMBER
from logbooks.osces.stations.document import Item
from school.core.forms import SchoolForm

LONGEST = 2_000


def _words(label: str, help_text: str = "", rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **more,
    )  # fmt: skip


def _decided(said: Decision, stations: Sequence[str]) -> dict[str, Any]:
    """What a board decided before, as it would be chosen again."""
    places = {name: place for place, name in enumerate(stations, start=1)}
    method = Method(said.method)
    return {
        "method": method,
        "percent": written(Fraction(said.percent)) if method is Method.PERCENT else None,
        "sem": said.sem,
        "rounding": said.rounding,
        "minimum": said.minimum,
        "must": [str(places[name]) for name in said.must_pass if name in places],
        **{
            f"cut-{places[name]}": written(Fraction(mark))
            for name, mark in said.overrides
            if name in places
        },
        "attendance": "\n".join(said.attendance),
        "reasons": said.reasons,
        "comparison": said.comparison,
        "resits_carry": said.resits_carry,
    }


class DecisionForm(StandardForm):
    """The standard with who decided it and why, and an explanation of everything that is amiss with the data."""

    attendance = _words("Who was there", "One person on each line")
    reasons = _words(
        "Reasons", "For the method, the rounding, and every cut that is not its method’s", rows=5
    )
    comparison = forms.BooleanField(
        label="Candidates may see how all others did beside their own marks", required=False
    )
    resits_carry = forms.BooleanField(
        label="Whoever resits keeps the stations that they passed", required=False
    )

    def __init__(self, data: Any, source: ExamSource) -> None:
        self.findings: Sequence[Finding] = source.findings
        before = source.decision.said if source.decision else None
        super().__init__(
            data,
            letter="",
            marks=source.marks,
            given=source.given,
            initial=_decided(before, source.marks.stations) if before else None,
        )
        answers = dict(before.explained) if before else {}
        for one in self.findings:
            self.fields[f"explain-{one.key}"] = _words(
                one.words,
                one.remedy,
                rows=2,
                initial=answers.get(one.words, ""),
                error_messages={"required": f"Explain this, or mend it: {one.words}"},
            )

    @property
    def explanations(self) -> Iterator[forms.BoundField]:
        """A field for each finding."""
        return (self[f"explain-{one.key}"] for one in self.findings)

    def choice(self) -> Choice:
        """What was said."""
        data = self.cleaned_data
        lines = (line.strip() for line in data["attendance"].splitlines())
        return Choice(
            standard=self.standard(),
            attendance=tuple(filter(None, lines)),
            reasons=data["reasons"],
            explained={one.key: data[f"explain-{one.key}"] for one in self.findings},
            comparison=data["comparison"],
            resits_carry=data["resits_carry"],
        )


class RatingForm(SchoolForm):
    """A whole per cent for each item."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for number, item in enumerate(items, start=1):
            wrong = f"Item {number}: enter a whole number from 0 to 100"
            self.fields[f"item-{item.key}"] = forms.IntegerField(
                label=f"{number}. {item.words}",
                help_text=f"Per cent of its {item.most} mark{'' if item.most == 1 else 's'}",
                min_value=0,
                max_value=100,
                widget=forms.TextInput(attrs=NUMBER),
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), wrong
                ),
            )

    def shares(self) -> dict[UUID, int]:
        """Per mille by the item's key."""
        data = self.cleaned_data
        return {item.key: data[f"item-{item.key}"] * WHOLE // 100 for item in self.items}
