"""Small cells: none that is hidden can be worked out from what is shown."""

from hypothesis import given, settings
from hypothesis import strategies as some

from school.coverage.suppression import Column, Count, Shown
from school.coverage.suppression import shown as shown_together
from tests.coverage.bounds import Sums
from tests.games import times

THOSE = some.builds(lambda n, m: Count(n, n + m), *[some.integers(0, 14)] * 2)


def shown(cells: list[Count], total: Count, beside: Count) -> Shown:
    """A table of one column as it may be shown."""
    [found] = shown_together([Column(cells, total, beside)])
    return found


@some.composite
def columns(draw: some.DrawFn) -> Column:
    """Groups, some of whose people are in two of them, and the two figures of the whole."""
    cells = draw(some.lists(THOSE, min_size=1, max_size=7))
    return draw(whole(cells, twice=draw(some.sampled_from([0, 0, 1, 3, 20]))))


@some.composite
def whole(draw: some.DrawFn, cells: list[Count], twice: int = 0) -> Column:
    """The column of some groups, of whom so many count twice."""
    parts = []
    for part in ([one.numerator for one in cells], [one.others for one in cells]):
        parts.append(max(sum(part) - twice, *part, 0))
    total, left = Count(parts[0], sum(parts)), draw(THOSE)
    return Column(cells, total, Count(total.numerator + left.numerator, total.of + left.of))


@some.composite
def tables(draw: some.DrawFn) -> list[Column]:
    """Columns asked of the same people; of some groups nobody is asked in one of them."""
    sizes = draw(some.lists(some.integers(0, 30), min_size=2, max_size=5))
    found = []
    for _ in range(draw(some.integers(2, 3))):
        asked = [0 if draw(some.integers(0, 7)) == 0 else size for size in sizes]
        found.append(draw(whole([Count(draw(some.integers(0, of)), of) for of in asked])))
    return found


def known(*columns: Shown, shared: bool) -> list[tuple[object, ...]]:
    """The hidden counts that a reader knows to be over 0 or under 4.

    Where no column tells that a group is asked of fewer, a reader takes it that each is asked of the same people: of a group there
    are in no column more than in the first, which is the worst that can be known.
    """
    sums, wanted = Sums(), []
    for number, column in enumerate(columns):
        cells = {**dict(enumerate(column.cells)), "total": column.total}
        for part in (0, 1):
            terms: dict[object, int] = {
                (number, place, part): 1 for place in range(len(column.cells))
            }
            terms[(number, "total", part)] = -1
            sums.add(terms | ({(number, "twice", part): -1} if shared else {}), 0)
        for place, cell in cells.items():
            if number and place != "total":
                people = {
                    (one, place, part): 1 if one else -1 for one in (0, number) for part in (0, 1)
                }
                sums.add({**people, (number, place, "less"): 1}, 0)
            if cell is None:
                wanted += [(number, place, 0), (number, place, 1)]
            else:
                sums.add({(number, place, 0): 1}, cell.numerator)
                sums.add({(number, place, 1): 1}, cell.others)
    found = [(name, *sums.bounds(name)) for name in wanted]
    return [one for one in found if one[1] > 0 or (one[2] is not None and one[2] < 4)]


@settings(max_examples=times(100), deadline=None)
@given(columns())
def test_no_hidden_count_is_known_narrower_than_0_to_4(column: Column) -> None:
    cells, total, beside = [*column.cells], column.total, column.beside
    found = shown(cells, total, beside)
    if None in (*found.cells, found.total) and found.total is not None:
        assert known(found, shared=False) == []
    assert known(found, shared=True) == []
    for cell, told in zip(cells, found.cells, strict=True):
        assert told in (None, cell)
        assert told is None or not cell.is_small(5)
    if found.beside is not None:
        assert min(beside.numerator - total.numerator, beside.others - total.others) >= 5


@settings(max_examples=times(60), deadline=None)
@given(tables())
def test_columns_asked_of_the_same_people_do_not_tell_on_one_another(table: list[Column]) -> None:
    # Asked of everybody in the first, the sizes of its groups bound those of the others.
    sizes = [max(one.cells[place].of for one in table) for place in range(len(table[0].cells))]
    table = [one for one in table if [cell.of for cell in one.cells] == sizes] + [
        one for one in table if [cell.of for cell in one.cells] != sizes
    ]
    if [cell.of for cell in table[0].cells] == sizes:
        assert known(*shown_together(table), shared=False) == []


def test_what_one_column_hides_no_other_tells_the_size_of() -> None:
    first = [Count(6, 10), Count(1, 2), Count(5, 11), Count(20, 40)]
    second = [Count(5, 10), Count(1, 2), Count(4, 11), Count(20, 40)]
    columns = [
        Column(first, Count(32, 63), Count(40, 80)),
        Column(second, Count(30, 63), Count(40, 80)),
    ]
    for one in shown_together(columns):
        assert one.cells == (None, None, None, Count(20, 40))
        assert one.total is not None


def test_groups_of_which_nobody_is_asked_stay_open_where_they_are_asked() -> None:
    first = [Count(10, 20), Count(12, 25), Count(8, 16), Count(9, 18), Count(11, 22)]
    second = [Count(9, 20), Count(12, 25), *[Count(0, 0)] * 3]
    columns = [
        Column(first, Count(50, 101), Count(60, 120)),
        Column(second, Count(21, 45), Count(30, 60)),
    ]
    one, other = shown_together(columns)
    assert one.cells == (None, first[1], None, *first[3:])
    assert other.cells == (None, second[1], None, None, None)


def test_bounds_of_one_hidden_cell_beside_its_total_are_the_cell() -> None:
    column = Shown((Count(10, 20), None), Count(13, 27), None)
    assert known(column, shared=False) == [((0, 1, 0), 3, 3), ((0, 1, 1), 4, 4)]


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
