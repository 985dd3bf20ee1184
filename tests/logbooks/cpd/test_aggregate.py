"""Hours by site and type: what adds up, and that no subtraction tells of fewer than five people."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from logbooks.cpd.aggregate import ALL, SEVERAL, THRESHOLD, TOGETHER, Done, Line, table

TYPES = ("formal", "other", "work-based")


def people(number: int, first: int = 0, learning: str = "formal") -> list[Done]:
    return [Done(first + one, learning, 60) for one in range(number)]


def at(site: str, done: list[Done]) -> dict[int, list[str]]:
    return {one.person: [site] for one in done}


def titles(lines: object) -> list[str]:
    return [one.title for one in lines]  # type: ignore[attr-defined]


def test_small_site_goes_with_the_next_smallest_and_both_are_in_the_total() -> None:
    elm, oak, ash = people(9), people(6, 100), people(2, 200)
    found = table(elm + oak + ash, at("Elm", elm) | at("Oak", oak) | at("Ash", ash), TYPES)
    assert titles(found.lines) == ["Elm", TOGETHER]
    assert [one.people for one in found.lines] == [9, 8]
    assert found.total is not None
    assert (found.total.people, found.total.minutes) == (17, 17 * 60)


def test_too_few_in_all_are_not_shown_at_all() -> None:
    done = people(4)
    assert table(done, at("Elm", done), TYPES).total is None


def test_who_is_at_several_sites_stands_in_a_row_of_their_own_and_once_in_the_total() -> None:
    elm, both = people(5), people(5, 100)
    sites: dict[int, list[str]] = at("Elm", elm) | {one.person: ["Elm", "Oak"] for one in both}
    found = table([*elm, *both, Done(999, "formal", 60)], sites, TYPES)
    assert titles(found.lines) == ["Elm", SEVERAL]
    assert found.total is not None
    assert found.total.people == 10


def test_a_type_of_few_is_hidden_with_another_in_every_row() -> None:
    elm, oak = people(6), people(6, 100)
    more = [Done(one.person, "work-based", 30) for one in elm + oak]
    few = [Done(0, "other", 45)]
    found = table(elm + oak + more + few, at("Elm", elm) | at("Oak", oak), TYPES)
    for line in (*found.lines, found.total):
        assert isinstance(line, Line)
        assert line.by_type["other"] is None
        assert sum(one is None for one in line.by_type.values()) == 2


def test_who_did_not_say_how_long_it_was_shields_nobody() -> None:
    done = [*people(4), *(Done(10 + one, "formal", None) for one in range(9))]
    assert table(done, at("Elm", done), TYPES).total is None


DONE = st.builds(
    Done,
    st.integers(0, 40),
    st.sampled_from(TYPES),
    st.none() | st.integers(1, 500),
)
SITES = st.dictionaries(
    st.integers(0, 40), st.sets(st.sampled_from(["Elm", "Oak", "Ash", "Fir"]), max_size=2), min_size=10
)  # fmt: skip


def timed(done: list[Done], hidden: list[str]) -> int:
    return len({one.person for one in done if one.minutes is not None and one.learning in hidden})


@given(st.lists(DONE, max_size=250), SITES)
def test_no_subtraction_tells_of_fewer_than_five(
    done: list[Done], sites: Mapping[int, set[str]]
) -> None:
    found = table(done, sites, TYPES)
    if found.total is None:
        assert not found.lines
        return
    inside = [one for one in done if sites.get(one.person)]
    named = {line.title for line in found.lines}

    def row_of(one: Done) -> str:
        held = sites[one.person]
        title = next(iter(held)) if len(held) == 1 else SEVERAL
        return title if title in named else TOGETHER

    rows = {
        line.title: [one for one in inside if row_of(one) == line.title] for line in found.lines
    }
    # The rows come to the total: none is left to be reckoned.
    assert sum(line.people for line in found.lines) == found.total.people
    assert sum(line.minutes for line in found.lines) == found.total.minutes
    hidden_in_rows = [set(_hidden(line)) for line in found.lines]
    assert all(one == hidden_in_rows[0] for one in hidden_in_rows)
    for line in (*found.lines, found.total):
        own = inside if line.title == ALL else rows[line.title]
        hidden = _hidden(line)
        shown = [one for one in TYPES if one not in hidden]
        assert timed(own, list(TYPES)) >= THRESHOLD
        assert all(timed(own, [one]) >= THRESHOLD for one in shown)
        # What is left of the line once what is shown is taken away.
        assert not hidden or (len(hidden) > 1 and timed(own, hidden) >= THRESHOLD)
        assert line.minutes == sum(one.minutes or 0 for one in own)


def _hidden(line: Line) -> list[str]:
    return [one for one, minutes in line.by_type.items() if minutes is None]
