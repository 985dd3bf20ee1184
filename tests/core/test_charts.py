"""The arithmetic of the charts, and that what is drawn is well-formed, titled and free of styles."""

from xml.etree import ElementTree

import pytest

from school.core import charts
from school.core.charts import Part, Segment
from school.core.charts.columns import step_of
from school.core.charts.sites import NORTH, SOUTH, WEST, outline_path, project
from school.core.templatetags import charts as drawn

SVG = "{http://www.w3.org/2000/svg}"


def well_formed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{markup}</div>')


def year_three(**changes: object) -> charts.HoursBar:
    parts = [
        Part("confirmed", "Confirmed", 6750),
        Part("awaiting", "Awaiting", 1350),
        Part("queried", "Queried", 450),
    ]
    arguments: dict[str, object] = {"stage": "Year 3", "parts": parts, "needed": 12960, **changes}
    return charts.hours_bar(**arguments)  # type: ignore[arg-type]


def test_hours_bar_places_each_part_after_the_one_before() -> None:
    bar = charts.hours_bar(
        stage="Year 2",
        parts=[Part("confirmed", "Confirmed", 540), Part("awaiting", "Awaiting", 270)],
        needed=1080,
    )
    assert bar.segments == (
        Segment("confirmed", 0.0, 48.214),
        Segment("awaiting", 48.214, 24.107),
        Segment("to-go", 72.321, 24.107),
    )
    assert bar.goal_at == 96.429


def test_hours_bar_says_its_numbers() -> None:
    bar = year_three(planned=4500, planned_words="10 planned shifts reach 217.5 h on 10 December")
    assert bar.title == "Year 3 hours against 216 hours"
    assert bar.desc == (
        "112.5 hours confirmed, 22.5 awaiting, 7.5 queried and 73.5 still to go. "
        "10 planned shifts reach 217.5 h on 10 December."
    )
    assert [(row[0], row[1]) for row in bar.table.rows] == [
        ("Confirmed", "112.5"), ("Awaiting", "22.5"), ("Queried", "7.5"), ("To go", "73.5"),
    ]  # fmt: skip


def test_hours_bar_over_the_goal_keeps_within_the_width_and_has_nothing_to_go() -> None:
    bar = charts.hours_bar(
        stage="Year 2", parts=[Part("confirmed", "Confirmed", 4320)], needed=2160
    )
    assert bar.segments == (Segment("confirmed", 0.0, 96.429),)
    assert bar.goal_at == 48.214
    assert bar.parts[-1].minutes == 0


def test_hours_bar_with_a_band_goes_from_its_low_to_its_high_end() -> None:
    bar = charts.hours_bar(
        stage="Year 1", parts=[Part("confirmed", "Confirmed", 900)], needed=480, band_top=960
    )
    assert bar.band == (48.214, 96.429)
    assert bar.goal_words == "Year 1: 8 to 16 h"


def test_hours_bar_with_nothing_logged_is_all_to_go() -> None:
    bar = charts.hours_bar(stage="Year 2", parts=[Part("confirmed", "Confirmed", 0)], needed=2160)
    assert bar.segments == (Segment("to-go", 0.0, 96.429),)
    assert bar.inside == ""
    assert bar.desc == "0 hours confirmed and 36 still to go."


def test_hours_bar_without_a_goal_draws_nothing() -> None:
    bar = charts.hours_bar(stage="Year 2", parts=[Part("confirmed", "Confirmed", 0)], needed=0)
    assert bar.segments == ()


@pytest.mark.parametrize(("minutes", "inside"), [(6750, "112.5 h confirmed"), (6000, "")])
def test_words_stand_inside_a_bar_only_where_they_fit(minutes: int, inside: str) -> None:
    bar = charts.hours_bar(
        stage="Year 3", parts=[Part("confirmed", "Confirmed", minutes)], needed=12960
    )
    assert bar.inside == inside


@pytest.mark.parametrize(
    ("minutes", "low", "high", "expected"),
    [
        (900, 480, 960, (75.0, 40.0, 80.0)),
        (2250, 2160, None, (83.333, 80.0, None)),
        (5400, 2160, None, (100.0, 40.0, None)),
    ],
)
def test_band_bar_scales_to_the_goal_or_beyond(
    minutes: int, low: int, high: int | None, expected: tuple[float, float, float | None]
) -> None:
    bar = charts.band_bar(title="x", minutes=minutes, low=low, high=high)
    assert (bar.value, bar.low, bar.high) == expected


def test_progress_draws_boxes_that_can_be_counted_and_else_one_bar() -> None:
    assert charts.progress(1, 2).boxes == ((0.4, 49.2, True), (50.4, 49.2, False))
    assert charts.progress(22, 26).boxes == ()
    assert charts.progress(22, 26).width == 84.615
    assert charts.progress(0, 0).width == 0.0


def test_bullet_puts_awaiting_hours_after_confirmed_ones() -> None:
    bar = charts.bullet(
        who="I. Dummyworth", confirmed=3600, awaiting=450, expected=7200, needed=12960
    )
    assert (bar.confirmed, bar.awaiting, bar.expected) == (27.778, 3.472, 55.556)
    assert bar.title == (
        "I. Dummyworth: 60 hours confirmed, 7.5 awaiting, 120 expected by today, 216 needed"
    )


def test_share_of_nothing_has_no_per_cent() -> None:
    empty = charts.share(what="within 5 working days", numerator=0, denominator=0, standard=75)
    assert (empty.words, empty.title) == (
        "none yet",
        "None within 5 working days yet; the standard is 75 per cent",
    )


def test_share_names_numerator_and_denominator() -> None:
    some = charts.share(what="within 5 working days", numerator=42, denominator=48)
    assert (some.width, some.words) == (87.5, "88 %")
    assert some.title == "88 per cent within 5 working days, 42 of 48"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (2250, "37.5 hours this week: at the 37.5 hour notice, under the 48 hour line"),
        (2340, "39 hours this week: over the 37.5 hour notice, under the 48 hour line"),
        (2940, "49 hours this week: over the 37.5 hour notice, over the 48 hour line"),
    ],
)
def test_week_bar_says_which_lines_are_passed(minutes: int, words: str) -> None:
    bar = charts.week_bar(parts=[Part("recorded", "Recorded", minutes)], notice=2250, breach=2880)
    assert bar.title == words


def test_week_bar_stands_its_lines_where_the_scale_says() -> None:
    bar = charts.week_bar(parts=[Part("recorded", "Recorded", 1350)], notice=2250, breach=2880)
    assert (bar.notice_at, bar.breach_at, bar.segments[0].width) == (69.444, 88.889, 41.667)


def test_trend_breaks_its_line_where_nothing_was_known() -> None:
    points = [charts.Point("Jan", 9, 10), charts.Point("Feb", 0, 0), charts.Point("Mar", 10, 10)]
    wide = charts.trend(title="Coverage", points=points, target=90).drawings[0]
    assert wide.path == "M34.0 46.2M390.0 18.0"


def test_trend_says_where_its_scale_starts() -> None:
    points = [charts.Point("Jan 2026", 8, 10), charts.Point("Feb 2026", 9, 10)]
    drawing = charts.trend(title="Coverage", points=points, target=90, floor=70)
    assert drawing.desc == (
        "From 80.0 per cent in Jan 2026 to 90.0 in Feb 2026. The scale runs from 70 to 100 per cent."
    )
    assert drawing.drawings[0].target_at == 112.0


def test_trend_without_figures_says_so() -> None:
    markup = drawn.trend_line(charts.trend(title="Coverage", points=[], target=90))
    texts = [text.text for text in well_formed(markup).iter(f"{SVG}text")]
    assert texts.count("No figures yet") == 2


@pytest.mark.parametrize(
    ("numerator", "denominator", "level", "words"),
    [
        (9, 10, "met", "90"),
        (1799, 2000, "1", "89"),
        (8, 10, "1", "80"),
        (7, 10, "2", "70"),
        (69, 100, "3", "69"),
        (0, 0, "na", "n/a"),
    ],
)
def test_heat_cell_never_rounds_up_to_a_better_level(
    numerator: int, denominator: int, level: str, words: str
) -> None:
    cell = charts.HeatCell(numerator, denominator)
    assert (cell.level, cell.words) == (level, words)


def test_projection_keeps_north_up_and_west_left() -> None:
    assert project(NORTH, WEST, 500) == (0.0, 0.0)
    x, y = project(51.5, -0.1, 500)
    assert project(53.0, -2.0, 500) < (x, y)
    assert y < project(SOUTH, -0.1, 500)[1]


def test_outline_is_drawn_once_for_a_width() -> None:
    assert outline_path(500) is outline_path(500)
    assert outline_path(500).startswith("M")


def test_map_labels_do_not_cover_each_other() -> None:
    near = [
        charts.Site("Broadgreen", 53.412, -2.899, label="Broadgreen 83 %"),
        charts.Site("Clatterbridge", 53.333, -3.024, label="Clatterbridge 89 %"),
    ]
    pins = charts.site_map(title="t", desc="d", sites=near).drawings[0].pins
    assert [pin.anchor for pin in pins] == ["start", "end"]


def test_table_puts_the_column_before_each_value() -> None:
    table = charts.Table(
        "Hours", (charts.Column("Day"), charts.Column("Hours", numeric=True)), [("Mon", "7.5")]
    )
    assert [
        [(cell.label, cell.value, cell.numeric) for cell in row] for row in table.labelled_rows
    ] == [[("Day", "Mon", False), ("Hours", "7.5", True)]]


def crews() -> charts.Columns:
    return charts.columns(
        title="<Crews>",
        desc="From mobile to static.",
        kinds=("confirmed", "awaiting"),
        counts=[("January 2017", (0, 40)), ("February 2017", (30, 10))],
        table=charts.Table("Crews", (charts.Column("Month"),), []),
    )


def test_columns_stand_on_one_another_and_leave_nothing_out() -> None:
    wide = crews().drawings[0]
    first, lower, upper = wide.boxes
    assert (first.kind, lower.kind, upper.kind) == ("awaiting", "confirmed", "awaiting")
    assert first.height == round(lower.height + upper.height, 1)
    assert lower.y + lower.height == wide.bottom
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert [mark.label for mark in wide.levels] == ["0", "10", "20", "30", "40"]
    assert [mark.label for mark in wide.times] == ["January 2017", "February 2017"]


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (4, 1), (5, 2), (150, 50), (201, 100), (15000, 5000)]
)
def test_levels_are_round_numbers(most: int, step: int) -> None:
    assert step_of(most) == step


DRAWINGS = {
    "columns": drawn.stacked_columns(crews()),
    "no_columns": drawn.stacked_columns(
        charts.columns(
            title="t", desc="d", kinds=("confirmed",), counts=[], table=charts.Table("x", (), [])
        ),
        "none",
    ),
    "hours_bar": drawn.hours_bar(year_three(planned=4500, planned_words="<10> planned"), "a"),
    "band": drawn.band_bar(
        charts.band_bar(title="Year 1 & more", minutes=900, low=480, high=960), "b"
    ),
    "bullet": drawn.bullet_bar(
        charts.bullet(who="<b>", confirmed=60, awaiting=30, expected=90, needed=120), "c"
    ),
    "share": drawn.share_bar(charts.share(what="x", numerator=1, denominator=2, standard=75), "d"),
    "week": drawn.week_bar(
        charts.week_bar(parts=[Part("awaiting", "Awaiting", 450)], notice=2250, breach=2880), "e"
    ),
    "trend": drawn.trend_line(
        charts.trend(
            title="x", points=[charts.Point("Jan", 9, 10, 80.0)], target=90, second_name="<all>"
        )
    ),
    "map": drawn.sites_map(
        charts.site_map(
            title="t", desc="<d>", sites=[charts.Site("A", 53.0, -2.0, True, "1", "A <1>")]
        )
    ),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_is_well_formed_and_titled_and_has_no_style(name: str) -> None:
    tree = well_formed(DRAWINGS[name])
    images = [picture for picture in tree.iter(f"{SVG}svg") if picture.get("role") == "img"]
    assert images
    for picture in images:
        ids = [part.get("id") for part in picture if part.tag in (f"{SVG}title", f"{SVG}desc")]
        assert str(picture.get("aria-labelledby")).split() == ids
    assert [part for part in tree.iter() if "style" in part.attrib] == []


@pytest.mark.parametrize("name", DRAWINGS)
def test_pattern_that_a_drawing_uses_is_in_it(name: str) -> None:
    tree = well_formed(DRAWINGS[name])
    used = {part.attrib["fill"] for part in tree.iter() if part.get("fill", "").startswith("url(")}
    made = {f"url(#{part.attrib['id']})" for part in tree.iter(f"{SVG}pattern")}
    assert used - made == set()
