"""What a resit carries, exam after exam."""

from fractions import Fraction

from logbooks.osces.release.carried import Passed, Sat, carried


def at(number: int, exam: str = "First") -> Passed:
    return Passed(number, Fraction(4), 5, exam)


def test_stations_passed_are_carried_where_the_board_says_so() -> None:
    assert carried([]) == ()
    assert carried([Sat(False, True, (at(1), at(2)))]) == (at(1), at(2))
    assert carried([Sat(False, False, (at(1),))]) == ()
    assert carried([Sat(True, True, (at(1),))]) == ()


def test_newest_mark_of_a_station_stands_over_several_resits() -> None:
    sat = [Sat(False, True, (at(1), at(2))), Sat(None, True, (at(2, "Second"), at(3, "Second")))]
    assert carried(sat) == (at(1), at(2, "Second"), at(3, "Second"))


def test_exam_that_was_passed_or_carries_nothing_begins_anew() -> None:
    for between in (Sat(True, True, (at(2),)), Sat(False, False, (at(2),))):
        assert carried([Sat(False, True, (at(1),)), between, Sat(False, True, (at(3),))]) == (
            at(3),
        )
