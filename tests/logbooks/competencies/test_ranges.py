"""The arithmetic of the range of examinations."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logbooks.competencies import ranges
from logbooks.competencies.models import Role
from logbooks.competencies.ranges import ROLES, Asked, Line, Seen

SEEN = [
    Seen("half-body", "fdg", "observed"),
    Seen("half-body", "fdg", "assisted"),
    Seen("half-body", "fec", "indirect"),
    Seen("brain", "fbb", "direct"),
]

everything = st.lists(
    st.builds(
        Seen,
        examination=st.sampled_from(["half-body", "brain", "bone"]),
        tracer=st.sampled_from(["fdg", "naf"]),
        role=st.sampled_from(ROLES),
    ),
    max_size=30,
)


def test_roles_are_those_of_the_log_in_their_order() -> None:
    assert list(ROLES) == Role.values


@pytest.mark.parametrize(
    ("examination", "role", "count"),
    [
        ("half-body", "observed", 3),
        ("half-body", "assisted", 2),
        ("half-body", "direct", 1),
        ("half-body", "indirect", 1),
        ("brain", "indirect", 0),
        ("bone", "observed", 0),
        ("", "observed", 4),
        ("", "direct", 2),
    ],
)
def test_role_that_asks_more_counts_towards_one_that_asks_less(
    examination: str, role: str, count: int
) -> None:
    assert ranges.counts(Asked("A1", examination, role, 5), SEEN) == count


def test_what_is_left_is_never_below_nothing() -> None:
    asked = [Asked("A1", "half-body", "observed", 2), Asked("A2", "brain", "observed", 4)]
    assert [(one.done, one.left) for one in ranges.met(asked, SEEN)] == [(3, 0), (1, 3)]


def test_lines_hold_every_role_and_the_most_that_is_asked() -> None:
    asked = [
        Asked("A1", "half-body", "observed", 2),
        Asked("A2", "half-body", "direct", 6),
        Asked("A3", "", "observed", 20),
    ]
    assert ranges.by_type(["half-body", "brain", "bone"], SEEN, asked) == [
        Line("half-body", (1, 1, 0, 1), 6),
        Line("brain", (0, 0, 1, 0), 0),
        Line("bone", (0, 0, 0, 0), 0),
    ]
    assert ranges.by_tracer(["fdg", "fec", "fbb"], SEEN) == [
        Line("fdg", (1, 1, 0, 0)),
        Line("fec", (0, 0, 0, 1)),
        Line("fbb", (0, 0, 1, 0)),
    ]
    assert ranges.whole(SEEN, asked) == Line("", (1, 1, 1, 1), 20)


def test_segments_stand_side_by_side_from_the_role_that_asks_most() -> None:
    found = ranges.segments(Line("x", (1, 0, 2, 1)), 8)
    assert [(one.role, one.at, one.width) for one in found] == [
        ("indirect", 0, 12.5),
        ("direct", 12.5, 25),
        ("observed", 37.5, 12.5),
    ]


def test_goal_stands_where_the_number_is() -> None:
    assert ranges.goal(Line("x", (0, 0, 0, 0), 5), 20) == 25
    assert ranges.goal(Line("x", (1, 0, 0, 0)), 20) is None


def test_scale_holds_the_longest_bar_and_the_highest_goal() -> None:
    assert ranges.scale([]) == 1
    assert ranges.scale([Line("x", (3, 4, 0, 0), 5), Line("y", (0, 0, 0, 0), 9)]) == 9


@given(everything)
def test_every_examination_is_in_one_line_of_each_kind(seen: list[Seen]) -> None:
    types = ranges.by_type(["half-body", "brain", "bone"], seen, [])
    tracers = ranges.by_tracer(["fdg", "naf"], seen)
    assert sum(line.total for line in types) == len(seen)
    assert sum(line.total for line in tracers) == len(seen)
    roles = Counter(one.role for one in seen)
    assert ranges.whole(seen, []).by_role == tuple(roles[role] for role in ROLES)


@given(everything, st.sampled_from(ROLES), st.sampled_from(ROLES))
def test_asking_more_never_counts_more(seen: list[Seen], one: str, other: str) -> None:
    less, more = sorted((one, other), key=ROLES.index)
    assert ranges.counts(Asked("A", "", less, 1), seen) >= ranges.counts(
        Asked("A", "", more, 1), seen
    )
