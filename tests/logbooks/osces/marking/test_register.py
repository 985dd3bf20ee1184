"""The register of a mark sheet, against devices that lose their signal, send twice and tap at the same time."""

import random
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.osces.marking.register import Event, Unmarked, Value, read

A, B = UUID(int=1), UUID(int=2)


@dataclass
class Device:
    """A tablet: what it knows of the sheet, and what it has not yet sent."""

    name: UUID
    known: list[Event] = field(default_factory=list)
    unsent: list[Event] = field(default_factory=list)
    sent: int = 0

    def tap(self, part: str, value: Value) -> Event:
        """An event that has seen everything about the part that this device knows to stand."""
        seen = {uuid for event in self.known for uuid in event.seen}
        mine = frozenset(e.uuid for e in self.known if e.part == part and e.uuid not in seen)
        self.sent += 1
        event = Event(uuid4(), self.name, self.sent, part, value, mine)
        self.known.append(event)
        self.unsent.append(event)
        return event

    def meet(self, server: list[Event]) -> None:
        """Sends what is unsent, twice as after a lost answer, and takes in what others sent."""
        server.extend([*self.unsent, *self.unsent])
        self.unsent.clear()
        self.known.extend(e for e in dict.fromkeys(server) if e not in self.known)


values = st.one_of(st.integers(0, 2), st.sampled_from(Unmarked))
acts = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.sampled_from([0, 1]), st.sampled_from("xyz"), values),
        st.tuples(st.just("meet"), st.sampled_from([0, 1])),
    ),
    max_size=40,
)


@given(acts, st.randoms())
def test_every_order_of_arrival_reads_the_same(acts: list[tuple[object, ...]], luck: random.Random) -> None:  # fmt: skip
    devices, server = [Device(A), Device(B)], list[Event]()
    for act in acts:
        device = devices[act[1]]  # type: ignore[call-overload]
        if act[0] == "tap":
            device.tap(act[2], act[3])  # type: ignore[arg-type]
        else:
            device.meet(server)
    for device in (*devices, *devices):
        device.meet(server)
    found = read(server)
    shuffled = [*server, *luck.choices(server, k=5)] if server else []
    luck.shuffle(shuffled)
    assert read(shuffled) == found
    assert found.missing == {}
    assert all(read(device.known) == found for device in devices)
    # Nothing is lost: every part that was tapped says a value, is in conflict, or was cleared last.
    for part, conflict in found.conflicts.items():
        assert len({event.value for event in conflict}) > 1, part
        assert len({event.device for event in conflict}) > 1, part


@given(acts)
def test_one_device_alone_is_never_in_conflict_and_its_last_tap_stands(
    acts: list[tuple[object, ...]],
) -> None:
    device, last = Device(A), dict[str, Value]()
    for act in acts:
        if act[0] == "tap":
            device.tap(act[2], act[3])  # type: ignore[arg-type]
            last[str(act[2])] = act[3]  # type: ignore[assignment]
    found = read(device.known)
    assert found.conflicts == {}
    assert found.values == {p: v for p, v in last.items() if v is not Unmarked.CLEARED}


def test_same_examiner_on_two_tablets_without_a_signal_is_a_conflict_until_decided() -> None:
    first, second, server = Device(A), Device(B), list[Event]()
    one, two = first.tap("item", 2), second.tap("item", 0)
    first.meet(server)
    second.meet(server)
    found = read(server)
    assert found.values == {}
    assert found.conflicts == {"item": (one, two)}
    second.tap("item", 1)
    second.meet(server)
    assert (read(server).values, read(server).conflicts) == ({"item": 1}, {})


def test_two_tablets_that_agree_need_no_decision() -> None:
    events = [Device(A).tap("item", 2), Device(B).tap("item", 2)]
    assert read(events).values == {"item": 2}


def test_empty_is_no_zero_and_not_observed_is_said() -> None:
    device = Device(A)
    device.tap("cleared", 2)
    device.tap("cleared", Unmarked.CLEARED)
    device.tap("unseen", Unmarked.NOT_OBSERVED)
    device.tap("nothing", 0)
    assert read(device.known).values == {"unseen": Unmarked.NOT_OBSERVED, "nothing": 0}


def test_event_that_never_came_is_named() -> None:
    device = Device(A)
    for value in (0, 1, 2, 1):
        device.tap("item", value)
    found = read([device.known[0], device.known[3]])
    assert found.missing == {A: (2, 3)}


def test_event_whose_forerunner_never_came_still_stands() -> None:
    device = Device(A)
    device.tap("item", 0)
    device.tap("item", 2)
    assert read(device.known[1:]).values == {"item": 2}


def test_identity_used_twice_is_refused() -> None:
    event = Device(A).tap("item", 1)
    with pytest.raises(ValueError, match="Two different events have the UUID"):
        read([event, replace(event, value=2)])
    with pytest.raises(ValueError, match="sent two events as number 1"):
        read([event, replace(event, uuid=uuid4())])


def test_event_takes_the_place_of_others_about_its_own_part_alone() -> None:
    one = Event(uuid4(), A, 1, "item", 2)
    other = Event(uuid4(), A, 2, "grade", 3, frozenset({one.uuid}))
    own = uuid4()
    itself = Event(own, A, 3, "last", 1, frozenset({own}))
    assert read([one, other, itself]).values == {"item": 2, "grade": 3, "last": 1}
