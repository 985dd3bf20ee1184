"""Exams to plan: small ones of every kind, and one of 120 candidates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from logbooks.osces.timetable.exam import (
    Candidate,
    Circuit,
    Exam,
    Examiner,
    Kind,
    Position,
    Session,
)

NINE = datetime(2026, 6, 5, 9, tzinfo=UTC)
KINDS = {"M": Kind.MARKED, "P": Kind.PREPARATION, "R": Kind.REST}


def at(minutes: int) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def circuit(
    name: str, ring: str, examiner: str = "", minutes: int = 8, change: int = 1, **more: int
) -> Circuit:
    """A circuit from a word such as MMPMR; its examiners are `examiner` or the circuit's name with the station's number."""
    positions, station = [], 0
    for place, letter in enumerate(ring, 1):
        station += letter == "M"
        label = f"Station {station}" if letter == "M" else f"{KINDS[letter].capitalize()} {place}"
        who = (f"{examiner or name}{station}",) if letter == "M" else ()
        positions.append(Position(label, KINDS[letter], minutes, who))
    return Circuit(name, tuple(positions), change, **more)


def session(name: str, start: int, end: int, *circuits: Circuit) -> Session:
    """A session from and to so many minutes after nine."""
    return Session(name, "Site", at(start), at(end), circuits)


def exam(
    *sessions: Session,
    candidates: int | list[Candidate] = 0,
    conflicts: tuple[tuple[str, str], ...] = (),
) -> Exam:
    """An exam with the examiners that its circuits name; the candidates are C1 and so on."""
    if isinstance(candidates, int):
        candidates = [candidate(number) for number in range(1, candidates + 1)]
    keys = {who for s in sessions for c in s.circuits for p in c.positions for who in p.examiners}
    return Exam(
        sessions,
        tuple(candidates),
        tuple(Examiner(key, f"Dr {key}") for key in sorted(keys)),
        frozenset(conflicts),
    )


def candidate(number: int, **needs: object) -> Candidate:
    """The candidate C1 and so on, whose key is k1 and so on."""
    return replace(Candidate(f"k{number}", f"C{number}"), **needs)  # type: ignore[arg-type]


def big(end: int = 480) -> Exam:
    """120 candidates in 3 circuits of 12, with 10 conflicts, 6 with extra time, 3 with rests."""
    ring = "MMMRMMPMMRMM"
    needs: dict[int, dict[str, object]] = {
        **{number: {"extra": 25} for number in (5, 25, 45, 105)},
        65: {"extra": 50},
        85: {"extra": 10},
        7: {"rests": 1, "in_a_row": 5},
        8: {"rests": 2, "in_a_row": 5},
        9: {"rests": 1},
        50: {"earliest": at(120)},
    }
    circuits = [circuit(name, ring, pause=10, after=5 * n) for n, name in enumerate("ABC")]
    return exam(
        session("Session 1", 0, end, *circuits),
        candidates=[candidate(number, **needs.get(number, {})) for number in range(1, 121)],
        conflicts=tuple(("ABC"[n % 3] + str(n % 9 + 1), f"k{10 * n + 1}") for n in range(10)),
    )


@st.composite
def exams(draw: st.DrawFn, most: int = 7) -> Exam:
    """Small exams of one or two sessions, possible or not."""
    stations = draw(st.integers(1, 3))
    count = draw(st.integers(1, most))
    sessions = []
    for number in range(draw(st.integers(1, 2))):
        circuits = []
        for name in "AB"[: draw(st.integers(1, 2))]:
            ring = "".join(
                draw(st.sampled_from(["M", "M", "PM", "RM", "MR"])) for _ in range(stations)
            )
            circuits.append(
                circuit(
                    name,
                    ring,
                    draw(st.sampled_from([f"{name}{number}.", f"{name}{number}.", f"{name}."])),
                    draw(st.integers(3, 5)),
                    draw(st.integers(0, 1)),
                    pause=draw(st.integers(0, 3)),
                    after=draw(st.sampled_from([0, 0, 7])),
                )
            )
        start = draw(st.sampled_from([0, 60, 150])) if number else 0
        sessions.append(
            session(
                f"Session {number + 1}",
                start,
                start + draw(st.sampled_from([20, 40, 60, 80, 150])),
                *circuits,
            )
        )
    names = [one.name for one in sessions]
    candidates = [
        candidate(
            number,
            sessions=tuple(draw(st.sampled_from([[], [], names, names[:1], names[-1:]]))),
            extra=draw(st.sampled_from([0, 0, 0, 25, 50])),
            rests=draw(st.sampled_from([0, 0, 0, 1])),
            in_a_row=draw(st.sampled_from([0, 0, 0, 1, 2])),
            earliest=draw(st.sampled_from([None, None, None, at(20), at(60)])),
        )
        for number in range(1, count + 1)
    ]
    plain = exam(*sessions, candidates=candidates)
    pairs = st.tuples(
        st.sampled_from([one.key for one in plain.examiners]),
        st.sampled_from([one.key for one in candidates]),
    )
    return replace(plain, conflicts=frozenset(draw(st.sets(pairs, max_size=3))))
