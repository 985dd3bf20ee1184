"""The clock of each circuit: what is on now, and when the next signal is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from logbooks.osces.day.announced import Announced
from logbooks.osces.timetable.exam import Circuit, Kind, Session, Visit


@dataclass(frozen=True, slots=True)
class Signal:
    """What a circuit does now, until `until` (none: it is over); round and slot are 0 outside of a round."""

    session: Session
    circuit: Circuit
    round: int
    slot: int
    slots: int
    running: bool
    until: datetime | None
    visits: tuple[Visit, ...]

    @property
    def words(self) -> str:
        """What is on, in words."""
        if self.until is None:
            return "Over"
        if self.round:
            if self.slot == 1 and not self.running:
                return f"Before round {self.round}"
            where = f"Round {self.round}, slot {self.slot} of {self.slots}"
            return where if self.running else f"Change over to {where[0].lower()}{where[1:]}"
        return "Stations outside of rounds" if self.running else "Waiting"

    @property
    def next(self) -> str:
        """What the next signal is."""
        if self.until is None:
            return ""
        return "End of the slot" if self.running else "Start"

    def now_at(self, position: int) -> Visit | None:
        """Who is at a place now."""
        return next((one for one in self.visits if one.position == position), None)


def signals(said: Announced, now: datetime) -> list[Signal]:
    """Every circuit in which somebody is examined, in order, at a moment."""
    own: dict[tuple[str, str], list[Visit]] = {}
    for visit in said.timetable.visits:
        own.setdefault((visit.session, visit.circuit), []).append(visit)
    return [
        _signal(session, circuit, own[session.name, circuit.name], now)
        for session, circuit in said.exam.circuits()
        if (session.name, circuit.name) in own
    ]


def _signal(session: Session, circuit: Circuit, visits: Sequence[Visit], now: datetime) -> Signal:
    on = tuple(one for one in visits if one.starts <= now < one.ends)
    coming = [one for one in visits if one.starts > now]
    if not on and not coming:
        return Signal(session, circuit, 0, 0, 0, False, None, ())
    if on:
        shown, until = on, min(one.ends for one in on)
    else:
        until = min(one.starts for one in coming)
        shown = tuple(one for one in coming if one.starts == until)
    number = max(one.round for one in shown)
    starts = sorted({one.starts for one in visits if one.round == number}) if number else []
    slot = (
        1 + starts.index(max(one.starts for one in shown if one.round == number)) if number else 0
    )
    return Signal(session, circuit, number, slot, len(starts), bool(on), until, on)


def marked(circuit: Circuit) -> list[int]:
    """The positions of the marked stations, in order."""
    return [place for place, one in enumerate(circuit.positions) if one.kind is Kind.MARKED]
