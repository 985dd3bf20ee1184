"""Points with their line: where they stand, that equal ones stand side by side, and that nothing is drawn that is not there."""

from school.core.charts import Fitted, Scatter, Spot, Table, scatter, svg

TABLE = Table("Marks", (), ())


def drawn(*spots: Spot, fitted: Fitted | None = None) -> Scatter:
    return scatter(
        title="S1",
        desc="Marks.",
        spots=spots,
        places=[1, 2, 3],
        most=20,
        fitted=fitted,
        table=TABLE,
    )


def test_zero_is_on_the_bottom_and_the_most_on_top() -> None:
    wide = drawn(Spot(1, 0), Spot(3, 20)).drawings[0]
    low, high = wide.dots
    assert (low.y, high.y) == (wide.bottom, 12.0)
    assert wide.left < low.x < high.x < wide.right
    assert [mark.label for mark in wide.levels] == ["0", "5", "10", "15", "20"]
    assert [mark.label for mark in wide.times] == ["1", "2", "3"]


def test_equal_points_stand_side_by_side_in_the_shape_of_their_series() -> None:
    found = drawn(Spot(2, 10, "A"), Spot(2, 10, "B"), Spot(2, 10, "A"))
    dots = found.drawings[0].dots
    assert [dot.shape for dot in dots] == ["circle", "square", "circle"]
    assert len({dot.x for dot in dots}) == 3
    middle = found.drawings[0].times[1].at
    assert abs(sum(dot.x for dot in dots) / 3 - middle) < 0.1
    assert found.key == (("circle", "A"), ("square", "B"))


def test_line_and_band_are_drawn_and_read_where_there_is_one() -> None:
    fitted = Fitted([(1.0, 5.0, 2.0), (3.0, 15.0, 2.0)], 2.0, 10.0, "cut 10.00")
    found = drawn(Spot(2, 10), fitted=fitted)
    wide = found.drawings[0]
    assert (wide.line.count("L"), wide.band.count("L")) == (1, 3)
    assert wide.read == (wide.times[1].at, wide.dots[0].y)
    assert "cut 10.00" in svg.scatter(found, wide, "x")
    bare = drawn(Spot(2, 10)).drawings[0]
    assert (bare.line, bare.band, bare.read) == ("", "", None)
    unread = drawn(Spot(2, 10), fitted=Fitted([], 2.0, None, "")).drawings[0]
    assert (unread.line, unread.read) == ("", None)


def test_many_places_are_not_all_named() -> None:
    found = scatter(
        title="S1", desc="", spots=[], places=list(range(101)), most=20, fitted=None, table=TABLE
    )
    named = [mark.label for mark in found.drawings[1].times]
    assert named[:2] == ["0", "9"]
    assert len(named) <= 12


def test_nothing_leaves_the_drawing() -> None:
    fitted = Fitted([(1.0, -5.0, 9.0), (3.0, 30.0, 9.0)], 2.0, 12.5, "cut")
    for drawing in drawn(fitted=fitted).drawings:
        numbers = [float(part) for part in drawing.band[1:-1].replace("L", " ").split()]
        assert all(12.0 <= y <= drawing.bottom for y in numbers[1::2])
