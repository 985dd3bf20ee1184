"""What a student fills in about an examination, and what its lists are filtered by."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.choices import CallableChoiceIterator

from logbooks.competencies.actions.log import Entered
from logbooks.competencies.models import ExaminationType, LogEntry, Role, Tracer
from logbooks.competencies.reflection import QUESTIONS, Question, text_of
from placements import reference
from placements.forms.times import device_time
from placements.models import Placement
from school.core.evidence import MAX_BYTES
from school.core.forms import SchoolForm, SplitDateField, sentence
from school.core.free_words import FreeWordsMixin
from school.people.models import Person

WORDS_LENGTH = 3000
# Each question by its key, of every model.
ASKED: Mapping[str, Question] = {
    question.key: question for questions in QUESTIONS.values() for question in questions
}


def _choices(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, sentence(str(label))) for value, label in rows]


class CodesField(forms.MultipleChoiceField):
    """Codes of competencies; the action says which of them the student's framework holds."""

    def valid_value(self, value: Any) -> bool:
        return True


class ExaminationForm(FreeWordsMixin, SchoolForm):
    """An examination as a student logs or corrects it; `uuid` is made once and kept, so that a retry is the same entry."""

    FREE_WORDS = tuple(ASKED)
    nouns: ClassVar[Mapping[str, str]] = {
        "examination": "the examination",
        "tracer": "the tracer",
        "role": "what you did",
    }
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    device_time = forms.CharField(required=False, widget=forms.HiddenInput)
    day = SplitDateField(label="Date", noun="the date")
    placement = forms.ChoiceField(label="Placement")
    examination = forms.ChoiceField(label="Examination", widget=forms.RadioSelect)
    tracer = forms.ChoiceField(label="Tracer", widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label="What you did", choices=_choices(Role.choices), widget=forms.RadioSelect
    )
    operator = forms.UUIDField(
        label="Supervising operator",
        widget=forms.Select,
        error_messages={
            "required": "Choose who supervised you",
            "invalid": "Choose who supervised you",
        },
    )
    age_band = forms.ChoiceField(
        label="Age band",
        required=False,
        choices=[("", "Not said"), *_choices(LogEntry.AgeBand.choices)],
        help_text="You need not say. Not with a rare tracer.",
    )
    sex = forms.ChoiceField(
        label="Sex", required=False, choices=[("", "Not said"), *_choices(LogEntry.Sex.choices)]
    )
    touched = CodesField(
        label="Competencies it touches", required=False, widget=forms.CheckboxSelectMultiple
    )
    model = forms.ChoiceField(
        label="How you reflect",
        required=False,
        choices=LogEntry.Model.choices,
        widget=forms.RadioSelect,
    )
    # When the page was opened: what was logged since then its writer has not seen.
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    another_patient = forms.BooleanField(label="This is another patient", required=False)

    def __init__(
        self,
        *args: Any,
        own: Sequence[Placement],
        types: Sequence[ExaminationType],
        tracers: Sequence[Tracer],
        people: Callable[[], Sequence[Person]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._own = {str(row.uuid): row for row in own}
        self._types = {row.code: row for row in types}
        self._tracers = {row.code: row for row in tracers}
        self._offer("placement", [(key, _place(row)) for key, row in self._own.items()])
        self._offer("examination", [(key, row.name) for key, row in self._types.items()])
        self._offer("tracer", [(key, row.name) for key, row in self._tracers.items()])
        # Asked for when the page is written, and not when a form is sent and saved.
        self.fields["operator"].widget.choices = CallableChoiceIterator(
            lambda: [("", "Choose"), *((str(one.uuid), one.name) for one in people())]
        )

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def done_with(self) -> str:
        """Each examination with the tracers it is done with, as static/js/examination.js reads it."""
        return ";".join(f"{row.code}:{row.tracers}" for row in self._types.values())

    @property
    def chosen_placement(self) -> Placement | None:
        """The placement chosen, also while something else is wrong."""
        return self._own.get(str(self["placement"].value() or ""))

    @property
    def ticked(self) -> list[str]:
        """The codes that are ticked, also while something else is wrong."""
        return [str(code) for code in self["touched"].value() or []]

    @property
    def models(self) -> list[dict[str, Any]]:
        """Each model of reflection with the boxes of its questions, as the page shows them."""
        chosen = self["model"].value()
        return [
            {
                "key": value,
                "label": label,
                "checked": value == chosen,
                "boxes": [self[question.key] for question in QUESTIONS[value]],
            }
            for value, label in LogEntry.Model.choices
        ]

    @property
    def opens_reflection(self) -> bool:
        """Whether the part with the reflection is open: something stands in it, or is wrong with it."""
        wrong = any(name in self.errors for name in (*ASKED, "model"))
        return wrong or any(self[name].value() for name in ASKED)

    @property
    def asks_another(self) -> bool:
        """Whether it is asked if this is another patient: the same was logged just before."""
        return "another_patient" in self.errors or bool(self["another_patient"].value())

    @property
    def unseen_since(self) -> datetime | None:
        """Since when the same again is asked about, once the form is valid; none when it was answered."""
        data = self.cleaned_data
        return None if data["another_patient"] else device_time(data["opened"])

    @property
    def opens_person(self) -> bool:
        """Whether the part with age band and sex is open."""
        return any(name in self.errors or self[name].value() for name in ("age_band", "sex"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        model = data.get("model") or ""
        written = {
            value
            for value, questions in QUESTIONS.items()
            if any((data.get(question.key) or "").strip() for question in questions)
        }
        if written - {model}:
            names = [str(LogEntry.Model(value).label) for value in sorted(written)]
            self.add_error(
                "model",
                f"You wrote under {' and '.join(f'“{name}”' for name in names)}. Choose the one to keep, "
                "and bring what you want to keep of the other into it."
                if len(names) > 1
                else f"You wrote under “{names[0]}”. Choose it, or take your words out of it.",
            )
        data["reflection"] = text_of(model, {name: data.get(name) or "" for name in ASKED})
        return data

    def entered(self, operator: Person) -> Entered:
        """What was typed, once the form is valid; `operator` is who was chosen."""
        data = self.cleaned_data
        return Entered(
            day=data["day"],
            examination=self._types[data["examination"]],
            tracer=self._tracers[data["tracer"]],
            role=data["role"],
            operator=operator,
            age_band=data["age_band"],
            sex=data["sex"],
            touched=tuple(data["touched"]),
            model=data["model"],
            reflection=data["reflection"],
            device_time=device_time(data["device_time"]),
        )


def _answers() -> dict[str, forms.Field]:
    """A box for every question of every model."""
    return {
        key: forms.CharField(
            label=question.heading or "Your reflection",
            required=False,
            max_length=WORDS_LENGTH,
            help_text=question.hint,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        for key, question in ASKED.items()
    }


ExaminationForm.base_fields.update(_answers())


def _place(row: Placement) -> str:
    return f"{row.site.name}, {reference.stage(row.stage_id)}"


class TakeBackForm(SchoolForm):
    """An act that needs no words: only the UUID that makes a retry the same act."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)


class FileForm(SchoolForm):
    """A file beside an examination."""

    evidence = forms.FileField(
        label="File",
        help_text="A photograph as PNG or JPEG, or a PDF, of at most 10 MB. Cover every name, date of birth and number first",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}
        ),
        error_messages={
            "required": "Choose the file",
            "empty": "The file is empty. Choose another",
        },
    )
    looked = forms.BooleanField(
        label="I have looked at it: nothing in it points to a patient",
        error_messages={
            "required": "Look at the file, and say that nothing in it points to a patient"
        },
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def clean_evidence(self) -> UploadedFile:
        """Refuses what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["evidence"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError("The file has more than 10 MB. Choose a smaller one")
        return file


class ExaminationFilter(SchoolForm):
    """Which examinations are listed."""

    examination = forms.ChoiceField(label="Examination", required=False)
    tracer = forms.ChoiceField(label="Tracer", required=False)
    role = forms.ChoiceField(
        label="Role", required=False, choices=[("", "All"), *_choices(Role.choices)]
    )
    placement = forms.ChoiceField(label="Placement", required=False)
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "As they stand"), ("withdrawn", "Taken back")]
    )

    def __init__(
        self,
        *args: Any,
        types: Sequence[ExaminationType],
        tracers: Sequence[Tracer],
        placements: Sequence[Placement],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, list[tuple[str, str]]] = {
            "examination": [(row.code, row.name) for row in types],
            "tracer": [(row.code, row.name) for row in tracers],
            "placement": [(str(row.uuid), _place(row)) for row in placements],
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", "All"), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """The filters that are set, by name; none of a form that makes no sense."""
        if not self.is_valid():
            return {}
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def in_words(self) -> str:
        """What is filtered, for the file."""
        said = [
            f"{str(self.fields[name].label).lower()}: {dict(self.fields[name].choices)[value]}"  # type: ignore[attr-defined]
            for name, value in self.chosen().items()
        ]
        return ", ".join(said) or "what was taken back is left out"
