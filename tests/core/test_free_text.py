"""What points to a patient in free text: found, named, and told what to write instead."""

import pytest

from school.core.free_text import INSTEAD, Kind, findings
from tests.core import notes


def found(text: str) -> list[tuple[str, str]]:
    """The findings of a text as kind and words."""
    return [(one.kind.value, one.words) for one in findings(text)]


# What each text holds; the journey test asks the page's script the same.
CASES: tuple[tuple[str, list[tuple[str, str]]], ...] = (
    ("", []),
    ("Seen: 9434765919.", [("nhs_number", "9434765919")]),
    ("943-476-5919", [("nhs_number", "943-476-5919")]),
    ("NHS No. 94 34 76 59 19", [("nhs_number", "94 34 76 59 19")]),
    ("943\u00a0476 5919", [("nhs_number", "943\u00a0476 5919")]),
    ("94347\u200b65919", [("nhs_number", "94347\u200b65919")]),
    ("94347 65919", [("ten_digits", "94347 65919")]),
    ("943*476*5919", [("ten_digits", "943*476*5919")]),
    ("943\u00b7476\u00b75919", [("ten_digits", "943\u00b7476\u00b75919")]),
    ("NHS no. 943\u2022476|5919", [("nhs_number", "943\u2022476|5919")]),
    ("NHS 943\u0301476 5919", [("nhs_number", "943\u0301476 5919")]),
    ("N.H.S. 943.476.5919", [("nhs_number", "943.476.5919")]),
    ("NHS number of the patient was 943 4765919", [("nhs_number", "943 4765919")]),
    (
        "\uff19\uff14\uff13 \uff14\uff17\uff16 5919",
        [("nhs_number", "\uff19\uff14\uff13 \uff14\uff17\uff16 5919")],
    ),
    (
        "\u0669\u0664\u0663\u0664\u0667\u0666\u0665\u0669\u0661\u0669",
        [("nhs_number", "\u0669\u0664\u0663\u0664\u0667\u0666\u0665\u0669\u0661\u0669")],
    ),
    ("\u2079\u2074\u00b3 476 5919", [("nhs_number", "\u2079\u2074\u00b3 476 5919")]),
    ("\U0001d7d7434765919", [("nhs_number", "\U0001d7d7434765919")]),
    ("9\ufe0f\u20e3434765919", [("nhs_number", "9\ufe0f\u20e3434765919")]),
    ("94347 65918", []),
    ("copy a0d46a36-56f6-40b2-a9b7-5a9434765919, 12345678-1234-4abc-8abc-0123456789ab", []),
    ("a0d46a36-56f6-40b2-a9b7-5a9434765919 is of 943 476 5919", [("nhs_number", "943 476 5919")]),
    ("DOB 12/03/1956", [("birth", "12/03/1956")]),
    ("d.o.b. 12.03.56", [("birth", "12.03.56")]),
    ("date of birth: 12031956", [("birth", "12031956")]),
    ("born on the 3rd of March 1956", [("birth", "3rd of March 1956")]),
    ("born in 1956", [("birth", "1956")]),
    ("born 3 May 2019", [("birth", "3 May 2019")]),
    ("12/03/1956", [("birth", "12/03/1956")]),
    ("1956-03-12", [("birth", "1956-03-12")]),
    ("March 3, 1956", [("birth", "March 3, 1956")]),
    ("5/10/60", [("birth", "5/10/60")]),
    ("We did this on 12/11/2026 and on 3 November 2026.", []),
    ("12/11/26 at 10.30", []),
    ("185/200/370 MBq, 10:30-11:45, 6586.2 s", []),
    ("ICRP 107 of 2008", []),
    ("K1234567", [("hospital_number", "K1234567")]),
    ("RK-123456 came late", [("hospital_number", "RK-123456")]),
    ("NM 123456", [("hospital_number", "NM 123456")]),
    ("MRN 12345", [("hospital_number", "12345")]),
    ("hospital no. 123 456", [("hospital_number", "123 456")]),
    ("Accession number: 12345678", [("hospital_number", "12345678")]),
    ("12345678", [("hospital_number", "12345678")]),
    ("9434765918", [("hospital_number", "9434765918")]),
    ("350000 kBq and 1200000 counts, 1,000,000 in all, 123456.5", []),
    ("Room 12345, bay 3, call 01234 567 890", []),
    ("Mrs Smith", [("name", "Mrs Smith")]),
    ("Mr. O’Neill came", [("name", "Mr. O’Neill")]),
    ("mr jones was kind", [("name", "mr jones")]),
    ("Mr J. Smith", [("name", "Mr J. Smith")]),
    ("MR SMITH", [("name", "MR SMITH")]),
    ("Miss Ali and Dr Patel", [("name", "Miss Ali"), ("name", "Dr Patel")]),
    ("Mr Müller", [("name", "Mr Müller")]),
    ("MR liver", []),
    ("MR Liver and MR Scan", []),
    ("An MR scan, the MR images, PET/MR, mr scanner, Mr scan", []),
    ("MRS shows choline; MS lesions; MS patients; after 5 ms Delay", []),
    ("Miss the point. I miss PET. Did not miss Monday.", []),
    ("Mr A was told by Mrs B", []),
    ("MR T2 and MR DWI of the liver", []),
    (
        "Mr Smith, born 1956, K1234567, 943 476 5919",
        [
            ("nhs_number", "943 476 5919"),
            ("name", "Mr Smith"),
            ("birth", "1956"),
            ("hospital_number", "K1234567"),
        ],
    ),
)


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:40] for text, _ in CASES])
def test_text_is_read(text, expected):
    assert found(text) == expected


def test_nhs_number_alone_is_refused():
    assert [one.refused for one in findings("Mr Smith, born 1956, K1234567, 943 476 5919")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("kind", Kind)
def test_message_says_what_it_found_and_what_to_write_instead(kind):
    told = [one for text, _ in CASES for one in findings(text) if one.kind is kind]
    assert told
    for one in told:
        assert one.message.startswith(f"“{one.words}” ")
        assert one.message.endswith(INSTEAD[kind])


def test_no_note_with_an_nhs_number_passes():
    passed = [note for note, _ in notes.planted() if not any(one.refused for one in findings(note))]
    assert passed == []


def test_planted_number_is_what_is_refused():
    """The number itself is told, not another that happens to stand beside it."""
    for note, written in notes.planted(many=1000):
        digits = "".join(sign for sign in written if sign.isdecimal())
        assert digits in [
            "".join(sign for sign in one.words if sign.isdecimal())
            for one in findings(note)
            if one.refused
        ]


def test_fewer_than_one_in_a_thousand_notes_without_one_is_refused():
    refused = [note for note in notes.without() if any(one.refused for one in findings(note))]
    assert len(refused) < notes.MANY / 1000


def test_notes_full_of_figures_are_a_fifth():
    full = [note for note in notes.without() if sum(sign.isdecimal() for sign in note) > 15]
    assert len(full) >= notes.MANY / 6


def test_ordinary_notes_are_not_asked_about():
    """A warning that comes all the time is not read: notes without figures get none."""
    plain = [note for place, note in enumerate(notes.without(many=2000)) if place % 5]
    assert [note for note in plain if findings(note)] == []
