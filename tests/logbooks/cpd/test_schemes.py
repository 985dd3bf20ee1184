"""The regulator's shape as it ships, its dated versions, and files that are wrong."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from logbooks.cpd.schemes import (
    DATA,
    Kind,
    Profession,
    Scheme,
    SchemeError,
    Shown,
    in_force,
    load,
    profession,
    profession_of,
    scheme_of,
    schemes,
)
from school.people.models import Person

TODAY = date(2026, 11, 23)
FILE = (DATA / "hcpc.toml").read_text(encoding="utf-8")


@pytest.fixture
def hcpc() -> Scheme:
    found = scheme_of("HCPC", TODAY)
    assert found is not None
    return found


def test_profile_has_four_parts_and_two_are_written(hcpc: Scheme) -> None:
    assert [(one.key, one.kind, one.most_words) for one in hcpc.parts] == [
        ("summary", Kind.WORDS, 500),
        ("activities", Kind.DATED_LIST, None),
        ("statement", Kind.WORDS, 1500),
        ("evidence", Kind.EVIDENCE, None),
    ]
    assert [one.key for one in hcpc.written] == ["summary", "statement"]
    assert hcpc.about_chosen is hcpc.written[1]
    assert all(one.prompts for one in hcpc.parts)


def test_five_standards_two_of_them_shown_by_words(hcpc: Scheme) -> None:
    assert [one.number for one in hcpc.standards] == [1, 2, 3, 4, 5]
    practice, benefit = hcpc.shown_by(Shown.PRACTICE), hcpc.shown_by(Shown.BENEFIT)
    assert practice is not None
    assert benefit is not None
    assert (practice.number, benefit.number) == (3, 4)


def test_numbers_of_the_checks(hcpc: Scheme) -> None:
    checks = hcpc.checks
    assert (checks.least_types, checks.gap_months, checks.registered_years) == (2, 3, 2)
    assert (checks.usual_least, checks.usual_most) == (12, 50)
    assert (checks.described_least, checks.described_most) == (4, 6)
    assert checks.drawn_percent == Decimal("2.5")


def test_regulators_are_those_of_a_person() -> None:
    assert {one.regulator for one in schemes(TODAY)} <= set(Person.Regulator.values)


def test_fifteen_professions_have_a_window(hcpc: Scheme) -> None:
    assert len(hcpc.professions) == 15
    radiographers = profession("radiographers", TODAY)
    assert radiographers is not None
    assert (radiographers.opens, radiographers.closes) == (date(2025, 12, 1), date(2026, 2, 28))
    assert profession("alchemists", TODAY) is None


def test_there_is_no_scheme_before_the_first_or_of_another_regulator() -> None:
    assert scheme_of("HCPC", date(2022, 6, 27)) is None
    assert scheme_of("HCPC", date(2022, 6, 28)) is not None
    assert scheme_of("GMC", TODAY) is None
    assert scheme_of("", TODAY) is None


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("RA012345", "radiographers"),
        (" ra 012 345 ", "radiographers"),
        ("CS98765", "clinical-scientists"),
        ("BS1", "biomedical-scientists"),
        ("ODP12345", "operating-department-practitioners"),
        ("PYL012345", "practitioner-psychologists"),
        ("PA012345", "paramedics"),
        ("012345", None),
        ("", None),
        ("R012345", None),
        ("RAX012345", None),
        ("X RA012345", None),
    ],
)
def test_number_begins_with_the_code_of_its_profession(number: str, key: str | None) -> None:
    # HCPC, How to check the Register: letters of the profession's code, then up to six numbers.
    found: Profession | None = profession_of("HCPC", number, TODAY)
    assert (found.key if found else None) == key


def test_number_of_another_regulator_says_nothing() -> None:
    assert profession_of("NMC", "RA012345", TODAY) is None
    assert profession_of("", "RA012345", TODAY) is None


# Files of tests


def put(folder: Path, *changes: tuple[str, str], name: str = "hcpc.toml") -> Path:
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_newest_version_that_has_begun_holds(tmp_path: Path) -> None:
    later = [("from = 2022-06-28", "from = 2027-03-01"), ("most_words = 500", "most_words = 400")]
    put(put(tmp_path), *later, name="hcpc_2027.toml")
    loaded = load(tmp_path)
    words = [
        [one.written[0].most_words for one in in_force(loaded, day)]
        for day in (date(2022, 6, 27), date(2027, 2, 28), date(2027, 3, 1))
    ]
    assert words == [[], [500], [400]]


def test_another_regulator_is_another_file(tmp_path: Path) -> None:
    own = [
        ('key = "hcpc"', 'key = "nmc"'),
        ('regulator = "HCPC"', 'regulator = "NMC"'),
        (FILE[FILE.index("[[professions]]") :], ""),
    ]
    # A scheme without professions says so.
    put(put(tmp_path), ('key = "hcpc"', 'professions = []\nkey = "hcpc"'), *own, name="nmc.toml")
    assert [one.key for one in in_force(load(tmp_path), TODAY)] == ["hcpc", "nmc"]


WRONG = {
    "no TOML": (('key = "hcpc"', "key ="), "hcpc.toml: Invalid value"),
    "a number as text": (("gap_months = 3", 'gap_months = "3"'), "checks, gap_months: Input"),
    "nothing asked": (("least_types = 2", "least_types = 0"), "checks, least_types: Input"),
    "a field missing": (("gap_months = 3\n", ""), "checks, gap_months: Field required"),
    "a field too many": (("gap_months = 3", "gap_months = 3\ngaps = 1"), "checks, gaps: Unexp"),
    "no day": (("from = 2022-06-28", 'from = "soon"'), "hcpc.toml, from: Input"),
    "no kind": (('kind = "evidence"', 'kind = "film"'), "parts 4, kind: Input"),
    "words without a limit": (("most_words = 1500\n", ""), "parts 3: .*most_words"),
    "a limit without words": (
        ('kind = "dated_list"', 'kind = "dated_list"\nmost_words = 9'),
        "parts 2: .*most_words",
    ),
    "a part twice": (('key = "evidence"', 'key = "summary"'), "part summary is there twice"),
    "a standard twice": (("number = 2", "number = 1"), "standard 1 is there twice"),
    "one set of words for two": (('shown_by = "benefit"', 'shown_by = "practice"'), "shown_by"),
    "a profession twice": (('key = "paramedics"', 'key = "orthoptists"'), "profession orthoptists"),
    "a prefix twice": (('prefix = "PA"', 'prefix = "OR"'), "prefix OR is there twice"),
    "a small prefix": (('prefix = "PA"', 'prefix = "pa"'), "professions 4, prefix"),
    "no end of a month": (("closes = 2026-02-28", "closes = 2026-02-27"), "professions 10: .*last"),
    "another window": (("opens = 2025-12-01", "opens = 2025-11-01"), "professions 10: .*opens is"),
    "a window too long": (("cycle_months = 24", "cycle_months = 2"), "professions 1: .*longer"),
    "few and many": (("usual_least = 12", "usual_least = 51"), "checks: .*usual_least is more"),
    "few described": (("described_least = 4", "described_least = 7"), "described_least is"),
    "a key that no field has": (('key = "summary"', 'key = "Summary 1"'), "parts 1, key: String"),
    "a key of the page": (('key = "summary"', 'key = "seen"'), "parts 1: .*seen is a name"),
    "a part without a heading": (
        ('heading = "Evidence"\n', ""),
        "parts 4, heading: Field required",
    ),
    "two about what is chosen": (
        ("most_words = 500", "most_words = 500\nabout_chosen = true"),
        "about_chosen True is there twice",
    ),
    "a list about what is chosen": (
        ('kind = "dated_list"', 'kind = "dated_list"\nabout_chosen = true'),
        "parts 2: .*about_chosen is for",
    ),
    "no sources": (
        (FILE[FILE.index("sources = [") : FILE.index("[checks]")], "sources = []\n"),
        "hcpc.toml, sources: ",
    ),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_file_that_is_wrong_is_named_with_the_place(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(SchemeError, match=message) as raised:
        load(put(tmp_path, change))
    assert str(raised.value).startswith("hcpc.toml")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([], "z.toml, from: hcpc holds from 2022-06-28 as in hcpc.toml"),
        ([("from = 2022", "from = 2023"), ('"HCPC"', '"NMC"')], "not the same regulator as in"),
        ([('key = "hcpc"', 'key = "x"')], "not the same key as in hcpc.toml"),
        (
            [('key = "hcpc"', 'key = "nmc"'), ('"HCPC"', '"NMC"')],
            "professions: arts-therapists is there as in hcpc.toml",
        ),
    ],
)
def test_two_files_at_odds_are_named(
    tmp_path: Path, changes: list[tuple[str, str]], message: str
) -> None:
    put(put(tmp_path), *changes, name="z.toml")
    with pytest.raises(SchemeError, match=message) as raised:
        load(tmp_path)
    assert str(raised.value).startswith("z.toml")
