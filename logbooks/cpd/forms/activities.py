"""What a person fills in about an activity, its evidence, a gap and their registration."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from logbooks.cpd import schemes
from logbooks.cpd.actions.activities import MOST_MINUTES, Entered
from logbooks.cpd.durations import is_plain, minutes_of
from logbooks.cpd.learning import Learning
from logbooks.cpd.models import LEARNING, Activity
from logbooks.cpd.prompts import PROMPTS
from school.core import clock, days
from school.core.evidence import MAX_BYTES
from school.core.forms import SchoolForm, SplitDateField, sentence
from school.core.free_words import FreeWordsMixin

WORDS_LENGTH = 6000
WORDS = ("learned", "practice", "benefit")
TYPES = [(value, sentence(words)) for value, words in LEARNING]


class DurationField(forms.CharField):
    """How long it took, as people write it, in whole minutes; None when it is left empty."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not typed:
            return None
        try:
            minutes = minutes_of(typed, plain_minutes=False)
        except ValueError:
            raise ValidationError("Enter how long it took, like 1.5, 1:30 or 45 minutes") from None
        if not 0 < minutes <= MOST_MINUTES:
            raise ValidationError("How long it took must be between 1 minute and a year")
        return minutes

    def prepare_value(self, value: Any) -> Any:
        return days.in_words(value) if isinstance(value, int) else value


class ActivityForm(FreeWordsMixin, SchoolForm):
    """An activity as its person writes it. `uuid` is made once and kept, so that a retry is the same one."""

    FREE_WORDS = ("title", *WORDS)
    nouns: ClassVar[Mapping[str, str]] = {
        "title": "what it was",
        "learning": "the type of learning",
    }
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    # The version that is changed, and the keys of what the portal noticed that is kept with it.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="What it was", max_length=200)
    learning = forms.ChoiceField(label="Type of learning", choices=TYPES, widget=forms.RadioSelect)
    starts_on = SplitDateField(label="Date", noun="the date")
    ends_on = SplitDateField(label="Last day, if it went on", noun="the last day", required=False)
    minutes = DurationField(
        label="How long it took",
        required=False,
        help_text="Like 1.5 (hours), 1:30 or 45 minutes. Leave it empty if you cannot say",
        widget=forms.TextInput(attrs={"class": "soo-time", "autocomplete": "off"}),
    )
    learned = forms.CharField(
        label="What I did and learned", required=False, max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    practice = forms.CharField(
        label="What is better in my practice", required=False, max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    benefit = forms.CharField(
        label="Who benefits, and how", required=False, max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self["learning"].value()
        prompts = PROMPTS[chosen if chosen in PROMPTS else Learning.OTHER]
        for name in WORDS:
            self.fields[name].help_text = getattr(prompts, name)

    def clean(self) -> dict[str, Any]:
        """A number alone is hours, unless it is more than the days have: then minutes may be meant."""
        data = super().clean() or self.cleaned_data
        first, minutes = data.get("starts_on"), data.get("minutes")
        typed = str(self["minutes"].data or "").strip()
        if first and minutes and is_plain(typed):
            spent = (data.get("ends_on") or first) - first
            if minutes > (max(spent.days, 0) + 1) * 24 * 60:
                self.add_error(
                    "minutes",
                    f"{typed} hours are more than the day has. Enter “{typed} minutes” or “{typed} hours”, as it was",
                )
        return data

    @property
    def opens_words(self) -> bool:
        """Whether the part with the reflection is open: something stands in it, or is wrong with it."""
        return any(name in self.errors or self[name].value() for name in WORDS)

    @property
    def opens_last_day(self) -> bool:
        """Whether the part with the last day is open."""
        return "ends_on" in self.errors or bool(self["ends_on"].value())

    def entered(self) -> Entered:
        """What was typed, once the form is valid."""
        data = self.cleaned_data
        return Entered(
            title=" ".join(data["title"].split()),
            learning=data["learning"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"] or data["starts_on"],
            minutes=data["minutes"],
            **{name: data[name].strip() for name in WORDS},
        )


def as_it_is(activity: Activity) -> dict[str, Any]:
    """What a form begins with that changes an activity."""
    ends_on = activity.ends_on if activity.ends_on != activity.starts_on else None
    names = ("uuid", "title", "learning", "starts_on", "minutes", *WORDS)
    return {**{name: getattr(activity, name) for name in names}, "ends_on": ends_on}


class ActivityFilter(SchoolForm):
    """Which activities are listed."""

    words = forms.CharField(label="Find", required=False, max_length=100)
    learning = forms.ChoiceField(label="Type", required=False, choices=[("", "All"), *TYPES])
    state = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[
            ("", "All that counts"),
            ("cycle", "Since the last renewal"),
            ("bare", "Without words for standards 3 and 4"),
            ("back", "Taken back"),
        ],
    )

    def chosen(self) -> dict[str, str]:
        """The filters that are set, by name; none of a form that makes no sense."""
        if not self.is_valid():
            return {}
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def in_words(self) -> str:
        """What is filtered, for the file."""
        said = []
        for name, value in self.chosen().items():
            field = self.fields[name]
            known = dict(getattr(field, "choices", ()))
            said.append(f"{str(field.label).lower()}: {known.get(value, value)}")
        return ", ".join(said) or "what was taken back is left out"


class EvidenceForm(FreeWordsMixin, SchoolForm):
    """A file that shows an activity."""

    FREE_WORDS = ("title",)
    nouns: ClassVar[Mapping[str, str]] = {"title": "what it is", "file": "the file"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label="What it is",
        max_length=200,
        help_text="Like “Certificate of attendance” or “My slides”",
    )
    file = forms.FileField(
        label="File",
        help_text="A PDF, or a picture as PNG or JPEG, of at most 10 MB. Cover every name, date of birth and number of a patient first",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"}
        ),
        error_messages={"empty": "The file is empty. Choose another"},
    )
    looked = forms.BooleanField(
        label="I have looked at it: nothing in it points to a patient",
        error_messages={
            "required": "Look at the file, and say that nothing in it points to a patient"
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuses what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError("The file has more than 10 MB. Choose a smaller one")
        return file


class GapForm(FreeWordsMixin, SchoolForm):
    """Why there is nothing between two days."""

    FREE_WORDS = ("words",)
    nouns: ClassVar[Mapping[str, str]] = {"words": "the reason"}
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    first = SplitDateField(label="First day of the gap", noun="the first day")
    last = SplitDateField(label="Last day of the gap", noun="the last day")
    words = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="Like parental leave, illness or a break in your career. Your profile shows these words, so say no more than you want a regulator to read",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RegistrationForm(SchoolForm):
    """Which register somebody is on, and since when."""

    nouns: ClassVar[Mapping[str, str]] = {"profession": "your profession"}
    profession = forms.ChoiceField(label="Profession", required=False)
    registered_on = SplitDateField(
        label="Registered since",
        noun="the date",
        required=False,
        help_text="The day from which you are on the register without a break. Leave it empty if it is longer than two years",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (one.key, f"{one.name} ({scheme.regulator})")
            for scheme in schemes.schemes(clock.today())
            for one in scheme.professions
        ]
        self.fields["profession"].choices = [  # type: ignore[attr-defined]
            ("", "On no register yet, or on another"),
            *known,
        ]
