"""What happened on the day, as it is filled in: one form for each kind of change."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms

from logbooks.osces.day.again import LONGEST_DELAY
from logbooks.osces.day.announced import Announced
from logbooks.osces.day.forms import at
from logbooks.osces.rows import whole_number
from logbooks.osces.timetable.changes import (
    Absent,
    Change,
    Delayed,
    ExaminerLost,
    Late,
    RoomLost,
)
from school.core.forms import ClockTimeField, SchoolForm


class Happened(SchoolForm):
    """One kind of change; `choices` are those of its first field."""

    title: ClassVar[str]
    what: ClassVar[str]

    def __init__(
        self, *args: Any, said: Announced, people: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"id_{self.what}_%s", **kwargs)
        first = next(iter(self.fields.values()))
        first.choices = [("", "Choose"), *self.offered(said, people)]  # type: ignore[attr-defined]

    def offered(
        self, said: Announced, people: Sequence[tuple[str, str]]
    ) -> Sequence[tuple[str, str]]:
        """What can be chosen first; `people` are candidates by key."""
        return people

    def change(self, day: date, now: datetime) -> Change:
        """What a valid form says."""
        raise NotImplementedError

    def away(self, day: date) -> datetime | None:
        """Since when a late candidate was not there, if it is said."""
        return None


class LateForm(Happened):
    """A candidate who comes later."""

    title, what = "A candidate is late", "late"
    candidate = forms.ChoiceField(label="Candidate")
    arrives = ClockTimeField(label="Can begin at", noun="the time at which they can begin")
    not_there = ClockTimeField(
        label="Missed everything since",
        noun="the time since when they missed everything",
        required=False,
        help_text="Leave empty if they missed only the station that is on now, or nothing",
    )

    def change(self, day: date, now: datetime) -> Change:
        """The candidate and when they can begin."""
        data = self.cleaned_data
        arrives = at(day, data, "arrives")
        assert arrives
        return Late(data["candidate"], arrives)

    def away(self, day: date) -> datetime | None:
        """Since when they were not there."""
        return at(day, self.cleaned_data, "not_there")


class AbsentForm(Happened):
    """A candidate who does not come."""

    title, what = "A candidate does not come, or goes home", "absent"
    candidate = forms.ChoiceField(label="Candidate")

    def change(self, day: date, now: datetime) -> Change:
        """The candidate."""
        return Absent(self.cleaned_data["candidate"])


class RoomForm(Happened):
    """A room that is lost."""

    title, what = "A room cannot be used", "room"
    place = forms.ChoiceField(label="Place")
    since = ClockTimeField(
        label="Since",
        noun="the time since when it cannot be used",
        required=False,
        help_text="Leave empty for now",
    )
    reopens = ClockTimeField(
        label="Another room is ready at",
        noun="the time at which another room is ready",
        required=False,
        help_text="Leave empty if there is none",
    )

    def offered(
        self, said: Announced, people: Sequence[tuple[str, str]]
    ) -> Sequence[tuple[str, str]]:
        """Every place of every circuit."""
        return [
            (f"{ring}:{place}", f"{one.name}, circuit {circuit.name} of {session.name}")
            for ring, (session, circuit) in enumerate(said.exam.circuits())
            for place, one in enumerate(circuit.positions)
        ]

    def __init__(self, *args: Any, said: Announced, **kwargs: Any) -> None:
        super().__init__(*args, said=said, **kwargs)
        self.rings = said.exam.circuits()

    def change(self, day: date, now: datetime) -> Change:
        """The place, and from when to when."""
        data = self.cleaned_data
        ring, _, place = data["place"].partition(":")
        session, circuit = self.rings[int(ring)]
        since, reopens = at(day, data, "since") or now, at(day, data, "reopens")
        return RoomLost(session.name, circuit.name, int(place), since, reopens)


class ExaminerForm(Happened):
    """An examiner who cannot go on."""

    title, what = "An examiner cannot go on", "examiner"
    examiner = forms.ChoiceField(label="Examiner")
    since = ClockTimeField(
        label="Since",
        noun="the time since when they are not there",
        required=False,
        help_text="Leave empty for now",
    )

    def __init__(self, *args: Any, examiners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "people": examiners})

    def change(self, day: date, now: datetime) -> Change:
        """The examiner, and from when."""
        since = at(day, self.cleaned_data, "since") or now
        return ExaminerLost(self.cleaned_data["examiner"], since)


class DelayForm(Happened):
    """A circuit that is late."""

    title, what = "A circuit is late", "delay"
    circuit = forms.ChoiceField(label="Circuit")
    minutes = whole_number("Minutes", "A delay is", range(1, LONGEST_DELAY + 1), "minutes")

    def offered(
        self, said: Announced, people: Sequence[tuple[str, str]]
    ) -> Sequence[tuple[str, str]]:
        """Every circuit."""
        return [
            (str(ring), f"{circuit.name} of {session.name}")
            for ring, (session, circuit) in enumerate(said.exam.circuits())
        ]

    def __init__(self, *args: Any, said: Announced, **kwargs: Any) -> None:
        super().__init__(*args, said=said, **kwargs)
        self.rings = said.exam.circuits()

    def change(self, day: date, now: datetime) -> Change:
        """The circuit and by how much."""
        session, circuit = self.rings[int(self.cleaned_data["circuit"])]
        return Delayed(session.name, circuit.name, self.cleaned_data["minutes"])


KINDS: tuple[type[Happened], ...] = (LateForm, AbsentForm, RoomForm, ExaminerForm, DelayForm)


def forms_of(
    sent: Any,
    said: Announced,
    candidates: Sequence[tuple[str, str]],
    examiners: Sequence[tuple[str, str]],
) -> dict[str, Happened]:
    """Every kind's form; the one that is said to be sent is filled."""
    found = {}
    for kind in KINDS:
        more: dict[str, Any] = {"examiners": examiners} if kind is ExaminerForm else {}
        data = sent if sent.get("what") == kind.what else None
        found[kind.what] = kind(data, said=said, people=candidates, **more)
    return found
