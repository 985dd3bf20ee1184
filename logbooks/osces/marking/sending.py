"""A tablet's marks at the door: each event kept or refused by itself, sheets closed that were asked for, and what the server has then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from logbooks.osces.day.queries import Marked, marked
from logbooks.osces.exams.queries import kept as kept_exams
from logbooks.osces.marking import actions, events
from logbooks.osces.marking.events import Tap, Unreadable
from logbooks.osces.marking.reading import State, document_of, states
from logbooks.osces.marking.station import ever_examined, ever_told, keys, with_closings
from logbooks.osces.models import Exam, MarkEvent, MarkSheet, Tablet
from school.core import clock, days
from school.core.errors import DomainError
from school.people.models import Person

MOST_EVENTS = 500
MOST_UNSENT = 30_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A sheet that a tablet asks to close, under the UUID of the closing."""

    candidate: UUID
    uuid: UUID
    without_missing: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: whose marks they are, the device, how many marks only it has with these, its events by candidate, and what it asks to close.

    `unread` are events that cannot be read, by their UUID with why. `shown` is the candidate whose sheet is on its screen.
    """

    owner: UUID
    device: UUID
    unsent: int
    taps: Mapping[UUID, Sequence[Tap]]
    unread: Mapping[UUID, str]
    closing: tuple[Asked, ...]
    shown: UUID | None

    @property
    def candidates(self) -> set[UUID]:
        """Those whom it speaks of."""
        named = {*self.taps, *(one.candidate for one in self.closing)}
        return named | {self.shown} if self.shown else named


class AnothersMarks(Exception):
    """Somebody else is signed in than whose marks were sent: nothing of them is kept, and the tablet keeps all."""


def read(data: Any) -> Sent:
    """What a tablet sent as JSON: {"owner", "device", "unsent", "shown", "events": [{"candidate", …}], "closing": [{"candidate", "uuid", "without"}]}.

    An event that cannot be read is refused alone. Raises Unreadable where the whole cannot be, and then the tablet keeps all.
    """
    if not isinstance(data, Mapping):
        raise Unreadable("What was sent is no object.")
    owner, device = _uuid(data.get("owner")), _uuid(data.get("device"))
    unsent = data.get("unsent", 0)
    if type(unsent) is not int or unsent < 0:
        raise Unreadable("The number of marks that only the device has is a whole number.")
    rows = _list(data, "events")
    if len(rows) > MOST_EVENTS:
        raise Unreadable(f"At most {MOST_EVENTS} marks are sent at once.")
    taps: dict[UUID, list[Tap]] = {}
    unread: dict[UUID, str] = {}
    for row in rows:
        try:
            tap = events.read(row)
            taps.setdefault(_uuid(row.get("candidate")), []).append(tap)
        except Unreadable as error:
            # Without an identity it cannot be answered alone.
            unread[_uuid(row.get("uuid") if isinstance(row, Mapping) else None)] = str(error)
    closing = tuple(
        Asked(_uuid(one.get("candidate")), _uuid(one.get("uuid")), one.get("without") is True)
        for one in _list(data, "closing")
        if isinstance(one, Mapping)
    )
    shown = _uuid(data["shown"]) if data.get("shown") else None
    return Sent(owner, device, min(unsent, MOST_UNSENT), taps, unread, closing, shown)


def receive(
    exam: UUID, place: int, me: Person, identity: Collection[int], sent: Sent
) -> dict[str, Any] | None:
    """Keeps what came, and says what the server has; none where somebody has nothing to do with that station.

    {"kept": [uuid], "refused": {uuid: why}, "open": {candidate: why it is not closed}, "states": {candidate: `shown`}, "now"}
    Raises AnothersMarks.
    """
    own_keys = keys(me, identity)
    if sent.owner not in own_keys:
        raise AnothersMarks
    own = list(_own(exam, place, identity))
    sheets = {one.candidate.uuid: one for one in own}
    closed: dict[int, datetime | None] = {one.pk: one.closed_at for one in own}
    kept: list[UUID] = []
    refused = dict(sent.unread)
    if not sheets or sent.taps.keys() - sheets.keys():
        station = _station(exam, place)
        if station is None or not (sheets or ever_examined(station, own_keys)):
            return None
        for key in sent.taps.keys() - sheets.keys():
            try:
                sheets[key] = _opened(station, me, own_keys, key)
            except DomainError as error:
                refused |= {tap.uuid: error.message for tap in sent.taps[key]}
    for key, taps in sent.taps.items():
        if key in sheets:
            done = actions.keep(
                by=me, sheet=sheets[key], document=document_of(sheets[key]), taps=taps
            )
            kept += done.kept
            refused |= done.refused
    open_still = _closed(me, sheets, closed, sent)
    _heard(exam, me, sent)
    return {
        "kept": [str(one) for one in kept],
        "refused": {str(one): why for one, why in refused.items()},
        "open": open_still,
        "states": _states([sheets[one] for one in sent.candidates if one in sheets], closed),
        "now": clock.now().isoformat(),
    }


def _own(exam: UUID, place: int, identity: Collection[int]) -> QuerySet[Any]:
    """The sheets of an examiner at a place with all that marking them takes, and when each was closed; one query."""
    rows = MarkSheet.objects.filter(
        exam__uuid=exam, place__number=place, examiner__in=identity
    ).select_related("book", "exam", "candidate", "place__version")
    return with_closings(rows)


def _station(exam: UUID, place: int) -> Marked | None:
    found = kept_exams().filter(uuid=exam).first()
    own = (one for one in marked(found) if one.place.number == place) if found else iter(())
    return next(own, None)


def _opened(station: Marked, me: Person, own_keys: Collection[UUID], key: UUID) -> MarkSheet:
    exam = station.place.exam
    candidate = exam.candidates.filter(uuid=key).first()
    told = ever_told(exam, candidate, station.name, own_keys) if candidate else None
    if candidate is None or told is None:
        raise DomainError(actions.NOT_YOURS)
    return actions.open_sheet(
        exam=exam, candidate=candidate, station=station, examiner=me, told=told
    )


def _closed(
    me: Person,
    sheets: Mapping[UUID, MarkSheet],
    closed: dict[int, datetime | None],
    sent: Sent,
) -> dict[str, str]:
    """Closes what was asked for, and notes when; why each that stays open does."""
    why: dict[str, str] = {}
    for one in sent.closing:
        sheet = sheets.get(one.candidate)
        if sheet is None:
            why[str(one.candidate)] = "Nothing is marked on this sheet."
            continue
        try:
            if not one.without_missing:
                rule_no_other_device_has_marks(me, sheet, sent.device)
            done = actions.close(
                by=me,
                sheet=sheet,
                document=document_of(sheet),
                uuid=one.uuid,
                without_missing=one.without_missing,
            )
        except DomainError as error:
            why[str(one.candidate)] = error.message
        else:
            closed[sheet.pk] = done.entry.recorded_at
    return why


def rule_no_other_device_has_marks(me: Person, sheet: MarkSheet, device: UUID) -> None:
    """A sheet waits for what another device of its examiner said that only it has, unless somebody says otherwise."""
    others = Tablet.objects.filter(exam=sheet.exam, examiner=me, unsent__gt=0)
    waiting = sum(others.exclude(device=device).values_list("unsent", flat=True))
    if waiting:
        marks = "1 mark" if waiting == 1 else f"{waiting} marks"
        raise DomainError(
            f"Another device of yours has {marks} that have not arrived. Wait until it has a signal, or close without."
        )


def _heard(exam: UUID, me: Person, sent: Sent) -> None:
    """Notes that a device was heard of, with how many marks only it has beside those that came now."""
    came = sum(map(len, sent.taps.values()))
    said = {"unsent": max(sent.unsent - came, 0), "heard_at": clock.now()}
    device: dict[str, Any] = {"examiner": me, "device": sent.device}
    if not Tablet.objects.filter(exam__uuid=exam, **device).update(**said):
        row = Exam.objects.get(uuid=exam)
        Tablet.objects.update_or_create(exam=row, **device, defaults=said)


def _states(own: Sequence[MarkSheet], closed: Mapping[int, datetime | None]) -> dict[str, Any]:
    said = states(own) if own else {}
    return {str(one.candidate.uuid): shown(one, said[one.pk], closed.get(one.pk)) for one in own}


def shown(
    sheet: MarkSheet | None, state: State | None, closed_at: datetime | None
) -> dict[str, Any]:
    """What a tablet is told of a sheet: its UUID, the events of each part that stand as [uuid, value, when, words], and when it was closed."""
    return {
        "sheet": str(sheet.uuid) if sheet else "",
        "standing": _standing(state) if state else {},
        "closed": days.local(closed_at).strftime("%H:%M") if closed_at else "",
    }


def _standing(state: State) -> dict[str, list[list[str | int]]]:
    facts = {fact.entry.uuid: fact for fact in state.facts}

    def row(uuid: UUID) -> list[str | int]:
        fact: MarkEvent = facts[uuid]
        value = fact.value if fact.value is not None else str(fact.said)
        at = days.local(fact.entry.recorded_at).strftime("%H:%M")
        return [str(uuid), value, at, state.words.get(uuid, "")]

    return {part: [row(one.uuid) for one in some] for part, some in state.read.standing.items()}


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise Unreadable("A device or a candidate has no UUID.") from None


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name, [])
    if not isinstance(found, list):
        raise Unreadable(f"“{name}” is a list.")
    return found
