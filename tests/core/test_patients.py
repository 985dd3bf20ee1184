"""NHS numbers in free text: refused, asked about, or let through."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.core.free_text import findings
from school.core.patients import Span, Taken, is_nhs_number, nhs_numbers

VALID = "9434765919"  # the example that the NHS Data Dictionary's readers know
WRONG = "9434765918"


def with_check_digit(nine: str) -> str | None:
    """Ten digits from nine, by a second reading of the rule: the weighted sum of all ten divides by 11."""
    for check in "0123456789":
        if sum(int(d) * w for d, w in zip(nine + check, range(10, 0, -1), strict=True)) % 11 == 0:
            return nine + check
    return None


def test_nhs_number_with_its_check_digit():
    assert is_nhs_number(VALID)
    assert not is_nhs_number(WRONG)


def test_nhs_number_whose_remainder_is_eleven_ends_in_nought():
    assert with_check_digit("100000006") == "1000000060"
    assert is_nhs_number("1000000060")


def test_nhs_number_whose_check_would_be_ten_does_not_exist():
    assert with_check_digit("000000006") is None
    assert [is_nhs_number(f"000000006{digit}") for digit in range(10)] == [False] * 10


@pytest.mark.parametrize("text", ["", "943476591", "94347659190", "943476591X"])
def test_nhs_number_is_ten_digits(text):
    assert not is_nhs_number(text)


@given(st.text("0123456789", min_size=9, max_size=9))
def test_nhs_number_has_at_most_one_check_digit_for_nine(nine):
    expected = with_check_digit(nine)
    assert [n for n in (nine + d for d in "0123456789") if is_nhs_number(n)] == (
        [expected] if expected else []
    )


@pytest.mark.parametrize(
    ("text", "span"),
    [
        (VALID, (0, 10)),
        (f"Patient {VALID}, seen.", (8, 18)),
        (f"id{VALID}x", (2, 12)),
        ("943 476 5919", (0, 12)),
        ("943-476-5919", (0, 12)),
        ("943 476-5919", (0, 12)),
        ("943\u00a0476\u00a05919", (0, 12)),
        ("943\u2011476\u20135919", (0, 12)),
        ("943  476 5919", (0, 13)),
        ("943 - 476 - 5919", (0, 16)),
        ("NHS 94 34 76 59 19", (4, 18)),
        ("nhs no. 9434.765.919", (8, 20)),
        ("NHS number: 94347 65919", (12, 23)),
        ("NHS number is 94347 65919", (14, 25)),
        ("NHS#9 4 3 4 7 6 5 9 1 9", (4, 23)),
        ("NHS no. 943\u00b7476\u00b75919", (8, 20)),
        ("NHS 943\u2022476\u20225919", (4, 16)),
        ("NHS 943*476*5919", (4, 16)),
        ("NHS 943|476|5919", (4, 16)),
        ("NHS 943_476 ~ 5919", (4, 18)),
        ("NHS 943\u0301476 5919", (4, 16)),
        ("N.H.S. 943.476.5919", (7, 19)),
        ("N H S: 94347.65919", (7, 18)),
        ("NHSno 94347.65919", (6, 17)),
        ("NHS number of the patient was 943 4765919", (30, 41)),
        ("The NHS number (on the wristband): 94347/65919", (35, 46)),
        ("NHS 94347.65919 at 10:30", (4, 15)),
        ("\uff2e\uff28\uff33 94347.65919", (4, 15)),
        ("\uff19\uff14\uff13 \uff14\uff17\uff16 \uff15\uff19\uff11\uff19", (0, 12)),
        ("\u0669\u0664\u0663\u0664\u0667\u0666\u0665\u0669\u0661\u0669", (0, 10)),
        ("\u2079\u2074\u00b3 \u2074\u2077\u2076 \u2075\u2079\u00b9\u2079", (0, 12)),
        ("9\ufe0f\u20e34\ufe0f\u20e33 476 5919", (0, 16)),
        ("943\u3164 476 5919", (0, 13)),
    ],
)
def test_nhs_number_is_refused(text, span):
    assert nhs_numbers(text) == [Span(*span, refused=True)]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("94347\u200b65919", (0, 11)),  # zero-width space
        ("943\u200d476\u20605919", (0, 12)),  # zero-width and word joiners
        ("943 \u00ad476 5919", (0, 13)),  # soft hyphen
        ("No \ufeff9434765\u200b919\u200b, seen", (4, 15)),
        ("N\u200bHS 94 34 76 59 19", (5, 19)),
        (f"12\u200b{VALID}", (3, 13)),  # what cannot be seen does not make it longer either
    ],
)
def test_nhs_number_is_refused_with_invisible_signs_in_it(text, span):
    assert [found for found in nhs_numbers(text) if found.refused] == [Span(*span, refused=True)]


@pytest.mark.parametrize(
    "text",
    [
        "94347 65919",
        "94 34 76 59 19",
        "943.476.5919",
        "943/476/5919",
        "943 476\n5919",
        "9434-765-919",
        "943\u00b7476\u00b75919",
        "943*476*5919",
        "943 | 476 | 5919",
        "943_476_5919",
        "943\u0301476 5919",
    ],
)
def test_nhs_number_in_any_other_grouping_is_asked_about(text):
    assert nhs_numbers(text) == [Span(0, len(text), refused=False)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        WRONG,
        "943 476 5918",
        "NHS 943 476 5918",
        "94347 65918",
        f"1{VALID}",
        f"{VALID}1",
        "943 476 59190",
        "94347 then 65919",
        "NHS: nine patients on 19 November",
        f'[{{"uuid": "a0d46a36-56f6-40b2-a9b7-5a{VALID}"}}]',
        f"NHS A0D46A36-56F6-40B2-A9B7-5A{VALID}",
        "Scan at 08:00, 185 MBq, uptake 60 minutes",
    ],
)
def test_other_digits_are_let_through(text):
    assert nhs_numbers(text) == []


def test_nhs_number_far_from_the_letters_is_asked_about():
    text = "The NHS trust next door sent the referral this morning: 94347 65919"
    assert nhs_numbers(text) == [Span(56, 67, refused=False)]


def test_refused_numbers_come_before_those_asked_about():
    text = f"94347 65919 and {VALID}"
    assert nhs_numbers(text) == [Span(16, 26, refused=True), Span(0, 11, refused=False)]


@given(
    st.text("0123456789", min_size=9, max_size=9).map(with_check_digit).filter(bool),
    st.sampled_from(" -"),
)
def test_every_nhs_number_is_refused_in_a_row_and_three_three_four(number, between):
    grouped = between.join((number[:3], number[3:6], number[6:]))
    assert [span.refused for span in nhs_numbers(f"Seen: {number}.")] == [True]
    assert [span.refused for span in nhs_numbers(f"Seen: {grouped}.")] == [True]


STRETCHES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda a: (a[0], sum(a))))


@given(STRETCHES, st.integers(0, 30), st.integers(1, 9))
def test_stretches_are_taken_as_each_of_them_says(
    spans: list[tuple[int, int]], start: int, size: int
) -> None:
    end = start + size
    said = Taken(spans).touches(start, end)
    assert said == any(start < last and first < end for first, last in spans)
    one_by_one, free = Taken(), []
    for first, last in spans:
        if not one_by_one.touches(first, last):
            one_by_one.take(first, last)
            free.append((first, last))
    assert one_by_one.touches(start, end) == Taken(free).touches(start, end)


def test_text_of_figures_takes_as_long_as_it_is_long() -> None:
    """Read each with each, eight times as many took sixty times as long: a page stood still for hours."""

    def seconds(figures: int) -> float:
        began = time.process_time()
        assert findings("1 " * figures)
        return time.process_time() - began

    seconds(100)
    assert seconds(40_000) < 20 * seconds(5_000)
