"""What a School educator fills in of an event and its sessions."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms

from school.core import clock, days
from school.core.days import WallTime
from school.core.forms import ClockTimeField, SchoolForm, SplitDateField
from school.courses import teaching_queries as taught
from school.courses.actions.teaching import Details, When
from school.courses.forms.teaching import number
from school.courses.models import Event
from school.people.models import Site

# As many sessions as the form has rows for.
ROWS = range(1, 7)
FORMATS = [(key, words.capitalize()) for key, words in Event.Format.choices]


class EventForm(SchoolForm):
    """An event: where, how many places, from when to when they can be asked for, and up to six sessions."""

    format = forms.ChoiceField(
        label="How people come together", choices=FORMATS, widget=forms.RadioSelect
    )
    site = forms.ModelChoiceField(
        label="Site",
        queryset=Site.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="At no site of the network",
    )
    venue = forms.CharField(
        label="Room, or the address when it is at no site",
        required=False,
        max_length=200,
        help_text="Everyone reads this",
    )
    region = forms.ChoiceField(
        label="Region", required=False, help_text="Of an address at no site; a site has its own"
    )
    link = forms.URLField(
        label="Link to join online",
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text="Only people with a place see it",
    )
    joining = forms.CharField(
        label="Joining instructions",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="For people with a place: how to get there, what to bring",
    )
    capacity = number(label="Places", min_value=1, max_value=2000)
    opens_on = SplitDateField(label="Booking opens on", noun="the day booking opens")
    opens_at = ClockTimeField(label="Time it opens", noun="the time booking opens")
    closes_on = SplitDateField(
        label="Booking closes on",
        noun="the day booking closes",
        required=False,
        help_text="Leave empty to close when the event begins",
    )
    closes_at = ClockTimeField(
        label="Time it closes", noun="the time booking closes", required=False
    )
    needs_approval = forms.BooleanField(
        label="A manager approves each place",
        required=False,
        help_text="Line managers are asked before somebody gets a place",
    )
    hold_hours = number(
        label="A free place is held for the next in line for, in hours",
        min_value=1,
        max_value=14 * 24,
    )
    contact = forms.EmailField(
        label="Email address for questions", max_length=254, help_text="Everyone reads this"
    )
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.all()  # type: ignore[attr-defined]
        regions = [("", "None"), *((name, name) for name in taught.regions())]
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        for row in ROWS:
            first = row == 1
            ordinal = "" if first else f" of session {row}"
            self.fields |= {
                f"day_{row}": SplitDateField(label="Day", noun=f"the day{ordinal}", required=first),
                f"starts_{row}": ClockTimeField(
                    label="Begins", noun=f"the beginning{ordinal}", required=first
                ),
                f"ends_{row}": ClockTimeField(
                    label="Ends", noun=f"the end{ordinal}", required=first
                ),
                f"title_{row}": forms.CharField(
                    label="Title, if it has one", required=False, max_length=150
                ),
            }

    @property
    def first_row(self) -> list[forms.BoundField]:
        """The fields of the first session."""
        return self._row(1)

    @property
    def more_rows(self) -> list[dict[str, Any]]:
        """The other sessions: number, fields, and whether something stands there."""
        return [
            {
                "number": row,
                "fields": self._row(row),
                "open": any(one.value() or one.errors for one in self._row(row)),
            }
            for row in ROWS[1:]
        ]

    def _row(self, row: int) -> list[forms.BoundField]:
        return [self[f"{name}_{row}"] for name in ("day", "starts", "ends", "title")]

    def fields_of(self, *names: str) -> list[forms.BoundField]:
        """Some of the fields, in order."""
        return [self[name] for name in names]

    @property
    def where_fields(self) -> list[forms.BoundField]:
        """Where it is held and how people get there."""
        return self.fields_of("format", "site", "venue", "region", "link", "joining")

    @property
    def place_fields(self) -> list[forms.BoundField]:
        """Places and who gets them."""
        names = ("capacity", "opens_on", "opens_at", "closes_on", "closes_at")
        return self.fields_of(*names, "needs_approval", "hold_hours", "contact")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        in_person = data.get("format") == Event.Format.IN_PERSON
        if in_person and not data.get("site") and not data.get("venue"):
            self.add_error("site", "Choose the site, or enter the address")
        for row in ROWS:
            self._check_row(row, data)
        if data.get("closes_at") and not data.get("closes_on") and "closes_on" not in self.errors:
            self.add_error("closes_on", "Enter the day booking closes, or leave the time empty")
        return data

    def _check_row(self, row: int, data: Mapping[str, Any]) -> None:
        names = ("day", "starts", "ends")
        held = [data.get(f"{name}_{row}") for name in names]
        if row > 1 and (any(held) or data.get(f"title_{row}")):
            for name, value in zip(names, held, strict=True):
                key = f"{name}_{row}"
                if not value and key not in self.errors:
                    words = {"day": "day", "starts": "beginning", "ends": "end"}[name]
                    self.add_error(key, f"Enter the {words} of session {row}")
        day, starts, ends = held
        if day and starts and ends and ends <= starts:
            self.add_error(f"ends_{row}", "A session ends after it begins")
        for name, at in (("starts", starts), ("ends", ends)):
            if day and at and days.wall_time(day, at) is WallTime.MISSING:
                self.add_error(f"{name}_{row}", "The clocks skip this time on that night")

    def sessions(self) -> list[When]:
        """The sessions in order of time."""
        data = self.cleaned_data
        found = [
            When(
                days.instant(data[f"day_{row}"], data[f"starts_{row}"]),
                days.instant(data[f"day_{row}"], data[f"ends_{row}"]),
                data[f"title_{row}"],
            )
            for row in ROWS
            if data.get(f"day_{row}")
        ]
        return sorted(found, key=lambda one: one.starts)

    def details(self) -> Details:
        """What the event is, beside its sessions."""
        data = self.cleaned_data
        online = data["format"] == Event.Format.ONLINE
        begins = self.sessions()[0].starts
        closes = begins
        if data["closes_on"]:
            last = time(23, 59)
            closes = min(begins, days.instant(data["closes_on"], last))
            if data["closes_at"]:
                closes = days.instant(data["closes_on"], data["closes_at"])
        return Details(
            format=Event.Format(data["format"]),
            site=None if online else data["site"],
            venue="" if online else data["venue"],
            region="" if online or data["site"] else data["region"],
            link=data["link"],
            joining=data["joining"],
            capacity=data["capacity"],
            opens=days.instant(data["opens_on"], data["opens_at"]),
            closes=closes,
            needs_approval=data["needs_approval"],
            hold_for=timedelta(hours=data["hold_hours"]),
            contact=data["contact"],
        )


def new_event_initial(uuid: UUID, contact: str) -> dict[str, Any]:
    """An event as its form begins: booking opens this hour."""
    now = days.local(clock.now())
    return {
        "uuid": uuid,
        "opens_on": now.date(),
        "opens_at": time(now.hour),
        "hold_hours": 48,
        "contact": contact,
    }


def event_initial(event: Event) -> dict[str, Any]:
    """An event as its form shows it."""
    names = (
        "format",
        "venue",
        "region",
        "link",
        "joining",
        "capacity",
        "needs_approval",
        "contact",
    )
    held: dict[str, Any] = {name: getattr(event, name) for name in names}
    held["site"] = event.site.uuid if event.site else None
    held["hold_hours"] = event.hold_for // timedelta(hours=1)
    held["opens_on"], held["opens_at"] = _local(event.opens)
    if event.closes != event.starts:
        held["closes_on"], held["closes_at"] = _local(event.closes)
    for row, session in zip(ROWS, event.sessions.all(), strict=False):
        held[f"day_{row}"], held[f"starts_{row}"] = _local(session.starts)
        held[f"ends_{row}"] = _local(session.ends)[1]
        held[f"title_{row}"] = session.title
    return held


def _local(moment: datetime) -> tuple[date, time]:
    local = days.local(moment)
    return local.date(), local.time().replace(second=0, microsecond=0)
