"""The day of an exam as it is filled in: a cohort, the needs of a candidate, a session with its circuits, a conflict."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms

from logbooks.osces.day import people
from logbooks.osces.day.plan import LONGEST, MINUTES, Circuit, Session
from logbooks.osces.models import Candidate
from logbooks.osces.models.day import MOST_EXTRA, MOST_RESTS
from logbooks.osces.rows import whole_number
from placements.models import Cohort
from school.core import days
from school.core.forms import ClockTimeField, SchoolForm
from school.people.models import Person

MOST_CIRCUITS = 8


class CohortForm(SchoolForm):
    """The cohort whose students are examined."""

    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), to_field_name="uuid", label="Cohort", empty_label="Choose a cohort"
    )

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]


class NeedsForm(SchoolForm):
    """Reasonable adjustments of a candidate."""

    extra = whole_number(
        "Extra time, in per cent",
        "Extra time is",
        range(MOST_EXTRA + 1),
        "per cent",
        required=False,
    )
    rests = whole_number(
        "How many rests they need",
        "A candidate has",
        range(MOST_RESTS + 1),
        "rests",
        required=False,
    )
    in_a_row = whole_number(
        "A rest after so many stations, at the latest",
        "It is",
        range(MOST_RESTS + 1),
        "stations",
        required=False,
        help_text="Leave empty if any number is fine",
    )
    earliest = ClockTimeField(
        label="Cannot begin before",
        noun="the time before which they cannot begin",
        required=False,
        help_text="Leave empty if any time is fine",
    )
    session = forms.ChoiceField(label="Session that they can come to", required=False)

    def __init__(self, *args: Any, sessions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Any session"), *((name, name) for name in sessions)]
        self.fields["session"].choices = choices  # type: ignore[attr-defined]

    def needs(self, day: date) -> dict[str, Any]:
        """What the form says, for `actions.change_needs`."""
        data = self.cleaned_data
        at = data["earliest"]
        return {
            "extra": data["extra"] or 0,
            "rests": data["rests"] or 0,
            "in_a_row": data["in_a_row"] or 0,
            "earliest": days.instant(day, at) if at else None,
            "session": data["session"],
        }


def needs_of(one: Candidate) -> dict[str, Any]:
    """What the form of needs begins with."""
    return {
        "extra": one.extra or None,
        "rests": one.rests or None,
        "in_a_row": one.in_a_row or None,
        "earliest": days.local(one.earliest).time() if one.earliest else None,
        "session": one.session,
    }


class SessionForm(SchoolForm):
    """A session without its circuits."""

    nouns: ClassVar[Mapping[str, str]] = {"site": "where it is held"}
    name = forms.CharField(
        label="Name", help_text="For example Morning", max_length=LONGEST["session"]
    )
    site = forms.CharField(
        label="Where it is held",
        help_text="What a candidate looks for: the hospital and the room",
        max_length=LONGEST["site"],
    )
    start = ClockTimeField(label="Starts at", noun="the time at which it starts")
    end = ClockTimeField(label="Over by", noun="the time by which it is over")
    may_overrun = forms.BooleanField(label="It may take longer", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        """Refuses a session that is over before it starts."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", "The session is over after it starts")
        return data

    def session(self, day: date, circuits: tuple[Circuit, ...]) -> Session:
        """What the form says, with its circuits."""
        data = self.cleaned_data
        start, end = (days.local(days.instant(day, data[name])) for name in ("start", "end"))
        return Session(data["name"], data["site"], start, end, circuits, data["may_overrun"])


class CircuitForm(SchoolForm):
    """A circuit; one without a name is none."""

    name = forms.CharField(
        label="Name",
        help_text="For example A. Empty takes the circuit out",
        required=False,
        max_length=LONGEST["circuit"],
    )
    after = whole_number(
        "Starts so many minutes after the session",
        "A circuit starts",
        MINUTES,
        "minutes later",
        required=False,
    )
    pause = whole_number(
        "Minutes of pause between rounds", "A pause lasts", MINUTES, "minutes", required=False
    )

    def __init__(self, *args: Any, stations: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: list[tuple[UUID, ...]] = []
        self.places = [f"examiner_{number}" for number in range(len(stations))]
        for place, station in zip(self.places, stations, strict=True):
            self.fields[place] = forms.CharField(
                label=f"Examiner at {station}",
                required=False,
                max_length=500,
                widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
            )

    @property
    def examiner_fields(self) -> list[Any]:
        """The boxes for examiners."""
        return [self[place] for place in self.places]

    def clean(self) -> dict[str, Any]:
        """Refuses what would be lost with a circuit that has no name and had none."""
        data: dict[str, Any] = super().clean() or {}
        said = any(data.get(name) not in (None, "") for name in self.fields if name != "name")
        if not data.get("name") and said and not self.initial.get("name"):
            self.add_error("name", "Enter the name of the circuit, or empty the rest of it")
        return data

    def circuit(self) -> Circuit:
        """The row as a circuit of the plan."""
        data = self.cleaned_data
        return Circuit(data["name"], data["pause"] or 0, data["after"] or 0, tuple(self.found))


class Circuits(forms.BaseFormSet):
    """The circuits of a session, whose examiners are looked up all at once."""

    def clean(self) -> None:
        """Finds everybody who is typed; who is not found is said at their box."""
        rows = [form for form in self.forms if form.cleaned_data.get("name")]
        boxes = {
            (row, place): people.words_of(row.cleaned_data.get(place) or "")
            for row in rows
            for place in row.places
        }
        found = people.found([word for words in boxes.values() for word in words])
        for (row, place), words in boxes.items():
            for word in words:
                if wrong := people.wrong(word, found[word]):
                    row.add_error(place, wrong)
            if len(words) > 2:
                row.add_error(place, "One or two people examine at a station")
            keys = tuple(found[word][0].uuid for word in words if found[word])
            if len(set(keys)) < len(keys):
                row.add_error(place, "This names one person twice")
            row.found.append(keys)

    def circuits(self) -> tuple[Circuit, ...]:
        """What the rows say."""
        return tuple(form.circuit() for form in self.forms if form.cleaned_data.get("name"))


CircuitRows: Any = forms.formset_factory(
    CircuitForm,
    formset=Circuits,
    extra=1,
    max_num=MOST_CIRCUITS,
    absolute_max=MOST_CIRCUITS,
    validate_max=True,
)


def filled(session: Session | None, seen: str) -> dict[str, Any]:
    """What the form of a session begins with."""
    if session is None:
        return {"seen": seen}
    return {
        "name": session.name,
        "site": session.site,
        "start": days.local(session.start).time(),
        "end": days.local(session.end).time(),
        "may_overrun": session.may_overrun,
        "seen": seen,
    }


def filled_rows(session: Session | None, names: Mapping[UUID, Person]) -> list[dict[str, Any]]:
    """What the circuits begin with."""
    return [
        {
            "name": one.name,
            "after": one.after or None,
            "pause": one.pause or None,
            **{
                f"examiner_{number}": ", ".join(
                    people.written(names[key]) for key in own if key in names
                )
                for number, own in enumerate(one.examiners)
            },
        }
        for one in (session.circuits if session else ())
    ]


class ConflictForm(SchoolForm):
    """An examiner and a candidate who must not meet."""

    examiner = forms.ModelChoiceField(
        Person.objects.none(), to_field_name="uuid", label="Examiner", empty_label="Choose"
    )
    candidate = forms.ModelChoiceField(
        Candidate.objects.none(),
        to_field_name="uuid",
        label="Must not meet the candidate",
        empty_label="Choose",
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, examiners: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"uuid": uuid4()}, **kwargs)
        who, whom = self.fields["examiner"], self.fields["candidate"]
        who.queryset, whom.queryset = examiners, candidates  # type: ignore[attr-defined]
        whom.label_from_instance = lambda one: f"{one.number}, {one.enrolment.person.name}"  # type: ignore[attr-defined]


def at(day: date, data: Mapping[str, Any], name: str) -> datetime | None:
    """A time of the day of the exam that may be left empty, on the London clock."""
    return days.local(days.instant(day, data[name])) if data.get(name) else None
