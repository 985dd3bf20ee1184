"""Small cells: none that is hidden can be worked out from what is shown."""

from hypothesis import given, settings
from hypothesis import strategies as some

from school.coverage.suppression import Count, Shown, shown
from tests.coverage.bounds import Sums

THOSE = some.builds(lambda n, m: Count(n, n + m), *[some.integers(0, 14)] * 2)


@some.composite
def columns(draw: some.DrawFn) -> tuple[list[Count], Count, Count]:
    """Groups, some of whose people are in two of them, and the two figures of the whole."""
    cells = draw(some.lists(THOSE, min_size=1, max_size=7))
    parts = []
    for part in ([one.numerator for one in cells], [one.others for one in cells]):
        twice = draw(some.sampled_from([0, 0, 1, 3, 20]))
        parts.append(max(sum(part) - twice, *part, 0))
    total = Count(parts[0], sum(parts))
    left = draw(THOSE)
    return cells, total, Count(total.numerator + left.numerator, total.of + left.of)


def known(column: Shown, *, shared: bool) -> list[tuple[object, ...]]:
    """The hidden counts that a reader knows to be over 0 or under 4."""
    sums, wanted = Sums(), []
    cells = {**dict(enumerate(column.cells)), "total": column.total}
    for part in (0, 1):
        terms: dict[object, int] = {(place, part): 1 for place in range(len(column.cells))}
        terms[("total", part)] = -1
        sums.add(terms | ({("twice", part): -1} if shared else {}), 0)
    for place, cell in cells.items():
        if cell is None:
            wanted += [(place, 0), (place, 1)]
        else:
            sums.add({(place, 0): 1}, cell.numerator)
            sums.add({(place, 1): 1}, cell.others)
    found = [(name, *sums.bounds(name)) for name in wanted]
    return [one for one in found if one[1] > 0 or (one[2] is not None and one[2] < 4)]


@settings(max_examples=100, deadline=None)
@given(columns())
def test_no_hidden_count_is_known_narrower_than_0_to_4(
    column: tuple[list[Count], Count, Count],
) -> None:
    cells, total, beside = column
    found = shown(cells, total, beside)
    if None in (*found.cells, found.total) and found.total is not None:
        assert known(found, shared=False) == []
    assert known(found, shared=True) == []
    for cell, told in zip(cells, found.cells, strict=True):
        assert told in (None, cell)
        assert told is None or not cell.is_small(5)
    if found.beside is not None:
        assert min(beside.numerator - total.numerator, beside.others - total.others) >= 5


def test_bounds_of_one_hidden_cell_beside_its_total_are_the_cell() -> None:
    column = Shown((Count(10, 20), None), Count(13, 27), None)
    assert known(column, shared=False) == [((1, 0), 3, 3), ((1, 1), 4, 4)]


def test_one_small_cell_takes_the_smallest_other_with_it() -> None:
    cells = [Count(10, 20), Count(2, 12), Count(7, 15), Count(30, 60)]
    found = shown(cells, Count(49, 107), Count(60, 140))
    assert found.cells == (Count(10, 20), None, None, Count(30, 60))
    assert (found.total, found.beside) == (Count(49, 107), Count(60, 140))


def test_few_who_are_not_in_date_are_as_small_as_few_who_are() -> None:
    assert shown([Count(96, 100)], Count(96, 100), Count(96, 100)).cells == (None,)


def test_all_hidden_in_one_group_hides_the_total() -> None:
    found = shown([Count(3, 9)], Count(3, 9), Count(3, 9))
    assert found == Shown((None,), None, None)


def test_small_cells_together_may_leave_the_total() -> None:
    found = shown([Count(3, 6), Count(3, 6)], Count(6, 12), Count(6, 13))
    assert found == Shown((None, None), Count(6, 12), None)


def test_nobody_left_out_is_not_told() -> None:
    assert shown([Count(9, 20)], Count(9, 20), Count(9, 20)).beside is None


def test_without_small_cells_nothing_is_hidden() -> None:
    cells = [Count(9, 20), Count(5, 10)]
    assert shown(cells, Count(13, 29), Count(20, 50)) == Shown(
        tuple(cells), Count(13, 29), Count(20, 50)
    )
