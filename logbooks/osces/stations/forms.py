"""A station as it is filled in: its texts, the global scale, and a row for each item of the mark sheet."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError

from logbooks.osces.rows import InOrder, rows_of, whole_number
from logbooks.osces.stations.document import (
    KINDS,
    LONGEST,
    MINUTES,
    MOST_ITEMS,
    MOST_MARKS,
    SCALE,
    Document,
    Grade,
    Item,
    Kind,
)
from school.core.forms import SchoolForm


def _text(label: str, help_text: str, *, rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=widget,
        required=False,
        max_length=LONGEST["instructions"],
    )


class StationForm(SchoolForm):
    """All of a station but its items; `pasted` become items beside those in rows."""

    title = forms.CharField(label="Title", max_length=LONGEST["title"])
    minutes = whole_number(
        "Minutes in the room",
        "A station lasts",
        MINUTES,
        "minutes",
        help_text="Without the change-over",
        initial=8,
    )
    candidate = _text("What the candidate reads", "On the door, and once more inside")
    examiner = _text("What the examiner reads", "What a good performance looks like, and prompts")
    patient = _text("What the simulated patient reads", "Leave it empty where there is none")
    room = _text("What the room needs", "Equipment, forms, how it is laid out", rows=2)
    pasted = _text(
        "Paste more items",
        "One in a line, each for up to 2 marks; you can change that in their rows afterwards",
    )
    grades = forms.CharField(
        label="Grades of the global scale",
        help_text="One in a line, the worst first",
        widget=forms.Textarea(attrs={"rows": len(SCALE)}),
        max_length=1_000,
    )
    borderline = forms.CharField(
        label="The borderline grade",
        help_text="As it stands in the lines above",
        max_length=LONGEST["grade"],
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_pasted(self) -> tuple[str, ...]:
        """The lines that say something."""
        lines = _lines(self.cleaned_data["pasted"])
        long = next((line for line in lines if len(line) > LONGEST["item"]), None)
        if long:
            raise ValidationError(
                f"“{long[:60]}…” has {len(long)} characters; an item has at most {LONGEST['item']}"
            )
        return lines

    def clean_grades(self) -> tuple[str, ...]:
        """The names of the grades, the worst first."""
        lines = _lines(self.cleaned_data["grades"])
        long = next((line for line in lines if len(line) > LONGEST["grade"]), None)
        if long:
            raise ValidationError(f"“{long[:40]}…” is longer than {LONGEST['grade']} characters")
        return lines

    def clean(self) -> dict[str, Any]:
        """Refuses a borderline grade that the scale does not have."""
        data: dict[str, Any] = super().clean() or {}
        name, grades = data.get("borderline"), data.get("grades")
        if name and grades and name.casefold() not in [grade.casefold() for grade in grades]:
            self.add_error("borderline", f"“{name}” is not among the grades: {', '.join(grades)}")
        return data


class ItemForm(SchoolForm):
    """A row of the mark sheet; one without words is none."""

    nouns: ClassVar[Mapping[str, str]] = {"most": "the marks of this item"}
    words = forms.CharField(label="Item", max_length=LONGEST["item"], required=False)
    kind = forms.ChoiceField(
        label="How it is marked", choices=list(KINDS.items()), initial=Kind.PARTIAL
    )
    most = whole_number("Marks", "An item has", range(1, MOST_MARKS + 1), "marks", initial=2)
    competencies = forms.CharField(
        label="Competencies", help_text="Codes, such as A3, B1", required=False, max_length=200
    )
    domain = forms.CharField(
        label="Domain of the feedback", required=False, max_length=LONGEST["domain"]
    )
    critical = forms.BooleanField(label="Critical", required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def item(self, fresh: UUID) -> Item:
        """The row as an item; `fresh` is the key of one that is new."""
        data = self.cleaned_data
        codes = data["competencies"].replace(";", ",").replace(",", " ").split()
        return Item(
            key=data["key"] or fresh,
            words=data["words"],
            kind=Kind(data["kind"]),
            most=data["most"],
            critical=data["critical"],
            domain=data["domain"],
            competencies=tuple(dict.fromkeys(codes)),
        )


class Items(InOrder):
    """The rows in the order of their numbers; a row whose words were emptied is taken out."""

    def items(self, sent: UUID) -> list[Item]:
        """What the rows say; new ones get keys made of that of what was sent, so that a form sent twice says the same."""
        return [form.item(uuid5(sent, str(form.prefix))) for form in self.filled("words")]


ItemRows = rows_of(ItemForm, Items, MOST_ITEMS)


def filled(document: Document | None, seen: str = "") -> dict[str, Any]:
    """What a form begins with: a document, or a new station."""
    scale = document.scale if document else SCALE
    known: dict[str, Any] = {
        "grades": "\n".join(grade.name for grade in scale),
        "borderline": next((grade.name for grade in scale if grade.borderline), ""),
        "seen": seen,
        "uuid": uuid4(),
    }
    if document:
        names = ("title", "minutes", "candidate", "examiner", "patient", "room")
        known |= {name: getattr(document, name) for name in names}
    return known


def filled_rows(document: Document | None) -> list[dict[str, Any]]:
    """What the rows begin with."""
    return [
        {
            "words": item.words,
            "kind": item.kind,
            "most": item.most,
            "competencies": ", ".join(item.competencies),
            "domain": item.domain,
            "critical": item.critical,
            "key": item.key,
        }
        for item in (document.items if document else ())
    ]


def written(form: StationForm, rows: Items) -> Document:
    """The document that two valid forms say; the pasted items stand last."""
    data = form.cleaned_data
    sent = data["uuid"] or uuid4()
    scale = tuple(
        Grade(number, name, borderline=name.casefold() == data["borderline"].casefold())
        for number, name in enumerate(data["grades"], start=1)
    )
    pasted = [
        Item(uuid5(sent, f"pasted {place}"), words, Kind.PARTIAL, most=2)
        for place, words in enumerate(data["pasted"])
    ]
    return Document(
        title=data["title"],
        minutes=data["minutes"],
        candidate=data["candidate"],
        examiner=data["examiner"],
        patient=data["patient"],
        room=data["room"],
        items=(*rows.items(sent), *pasted),
        scale=scale,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for raw in text.splitlines() if (line := " ".join(raw.split())))
